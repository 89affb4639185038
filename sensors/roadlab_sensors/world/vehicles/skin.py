"""A dense smooth skin that is cut along curves: how sheet metal gets its windows, lamps, gaps and wheel arches.

Shape and shading come from a grid of points; what is glass or lamp or gap is decided afterwards by scalar fields over
the skin's points, negative inside. Cut edges keep the interpolated normals, so no cut disturbs a reflection.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style

Array = NDArray[np.float64]


_NEAR = 0.5
"""Longer than the edges of any skin that is cut [m]."""

Field = Callable[["Skin"], Array]
"""A scalar over a skin's points, negative inside."""


@dataclass(frozen=True)
class Skin:
    """Triangles with smooth normals and a chart; symmetric about y = 0."""

    points: Array
    """(V, 3) [m]."""
    normals: Array
    """(V, 3) unit, outwards."""
    arc: Array
    """(V,) way along the plan's outline from the middle of the nose, the same on both sides [m]."""
    faces: NDArray[np.int64]
    """(F, 3)."""

    @property
    def x(self) -> Array:
        """(V,) forwards [m]."""
        return self.points[:, 0]

    @property
    def side(self) -> Array:
        """(V,) distance from the plane of symmetry [m]."""
        return np.abs(self.points[:, 1])

    @property
    def z(self) -> Array:
        """(V,) above the ground [m]."""
        return self.points[:, 2]

    def split(self, field: Array) -> tuple[Skin, Skin]:
        """The parts where `field` (V,) is negative and where it is not, cut along its zero line."""
        signs = field[self.faces] < 0.0
        count = signs.sum(axis=1)
        crossing = (count == 1) | (count == 2)
        mixed, lone_inside = self.faces[crossing], count[crossing] == 1
        lone = np.argmax(signs[crossing] == lone_inside[:, None], axis=1)
        a, b, c = (np.take_along_axis(mixed, ((lone + k) % 3)[:, None], axis=1)[:, 0] for k in range(3))
        grown, on_edge = self._with_edge_points(np.stack([a, a], axis=1), np.stack([b, c], axis=1), field)
        p, q = on_edge[:, 0], on_edge[:, 1]
        tips = np.stack([a, p, q], axis=1)
        stumps = np.concatenate([np.stack([p, b, c], axis=1), np.stack([p, c, q], axis=1)])
        stump_inside = np.tile(~lone_inside, 2)
        inside = np.concatenate([self.faces[count == 3], tips[lone_inside], stumps[stump_inside]])
        outside = np.concatenate([self.faces[count == 0], tips[~lone_inside], stumps[~stump_inside]])
        return replace(grown, faces=inside), replace(grown, faces=outside)

    def _with_edge_points(
        self, start: NDArray[np.int64], end: NDArray[np.int64], field: Array | None
    ) -> tuple[Skin, NDArray[np.int64]]:
        """The skin with a point at the zero of each edge, shared by its triangles, and the points' ids.

        Without a field the points are in the middle.
        """
        low, high = np.minimum(start, end).ravel(), np.maximum(start, end).ravel()
        edges, ids = np.unique(np.stack([low, high], axis=1), axis=0, return_inverse=True)
        i, j = edges[:, 0], edges[:, 1]
        if field is None or not len(edges):
            weight = np.full((len(edges), 1), 0.5)
        else:
            weight = np.clip(field[i] / (field[i] - field[j]), 0.02, 0.98)[:, None]
        normals = self.normals[i] + weight * (self.normals[j] - self.normals[i])
        grown = Skin(
            points=np.concatenate([self.points, self.points[i] + weight * (self.points[j] - self.points[i])]),
            normals=np.concatenate([self.normals, unit(normals)]),
            arc=np.concatenate([self.arc, self.arc[i] + weight[:, 0] * (self.arc[j] - self.arc[i])]),
            faces=self.faces,
        )
        return grown, len(self.points) + ids.reshape(start.shape)

    def refined(self, field: Field, size: float) -> Skin:
        """The skin with triangles along the zero line of `field` quartered until their edges are under `size` [m].

        A fine outline can then be cut from a coarse grid.
        """
        skin = self
        for _ in range(4):
            corners = skin.points[skin.faces]
            longest = np.linalg.norm(corners - np.roll(corners, 1, axis=1), axis=2).max(axis=1)
            near = np.abs(field(skin)[skin.faces]).min(axis=1) < 0.4 * longest
            coarse = near & (longest > size)
            if not coarse.any():
                break
            skin = skin._quartered(coarse)
        return skin

    def _quartered(self, which: NDArray[np.bool_]) -> Skin:
        faces = self.faces[which]
        start, end = faces, np.roll(faces, -1, axis=1)
        grown, middles = self._with_edge_points(start, end, None)
        (a, b, c), (ab, bc, ca) = faces.T, middles.T
        quarters = [np.stack(each, axis=1) for each in ((a, ab, ca), (ab, b, bc), (ca, bc, c), (ab, bc, ca))]
        return replace(grown, faces=np.concatenate([self.faces[~which], *quarters]))

    def strip(self, field: Field, half_width: float, mask: Field) -> tuple[Skin, Skin]:
        """The band within `half_width` [m] of the zero line of `field` where `mask` is negative, and the rest."""
        near, far = self.split(np.maximum(field(self) - half_width, mask(self)))
        band, beyond = near.split(-field(near) - half_width)
        return band, replace(band, faces=np.concatenate([far.faces, beyond.faces]))

    def level_band(self, height: float, half_width: float) -> tuple[Skin, Skin]:
        """The band within `half_width` of `height` above the ground [m], and the rest."""
        return self.strip(lambda s: s.z - height, half_width, everywhere)

    def moved(self, displacement: Array) -> Skin:
        """The skin with each point displaced by (V, 3) or (3,) [m]."""
        return replace(self, points=self.points + displacement)

    def sunk(self, depth: float) -> Skin:
        """The skin pushed inwards along its normals [m]."""
        return self.moved(-depth * self.normals)

    def rim(self, displacement: Array, where: NDArray[np.bool_] | None = None) -> Skin:
        """Walls from the skin's edge (between points of `where`) along `displacement` (V, 3) [m], facing the skin."""
        directed = np.concatenate([self.faces[:, [0, 1]], self.faces[:, [1, 2]], self.faces[:, [2, 0]]])
        size = len(self.points)
        code, twin = directed[:, 0] * size + directed[:, 1], directed[:, 1] * size + directed[:, 0]
        edges = directed[~np.isin(code, twin)]
        if where is not None:
            edges = edges[where[edges].all(axis=1)]
        a, b = edges[:, 0], edges[:, 1]
        depth = np.broadcast_to(displacement, self.points.shape)
        quads = np.stack([self.points[a], self.points[b], self.points[b] + depth[b], self.points[a] + depth[a]], axis=1)
        normals = unit(np.cross(quads[:, 1] - quads[:, 0], quads[:, 2] - quads[:, 1]))
        base = np.arange(len(edges))[:, None] * 4
        return Skin(
            points=quads.reshape(-1, 3),
            normals=np.repeat(normals, 4, axis=0),
            arc=np.repeat(self.arc[a], 4),
            faces=np.concatenate([np.add(base, (0, 1, 2)), np.add(base, (0, 2, 3))]),
        )

    def reversed(self) -> Skin:
        """The skin seen from its other side."""
        return replace(self, faces=self.faces[:, ::-1], normals=-self.normals)

    def nearest(self, x: float, z: float) -> tuple[Array, Array]:
        """Point and normal of the left flank at (x, z) [m], on the tangent plane of the closest point there."""
        used = np.unique(self.faces)
        flank = used[(self.points[used, 1] > 0.0) & (self.normals[used, 1] > 0.3)]
        best = flank[np.argmin(np.hypot(self.x[flank] - x, self.z[flank] - z))]
        point, normal = self.points[best], self.normals[best]
        y = point[1] - (normal[0] * (x - point[0]) + normal[2] * (z - point[2])) / normal[1]
        return np.array([x, y, z]), normal

    def mesh(self, style: Style) -> Mesh:
        """The skin as a mesh, without the points that no triangle uses."""
        used, faces = np.unique(self.faces, return_inverse=True)
        return style.mesh(self.points[used], faces, self.normals[used])


def everywhere(skin: Skin) -> Array:
    """A mask that holds at each point."""
    return np.full(len(skin.points), -1.0)


def grid_skin(rings: Array, arc: Array) -> Skin:
    """A skin over K closed rings of N points (K, N, 3), counter-clockwise seen from above and rising; `arc` is (N,)."""
    count, size = rings.shape[:2]
    column = np.arange(size)
    following = (column + 1) % size
    row = (np.arange(count - 1) * size)[:, None]
    a, b, c, d = row + column, row + following, row + size + following, row + size + column
    faces = np.stack([np.stack([a, b, c], axis=-1), np.stack([a, c, d], axis=-1)], axis=2).reshape(-1, 3)
    points = rings.reshape(-1, 3)
    return Skin(points, vertex_normals(points, faces), np.tile(arc, count), faces)


def vertex_normals(points: Array, faces: NDArray[np.int64]) -> Array:
    """(V, 3) mean of the adjoining faces' normals by area; coincident points share theirs."""
    corners = points[faces]
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    _, weld = np.unique(np.round(points, 6), axis=0, return_inverse=True)
    weld = weld.reshape(-1)
    total = np.zeros((weld.max() + 1, 3))
    np.add.at(total, weld[faces].reshape(-1), np.repeat(cross, 3, axis=0))
    normals: Array = unit(total)[weld]
    return normals


def unit(vectors: Array) -> Array:
    """Vectors (N, 3) at length one; zero ones stay."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    scaled: Array = vectors / np.maximum(lengths, 1e-12)
    return scaled


def rounded(corners: ArrayLike, radius: float) -> shapely.Polygon:
    """The polygon (N, 2) with its corners rounded [m]."""
    return shapely.Polygon(np.asarray(corners)).buffer(-radius).buffer(radius, quad_segs=6)


def signed_distance(polygon: shapely.Polygon, u: Array, v: Array) -> Array:
    """(N,) distance of the points (u, v) from the polygon's edge, negative inside [m].

    Beyond `_NEAR` from the polygon's bounds it is the distance from those, which is less.
    """
    low_u, low_v, high_u, high_v = polygon.bounds
    distance: Array = np.hypot(
        np.maximum(np.maximum(low_u - u, u - high_u), 0.0), np.maximum(np.maximum(low_v - v, v - high_v), 0.0)
    )
    near = np.flatnonzero(distance < _NEAR)
    exact = shapely.distance(polygon.boundary, shapely.points(u[near], v[near]))
    distance[near] = np.where(shapely.contains_xy(polygon, u[near], v[near]), -exact, exact)
    return distance
