"""`roadlab check`: everything that is wrong with a scenario, and what it will take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roadlab.errors import Diagnostic, RoadlabError, ScenarioFileError

if TYPE_CHECKING:
    from roadlab_tools.authoring.estimate import Estimate

Overrides = Annotated[
    list[str],
    typer.Option("--set", metavar="PATH=VALUE", help="Replace a value of the file; may be repeated."),
]


@dataclass(frozen=True, slots=True)
class Report:
    """What is known of one file."""

    file: str
    problems: tuple[Diagnostic, ...] = ()
    warnings: tuple[Diagnostic, ...] = ()
    failure: str = ""
    """Why it could not be looked at further."""
    estimate: Estimate | None = None

    @property
    def is_right(self) -> bool:
        """Whether nothing is wrong; warnings do not count."""
        return not self.problems and not self.failure


@dataclass(frozen=True, slots=True)
class Examined:
    """A file that was read, and what can be run of it."""

    report: Report
    scenario: Any = None
    """None where the file is too wrong to be run."""
    root: Any = None
    """The scenario's document."""


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command(epilog="Example: roadlab check scenarios/urban/*.yaml")(check)


def check(
    files: Annotated[list[Path], typer.Argument(help="Scenario files (YAML).", show_default=False)],
    static: Annotated[
        bool, typer.Option("--static", help="Only read the files; do not run them. For editors, which cannot wait.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON, for editors and CI.")] = False,
    overrides: Overrides = [],  # noqa: B006 - Typer reads it as the default and hands over a new list
) -> None:
    """Say whether scenario files are right.

    Every problem is reported at once, each with its line and column and what was expected there. A file that is right
    is run without rendering: events that never happen, vehicles that leave the roads, contacts nobody expects, and
    expectations that do not hold are reported too, and what rendering it will take. Exits with 0 when all files are
    right, else with 2.
    """
    reports = []
    for file in files:
        read = examined(file, overrides=overrides)
        if read.report.is_right and not (static or as_json):
            typer.echo(f"{file}: reads well, running it")
        report = read.report if static else after_run(read)
        reports.append(report)
        if not as_json:
            _print(report)
    if as_json:
        typer.echo(json.dumps({"files": [_plain(report) for report in reports]}, indent=2))
    if not all(report.is_right for report in reports):
        raise typer.Exit(2)


def examined(file: Path, *, overrides: Sequence[str] = ()) -> Examined:
    """What reading a file shows."""
    from roadlab.scenario.load import decide, draw_of, open_scenario
    from roadlab.scenario.map_file import map_warnings
    from roadlab.scenario.model_files import model_warnings
    from roadlab.scenario.problems import diagnostics

    try:
        opened = open_scenario(file, overrides=list(overrides))
        draw = draw_of(opened)
        scenario = decide(opened, draw)
        root = opened.concrete(draw)[0]
        unfit, refused, frames = _output(scenario, root, run=False)
        unshaded = diagnostics(model_warnings(scenario.spec.models, root), root)
        warnings = (*map_warnings(scenario.spec.map, root), *unshaded, *refused)
        report = Report(str(file), unfit, warnings, estimate=_estimate(scenario, frames))
        return Examined(report, scenario, root)
    except ScenarioFileError as error:
        return Examined(Report(str(file), error.diagnostics))
    except RoadlabError as error:
        return Examined(Report(str(file), failure=str(error)))


def after_run(read: Examined) -> Report:
    """What reading a file and running it without rendering show; a file that cannot be run stays as it was read."""
    report, scenario = read.report, read.scenario
    if scenario is None:
        return report
    try:
        problems, warnings = _dry_run(scenario, read.root)
        unfit, _, frames = _output(scenario, read.root, run=True)
    except ScenarioFileError as error:
        return replace(report, problems=(*report.problems, *error.diagnostics))
    except RoadlabError as error:
        return replace(report, failure=str(error))
    return replace(
        report,
        problems=(*unfit, *problems),
        warnings=(*report.warnings, *warnings),
        estimate=_estimate(scenario, frames),
    )


def _estimate(scenario: Any, frames: int | None) -> Estimate | None:
    from roadlab_tools.authoring.estimate import estimated

    return estimated(scenario, frames) if scenario.spec.sensors else None


def _output(
    scenario: Any, root: Any, *, run: bool
) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...], int | None]:
    """What of the output cannot be made, what is made by default and cannot, and how many frames are asked for."""
    from roadlab.scenario.problems import diagnostics
    from roadlab_tools.authoring.output import default_problems, format_problems, frames_and_problems

    if not scenario.spec.sensors:
        return (), (), None
    frames, wrong = frames_and_problems(scenario, run=run)
    unfit = diagnostics([*format_problems(scenario), *wrong], root)
    return tuple(unfit), tuple(diagnostics(default_problems(scenario), root)), frames


def _dry_run(scenario: Any, root: Any) -> tuple[tuple[Diagnostic, ...], tuple[Diagnostic, ...]]:
    from roadlab import simulate
    from roadlab.scenario.dry_run import findings
    from roadlab.scenario.problems import diagnostics, in_order

    found = findings(scenario, simulate(scenario))
    wrong, odd = (in_order(diagnostics(some, root), root) for some in (found.failures, found.warnings))
    return tuple(wrong), tuple(odd)


def _print(report: Report) -> None:
    from roadlab_tools.console import print_error, print_warning

    if report.failure:
        print_error(f"{report.file}: {report.failure}")
    if report.problems:
        print_error(ScenarioFileError(report.problems))
    for warning in report.warnings:
        print_warning(warning)
    if report.is_right:
        typer.echo(f"{report.file}: OK")
        if report.estimate is not None:
            typer.echo(f"    {report.estimate.words()}")


def _plain(report: Report) -> dict[str, Any]:
    return {
        "file": report.file,
        "right": report.is_right,
        "failure": report.failure,
        "problems": [*_listed(report.problems, "error"), *_listed(report.warnings, "warning")],
        "estimate": asdict(report.estimate) if report.estimate is not None else None,
    }


def _listed(diagnostics: Iterable[Diagnostic], severity: str) -> list[dict[str, Any]]:
    return [
        {
            "severity": severity,
            "file": one.span.file,
            "line": one.span.line,
            "column": one.span.column,
            "path": one.path,
            "message": one.message,
            "hint": one.hint,
            "notes": list(one.notes),
        }
        for one in diagnostics
    ]
