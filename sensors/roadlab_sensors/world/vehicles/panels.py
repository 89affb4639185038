"""What car and lorry share when their sheet is cut: gaps, louvred openings, bonded panes, wheel houses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import ArrayLike

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, loft
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.skin import Array, Field, Skin, rounded, signed_distance

CAVITY = 0.27
"""Depth of a car's wheel houses [m]."""


def gaps(skin: Skin, lines: Sequence[tuple[Field, Field]], half_width: float, style: Style) -> tuple[Skin, list[Mesh]]:
    """The skin without the gaps along `lines` (each a field and its mask), and the gaps, slightly sunk."""
    meshes: list[Mesh] = []
    for field, mask in lines:
        gap, skin = skin.strip(field, half_width, mask)
        meshes.append(gap.sunk(0.002).mesh(style))
    return skin, meshes


def louvres(opening: Skin, outline: shapely.Polygon, bars: int, frame: Style, finish: Finish) -> list[Mesh]:
    """A sunk dark opening of (y, z) `outline` with a frame and level bars."""
    meshes = [opening.rim(-0.03 * opening.normals).mesh(finish.plastic)]
    edge, hole = opening.split(-signed_distance(outline.buffer(-0.012), opening.points[:, 1], opening.z))
    meshes.append(edge.mesh(frame))
    _, low, _, high = outline.bounds
    for height in np.linspace(low, high, bars + 2)[1:-1]:
        bar, hole = hole.level_band(height, 0.1 * (high - low) / bars)
        meshes.append(bar.sunk(0.01).mesh(finish.plastic))
    return [*meshes, hole.sunk(0.03).mesh(finish.gap)]


def across(skin: Skin, outline: shapely.Geometry, behind: Array) -> Array:
    """Field that is negative within `outline`, seen along x as (y, z), where `behind` is negative too."""
    return np.maximum(signed_distance(outline, skin.points[:, 1], skin.z), behind)


def beside(skin: Skin, outline: shapely.Geometry) -> Array:
    """Field that is negative within `outline`, seen along y as (x, z), on what faces sideways."""
    return np.maximum(signed_distance(outline, skin.x, skin.z), 0.35 - np.abs(skin.normals[:, 1]))


def mirrored_outline(half: ArrayLike, radius: float) -> shapely.Polygon:
    """A rounded convex polygon symmetric about y = 0 from its half with y >= 0, (N, 2) of (y, z)."""
    points = np.asarray(half, dtype=np.float64)
    whole = np.concatenate([points, points[::-1] * [-1.0, 1.0]])
    return rounded(shapely.Polygon(whole).convex_hull.exterior.coords, radius)


def wheel_arch(skin: Skin, x: float, z: float, radius: float) -> tuple[Skin, Skin]:
    """The inward lip round the wheel arches about (x, z) of both sides, and the skin with them open."""
    gap = np.hypot(skin.x - x, skin.z - z) - radius
    disc, skin = skin.split(np.maximum(gap, 0.4 - skin.side))
    inwards = np.zeros_like(disc.points)
    inwards[:, 1] = -np.sign(disc.points[:, 1])
    on_edge = np.abs(np.hypot(disc.x - x, disc.z - z) - radius) < 0.004
    return disc.rim(0.04 * inwards, on_edge), skin


def wheel_house(x: float, z: float, radius: float, low: float, outer: float, depth: float, style: Style) -> Mesh:
    """The left wheel's house about (x, z), open outwards and below `low` [m], seen from the wheel."""
    start = np.arcsin((low - z) / radius)
    turns = np.linspace(np.pi - start, start, 17)
    arch = np.column_stack([x + radius * np.cos(turns), np.full(17, outer), z + radius * np.sin(turns)])
    inner = np.subtract(arch, (0.0, depth, 0.0))
    return loft([arch, inner, np.tile((x, outer - depth, low), (17, 1))], style, caps=False, closed=False)
