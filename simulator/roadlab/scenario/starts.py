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


def start_problems(spec: ScenarioSpec, network: RoadNetwork) -> Iterator[Problem]:
    """Drivers who cannot drive from where they stand, and actors in one place, of an otherwise sound scenario."""
    everybody = cast(spec)
    for member in everybody.members:
        if member.drives:
            yield from _driver_problems(member, network)
    yield from _room_problems(everybody, network)


def _driver_problems(member: Member, network: RoadNetwork) -> Iterator[Problem]:
    try:
        start_lanes(member, network)
    except ValueError as error:
        yield Problem(("actors", member.entry, "at"), f"{member.info.name} cannot drive from here: {error}")


def _room_problems(everybody: Cast, network: RoadNetwork) -> Iterator[Problem]:
    x, y, yaw = np.array([network.pose(member.spec.at) for member in everybody.members]).T
    middle = everybody.middle
    center = np.column_stack([x + middle * np.cos(yaw), y + middle * np.sin(yaw)])
    for first, second in overlapping(Footprints(center, yaw, everybody.footprint)):
        a, b = everybody.members[first], everybody.members[second]
        yield Problem(("actors", b.entry, "at"), f"{b.info.name} stands where {a.info.name} stands")
