"""What `roadlab simulate` tells about a run: a summary of its measures, and a plot of one of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.table import Table

from roadlab.errors import OutputError, RoadlabError
from roadlab.log import SceneLog
from roadlab.measures import MEASURES, Curve, Measure
from roadlab.measures.conflicts import post_encroachment
from roadlab.measures.rules import violations
from roadlab.scenario.load import Scenario
from roadlab_tools.options import OptionError, one_of

SUMMARISED = ("distance", "ttc", "headway", "drac", "jerk")

MOST_INCIDENTS = 10
"""So many contacts and faults are told one by one."""


class PlotError(RoadlabError):
    """What draws plots is not installed."""


def print_measures(log: SceneLog, scenario: Scenario) -> None:
    """The ego's measures at their worst, and the rules that it broke, on stdout."""
    table = Table.grid(padding=(0, 2))
    table.add_column(style="bold")
    table.add_column(justify="right")
    table.add_column(overflow="fold")
    for row in summary(log, scenario):
        table.add_row(*row)
    Console(highlight=False).print(table)


def summary(log: SceneLog, scenario: Scenario) -> list[tuple[str, str, str]]:
    """Rows of a title, a value and where it was, for the ego."""
    rows = []
    for name in SUMMARISED:
        measure = MEASURES[name]
        curve = measure.of(log, log.ego)
        tick = measure.worst_tick(curve)
        if tick is None:
            rows.append((_extreme(measure), "none", ""))
        else:
            rows.append((_extreme(measure), f"{curve.value[tick]:.2f} {measure.unit}", _where(log, curve, tick)))
    encounters = post_encroachment(log, log.ego)
    if encounters:
        closest = min(encounters, key=lambda e: e.time)
        other = closest.second if closest.first == log.ego else closest.first
        where = f"at {closest.entered:.2f} s, {log.actors[other].name}"
        rows.append(("shortest post-encroachment time", f"{closest.time:.2f} s", where))
    broken = violations(log, scenario.network, log.ego)
    for rule in ("speeding", "red_light", "off_road", "wrong_way"):
        ticks = np.flatnonzero(getattr(broken, rule))
        if len(ticks):
            words = rule.replace("_", " ")
            share = f"{len(ticks) * _step(log):.2f} s" if rule != "red_light" else f"{len(ticks)} times"
            rows.append((words, share, f"first at {log.time[ticks[0]] / 1e9:.2f} s"))
    return [*rows, *incidents(log)]


def incidents(log: SceneLog) -> list[tuple[str, str, str]]:
    """Rows for what went wrong: contacts of anybody, and whatever could not be done."""
    found = [event for event in log.events if event.kind in ("contact", "fault")]
    shown: list[tuple[str, str, str]] = [
        (event.kind, f"{event.time / 1e9:.2f} s", event.name) for event in found[:MOST_INCIDENTS]
    ]
    more = len(found) - len(shown)
    return [*shown, ("", "", f"and {more} more in the log")] if more else shown


def _extreme(measure: Measure) -> str:
    return f"{'least' if measure.worst == 'lowest' else 'greatest'} {measure.title.lower()}"


def _where(log: SceneLog, curve: Curve, tick: int) -> str:
    at = f"at {log.time[tick] / 1e9:.2f} s"
    if curve.other is None or curve.other[tick] < 0:
        return at
    return f"{at}, {log.actors[int(curve.other[tick])].name}"


def _step(log: SceneLog) -> float:
    return log.duration / max(len(log.time) - 1, 1)


def checked_measures(names: Sequence[str], plot: Path | None) -> list[Measure]:
    """The measures to plot, in the order given; OptionError for unknown ones, or without a file to draw into."""
    if plot is None:
        if names:
            raise OptionError("--measure says what --plot PNG draws; give both")
        return []
    if plot.suffix.lower() != ".png":
        raise OptionError(f"--plot takes a file name that ends in .png, not {str(plot)!r}")
    return [MEASURES[one_of("--measure", name, MEASURES)] for name in names or ["ttc"]]


def save_plot(log: SceneLog, measures: Sequence[Measure], path: Path) -> None:
    """Draw the ego's measures over time, one below the other, with the run's events; OutputError, PlotError."""
    try:
        from matplotlib.figure import Figure
    except ImportError as error:
        raise PlotError("--plot needs matplotlib: pip install 'roadlab[plot]'") from error
    figure = Figure(figsize=(9.0, 0.8 + 2.4 * len(measures)), dpi=100, layout="constrained")
    axes = figure.subplots(len(measures), 1, sharex=True, squeeze=False)[:, 0]
    time = log.time / 1e9
    for axis, measure in zip(axes, measures, strict=True):
        curve = measure.of(log, log.ego)
        shown = np.where(curve.value <= measure.interesting, curve.value, np.nan)
        axis.plot(time, shown, color="#0072b2", linewidth=1.6)
        axis.set_ylabel(f"{measure.title}\n[{measure.unit}]")
        axis.grid(alpha=0.3)
        axis.set_xlim(time[0], time[-1])
        if not np.isfinite(shown).any():
            axis.text(0.5, 0.5, "nothing to measure", transform=axis.transAxes, ha="center", va="center", color="grey")
        _mark_events(axis, log)
    axes[0].set_title(f"{log.actors[log.ego].name}", loc="left")
    axes[-1].set_xlabel("Time [s]")
    try:
        figure.savefig(path, metadata={"Software": None})
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error


def _mark_events(axis: object, log: SceneLog) -> None:
    ego = log.actors[log.ego].name
    for event in log.events:
        if ego in event.actors or event.kind == "story":
            color = "#d55e00" if event.kind == "contact" else "#999999"
            axis.axvline(event.time / 1e9, color=color, linewidth=1.0, linestyle="--")  # type: ignore[attr-defined]
