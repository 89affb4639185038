"""A junction: the road ends that meet in it, the lanes that lead through it, and what lies between them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

from roadlab.roads.connecting import wrapped
from roadlab.roads.connections import (
    ConnectingLane,
    Connection,
    End,
    Turn,
    connecting_lanes,
    joining_end,
    successions,
    turn_between,
)
from roadlab.roads.lanes import PAVEMENTS, ROAD_LEVEL, Lane, LaneKey
from roadlab.roads.reference_line import Pose
from roadlab.roads.road import Floats, Road
from roadlab.roads.signals import SignalHead, SignalPlan, WalkHead
from roadlab.scenario.spec.junctions import Control

__all__ = [
    "STOP_LINE_WIDTH",
    "Arm",
    "ConnectingLane",
    "Connection",
    "Corner",
    "Crossing",
    "Junction",
    "StopLine",
    "Strip",
    "Turn",
    "crossings",
    "junction_of",
    "turn_of",
]

STOP_LINE_WIDTH = 0.5
"""Along the road [m] (RMS-1)."""
_CLEARANCE = 2.4
"""Two paths closer than this are in each other's way: a vehicle's width and a margin [m]."""
_CLOSING = 0.3
"""Gaps narrower than twice this between the connecting roads of a junction belong to it [m]."""


@dataclass(frozen=True)
class Arm:
    """A road end seen by somebody who drives into the junction."""

    road: Road
    end: End

    @property
    def name(self) -> str:
        """Such as `south.end`."""
        return f"{self.road.name}.{self.end}"

    @property
    def inward(self) -> int:
        """+1 when s grows towards the junction, -1 when it falls."""
        return 1 if self.end == "end" else -1

    @property
    def section(self) -> int:
        """Index of the lane section that meets the junction."""
        return 0 if self.end == "start" else len(self.road.sections) - 1

    def s(self, ahead: float) -> float:
        """The road's s at `ahead` [m] beyond the road's end (negative: before it)."""
        return self.road.length + ahead if self.end == "end" else -ahead

    def point(self, ahead: ArrayLike, aside: ArrayLike) -> tuple[Floats, Floats, Floats]:
        """World x, y and inbound heading at `ahead` [m] beyond the road's end and `aside` [m] to the left."""
        s = np.asarray(ahead) + self.road.length if self.end == "end" else -np.asarray(ahead)
        x, y, heading = self.road.point(s, self.inward * np.asarray(aside))
        return x, y, heading if self.end == "end" else heading + math.pi

    def inbound(self, aside: float, ahead: float = 0.0) -> Pose:
        """Pose of somebody about to enter."""
        if ahead == 0.0 and self.road.relief.is_level_across:
            place, inbound, left = self._end
            place = place + left * (self.inward * aside)
            return place.real, place.imag, inbound
        x, y, heading = self.point(ahead, aside)
        return float(x), float(y), float(heading)

    @cached_property
    def _end(self) -> tuple[complex, float, complex]:
        """Where the road ends, the inbound heading there, and the unit vector to the left of the road."""
        x, y, along = self.road.reference_line.point(self.s(0.0))
        heading = float(along if self.end == "end" else along + math.pi)
        return complex(float(x), float(y)), heading, complex(1j * np.exp(1j * float(along)))

    def outbound(self, aside: float) -> Pose:
        """Pose of somebody who has just left."""
        x, y, heading = self.inbound(aside)
        return x, y, heading + math.pi

    def aside(self, lane_id: int) -> float:
        """Where a lane's centre is, to the left of the inbound direction [m]."""
        right, left = self.bounds(lane_id)
        return self.inward * (0.5 * (right + left))

    def bounds(self, lane_id: int) -> tuple[float, float]:
        """T of a lane's right and left edge, as the road sees it [m]; KeyError when there is no such lane."""
        if lane_id not in self._bounds:
            self._bounds[lane_id] = self.road.lane_bounds(lane_id, self.s(0.0))
        return self._bounds[lane_id]

    @cached_property
    def _bounds(self) -> dict[int, tuple[float, float]]:
        """Those that have been asked for."""
        return {}

    @cached_property
    def bend(self) -> float:
        """Curvature of the road where it ends, seen by somebody who drives in; positive to the left [1/m]."""
        return self.inward * float(self.road.reference_line.curvature(self.s(0.0)))

    def width(self, lane_id: int) -> float:
        """Width of a lane where it meets the junction [m]."""
        right, left = self.bounds(lane_id)
        return left - right

    @cached_property
    def carriageway(self) -> tuple[float, float]:
        """Right and left edge of the carriageway, to the left of the inbound direction [m]."""
        return self._seen(self.carriageway_t)

    @cached_property
    def carriageway_t(self) -> tuple[float, float]:
        """T of the right and left edge of the carriageway, as the road sees it [m]."""
        return self.road.carriageway_at(self.s(0.0))

    @cached_property
    def pavement(self) -> tuple[float, float]:
        """Right and left outer edge of the sidewalks, or of the carriageway where there is none [m]."""
        own = [self.bounds(lane.id) for lane in self.road.sections[self.section].lanes if lane.type in PAVEMENTS]
        edges = [*self.carriageway_t, *(t for bound in own for t in bound)]
        return self._seen((min(edges), max(edges)))

    def lanes(self, kind: str, *, entering: bool) -> list[Lane]:
        """Lanes of a type that enter, or else leave, the junction; from the road's middle outwards."""
        direction, section = self.inward if entering else -self.inward, self.section
        found = [
            lane
            for lane in self.road.sections[section].lanes
            if lane.type == kind and self.road.lane_direction(lane.id, section) == direction
        ]
        return sorted(found, key=lambda lane: abs(lane.id))

    def _seen(self, bounds: tuple[float, float]) -> tuple[float, float]:
        return bounds if self.end == "end" else (-bounds[1], -bounds[0])


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two connecting lanes are in each other's way: (first, last) arc length on either [m]."""

    on_a: tuple[float, float]
    on_b: tuple[float, float]


@dataclass(frozen=True)
class Strip:
    """A rectangle across a road, in the road's (s, t), straight on beyond its ends: a crosswalk or a stop line."""

    name: str
    road: Road
    s: tuple[float, float]
    t: tuple[float, float]

    @cached_property
    def polygon(self) -> shapely.Polygon:
        """In the world [m]."""
        return self.road.patch(self.s, self.t)


@dataclass(frozen=True, slots=True)
class StopLine:
    """Where the traffic of an arm waits."""

    arm: Arm
    ahead: float
    """Of its near edge beyond the road's end, negative before it [m]."""
    strip: Strip
    signal: str | None
    """Name of the signal head that governs it."""


@dataclass(frozen=True)
class Corner:
    """The kerb between two neighbouring arms and the pavement behind it."""

    kerb: Floats
    """(P, 2) from the right edge of one arm to the left edge of the next, counter-clockwise round the junction."""
    pavement: shapely.Polygon
    """Empty where no arm has a sidewalk."""


@dataclass(frozen=True, eq=False)
class Junction:
    """Arms in counter-clockwise order, and what lies between them."""

    name: str
    arms: tuple[Arm, ...]
    connections: tuple[ConnectingLane, ...]
    """The lanes that lead through it."""
    corners: tuple[Corner, ...]
    polygon: shapely.Polygon | shapely.MultiPolygon
    """The drivable area between the road ends."""
    crosswalks: tuple[Strip, ...]
    stop_lines: tuple[StopLine, ...]
    heads: tuple[SignalHead, ...]
    plan: SignalPlan | None
    crossings: Mapping[tuple[LaneKey, LaneKey], Crossing]
    links: tuple[Connection, ...] = ()
    """Which road leads on from which, lane by lane."""
    priorities: tuple[tuple[str, str], ...] = ()
    """(connecting road that goes first, connecting road that gives way)."""
    kind: Literal["default", "direct", "virtual", "crossing"] = "default"
    controllers: tuple[str, ...] = ()
    """Ids of the signal controllers that belong to it."""
    control: Control | None = None
    """Who goes first, where that is said."""
    priority_roads: tuple[str, ...] = ()
    """To which the others give way."""
    walk_heads: tuple[WalkHead, ...] = ()
    """Signals for people on foot."""

    @property
    def roads(self) -> dict[str, Road]:
        """Its connecting roads by name."""
        return {lane.road.name: lane.road for lane in self.connections}

    def stops_at(self, line: StopLine) -> bool:
        """Whether a signal or a sign stops traffic at the line, which is solid then; else it only gives way there."""
        return line.signal is not None or self.control in ("stop", "all_way_stop")

    def conflicts(self, a: LaneKey, b: LaneKey) -> bool:
        """Whether vehicles on the two connecting lanes could touch."""
        return (a, b) in self.crossings

    def crossing(self, a: LaneKey, b: LaneKey) -> Crossing:
        """Where they are in each other's way; KeyError when they are not."""
        return self.crossings[a, b]


def turn_of(origin: Arm, target: Arm) -> Turn:
    """Which way one turns from one arm to another."""
    return turn_between(origin.inbound(0.0)[2], target.outbound(0.0)[2])


def in_order(arms: Sequence[Arm]) -> list[Arm]:
    """Counter-clockwise by the direction in which they leave the junction."""
    return sorted(arms, key=lambda arm: wrapped(arm.outbound(0.0)[2]))


def junction_of(
    name: str,
    links: Sequence[Connection],
    roads: Mapping[str, Road],
    *,
    priorities: Sequence[tuple[str, str]] = (),
    kind: Literal["default", "direct", "virtual", "crossing"] = "default",
    controllers: Sequence[str] = (),
) -> Junction:
    """A junction whose connecting roads are among `roads`, such as that of an OpenDRIVE file.

    Its polygon is what its connecting roads pave. It has no corners, crosswalks, stop lines and signals.
    """
    own = {road.name: road for road in roads.values() if road.junction == name}
    near = {link.name for road in own.values() for link in (road.predecessor, road.successor) if link is not None}
    near |= {link.incoming for link in links}
    around = {key: road for key, road in roads.items() if key in own or key in near}
    connections = connecting_lanes(around, list(successions(around, links)))
    connections = tuple(lane for lane in connections if lane.junction == name)
    return Junction(
        name=name,
        arms=tuple(in_order(_arms(name, links, roads, own))),
        connections=connections,
        corners=(),
        polygon=paved_by(own.values()),
        crosswalks=(),
        stop_lines=(),
        heads=(),
        plan=None,
        crossings=crossings(connections),
        links=tuple(links),
        priorities=tuple(priorities),
        kind=kind,
        controllers=tuple(controllers),
    )


def _arms(name: str, links: Sequence[Connection], roads: Mapping[str, Road], own: Mapping[str, Road]) -> list[Arm]:
    """All road ends that join, as their roads, the connections or the connecting roads tell."""
    ends: dict[tuple[str, End], None] = {}
    for road in roads.values():
        for end, link in (("start", road.predecessor), ("end", road.successor)):
            if link is not None and link.kind == "junction" and link.name == name and road.name not in own:
                ends[road.name, "start" if end == "start" else "end"] = None
    for connection in links:
        if connection.incoming in roads and connection.onward in own:
            end = joining_end(roads[connection.incoming], roads[connection.onward], connection)
            ends[connection.incoming, end] = None
    for road in own.values():
        for link in (road.predecessor, road.successor):
            if link is not None and link.contact is not None and link.name in roads and link.name not in own:
                ends[link.name, link.contact] = None
    return [Arm(roads[road], end) for road, end in ends]


def paved_by(roads: Iterable[Road]) -> shapely.Geometry:
    """All that is paved at road level of connecting roads, with the gaps between them that are narrow."""
    parts = [road.lane_patch(lane) for road in roads for lane in road.lane_ids if road.lane(lane).type in ROAD_LEVEL]
    sound = [shapely.make_valid(part) for part in parts if not part.is_empty]
    if not sound:
        return shapely.Polygon()
    whole = shapely.union_all(sound, grid_size=0.001)
    closed = whole.buffer(_CLOSING, join_style="mitre").buffer(-_CLOSING, join_style="mitre")
    return shapely.union_all([whole, *[part for part in shapely.get_parts(closed) if part.area > 0.0]], grid_size=0.001)


def crossings(connections: Sequence[ConnectingLane]) -> dict[tuple[LaneKey, LaneKey], Crossing]:
    """All ordered pairs that are in each other's way; two that part from the same lane are not."""
    samples = [_sampled(lane) for lane in connections]
    boxes = [(points.min(axis=0), points.max(axis=0)) for _, points in samples]
    found = {}
    for i, a in enumerate(connections):
        for j, b in enumerate(connections[:i]):
            apart = np.maximum(boxes[i][0] - boxes[j][1], boxes[j][0] - boxes[i][1]).max() >= _CLEARANCE
            if apart or a.origin == b.origin:
                continue
            rows, columns = np.nonzero(cdist(samples[i][1], samples[j][1]) < _CLEARANCE)
            if len(rows):
                on_a, on_b = _extent(samples[i][0][rows]), _extent(samples[j][0][columns])
                found[a.key, b.key], found[b.key, a.key] = Crossing(on_a, on_b), Crossing(on_b, on_a)
    keys = [lane.key for lane in connections]
    return {(a, b): found[a, b] for a in keys for b in keys if (a, b) in found}


def _sampled(lane: ConnectingLane) -> tuple[Floats, Floats]:
    """Arc length from where the lane begins and points (P, 2) along its centre, at most 0.25 m apart."""
    road, key = lane.road, lane.key
    along = np.linspace(0.0, road.length, max(2, int(road.length / 0.25) + 1))
    s = along if road.lane_direction(key.lane, key.section) > 0 else along[::-1]
    x, y, _ = road.point(s, road.lane_center(s, key.lane))
    there = np.isfinite(x)
    x, y = x[there], y[there]
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    return walked, np.column_stack([x, y])


def _extent(values: Floats) -> tuple[float, float]:
    return float(values.min()), float(values.max())
