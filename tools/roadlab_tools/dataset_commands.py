"""`roadlab export` and `roadlab verify`."""

from __future__ import annotations

import json
from typing import Annotated

import typer

Dataset = Annotated[str, typer.Argument(help="A dataset's folder, or its address (s3://...).", show_default=False)]


def add_to(app: typer.Typer) -> None:
    """Adds the commands to the command line."""
    app.command(epilog="Example: roadlab export out/crossing --to nuscenes --out out/crossing-nuscenes")(export)
    app.command(epilog="Example: roadlab verify out/crossing")(verify)


def export(
    dataset: Dataset,
    to: Annotated[str, typer.Option(metavar="FORMAT", help="The format to write.", show_default=False)],
    out: Annotated[str, typer.Option(help="The new dataset's folder, or its address (s3://...).", show_default=False)],
    sensors: Annotated[
        str | None, typer.Option(metavar="A,B", help="Keep only these sensors of the rig.", show_default="all")
    ] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with an export that was interrupted.")] = False,
) -> None:
    """Write a dataset that was rendered with `--format roadlab` in another format, without rendering again.

    The files are the same, byte for byte, that rendering into that format would have made. `--to mcap` and
    `--to rerun` make a recording of each scene, for Foxglove and Rerun, of a dataset in any format.
    """
    from roadlab.registry import registered
    from roadlab_tools.console import progress_bar
    from roadlab_tools.datasets.export import export as exported
    from roadlab_tools.options import OptionError, one_of
    from roadlab_tools.recordings.export import RECORDINGS, record

    names = [name.strip() for name in sensors.split(",")] if sensors is not None else None
    one_of("--to", to, (*registered("writers"), *RECORDINGS))
    if to in RECORDINGS:
        if resume:
            raise OptionError(f"--resume is for datasets; a recording for {to} is written in one go")
        with progress_bar() as bar:
            paths = record(dataset, to, out, sensors=names, progress=bar)
        typer.echo("\n".join(f"{path}: {to}, made from {dataset}" for path in paths))
        return
    with progress_bar() as bar:
        exported(dataset, to, out, sensors=names, resume=resume, progress=bar)
    typer.echo(f"{out}: {to}, made from {dataset}")


def verify(
    dataset: Dataset,
    again: Annotated[
        int, typer.Option(metavar="N", help="Also render N of the samples again and compare the bytes.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON, for programs.")] = False,
) -> None:
    """Say whether a dataset is as it was written and true in itself: checksums, geometry, time, labels.

    Names the file that breaks each rule. Exits with 0 when there is no fault, else with 1.
    """
    from roadlab_tools.console import progress_bar
    from roadlab_tools.datasets.verification.verify import verify as faults_of

    with progress_bar() as bar:
        faults = list(faults_of(dataset, again=again, progress=bar))
    if as_json:
        listed = [{"rule": fault.rule, "file": fault.file, "what": fault.what} for fault in faults]
        typer.echo(json.dumps({"dataset": str(dataset), "faults": listed}, indent=2))
    else:
        for fault in faults:
            typer.echo(str(fault))
        typer.echo(f"{dataset}: {len(faults) or 'no'} fault{'' if len(faults) == 1 else 's'}")
    if faults:
        raise typer.Exit(1)
