"""How the command line talks: errors, progress and results."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from roadlab.errors import Diagnostic, RoadlabError, ScenarioFileError

LOOK_AT = ("preview.mp4", "preview.png", "report.html", "manifest.json")
"""What a person opens first in a dataset."""

if TYPE_CHECKING:
    from roadlab_tools.batch.progress import Progress as Stage
    from roadlab_tools.batch.render import RenderSummary


def print_error(error: RoadlabError | str) -> None:
    """Writes to stderr what is wrong; the problems of a scenario file one after the other, in the order of the file."""
    console = Console(stderr=True, highlight=False)
    if not isinstance(error, ScenarioFileError):
        console.print(Text.assemble(("roadlab: ", "bold red"), str(error)), soft_wrap=True)
        return
    for diagnostic in error.diagnostics:
        console.print(_diagnosis(diagnostic), soft_wrap=True)


def print_table(table: Table) -> None:
    """As wide as the window; in a file, as wide as it needs to be."""
    console = Console(highlight=False)
    (console if console.is_terminal else Console(highlight=False, width=240)).print(table)


def print_warning(diagnostic: Diagnostic) -> None:
    """Writes to stderr what is probably not meant."""
    warning = Text.assemble(("warning: ", "bold yellow"), _diagnosis(diagnostic))
    Console(stderr=True, highlight=False).print(warning, soft_wrap=True)


def _diagnosis(diagnostic: Diagnostic) -> Text:
    """`str(diagnostic)` in colours."""
    plain = str(diagnostic)
    text = Text(plain)
    text.stylize("bold", 0, len(str(diagnostic.span)))
    if diagnostic.hint:
        start = plain.index(diagnostic.hint, len(str(diagnostic.span)))
        text.stylize("cyan", start, start + len(diagnostic.hint))
    if diagnostic.source_line:
        caret = len("\n".join(plain.split("\n")[:3])) - 1
        text.stylize("bold red", caret, caret + 1)
    return text


class _Pace(ProgressColumn):
    """Frames a second, or seconds a frame where that reads better."""

    def render(self, task: Task) -> Text:
        if not task.speed:
            return Text("")
        return Text(f"{task.speed:.1f} frames/s" if task.speed >= 1 else f"{1 / task.speed:.1f} s/frame", "cyan")


@contextmanager
def progress_bar() -> Iterator[Callable[[Stage], None]]:
    """A bar on stderr; call what it yields with every progress."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        _Pace(),
        TimeRemainingColumn(compact=True),
    )
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        tasks: dict[str, TaskID] = {}

        def show(stage: Stage) -> None:
            if stage.stage not in tasks:
                for task in tasks.values():
                    bar.update(task, visible=False)
                tasks[stage.stage] = bar.add_task(stage.stage, total=stage.total or None, completed=stage.done)
            bar.update(tasks[stage.stage], completed=stage.done, total=stage.total or None)
            for worker, frames in stage.workers.items():
                name = f"  worker {worker}"
                if name not in tasks:
                    tasks[name] = bar.add_task(name, total=None)
                bar.update(tasks[name], completed=frames, visible=True)

        yield show


def print_summary(summary: RenderSummary) -> None:
    """What a finished run has made, and where to look."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(overflow="fold")
    table.add_row("frames", _frames(summary))
    table.add_row(
        "annotated", ", ".join(f"{count} {kind}" for kind, count in summary.annotations.items()) or "no actor in sight"
    )
    if summary.rendered:
        table.add_row("time", _time(summary))
    for number, reason in summary.skipped.items():
        table.add_row("skipped", f"frame {number}: {reason}", style="red")
    if summary.unfinished:
        table.add_row("unfinished", f"{summary.unfinished} frames are left to other shards")
    looks = [
        path for name in LOOK_AT for path in sorted(summary.out.glob(name)) + sorted(summary.out.glob(f"*/{name}"))
    ]
    for number, path in enumerate(looks):
        table.add_row("" if number else "look at", str(path))
    Console(highlight=False).print(table)


def _frames(summary: RenderSummary) -> str:
    there = summary.frames - summary.rendered
    return f"{summary.frames}, of which {there} were there already" if there else str(summary.frames)


def _time(summary: RenderSummary) -> str:
    text = f"first frame after {summary.first:.1f} s"
    if summary.pace is None:
        return text
    return f"{text}, then {summary.pace:.2f} s a frame, {summary.rays / summary.pace / 1e6:.1f} million rays/s"
