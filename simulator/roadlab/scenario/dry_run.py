"""What a run of the physics tells about a scenario that reading it does not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from roadlab.log import SceneLog
from roadlab.scenario.document import DocPath
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import EventSpec

if TYPE_CHECKING:
    from roadlab.roads.network import RoadNetwork
    from roadlab.scenario.load import Scenario

_LOOK_EVERY = 0.1
"""Places are looked up this often [s]."""


@dataclass(frozen=True, slots=True)
class Findings:
    """Of a dry run, at their places in the document."""

    failures: tuple[Problem, ...]
    """Expectations that do not hold."""
    warnings: tuple[Problem, ...]
    """What is probably not meant."""


def findings(scenario: Scenario, log: SceneLog) -> Findings:
    """What a log of the scenario shows."""
    from roadlab.scenario.expect import verdicts

    failures = tuple(
        Problem(("expect", verdict.number), "does not hold", verdict.found)
        for verdict in verdicts(log)
        if not verdict.holds
    )
    warnings = [
        *_never_fired(scenario.spec.story, log),
        *_faults(log),
        *_left_the_map(scenario.network, log),
        *_contacts(scenario, log),
    ]
    return Findings(failures, tuple(warnings))


def _never_fired(story: Sequence[EventSpec], log: SceneLog) -> Iterator[Problem]:
    started = {event.name for event in log.events if event.kind in ("story", "story_skip")}
    for path, event in _with_paths(story, ("story",)):
        if event.name is not None and event.name not in started and event.when is not None:
            yield Problem((*path, "when"), f"{event.name!r} never happened in {log.duration:g} s", at_key=True)


def _with_paths(story: Sequence[EventSpec], path: DocPath) -> Iterator[tuple[DocPath, EventSpec]]:
    for number, event in enumerate(story):
        yield (*path, number), event
        for key in ("sequence", "parallel"):
            yield from _with_paths(getattr(event, key) or (), (*path, number, key))


def _faults(log: SceneLog) -> Iterator[Problem]:
    for event in log.events:
        if event.kind == "fault":
            yield Problem(("story",), f"at {event.time / 1e9:.2f} s: {event.name}", at_key=True)


def _left_the_map(network: RoadNetwork, log: SceneLog) -> Iterator[Problem]:
    """Vehicles that are on no road and in no junction, from when on."""
    step = max(1, round(_LOOK_EVERY * (len(log.time) - 1) / max(log.duration, 1e-9)))
    ticks = np.arange(0, len(log.time), step)
    for i, actor in enumerate(log.actors):
        moved = float(np.ptp(log.position[:, i, :2], axis=0).max()) > 1.0
        if actor.kind in ("pedestrian", "prop") or actor.parked or not moved:
            continue
        found = network.locate(log.position[ticks, i])
        off = (found.road < 0) & (found.junction < 0)
        if off.any():
            at = log.time[ticks[int(np.argmax(off))]] / 1e9
            entry = (actor.pulled_by or actor.name).partition("[")[0]
            yield Problem(("actors", entry), f"{actor.name} leaves the roads of the map at {at:.1f} s", at_key=True)


def _contacts(scenario: Scenario, log: SceneLog) -> Iterator[Problem]:
    """Contacts of which no expectation speaks."""
    if any("contact" in str(text) for text in scenario.spec.expect):
        return
    for event in log.events:
        if event.kind == "contact":
            names = [log.whole(name) for name in event.actors]
            hint = f"if that is meant, expect contact({', '.join(names)})"
            message = f"{' and '.join(event.actors)} touch at {event.time / 1e9:.2f} s"
            yield Problem(("actors", names[0]), message, hint, at_key=True)
