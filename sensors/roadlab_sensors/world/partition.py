"""A planar partition: overlapping patches become faces that tile the plane and share their vertices exactly."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

GRID = 0.001
"""All vertices lie on this grid [m]."""
_SLIVER = 0.002
"""Faces narrower than this come from rounding [m]."""


def partition(
    patches: Sequence[shapely.Geometry], seams: Sequence[shapely.Geometry] = ()
) -> tuple[NDArray[np.object_], NDArray[np.int64]]:
    """Faces, and for each the index of the patch that it shows: the last of those that cover it.

    `seams` are further lines along which faces are cut. What no patch covers is no face. A vertex of one face that lies
    on the boundary of another is a vertex of that one, too.
    """
    outlines = [shapely.boundary(patch) for patch in patches]
    lines = shapely.union_all([*outlines, *seams], grid_size=GRID)
    faces = shapely.get_parts(shapely.polygonize(shapely.get_parts(lines)))
    shapely.prepare(patches)
    tree = shapely.STRtree(patches)
    top = _topmost(tree, shapely.point_on_surface(faces))
    thin = np.flatnonzero(_width(faces) < _SLIVER)
    beside = np.array([_across(face) for face in faces[thin]], dtype=object)
    top[thin] = np.maximum(top[thin], _topmost(tree, beside))
    shown = top >= 0
    return faces[shown], top[shown]


def overlap(a: shapely.Geometry, b: shapely.Geometry) -> shapely.MultiPolygon:
    """The area common to both, on the grid, without the lines and points along which they merely touch."""
    parts = shapely.get_parts(shapely.intersection(a, b, grid_size=GRID))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def overlaps(areas: NDArray[np.object_], other: shapely.Geometry) -> NDArray[np.object_]:
    """(K,) the same of each of K areas with another one."""
    parts, owner = shapely.get_parts(shapely.intersection(areas, other, grid_size=GRID), return_index=True)
    solid = shapely.get_type_id(parts) == shapely.GeometryType.POLYGON
    found = np.full(len(areas), shapely.MultiPolygon(), dtype=object)
    return np.asarray(shapely.multipolygons(parts[solid], indices=owner[solid], out=found))


def triangles(faces: NDArray[np.object_]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """(K, 3, 2) counter-clockwise triangles that fill faces, with all of their vertices and no others.

    With each, (K,), the index of its face; in order of the faces.
    """
    parts, face = shapely.get_parts(shapely.constrained_delaunay_triangles(faces), return_index=True)
    corners = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
    edges = corners[:, 1:] - corners[:, :1]
    clockwise = edges[:, 0, 0] * edges[:, 1, 1] < edges[:, 0, 1] * edges[:, 1, 0]
    corners[clockwise] = corners[clockwise][:, ::-1]
    return np.asarray(np.round(corners / GRID) * GRID, dtype=np.float64), np.asarray(face, dtype=np.int64)


def _topmost(tree: shapely.STRtree, points: NDArray[np.object_]) -> NDArray[np.int64]:
    """Index of the last patch over each point; -1 where there is none."""
    point, patch = tree.query(points)
    over = shapely.contains(tree.geometries[patch], points[point])
    top = np.full(len(points), -1)
    np.maximum.at(top, point[over], patch[over])
    return top


def _width(faces: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.asarray(2.0 * shapely.area(faces) / shapely.length(faces))


def _across(face: shapely.Polygon) -> shapely.Point:
    """A point just outside the longest edge of a sliver."""
    ring = np.asarray(shapely.orient_polygons(face).exterior.coords)
    edges = np.diff(ring, axis=0)
    longest = int(np.argmax(np.hypot(edges[:, 0], edges[:, 1])))
    along = edges[longest] / np.hypot(*edges[longest])
    outside = ring[longest] + 0.5 * edges[longest] + 3.0 * _SLIVER * np.array([along[1], -along[0]])
    return shapely.Point(outside)
