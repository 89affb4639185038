"""What lies along the paths of people: how much pavement there is on either side, and where they cross roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.behaviors.paths import Path
from roadlab.roads.network import RoadNetwork
from roadlab.roads.signals import SignalPlan, WalkHead

Array = NDArray[np.float64]
Index = NDArray[np.int64]

ROOM_SPACING = 0.5
"""Between the places of a path at which the room beside it is known [m]."""
KERB_SPACING = 0.1
"""How exactly kerbs are found along a path [m]."""
WIDEST = 6.0
"""More room than this on one side does not matter [m]."""
NARROWEST = 0.1
"""A path has at least so much room beside it, however near to an edge it was laid [m]."""
JOINT = 0.3
"""Pavement and crosswalk belong together that are no further apart [m]."""
SHORTEST_CROSSING = 1.5
"""Shorter ways beside the pavement are no crossings [m]."""


@dataclass(frozen=True)
class RoadCrossing:
    """Where a path leads across a road."""

    enter: float
    """Station of the near kerb [m]."""
    leave: float
    """Of the far one."""
    line: Array
    """(K, 2) places on the way across [m]."""
    crosswalk: str | None
    """Name of the crosswalk on which it lies."""
    signal: tuple[SignalPlan, WalkHead] | None
    """What tells people when to go."""


@dataclass(frozen=True)
class Way:
    """What is known of one path."""

    sides: Array
    """(K, 2) room to the right and to the left of the path every `ROOM_SPACING` [m]; +inf beside the pavement."""
    crossings: tuple[RoadCrossing, ...]


class Ways:
    """The paths of people, each looked at when it is first asked for."""

    def __init__(self, network: RoadNetwork) -> None:
        self.network = network
        self._known: dict[int, tuple[Path, Way]] = {}
        self._rooms_of: tuple[list[Way], Rooms] = ([], Rooms.of([]))

    def way(self, path: Path) -> Way:
        """What lies along a path; the same for the same path."""
        found = self._known.get(id(path))
        if found is None or found[0] is not path:
            found = path, Way(self._rooms(path), self._crossings(path))
            self._known[id(path)] = found
        return found[1]

    def rooms(self, paths: Sequence[Path]) -> Rooms:
        """The room beside these paths; the same for the same paths as the last time."""
        ways = [self.way(path) for path in paths]
        if len(ways) != len(self._rooms_of[0]) or any(a is not b for a, b in zip(ways, self._rooms_of[0], strict=True)):
            self._rooms_of = ways, Rooms.of(ways)
        return self._rooms_of[1]

    @cached_property
    def walkable(self) -> shapely.Geometry:
        """Pavements and crosswalks."""
        strips = [strip.polygon.buffer(JOINT) for strip in self.network.crosswalks]
        area = shapely.union_all([self.network.pavement, *strips])
        shapely.prepare(area)
        return area

    @cached_property
    def _edges(self) -> tuple[Array, shapely.STRtree]:
        """(E, 2, 2) the straight pieces of the edges of all that is walkable."""
        rings = shapely.get_rings(shapely.get_parts(self.walkable)) if not self.walkable.is_empty else []
        points = [shapely.get_coordinates(ring) for ring in rings]
        pieces = np.concatenate([np.zeros((0, 2, 2)), *(np.stack([p[:-1], p[1:]], axis=1) for p in points)])
        return pieces, shapely.STRtree(shapely.linestrings(pieces))

    @cached_property
    def _strips(self) -> tuple[tuple[str, shapely.Polygon], ...]:
        return tuple((strip.name, strip.polygon.buffer(JOINT)) for strip in self.network.crosswalks)

    @cached_property
    def _signals(self) -> dict[str, tuple[SignalPlan, WalkHead]]:
        """By the name of the crosswalk."""
        return {
            head.crosswalk: (junction.plan, head)
            for junction in self.network.junctions.values()
            if junction.plan is not None
            for head in junction.walk_heads
        }

    def _rooms(self, path: Path) -> Array:
        stations = np.arange(0.0, path.length + ROOM_SPACING, ROOM_SPACING)
        k = np.minimum(np.round(stations / path.spacing).astype(np.int64), len(path.x) - 1)
        places, normal = np.column_stack([path.x[k], path.y[k]]), path.heading[k] + 0.5 * np.pi
        inside = shapely.contains_xy(self.walkable, places[:, 0], places[:, 1])
        beside = np.column_stack([np.cos(normal), np.sin(normal)])
        rooms = [np.maximum(self._clear(places, sign * beside), NARROWEST) for sign in (-1.0, 1.0)]
        return np.column_stack([np.where(inside, room, np.inf) for room in rooms])

    def _clear(self, places: Array, direction: Array) -> Array:
        """(P,) how far it is from places (P, 2) along unit vectors (P, 2) to the first edge, up to `WIDEST` [m]."""
        pieces, tree = self._edges
        ends = places + WIDEST * direction
        ray, edge = tree.query(shapely.linestrings(np.stack([places, ends], axis=1)), predicate="intersects")
        a, along = pieces[edge, 0], pieces[edge, 1] - pieces[edge, 0]
        d, to_a = direction[ray], a - places[ray]
        across = d[:, 0] * along[:, 1] - d[:, 1] * along[:, 0]
        met = np.abs(across) > 1e-9
        far = (to_a[:, 0] * along[:, 1] - to_a[:, 1] * along[:, 0]) / np.where(met, across, 1.0)
        room = np.full(len(places), WIDEST)
        np.minimum.at(room, ray[met], np.maximum(far[met], 0.0))
        return room

    def _crossings(self, path: Path) -> tuple[RoadCrossing, ...]:
        count = max(2, int(path.length / KERB_SPACING) + 1)
        stations = np.linspace(0.0, path.length, count)
        x, y = (
            np.interp(stations, path.spacing * np.arange(len(path.x)), path.x),
            np.interp(stations, path.spacing * np.arange(len(path.x)), path.y),
        )
        for area in (self.network.drivable, self.network.pavement):
            shapely.prepare(area)
        on_road = shapely.contains_xy(self.network.drivable, x, y) & ~shapely.contains_xy(self.network.pavement, x, y)
        change = np.flatnonzero(np.diff(np.concatenate([[False], on_road, [False]]).astype(np.int64)))
        found = []
        for first, last in zip(change[::2], change[1::2] - 1, strict=True):
            if first > 0 and stations[last] - stations[first] > SHORTEST_CROSSING:
                line = np.column_stack([x, y])[first : last + 1 : 5]
                found.append(self._crossing(float(stations[first]), float(stations[last]), line))
        return tuple(found)

    def _crossing(self, enter: float, leave: float, line: Array) -> RoadCrossing:
        middle = shapely.Point(line[len(line) // 2])
        name = next((name for name, area in self._strips if area.contains(middle)), None)
        return RoadCrossing(enter, leave, line, name, self._signals.get(name) if name is not None else None)


@dataclass(frozen=True)
class Rooms:
    """The room beside the paths of M people, ready to be asked for all of them at once."""

    sides: Array
    """(K, 2) right and left of all paths, one after the other [m]."""
    first: Index
    """(M,)"""
    last: Index

    @classmethod
    def of(cls, ways: Sequence[Way]) -> Rooms:
        """Those of these ways, in this order."""
        count = np.array([len(way.sides) for way in ways], dtype=np.int64)
        end = np.cumsum(count)
        return cls(np.concatenate([np.zeros((0, 2)), *(way.sides for way in ways)]), end - count, end - 1)

    def at(self, row: Index, station: Array) -> Array:
        """(P, 2) right and left at `station` (P,) [m] of the paths `row` (P,): the lesser of both places around."""
        place = self.first[row] + np.maximum(station / ROOM_SPACING, 0.0).astype(np.int64)
        low, high = np.minimum(place, self.last[row]), np.minimum(place + 1, self.last[row])
        rooms: Array = np.minimum(self.sides[low], self.sides[high])
        return rooms
