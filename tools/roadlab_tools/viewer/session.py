"""What is on the window now: the scene, who draws it, what renders beside it, and what is wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from time import monotonic

import pygame

from roadlab.errors import OutputError
from roadlab.scenario.document import DocPath
from roadlab_tools.datasets.folder import writing
from roadlab_tools.datasets.images import color_png
from roadlab_tools.viewer.acting import panes_of
from roadlab_tools.viewer.drawing import Painter
from roadlab_tools.viewer.filming import Film
from roadlab_tools.viewer.headless import pixels_of
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import Subject, source_of
from roadlab_tools.viewer.panes.drawing import PanePainter
from roadlab_tools.viewer.panes.live import LiveSource
from roadlab_tools.viewer.panes.pane import PaneKey, Panes
from roadlab_tools.viewer.playback import Playback, Request, begun, reloaded
from roadlab_tools.viewer.reloading import Loaded, Reloading
from roadlab_tools.viewer.view import Pixel
from roadlab_tools.viewer.writing.dropping import written
from roadlab_tools.viewer.writing.handles import why_fixed
from roadlab_tools.viewer.writing.history import History
from roadlab_tools.viewer.writing.text import Scalars

HINT = "h  help"
REST = 0.4
"""So long the time stands before pictures are refined [s]: somebody who steps on would wait for the fine one."""


class Session:
    """One window's time, from its opening to its closing."""

    def __init__(self, subject: Subject, scene: Scene, at: float, size: tuple[int, int], panes: Panes) -> None:
        self.subject = subject
        self.scene = scene
        self.problems: tuple[str, ...] = ()
        self.note = HINT
        self._painter = Painter(scene)
        self._reloading = Reloading(subject)
        self._history = History(subject.file)
        self._film: Film | None = None
        self._look: tuple[object, ...] = ()
        self._stood = (at, -REST)
        self._source = source_of(subject, scene)
        self._panes = PanePainter(scene, self._source) if self._source is not None else None
        known = panes_of(scene)
        self.state: Playback = replace(begun(scene, at, size), panes=tuple(pane for pane in panes if pane.key in known))

    @property
    def possible_panes(self) -> list[PaneKey]:
        """Those of the scene's rig."""
        return panes_of(self.scene)

    def close(self) -> None:
        """Stops what works beside the window; a film that is being made ends here."""
        if self._source is not None:
            self._source.close()
        if self._film is not None:
            self._film.end()

    def look(self) -> bool:
        """Shows what was loaded since the last look; whether there was anything."""
        found = self._reloading.look()
        if found is not None:
            self._take(found)
        return found is not None

    def _take(self, loaded: Loaded) -> None:
        """Show what was loaded at the same time and view; or what is wrong, over the last good scene."""
        self.problems = loaded.problems
        if loaded.scene is None or loaded.painter is None:
            return
        self.subject, self.scene, self._painter = loaded.subject, loaded.scene, loaded.painter
        if isinstance(self._source, LiveSource) and self.possible_panes:
            self._source.show(self.scene)
        else:
            if self._source is not None:
                self._source.close()
            self._source = source_of(self.subject, self.scene)
        self._panes = PanePainter(self.scene, self._source, self._panes) if self._source is not None else None
        known = self.possible_panes
        panes = tuple(pane for pane in self.state.panes if pane.key in known)
        self.state = reloaded(replace(self.state, panes=panes), self.scene)

    def draw(self, target: pygame.Surface, pointer: Pixel, *, anew: bool = True) -> bool:
        """The window as it is now; whether anything was drawn: what is as it was is drawn only `anew`."""
        if self._panes is not None:
            self._panes.ask(self.state.panes, self.state.time, self.state.view.size, moving=self._moves())
        note = "loading ..." if self._reloading.loading else self.note
        readings = self._panes.shown if self._panes is not None else ()
        pointed = pointer if self.state.menu is not None else None
        look = (self.state, self.problems, note, readings, pointed, id(self._painter))
        if anew or look != self._look:
            self._painter.draw(self.state, target, self.problems, note, self._panes, pointer)
        drawn, self._look = anew or look != self._look, look
        if self._film is not None:
            self._film.show(pixels_of(target))
        return drawn

    def _moves(self) -> bool:
        """Whether the time moves, or did just now."""
        now = monotonic()
        if self.state.playing or self.state.holding == "bar" or self._stood[0] != self.state.time:
            self._stood = self.state.time, now
        return now - self._stood[1] < REST

    # --- what it is asked to do ---------------------------------------------------------------------------------------

    def obey(self) -> None:
        """Carries out the state's request."""
        request, self.state = self.state.request, replace(self.state, request=None)
        match request:
            case "reload":
                self._reload()
            case "next scene" | "previous scene":
                beside = self.subject.beside(1 if request == "next scene" else -1)
                if beside != self.subject:
                    self._reloading.start(beside)
            case "screenshot":
                target = pygame.Surface(self.state.view.size)
                self._painter.draw(self.state, target, panes=self._panes)
                self._save(lambda: target, self.subject.file.stem)
            case "screenshot of pane":
                self._save_pane()
            case "record":
                self._record()
            case "next seed":
                self._change_seed()
            case "set parameters":
                self._slide()
            case "write place" | "write parameters" | "undo" | "redo" | "tell why it stays":
                self._write(request)

    def _reload(self) -> None:
        if isinstance(self._source, LiveSource):
            self._source.close()
            self._source = LiveSource(self.scene)
            self._panes = PanePainter(self.scene, self._source, self._panes)
        self._reloading.start(self.subject)

    def _change_seed(self) -> None:
        if not self.subject.is_scenario:
            self.note = "a seed is of scenario files"
            return
        seed = (self.scene.scenario.seed + 1) % 2**63
        self.note = f"seed {seed}"
        self._reloading.start(replace(self.subject, seed=seed))

    def _slide(self) -> None:
        """Loads the scenario with the sliders' values; the file stays as it is."""
        texts = {slider.name: slider.texts for slider in self.scene.sliders}
        slides = tuple((name, texts[name][step]) for name, step in self.state.slides if name in texts)
        self._reloading.start(replace(self.subject, slides=slides))

    def _write(self, request: Request) -> None:
        """Changes the author's file, or takes a change back; the file is loaded again as after any saving."""
        if not self.subject.is_scenario:
            self.note = "only scenario files can be changed"
            return
        try:
            match request:
                case "undo" | "redo":
                    done = self._history.undo() if request == "undo" else self._history.redo()
                    self.note = f"{request}: {self.subject.file}" if done else f"nothing to {request}"
                case "write place":
                    self._write_place()
                case "write parameters":
                    self._write_parameters()
                case "tell why it stays":
                    self.note = why_fixed(self._history.read(), self.state.chosen or "")
        except (OutputError, ValueError, KeyError) as error:
            self.note = f"not written: {error.args[0]}"
            self.state = replace(self.state, dragging=None)

    def _write_place(self) -> None:
        dragging = self.state.dragging
        if dragging is None:
            return
        handle, text = self.scene.handles[dragging.handle], self._history.read()
        self._history.write(text, written(handle, dragging.to, self.scene.network, text))
        self.note = f"{handle.label} written into {self.subject.file}; z takes it back"

    def _write_parameters(self) -> None:
        text = self._history.read()
        values: dict[DocPath, str] = {("parameters", name): value for name, value in self.subject.slides}
        slid = [name for name, _ in self.subject.slides]
        random = [slider.name for slider in self.scene.sliders if slider.is_random and slider.name in slid]
        if random:
            raise ValueError(f"{', '.join(random)}: chance decides it in the file, which one value would end")
        self._history.write(text, Scalars.of(text).with_values(values))
        self.subject, self.state = replace(self.subject, slides=()), replace(self.state, slides=())
        self._reloading.start(self.subject)
        self.note = f"written into {self.subject.file}; z takes it back"

    def _save_pane(self) -> None:
        if self._panes is None or not self.state.panes:
            self.note = "no pane is open"
            return
        pane, painter = self.state.panes[-1], self._panes
        inner = pane.picture_box(self.state.view.size)
        self._save(
            lambda: painter.picture(pane, (inner.width, inner.height)), f"{self.subject.file.stem}-{pane.sensor}"
        )

    def _save(self, drawn: Callable[[], pygame.Surface | None], name: str) -> None:
        """A picture into the current folder; never over another file."""
        surface = drawn()
        if surface is None:
            self.note = "there is nothing on it yet"
            return
        path = _free(f"{name}-{self.state.time:.2f}s", ".png")
        try:
            with writing(path):
                path.write_bytes(color_png(pixels_of(surface)))
            self.note = str(path)
        except OutputError as error:
            self.problems = (str(error),)

    def _record(self) -> None:
        """Begins a film of the window, or ends it."""
        if self._film is None:
            self._film = Film(_free(f"{self.subject.file.stem}-{self.state.time:.2f}s", ".mp4"))
            self.note = f"filming {self._film.path}; v ends it"
            return
        film, self._film = self._film, None
        problem = film.end()
        self.note = HINT if problem else str(film.path)
        self.problems = (problem,) if problem else self.problems


def _free(stem: str, suffix: str) -> Path:
    """A name in the current folder that no file has."""
    names = (Path(f"{stem}{'' if k == 0 else f'-{k}'}{suffix}") for k in range(10_000))
    return next(name for name in names if not name.exists())
