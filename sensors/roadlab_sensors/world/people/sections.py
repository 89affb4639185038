"""Smooth bodies from a few cross-sections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, loft

Floats = NDArray[np.float64]
Section = tuple[float, float, float, float, float, float]
"""(z, x, y, front, back, side) [m]: where its axis is and how far it reaches along +x, -x and either way of y."""
Relief = Callable[[Floats, Floats], Floats]
"""Outward displacement [m] from angle about the axis (0 in front, left positive) and height z, both of one shape."""


def round_section(z: float, radius: float, x: float = 0.0, y: float = 0.0) -> Section:
    """A circle."""
    return (z, x, y, radius, radius, radius)


def tube(
    sections: Sequence[Section],
    style: Style,
    *,
    around: int = 24,
    rings: int = 16,
    heights: ArrayLike | None = None,
    low: float = 0.0,
    high: float = 0.0,
    power: float = 2.0,
    relief: Relief | None = None,
) -> Mesh:
    """A smooth skin through sections given from below upwards, closed at both ends.

    Rings are at `heights` [m], or `rings` of them at equal distances. `low` and `high` round the ends off over that
    height [m] beyond the first and last section; `power` above 2 makes the sections squarer (superellipses).
    """
    keys = np.asarray(sections, dtype=np.float64)
    at = np.linspace(keys[0, 0], keys[-1, 0], rings) if heights is None else np.asarray(heights)
    between = PchipInterpolator(keys[:, 0], keys, axis=0)(at)
    rows = np.concatenate([_dome(between[0], -low), between, _dome(between[-1], high)[::-1]])
    angle = np.arange(around) * (2 * np.pi / around)
    points = outline(rows, angle, power)
    if relief is not None:
        angles, heights = np.broadcast_arrays(angle[None, :], rows[:, :1])
        fade = np.minimum(rows[:, 5] / max(float(np.median(rows[:, 5])), 1e-9), 1.0)[:, None]
        outwards = np.stack([np.cos(angles), np.sin(angles), np.zeros_like(angles)], axis=2)
        points = points + (relief(angles, heights) * fade)[..., None] * outwards
    return shaded(loft(points, style))


def outline(rows: NDArray[np.floating], angle: NDArray[np.floating], power: float = 2.0) -> Floats:
    """(K, N, 3) points of K sections at N angles."""
    c, s = np.cos(angle), np.sin(angle)
    c, s = np.sign(c) * np.abs(c) ** (2 / power), np.sign(s) * np.abs(s) ** (2 / power)
    along = np.where(c > 0, rows[:, 3, None], rows[:, 4, None]) * c + rows[:, 1, None]
    aside = rows[:, 5, None] * s + rows[:, 2, None]
    return np.stack([along, aside, np.broadcast_to(rows[:, :1], along.shape)], axis=2)


def _dome(section: Floats, height: float) -> Floats:
    """Ever smaller sections that close an end, from the tip towards the section; none when `height` is 0."""
    if height == 0.0:
        return np.zeros((0, 6))
    t = np.sin(np.linspace(np.pi / 2, 0, 5)[:-1])
    rows = np.tile(section, (len(t), 1))
    rows[:, 0] += height * t
    rows[:, 3:] *= np.maximum(np.sqrt(1 - t**2), 1e-3)[:, None]
    return rows


def shaded(mesh: Mesh) -> Mesh:
    """The mesh with normals averaged over all faces that share a vertex."""
    corners = mesh.vertices[mesh.faces].astype(np.float64)
    cross = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
    normals = np.zeros((len(mesh.vertices), 3))
    for k in range(3):
        np.add.at(normals, mesh.faces[:, k], cross)
    length = np.linalg.norm(normals, axis=1, keepdims=True)
    unit = np.where(length > 1e-15, normals / np.maximum(length, 1e-15), [0.0, 0.0, 1.0])
    return replace(mesh, normals=unit.astype(np.float32))


def tinted(mesh: Mesh, colors: ArrayLike) -> Mesh:
    """The mesh with other colours, (3,) or (V, 3) linear sRGB."""
    wide = np.broadcast_to(np.asarray(colors, dtype=np.float32), mesh.vertices.shape)
    return replace(mesh, colors=np.ascontiguousarray(np.clip(wide, 0.0, 1.0)))
