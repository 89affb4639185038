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
    tree = shapely.STRtree(patches)
    top = _topmost(tree, shapely.point_on_surface(faces))
    for index in np.flatnonzero(_width(faces) < _SLIVER):
        top[index] = max(top[index], _topmost(tree, _across(faces[index]))[0])
    shown = top >= 0
    return faces[shown], top[shown]


def overlap(a: shapely.Geometry, b: shapely.Geometry) -> shapely.MultiPolygon:
    """The area common to both, on the grid, without the lines and points along which they merely touch."""
    parts = shapely.get_parts(shapely.intersection(a, b, grid_size=GRID))
    return shapely.MultiPolygon([part for part in parts if part.geom_type == "Polygon"])


def triangles(face: shapely.Polygon) -> NDArray[np.float64]:
    """(K, 3, 2) counter-clockwise triangles that fill a face, with all of its vertices and no others."""
    parts = shapely.get_parts(shapely.constrained_delaunay_triangles(face))
    corners = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
    edges = corners[:, 1:] - corners[:, :1]
    clockwise = edges[:, 0, 0] * edges[:, 1, 1] < edges[:, 0, 1] * edges[:, 1, 0]
    corners[clockwise] = corners[clockwise][:, ::-1]
    return np.asarray(np.round(corners / GRID) * GRID, dtype=np.float64)


def _topmost(tree: shapely.STRtree, points: NDArray[np.object_]) -> NDArray[np.int64]:
    """Index of the last patch over each point; -1 where there is none."""
    point, patch = tree.query(points, predicate="within")
    top = np.full(len(points), -1)
    np.maximum.at(top, point, patch)
    return top


def _width(faces: NDArray[np.object_]) -> NDArray[np.float64]:
    return np.asarray(2.0 * shapely.area(faces) / shapely.length(faces))


def _across(face: shapely.Polygon) -> NDArray[np.object_]:
    """A point just outside the longest edge of a sliver."""
    ring = np.asarray(shapely.orient_polygons(face).exterior.coords)
    edges = np.diff(ring, axis=0)
    longest = int(np.argmax(np.hypot(edges[:, 0], edges[:, 1])))
    along = edges[longest] / np.hypot(*edges[longest])
    outside = ring[longest] + 0.5 * edges[longest] + 3.0 * _SLIVER * np.array([along[1], -along[0]])
    return np.array([shapely.Point(outside)])
