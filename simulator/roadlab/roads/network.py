"""The road network of a map: where lanes are, how they connect, how to travel along them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import networkx as nx
import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab.roads.areas import drivable_area, ground_height, sidewalk_area
from roadlab.roads.authored.arrows import with_arrows
from roadlab.roads.authored.drafting import Draft, arms_among, drafted, ends_of, joined
from roadlab.roads.authored.signs import with_signs
from roadlab.roads.bumps import Bump, bumps_of, lift_at
from roadlab.roads.connecting import wrapped
from roadlab.roads.connections import ConnectingLane, successions
from roadlab.roads.junction import Junction, Strip
from roadlab.roads.junction_building import build_junction
from roadlab.roads.lane_path import LanePath, lane_path
from roadlab.roads.lanes import Lane, LaneKey, RoadLink
from roadlab.roads.locating import Locator
from roadlab.roads.open_ends import with_open_ends
from roadlab.roads.precedence import Precedence, conflict_zones, precedence
from roadlab.roads.problems import map_problems, position_problems
from roadlab.roads.road import Floats, Road, attitude_on
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
    "network_of",
]


AnyKey = LaneKey | tuple[str, int]
"""Without a lane section: in the first one."""


@dataclass(frozen=True)
class Located:
    """Where P points are on the network."""

    road: NDArray[np.int64]
    """(P,) index into `RoadNetwork.road_names`, connecting roads included; -1 on no road."""
    lane: NDArray[np.int64]
    """(P,) lane id; 0 on no lane."""
    s: Floats
    """(P,) [m]; NaN on no road."""
    t: Floats
    """(P,) [m]; NaN on no road."""
    junction: NDArray[np.int64]
    """(P,) index into `RoadNetwork.junction_names`; -1 in none. A crosswalk may lie in a junction and not on a road."""
    heading: Floats
    """(P,) of the road along s [rad]; NaN on no road."""


@dataclass(frozen=True, eq=False)
class RoadNetwork:
    """Roads, junctions and crosswalks."""

    roads: Mapping[str, Road]
    """Those outside junctions."""
    junctions: Mapping[str, Junction]
    crosswalks: tuple[Strip, ...]
    """Those of the junctions, named `junction/road.end`, then those away from them, named `crosswalk[0]`, ..."""
    connecting: Mapping[str, Road] = field(default_factory=dict)
    """Those that lead through junctions."""

    @cached_property
    def every_road(self) -> dict[str, Road]:
        """Roads outside junctions, then connecting roads."""
        return {**self.roads, **self.connecting}

    @cached_property
    def road_names(self) -> tuple[str, ...]:
        """In the order of the map, connecting roads last."""
        return tuple(self.every_road)

    @cached_property
    def junction_names(self) -> tuple[str, ...]:
        """In the order of the map."""
        return tuple(self.junctions)

    @cached_property
    def signal_names(self) -> tuple[str, ...]:
        """Of all signal heads: those for vehicles, junction by junction, then those for people on foot."""
        junctions = self.junctions.values()
        vehicles = [head.name for junction in junctions for head in junction.heads]
        return (*vehicles, *(head.name for junction in junctions for head in junction.walk_heads))

    @cached_property
    def is_flat(self) -> bool:
        """Whether all roads lie at z = 0."""
        return all(road.relief.is_flat for road in self.every_road.values())

    @cached_property
    def connections(self) -> dict[LaneKey, ConnectingLane]:
        """The lanes that lead through junctions."""
        return {lane.key: lane for junction in self.junctions.values() for lane in junction.connections}

    def lane_direction(self, key: AnyKey) -> int:
        """+1 when the lane is travelled along s, -1 against it; KeyError when there is no such lane."""
        own = LaneKey(*key)
        return self.every_road[own.road].lane_direction(own.lane, own.section)

    def lane_width(self, key: AnyKey) -> float:
        """Where it begins, by s [m]; KeyError when there is no such lane."""
        own = LaneKey(*key)
        road = self.every_road[own.road]
        right, left = road.lane_bounds(own.lane, road.sections[own.section].s)
        return left - right

    def successors(self, key: AnyKey) -> list[LaneKey]:
        """The lanes that begin where a lane ends, in the direction of travel."""
        return list(self.graph.successors(LaneKey(*key)))

    def predecessors(self, key: AnyKey) -> list[LaneKey]:
        """The lanes that end where a lane begins, in the direction of travel."""
        return list(self.graph.predecessors(LaneKey(*key)))

    def neighbours(self, key: AnyKey) -> tuple[LaneKey | None, LaneKey | None]:
        """The lanes of the same section to the right and to the left, seen in the direction of travel."""
        own = LaneKey(*key)
        beside = self.every_road[own.road].neighbours(own)
        right, left = (None if lane is None else own._replace(lane=lane) for lane in beside)
        return (right, left) if self.lane_direction(own) > 0 else (left, right)

    def right_of_way(self, mine: AnyKey, other: AnyKey) -> Precedence | None:
        """Whether one goes first on the lane `mine` through a junction when another comes on `other`.

        None where they are not in each other's way; KeyError for what is no lane through a junction.
        """
        a, b = self.connections[LaneKey(*mine)], self.connections[LaneKey(*other)]
        junction = self.junctions[a.junction]
        if not junction.conflicts(a.key, b.key):
            return None
        if (a.road.name, b.road.name) in junction.priorities:
            return "first"
        if (b.road.name, a.road.name) in junction.priorities:
            return "second"
        control = junction.control or ("signals" if junction.plan is not None else "right_before_left")
        return precedence(a, b, control, junction.priority_roads)

    def conflict_zones(self, junction: str, width: float = 2.0) -> dict[tuple[LaneKey, LaneKey], shapely.Geometry]:
        """The ground that vehicles of a `width` [m] on two lanes through a junction both need, by pairs in order."""
        return conflict_zones(self.junctions[junction], width)

    @cached_property
    def crossing_area(self) -> shapely.Geometry:
        """All crosswalks."""
        return shapely.union_all([strip.polygon for strip in self.crosswalks])

    def pose(self, position: Position) -> tuple[float, float, float]:
        """World x, y [m] and heading [rad, in [-pi, pi)] of a position of the scenario language without problems."""
        if isinstance(position, LanePosition):
            road = self.every_road[position.road]
            t = road.lane_center_t(position.lane, position.s) + position.offset
            section = int(road.section_at(position.s))
            turn = 0.0 if road.lane_direction(position.lane, section) > 0 else math.pi
            x, y, heading = road.point(position.s, t)
            return float(x), float(y), wrapped(float(heading) + turn + position.heading)
        if isinstance(position, RoadPosition):
            x, y, heading = self.every_road[position.road].point(position.s, position.t)
            return float(x), float(y), wrapped(float(heading) + position.heading)
        return position.x, position.y, wrapped(position.heading)

    def height_of(self, position: Position) -> float:
        """World z of the road's surface at a position [m]; beside roads, that of the nearest road's edge."""
        if isinstance(position, LanePosition):
            road = self.every_road[position.road]
            return float(road.height(position.s, road.lane_center_t(position.lane, position.s) + position.offset))
        if isinstance(position, RoadPosition):
            return float(self.every_road[position.road].height(position.s, position.t))
        return float(self.road_height([[position.x, position.y]])[0])

    def problems_of(self, position: Position) -> list[tuple[str, str]]:
        """Why a position is not on this network: (field, message), such as `("lane", "lane -3 does not exist ...")`."""
        return position_problems(self.every_road, position)

    def route(self, start: AnyKey, roads: list[str] | None = None) -> list[LaneKey]:
        """Lanes, with the connecting lanes between them, from `start` through `roads` in order.

        `roads` may name the road of `start` first; None goes straight on as far as it goes. ValueError when there is
        no way.
        """
        return find_route(self.graph, self.connections, LaneKey(*start), roads)

    @cached_property
    def graph(self) -> nx.DiGraph:
        """Lanes as nodes, by `LaneKey`; an edge leads from each to those that begin where it ends."""
        links = [link for junction in self.junctions.values() for link in junction.links]
        return lane_graph(self.every_road, successions(self.every_road, links))

    def lane_path(self, keys: Sequence[AnyKey]) -> LanePath:
        """The centre line of consecutive lanes in the direction of travel; ValueError when they are not consecutive."""
        own = [LaneKey(*key) for key in keys]
        return lane_path(self.every_road, self.graph, self.junctions, self.connections, self.crosswalks, own)

    def locate(self, points: ArrayLike) -> Located:
        """Where `points` (P, 2) or (P, 3) [m] lie.

        With z, on the road whose surface is near it. Of overlapping roads: one outside junctions rather than a
        connecting one, the one whose reference line is nearest; of connecting ones the one whose lane's middle is.
        """
        xy, z = _split(points)
        places = self.locator.on_roads(xy, z)
        count, at = len(xy), places.point
        road, lane = np.full(count, -1), np.zeros(count, dtype=np.int64)
        s, t, heading = (np.full(count, np.nan) for _ in range(3))
        road[at], lane[at], s[at], t[at], heading[at] = places.road, places.lane, places.s, places.t, places.heading
        return Located(road, lane, s, t, self._junctions_at(xy), heading)

    @cached_property
    def locator(self) -> Locator:
        """The search for places on all roads."""
        return Locator(tuple(self.every_road.values()))

    def road_height(self, points: ArrayLike) -> Floats:
        """(P,) z of the road's surface at `points` (P, 2) or (P, 3) [m], kerbs not included.

        Beside roads it is that of the nearest road's edge. Where roads lie over one another the points' z chooses.
        """
        xy, z = _split(points)
        return np.zeros(len(xy)) if self.is_flat else self.locator.heights(self.locator.nearest(xy, z))

    def attitude(self, points: ArrayLike, yaw: ArrayLike) -> Floats:
        """(P, 3) yaw, pitch and roll of what stands on the road at `points` (P, 2) or (P, 3) and faces `yaw` [rad]."""
        xy, z = _split(points)
        if self.is_flat:
            level = np.zeros((len(xy), 3))
            level[:, 0] = yaw
            return level
        return attitude_on(self.locator.normals(self.locator.nearest(xy, z)), yaw)

    @cached_property
    def drivable(self) -> shapely.Geometry:
        """All that is paved at road level; see `drivable_area`."""
        return drivable_area(self)

    @cached_property
    def pavement(self) -> shapely.Geometry:
        """All raised pavements with their kerbs; see `sidewalk_area`."""
        return sidewalk_area(self)

    @cached_property
    def bumps(self) -> tuple[Bump, ...]:
        """Speed bumps of all roads."""
        return bumps_of(self.every_road.values())

    def bump_lift(self, points: ArrayLike) -> Floats:
        """(P,) how far speed bumps raise the road at `points` (P, 2) or (P, 3) [m]."""
        return lift_at(self.bumps, points)

    def ground_height(self, points: ArrayLike) -> Floats:
        """(P,) z [m] of the ground at `points` (P, 2) or (P, 3), dropped kerbs and ramps included."""
        return ground_height(self, points)

    def _junctions_at(self, points: Floats) -> NDArray[np.int64]:
        found = np.full(len(points), -1)
        areas, tree = self._junction_areas
        point, junction = tree.query(shapely.points(points))
        inside = shapely.intersects_xy(areas[junction], *points[point].T)
        found[point[inside]] = junction[inside]
        return found

    @cached_property
    def _junction_areas(self) -> tuple[NDArray[np.object_], shapely.STRtree]:
        areas = np.array([junction.polygon for junction in self.junctions.values()], dtype=object)
        shapely.prepare(areas)
        return areas, shapely.STRtree(areas)


def _split(points: ArrayLike) -> tuple[Floats, Floats | None]:
    """x, y and, where they are given, heights."""
    given = np.asarray(points, dtype=np.float64)
    rows = given.reshape(-1, 3) if given.ndim and given.shape[-1] == 3 else given.reshape(-1, 2)
    return rows[:, :2], rows[:, 2] if rows.shape[1] == 3 else None


def network_of(
    roads: Iterable[Road], junctions: Iterable[Junction] = (), crosswalks: Iterable[Strip] = ()
) -> RoadNetwork:
    """The network of roads with and without a junction."""
    every = {road.name: road for road in roads}
    return RoadNetwork(
        roads={name: road for name, road in every.items() if road.junction is None},
        junctions={junction.name: junction for junction in junctions},
        crosswalks=tuple(crosswalks),
        connecting={name: road for name, road in every.items() if road.junction is not None},
    )


def build_network(spec: MapSpec) -> RoadNetwork:
    """The network of a map; ValueError when `map_problems` finds any."""
    problems = map_problems(spec)
    if problems:
        raise ValueError("; ".join(f"{'.'.join(str(part) for part in path)}: {message}" for path, message in problems))
    return build_sound_network(spec)


def build_sound_network(spec: MapSpec) -> RoadNetwork:
    """The network of a map in which `map_problems` has found nothing.

    ScenarioFileError for the text of an OpenDRIVE file with problems of its own.
    """
    if spec.opendrive is not None:
        from roadlab.roads.opendrive.importing import import_text  # which needs this module

        return import_text(spec.opendrive.encode(), spec.file or "map.opendrive")[0]
    draft = drafted(spec)
    if draft.problems:
        raise ValueError("; ".join(message for _, message in draft.problems))
    return _network_of(draft, spec)


def _network_of(draft: Draft, spec: MapSpec) -> RoadNetwork:
    mapped = joined(_linked(with_arrows(with_signs(draft, spec), draft), draft), draft.joints)
    ends = [arms_among(junction, mapped) for junction in draft.junctions.values()]
    roads = with_open_ends(mapped, ends, [end for joint in draft.joints for end in joint])
    junctions = [build_junction(name, junction, roads) for name, junction in draft.junctions.items()]
    crosswalks = [strip for junction in junctions for strip in junction.crosswalks]
    for number, crossing in enumerate(spec.crosswalks):
        road = roads[crossing.road]
        ends_at = (crossing.s - crossing.width / 2, crossing.s + crossing.width / 2)
        crosswalks.append(Strip(f"crosswalk[{number}]", road, ends_at, road.carriageway_at(crossing.s)))
    connecting = [road for junction in junctions for road in junction.roads.values()]
    return network_of([*roads.values(), *connecting], junctions, crosswalks)


def _linked(roads: Mapping[str, Road], draft: Draft) -> dict[str, Road]:
    """The roads, which know the junctions that their ends join."""
    linked = dict(roads)
    for name, junction in draft.junctions.items():
        for _, text in ends_of(junction):
            road, end = text.rsplit(".", 1)
            own, link = linked[road], RoadLink("junction", name)
            linked[road] = replace(own, predecessor=link) if end == "start" else replace(own, successor=link)
    return linked
