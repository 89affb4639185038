"""How lanes follow one another, within roads, between roads and through junctions."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np

from roadlab.roads.connecting import wrapped
from roadlab.roads.lanes import LaneKey, RoadLink
from roadlab.roads.reference_line import Pose, ReferenceLine
from roadlab.roads.road import Road

Turn = Literal["left", "straight", "right"]
End = Literal["start", "end"]

STRAIGHT_WITHIN = math.radians(40.0)


@dataclass(frozen=True, slots=True)
class Connection:
    """One of OpenDRIVE's connections of a junction: an incoming road, and a road that leads on from it."""

    incoming: str
    onward: str
    """The connecting road; in a direct junction the road on the other side."""
    contact: End
    """Which end of the onward road meets the incoming road."""
    links: tuple[tuple[int, int], ...]
    """(lane of the incoming road, lane of the onward road)."""


@dataclass(frozen=True, eq=False)
class ConnectingLane:
    """A lane through a junction from the end of one lane to the beginning of another."""

    key: LaneKey
    junction: str
    origin: LaneKey
    target: LaneKey
    arm: str
    """The road end through which it enters, such as `south.end`."""
    turn: Turn
    road: Road
    """The connecting road whose lane it is."""
    start: Pose
    """Of its centre where it begins, in the direction of travel."""
    end: Pose
    """Of its centre where it ends."""
    width: float
    """Where it is narrowest at its ends [m]."""
    speed_limit: float
    """Where it begins [m/s]."""

    @property
    def curve(self) -> ReferenceLine:
        """The reference line of its road; of generated junctions it is the lane's centre in the direction of travel."""
        return self.road.reference_line

    @cached_property
    def length(self) -> float:
        """Of its road [m]."""
        return self.road.length


def turn_between(entry: float, leave: float) -> Turn:
    """Which way one turns from one heading to another [rad]."""
    angle = wrapped(leave - entry)
    if abs(angle) <= STRAIGHT_WITHIN:
        return "straight"
    return "left" if angle > 0.0 else "right"


def end_section(road: Road, end: End) -> int:
    """Index of the lane section at an end of a road."""
    return 0 if end == "start" else len(road.sections) - 1


def goes_out(road: Road, key: LaneKey, end: End) -> bool:
    """Whether a lane is travelled towards this end of its road."""
    return (road.lane_direction(key.lane, key.section) > 0) is (end == "end")


def successions(roads: Mapping[str, Road], connections: Sequence[Connection]) -> Iterator[tuple[LaneKey, LaneKey]]:
    """All pairs of a lane and one that begins where it ends, in the direction of travel; some come twice."""
    for road in roads.values():
        yield from _within(road)
        for end, link in (("start", road.predecessor), ("end", road.successor)):
            if link is not None and link.kind == "road" and link.name in roads and link.contact is not None:
                yield from _between(road, "start" if end == "start" else "end", roads[link.name], link)
    for connection in connections:
        yield from _entries(roads, connection)


def _within(road: Road) -> Iterator[tuple[LaneKey, LaneKey]]:
    for number, section in enumerate(road.sections[:-1]):
        behind = road.sections[number + 1].lane_ids
        for lane in section.lanes:
            for follower in lane.successors:
                if follower in behind:
                    here, there = LaneKey(road.name, lane.id, number), LaneKey(road.name, follower, number + 1)
                    yield (here, there) if goes_out(road, here, "end") else (there, here)


def _between(road: Road, end: End, other: Road, link: RoadLink) -> Iterator[tuple[LaneKey, LaneKey]]:
    section, far = end_section(road, end), end_section(other, link.contact or "start")
    for lane in road.sections[section].lanes:
        for follower in lane.predecessors if end == "start" else lane.successors:
            if follower in other.sections[far].lane_ids:
                here, there = LaneKey(road.name, lane.id, section), LaneKey(other.name, follower, far)
                yield (here, there) if goes_out(road, here, end) else (there, here)


def _entries(roads: Mapping[str, Road], connection: Connection) -> Iterator[tuple[LaneKey, LaneKey]]:
    origin, onward = roads.get(connection.incoming), roads.get(connection.onward)
    if origin is None or onward is None:
        return
    end = joining_end(origin, onward, connection)
    near, far = end_section(origin, end), end_section(onward, connection.contact)
    for first, second in connection.links:
        here, there = LaneKey(origin.name, first, near), LaneKey(onward.name, second, far)
        known = first in origin.sections[near].lane_ids and second in onward.sections[far].lane_ids
        if known:  # a link may also be of lanes that leave the junction, as where a ramp joins another road
            yield (here, there) if goes_out(origin, here, end) else (there, here)


def joining_end(origin: Road, onward: Road, connection: Connection) -> End:
    """Which end of the incoming road a connection leaves: as the onward road says, else the nearer one."""
    link = onward.predecessor if connection.contact == "start" else onward.successor
    if link is not None and link.kind == "road" and link.name == origin.name and link.contact is not None:
        return link.contact
    at = 0.0 if connection.contact == "start" else onward.length
    x, y, _ = onward.point(at)
    near = [math.hypot(float(px - x), float(py - y)) for px, py, _ in (origin.point(0.0), origin.point(origin.length))]
    return "start" if near[0] < near[1] else "end"


def connecting_lanes(roads: Mapping[str, Road], pairs: Sequence[tuple[LaneKey, LaneKey]]) -> tuple[ConnectingLane, ...]:
    """The lanes of connecting roads that lead from a lane outside to a lane outside, in the order of roads."""
    origins: dict[LaneKey, LaneKey] = {}
    targets: dict[LaneKey, LaneKey] = {}
    for before, after in pairs:
        origins.setdefault(after, before)
        targets.setdefault(before, after)
    found = []
    for road in roads.values():
        for key in road.keys if road.junction is not None else ():
            origin, target = origins.get(key), targets.get(key)
            if origin is not None and target is not None and _from_outside(roads, road, origin, target):
                found.append(_connecting_lane(roads, road, key, origin, target))
    return tuple(found)


def _from_outside(roads: Mapping[str, Road], road: Road, *keys: LaneKey) -> bool:
    return all(roads[key.road].junction != road.junction for key in keys)


def _connecting_lane(
    roads: Mapping[str, Road], road: Road, key: LaneKey, origin: LaneKey, target: LaneKey
) -> ConnectingLane:
    before = roads[origin.road]
    ends = road.section_range(key.section)
    right, left = road.lane_edges(ends, key.lane, key.section)
    direction = road.lane_direction(key.lane, key.section)
    x, y, heading = road.point(ends, 0.5 * (right + left))
    turned = heading + (0.0 if direction > 0 else math.pi)
    start, end = [(float(x[k]), float(y[k]), float(turned[k])) for k in (0, 1)][::direction]
    outward: End = "end" if before.lane_direction(origin.lane, origin.section) > 0 else "start"
    return ConnectingLane(
        key=key,
        junction=road.junction or "",
        origin=origin,
        target=target,
        arm=f"{origin.road}.{outward}",
        turn=turn_between(start[2], end[2]),
        road=road,
        start=start,
        end=end,
        width=float(np.min(left - right)),
        speed_limit=float(road.lane_speed_limit(0.0, key.lane)),
    )
