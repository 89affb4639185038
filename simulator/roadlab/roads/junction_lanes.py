"""Which lanes lead through a junction, and along which curves."""

from __future__ import annotations

import math
from dataclasses import replace

from roadlab.roads.connecting import connecting_curve
from roadlab.roads.connections import Connection, Turn
from roadlab.roads.cubics import Cubics
from roadlab.roads.junction import Arm, turn_of
from roadlab.roads.lanes import Lane, LaneSection, LaneType, RoadLink
from roadlab.roads.marks import RoadMark
from roadlab.roads.reference_line import ReferenceLine
from roadlab.roads.relief import FLAT, Relief
from roadlab.roads.road import Road
from roadlab.scenario.spec import JunctionSpec, RampSpec

_LEFT_TURN_RADIUS = 13.0
_EASING = 0.3


def connecting_roads(junction: str, spec: JunctionSpec, arms: list[Arm]) -> tuple[dict[str, Road], list[Connection]]:
    """The roads that lead through a junction by name, and how its arms are connected with them."""
    roads, links = {}, []
    for origin in arms:
        for target in arms:
            if target is origin:
                continue
            for number, (entry, leave) in enumerate(lane_pairs(spec, origin, target), 1):
                name = f"{junction}/{origin.name}-{target.name}" + (f"/{number}" if number > 1 else "")
                road = _connecting_road(name, junction, origin, target, entry, leave, spec.kerb_radius)
                if road is not None:
                    lined = spec.entry is not None or spec.exit is not None or goes_round(origin, target)
                    roads[name] = _painted(road, origin, entry if spec.exit is not None else leave) if lined else road
                    links.append(Connection(origin.road.name, name, "start", ((entry.id, -1),)))
    return roads, links


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


def _painted(road: Road, origin: Arm, like: Lane) -> Road:
    """A connecting road with the marks of one of the lanes that it joins, where they lie alike."""
    if origin.end != "end":
        return road
    (section,) = road.sections
    inner = origin.road.sections[origin.section].center_marks if abs(like.id) == 1 else ()
    right, left = (like.marks, inner) if like.id < 0 else (inner, like.marks)
    lanes = tuple(replace(lane, marks=_from_start(right)) for lane in section.lanes)
    return replace(road, sections=(replace(section, lanes=lanes, center_marks=_from_start(left)),))


def _from_start(marks: tuple[RoadMark, ...]) -> tuple[RoadMark, ...]:
    return tuple(replace(mark, s=0.0) for mark in marks[:1])


def _lane_curve(
    origin: Arm, target: Arm, aside: float, beyond: float, kind: LaneType, radius: float
) -> ReferenceLine | None:
    start, end = origin.inbound(aside), target.outbound(beyond)
    if goes_round(origin, target):
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
        if goes_round(origin, target) or turn == "straight":
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


def goes_round(origin: Arm, target: Arm) -> bool:
    """Whether two roads bend alike where they end, as those of a circle do."""
    return abs(origin.bend) > 1e-4 and abs(origin.bend + target.bend) < 0.05 * abs(origin.bend)
