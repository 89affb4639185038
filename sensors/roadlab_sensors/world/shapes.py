"""Primitive shapes from which the generators build; each returns a `Mesh` in its own frame.

`Style` carries what all shapes share: colour, material, semantic class and lamp.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab_sensors.world.mesh import Bend, Mesh


@dataclass(frozen=True, slots=True)
class Style:
    """How a surface looks and what it is."""

    color: tuple[float, float, float]
    """Linear sRGB."""
    material: str
    semantic: str
    lamp: str | None = None

    def mesh(self, vertices: ArrayLike, faces: ArrayLike, normals: ArrayLike | None = None) -> Mesh:
        """A mesh of this style."""
        points = np.ascontiguousarray(vertices, dtype=np.float32).reshape(-1, 3)
        return Mesh(
            vertices=points,
            faces=np.ascontiguousarray(faces, dtype=np.uint32).reshape(-1, 3),
            colors=np.tile(np.asarray(self.color, dtype=np.float32), (len(points), 1)),
            material=self.material,
            semantic=self.semantic,
            normals=None if normals is None else np.ascontiguousarray(normals, dtype=np.float32).reshape(-1, 3),
            lamp=self.lamp,
        )


def srgb(text: str) -> tuple[float, float, float]:
    """Linear sRGB of a colour written `#rrggbb` (IEC 61966-2-1)."""
    encoded = np.array([int(text[i : i + 2], 16) for i in (1, 3, 5)]) / 255.0
    linear = np.where(encoded <= 0.04045, encoded / 12.92, ((encoded + 0.055) / 1.055) ** 2.4)
    return (float(linear[0]), float(linear[1]), float(linear[2]))


def box(low: ArrayLike, high: ArrayLike, style: Style) -> Mesh:
    """An axis-aligned box between two corners [m]."""
    corners = np.array([[x, y, z] for x in (0, 1) for y in (0, 1) for z in (0, 1)], dtype=np.float64)
    vertices = np.asarray(low) + corners * (np.asarray(high, dtype=np.float64) - np.asarray(low))
    quads = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
    faces = [[q[0], q[1], q[2]] for q in quads] + [[q[0], q[2], q[3]] for q in quads]
    return style.mesh(vertices, faces)


def loft(rings: ArrayLike, style: Style, *, caps: bool = True, closed: bool = True) -> Mesh:
    """A skin over K rings of N points each, (K, N, 3) [m].

    Rings run counter-clockwise seen against the direction in which they follow one another (the last ring's front side
    looks along that direction). `closed` joins each ring's last point to its first; `caps` closes both ends.
    """
    points = np.asarray(rings, dtype=np.float64)
    count, size = points.shape[:2]
    columns = np.arange(size if closed else size - 1)
    following = (columns + 1) % size
    faces = []
    for k in range(count - 1):
        a, b = k * size + columns, k * size + following
        faces += [np.stack([a, b, b + size], axis=1), np.stack([a, b + size, a + size], axis=1)]
    vertices = points.reshape(-1, 3)
    if caps and closed:
        centers = points[[0, -1]].mean(axis=1)
        first, last = len(vertices), len(vertices) + 1
        start = (count - 1) * size
        faces += [
            np.stack([following, columns, np.full(size, first)], axis=1),
            np.stack([start + columns, start + following, np.full(size, last)], axis=1),
        ]
        vertices = np.concatenate([vertices, centers])
    return style.mesh(vertices, np.concatenate(faces))


def revolve(profile: ArrayLike, style: Style, *, segments: int = 24) -> Mesh:
    """A body of revolution about z from a profile of (radius, z) pairs [m], from bottom to top for an outer surface."""
    outline = np.asarray(profile, dtype=np.float64)
    angles = np.arange(segments) * (2 * np.pi / segments)
    ring = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    rings = [np.column_stack([ring * radius, np.full(segments, z)]) for radius, z in outline]
    return loft(rings, style, caps=bool(outline[0, 0] > 0 or outline[-1, 0] > 0))


def cylinder(
    start: ArrayLike,
    end: ArrayLike,
    radius: float,
    style: Style,
    *,
    segments: int = 16,
    end_radius: float | None = None,
) -> Mesh:
    """A cylinder, or a cone frustum with `end_radius`, between two points [m]."""
    a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    length = float(np.linalg.norm(b - a))
    mesh = revolve([(radius, 0.0), (radius if end_radius is None else end_radius, length)], style, segments=segments)
    return mesh.moved(rotation_to((b - a) / length), a)


def ellipsoid(center: ArrayLike, radii: ArrayLike, style: Style, *, segments: int = 20, rings: int = 12) -> Mesh:
    """A smooth ellipsoid with semi-axes `radii` [m]."""
    vertices, faces = _ball(segments, rings)
    unit = style.mesh(vertices, faces, vertices)
    return unit.scaled(radii).moved(np.eye(3), center)


@cache
def _ball(segments: int, rings: int) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Points, which are normals as well, and triangles of a ball of radius 1."""
    polar = np.linspace(-np.pi / 2, np.pi / 2, rings)[1:-1]
    angle = np.arange(segments) * (2 * np.pi / segments)
    level = np.stack([np.cos(polar)[:, None] * np.cos(angle), np.cos(polar)[:, None] * np.sin(angle),
                      np.broadcast_to(np.sin(polar)[:, None], (len(polar), segments))], axis=2)  # fmt: skip
    points = np.concatenate([level.reshape(-1, 3), [[0.0, 0.0, -1.0], [0.0, 0.0, 1.0]]])
    here, low, high = np.arange(segments), len(points) - 2, len(points) - 1
    following, last = (here + 1) % segments, (len(polar) - 1) * segments
    faces = [np.stack([np.full(segments, low), following, here], axis=1),
             np.stack([last + here, last + following, np.full(segments, high)], axis=1)]  # fmt: skip
    for row in range(len(polar) - 1):
        a, b = row * segments + here, row * segments + following
        faces += [np.stack([a, b, b + segments], axis=1), np.stack([a, b + segments, a + segments], axis=1)]
    return points, np.concatenate(faces)


def capsule(
    start: ArrayLike, end: ArrayLike, radius: float, end_radius: float, style: Style, *, segments: int = 16
) -> Mesh:
    """A smooth limb between two points: a frustum with a hemisphere at either end [m]."""
    a, b = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
    length = float(np.linalg.norm(b - a))
    lower = np.linspace(-np.pi / 2, 0, 6)
    upper = np.linspace(0, np.pi / 2, 6)
    profile = [(radius * np.cos(t), radius * np.sin(t)) for t in lower]
    profile += [(end_radius * np.cos(t), length + end_radius * np.sin(t)) for t in upper]
    return smooth(revolve(np.maximum(profile, [0.0, -np.inf]), style, segments=segments), crease=np.pi).moved(
        rotation_to((b - a) / length), a
    )


def extrude(polygon: shapely.Polygon, bottom: float, top: float, style: Style) -> Mesh:
    """A vertical prism over a polygon in the xy plane, between two heights [m]."""
    polygon = shapely.orient_polygons(polygon)
    cap = triangulate(polygon)
    top_points = np.column_stack([cap.reshape(-1, 2), np.full(cap.shape[0] * 3, top)])
    bottom_points = np.column_stack([cap[:, ::-1].reshape(-1, 2), np.full(cap.shape[0] * 3, bottom)])
    parts = [top_points, bottom_points]
    for ring in (polygon.exterior, *polygon.interiors):
        xy = np.asarray(ring.coords)
        a, b = xy[:-1], xy[1:]
        low, high = np.full(len(a), bottom), np.full(len(a), top)
        p, q = np.column_stack([a, low]), np.column_stack([b, low])
        r, s = np.column_stack([b, high]), np.column_stack([a, high])
        parts.append(np.stack([p, q, r, p, r, s], axis=1).reshape(-1, 3))
    vertices = np.concatenate(parts)
    return style.mesh(vertices, np.arange(len(vertices)))


def triangulate(polygon: shapely.Polygon) -> NDArray[np.float64]:
    """(K, 3, 2) counter-clockwise triangles that fill the polygon using its own vertices only."""
    pieces = shapely.get_parts(shapely.orient_polygons(shapely.constrained_delaunay_triangles(polygon)))
    return np.array([np.asarray(t.exterior.coords)[:3] for t in pieces if t.area > 0.0]).reshape(-1, 3, 2)


def quad(a: ArrayLike, b: ArrayLike, c: ArrayLike, d: ArrayLike, style: Style) -> Mesh:
    """A flat four-cornered patch, corners counter-clockwise seen from its front [m]."""
    return style.mesh(np.array([a, b, c, d], dtype=np.float64), [[0, 1, 2], [0, 2, 3]])


def rotation_to(direction: ArrayLike) -> NDArray[np.float64]:
    """(3, 3) rotation that turns z into the unit vector `direction`."""
    z = np.asarray(direction, dtype=np.float64)
    reference = np.array([1.0, 0.0, 0.0]) if abs(z[0]) < 0.9 else np.array([0.0, 1.0, 0.0])
    y = np.cross(z, reference)
    y /= np.linalg.norm(y)
    return np.stack([np.cross(y, z), y, z], axis=1)


def mirrored(mesh: Mesh) -> Mesh:
    """The mesh mirrored at y = 0, still facing outwards; a part `arm_l` that it follows becomes `arm_r`."""
    flip = np.array([1.0, -1.0, 1.0], dtype=np.float32)
    normals = None if mesh.normals is None else mesh.normals * flip
    bend = mesh.bend
    if bend is not None:
        x, y, z = bend.joint
        other = {"_l": "_r", "_r": "_l"}.get(bend.toward[-2:])
        bend = Bend(bend.toward[:-2] + other if other else bend.toward, (x, -y, z), bend.share)
    faces = mesh.faces[:, ::-1].copy()
    return replace(mesh, vertices=mesh.vertices * flip, faces=faces, normals=normals, bend=bend)


def _pairs(group: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(P,), (P,) all ordered pairs of indices with the same `group` (N,), each index with itself included."""
    order = np.argsort(group, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(group[order]) > 0])
    sizes = np.diff(np.r_[starts, len(order)])
    each = np.repeat(sizes, sizes)  # how many share the group of each index
    first = np.repeat(np.arange(len(order)), each)
    blocks = np.repeat(np.cumsum(each) - each, each)
    second = np.arange(len(first)) - blocks + np.repeat(np.repeat(starts, sizes), each)
    return order[first], order[second]


def smooth(mesh: Mesh, crease: float = 0.6) -> Mesh:
    """The mesh with normals averaged over faces that meet at less than `crease` [rad]; sharper edges stay sharp."""
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    area = np.linalg.norm(cross, axis=1)
    keep = area > 1e-14
    faces, corners, cross, area = mesh.faces[keep], corners[keep], cross[keep], area[keep]
    unit = cross / area[:, None]
    _, welded = np.unique(np.round(corners.reshape(-1, 3), 5), axis=0, return_inverse=True)
    welded = welded.reshape(-1)
    mine, others = _pairs(welded)
    near = np.einsum("ij,ij->i", unit[mine // 3], unit[others // 3]) >= np.cos(crease)
    mine, towards = mine[near], (unit * area[:, None])[others[near] // 3]
    normals = np.stack([np.bincount(mine, towards[:, k], minlength=len(welded)) for k in range(3)], axis=1)
    lengths = np.linalg.norm(normals, axis=1, keepdims=True)
    normals = np.where(lengths > 1e-12, normals / np.maximum(lengths, 1e-12), np.repeat(unit, 3, axis=0))
    flat = faces.reshape(-1)
    return Mesh(
        vertices=mesh.vertices[flat],
        faces=np.arange(len(flat), dtype=np.uint32).reshape(-1, 3),
        colors=mesh.colors[flat],
        material=mesh.material,
        semantic=mesh.semantic,
        normals=normals.astype(np.float32),
        lamp=mesh.lamp,
    )
