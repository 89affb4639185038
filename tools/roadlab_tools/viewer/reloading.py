"""Watches the files of a scenario and loads it again, beside the window, when one of them was saved."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from pathlib import Path

from roadlab.errors import RoadlabError, ScenarioFileError
from roadlab_tools.viewer.drawing import Painter
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.open import Subject


@dataclass(frozen=True)
class Loaded:
    """What came of loading: a scene that can be drawn at once, or what is wrong."""

    subject: Subject
    scene: Scene | None = None
    painter: Painter | None = None
    problems: tuple[str, ...] = ()


class Reloading:
    """Loads one subject at a time on a thread of its own; the window asks for what is done."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._files = subject.sources()
        self._state = self._saved()
        self._thread: threading.Thread | None = None
        self._done: Loaded | None = None

    @property
    def loading(self) -> bool:
        """Whether it is at work."""
        return self._thread is not None

    def look(self) -> Loaded | None:
        """What has been loaded since the last look; starts loading when a file was saved."""
        if self._thread is not None and not self._thread.is_alive():
            done, self._thread, self._done = self._done, None, None
            return done
        if self._thread is None and self._saved() != self._state:
            self.start(self._subject)
        return None

    def start(self, subject: Subject) -> None:
        """Loads a subject, which is watched from then on; nothing while another one is being loaded."""
        if self._thread is not None:
            return
        self._subject = subject
        self._state = self._saved()
        self._thread = threading.Thread(target=self._load, daemon=True)
        self._thread.start()

    def _load(self) -> None:
        self._done = loaded(self._subject)
        files = self._subject.sources()
        if files != self._files:
            self._files = files
            self._state = self._saved()

    def _saved(self) -> tuple[tuple[int, int] | None, ...]:
        return tuple(_stamp(file) for file in self._files)


def loaded(subject: Subject) -> Loaded:
    """The subject's scene, or its problems with line and column; whatever is wrong, the window stays open."""
    try:
        scene = subject.opened()
        return Loaded(subject, scene, Painter(scene))
    except ScenarioFileError as error:
        # A caret would not stand below its place in letters of different widths.
        return Loaded(subject, problems=tuple(str(replace(one, source_line="")) for one in error.diagnostics))
    except (RoadlabError, OSError, ValueError) as error:
        return Loaded(subject, problems=(str(error),))


def _stamp(file: Path) -> tuple[int, int] | None:
    try:
        found = file.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
