"""Woods for the distance: the edge of one near a road, and the line of one on the horizon."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.assembly import Color, body, pick, varied
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.plants.branches import trunk, unit
from roadlab_sensors.world.plants.leaves import leaves, skywards
from roadlab_sensors.world.shapes import Style, ellipsoid, loft, srgb

Floats = NDArray[np.float64]

GREENS: tuple[Color, ...] = (
    (0.070, 0.140, 0.034),
    (0.085, 0.160, 0.038),
    (0.058, 0.122, 0.036),
    (0.098, 0.172, 0.046),
)
_DEPTHS: Color = (0.046, 0.090, 0.026)
"""Between the leaf masses of a crown."""
_SHADOWED: Color = (0.055, 0.112, 0.032)
"""Of a wood as a whole, seen from far away."""


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
        points, outward = _shell(270, rng)
        lumps = 1.0 + 0.16 * np.sin(3.1 * points[:, 0] + 9.0 * rng.random()) * np.cos(
            3.7 * points[:, 2] + 2.0 * points[:, 1]
        )
        crown = points * lumps[:, None] * [radius, radius, 0.42 * height] + np.array([x, y, 0.58 * height])
        meshes.append(leaves(crown, outward, 1.25, pick(GREENS, rng, 0.1), rng, slender=0.85, facing=skywards(outward)))
        core = np.array([0.66 * radius, 0.66 * radius, 0.27 * height])
        meshes.append(_core((x, y, 0.58 * height), core, rng))
        axis = np.array([[x, y, 0.0], [x, y, 0.6 * height]])
        meshes.append(trunk(axis, 0.02 * height, bark, rng, sides=4))
    points, outward = _shell(round(8 * length), rng)
    shrubs = points * [length / 2, 3.5, 2.2] + np.array([0.0, 0.0, 1.9])
    shrubs[:, 2] = np.maximum(shrubs[:, 2] + rng.normal(0.0, 0.4, len(shrubs)), 0.35)
    meshes.append(_core((0.0, 0.0, 1.3), np.array([0.46 * length, 2.5, 1.3]), rng, segments=14))
    meshes.append(leaves(shrubs, outward, 1.0, varied(GREENS[1], rng, 0.1), rng, droop=0.1, facing=skywards(outward)))
    return body(meshes)


def far_wood(rng: np.random.Generator, length: float = 90.0) -> Model:
    """A wood along x for more than 150 m away: a closed canopy with leaf masses on it; its middle at the origin.

    The canopy's outline is that of crowns 5 to 8 m wide beside and behind one another.
    """
    x = np.linspace(-length / 2, length / 2, round(length / 2.2))
    top = _skyline(x, rng)
    depth = 4.0 + rng.normal(0.0, 0.7, (len(x), 2))
    count = round(4.5 * length)
    which, share = rng.integers(1, len(x) - 1, count), rng.uniform(0.15, 1.05, count)
    side = np.where(rng.random(count) < 0.5, -1.0, 1.0)
    out = depth[which, 0] * np.sqrt(np.clip(1.05 - share, 0.0, 1.0)) + 0.4
    places = np.stack([x[which] + rng.normal(0.0, 1.0, count), side * out, share * top[which]], axis=1)
    outward = unit(np.stack([np.zeros(count), side * (1.1 - share), share], axis=1))
    masses = leaves(
        places, outward, 1.75, varied(GREENS[1], rng), rng, slender=0.9, droop=0.1, facing=skywards(outward)
    )
    return body([_canopy(x, top, depth, rng), masses])


def _skyline(x: Floats, rng: np.random.Generator) -> Floats:
    """Heights (N,) [m] of the tallest crowns over places `x` (N,) along a wood."""
    crowns = x[0] + np.cumsum(rng.uniform(2.5, 4.2, round(np.ptp(x) / 3.0))) - 3.0
    heights, reach = rng.uniform(9.0, 16.0, len(crowns)), rng.uniform(2.6, 4.0, len(crowns))
    dome = np.sqrt(np.clip(1.0 - ((x[:, None] - crowns) / reach) ** 2, 0.0, 1.0))
    return np.asarray(np.where(dome > 0.0, heights * (0.62 + 0.38 * dome), 5.0).max(axis=1))


def _canopy(x: Floats, top: Floats, depth: Floats, rng: np.random.Generator) -> Mesh:
    """A skin from the ground over `top` (N,) and back, `depth` (N, 2) to front and back [m]."""
    y = np.stack([-depth[:, 0], depth[:, 1], depth[:, 1] + 0.5, rng.normal(0.0, 1.0, len(x)), -depth[:, 0] - 0.5])
    z = np.stack([0.0 * top, 0.0 * top, 0.55 * top, top, 0.55 * top])
    skin = loft(
        np.stack([np.broadcast_to(x, y.shape), y, z], axis=2).transpose(1, 0, 2), Style(_SHADOWED, "leaf", "vegetation")
    )
    return _mottled(skin, rng)


def _core(middle: tuple[float, float, float], radii: Floats, rng: np.random.Generator, segments: int = 7) -> Mesh:
    """The closed, lumpy inside of a crown."""
    ball = ellipsoid((0.0, 0.0, 0.0), (1.0, 1.0, 1.0), Style(_DEPTHS, "leaf", "vegetation"), segments=segments, rings=5)
    waves = np.sin(ball.vertices * rng.uniform(2.5, 5.0, 3) + rng.uniform(0.0, 6.28, 3)).sum(axis=1, keepdims=True)
    lumpy = ball.vertices * (1.0 + 0.09 * waves) * radii + np.asarray(middle)
    return _mottled(replace(ball, vertices=lumpy.astype(np.float32), normals=None), rng)


def _mottled(mesh: Mesh, rng: np.random.Generator) -> Mesh:
    """The mesh with a tone of its own on each triangle."""
    corners = mesh.vertices[mesh.faces].reshape(-1, 3)
    tone = np.exp(rng.normal(0.0, 0.2, len(mesh.faces))).repeat(3)[:, None]
    colors = np.clip(mesh.colors[mesh.faces].reshape(-1, 3) * tone, 0.0, 0.6).astype(np.float32)
    faces = np.arange(len(corners), dtype=np.uint32).reshape(-1, 3)
    return replace(mesh, vertices=corners, faces=faces, colors=colors)


def _shell(count: int, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Points in the outer part of the unit ball and their directions from its centre."""
    outward = unit(rng.normal(0.0, 1.0, (count, 3)))
    return outward * rng.uniform(0.75, 1.05, count)[:, None], outward
