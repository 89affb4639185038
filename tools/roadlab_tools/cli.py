"""The `roadlab` command. Each subcommand imports what it needs, so that none waits for another's engines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from roadlab.errors import RoadlabError
from roadlab_tools import dataset_commands
from roadlab_tools.authoring import check, explain, new, sample
from roadlab_tools.authoring import list as list_
from roadlab_tools.console import print_error, print_summary, progress_bar
from roadlab_tools.gallery import command as gallery
from roadlab_tools.options import OptionError, Quality, parse_frames, parse_shard

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""


class _Reporting(TyperGroup):
    """Says in words what is wrong with a file, an option or a folder, and exits with status 2; no traceback."""

    def invoke(self, ctx: Any) -> Any:
        try:
            return super().invoke(ctx)
        except RoadlabError as error:
            print_error(error)
            raise typer.Exit(2) from error
        except KeyboardInterrupt:
            hint = "; what is complete is kept, go on with --resume" if ctx.invoked_subcommand == "render" else ""
            print_error(f"interrupted{hint}")
            raise typer.Exit(INTERRUPTED) from None


app = typer.Typer(
    cls=_Reporting,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Driving scenarios in YAML, simulated and rendered into labelled camera and lidar datasets.",
    epilog="Start with: roadlab render scenarios/urban/pedestrian_crossing.yaml --out out/crossing --quality draft",
)

ScenarioFile = Annotated[Path, typer.Argument(help="A scenario file (YAML).", show_default=False)]
Overrides = Annotated[
    list[str],
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Replace a value of the file, such as actors.ego.speed='50 km/h'; may be repeated.",
    ),
]
Seed = Annotated[
    int | None,
    typer.Option(
        min=0,
        max=2**63 - 1,
        metavar="N",
        help="Replace the file's seed, from which all chance follows.",
        show_default=False,
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"roadlab {version('roadlab')}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    pass


@app.command(epilog="Example: roadlab simulate scenarios/highway/cut_in.yaml --out cut_in.log")
def simulate(
    file: ScenarioFile,
    out: Annotated[Path, typer.Option(help="Where to write the log.", show_default=False)],
    overrides: Overrides = [],  # noqa: B006 - Typer reads it as the default and hands over a new list
    seed: Seed = None,
    plot: Annotated[
        Path | None, typer.Option(metavar="PNG", help="Draw measures of the ego over time.", show_default=False)
    ] = None,
    measure: Annotated[
        list[str],
        typer.Option(metavar="NAME", help="What to draw: ttc, distance, headway, drac, jerk ...; may be repeated."),
    ] = [],  # noqa: B006
) -> None:
    """Run the physics without rendering and write the log: where everybody was at every tick.

    Tells how near the ego came to others and which rules it broke. `roadlab view` plays a log.
    """
    from roadlab import load
    from roadlab import simulate as simulated
    from roadlab.log_file import write_log
    from roadlab_tools.datasets.folder import writing
    from roadlab_tools.measuring import checked_measures, print_measures, save_plot

    drawn = checked_measures(measure, plot)
    scenario = load(file, overrides=overrides, seed=seed)
    log = simulated(scenario)
    with writing(out):
        write_log(log, out)
    typer.echo(
        f"{out}: {log.duration:g} s in {len(log.time)} ticks, {len(log.actors)} actors, {len(log.events)} events"
    )
    print_measures(log, scenario)
    if plot is not None:
        save_plot(log, drawn, plot)
        typer.echo(f"{plot}: {', '.join(m.title.lower() for m in drawn)}")


@app.command(
    epilog="Example: roadlab render scenarios/urban/left_turn.yaml --out out/turn --frames 20:40 --quality draft"
)
def render(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scenario files (YAML).", show_default=False)],
    out: Annotated[
        str,
        typer.Option(
            help="The dataset's folder: new, empty, or with --resume an unfinished one; or its address (s3://...).",
            show_default=False,
        ),
    ],
    frames: Annotated[
        str | None, typer.Option(metavar="A:B", help="Only frames A to B-1; 5:6 is frame 5 alone.", show_default="all")
    ] = None,
    every: Annotated[int, typer.Option(metavar="N", help="Of these, every N-th frame.")] = 1,
    seed: Seed = None,
    overrides: Overrides = [],  # noqa: B006
    quality: Annotated[
        str, typer.Option(metavar="draft|standard|high", help="How many light paths each pixel gets.")
    ] = "standard",
    format: Annotated[
        str | None,
        typer.Option(
            metavar="X[,Y]",
            help="Layout of the dataset; several, with commas, get a folder each in OUT.",
            show_default="as the scenario says, or kitti",
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(metavar="N", help="Processes that render side by side; the files are the same for any number."),
    ] = 1,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with a run that was interrupted.")] = False,
    samples: Annotated[
        int | None, typer.Option(metavar="N", help="Render so many variations of each file.", show_default=False)
    ] = None,
    design: Annotated[
        str, typer.Option(metavar="random|sobol|...", help="How their values are chosen; see `roadlab sample`.")
    ] = "random",
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Skip frames that cannot be made instead of stopping at the first.")
    ] = False,
    shard: Annotated[
        str | None,
        typer.Option(metavar="I/N", help="Make only part I of N, for job queues; the last one finishes the dataset."),
    ] = None,
    engine: Annotated[
        str, typer.Option(metavar="local|ray", help="Where the workers run: here, or on a Ray cluster.")
    ] = "local",
    address: Annotated[
        str | None, typer.Option(help="Address of the Ray cluster; by default one is started here.", show_default=False)
    ] = None,
) -> None:
    """Render scenarios into a labelled dataset: pictures, lidar sweeps and their exact truth.

    The folder gets the dataset, preview.mp4 and preview.png to look at, and manifest.json with every file's checksum.
    """
    from roadlab_tools.batch.render import render as rendered

    with progress_bar() as progress:
        summary = rendered(
            files,
            out,
            frames=parse_frames(frames) if frames is not None else None,
            every=every,
            seed=seed,
            overrides=overrides,
            quality=cast(Quality, quality),  # checked there, with a hint
            format=format,
            workers=workers,
            resume=resume,
            progress=progress,
            samples=samples,
            design=design,
            keep_going=keep_going,
            shard=parse_shard(shard) if shard is not None else None,
            engine=engine,
            address=address,
        )
    print_summary(summary)


@app.command(epilog="Example: roadlab view scenarios/urban/left_turn.yaml --at 4.5 --screenshot turn.png")
def view(
    file: Annotated[
        Path,
        typer.Argument(
            help="A scenario file, a log that `roadlab simulate` wrote, or a dataset's folder.", show_default=False
        ),
    ],
    screenshot: Annotated[
        Path | None,
        typer.Option(
            metavar="PNG", help="Draw one picture into this file instead; needs no display.", show_default=False
        ),
    ] = None,
    record: Annotated[
        Path | None,
        typer.Option(metavar="MP4", help="Play into this film instead; needs no display.", show_default=False),
    ] = None,
    at: Annotated[float, typer.Option(metavar="SECONDS", help="Where to start.")] = 0.0,
    scene_name: Annotated[
        str | None, typer.Option("--scene", metavar="NAME", help="Of a dataset.", show_default="the first")
    ] = None,
    pane: Annotated[
        list[str],
        typer.Option(
            metavar="SENSOR", help="Show what a sensor sees; lidar:range is its range image. May be repeated."
        ),
    ] = [],  # noqa: B006
    only: Annotated[
        str | None,
        typer.Option(
            metavar="SENSOR", help="Draw this pane alone into the picture or the film.", show_default="the window"
        ),
    ] = None,
    overrides: Overrides = [],  # noqa: B006
    seed: Seed = None,
) -> None:
    """Show a scenario from above: play, scrub, and see why. Press h in the window for its keys.

    A scenario file is watched: when it is saved, the window shows it anew at the same time and view.
    """
    from roadlab_tools.viewer.headless import Shown, chosen_panes, save_film, save_screenshot
    from roadlab_tools.viewer.open import Subject
    from roadlab_tools.viewer.window import show

    subject = Subject(file, overrides, seed, scene_name)
    scene = subject.opened()
    if not 0.0 <= at <= scene.duration:
        raise OptionError(f"--at takes a time from 0 to {scene.duration:g} s, not {at:g}")
    panes = tuple(chosen_panes(scene, pane))
    if screenshot is None and record is None:
        if only is not None:
            raise OptionError("--only is for --screenshot and --record; the window opens panes with --pane")
        show(subject, at, scene, panes)
    shown = Shown(subject, scene, panes, chosen_panes(scene, [only])[0] if only is not None else None)
    if screenshot is not None:
        save_screenshot(shown, at, screenshot)
        typer.echo(f"{screenshot}: {file} at {at:g} s")
    if record is not None:
        save_film(shown, at, record)
        typer.echo(f"{record}: {file} from {at:g} to {scene.duration:g} s")


@app.command(name="map", epilog="Example: roadlab map scenarios/urban/left_turn.yaml --out roads.png")
def map_(
    file: Annotated[Path, typer.Argument(help="A scenario file or an OpenDRIVE file (.xodr).", show_default=False)],
    out: Annotated[Path, typer.Option(metavar="PNG|SVG", help="Where to draw the plan.", show_default=False)],
    size: Annotated[int, typer.Option(metavar="PIXELS", help="Longer side of the picture.")] = 2000,
) -> None:
    """Draw a road network from above: lanes with their ids and directions, s every few metres, marks and signals.

    Prints what the network consists of and, of an OpenDRIVE file, what in it has no effect.
    """
    from roadlab_tools.maps.command import draw, network_in
    from roadlab_tools.maps.statistics import statistics

    network, warnings = network_in(file)
    draw(network, out, longest=size)
    for name, text in statistics(network).items():
        typer.echo(f"{name}: {text}")
    for warning in warnings:
        typer.echo(f"warning: {warning}", err=True)
    typer.echo(f"{out}: the plan of {file}")


@app.command(epilog="Example: roadlab schema > roadlab.schema.json, then name that file in your editor's YAML settings")
def schema() -> None:
    """Print the JSON Schema of the scenario language, for editors that complete and check as you type."""
    from roadlab.scenario.schema import scenario_schema

    json.dump(scenario_schema(), sys.stdout, indent=2)
    sys.stdout.write("\n")


dataset_commands.add_to(app)
for command in (check, sample, explain, new, list_, gallery):
    command.add_to(app)


def main() -> None:
    """Runs the command line; the entry point of `roadlab`."""
    app()
