"""The three ways in which a run can fail, never mixed.

The user's file is wrong: `ScenarioFileError` with every problem at once. The user's call is wrong: `ValueError` at the
boundary. We are wrong: `SimulationError`. Files and folders that cannot be used as asked: `OutputError`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from roadlab.log import SceneLog


@dataclass(frozen=True, slots=True)
class Span:
    """A place in a text file; line and column count from 1, as editors do. Line 0: a text without lines, an option."""

    file: str
    line: int
    column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One problem of a user's file: where, what was found and expected, and what may have been meant."""

    span: Span
    message: str
    path: str = ""
    """Where in the document, such as `actors.ego.at.lane`; empty for the document as a whole."""
    hint: str = ""
    source_line: str = ""
    """The line of the file at `span`, for the caret; empty when there is none to show."""
    notes: tuple[str, ...] = ()
    """Further lines: which files include this one, or where else to look."""

    def __str__(self) -> str:
        head = f"{self.span}: {self.path}: {self.message}" if self.path else f"{self.span}: {self.message}"
        text = f"{head}; {self.hint}" if self.hint else head
        shown = ["    " + self.source_line, "    " + " " * (self.span.column - 1) + "^"] if self.source_line else []
        return "\n".join([text, *shown, *(f"    {note}" for note in self.notes)])


class RoadlabError(Exception):
    """Base of every error that roadlab raises on purpose and reports without a traceback."""


class ScenarioFileError(RoadlabError):
    """The user's file is wrong; carries every problem that was found."""

    def __init__(self, diagnostics: Sequence[Diagnostic]) -> None:
        self.diagnostics = tuple(diagnostics)
        super().__init__("\n".join(str(d) for d in self.diagnostics))


class OutputError(RoadlabError):
    """An output folder or file cannot be used as asked."""


class EngineError(RoadlabError):
    """The ray engine cannot run on this machine; the message says what to install."""


class SimulationError(RoadlabError):
    """An invariant of the simulation broke: the fault is ours. Carries the log up to that tick."""

    def __init__(self, message: str, *, tick: int, actor: str | None, log: SceneLog | None = None) -> None:
        self.tick = tick
        self.actor = actor
        self.log = log
        where = f"tick {tick}" if actor is None else f"tick {tick}, actor {actor!r}"
        super().__init__(f"{where}: {message}")
