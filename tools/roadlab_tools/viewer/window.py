"""The window: turns pygame's events into what the person asked for, and draws until the person quits."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pygame

from roadlab.errors import OutputError, RoadlabError
from roadlab_tools.datasets.folder import writing
from roadlab_tools.datasets.images import color_png
from roadlab_tools.viewer.controls import ACTIONS, WindowAction
from roadlab_tools.viewer.drawing import Painter
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import SIZE, Subject, picture
from roadlab_tools.viewer.playback import (
    Playback,
    acted,
    advanced,
    begun,
    dragged,
    gripped,
    pressed,
    released,
    reloaded,
    resized,
    zoomed,
)
from roadlab_tools.viewer.reloading import Loaded, Reloading

_FRAMES_PER_SECOND = 60


class DisplayError(RoadlabError):
    """There is no display to open a window on."""


@dataclass
class _Window:
    """What is on the window now."""

    subject: Subject
    scene: Scene
    painter: Painter
    state: Playback
    problems: tuple[str, ...] = ()
    note: str = "h  help"

    def take(self, loaded: Loaded) -> None:
        """Show what was loaded at the same time and view; or what is wrong, over the last good scene."""
        self.problems = loaded.problems
        if loaded.scene is not None and loaded.painter is not None:
            self.subject, self.scene, self.painter = loaded.subject, loaded.scene, loaded.painter
            self.state = reloaded(self.state, self.scene)

    def screenshot(self) -> None:
        """A picture of the window into the current folder; never over another file."""
        stem = f"{self.subject.file.stem}-{self.state.time:.2f}s"
        names = (Path(f"{stem}{'' if k == 0 else f'-{k}'}.png") for k in range(10_000))
        path = next(name for name in names if not name.exists())
        try:
            with writing(path):
                path.write_bytes(color_png(picture(self.painter, self.state)))
            self.note = str(path)
        except OutputError as error:
            self.problems = (str(error),)


def show(subject: Subject, at: float, scene: Scene | None = None) -> Playback:
    """Opens a window at the time `at` [s] and returns, when it is closed, what it showed last.

    `scene` is that of the subject where it has been opened already.
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
    try:
        pygame.display.set_caption(f"roadlab - {scene.title}")
        pygame.key.set_repeat(300, 50)
        shown = _Window(subject, scene, Painter(scene), begun(scene, at, window.get_size()))
        return _watched(shown, Reloading(subject))
    finally:
        pygame.display.quit()


def _watched(window: _Window, reloading: Reloading) -> Playback:
    clock = pygame.time.Clock()
    while True:
        elapsed = clock.tick(_FRAMES_PER_SECOND) / 1000
        for event in pygame.event.get():
            action = asked(event)
            if action == "quit":
                return window.state
            if action is None:
                window.state = answered(window.state, window.scene, event)
            else:
                _act(window, reloading, action)
        found = reloading.look()
        if found is not None:
            window.take(found)
            pygame.display.set_caption(f"roadlab - {window.scene.title}")
        window.state = advanced(window.state, window.scene, elapsed)
        note = "loading ..." if reloading.loading else window.note
        window.painter.draw(window.state, pygame.display.get_surface(), window.problems, note)
        pygame.display.flip()


def _act(window: _Window, reloading: Reloading, action: WindowAction) -> None:
    match action:
        case "reload":
            reloading.start(window.subject)
        case "next scene" | "previous scene":
            beside = window.subject.beside(1 if action == "next scene" else -1)
            if beside != window.subject:
                reloading.start(beside)
        case "screenshot":
            window.screenshot()


def asked(event: pygame.event.Event) -> WindowAction | None:
    """What the window itself is asked to do by an event, which is more than to show the same scene otherwise."""
    if event.type == pygame.QUIT:
        return "quit"
    action = ACTIONS.get(event.key) if event.type == pygame.KEYDOWN else None
    match action:
        case "quit" | "reload" | "next scene" | "previous scene" | "screenshot":
            return action
    return None


def answered(state: Playback, scene: Scene, event: pygame.event.Event) -> Playback:
    """The state after an event that the window itself has nothing to do with."""
    match event.type:
        case pygame.KEYDOWN if event.key in ACTIONS:
            return _keyed(state, scene, event.key)
        case pygame.MOUSEBUTTONDOWN if event.button == 1:
            return pressed(state, scene, event.pos)
        case pygame.MOUSEBUTTONDOWN if event.button == 3:
            return gripped(state)
        case pygame.MOUSEBUTTONUP if event.button in (1, 3):
            return released(state, scene, event.pos)
        case pygame.MOUSEMOTION:
            return dragged(state, scene, event.pos, event.rel)
        case pygame.MOUSEWHEEL:
            return zoomed(state, scene, event.y, pygame.mouse.get_pos())
        case pygame.VIDEORESIZE:
            return resized(state, scene, event.size)
    return state


def _keyed(state: Playback, scene: Scene, key: int) -> Playback:
    action = ACTIONS[key]
    match action:
        case "zoom in" | "zoom out":
            width, height = state.view.size
            return zoomed(state, scene, 1 if action == "zoom in" else -1, (width / 2, height / 2))
        case "quit" | "reload" | "next scene" | "previous scene" | "screenshot":
            return state
    return acted(state, scene, action)
