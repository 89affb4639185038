"""Putting shapes together: the steps that all generators of the surroundings share.

Every generator builds with its front looking along -y, so that x runs to the right and z up for whoever stands before
it; long things (walls, fences, hedges, rails) run along +x. The origin is on the ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab_sensors.world.mesh import Board, Mesh, Model, merge
from roadlab_sensors.world.shapes import Style, extrude, triangulate

Color = tuple[float, float, float]

CYCLE = np.array([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])
"""Rotation that turns a polygon's plane xy into yz and its prism's axis z into x."""

UPRIGHT = np.array([[1.0, 0.0, 0.0], [0.0, 0.0, -1.0], [0.0, 1.0, 0.0]])
"""Rotation that sets a polygon of the plane xy upright: x to the right, y up, its upper side to the front (-y)."""


def body(meshes: Iterable[Mesh]) -> Model:
    """A model of the one part `body`, of as few meshes as possible."""
    given = list(meshes)
    return Model({"body": tuple(merge(given))}, tuple(_board(mesh) for mesh in given if mesh.board))


def _board(mesh: Mesh) -> Board:
    low, high = mesh.vertices.min(axis=0).astype(float), mesh.vertices.max(axis=0).astype(float)
    return Board(mesh.board, (low[0], low[1], low[2]), (high[0], high[1], high[2]))


def pose(x: float, y: float, z: float, yaw: float) -> NDArray[np.float64]:
    """(4, 4) rigid transform that turns by `yaw` [rad] about z and then moves by (x, y, z) [m]."""
    matrix = np.eye(4)
    matrix[:2, :2] = [[np.cos(yaw), -np.sin(yaw)], [np.sin(yaw), np.cos(yaw)]]
    matrix[:3, 3] = x, y, z
    return matrix


def turned(meshes: Iterable[Mesh], yaw: float = 0.0, at: ArrayLike = (0.0, 0.0, 0.0)) -> list[Mesh]:
    """The meshes turned by `yaw` [rad] about z and then moved by `at` [m]."""
    rotation = pose(0.0, 0.0, 0.0, yaw)[:3, :3]
    return [mesh.moved(rotation, at) for mesh in meshes]


def shaded(mesh: Mesh, factors: ArrayLike) -> Mesh:
    """The mesh with its colours multiplied by a factor, or by one factor per vertex."""
    scale = np.asarray(factors, dtype=np.float32).reshape(-1, 1)
    return replace(mesh, colors=np.clip(mesh.colors * scale, 0.0, 0.95).astype(np.float32))


def varied(color: Color, rng: np.random.Generator, spread: float = 0.08) -> Color:
    """The colour a little lighter or darker, and a little warmer or cooler."""
    factors = (1.0 + rng.normal(0.0, spread)) * (1.0 + rng.normal(0.0, 0.25 * spread, 3))
    r, g, b = np.clip(np.asarray(color) * factors, 0.01, 0.9)
    return (float(r), float(g), float(b))


def pick(options: Sequence[Color], rng: np.random.Generator, spread: float = 0.05) -> Color:
    """One of the colours, varied."""
    return varied(options[int(rng.integers(len(options)))], rng, spread)


def along_x(section: shapely.Polygon, start: float, end: float, style: Style) -> Mesh:
    """A prism along x over a cross-section whose plane is (y, z) [m]."""
    return extrude(section, start, end, style).moved(CYCLE, (0.0, 0.0, 0.0))


def upright(polygon: shapely.Polygon, front: float, back: float, style: Style) -> Mesh:
    """A plate over a polygon of the plane (x, z) that reaches from y = `front` to y = `back` [m]."""
    return extrude(polygon, -back, -front, style).moved(UPRIGHT, (0.0, 0.0, 0.0))


def face(polygon: shapely.Polygon, y: float, style: Style) -> Mesh:
    """The front side alone of a plate over a polygon of the plane (x, z) [m]."""
    fans = np.concatenate([triangulate(part) for part in shapely.get_parts(polygon)])
    # Slivers between collinear points vanish in single precision, and their normals with them.
    corners = fans[shapely.area(shapely.polygons(fans)) > 1e-7].reshape(-1, 2)
    points = np.column_stack([corners[:, 0], np.full(len(corners), y), corners[:, 1]])
    return style.mesh(points, np.arange(len(points)))


def pierced(
    outline: shapely.Polygon, holes: Sequence[shapely.Polygon], depth: float, style: Style, reveal: Style | None = None
) -> list[Mesh]:
    """The front side of a wall at y = 0 with holes that go `depth` [m] into it; the holes have sides and no bottom."""
    if not holes:
        return [face(outline, 0.0, style)]
    front = face(outline.difference(shapely.union_all(np.array(holes))), 0.0, style)
    sides = []
    for hole in holes:
        ring = np.asarray(shapely.orient_polygons(hole).exterior.coords)
        a, b = ring[:-1], ring[1:]
        near, far = np.zeros(len(a)), np.full(len(a), depth)
        p, q = np.column_stack([a[:, 0], near, a[:, 1]]), np.column_stack([b[:, 0], near, b[:, 1]])
        r, s = np.column_stack([b[:, 0], far, b[:, 1]]), np.column_stack([a[:, 0], far, a[:, 1]])
        sides.append(np.stack([p, q, r, p, r, s], axis=1).reshape(-1, 3))
    points = np.concatenate(sides)
    return [front, (reveal or style).mesh(points, np.arange(len(points)))]


def slats(width: float, bottom: float, top: float, pitch: float, tilt: float, style: Style) -> Mesh:
    """Boards one above the other in the plane y = 0, each leaning out at its lower edge by `tilt` [m]."""
    count = max(1, round((top - bottom) / pitch))
    z = np.linspace(bottom, top, count + 1)
    levels = np.column_stack([np.tile([-tilt, 0.0], count), np.repeat(z, 2)[1:-1]])
    left, right = np.insert(levels, 0, 0.0, axis=1), np.insert(levels, 0, width, axis=1)
    points = np.stack([left, right], axis=1).reshape(-1, 3)
    k = 2 * np.arange(len(levels) - 1)[:, None]
    return style.mesh(points, np.concatenate([k + np.array([0, 1, 3]), k + np.array([0, 3, 2])]))
