"""`roadlab gallery`: the look of everything at a glance."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from roadlab_tools.options import QUALITIES, one_of


def add_to(app: typer.Typer) -> None:
    """Adds the command to the command line."""
    app.command(epilog="Example: roadlab gallery --out gallery --only vehicles --quality draft")(gallery)


def gallery(
    out: Annotated[Path, typer.Option(help="Folder for the sheets.", show_default=False)],
    only: Annotated[
        list[str],
        typer.Option(metavar="SHEET", help="vehicles, people, styles, seasons, weathers or hours; may be repeated."),
    ] = [],  # noqa: B006 - Typer reads it as the default and hands over a new list
    quality: Annotated[str, typer.Option(metavar="|".join(QUALITIES), help="As of `roadlab render`.")] = "standard",
) -> None:
    """Render contact sheets of every vehicle, of people, and of a street in each style, season, weather and hour."""
    from roadlab_tools.gallery.sheets import SHEETS, save, sheet

    one_of("--quality", quality, QUALITIES)
    wanted = [one_of("--only", name, SHEETS) for name in only] or list(SHEETS)
    out.mkdir(parents=True, exist_ok=True)
    for name in wanted:
        path = out / f"{name}.png"
        save(sheet(SHEETS[name](quality)), path)
        typer.echo(str(path))
