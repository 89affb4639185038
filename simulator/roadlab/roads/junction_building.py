"""A junction made from the road ends that meet in it: connecting roads, corners, crosswalks, stop lines, signals."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import shapely

from roadlab.roads.authored.drafting import arms_among
from roadlab.roads.connecting import connecting_curve, wrapped
from roadlab.roads.connections import ConnectingLane, Connection, Turn, connecting_lanes, successions
from roadlab.roads.cubics import Cubics
from roadlab.roads.curves import AnyPiece
from roadlab.roads.junction import Arm, Corner, Junction, StopLine, Strip, crossings, in_order, turn_of
from roadlab.roads.lanes import PAVEMENTS, Lane, LaneSection, LaneType, RoadLink
from roadlab.roads.reference_line import ReferenceLine
from roadlab.roads.relief import FLAT, Relief
from roadlab.roads.road import Floats, Road
from roadlab.roads.signals import SignalHead, SignalPlan, WalkHead
from roadlab.scenario.spec import JunctionSpec, RampSpec, SignalPlanSpec

CROSSWALK_WIDTH = 4.0
STOP_LINE_WIDTH = 0.5
WALKING_SPEED = 1.2
"""Of people for whom signals turn red in time [m/s] (RiLSA)."""
_LEFT_TURN_RADIUS = 13.0
_EASING = 0.3


def build_junction(name: str, spec: JunctionSpec, roads: Mapping[str, Road]) -> Junction:
    """The junction of a map without problems; roundabouts have become several by then."""
    arms = in_order(arms_among(spec, roads))
    corners, room = _corners(arms, spec.kerb_radius)
    inside, links = _connecting_roads(name, spec, arms)
    around = {**{arm.road.name: arm.road for arm in arms}, **inside}
    connections = tuple(
        _going_on(lane, around)
        for lane in connecting_lanes(around, list(successions(around, links)))
        if lane.junction == name
    )
    crossed = {arm.name for arm in arms if _is_crossed(spec, arm)}
    crosswalks = [_crosswalk(name, arm, free) for arm, free in zip(arms, room, strict=True) if arm.name in crossed]
    plan, stages = _plan(spec.signals, spec, arms)
    lines = {line.arm: -line.before for line in spec.stop_lines}
    stop_lines = [
        _stop_line(name, arm, lines.get(arm.name, free - _back(arm.name in crossed)), signalled=plan is not None)
        for arm, free in zip(arms, room, strict=True)
        if arm.lanes("driving", entering=True) and spec.connect and arm.road.name not in spec.priority
    ]
    return Junction(
        name=name,
        arms=tuple(arms),
        connections=connections,
        corners=tuple(corners),
        polygon=_inside(corners),
        crosswalks=tuple(crosswalks),
        stop_lines=tuple(stop_lines),
        heads=tuple(_head(line, stages[line.arm.name]) for line in stop_lines if line.signal),
        plan=plan,
        crossings=crossings(connections),
        links=tuple(links),
        control=spec.control or ("signals" if plan is not None else None),
        priority_roads=tuple(spec.priority),
        walk_heads=tuple(head for strip in crosswalks if plan is not None for head in _walk_heads(strip, arms, stages)),
    )


def _is_crossed(spec: JunctionSpec, arm: Arm) -> bool:
    if not spec.connect or not spec.crosswalks:
        return False
    if spec.crosswalk_arms is not None:
        return arm.name in spec.crosswalk_arms
    return any(lane.type in PAVEMENTS for lane in arm.road.sections[arm.section].lanes)


def _back(crossed: bool) -> float:
    return (0.3 + CROSSWALK_WIDTH + 1.0 if crossed else 0.5) + STOP_LINE_WIDTH


def _inside(corners: list[Corner]) -> shapely.Geometry:
    ring = shapely.Polygon(np.concatenate([corner.kerb for corner in corners]))
    return ring if ring.is_valid else ring.buffer(0.0)


def _going_on(lane: ConnectingLane, roads: Mapping[str, Road]) -> ConnectingLane:
    """On a circle one drives straight on, whatever the angle."""
    origin, target = roads[lane.origin.road], roads[lane.target.road]
    return replace(lane, turn="straight") if origin.one_way and target.one_way and _bent(lane, roads) else lane


def _bent(lane: ConnectingLane, roads: Mapping[str, Road]) -> bool:
    return _goes_round(Arm(roads[lane.origin.road], "end"), Arm(roads[lane.target.road], "start"))


def _goes_round(origin: Arm, target: Arm) -> bool:
    """Whether two roads bend alike where they end, as those of a circle do."""
    return abs(origin.bend) > 1e-4 and abs(origin.bend + target.bend) < 0.05 * abs(origin.bend)


# --- paths -----------------------------------------------------------------------------------------------------------


def _connecting_roads(junction: str, spec: JunctionSpec, arms: list[Arm]) -> tuple[dict[str, Road], list[Connection]]:
    roads, links = {}, []
    for origin in arms:
        for target in arms:
            if target is origin:
                continue
            for number, (entry, leave) in enumerate(lane_pairs(spec, origin, target), 1):
                name = f"{junction}/{origin.name}-{target.name}" + (f"/{number}" if number > 1 else "")
                road = _connecting_road(name, junction, origin, target, entry, leave, spec.kerb_radius)
                if road is not None:
                    roads[name] = road
                    links.append(Connection(origin.road.name, name, "start", ((entry.id, -1),)))
    return roads, links


def lane_pairs(spec: JunctionSpec, origin: Arm, target: Arm) -> list[tuple[Lane, Lane]]:
    """Which lane leads to which between two arms of a junction."""
    ramp = spec.entry or spec.exit
    if ramp is not None:
        return _ramp_pairs(ramp, origin, target, "entry" if spec.entry is not None else "exit")
    return _lane_pairs(spec, origin, target)


def _ramp_pairs(ramp: RampSpec, origin: Arm, target: Arm, kind: str) -> list[tuple[Lane, Lane]]:
    """The motorway's own lanes go on; the ramp's leads to or from the lane beside them."""
    entries, leaves = origin.lanes("driving", entering=True), target.lanes("driving", entering=False)
    if (origin.name, target.name) == (ramp.main, ramp.onto):
        return list(zip(entries, leaves, strict=False))
    if kind == "entry" and (origin.name, target.name) == (ramp.ramp, ramp.onto):
        return list(zip(entries, target.lanes("entry", entering=False), strict=False))
    if kind == "exit" and (origin.name, target.name) == (ramp.main, ramp.ramp):
        return list(zip(origin.lanes("exit", entering=True), leaves, strict=False))
    return []


def _lane_pairs(spec: JunctionSpec, origin: Arm, target: Arm) -> list[tuple[Lane, Lane]]:
    """Turns away from the kerb from the innermost lane, turns along it from the outermost, unless it is said; bikes
    to bikes.
    """
    entries, leaves = origin.lanes("driving", entering=True), target.lanes("driving", entering=False)
    pairs: list[tuple[Lane, Lane]] = []
    turn = turn_of(origin, target)
    if entries and leaves:
        if _goes_round(origin, target) or turn == "straight":
            pairs = [(entry, leaves[min(k, len(leaves) - 1)]) for k, entry in enumerate(entries)]
        elif (turn == "right") is origin.road.left_hand:
            pairs = [(entries[0], leaves[0])]
        else:
            pairs = [(entries[-1], leaves[-1])]
        pairs = _overridden(pairs, spec, origin, turn, entries, leaves)
    bikes = origin.lanes("biking", entering=True)
    onto = target.lanes("biking", entering=False) or leaves[-1:]
    return pairs + [(bike, onto[0]) for bike in bikes if onto]


def _overridden(
    pairs: list[tuple[Lane, Lane]], spec: JunctionSpec, origin: Arm, turn: Turn, entries: list[Lane], leaves: list[Lane]
) -> list[tuple[Lane, Lane]]:
    """The pairs with those lanes that the specification tells where to lead."""
    told = {one.lane: one.turn for one in spec.turns if one.arm == origin.name}
    if not told:
        return pairs
    mine = [lane for lane in entries if turn in told.get(lane.id, ())]
    outer = (turn == "right") is not origin.road.left_hand
    places = range(-len(mine), 0) if outer and turn != "straight" else range(len(mine))
    own = [(lane, leaves[max(-len(leaves), min(k, len(leaves) - 1))]) for lane, k in zip(mine, places, strict=True)]
    return [pair for pair in pairs if pair[0].id not in told] + own


def _connecting_road(
    name: str, junction: str, origin: Arm, target: Arm, entry: Lane, leave: Lane, radius: float
) -> Road | None:
    """One lane whose centre is the reference line; None where no curve was found."""
    aside, beyond = origin.aside(entry.id), target.aside(leave.id)
    curve = _lane_curve(origin, target, aside, beyond, entry.type, radius)
    if curve is None:
        return None
    ends = (0.0, curve.length)
    widths = (origin.width(entry.id), target.width(leave.id))
    kind: LaneType = "biking" if entry.type == "biking" else "driving"
    lane = Lane(
        -1, kind, Cubics.ramp(ends, widths), height=entry.height, predecessors=(entry.id,), successors=(leave.id,)
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


def _lane_curve(
    origin: Arm, target: Arm, aside: float, beyond: float, kind: LaneType, radius: float
) -> ReferenceLine | None:
    start, end = origin.inbound(aside), target.outbound(beyond)
    if _goes_round(origin, target):
        return connecting_curve(start, end, math.inf, easing=0.0)
    if "entry" in (kind, *(lane.type for lane in target.lanes("entry", entering=False))) or kind == "exit":
        return connecting_curve(start, end, math.inf, easing=_EASING)
    near = "left" if origin.road.left_hand else "right"
    if turn_of(origin, target) != near:
        return connecting_curve(start, end, _LEFT_TURN_RADIUS, easing=_EASING)
    away = origin.carriageway[1] - aside if origin.road.left_hand else aside - origin.carriageway[0]
    return connecting_curve(start, end, radius + away, easing=_EASING)


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


def _corners(arms: list[Arm], radius: float) -> tuple[list[Corner], list[float]]:
    """The corners, and for each arm how far beyond its road's end its two kerbs stay straight [m]."""
    corners, room = [], [[math.inf, math.inf] for _ in arms]
    for i, arm in enumerate(arms):
        j = (i + 1) % len(arms)
        own = math.inf if _goes_round(arm, arms[j]) else radius
        kerb = _round(arm, arms[j], arm.carriageway[0], arms[j].carriageway[1], own)
        if kerb is not None and len(kerb.pieces) > 1:
            room[i][0] = _straight(kerb.pieces[0])
            room[j][1] = _straight(kerb.pieces[-1])
        corners.append(_corner(arm, arms[j], kerb, radius))
    free = [min(sides) for sides in room]
    return corners, [value if math.isfinite(value) else 0.0 for value in free]


def _straight(piece: AnyPiece) -> float:
    return piece.length if piece.sharpest == 0.0 else 0.0


def _round(arm: Arm, following: Arm, right: float, left: float, radius: float) -> ReferenceLine | None:
    start, end = arm.inbound(right), following.outbound(left)
    curve = connecting_curve(start, end, radius, easing=0.0)
    detour = math.inf if curve is None else curve.length / max(math.dist(start[:2], end[:2]), 1e-6)
    return curve if detour < 2.0 else None


def _corner(arm: Arm, following: Arm, kerb: ReferenceLine | None, radius: float) -> Corner:
    right, left = arm.carriageway[0], following.carriageway[1]
    outer_right, outer_left = arm.pavement[0], following.pavement[1]
    width = max(right - outer_right, outer_left - left)
    inner = _sampled(kerb, arm, following, right, left)
    if width < 0.1:
        return Corner(inner, shapely.Polygon())
    outer = _round(arm, following, outer_right, outer_left, max(radius - width, 0.5))
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
    """The plan and the stage of each arm; unless it is said, opposite arms share one, in the order of `connect`."""
    if signals is None:
        return None, {}
    stages = _stages(signals, spec, arms)
    return (
        SignalPlan(
            max(stages.values()) + 1,
            signals.green,
            signals.amber,
            signals.all_red,
            signals.offset,
            greens=tuple(signals.greens or ()),
        ),
        stages,
    )


def _stages(signals: SignalPlanSpec, spec: JunctionSpec, arms: list[Arm]) -> dict[str, int]:
    if signals.stages is not None:
        return {end: number for number, ends in enumerate(signals.stages) for end in ends}
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
    return stages


def _opposite(a: Arm, b: Arm) -> bool:
    return turn_of(a, b) == "straight" and turn_of(b, a) == "straight"


def _head(line: StopLine, stage: int) -> SignalHead:
    """On the pavement beside the lanes that it stops, half a metre behind the kerb, at the stop line."""
    edge = line.arm.carriageway[1] + 0.5 if line.arm.road.left_hand else line.arm.carriageway[0] - 0.5
    x, y, heading = line.arm.inbound(edge, line.ahead + STOP_LINE_WIDTH)
    return SignalHead(line.strip.name, stage, x, y, wrapped(heading + math.pi))


def _walk_heads(strip: Strip, arms: list[Arm], stages: Mapping[str, int]) -> list[WalkHead]:
    """At both ends of a crosswalk; people walk while neither its own arm nor the one opposite is green."""
    arm = next(arm for arm in arms if f"{strip.name}".endswith(f"/{arm.name}"))
    against = {stages[other.name] for other in arms if other is arm or (other.name in stages and _opposite(other, arm))}
    walking = tuple(stage for stage in range(max(stages.values()) + 1) if stage not in against)
    clearance = (strip.t[1] - strip.t[0]) / WALKING_SPEED
    middle = 0.5 * (strip.s[0] + strip.s[1])
    ahead = middle - arm.road.length if arm.end == "end" else -middle
    heads = []
    for side, edge, turn in (("right", arm.carriageway[0] - 0.5, 0.5), ("left", arm.carriageway[1] + 0.5, -0.5)):
        x, y, heading = arm.inbound(edge, ahead)
        heads.append(
            WalkHead(f"{strip.name}/{side}", strip.name, walking, clearance, x, y, wrapped(heading + turn * math.pi))
        )
    return heads
