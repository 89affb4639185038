"""The centre line of consecutive lanes as one dense polyline: what a driver follows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.connections import ConnectingLane
from roadlab.roads.junction import Junction, Strip
from roadlab.roads.lanes import LaneKey
from roadlab.roads.road import Floats, Road

SPACING = 0.5
"""Between the points of a path, at most [m]."""
_BESIDE = 0.2
"""Lanes that follow one another and whose middles are farther apart than this merge [m]."""
_MERGE = 50.0
"""Over this length at the end of the first [m]."""


@dataclass(frozen=True, slots=True)
class PathStop:
    """A stop line on a path."""

    s: float
    """Arc length of its near edge [m]."""
    junction: str
    signal: str | None
    """Name of the signal head that governs it; None where there is no signal."""


@dataclass(frozen=True, slots=True)
class PathCrosswalk:
    """A crosswalk that a path crosses, between two arc lengths [m]."""

    name: str
    enter: float
    leave: float


@dataclass(frozen=True)
class LanePath:
    """P points at most `SPACING` apart, in the direction of travel."""

    keys: tuple[LaneKey, ...]
    points: Floats
    """(P, 2) [m]."""
    z: Floats
    """(P,) height of the road's surface [m]."""
    heading: Floats
    """(P,) unwrapped [rad]."""
    s: Floats
    """(P,) arc length from the path's start, in the horizontal [m]."""
    curvature: Floats
    """(P,) positive to the left [1/m]."""
    speed_limit: Floats
    """(P,) [m/s]."""
    key_index: NDArray[np.int64]
    """(P,) index into `keys`."""
    key_start: Floats
    """(len(keys),) arc length at which each lane begins [m]."""
    stops: tuple[PathStop, ...]
    """In order of arc length."""
    crosswalks: tuple[PathCrosswalk, ...]
    """In order of arc length."""

    @property
    def length(self) -> float:
        """From the first to the last point [m]."""
        return float(self.s[-1])


@dataclass(frozen=True, eq=False)
class _Stretch:
    """One lane in its direction of travel; arrays of its points."""

    points: Floats
    z: Floats
    heading: Floats
    s: Floats
    curvature: Floats
    limit: Floats

    def after(self, other: _Stretch) -> _Stretch:
        """Behind another: without the point that they share, arc lengths and headings going on."""
        turns = round((other.heading[-1] - self.heading[0]) / (2.0 * math.pi))
        parts = (
            self.points,
            self.z,
            self.heading + 2.0 * math.pi * turns,
            self.s + other.s[-1],
            self.curvature,
            self.limit,
        )
        return _Stretch(*(part[1:] for part in parts))


def lane_path(
    roads: Mapping[str, Road],
    graph: nx.DiGraph,
    junctions: Mapping[str, Junction],
    connections: Mapping[LaneKey, ConnectingLane],
    crosswalks: Sequence[Strip],
    keys: Sequence[LaneKey],
) -> LanePath:
    """See `RoadNetwork.lane_path`."""
    _check_sequence(graph, keys)
    parts: list[_Stretch] = []
    begins = []
    for stretch in _meeting([_lane(roads[key.road], key) for key in keys]):
        begins.append(float(parts[-1].s[-1]) if parts else 0.0)
        parts.append(stretch.after(parts[-1]) if parts else stretch)
    points = np.concatenate([part.points for part in parts])
    return LanePath(
        keys=tuple(keys),
        points=points,
        z=np.concatenate([part.z for part in parts]),
        heading=np.concatenate([part.heading for part in parts]),
        s=np.concatenate([part.s for part in parts]),
        curvature=np.concatenate([part.curvature for part in parts]),
        speed_limit=np.concatenate([part.limit for part in parts]),
        key_index=np.repeat(np.arange(len(keys)), [len(part.s) for part in parts]),
        key_start=np.array(begins),
        stops=_stops(junctions, connections, keys, begins),
        crosswalks=_crossed(shapely.LineString(points), crosswalks),
    )


def _meeting(lanes: list[_Stretch]) -> list[_Stretch]:
    """The lanes, with those moved over towards their end that end beside the next one, as where two lanes merge."""
    moved = []
    for here, behind in pairwise(lanes):
        gap = behind.points[0] - here.points[-1]
        moved.append(_moved_over(here, gap) if np.linalg.norm(gap) > _BESIDE else here)
    return [*moved, lanes[-1]]


def _moved_over(lane: _Stretch, gap: Floats) -> _Stretch:
    share = np.clip(1.0 - (lane.s[-1] - lane.s) / min(_MERGE, lane.s[-1]), 0.0, 1.0)
    points = lane.points + (share**3 * (10.0 - 15.0 * share + 6.0 * share**2))[:, None] * gap
    s = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))])
    dx, dy = np.gradient(points, s, axis=0).T
    skew = np.angle((dx + 1j * dy) * np.exp(-1j * lane.heading))
    curvature = lane.curvature + np.gradient(skew, s)
    return replace(lane, points=points, s=s, heading=lane.heading + skew, curvature=curvature)


def _check_sequence(graph: nx.DiGraph, keys: Sequence[LaneKey]) -> None:
    if not keys:
        raise ValueError("a path needs at least one lane")
    for before, after in pairwise(keys):
        if not graph.has_edge(before, after):
            raise ValueError(f"lane {after.lane} of {after.road} does not follow lane {before.lane} of {before.road}")


def _lane(road: Road, key: LaneKey) -> _Stretch:
    """A lane of one section."""
    direction = road.lane_direction(key.lane, key.section)
    low, high = road.section_range(key.section)
    s = np.linspace(low, high, max(2, math.ceil((high - low) / SPACING) + 1))[::direction]
    t = road.lane_center(s, key.lane, key.section)
    aside, drift = _seen_from_above(road, key, s, t)
    x, y, along = road.reference_line.point(s, aside)
    bend = road.reference_line.curvature(s)
    ahead = 1.0 - bend * aside
    skew = np.arctan2(drift, ahead)
    return _Stretch(
        points=np.column_stack([x, y]),
        z=road.height(s, t),
        heading=along + skew + (0.0 if direction > 0 else math.pi),
        s=_arc_length(s, aside, along, drift, ahead),
        curvature=direction * _bend(s, bend, drift, ahead, skew),
        limit=road.lane_speed_limit(np.clip(s, low, np.nextafter(high, low)), key.lane),
    )


def _seen_from_above(road: Road, key: LaneKey, s: Floats, t: Floats) -> tuple[Floats, Floats]:
    """How far to the left of the reference line the lane's centre is [m], and its change per metre of s."""
    right, left = road.cross_sections.bounds(s, key.lane, key.section, order=1)
    drift = np.asarray(0.5 * (right + left))
    if road.relief.is_level_across:
        return t, drift
    by_s, by_t, _, _ = road.relief.slopes(s, t)
    return road.relief.section(s, t)[0], by_s + by_t * drift


def _arc_length(s: Floats, t: Floats, along: Floats, drift: Floats, ahead: Floats) -> Floats:
    """From the first point along a curve that lies t beside the reference line [m].

    ds_t = hypot(1 - kappa t, t') ds. For constant t this is s less t times the change of heading, exactly; what a
    changing t adds is integrated by the trapezoidal rule.
    """
    plain = (s - s[0]) - (t * along - t[0] * along[0])
    if not drift.any():
        return np.asarray(np.abs(plain))
    ds = np.diff(s)
    extra = along * drift + np.hypot(ahead, drift) - ahead
    return np.asarray(np.abs(plain + np.concatenate([[0.0], np.cumsum(0.5 * (extra[1:] + extra[:-1]) * ds)])))


def _bend(s: Floats, bend: Floats, drift: Floats, ahead: Floats, skew: Floats) -> Floats:
    """Curvature of the same curve, travelled along s [1/m]."""
    if not drift.any():
        return np.asarray(bend / ahead)
    return np.asarray((bend + np.gradient(skew, s)) / np.hypot(ahead, drift))


def _stops(
    junctions: Mapping[str, Junction],
    connections: Mapping[LaneKey, ConnectingLane],
    keys: Sequence[LaneKey],
    begins: Sequence[float],
) -> tuple[PathStop, ...]:
    found = []
    for key, begin in zip(keys, begins, strict=True):
        if key not in connections:
            continue
        lane = connections[key]
        junction = junctions.get(lane.junction)
        line = next((line for line in junction.stop_lines if line.arm.name == lane.arm), None) if junction else None
        # So near the road's end that a bend makes the lane longer or shorter than the reference line by millimetres.
        if line is not None and begin + line.ahead > 0.0:
            found.append(PathStop(begin + line.ahead, lane.junction, line.signal))
    return tuple(found)


def _crossed(line: shapely.LineString, crosswalks: Sequence[Strip]) -> tuple[PathCrosswalk, ...]:
    found = []
    for strip in crosswalks:
        inside = shapely.intersection(line, strip.polygon)
        for piece in shapely.get_parts(inside):
            if piece.length > 0.5:
                ends = [float(line.project(shapely.Point(c))) for c in (piece.coords[0], piece.coords[-1])]
                found.append(PathCrosswalk(strip.name, min(ends), max(ends)))
    return tuple(sorted(found, key=lambda crossing: crossing.enter))
