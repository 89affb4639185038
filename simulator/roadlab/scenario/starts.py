"""Whether everybody can begin where the file says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from roadlab.actors.cast import Cast, Member, cast
from roadlab.behaviors.courses import start_lanes
from roadlab.dynamics.contact import Footprints, overlapping
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import ScenarioSpec
from roadlab.scenario.traffic_checks import traffic_problems


def start_problems(spec: ScenarioSpec, network: RoadNetwork) -> Iterator[Problem]:
    """Drivers who cannot drive from where they stand, and actors in one place, of an otherwise sound scenario."""
    wrong = list(traffic_problems(spec, network))
    yield from wrong
    if wrong:
        return
    everybody = cast(spec)
    for member in everybody.members:
        if member.drives:
            yield from _driver_problems(member, network)
    yield from _room_problems(everybody, network)


def _driver_problems(member: Member, network: RoadNetwork) -> Iterator[Problem]:
    try:
        start_lanes(member, network)
    except ValueError as error:
        at = ("traffic", member.stream, "at") if member.passing else ("actors", member.entry, "at")
        yield Problem(at, f"{member.info.name} cannot drive from here: {error}")


def _room_problems(everybody: Cast, network: RoadNetwork) -> Iterator[Problem]:
    x, y, yaw = np.array([network.pose(member.spec.at) for member in everybody.members]).T
    middle = everybody.middle
    center = np.column_stack([x + middle * np.cos(yaw), y + middle * np.sin(yaw)])
    for first, second in overlapping(Footprints(center, yaw, everybody.footprint)):
        a, b = everybody.members[first], everybody.members[second]
        if not (a.spec.present and b.spec.present):
            continue
        at = ("traffic", b.stream, "at") if b.passing else ("actors", b.entry, "at")
        yield Problem(at, f"{b.info.name} stands where {a.info.name} stands")
