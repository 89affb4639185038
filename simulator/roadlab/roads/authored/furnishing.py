"""What stands on an author's road: parking spaces, islands, bumps, beacons."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import numpy as np

from roadlab.roads.authored.additions import BAY_DEPTH
from roadlab.roads.authored.layout import Layout, sections_of
from roadlab.roads.cross_section import CrossSections
from roadlab.roads.cubics import Cubics
from roadlab.roads.furniture import Corner, Outline, Repeat, RoadObject
from roadlab.roads.lanes import CAR_LANES, ROAD_LEVEL, LaneSection
from roadlab.roads.profiles import KERB_HEIGHT
from roadlab.scenario.spec import BaySpec, BumpSpec, IslandSpec, RoadSpec, WorkZoneSpec

SPACE = {"parallel": 5.7, "angled": 2.9, "perpendicular": 2.5}
"""Of one car along the kerb [m] (EAR 05: 2.50 m wide; 2.50 m / sin 60 degrees for angled ones)."""
_ANGLE = math.radians(60.0)
_BEACONS = 10.0
"""Between beacons [m] (RSA 21)."""
_BEACON_HEIGHT = 1.0


class _Edges:
    """T of lanes of a layout."""

    def __init__(self, layout: Layout, length: float, offset: Cubics) -> None:
        self._sections = sections_of(layout, length)
        self.length = length
        self._table = CrossSections.of(self._sections, offset, length)

    def lanes(self, s: float) -> list[tuple[int, str, float, float]]:
        """(id, type, right, left) from right to left."""
        section: LaneSection = [part for part in self._sections if part.s <= max(s, 0.0)][-1]
        bounds = [self._table.bounds(s, lane.id) for lane in section.lanes]
        return [(lane.id, lane.type, float(b[0]), float(b[1])) for lane, b in zip(section.lanes, bounds, strict=True)]

    def carriageway(self, s: float) -> tuple[float, float]:
        """T of its right and left edge."""
        level = [(right, left) for _, kind, right, left in self.lanes(s) if kind in ROAD_LEVEL]
        return (level[0][0], level[-1][1]) if level else (0.0, 0.0)

    def island(self, s: float) -> tuple[float, float]:
        """T of the right and left edge of what is raised in the middle."""
        medians = [(right, left) for _, kind, right, left in self.lanes(s) if kind == "median"]
        return medians[0][0], medians[-1][1]


def objects_of(
    spec: RoadSpec, layout: Layout, length: float, offset: Cubics, runs_along: Callable[[int], bool]
) -> tuple[RoadObject, ...]:
    """All of a road whose specification has no problems; their ids are numbers from 1 on.

    `runs_along` tells whether the traffic of a lane runs along s.
    """
    if not (spec.bays or spec.islands or spec.bumps or spec.work_zones):
        return ()
    edges = _Edges(layout, length, offset)
    ids = (str(number) for number in count(1))
    found: list[RoadObject] = []
    for bay in spec.bays:
        found += _spaces(bay, edges, ids)
    found += [_island(island, edges, next(ids)) for island in spec.islands]
    found += [_bump(bump, edges, next(ids)) for bump in spec.bumps]
    for zone in spec.work_zones:
        found += _beacons(zone, edges, ids, along=runs_along(zone.lanes[0]))
    return tuple(found)


def _spaces(bay: BaySpec, edges: _Edges, ids: Iterator[str]) -> list[RoadObject]:
    if bay.type == "bus":
        return [_bus_stop(bay, edges, next(ids))]
    depth, pitch = bay.depth or BAY_DEPTH[bay.type], SPACE[bay.type]
    lean = depth / math.tan(_ANGLE) if bay.type == "angled" else 0.0
    found = []
    for k in range(int((bay.length - lean) / pitch + 1e-9)):
        low = bay.s + k * pitch
        sign, inner = _bay_edge(bay, edges, low + 0.5 * pitch)
        outer = inner + sign * depth
        ring = [(low, inner), (low + pitch, inner), (low + pitch + lean, outer), (low + lean, outer)]
        middle = (low + 0.5 * (pitch + lean), 0.5 * (inner + outer))
        size = (pitch, depth) if bay.type == "parallel" else (depth / math.sin(_ANGLE) if lean else depth, pitch)
        turn = 0.0 if bay.type == "parallel" else sign * (_ANGLE if lean else 0.5 * math.pi)
        found.append(_flat(next(ids), "parkingSpace", bay.type, middle, ring, 0.0, size, turn))
    return found


def _bus_stop(bay: BaySpec, edges: _Edges, name: str) -> RoadObject:
    depth = bay.depth or BAY_DEPTH["bus"]
    sign, inner = _bay_edge(bay, edges, bay.s + 0.5 * bay.length)
    ring = [(bay.s, inner), (bay.s + bay.length, inner), (bay.s + bay.length, inner + sign * depth),
            (bay.s, inner + sign * depth)]  # fmt: skip
    middle = (bay.s + 0.5 * bay.length, inner + 0.5 * sign * depth)
    return _flat(name, "parkingSpace", "bus", middle, ring, 0.0, (bay.length, depth))


def _bay_edge(bay: BaySpec, edges: _Edges, s: float) -> tuple[float, float]:
    """+1 on the left and -1 on the right, and t of the bay's edge towards the road."""
    right, left = edges.carriageway(s)
    depth = bay.depth or BAY_DEPTH[bay.type]
    return (-1.0, right + depth) if bay.side == "right" else (1.0, left - depth)


def _island(island: IslandSpec, edges: _Edges, name: str) -> RoadObject:
    """Along the lanes that are raised for it, wherever these lead, with a nose at either end."""
    half = 0.5 * island.length
    right, left = edges.island(island.s)
    nose = min(0.5 * (left - right), 0.5 * half)
    low, high = island.s - half, island.s + half
    along = np.linspace(low + nose, high - nose, max(2, int(island.length - 2.0 * nose) + 1)).tolist()
    bounds = {s: edges.island(s) for s in (low + 0.01, *along, high - 0.01)}
    start, end = bounds[low + 0.01], bounds[high - 0.01]
    ring = [(low, start[0] + nose), *((s, bounds[s][0]) for s in along), (high, end[0] + nose), (high, end[1] - nose),
            *((s, bounds[s][1]) for s in reversed(along)), (low, start[1] - nose)]  # fmt: skip
    return _flat(name, "trafficIsland", "", (island.s, 0.5 * (right + left)), ring, KERB_HEIGHT,
                 (island.length, left - right))  # fmt: skip


def _bump(bump: BumpSpec, edges: _Edges, name: str) -> RoadObject:
    right, left = edges.carriageway(bump.s)
    half = 0.5 * bump.length
    ring = [(bump.s - half, right), (bump.s + half, right), (bump.s + half, left), (bump.s - half, left)]
    return _flat(name, "roadSurface", "bump", (bump.s, 0.5 * (right + left)), ring, bump.height,
                 (bump.length, left - right))  # fmt: skip


def _flat(
    name: str,
    kind: str,
    subtype: str,
    place: tuple[float, float],
    ring: Sequence[tuple[float, float]],
    height: float,
    size: tuple[float, float],
    heading: float = 0.0,
) -> RoadObject:
    """A thing whose outline is given as (s, t)."""
    corners = tuple(Corner(s, t, 0.0, height) for s, t in ring)
    return RoadObject(
        name,
        f"{subtype} {kind}".strip(),
        kind,
        *place,
        0.0,
        subtype=subtype,
        heading=heading,
        length=size[0],
        width=size[1],
        height=height,
        outlines=(Outline(corners, local=False),),
    )


def _beacons(zone: WorkZoneSpec, edges: _Edges, ids: Iterator[str], *, along: bool) -> list[RoadObject]:
    """Along the edges towards open lanes, and slanting across the closed ones before them."""
    lanes = edges.lanes(zone.s + 0.5 * zone.length)
    bounds = [(right, left) for number, _, right, left in lanes if number in zone.lanes]
    if not bounds:
        return []
    right, left = min(b[0] for b in bounds) + 0.3, max(b[1] for b in bounds) - 0.3
    open_lanes = [number for number, kind, _, _ in lanes if kind in CAR_LANES and number * zone.lanes[0] > 0]
    inside = any(abs(number) < min(map(abs, zone.lanes)) for number in open_lanes)
    outside = any(abs(number) > max(map(abs, zone.lanes)) for number in open_lanes)
    inner, outer = (right, left) if zone.lanes[0] > 0 else (left, right)
    guarded = [t for t, there in ((inner, inside or not outside), (outer, outside)) if there]
    other = outer if guarded[0] == inner else inner
    found = []
    start, end = (zone.s - zone.taper, zone.s) if along else (zone.s + zone.length, zone.s + zone.length + zone.taper)
    start, end = max(start, 0.0), min(end, edges.length)
    if end - start > 1.0:
        t = (other, guarded[0]) if along else (guarded[0], other)
        found.append(_row(next(ids), start, end - start, t, 5.0))
    return [*found, *(_row(next(ids), zone.s, zone.length, (t, t), _BEACONS) for t in guarded)]


def _row(name: str, s: float, length: float, t: tuple[float, float], distance: float) -> RoadObject:
    repeat = Repeat(s, length, distance, t, (0.0, 0.0), (0.25, 0.25), (_BEACON_HEIGHT, _BEACON_HEIGHT), (0.05, 0.05))
    return RoadObject(
        name,
        "beacon",
        "barrier",
        s,
        t[0],
        0.0,
        subtype="beacon",
        length=0.05,
        width=0.25,
        height=_BEACON_HEIGHT,
        repeats=(repeat,),
    )
