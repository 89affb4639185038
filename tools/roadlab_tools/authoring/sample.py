"""`roadlab sample`: concrete scenarios from one with open values."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from roadlab_tools.authoring.check import Overrides

if TYPE_CHECKING:
    from roadlab.scenario.draws import Draw, Tally
    from roadlab.scenario.load import Scenario
    from roadlab.scenario.logical import LogicalScenario


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command(epilog="Example: roadlab sample scenarios/urban/child_runs_out.yaml -n 200 --design sobol --out runs")(
        sample
    )


def sample(
    file: Annotated[Path, typer.Argument(help="A scenario file with parameters (YAML).", show_default=False)],
    number: Annotated[
        int | None,
        typer.Option("-n", "--number", metavar="N", help="How many; by default 10, or all that the design has."),
    ] = None,
    design: Annotated[
        str,
        typer.Option(
            metavar="random|sobol|latin_hypercube|grid|pairwise|threewise", help="How their values are chosen."
        ),
    ] = "random",
    out: Annotated[
        Path | None,
        typer.Option(help="Write each as a scenario file of its own into this new folder.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the values as JSON, for programs.")] = False,
    overrides: Overrides = [],  # noqa: B006
    seed: Annotated[
        int | None, typer.Option(min=0, max=2**63 - 1, metavar="N", help="Replace the file's seed.")
    ] = None,
) -> None:
    """List or write samples of a scenario whose parameters are left open.

    random: each on its own. sobol: spread evenly. latin_hypercube: every range divided into N parts, each used once.
    grid: every combination of levels. pairwise, threewise: few samples with every combination of the levels of any two
    (three) parameters. Sample k is the same whatever N is, except in a latin_hypercube. Random values written at their
    places, such as actors.ego.speed, count as parameters, but for those of a row's members, which chance alone decides.
    """
    from roadlab.scenario.designs import DESIGNS
    from roadlab.scenario.draws import Tally
    from roadlab.scenario.load import decide, open_scenario
    from roadlab_tools.options import OptionError, one_of

    one_of("--design", design, DESIGNS)
    opened = open_scenario(file, overrides=list(overrides), seed=seed)
    tally = Tally()
    endless = design in ("random", "sobol", "latin_hypercube")
    try:
        draws = list(opened.draws(design, 10 if number is None and endless else number, tally))
    except ValueError as error:
        raise OptionError(str(error)) from error
    decide(opened, draws[0])  # says everything that is wrong with the file
    if out is not None:
        _write(opened, draws, out)
    elif as_json:
        typer.echo(json.dumps([_row(opened, draw) for draw in draws], indent=2))
    else:
        _print(opened, draws)
    if not as_json:
        _print_tally(opened, tally, len(draws))


def _row(opened: LogicalScenario, draw: Draw) -> dict[str, Any]:
    from roadlab.scenario.expressions import Measure

    values = {**draw.values, **opened.drawn(draw), **draw.values}
    plain = {name: value.written() if isinstance(value, Measure) else value for name, value in values.items()}
    return {"sample": draw.index, "seed": draw.seed, **plain}


def _print(opened: LogicalScenario, draws: list[Draw]) -> None:
    from rich.table import Table

    from roadlab.scenario.expressions import Measure
    from roadlab_tools.console import print_table

    names = [*draws[0].values, *(one.name for one in opened.inline)] if draws else []
    table = Table(box=None, pad_edge=False)
    table.add_column("sample", justify="right", style="bold")
    for name in names:
        table.add_column(name, justify="right")
    for draw in draws:
        values = {**draw.values, **opened.drawn(draw), **draw.values}
        each = (values.get(name, "") for name in names)
        shown = [value.shown() if isinstance(value, Measure) else str(value) for value in each]
        table.add_row(str(draw.index), *shown)
    print_table(table)


def _print_tally(opened: LogicalScenario, tally: Tally, number: int) -> None:
    if not opened.constraints:
        return
    typer.echo(f"{number} samples from {tally.tried} tries")
    for constraint in opened.constraints:
        failed = tally.failed.get(constraint.path, 0)
        typer.echo(f"    {constraint.path} {constraint.text}: failed {failed} times")
    if tally.left_out:
        typer.echo(f"    {tally.left_out} cells left out, in which no combination meets them")


def _write(opened: LogicalScenario, draws: list[Draw], out: Path) -> None:
    """One file per sample: the decided scenario, which needs no other file."""
    from roadlab.errors import OutputError
    from roadlab.scenario.load import decide
    from roadlab_tools.datasets.folder import writing

    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise OutputError(f"{out}: is not a new or empty folder")
    decided = [decide(opened, draw) for draw in draws]
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        for draw, scenario in zip(draws, decided, strict=True):
            (out / f"{draw.index:06d}.yaml").write_text(_text(scenario, draw), encoding="utf-8")
    typer.echo(f"{out}: {len(draws)} scenarios, 000000.yaml to {draws[-1].index:06d}.yaml" if draws else f"{out}: none")


def _text(scenario: Scenario, draw: Draw) -> str:
    from roadlab.scenario.dump import dumped

    return f"# Sample {draw.index} of {scenario.source}: every value decided.\n{dumped(scenario.spec)}"
