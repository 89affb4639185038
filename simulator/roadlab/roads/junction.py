"""A junction made from the road ends that meet in it: connecting lanes, corners, crosswalks, stop lines, signals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from numpy.typing import ArrayLike
from scipy.spatial.distance import cdist

from roadlab.roads.connecting import Pose, connecting_curve, wrapped
from roadlab.roads.profiles import Lane
from roadlab.roads.reference_line import ReferenceLine
from roadlab.roads.road import Floats, LaneKey, Road
from roadlab.roads.signals import SignalHead, SignalPlan
from roadlab.scenario.spec import JunctionSpec, SignalPlanSpec

Turn = Literal["left", "straight", "right"]

CORNER_RADIUS = 6.0
CROSSWALK_WIDTH = 4.0
STOP_LINE_WIDTH = 0.5
_LEFT_TURN_RADIUS = 13.0
_STRAIGHT_WITHIN = math.radians(40.0)
_EASING = 0.3
_CLEARANCE = 2.4
"""Two paths closer than this are in each other's way: a vehicle's width and a margin [m]."""


@dataclass(frozen=True)
class Arm:
    """A road end seen by somebody who drives into the junction."""

    road: Road
    end: Literal["start", "end"]

    @property
    def name(self) -> str:
        """Such as `south.end`."""
        return f"{self.road.name}.{self.end}"

    @property
    def inward(self) -> int:
        """+1 when s grows towards the junction, -1 when it falls."""
        return 1 if self.end == "end" else -1

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
        x, y, heading = self.point(ahead, aside)
        return float(x), float(y), float(heading)

    def outbound(self, aside: float) -> Pose:
        """Pose of somebody who has just left."""
        x, y, heading = self.inbound(aside)
        return x, y, heading + math.pi

    def aside(self, lane_id: int) -> float:
        """Where a lane's centre is, to the left of the inbound direction [m]."""
        return self.inward * self.road.lane_center_t(lane_id)

    @cached_property
    def carriageway(self) -> tuple[float, float]:
        """Right and left edge of the carriageway, to the left of the inbound direction [m]."""
        return self._seen(self.road.carriageway)

    @cached_property
    def pavement(self) -> tuple[float, float]:
        """Right and left outer edge of the sidewalks, or of the carriageway where there is none [m]."""
        bounds = [self.road.lane_bounds(lane.id) for lane in self.road.lanes if lane.type == "sidewalk"]
        edges = [*self.road.carriageway, *(t for bound in bounds for t in bound)]
        return self._seen((min(edges), max(edges)))

    def lanes(self, kind: str, *, entering: bool) -> list[Lane]:
        """Lanes of a type that enter, or else leave, the junction; from the road's middle outwards."""
        direction = self.inward if entering else -self.inward
        found = [
            lane for lane in self.road.lanes if lane.type == kind and self.road.lane_direction(lane.id) == direction
        ]
        return sorted(found, key=lambda lane: abs(lane.id))

    def _seen(self, bounds: tuple[float, float]) -> tuple[float, float]:
        return bounds if self.end == "end" else (-bounds[1], -bounds[0])


@dataclass(frozen=True)
class ConnectingLane:
    """A path through a junction from the end of one lane to the beginning of another."""

    key: LaneKey
    junction: str
    origin: LaneKey
    target: LaneKey
    arm: str
    """The road end through which it enters."""
    turn: Turn
    curve: ReferenceLine
    """Its centre line in the direction of travel."""
    width: float
    speed_limit: float


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


@dataclass(frozen=True)
class Junction:
    """Arms in counter-clockwise order, and what lies between them."""

    name: str
    arms: tuple[Arm, ...]
    connections: tuple[ConnectingLane, ...]
    corners: tuple[Corner, ...]
    polygon: shapely.Polygon
    """The drivable area between the road ends."""
    crosswalks: tuple[Strip, ...]
    stop_lines: tuple[StopLine, ...]
    heads: tuple[SignalHead, ...]
    plan: SignalPlan | None
    crossings: Mapping[tuple[LaneKey, LaneKey], Crossing]

    def conflicts(self, a: LaneKey, b: LaneKey) -> bool:
        """Whether vehicles on the two connecting lanes could touch."""
        return (a, b) in self.crossings

    def crossing(self, a: LaneKey, b: LaneKey) -> Crossing:
        """Where they are in each other's way; KeyError when they are not."""
        return self.crossings[a, b]


def build_junction(name: str, spec: JunctionSpec, roads: Mapping[str, Road]) -> Junction:
    """The junction of a map without problems."""
    arms = _in_order(arms_of(spec, roads))
    corners, room = _corners(arms)
    connections = _connections(name, arms)
    crosswalks = [_crosswalk(name, arm, free) for arm, free in zip(arms, room, strict=True)] if spec.crosswalks else []
    plan, stages = _plan(spec.signals, spec, arms)
    back = (0.3 + CROSSWALK_WIDTH + 1.0 if spec.crosswalks else 0.5) + STOP_LINE_WIDTH
    entered = [(arm, free - back) for arm, free in zip(arms, room, strict=True) if arm.lanes("driving", entering=True)]
    stop_lines = [_stop_line(name, arm, ahead, signalled=plan is not None) for arm, ahead in entered]
    return Junction(
        name=name,
        arms=tuple(arms),
        connections=tuple(connections),
        corners=tuple(corners),
        polygon=shapely.Polygon(np.concatenate([corner.kerb for corner in corners])),
        crosswalks=tuple(crosswalks),
        stop_lines=tuple(stop_lines),
        heads=tuple(_head(line, stages[line.arm.name]) for line in stop_lines if line.signal),
        plan=plan,
        crossings=_crossings(connections),
    )


def arms_of(spec: JunctionSpec, roads: Mapping[str, Road]) -> list[Arm]:
    """The road ends of `connect`, in its order."""
    parts = [text.rsplit(".", 1) for text in spec.connect]
    return [Arm(roads[road], "start" if end == "start" else "end") for road, end in parts]


def _in_order(arms: list[Arm]) -> list[Arm]:
    """Counter-clockwise by the direction in which they leave the junction."""
    return sorted(arms, key=lambda arm: wrapped(arm.outbound(0.0)[2]))


# --- paths -----------------------------------------------------------------------------------------------------------


def turn_of(origin: Arm, target: Arm) -> Turn:
    """Which way one turns from one arm to another."""
    angle = wrapped(target.outbound(0.0)[2] - origin.inbound(0.0)[2])
    if abs(angle) <= _STRAIGHT_WITHIN:
        return "straight"
    return "left" if angle > 0.0 else "right"


def _connections(junction: str, arms: list[Arm]) -> list[ConnectingLane]:
    found = []
    for origin in arms:
        for target in arms:
            if target is origin:
                continue
            pairs = _lane_pairs(origin, target)
            for number, (entry, leave) in enumerate(pairs, 1):
                lane = _connecting_lane(junction, origin, target, entry, leave, number)
                if lane is not None:
                    found.append(lane)
    return found


def _lane_pairs(origin: Arm, target: Arm) -> list[tuple[Lane, Lane]]:
    """Which lane leads to which: left turns from the innermost, right turns from the outermost, bikes to bikes."""
    entries, leaves = origin.lanes("driving", entering=True), target.lanes("driving", entering=False)
    pairs: list[tuple[Lane, Lane]] = []
    if entries and leaves:
        match turn_of(origin, target):
            case "left":
                pairs = [(entries[0], leaves[0])]
            case "right":
                pairs = [(entries[-1], leaves[-1])]
            case _:
                pairs = [(entry, leaves[min(k, len(leaves) - 1)]) for k, entry in enumerate(entries)]
    bikes = origin.lanes("biking", entering=True)
    onto = target.lanes("biking", entering=False) or leaves[-1:]
    return pairs + [(bike, onto[0]) for bike in bikes if onto]


def _connecting_lane(
    junction: str, origin: Arm, target: Arm, entry: Lane, leave: Lane, number: int
) -> ConnectingLane | None:
    turn = turn_of(origin, target)
    aside = origin.aside(entry.id)
    radius = CORNER_RADIUS + aside - origin.carriageway[0] if turn == "right" else _LEFT_TURN_RADIUS
    start, end = origin.inbound(aside), target.outbound(target.aside(leave.id))
    curve = connecting_curve(start, end, radius, easing=_EASING)
    if curve is None:
        return None
    return ConnectingLane(
        key=(f"{junction}/{origin.name}-{target.name}", -number),
        junction=junction,
        origin=(origin.road.name, entry.id),
        target=(target.road.name, leave.id),
        arm=origin.name,
        turn=turn,
        curve=curve,
        width=min(entry.width, leave.width),
        speed_limit=min(origin.road.speed_limit, target.road.speed_limit),
    )


def _crossings(connections: list[ConnectingLane]) -> dict[tuple[LaneKey, LaneKey], Crossing]:
    """All ordered pairs that are in each other's way; two that part from the same lane are not."""
    samples = []
    for lane in connections:
        s = np.linspace(0.0, lane.curve.length, max(2, int(lane.curve.length / 0.25) + 1))
        x, y, _ = lane.curve.point(s)
        samples.append((s, np.column_stack([x, y])))
    found = {}
    for i, a in enumerate(connections):
        for j, b in enumerate(connections):
            if i == j or a.origin == b.origin:
                continue
            close = cdist(samples[i][1], samples[j][1]) < _CLEARANCE
            rows, columns = np.nonzero(close)
            if len(rows):
                found[a.key, b.key] = Crossing(_extent(samples[i][0][rows]), _extent(samples[j][0][columns]))
    return found


def _extent(values: Floats) -> tuple[float, float]:
    return float(values.min()), float(values.max())


# --- places ----------------------------------------------------------------------------------------------------------


def _corners(arms: list[Arm]) -> tuple[list[Corner], list[float]]:
    """The corners, and for each arm how far beyond its road's end its two kerbs stay straight [m]."""
    corners, room = [], [[math.inf, math.inf] for _ in arms]
    for i, arm in enumerate(arms):
        j = (i + 1) % len(arms)
        kerb = _round(arm, arms[j], arm.carriageway[0], arms[j].carriageway[1], CORNER_RADIUS)
        if kerb is not None and len(kerb.pieces) > 1:
            room[i][0] = _straight(kerb.pieces[0].length, kerb.pieces[0].start, kerb.pieces[0].end)
            room[j][1] = _straight(kerb.pieces[-1].length, kerb.pieces[-1].start, kerb.pieces[-1].end)
        corners.append(_corner(arm, arms[j], kerb))
    free = [min(sides) for sides in room]
    return corners, [value if math.isfinite(value) else 0.0 for value in free]


def _straight(length: float, start: float, end: float) -> float:
    return length if start == end == 0.0 else 0.0


def _round(arm: Arm, following: Arm, right: float, left: float, radius: float) -> ReferenceLine | None:
    start, end = arm.inbound(right), following.outbound(left)
    curve = connecting_curve(start, end, radius, easing=0.0)
    detour = math.inf if curve is None else curve.length / max(math.dist(start[:2], end[:2]), 1e-6)
    return curve if detour < 2.0 else None


def _corner(arm: Arm, following: Arm, kerb: ReferenceLine | None) -> Corner:
    right, left = arm.carriageway[0], following.carriageway[1]
    outer_right, outer_left = arm.pavement[0], following.pavement[1]
    width = max(right - outer_right, outer_left - left)
    inner = _sampled(kerb, arm, following, right, left)
    if width < 0.1:
        return Corner(inner, shapely.Polygon())
    outer = _round(arm, following, outer_right, outer_left, max(CORNER_RADIUS - width, 0.5))
    ring = np.concatenate([inner, _sampled(outer, arm, following, outer_right, outer_left)[::-1]])
    pavement = shapely.Polygon(ring)
    return Corner(inner, pavement if pavement.is_valid else pavement.buffer(0.0))


def _sampled(curve: ReferenceLine | None, arm: Arm, following: Arm, right: float, left: float) -> Floats:
    if curve is None:
        return np.array([arm.inbound(right)[:2], following.outbound(left)[:2]])
    x, y, _ = curve.point(curve.stations(tolerance=0.003))
    points = np.column_stack([x, y])
    points[-1] = following.outbound(left)[:2]
    return points


def _crosswalk(junction: str, arm: Arm, free: float) -> Strip:
    s = sorted((arm.s(free - 0.3 - CROSSWALK_WIDTH), arm.s(free - 0.3)))
    return Strip(f"{junction}/{arm.name}", arm.road, (s[0], s[1]), arm.road.carriageway)


def _stop_line(junction: str, arm: Arm, ahead: float, *, signalled: bool) -> StopLine:
    s = sorted((arm.s(ahead), arm.s(ahead + STOP_LINE_WIDTH)))
    bounds = [
        arm.road.lane_bounds(lane.id) for kind in ("driving", "biking") for lane in arm.lanes(kind, entering=True)
    ]
    t = (min((b[0] for b in bounds), default=0.0), max((b[1] for b in bounds), default=0.0))
    name = f"{junction}/{arm.name}"
    return StopLine(arm, ahead, Strip(name, arm.road, (s[0], s[1]), t), name if signalled else None)


# --- signals ---------------------------------------------------------------------------------------------------------


def _plan(
    signals: SignalPlanSpec | None, spec: JunctionSpec, arms: list[Arm]
) -> tuple[SignalPlan | None, dict[str, int]]:
    """The plan and the stage of each arm; opposite arms share one, and stages follow in the order of `connect`."""
    if signals is None:
        return None, {}
    order = sorted(arms, key=lambda arm: (arm.road.name != signals.first, spec.connect.index(arm.name)))
    stages: dict[str, int] = {}
    for arm in order:
        if arm.name in stages:
            continue
        stage = max(stages.values(), default=-1) + 1
        stages[arm.name] = stage
        opposite = next((other for other in order if other.name not in stages and _opposite(arm, other)), None)
        if opposite is not None:
            stages[opposite.name] = stage
    plan = SignalPlan(max(stages.values()) + 1, signals.green, signals.amber, signals.all_red, signals.offset)
    return plan, stages


def _opposite(a: Arm, b: Arm) -> bool:
    return turn_of(a, b) == "straight" and turn_of(b, a) == "straight"


def _head(line: StopLine, stage: int) -> SignalHead:
    """On the right-hand pavement, half a metre behind the kerb, at the stop line."""
    x, y, heading = line.arm.inbound(line.arm.carriageway[0] - 0.5, line.ahead + STOP_LINE_WIDTH)
    return SignalHead(line.strip.name, stage, x, y, wrapped(heading + math.pi))
