"""A junction made from the road ends that meet in it: connecting roads, corners, crosswalks, stop lines, signals."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import shapely

from roadlab.roads.authored.drafting import arms_among
from roadlab.roads.connecting import connecting_curve
from roadlab.roads.connections import ConnectingLane, connecting_lanes, successions
from roadlab.roads.curves import AnyPiece
from roadlab.roads.junction import (
    STOP_LINE_WIDTH,
    Arm,
    Corner,
    Crossing,
    Junction,
    StopLine,
    Strip,
    crossings,
    in_order,
)
from roadlab.roads.junction_lanes import connecting_roads, goes_round
from roadlab.roads.junction_signals import head_at, plan_of, walk_heads
from roadlab.roads.lanes import PAVEMENTS, LaneKey
from roadlab.roads.reference_line import ReferenceLine
from roadlab.roads.road import Floats, Road
from roadlab.scenario.spec import JunctionSpec

CROSSWALK_WIDTH = 4.0
_STRAY = 0.05
"""Ways through a junction that stray no farther than this from what lies between its kerbs lie on it [m]."""
_NOTCH = 1.0
"""Half the width of kerbs between two ways that are paved over [m]."""


def build_junction(name: str, spec: JunctionSpec, roads: Mapping[str, Road]) -> Junction:
    """The junction of a map without problems; roundabouts have become several by then."""
    arms = in_order(arms_among(spec, roads))
    corners, room = _corners(arms, spec.kerb_radius)
    inside, links = connecting_roads(name, spec, arms)
    around = {**{arm.road.name: arm.road for arm in arms}, **inside}
    connections = tuple(
        _going_on(lane, around)
        for lane in connecting_lanes(around, list(successions(around, links)))
        if lane.junction == name
    )
    ground = _paved(corners, arms, connections)
    crossed = {arm.name for arm in arms if _is_crossed(spec, arm)}
    crosswalks = [_crosswalk(name, arm, free) for arm, free in zip(arms, room, strict=True) if arm.name in crossed]
    plan, stages = plan_of(spec.signals, spec, arms)
    lines = {line.arm: -line.before for line in spec.stop_lines}
    stop_lines = [
        _stop_line(name, arm, lines.get(arm.name, free - _back(arm.name in crossed)), signalled=plan is not None)
        for arm, free in zip(arms, room, strict=True)
        if arm.lanes("driving", entering=True) and spec.connect and arm.road.name not in spec.priority
    ]
    shared = crossings(connections)
    return Junction(
        name=name,
        arms=tuple(arms),
        connections=connections,
        corners=tuple(_cut(corner, ground) for corner in corners),
        polygon=ground,
        crosswalks=tuple(crosswalks),
        stop_lines=tuple(stop_lines),
        heads=tuple(head_at(line, stages[line.arm.name]) for line in stop_lines if line.signal),
        plan=plan,
        crossings=shared,
        links=tuple(links),
        priorities=_priorities(spec, connections, shared),
        control=spec.control or ("signals" if plan is not None else None),
        priority_roads=tuple(spec.priority),
        walk_heads=tuple(head for strip in crosswalks if plan is not None for head in walk_heads(strip, arms, stages)),
    )


def _priorities(
    spec: JunctionSpec, lanes: Sequence[ConnectingLane], shared: Mapping[tuple[LaneKey, LaneKey], Crossing]
) -> tuple[tuple[str, str], ...]:
    """Pairs of connecting roads that meet, the one from a road with priority first."""
    first = {lane.key for lane in lanes if lane.origin.road in spec.priority}
    return tuple((a.road, b.road) for a, b in shared if a in first and b not in first)


def _is_crossed(spec: JunctionSpec, arm: Arm) -> bool:
    if not spec.connect or not spec.crosswalks:
        return False
    if spec.crosswalk_arms is not None:
        return arm.name in spec.crosswalk_arms
    return any(lane.type in PAVEMENTS for lane in arm.road.sections[arm.section].lanes)


def _back(crossed: bool) -> float:
    return (0.3 + CROSSWALK_WIDTH + 1.0 if crossed else 0.5) + STOP_LINE_WIDTH


def _paved(corners: list[Corner], arms: Sequence[Arm], lanes: Sequence[ConnectingLane]) -> shapely.Geometry:
    """What lies between the kerbs, and in junctions that are skew what vehicles need besides."""
    ring = shapely.Polygon(np.concatenate([corner.kerb for corner in corners]))
    ring = ring if ring.is_valid else ring.buffer(0.0)
    strips = np.array([lane.road.lane_patch(lane.key.lane) for lane in lanes], dtype=object)
    beyond = shapely.difference(shapely.make_valid(strips), ring.buffer(_STRAY))
    wanted = strips[shapely.area(beyond) > _STRAY]
    if not len(wanted):
        return ring
    whole = shapely.union_all([ring, *shapely.make_valid(wanted)], grid_size=0.001)
    whole = whole.buffer(_NOTCH).buffer(-_NOTCH)  # no spikes of kerb between the ways
    roads = shapely.union_all([arm.road.patch(arm.road.paved, arm.road.carriageway) for arm in arms])
    parts = shapely.get_parts(shapely.union_all([ring, whole.difference(roads)], grid_size=0.001))
    return max(parts, key=lambda part: float(part.area))


def _cut(corner: Corner, ground: shapely.Geometry) -> Corner:
    pavement = corner.pavement
    shared = shapely.intersection(pavement, ground).area
    return replace(corner, pavement=pavement.difference(ground)) if shared > _STRAY else corner


def _going_on(lane: ConnectingLane, roads: Mapping[str, Road]) -> ConnectingLane:
    """On a circle one drives straight on, whatever the angle."""
    origin, target = roads[lane.origin.road], roads[lane.target.road]
    return replace(lane, turn="straight") if origin.one_way and target.one_way and _bent(lane, roads) else lane


def _bent(lane: ConnectingLane, roads: Mapping[str, Road]) -> bool:
    return goes_round(Arm(roads[lane.origin.road], "end"), Arm(roads[lane.target.road], "start"))


# --- places ----------------------------------------------------------------------------------------------------------


def _corners(arms: list[Arm], radius: float) -> tuple[list[Corner], list[float]]:
    """The corners, and for each arm how far beyond its road's end its two kerbs stay straight [m]."""
    corners, room = [], [[math.inf, math.inf] for _ in arms]
    for i, arm in enumerate(arms):
        j = (i + 1) % len(arms)
        own = math.inf if goes_round(arm, arms[j]) else radius
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
