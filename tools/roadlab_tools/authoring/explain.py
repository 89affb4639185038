"""`roadlab explain`: a scenario with everything decided, or what a key means."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from roadlab_tools.authoring.check import Overrides
from roadlab_tools.console import print_table
from roadlab_tools.options import OptionError

if TYPE_CHECKING:
    from rich.table import Table

    from roadlab.scenario.explain import KeyDoc


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command(epilog="Examples: roadlab explain scenarios/urban/left_turn.yaml; roadlab explain 'actors.*.at'")(
        explain
    )


def explain(
    what: Annotated[
        str, typer.Argument(metavar="FILE|KEY", help="A scenario file, or a key such as actors.*.at or just lights.")
    ],
    sample: Annotated[int, typer.Option(min=0, metavar="K", help="Of a file: decide its open values as sample K.")] = 0,
    overrides: Overrides = [],  # noqa: B006
    all_: Annotated[bool, typer.Option("--all", help="Of a file: also what is as by default.")] = False,
) -> None:
    """Print a scenario with every value decided and where it comes from, or document a key of the language.

    Values come from a line of the file or of one that it includes, from an expression, from chance, or by default.
    """
    if Path(what).suffix in (".yaml", ".yml") or Path(what).is_file():
        _explain_file(Path(what), sample, overrides, everything=all_)
    else:
        _explain_key(what)


def _explain_file(file: Path, sample: int, overrides: list[str], *, everything: bool) -> None:
    from roadlab.scenario.explain import origins
    from roadlab.scenario.load import draw_of, open_scenario

    opened = open_scenario(file, overrides=overrides)
    table = _table("value", "", "from")
    hidden = 0
    for row in origins(opened, draw_of(opened, sample)):
        if row.origin == "default" and not everything:
            hidden += 1
            continue
        table.add_row(row.path, row.value, row.origin)
    print_table(table)
    if hidden:
        typer.echo(f"and {hidden} values that are as by default (--all shows them)")


def _explain_key(key: str) -> None:
    from roadlab.scenario.explain import UnknownKeyError, explained
    from roadlab.scenario.keys import anywhere, words
    from roadlab.scenario.wording import did_you_mean

    try:
        docs = [explained("" if key == "." else key)]
    except UnknownKeyError as error:
        docs = anywhere(key)
        if not docs:
            hint = did_you_mean(key, words()) if key.isidentifier() else ""
            message = f"there is no key {key!r}; {hint}" if hint else str(error)
            raise OptionError(f"{message}; a file's name ends in .yaml") from error
    for number, doc in enumerate(docs):
        if number:
            typer.echo()
        _print_doc(doc)


def _print_doc(doc: KeyDoc) -> None:
    typer.secho(doc.path, bold=True)
    for line in (doc.about, doc.kind, f"default: {doc.default}" if doc.default else "must be given"):
        if line:
            typer.echo(f"    {line}")
    for variant in doc.variants:
        typer.echo(f"    {variant}")
    if doc.keys:
        typer.echo()
        table = _table("key", "is", "default", "")
        for row in doc.keys:
            table.add_row(*row)
        print_table(table)


def _table(*columns: str) -> Table:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, show_edge=False)
    for number, column in enumerate(columns):
        table.add_column(column, style="bold" if number == 0 else "", overflow="fold", no_wrap=number == 0)
    return table
