"""How far apart actors are: straight, along or across a heading, or along the lanes."""

from __future__ import annotations

import networkx as nx
import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.behaviors.storyboard.snapshot import Snapshot
from roadlab.dynamics.footprint import corners
from roadlab.roads.network import LaneKey, RoadNetwork

Array = NDArray[np.float64]


def distance(now: Snapshot, a: int, b: int, measure: str, *, freespace: bool) -> float:
    """Between two actors [m], never negative; NaN along lanes that do not connect them."""
    if measure == "euclidean":
        return _outlines_apart(now, a, b) if freespace else float(np.hypot(*_between(now, a, b)))
    if measure == "lane":
        between = ahead(now, a, b, measure)
        if not freespace:
            return abs(between)
        return max(0.0, gap(now, a, b, measure) if between >= 0.0 else gap(now, b, a, measure))
    heading = now.yaw[a] + (0.5 * np.pi if measure == "lateral" else 0.0)
    return _along_axis(now, a, b, np.array([np.cos(heading), np.sin(heading)]), freespace=freespace)


def ahead(now: Snapshot, a: int, b: int, measure: str) -> float:
    """How far the reference point of `b` is ahead of that of `a` [m]: along the heading of `a`, or along the lanes."""
    dx, dy = _between(now, a, b)
    straight = float(dx * np.cos(now.yaw[a]) + dy * np.sin(now.yaw[a]))
    if measure == "longitudinal":
        return straight
    points = np.array([[now.x[a], now.y[a]], [now.x[b], now.y[b]]])
    return along_lanes(now.setting.network, points, straight)


def gap(now: Snapshot, a: int, b: int, measure: str) -> float:
    """From the front of `a` to the rear of `b`, which is ahead of it [m]; negative where they are side by side."""
    middle, length = now.setting.middle, now.setting.size[:, 0]
    turn = np.cos(now.yaw[b] - now.yaw[a])
    return ahead(now, a, b, measure) + float(turn * middle[b] - middle[a] - 0.5 * (length[a] + length[b]))


def closing_speed(now: Snapshot, a: int, b: int, measure: str) -> float:
    """How fast `distance` shrinks [m/s], by the reference points."""
    vx, vy = now.speed * np.cos(now.yaw), now.speed * np.sin(now.yaw)
    velocity = np.array([vx[b] - vx[a], vy[b] - vy[a]])
    heading = np.array([np.cos(now.yaw[a]), np.sin(now.yaw[a])])
    between = np.array(_between(now, a, b))
    if measure == "euclidean":
        apart = float(np.hypot(*between))
        return -float(velocity @ between) / apart if apart > 0.0 else 0.0
    axis = heading if measure != "lateral" else np.array([-heading[1], heading[0]])
    return -float(velocity @ axis) * float(np.sign(between @ axis))


def along_lanes(network: RoadNetwork, points: Array, straight: float) -> float:
    """From the first of two `points` (2, 2) [m] forward to the second along the lanes; negative: backwards.

    `straight` where one of them is on no lane, as in a junction; NaN where no lanes connect them.
    """
    at = network.locate(points)
    if (at.road < 0).any() or (at.lane == 0).any():
        return straight
    first, second = (_lane(network, int(at.road[k]), int(at.lane[k]), float(at.s[k])) for k in (0, 1))
    done = [_driven(network, key, float(s)) for key, s in zip((first, second), at.s, strict=True)]
    if first.road == second.road:
        return float(at.s[1] - at.s[0]) * network.lane_direction(first)
    forward = _way(network, first, second) + done[1] - done[0]
    backward = _way(network, second, first) + done[0] - done[1]
    if min(forward, backward) == np.inf:
        return float("nan")
    return forward if forward <= backward else -backward


def _lane(network: RoadNetwork, road: int, lane: int, s: float) -> LaneKey:
    name = network.road_names[road]
    return LaneKey(name, lane, int(network.every_road[name].section_at(s)))


def _driven(network: RoadNetwork, key: LaneKey, s: float) -> float:
    """From where the lane's section begins, in the direction of travel [m]."""
    low, high = network.every_road[key.road].section_range(key.section)
    return s - low if network.lane_direction(key) > 0 else high - s


def _way(network: RoadNetwork, start: LaneKey, end: LaneKey) -> float:
    """From where one lane begins to where any lane beside the other begins that leads the same way [m]; +inf: none."""
    direction = network.lane_direction(end)
    lengths = nx.single_source_dijkstra_path_length(network.graph, start)
    beside = ((end.road, end.section), direction)
    reached = [way for key, way in lengths.items() if ((key.road, key.section), network.lane_direction(key)) == beside]
    return float(min(reached, default=np.inf))


def _between(now: Snapshot, a: int, b: int) -> tuple[float, float]:
    return float(now.x[b] - now.x[a]), float(now.y[b] - now.y[a])


def _outlines_apart(now: Snapshot, a: int, b: int) -> float:
    first, second = shapely.polygons(_outlines(now, a, b))
    return float(shapely.distance(first, second))


def _outlines(now: Snapshot, a: int, b: int) -> Array:
    """(2, 4, 2) corners of the footprints [m]."""
    who = [a, b]
    yaw, forward = now.yaw[who], now.setting.middle[who]
    center = np.column_stack([now.x[who] + forward * np.cos(yaw), now.y[who] + forward * np.sin(yaw)])
    return corners(center, yaw, now.setting.size[who])


def _along_axis(now: Snapshot, a: int, b: int, axis: Array, *, freespace: bool) -> float:
    if not freespace:
        return abs(float(np.array(_between(now, a, b)) @ axis))
    first, second = _outlines(now, a, b) @ axis
    return max(0.0, float(max(second.min() - first.max(), first.min() - second.max())))
