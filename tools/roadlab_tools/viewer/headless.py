"""Pictures and films of a scene without a display."""

from __future__ import annotations

import math
from collections.abc import Generator
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter, sleep

import numpy as np
import pygame

from roadlab.errors import OutputError
from roadlab_tools.datasets.folder import writing
from roadlab_tools.datasets.images import color_png
from roadlab_tools.options import OptionError, one_of
from roadlab_tools.preview.canvas import Image
from roadlab_tools.preview.files import film
from roadlab_tools.viewer.acting import panes_of, toggled
from roadlab_tools.viewer.drawing import Painter
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import SIZE, Subject, source_of
from roadlab_tools.viewer.panes.drawing import PanePainter
from roadlab_tools.viewer.panes.pane import Pane, PaneKey
from roadlab_tools.viewer.playback import Playback, begun, moved_to

FRAMES_PER_SECOND = 25
"""Of a film."""
_PATIENCE = 300.0
"""So long a reading may take [s], of which building the world is most."""


def chosen_panes(scene: Scene, names: list[str]) -> list[PaneKey]:
    """The panes that an option names: `camera`, or `lidar:range` where a sensor has several."""
    known = panes_of(scene)
    words = {f"{sensor}:{kind}": (sensor, kind) for sensor, kind in known}
    words |= {sensor: (sensor, kind) for sensor, kind in reversed(known)}
    if names and not words:
        raise OptionError("--pane: the rig has no camera and no lidar")
    return [words[one_of("--pane", name, tuple(words))] for name in names]


def with_panes(state: Playback, scene: Scene, keys: list[PaneKey]) -> Playback:
    """With these panes open."""
    for key in keys:
        state = state if any(pane.key == key for pane in state.panes) else toggled(state, scene, key)
    return state


@dataclass
class Projector:
    """Draws one scene at any time, with every pane at its best."""

    scene: Scene
    painter: Painter
    panes: PanePainter | None
    alone: PaneKey | None = None
    """The pane that fills the picture."""

    def picture(self, state: Playback) -> Image:
        """(H, W, 3) what the window, or the pane alone, would show."""
        if self.panes is not None and state.panes:
            self._wait(self.panes, state)
        if self.panes is not None and self.alone is not None:
            return self._alone(self.panes, state)
        surface = pygame.Surface(state.view.size)
        self.painter.draw(state, surface, panes=self.panes)
        return pixels_of(surface)

    def _wait(self, panes: PanePainter, state: Playback) -> None:
        until = perf_counter() + _PATIENCE
        while True:
            panes.ask(state.panes, state.time, state.view.size, moving=False)
            if panes.complete(state.panes, state.time, state.view.size):
                return
            if perf_counter() > until:
                raise OutputError(f"no reading came within {_PATIENCE:g} s")
            sleep(0.005)

    def _alone(self, panes: PanePainter, state: Playback) -> Image:
        pane = next(pane for pane in state.panes if pane.key == self.alone)
        surface = panes.picture(pane, state.view.size)
        if surface is None:
            raise OutputError(panes.fault(pane) or f"there is nothing of {pane.sensor} at {state.time:.2f} s")
        target = pygame.Surface(state.view.size)
        left, top = ((whole - part) // 2 for whole, part in zip(target.get_size(), surface.get_size(), strict=True))
        target.blit(surface, (left, top))
        return pixels_of(target)


def pixels_of(surface: pygame.Surface) -> Image:
    """(H, W, 3) what is on a surface."""
    return np.ascontiguousarray(pygame.surfarray.array3d(surface).swapaxes(0, 1))


def picture(painter: Painter, state: Playback) -> Image:
    """(H, W, 3) what the window would show without panes; needs no display."""
    surface = pygame.Surface(state.view.size)
    painter.draw(state, surface)
    return pixels_of(surface)


@dataclass(frozen=True)
class Shown:
    """What of a subject is drawn into a file."""

    subject: Subject
    scene: Scene
    panes: tuple[PaneKey, ...] = ()
    alone: PaneKey | None = None
    size: tuple[int, int] = SIZE


def save_screenshot(shown: Shown, at: float, path: Path) -> None:
    """Draws the scene at the time `at` [s] into a PNG file."""
    with writing(path):
        path.touch()  # says at once when the folder cannot be written to
    pictures = _pictures(shown, at, at)
    content = color_png(next(pictures))
    pictures.close()
    with writing(path):
        path.write_bytes(content)


def save_film(shown: Shown, at: float, path: Path) -> None:
    """Plays the scene from `at` [s] to its end into an MP4 file."""
    one_of("the suffix of --record", path.suffix.lower(), (".mp4",))
    with writing(path):
        temporary = path.with_name(f".{path.name}.part")
        temporary.touch()  # says at once when the folder cannot be written to
    try:
        content = film(_pictures(shown, at, shown.scene.duration), FRAMES_PER_SECOND)
        with writing(path):
            temporary.write_bytes(content)
            temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _pictures(shown: Shown, start: float, end: float) -> Generator[Image]:
    scene = shown.scene
    state = with_panes(begun(scene, start, shown.size), scene, [*shown.panes])
    if shown.alone is not None:
        whole = Pane(*shown.alone, (0.0, 0.0, 1.0, 1.0))
        state = replace(state, panes=(whole,))
    source = source_of(shown.subject, scene) if state.panes else None
    with closing(source) if source is not None else nullcontext():
        panes = PanePainter(scene, source) if source is not None else None
        projector = Projector(scene, Painter(scene), panes, shown.alone)
        playing = end > start
        for number in range(math.floor((end - start) * FRAMES_PER_SECOND + 1e-6) + 1):
            time = start + number / FRAMES_PER_SECOND
            yield projector.picture(replace(moved_to(state, scene, time), playing=playing))
