"""The centre line of consecutive lanes as one dense polyline: what a driver follows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
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
    """(P,) arc length from the path's start [m]."""
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
    for key in keys:
        stretch = _lane(roads[key.road], key)
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
    drift = _drift(road, key, s)
    _, _, along = road.point(s)
    x, y, _ = road.point(s, t)
    bend = road.reference_line.curvature(s)
    ahead = 1.0 - bend * t
    skew = np.arctan2(drift, ahead)
    return _Stretch(
        points=np.column_stack([x, y]),
        z=road.height(s, t),
        heading=along + skew + (0.0 if direction > 0 else math.pi),
        s=_arc_length(s, t, along, drift, ahead),
        curvature=direction * _bend(s, bend, drift, ahead, skew),
        limit=road.lane_speed_limit(np.clip(s, low, np.nextafter(high, low)), key.lane),
    )


def _drift(road: Road, key: LaneKey, s: Floats) -> Floats:
    """How fast the lane's centre moves to the left, per metre of s."""
    right, left = road.cross_sections.bounds(s, key.lane, key.section, order=1)
    return np.asarray(0.5 * (right + left))


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
