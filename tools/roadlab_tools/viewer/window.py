"""The window: turns pygame's events into what the person asked for, and draws until the person quits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pygame

from roadlab.errors import RoadlabError
from roadlab_tools.viewer import menus
from roadlab_tools.viewer.acting import acted
from roadlab_tools.viewer.controls import COMMANDS, REQUESTS, Command
from roadlab_tools.viewer.headless import with_panes
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.mouse import dragged, gripped, pressed, pressed_slider, released
from roadlab_tools.viewer.open import SIZE, Subject
from roadlab_tools.viewer.panes import handling
from roadlab_tools.viewer.panes.pane import PaneKey
from roadlab_tools.viewer.playback import Playback, advanced, resized, zoomed
from roadlab_tools.viewer.session import Session
from roadlab_tools.viewer.settings import remember, remembered, settings_file

_FRAMES_PER_SECOND = 60
_UNCOVERED = (pygame.VIDEOEXPOSE, pygame.VIDEORESIZE, pygame.WINDOWEXPOSED, pygame.WINDOWRESTORED)
"""Events after which the window's content is gone."""


class DisplayError(RoadlabError):
    """There is no display to open a window on."""


def show(subject: Subject, at: float, scene: Scene | None = None, panes: Sequence[PaneKey] = ()) -> Playback:
    """Opens a window at the time `at` [s] and returns, when it is closed, what it showed last.

    `scene` is that of the subject where it has been opened already; `panes` are shown beside those of the last time.
    """
    scene = subject.opened() if scene is None else scene
    try:
        pygame.display.init()
        window = pygame.display.set_mode(SIZE, pygame.RESIZABLE)
    except pygame.error as error:
        raise DisplayError(
            f"no window can be opened here ({error}); `--screenshot PNG` draws a picture and `--record MP4` a film "
            "without a display"
        ) from error
    session = None
    try:
        pygame.display.set_caption(f"roadlab - {scene.title}")
        pygame.key.set_repeat(300, 50)
        file = settings_file()
        session = Session(subject, scene, at, window.get_size(), remembered(file))
        session.state = with_panes(session.state, scene, [*panes])
        _watched(session)
        remember(file, session.state.panes, session.possible_panes)
        return session.state
    finally:
        if session is not None:
            session.close()
        pygame.display.quit()


def _watched(session: Session) -> None:
    clock = pygame.time.Clock()
    while True:
        elapsed = clock.tick(_FRAMES_PER_SECOND) / 1000
        events = pygame.event.get()
        for event in events:
            session.state = answered(session.state, session.scene, event)
            if session.state.request == "quit":
                session.state = replace(session.state, request=None)
                return
            session.obey()
        if session.look():
            pygame.display.set_caption(f"roadlab - {session.scene.title}")
        session.state = advanced(session.state, session.scene, elapsed)
        # While nothing changes nothing is drawn: the processors are the renderer's.
        uncovered = any(event.type in _UNCOVERED for event in events)
        if session.draw(pygame.display.get_surface(), pygame.mouse.get_pos(), anew=uncovered):
            pygame.display.flip()


def answered(state: Playback, scene: Scene, event: pygame.event.Event) -> Playback:
    """The state after an event; its `request` is what the window itself is asked to do."""
    match event.type:
        case pygame.QUIT:
            return replace(state, request="quit")
        case pygame.KEYDOWN if event.key in COMMANDS:
            return commanded(replace(state, menu=None), scene, COMMANDS[event.key])
        case pygame.MOUSEBUTTONDOWN if event.button == 1:
            return _pressed(state, scene, event.pos)
        case pygame.MOUSEBUTTONDOWN if event.button == 3:
            return handling.gripped(state, event.pos) or gripped(state)
        case pygame.MOUSEBUTTONUP if event.button in (1, 3):
            return replace(released(state, scene, event.pos), held=None)
        case pygame.MOUSEMOTION:
            return handling.dragged(state, event.rel) or dragged(state, scene, event.pos, event.rel)
        case pygame.MOUSEWHEEL:
            pixel = pygame.mouse.get_pos()
            return handling.wheeled(state, event.y, pixel) or zoomed(state, scene, event.y, pixel)
        case pygame.VIDEORESIZE:
            return resized(state, scene, event.size)
    return state


def commanded(state: Playback, scene: Scene, command: Command) -> Playback:
    """After a key or a line of a menu."""
    if command in REQUESTS:
        return replace(state, request=command)  # type: ignore[arg-type]  # `Request` is what the set is made of
    return acted(state, scene, command)  # type: ignore[arg-type]


def _pressed(state: Playback, scene: Scene, pixel: tuple[int, int]) -> Playback:
    in_menu = menus.pressed(state, scene, pixel)
    if in_menu is not None:
        state, command = in_menu
        return state if command is None else commanded(state, scene, command)
    return pressed_slider(state, scene, pixel) or handling.pressed(state, pixel) or pressed(state, scene, pixel)
