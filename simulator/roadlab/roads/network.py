"""The road network of a map: where lanes are, how they connect, how to travel along them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import networkx as nx
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab.roads.areas import drivable_area, ground_height, sidewalk_area
from roadlab.roads.connecting import wrapped
from roadlab.roads.junction import ConnectingLane, Junction, Strip, arms_of, build_junction
from roadlab.roads.lane_path import LanePath, lane_path
from roadlab.roads.open_ends import with_open_ends
from roadlab.roads.problems import map_problems, position_problems
from roadlab.roads.profiles import Lane
from roadlab.roads.road import Floats, LaneKey, Road, build_road
from roadlab.roads.routing import find_route, lane_graph
from roadlab.scenario.spec import LanePosition, MapSpec, Position, RoadPosition

__all__ = [
    "ConnectingLane",
    "Junction",
    "Lane",
    "LaneKey",
    "LanePath",
    "Located",
    "Road",
    "RoadNetwork",
    "Strip",
    "build_network",
    "build_sound_network",
    "map_problems",
]


@dataclass(frozen=True)
class Located:
    """Where P points are on the network."""

    road: NDArray[np.int64]
    """(P,) index into `RoadNetwork.road_names`; -1 on no road, as in a junction."""
    lane: NDArray[np.int64]
    """(P,) lane id; 0 on no lane."""
    s: Floats
    """(P,) [m]; NaN on no road."""
    t: Floats
    """(P,) [m]; NaN on no road."""
    junction: NDArray[np.int64]
    """(P,) index into `RoadNetwork.junction_names`; -1 in none. A crosswalk may lie in a junction and not on a road."""


@dataclass(frozen=True)
class RoadNetwork:
    """Roads, junctions and crosswalks."""

    roads: Mapping[str, Road]
    junctions: Mapping[str, Junction]
    crosswalks: tuple[Strip, ...]
    """Those of the junctions, named `junction/road.end`, then those away from them, named `crosswalk[0]`, ..."""

    @cached_property
    def road_names(self) -> tuple[str, ...]:
        """In the order of the map."""
        return tuple(self.roads)

    @cached_property
    def junction_names(self) -> tuple[str, ...]:
        """In the order of the map."""
        return tuple(self.junctions)

    @cached_property
    def connections(self) -> dict[LaneKey, ConnectingLane]:
        """The connecting lanes of all junctions."""
        return {lane.key: lane for junction in self.junctions.values() for lane in junction.connections}

    def lane_direction(self, key: LaneKey) -> int:
        """+1 when the lane is travelled along s, -1 against it; KeyError when there is no such lane."""
        return 1 if key in self.connections else self.roads[key[0]].lane_direction(key[1])

    def lane_width(self, key: LaneKey) -> float:
        """[m]; KeyError when there is no such lane."""
        lane = self.connections.get(key)
        return lane.width if lane is not None else self.roads[key[0]].lane(key[1]).width

    def pose(self, position: Position) -> tuple[float, float, float]:
        """World x, y [m] and heading [rad, in [-pi, pi)] of a position of the scenario language without problems."""
        if isinstance(position, LanePosition):
            road = self.roads[position.road]
            t = road.lane_center_t(position.lane) + position.offset
            turn = 0.0 if road.lane_direction(position.lane) > 0 else math.pi
            x, y, heading = road.point(position.s, t)
            return float(x), float(y), wrapped(float(heading) + turn + position.heading)
        if isinstance(position, RoadPosition):
            x, y, heading = self.roads[position.road].point(position.s, position.t)
            return float(x), float(y), wrapped(float(heading) + position.heading)
        return position.x, position.y, wrapped(position.heading)

    def problems_of(self, position: Position) -> list[tuple[str, str]]:
        """Why a position is not on this network: (field, message), such as `("lane", "lane -3 does not exist ...")`."""
        return position_problems(self.roads, position)

    def route(self, start: LaneKey, roads: list[str] | None = None) -> list[LaneKey]:
        """Lanes, with the connecting lanes between them, from `start` through `roads` in order.

        `roads` may name the road of `start` first; None goes straight on as far as it goes. ValueError when there is
        no way.
        """
        return find_route(self.graph, self.connections, start, roads)

    @cached_property
    def graph(self) -> nx.DiGraph:
        """Lanes and connecting lanes as nodes; an edge leads from each to those that begin where it ends."""
        return lane_graph(self.roads, self.connections)

    def lane_path(self, keys: Sequence[LaneKey]) -> LanePath:
        """The centre line of consecutive lanes in the direction of travel; ValueError when they are not consecutive."""
        return lane_path(self.roads, self.junctions, self.connections, self.crosswalks, keys)

    def locate(self, points: ArrayLike) -> Located:
        """Where `points` (P, 2) [m] lie; of overlapping roads the one whose reference line is nearest."""
        points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        count = len(points)
        road, lane = np.full(count, -1), np.zeros(count, dtype=np.int64)
        s, t = np.full(count, np.nan), np.full(count, np.nan)
        hits = self._road_tree.query(shapely.points(points))
        for index in range(len(self.roads)):
            mine = hits[0][hits[1] == index]
            if not len(mine):
                continue
            candidate = self.roads[self.road_names[index]]
            own_s, own_t = candidate.reference_line.locate(points[mine])
            right, left = candidate.edges
            on = (own_s >= 0) & (own_s <= candidate.length) & (own_t >= right) & (own_t <= left)
            better = on & ~(np.abs(t[mine]) <= np.abs(own_t))
            chosen = mine[better]
            road[chosen], s[chosen], t[chosen] = index, own_s[better], own_t[better]
            lane[chosen] = candidate.lane_at(own_t[better])
        return Located(road, lane, s, t, self._junctions_at(points))

    @cached_property
    def drivable(self) -> shapely.Geometry:
        """All that is paved at road level; see `drivable_area`."""
        return drivable_area(self)

    @cached_property
    def pavement(self) -> shapely.Geometry:
        """All raised pavements with their kerbs; see `sidewalk_area`."""
        return sidewalk_area(self)

    def ground_height(self, points: ArrayLike) -> Floats:
        """(P,) z [m] of the ground at `points` (P, 2), dropped kerbs and ramps included."""
        return ground_height(self, points)

    def _junctions_at(self, points: Floats) -> NDArray[np.int64]:
        found = np.full(len(points), -1)
        for index, junction in enumerate(self.junctions.values()):
            found[shapely.intersects_xy(junction.polygon, points[:, 0], points[:, 1])] = index
        return found

    @cached_property
    def _road_tree(self) -> shapely.STRtree:
        boxes = []
        for road in self.roads.values():
            reach = max(abs(t) for t in road.edges)
            x, y, _ = road.point(road.reference_line.stations(tolerance=1.0, longest=100.0))
            boxes.append(
                shapely.box(x.min() - reach - 1, y.min() - reach - 1, x.max() + reach + 1, y.max() + reach + 1)
            )
        return shapely.STRtree(boxes)


def build_network(spec: MapSpec) -> RoadNetwork:
    """The network of a map; ValueError when `map_problems` finds any."""
    problems = map_problems(spec)
    if problems:
        raise ValueError("; ".join(f"{'.'.join(str(part) for part in path)}: {message}" for path, message in problems))
    return build_sound_network(spec)


def build_sound_network(spec: MapSpec) -> RoadNetwork:
    """The network of a map in which `map_problems` has found nothing."""
    mapped = {name: build_road(name, road) for name, road in spec.roads.items()}
    roads = with_open_ends(mapped, [arms_of(junction, mapped) for junction in spec.junctions.values()])
    junctions = {name: build_junction(name, junction, roads) for name, junction in spec.junctions.items()}
    crosswalks = [strip for junction in junctions.values() for strip in junction.crosswalks]
    for number, crossing in enumerate(spec.crosswalks):
        road = roads[crossing.road]
        ends = (crossing.s - crossing.width / 2, crossing.s + crossing.width / 2)
        crosswalks.append(Strip(f"crosswalk[{number}]", road, ends, road.carriageway))
    return RoadNetwork(roads, junctions, tuple(crosswalks))
