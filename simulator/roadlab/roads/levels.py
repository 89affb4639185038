"""Where roads, or stretches of one road, lie over one another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.lanes import ROAD_LEVEL, LaneType
from roadlab.roads.road import Floats, Road

Ints = NDArray[np.int64]

LEVELS = 2.5
"""Roads whose heights differ by more than this at one place lie over one another [m]."""
_LONGEST = 10.0
"""Of the pieces that roads are cut into along s [m]."""
_SMALLEST = 1e-3
"""Common ground that does not come from rounding [m²]."""


@dataclass(frozen=True, eq=False)
class SharedGround:
    """K places where two pieces of road cover the same ground, the second of each pair the later one."""

    road: Ints
    """(K, 2) indices of the roads; equal where a road leads over itself."""
    s: Floats
    """(K, 2, 2) from and to which s on either road [m]."""
    area: Floats
    """(K,) in plan [m²]."""
    place: Floats
    """(K, 2) x, y within it [m]."""
    rise: Floats
    """(K,) how much higher the second one is there [m]."""


def shared_ground(roads: Sequence[Road], kinds: tuple[LaneType, ...] | None = ROAD_LEVEL) -> SharedGround:
    """All common ground of the lanes of some types, or of all; of neighbouring pieces of one road there is none."""
    pieces = _Pieces.of(roads, kinds)
    one, other = shapely.STRtree(pieces.areas).query(pieces.areas, predicate="intersects")
    apart = (one < other) & ((pieces.road[one] != pieces.road[other]) | (other - one > 1))
    pairs = np.column_stack([one, other])[apart]
    common = shapely.intersection(pieces.areas[pairs[:, 0]], pieces.areas[pairs[:, 1]])
    area = np.asarray(shapely.area(common))
    pairs, common, area = pairs[area > _SMALLEST], common[area > _SMALLEST], area[area > _SMALLEST]
    place = shapely.get_coordinates(shapely.point_on_surface(common)).reshape(-1, 2)
    heights = [pieces.height(roads, pairs[:, k], place) for k in (0, 1)]
    spans = np.array([[pieces.span(k, ground) for k in pair] for pair, ground in zip(pairs, common, strict=True)])
    return SharedGround(pieces.road[pairs], spans.reshape(-1, 2, 2), area, place, heights[1] - heights[0])


@dataclass(frozen=True, eq=False)
class _Pieces:
    """Q quadrangles, one behind the other along each road."""

    areas: NDArray[np.object_]
    road: Ints
    s: Floats
    """(Q, 2) [m]"""
    chord: Floats
    """(Q, 2, 2) the middle of its start and of its end [m]."""

    @classmethod
    def of(cls, roads: Sequence[Road], kinds: tuple[LaneType, ...] | None) -> _Pieces:
        corners, owner, spans = [np.zeros((0, 4, 2))], [], [np.zeros((0, 2))]
        for number, road in enumerate(roads):
            s = np.concatenate([road.stations, np.arange(0.0, road.length, _LONGEST)])
            s = np.unique(np.clip(s, *road.extent))
            right, left = road.edges_of(s, kinds)
            x, y, _ = road.point(s[:, None], np.column_stack([right, left]))
            side = np.stack([x, y], axis=-1)
            corners.append(np.stack([side[:-1, 0], side[1:, 0], side[1:, 1], side[:-1, 1]], axis=1))
            spans.append(np.column_stack([s[:-1], s[1:]]))
            owner += [number] * (len(s) - 1)
        quads = np.concatenate(corners)
        chord = np.stack([quads[:, [0, 3]].mean(axis=1), quads[:, [1, 2]].mean(axis=1)], axis=1)
        return cls(shapely.make_valid(shapely.polygons(quads)), np.array(owner), np.concatenate(spans), chord)

    def share(self, piece: NDArray[np.intp] | int, points: Floats) -> Floats:
        """How far along its piece each point lies, from 0 to 1."""
        start, end = np.moveaxis(self.chord[piece], -2, 0)
        ahead = end - start
        along = np.sum((points - start) * ahead, axis=-1) / np.maximum(np.sum(ahead * ahead, axis=-1), 1e-12)
        return np.asarray(np.clip(along, 0.0, 1.0))

    def span(self, piece: int, ground: shapely.Geometry) -> Floats:
        """From and to which s some ground reaches on a piece [m]."""
        share = self.share(piece, shapely.get_coordinates(ground))
        low, high = self.s[piece]
        return np.array([low + (high - low) * share.min(), low + (high - low) * share.max()])

    def height(self, roads: Sequence[Road], piece: NDArray[np.intp], points: Floats) -> Floats:
        """Of the road's surface [m]."""
        low, high = self.s[piece].T
        s = low + (high - low) * self.share(piece, points)
        z = np.zeros(len(points))
        for number in np.unique(self.road[piece]):
            mine = self.road[piece] == number
            x, y, heading = roads[number].point(s[mine])
            t = (points[mine, 1] - y) * np.cos(heading) - (points[mine, 0] - x) * np.sin(heading)
            z[mine] = roads[number].height(s[mine], t)
        return z
