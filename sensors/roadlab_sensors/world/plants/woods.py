"""Woods for the distance: the edge of one near a road, and the line of one on the horizon."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.assembly import Color, body, pick, varied
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.plants.branches import trunk, unit
from roadlab_sensors.world.plants.leaves import leaves
from roadlab_sensors.world.shapes import Style, ellipsoid, loft, srgb

Floats = NDArray[np.float64]

GREENS: tuple[Color, ...] = (
    (0.070, 0.140, 0.034),
    (0.085, 0.160, 0.038),
    (0.058, 0.122, 0.036),
    (0.098, 0.172, 0.046),
)
_DEPTHS: Color = (0.040, 0.072, 0.022)
"""Between the leaf masses of a crown."""


def grove(rng: np.random.Generator, length: float = 30.0) -> Model:
    """The edge of a wood along x, for 30 m away and more: crowns of coarse leaf masses, shrubs at their feet.

    Its middle is at the origin.
    """
    meshes: list[Mesh] = []
    bark = Style(srgb("#40382f"), "bark", "vegetation")
    count = round(length / 3.4)
    for k in range(count):
        x, y = (k + 0.5) * length / count - length / 2 + rng.normal(0.0, 0.8), rng.uniform(-3.5, 3.5)
        height = rng.uniform(8.0, 15.0)
        radius = height * rng.uniform(0.24, 0.34)
        points, outward = _shell(190, rng)
        lumps = 1.0 + 0.16 * np.sin(3.1 * points[:, 0] + 9.0 * rng.random()) * np.cos(
            3.7 * points[:, 2] + 2.0 * points[:, 1]
        )
        crown = points * lumps[:, None] * [radius, radius, 0.42 * height] + np.array([x, y, 0.58 * height])
        meshes.append(leaves(crown, outward, 0.95, pick(GREENS, rng, 0.1), rng, slender=0.85))
        core = np.array([0.74 * radius, 0.74 * radius, 0.32 * height])
        meshes.append(_core((x, y, 0.58 * height), core, rng))
        axis = np.array([[x, y, 0.0], [x, y, 0.6 * height]])
        meshes.append(trunk(axis, 0.02 * height, bark, rng, sides=4))
    points, outward = _shell(round(8 * length), rng)
    shrubs = points * [length / 2, 3.5, 2.2] + np.array([0.0, 0.0, 1.9])
    shrubs[:, 2] = np.maximum(shrubs[:, 2] + rng.normal(0.0, 0.4, len(shrubs)), 0.35)
    meshes.append(_core((0.0, 0.0, 1.3), np.array([0.46 * length, 2.5, 1.3]), rng, segments=14))
    meshes.append(leaves(shrubs, outward, 0.8, varied(GREENS[1], rng, 0.1), rng, slender=0.8, droop=0.1))
    return body(meshes)


def far_wood(rng: np.random.Generator, length: float = 90.0) -> Model:
    """A wood along x for more than 150 m away: one closed canopy of lumps with leaf masses on it; middle at the origin.

    The canopy's outline is that of crowns 5 to 8 m wide beside and behind one another.
    """
    columns = round(length / 2.2)
    x = np.linspace(-length / 2, length / 2, columns)
    crowns = np.cumsum(rng.uniform(2.5, 4.2, round(length / 3.0))) - length / 2 - 3.0
    heights, reach = rng.uniform(9.0, 16.0, len(crowns)), rng.uniform(2.6, 4.0, len(crowns))
    dome = np.sqrt(np.clip(1.0 - ((x[:, None] - crowns) / reach) ** 2, 0.0, 1.0))
    top = np.maximum((heights * (0.62 + 0.38 * dome)).max(axis=1, where=dome > 0.0, initial=5.0), 5.0)
    depth = 4.0 + rng.normal(0.0, 0.7, (columns, 2))
    sections = np.stack(
        [
            np.stack([x, -depth[:, 0], np.zeros(columns)], axis=1),
            np.stack([x, depth[:, 1], np.zeros(columns)], axis=1),
            np.stack([x, depth[:, 1] + 0.5, 0.55 * top], axis=1),
            np.stack([x, rng.normal(0.0, 1.0, columns), top], axis=1),
            np.stack([x, -depth[:, 0] - 0.5, 0.55 * top], axis=1),
        ],
        axis=1,
    )
    canopy = loft(sections, Style(GREENS[2], "leaf", "vegetation"))
    unshared = canopy.vertices[canopy.faces.astype(np.int64)].reshape(-1, 3)
    backing = _mottled(
        Style(tuple(0.8 * c for c in GREENS[2]), "leaf", "vegetation").mesh(unshared, np.arange(len(unshared))), rng
    )  # type: ignore[arg-type]
    which = rng.integers(1, columns - 1, 220)
    share = rng.uniform(0.15, 1.05, 220)
    side = np.where(rng.random(220) < 0.5, -1.0, 1.0)
    out = depth[which, 0] * np.sqrt(np.clip(1.05 - share, 0.0, 1.0)) + 0.4
    places = np.stack([x[which] + rng.normal(0.0, 1.0, 220), side * out, share * top[which]], axis=1)
    outward = unit(np.stack([np.zeros(220), side * (1.1 - share), share], axis=1))
    masses = leaves(places, outward, 2.0, varied(GREENS[1], rng), rng, slender=0.9, droop=0.1)
    return body([backing, masses])


def _core(middle: tuple[float, float, float], radii: Floats, rng: np.random.Generator, segments: int = 7) -> Mesh:
    """The closed inside of a crown."""
    return _mottled(ellipsoid(middle, radii, Style(_DEPTHS, "leaf", "vegetation"), segments=segments, rings=5), rng)


def _mottled(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """The mesh with a tone of its own at each corner."""
    tone = np.exp(rng.normal(0.0, 0.2, (len(mesh.vertices) + 2) // 3)).repeat(3)[: len(mesh.vertices), None]
    mesh.colors[:] = np.clip(mesh.colors * tone, 0.0, 0.6)
    return mesh


def _shell(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points in the outer part of the unit ball and their directions from its centre."""
    outward = unit(rng.normal(0.0, 1.0, (count, 3)))
    return outward * rng.uniform(0.75, 1.05, count)[:, None], outward
