"""`roadlab check`: everything that is wrong with a scenario, and what it will take."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
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
        report = examined(file, overrides=overrides, run=not static)
        reports.append(report)
        if not as_json:
            _print(report)
    if as_json:
        typer.echo(json.dumps({"files": [_plain(report) for report in reports]}, indent=2))
    if not all(report.is_right for report in reports):
        raise typer.Exit(2)


def examined(file: Path, *, overrides: Sequence[str] = (), run: bool = True) -> Report:
    """What is wrong with a file; with `run` also what a run without rendering shows."""
    from roadlab.scenario.load import decide, draw_of, open_scenario
    from roadlab.scenario.map_file import map_warnings
    from roadlab.scenario.model_files import model_warnings
    from roadlab.scenario.problems import diagnostics

    try:
        opened = open_scenario(file, overrides=list(overrides))
        draw = draw_of(opened)
        scenario = decide(opened, draw)
        root = opened.concrete(draw)[0]
        problems, warnings = _dry_run(scenario, root) if run else ((), ())
        unfit, refused, frames = _output(scenario, root, run=run)
        unshaded = diagnostics(model_warnings(scenario.spec.models, root), root)
        warnings = (*map_warnings(scenario.spec.map, root), *unshaded, *refused, *warnings)
        return Report(str(file), (*unfit, *problems), warnings, estimate=_estimate(scenario, frames))
    except ScenarioFileError as error:
        return Report(str(file), error.diagnostics)
    except RoadlabError as error:
        return Report(str(file), failure=str(error))


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
