"""`roadlab export` and `roadlab verify`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

Dataset = Annotated[Path, typer.Argument(help="A dataset's folder.", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command(epilog="Example: roadlab export out/crossing --to nuscenes --out out/crossing-nuscenes")(export)


def export(
    dataset: Dataset,
    to: Annotated[str, typer.Option(metavar="FORMAT", help="The format to write.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The new dataset's folder.", show_default=False)],
    sensors: Annotated[
        str | None, typer.Option(metavar="A,B", help="Keep only these sensors of the rig.", show_default="all")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an export that was interrupted.")] = False,
) -> None:
    """Write a dataset that was rendered with `--format roadlab` in another format, without rendering again.

    The files are the same, byte for byte, that rendering into that format would have made.
    """
    from roadlab_tools.console import progress_bar
    from roadlab_tools.datasets.export import export as exported

    names = [name.strip() for name in sensors.split(",")] if sensors is not None else None
    with progress_bar() as bar:
        exported(dataset, to, out, sensors=names, resume=resume, progress=bar)
    typer.echo(f"{out}: {to}, made from {dataset}")
