"""The window: turns pygame's events into what the person asked for, and draws until the person quits."""

from __future__ import annotations

import pygame

from roadlab.errors import RoadlabError
from roadlab_tools.viewer.drawing import Painter
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.playback import (
    Action,
    Playback,
    acted,
    advanced,
    begun,
    dragged,
    pressed,
    released,
    resized,
    zoomed,
)

SIZE = (1280, 720)
_FRAMES_PER_SECOND = 60

_KEYS: dict[int, Action] = {
    pygame.K_SPACE: "play",
    pygame.K_PERIOD: "next tick",
    pygame.K_COMMA: "previous tick",
    pygame.K_RIGHT: "next frame",
    pygame.K_LEFT: "previous frame",
    pygame.K_HOME: "first",
    pygame.K_END: "last",
    pygame.K_f: "follow",
    pygame.K_a: "whole map",
    pygame.K_h: "help",
}
_ZOOM_KEYS = {pygame.K_PLUS: 1, pygame.K_KP_PLUS: 1, pygame.K_EQUALS: 1, pygame.K_MINUS: -1, pygame.K_KP_MINUS: -1}
_QUIT_KEYS = (pygame.K_q, pygame.K_ESCAPE)


class DisplayError(RoadlabError):
    """There is no display to open a window on."""


def show(scene: Scene, at: float) -> Playback:
    """Opens a window at the time `at` [s] and returns, when it is closed, what it showed last."""
    try:
        pygame.display.init()
        window = pygame.display.set_mode(SIZE, pygame.RESIZABLE)
    except pygame.error as error:
        raise DisplayError(
            f"no window can be opened here ({error}); `--screenshot PNG` draws a picture without a display"
        ) from error
    try:
        pygame.display.set_caption(f"roadlab - {scene.title}")
        pygame.key.set_repeat(300, 50)
        return _watched(scene, begun(scene, at, window.get_size()))
    finally:
        pygame.display.quit()


def _watched(scene: Scene, state: Playback) -> Playback:
    painter, clock = Painter(scene), pygame.time.Clock()
    while True:
        elapsed = clock.tick(_FRAMES_PER_SECOND) / 1000
        for event in pygame.event.get():
            following = answered(state, scene, event)
            if following is None:
                return state
            state = following
        state = advanced(state, scene, elapsed)
        painter.draw(state, pygame.display.get_surface())
        pygame.display.flip()


def answered(state: Playback, scene: Scene, event: pygame.event.Event) -> Playback | None:
    """The state after an event; None when the person quits."""
    match event.type:
        case pygame.QUIT:
            return None
        case pygame.KEYDOWN if event.key in _QUIT_KEYS:
            return None
        case pygame.KEYDOWN if event.key in _KEYS:
            return acted(state, scene, _KEYS[event.key])
        case pygame.KEYDOWN if event.key in _ZOOM_KEYS:
            width, height = state.view.size
            return zoomed(state, scene, _ZOOM_KEYS[event.key], (width / 2, height / 2))
        case pygame.MOUSEBUTTONDOWN if event.button == 1:
            return pressed(state, scene, event.pos)
        case pygame.MOUSEBUTTONUP if event.button == 1:
            return released(state)
        case pygame.MOUSEMOTION:
            return dragged(state, scene, event.pos, event.rel)
        case pygame.MOUSEWHEEL:
            return zoomed(state, scene, event.y, pygame.mouse.get_pos())
        case pygame.VIDEORESIZE:
            return resized(state, scene, event.size)
    return state
