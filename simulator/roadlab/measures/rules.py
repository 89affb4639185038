"""Which traffic rules an actor breaks, tick by tick: speed limits, red lights, edges and directions of lanes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.dynamics.footprint import corners
from roadlab.log import SIGNAL_STATES, SceneLog
from roadlab.measures.footprints import tracks
from roadlab.roads.junction import Strip
from roadlab.roads.lanes import LaneKey
from roadlab.roads.network import Located, RoadNetwork

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

MOVING = 0.5
"""Who is slower breaks no rule by where it stands [m/s]."""
RED = SIGNAL_STATES.index("red")
LIMIT_TOLERANCE = 0.05
"""Share by which a limit may be exceeded without being counted: drivers hold a speed no better."""


@dataclass(frozen=True)
class Violations:
    """(T,) flags of one actor."""

    speeding: Flags
    """Faster than the lane's limit by more than `LIMIT_TOLERANCE`."""
    red_light: Flags
    """The front passes a stop line on that tick while its signal shows red."""
    off_road: Flags
    """A corner of the footprint is off the carriageway, moving."""
    wrong_way: Flags
    """The middle is in a lane for the other direction, moving; overtaking on a two-way road is among it."""


def violations(log: SceneLog, network: RoadNetwork, actor: int) -> Violations:
    """Of one actor; people break none of these rules."""
    nothing = np.zeros(len(log.time), dtype=bool)
    if log.actors[actor].kind == "pedestrian":
        return Violations(nothing, nothing, nothing, nothing)
    t = tracks(log)
    ground = np.column_stack([t.center[:, actor], log.position[:, actor, 2]])
    located = network.locate(ground)
    speed = np.hypot(*t.velocity[:, actor].T)
    moving = speed > MOVING
    shape = corners(t.center[:, actor], t.yaw[:, actor], t.size[actor])
    inside = shapely.intersects_xy(_drivable(network), shape[..., 0], shape[..., 1]).all(axis=1)
    ahead = np.stack([np.cos(t.yaw[:, actor]), np.sin(t.yaw[:, actor])], axis=-1)
    front = t.center[:, actor] + 0.5 * t.size[actor, 0] * ahead
    return Violations(
        speeding=speed > limits(network, located) * (1.0 + LIMIT_TOLERANCE),
        red_light=_red_lights(log, network, front, t.yaw[:, actor]),
        off_road=moving & ~inside,
        wrong_way=moving & _against(network, located, t.yaw[:, actor]),
    )


def limits(network: RoadNetwork, located: Located) -> Array:
    """(P,) speed limit where the points lie [m/s]; +inf off the roads."""
    value = np.full(len(located.road), np.inf)
    for road, lane, points in _by_lane(located):
        value[points] = network.every_road[network.road_names[road]].lane_speed_limit(located.s[points], lane)
    return value


def _against(network: RoadNetwork, located: Located, yaw: Array) -> Flags:
    value = np.zeros(len(yaw), dtype=bool)
    for number, lane, points in _by_lane(located):
        road = network.every_road[network.road_names[number]]
        for section in np.unique(road.section_at(located.s[points])):
            mine = points[road.section_at(located.s[points]) == section]
            if road.lane(lane, int(section)).type != "driving" or located.junction[mine[0]] >= 0:
                continue
            along = np.cos(yaw[mine] - located.heading[mine])
            value[mine] = along * network.lane_direction(LaneKey(road.name, lane, int(section))) < 0.0
    return value


def _by_lane(located: Located) -> Iterator[tuple[int, int, NDArray[np.int64]]]:
    """The lanes on which points lie, and which points."""
    on = np.flatnonzero((located.road >= 0) & (located.lane != 0))
    pairs = np.column_stack([located.road[on], located.lane[on]])
    kinds, which = np.unique(pairs, axis=0, return_inverse=True)
    for number, (road, lane) in enumerate(kinds):
        yield int(road), int(lane), on[which.reshape(-1) == number]


def _red_lights(log: SceneLog, network: RoadNetwork, front: Array, yaw: Array) -> Flags:
    """(T,) whether the way of the front from the tick before crosses a stop line at red."""
    value = np.zeros(len(log.time), dtype=bool)
    if len(front) < 2:
        return value
    steps = shapely.linestrings(np.stack([front[:-1], front[1:]], axis=1))
    for junction in network.junctions.values():
        looking = {head.name: head.heading for head in junction.heads}
        for line in junction.stop_lines:
            if line.signal is None or line.signal not in looking:
                continue
            across = _middle_line(line.strip)
            towards = np.cos(yaw[1:] - looking[line.signal]) < 0.0
            crossed = shapely.intersects(steps, across) & towards
            red = log.signals[1:, log.signal_names.index(line.signal)] == RED
            value[1:] |= crossed & red
    return value


def _middle_line(strip: Strip) -> shapely.LineString:
    """Along the middle of a stop line, from one edge of its lanes to the other."""
    s = np.full(2, 0.5 * sum(strip.s))
    x, y, _ = strip.road.point(s, np.array(strip.t))
    return shapely.LineString(np.column_stack([x, y]))


def _drivable(network: RoadNetwork) -> shapely.Geometry:
    area = network.drivable
    shapely.prepare(area)
    return area
