"""How high the land is beside and between roads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from roadlab.roads.areas import road_area
from roadlab.roads.decks import Deck
from roadlab.roads.network import RoadNetwork
from roadlab_sensors.world.partition import GRID

Floats = NDArray[np.float64]
SPACING = 5.0
"""Distance of the places along roads from which the land takes its height [m]."""
NEIGHBOURS = 16
"""So many of them count for each place."""
SHOULDER = 1.0
"""So far beside a road the land is as high as its edge [m]."""
BELOW = 1.0
"""Land under a bridge is lower than its surface by this at least [m]."""
MESH = 25.0
"""Hilly land is cut into squares of this size near roads [m]."""


@dataclass(frozen=True)
class Terrain:
    """The land of a network that does not lie over itself: it meets the roads' edges and runs smoothly between them."""

    network: RoadNetwork
    decks: Sequence[Deck] = ()
    """Bridges over it, into whose slabs it does not rise."""

    def heights(self, points: Floats) -> Floats:
        """(P,) z [m] of roads and land at `points` (P, 2), without kerbs."""
        if self.network.is_flat:
            return np.zeros(len(points))
        near = np.asarray(self.network.road_height(points))
        tree, known = self._known
        found = tree.query(points, k=np.arange(1, min(NEIGHBOURS, len(known)) + 1))
        apart, index = np.asarray(found[0], dtype=np.float64), np.asarray(found[1])
        weight = 1.0 / np.maximum(apart, 1e-3) ** 3
        between = (weight * known[index]).sum(axis=1) / weight.sum(axis=1)
        away = shapely.distance(self._roads, shapely.points(points)) - SHOULDER
        share = np.clip(away / 10.0, 0.0, 1.0)
        smooth = share * share * (3.0 - 2.0 * share)
        land = near + smooth * (between - near)
        for deck in self.decks:
            under = np.flatnonzero(shapely.contains_xy(deck.area.buffer(2.0 * GRID), points))
            under = under[shapely.distance(self._paved, shapely.points(points[under])) > 2.0 * GRID]
            land[under] = np.minimum(land[under], deck.network.road_height(points[under]) - BELOW)
        return np.asarray(land)

    def seams(self) -> list[shapely.Geometry]:
        """Lines along which flat faces must be cut so that they can follow the land."""
        if self.network.is_flat:
            return []
        return [*self._grid(), *self.across(), *(deck.area.boundary for deck in self.decks)]

    def _grid(self) -> list[shapely.Geometry]:
        area = self._roads.buffer(120.0, quad_segs=2)
        x0, y0, x1, y1 = area.bounds
        lines = [shapely.LineString([(x, y0), (x, y1)]) for x in np.arange(x0, x1, MESH)]
        lines += [shapely.LineString([(x0, y), (x1, y)]) for y in np.arange(y0, y1, MESH)]
        return [shapely.intersection(line, area.difference(self._roads)) for line in lines]

    def across(self) -> list[shapely.Geometry]:
        """From edge to edge of each road, as close as its slopes change."""
        lines = []
        for road in self.network.every_road.values():
            if road.relief.is_flat:
                continue
            s = _steps(road.length, np.asarray(road.relief.elevation(np.arange(0.0, road.length + 1.0, 1.0))))
            s = np.unique(np.clip(s, *road.extent))
            right, left = road.edges
            t = np.unique(np.concatenate([np.arange(right, left, 3.0), [left]]))
            x, y, _ = road.point(s[:, None], t[None, :])
            lines += [shapely.LineString(line) for line in np.stack([x, y], axis=-1)]
            if not road.relief.is_level_across:
                lines += [shapely.LineString(line) for line in np.stack([x, y], axis=-1).transpose(1, 0, 2)[1:-1]]
        return lines

    @cached_property
    def _roads(self) -> shapely.Geometry:
        area = shapely.union_all([self.network.drivable, self.network.pavement])
        shapely.prepare(area)
        return area

    @cached_property
    def _paved(self) -> shapely.Geometry:
        """All that belongs to roads on the ground, verges too."""
        return road_area(self.network)

    @cached_property
    def _known(self) -> tuple[cKDTree, Floats]:
        places, heights = [], []
        for road in self.network.every_road.values():
            low, high = road.extent
            s = np.linspace(low, high, max(2, int((high - low) / SPACING) + 1))
            for t in road.edges:
                x, y, _ = road.point(s, t)
                places.append(np.column_stack([x, y]))
                heights.append(road.height(s, t))
        return cKDTree(np.concatenate(places)), np.concatenate(heights)


def _steps(length: float, heights: Floats) -> Floats:
    """Values of s between which a road's height, given every metre, strays at most 1 cm from straight [m]."""
    bend = np.abs(np.gradient(np.gradient(heights))) if len(heights) > 2 else np.zeros(len(heights))
    rate = np.clip(np.sqrt(bend / 0.08), 0.05, 1.0)
    passed = np.concatenate([[0.0], np.cumsum(0.5 * (rate[1:] + rate[:-1]))])
    wanted = np.linspace(0.0, passed[-1], max(2, int(np.ceil(passed[-1])) + 1))
    return np.asarray(np.minimum(np.interp(wanted, passed, np.arange(len(heights), dtype=np.float64)), length))
