"""The centre line of consecutive lanes as one dense polyline: what a driver follows."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.junction import ConnectingLane, Junction, Strip
from roadlab.roads.road import Floats, LaneKey, Road

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


def lane_path(
    roads: Mapping[str, Road],
    junctions: Mapping[str, Junction],
    connections: Mapping[LaneKey, ConnectingLane],
    crosswalks: Sequence[Strip],
    keys: Sequence[LaneKey],
) -> LanePath:
    """See `RoadNetwork.lane_path`."""
    _check_sequence(connections, keys)
    stretches = [_connection(connections[key]) if key in connections else _lane(roads[key[0]], key[1]) for key in keys]
    parts: list[tuple[Floats, Floats, Floats, Floats]] = []
    begins, total, heading_end = [], 0.0, None
    for number, (points, heading, s, curvature) in enumerate(stretches):
        if heading_end is not None:
            heading = heading + 2.0 * math.pi * round((heading_end - heading[0]) / (2.0 * math.pi))
        first = 1 if number else 0
        begins.append(total)
        parts.append((points[first:], heading[first:], s[first:] + total, curvature[first:]))
        total, heading_end = total + s[-1], heading[-1]
    counts = [len(part[2]) for part in parts]
    points, heading, s, curvature = (np.concatenate([part[i] for part in parts]) for i in range(4))
    limits = [connections[k].speed_limit if k in connections else roads[k[0]].speed_limit for k in keys]
    line = shapely.LineString(points)
    return LanePath(
        keys=tuple(keys),
        points=points,
        heading=heading,
        s=s,
        curvature=curvature,
        speed_limit=np.repeat(limits, counts),
        key_index=np.repeat(np.arange(len(keys)), counts),
        key_start=np.array(begins),
        stops=_stops(junctions, connections, keys, begins),
        crosswalks=_crossed(line, crosswalks),
    )


def _check_sequence(connections: Mapping[LaneKey, ConnectingLane], keys: Sequence[LaneKey]) -> None:
    if not keys:
        raise ValueError("a path needs at least one lane")
    for before, after in pairwise(keys):
        leads = before in connections and connections[before].target == after
        if not leads and not (after in connections and connections[after].origin == before):
            raise ValueError(f"lane {after[1]} of {after[0]} does not follow lane {before[1]} of {before[0]}")


def _lane(road: Road, lane_id: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Points, heading, arc length and curvature along a lane in its direction of travel."""
    direction, t = road.lane_direction(lane_id), road.lane_center_t(lane_id)
    s = np.linspace(0.0, road.length, max(2, math.ceil(road.length / SPACING) + 1))[::direction]
    x, y, along = road.point(s, t)
    bend = road.reference_line.curvature(s)
    heading = along if direction > 0 else along + math.pi
    # Along the offset curve ds_t = (1 - kappa t) ds, so that its arc length is s less t times the change of heading.
    arc = np.abs((s - s[0]) - t * (along - along[0]))
    return np.column_stack([x, y]), heading, arc, direction * bend / (1.0 - bend * t)


def _connection(lane: ConnectingLane) -> tuple[Floats, Floats, Floats, Floats]:
    s = np.linspace(0.0, lane.curve.length, max(2, math.ceil(lane.curve.length / SPACING) + 1))
    x, y, heading = lane.curve.point(s)
    return np.column_stack([x, y]), heading, s, lane.curve.curvature(s)


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
        line = next((line for line in junctions[lane.junction].stop_lines if line.arm.name == lane.arm), None)
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
