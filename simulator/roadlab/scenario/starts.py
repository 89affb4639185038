"""Whether everybody can begin where the file says."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.cast import Cast, Member, cast
from roadlab.behaviors.courses import start_lane
from roadlab.behaviors.routes import check_way
from roadlab.dynamics.contact import Footprints, overlapping
from roadlab.dynamics.towing import couplings_of
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import ScenarioSpec
from roadlab.scenario.traffic_checks import traffic_problems

Array = NDArray[np.float64]


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
        check_way(network, *start_lane(member, network))
    except ValueError as error:
        at = ("traffic", member.stream, "at") if member.passing else ("actors", member.entry, "at")
        yield Problem(at, f"{member.info.name} cannot drive from here: {error}")


def _room_problems(everybody: Cast, network: RoadNetwork) -> Iterator[Problem]:
    x, y, yaw = np.array([network.pose(member.spec.at) for member in everybody.members]).T
    x, y = _behind(everybody, x, y, yaw)
    middle = everybody.middle
    center = np.column_stack([x + middle * np.cos(yaw), y + middle * np.sin(yaw)])
    level = np.array([network.height_of(member.spec.at) for member in everybody.members])
    for first, second in overlapping(Footprints(center, yaw, everybody.footprint, level)):
        a, b = everybody.members[first], everybody.members[second]
        if not (a.spec.present and b.spec.present) or second in (a.behind, b.behind) or first in (a.behind, b.behind):
            continue
        at = ("traffic", b.stream, "at") if b.passing else ("actors", b.entry, "at")
        yield Problem(at, f"{b.info.name} stands where {a.info.name} stands")


def _behind(everybody: Cast, x: Array, y: Array, yaw: Array) -> tuple[Array, Array]:
    """Places with trailers in line with those who pull them, as a run begins."""
    joined = couplings_of(everybody)
    back = np.zeros(len(x))
    back[joined.trailer] = joined.arm - joined.wheelbase
    return x + back * np.cos(yaw), y + back * np.sin(yaw)
