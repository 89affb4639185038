"""A junction made from the road ends that meet in it: connecting roads, corners, crosswalks, stop lines, signals."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import shapely

from roadlab.roads.connecting import connecting_curve, wrapped
from roadlab.roads.connections import Connection, connecting_lanes, successions
from roadlab.roads.cubics import Cubics
from roadlab.roads.curves import AnyPiece
from roadlab.roads.junction import Arm, Corner, Junction, StopLine, Strip, arms_of, crossings, in_order, turn_of
from roadlab.roads.lanes import Lane, LaneSection, RoadLink
from roadlab.roads.reference_line import ReferenceLine
from roadlab.roads.relief import FLAT, Relief
from roadlab.roads.road import Floats, Road
from roadlab.roads.signals import SignalHead, SignalPlan
from roadlab.scenario.spec import JunctionSpec, SignalPlanSpec

CORNER_RADIUS = 6.0
CROSSWALK_WIDTH = 4.0
STOP_LINE_WIDTH = 0.5
_LEFT_TURN_RADIUS = 13.0
_EASING = 0.3


def build_junction(name: str, spec: JunctionSpec, roads: Mapping[str, Road]) -> Junction:
    """The junction of a map without problems."""
    arms = in_order(arms_of(spec, roads))
    corners, room = _corners(arms)
    inside, links = _connecting_roads(name, arms)
    around = {**{arm.road.name: arm.road for arm in arms}, **inside}
    connections = tuple(
        lane for lane in connecting_lanes(around, list(successions(around, links))) if lane.junction == name
    )
    crosswalks = [_crosswalk(name, arm, free) for arm, free in zip(arms, room, strict=True)] if spec.crosswalks else []
    plan, stages = _plan(spec.signals, spec, arms)
    back = (0.3 + CROSSWALK_WIDTH + 1.0 if spec.crosswalks else 0.5) + STOP_LINE_WIDTH
    entered = [(arm, free - back) for arm, free in zip(arms, room, strict=True) if arm.lanes("driving", entering=True)]
    stop_lines = [_stop_line(name, arm, ahead, signalled=plan is not None) for arm, ahead in entered]
    return Junction(
        name=name,
        arms=tuple(arms),
        connections=connections,
        corners=tuple(corners),
        polygon=shapely.Polygon(np.concatenate([corner.kerb for corner in corners])),
        crosswalks=tuple(crosswalks),
        stop_lines=tuple(stop_lines),
        heads=tuple(_head(line, stages[line.arm.name]) for line in stop_lines if line.signal),
        plan=plan,
        crossings=crossings(connections),
        links=tuple(links),
    )


# --- paths -----------------------------------------------------------------------------------------------------------


def _connecting_roads(junction: str, arms: list[Arm]) -> tuple[dict[str, Road], list[Connection]]:
    roads, links = {}, []
    for origin in arms:
        for target in arms:
            if target is origin:
                continue
            for number, (entry, leave) in enumerate(_lane_pairs(origin, target), 1):
                name = f"{junction}/{origin.name}-{target.name}" + (f"/{number}" if number > 1 else "")
                road = _connecting_road(name, junction, origin, target, entry, leave)
                if road is not None:
                    roads[name] = road
                    links.append(Connection(origin.road.name, name, "start", ((entry.id, -1),)))
    return roads, links


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


def _connecting_road(name: str, junction: str, origin: Arm, target: Arm, entry: Lane, leave: Lane) -> Road | None:
    """One lane whose centre is the reference line; None where no curve was found."""
    aside, beyond = origin.aside(entry.id), target.aside(leave.id)
    radius = CORNER_RADIUS + aside - origin.carriageway[0] if turn_of(origin, target) == "right" else _LEFT_TURN_RADIUS
    curve = connecting_curve(origin.inbound(aside), target.outbound(beyond), radius, easing=_EASING)
    if curve is None:
        return None
    ends = (0.0, curve.length)
    widths = (origin.width(entry.id), target.width(leave.id))
    lane = Lane(
        -1, entry.type, Cubics.ramp(ends, widths), height=entry.height, predecessors=(entry.id,), successors=(leave.id,)
    )
    return Road(
        name,
        curve,
        (LaneSection(0.0, (lane,)),),
        min(origin.road.speed_limit, target.road.speed_limit),
        one_way=True,
        lane_offset=Cubics.ramp(ends, (0.5 * widths[0], 0.5 * widths[1])),
        relief=_relief(origin, target, aside, beyond, curve.length),
        left_hand=origin.road.left_hand,
        junction=junction,
        predecessor=RoadLink("road", origin.road.name, origin.end),
        successor=RoadLink("road", target.road.name, target.end),
    )


def _relief(origin: Arm, target: Arm, aside: float, beyond: float, length: float) -> Relief:
    """From one arm's height, slope and tilt to the other's."""
    if origin.road.relief.is_flat and target.road.relief.is_flat:
        return FLAT
    ends = []
    for arm, left, sign in ((origin, aside, 1.0), (target, beyond, -1.0)):
        s, t = arm.s(0.0), arm.inward * left
        normal = arm.road.normal(s, t)
        heading = float(arm.point(0.0, left)[2]) + (0.0 if sign > 0.0 else math.pi)
        ahead = normal[0] * math.cos(heading) + normal[1] * math.sin(heading)
        across = normal[1] * math.cos(heading) - normal[0] * math.sin(heading)
        ends.append((float(arm.road.height(s, t)), -ahead / normal[2], -math.atan2(across, normal[2])))
    (z0, slope0, tilt0), (z1, slope1, tilt1) = ends
    rise = (z1 - z0) / length
    c, d = (3.0 * rise - 2.0 * slope0 - slope1) / length, (slope0 + slope1 - 2.0 * rise) / length**2
    return Relief(Cubics.of([(0.0, z0, slope0, c, d)]), Cubics.ramp((0.0, length), (tilt0, tilt1)))


# --- places ----------------------------------------------------------------------------------------------------------


def _corners(arms: list[Arm]) -> tuple[list[Corner], list[float]]:
    """The corners, and for each arm how far beyond its road's end its two kerbs stay straight [m]."""
    corners, room = [], [[math.inf, math.inf] for _ in arms]
    for i, arm in enumerate(arms):
        j = (i + 1) % len(arms)
        kerb = _round(arm, arms[j], arm.carriageway[0], arms[j].carriageway[1], CORNER_RADIUS)
        if kerb is not None and len(kerb.pieces) > 1:
            room[i][0] = _straight(kerb.pieces[0])
            room[j][1] = _straight(kerb.pieces[-1])
        corners.append(_corner(arm, arms[j], kerb))
    free = [min(sides) for sides in room]
    return corners, [value if math.isfinite(value) else 0.0 for value in free]


def _straight(piece: AnyPiece) -> float:
    return piece.length if piece.sharpest == 0.0 else 0.0


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
    return Strip(f"{junction}/{arm.name}", arm.road, (s[0], s[1]), arm.carriageway_t)


def _stop_line(junction: str, arm: Arm, ahead: float, *, signalled: bool) -> StopLine:
    s = sorted((arm.s(ahead), arm.s(ahead + STOP_LINE_WIDTH)))
    bounds = [arm.bounds(lane.id) for kind in ("driving", "biking") for lane in arm.lanes(kind, entering=True)]
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
