"""How people find their way over pavements and crosswalks: through triangles that share an edge.

All that can be walked on, less a margin at its edges, is cut into triangles (constrained Delaunay). A way leads through
the edges between them, everywhere at the same share of the width, so that those with different shares walk side by
side.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra

from roadlab.behaviors.people.ways import Ways
from roadlab.roads.network import RoadNetwork

Array = NDArray[np.float64]
Index = NDArray[np.int64]

MARGIN = 0.4
"""Kept from edges [m]."""
COARSE = 0.05
"""Edges are simplified by up to this [m]."""
STRAIGHT = 0.15
"""Bends of a way smaller than this are left out [m]."""
LONGEST = 6.0
"""Of the triangles' sides at the rim [m]."""
BESIDE = 30.0
"""No pavement is further from the middle of its road [m]."""
SMALLEST = 20.0
"""Pieces of pavement smaller than this that nothing leads to are not walked on [m²]."""


@dataclass(frozen=True, eq=False)
class Ground:
    """T triangles that people walk on, and P edges between them."""

    corners: Array
    """(T, 3, 2) [m], counter-clockwise."""
    portal: Index
    """(T, 3) number of the edge from each corner to the next one; -1 at the rim."""
    ends: Array
    """(P, 2, 2) [m] the ends of each edge, as the first of its triangles has them."""
    piece: Index
    """(T,) triangles with the same number are connected."""
    pavement: NDArray[np.bool_]
    """(T,) whether a triangle lies on the pavement, and not on the road."""
    surface: shapely.Geometry
    """What the triangles cover."""

    @cached_property
    def area(self) -> Array:
        """(T,) [m²]"""
        a, b = self.corners[:, 1] - self.corners[:, 0], self.corners[:, 2] - self.corners[:, 0]
        return 0.5 * np.abs(a[:, 0] * b[:, 1] - a[:, 1] * b[:, 0])

    @cached_property
    def width(self) -> Array:
        """(T,) the height of each triangle above its longest edge, which is the width of a strip cut into some [m]."""
        edge = np.hypot(*(np.roll(self.corners, -1, axis=1) - self.corners).transpose(2, 0, 1))
        height: Array = 2.0 * self.area / edge.max(axis=1)
        return height

    @cached_property
    def middles(self) -> Array:
        """(P, 2) [m]"""
        middles: Array = self.ends.mean(axis=1)
        return middles

    @cached_property
    def _graph(self) -> csr_array:
        """Distances between the middles of the edges of a triangle."""
        rows, columns = [], []
        for one, other in ((0, 1), (1, 2), (2, 0)):
            both = (self.portal[:, one] >= 0) & (self.portal[:, other] >= 0)
            rows.append(self.portal[both, one])
            columns.append(self.portal[both, other])
        row, column = np.concatenate(rows), np.concatenate(columns)
        gap = np.hypot(*(self.middles[row] - self.middles[column]).T)
        count = len(self.ends)
        return csr_array((np.maximum(gap, 1e-6), (row, column)), shape=(count, count))

    @cached_property
    def _owners(self) -> Index:
        """(P, 2) the triangles on either side of each edge."""
        order = np.argsort(self.portal.ravel(), kind="stable")
        order = order[self.portal.ravel()[order] >= 0]
        owners: Index = (order // 3).reshape(-1, 2)
        return owners

    def place(self, draw: np.random.Generator, among: Index) -> tuple[int, Array]:
        """A triangle among those given, by area, and a place (2,) in it."""
        share = np.cumsum(self.area[among])
        triangle = int(among[np.searchsorted(share, draw.uniform(0.0, share[-1]))])
        u, v = np.sort(draw.uniform(0.0, 1.0, 2))
        a, b, c = self.corners[triangle]
        place: Array = a + u * (b - a) + (v - u) * (c - a) if v >= u else a
        return triangle, place

    def holds(self, places: Array) -> bool:
        """Whether all of `places` (K, 2) lie on it."""
        return bool(shapely.contains_xy(self.surface, places[:, 0], places[:, 1]).all())

    def way(self, start: int, place: Array, end: int, goal: Array) -> list[tuple[int, int]]:
        """(triangle, edge through which one leaves it) one after the other, from one triangle to another.

        ValueError when nothing leads there.
        """
        if start == end:
            return []
        first, last = (self.portal[t][self.portal[t] >= 0] for t in (start, end))
        if not len(first) or not len(last) or self.piece[start] != self.piece[end]:
            raise ValueError("nothing leads there")
        gap, before = dijkstra(self._graph, directed=False, indices=first, return_predecessors=True)
        whole = (
            np.hypot(*(self.middles[first] - place).T)[:, None]
            + gap[:, last]
            + np.hypot(*(self.middles[last] - goal).T)
        )
        row, column = np.unravel_index(int(np.argmin(whole)), whole.shape)
        edges = [int(last[column])]
        while edges[-1] != first[row]:
            edges.append(int(before[row, edges[-1]]))
        found, here = [], start
        for edge in reversed(edges):
            found.append((here, edge))
            one, other = self._owners[edge]
            here = int(other if one == here else one)
        return found

    def points(self, way: list[tuple[int, int]], share: float) -> Array:
        """(K, 2) places on the edges of a way at `share` of the width, from the right to the left [m]."""
        rows = []
        for triangle, edge in way:
            corner = int(np.flatnonzero(self.portal[triangle] == edge)[0])
            right, left = self.corners[triangle, corner], self.corners[triangle, (corner + 1) % 3]
            rows.append(right + share * (left - right))
        return np.array(rows).reshape(-1, 2)


def ground_of(network: RoadNetwork) -> Ground | None:
    """Where people can walk on a network; None where it has no pavement."""
    area: shapely.Geometry = Ways(network).walkable.buffer(-MARGIN).intersection(_beside_roads(network))
    area = shapely.segmentize(area.simplify(COARSE), LONGEST)
    if area.is_empty:
        return None
    triangles = shapely.get_parts(shapely.constrained_delaunay_triangles(area))
    rings = shapely.get_exterior_ring(shapely.orient_polygons(triangles))
    corners = np.array([shapely.get_coordinates(ring)[:3] for ring in rings])
    edges = np.stack([corners, np.roll(corners, -1, axis=1)], axis=2).reshape(-1, 2, 2)
    forwards = (edges[:, 0, 0] < edges[:, 1, 0]) | (
        (edges[:, 0, 0] == edges[:, 1, 0]) & (edges[:, 0, 1] < edges[:, 1, 1])
    )
    keys = np.where(forwards[:, None, None], edges, edges[:, ::-1]).reshape(-1, 4)
    _, first, number, count = np.unique(keys, axis=0, return_index=True, return_inverse=True, return_counts=True)
    shared = np.flatnonzero(count == 2)
    named = np.full(len(count), -1)
    named[shared] = np.arange(len(shared))
    portal = named[number.reshape(-1)].reshape(-1, 3)
    ground = Ground(corners, portal, edges[first[shared]], _pieces(portal, len(shared)), np.zeros(0, dtype=bool), area)
    middle = corners.mean(axis=1)
    on_pavement = shapely.contains_xy(network.pavement, middle[:, 0], middle[:, 1])
    size = np.bincount(ground.piece, ground.area * on_pavement)[ground.piece]
    return Ground(corners, portal, ground.ends, ground.piece, on_pavement & (size > SMALLEST), area)


def _beside_roads(network: RoadNetwork) -> shapely.Geometry:
    """All that is not beyond the open ends of roads."""
    parts = [junction.polygon.buffer(BESIDE) for junction in network.junctions.values()]
    for road in network.every_road.values():
        stations = np.linspace(0.0, road.length, max(2, int(road.length / 2.0)))
        x, y, _ = road.point(stations, np.zeros(len(stations)))
        parts.append(shapely.LineString(np.column_stack([x, y])).buffer(BESIDE, cap_style="flat"))
    return shapely.union_all(parts)


def _pieces(portal: Index, edges: int) -> Index:
    triangle, side = np.nonzero(portal >= 0)
    edge, count = portal[triangle, side], len(portal)
    links = csr_array((np.ones(len(edge)), (triangle, count + edge)), shape=(count + edges, count + edges))
    pieces: Index = connected_components(links, directed=False)[1][:count].astype(np.int64)
    return pieces


def straightened(points: Array) -> Array:
    """(K, 2) the same way with fewer bends."""
    line = shapely.simplify(shapely.linestrings(points), STRAIGHT)
    return np.asarray(shapely.get_coordinates(line))
