"""Hedges, bushes and tufts of grass."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.assembly import body, pick
from roadlab_sensors.world.mesh import Model
from roadlab_sensors.world.plants.branches import unit
from roadlab_sensors.world.plants.leaves import SHADE, leaves, skywards
from roadlab_sensors.world.shapes import Style, box, ellipsoid, srgb

Floats = NDArray[np.float64]

HEDGES = ((0.070, 0.145, 0.034), (0.060, 0.140, 0.040), (0.095, 0.165, 0.044), (0.080, 0.155, 0.036))
WILD = (*HEDGES, (0.110, 0.175, 0.050), (0.065, 0.135, 0.044))
"""Greens of clipped and of free-growing shrubs, linear sRGB."""
_TWIGS = Style(srgb("#4a4038"), "bark", "vegetation")
_SHADE = Style(SHADE, "leaf", "vegetation")


def hedge(rng: np.random.Generator, length: float, height: float, width: float = 0.6) -> Model:
    """A clipped hedge along x from the origin, its middle over the axis."""
    half = width / 2
    faces = np.array([length * height, length * height, length * width, width * height, width * height])
    counts = np.maximum(1, np.round(faces * 150)).astype(int)
    a, b = rng.random(counts.sum()), rng.random(counts.sum())
    side = np.repeat(np.arange(5), counts)
    x = np.select([side == 3, side == 4], [np.zeros_like(a), np.full_like(a, length)], a * length)
    y = np.select([side == 0, side == 1], [np.full_like(a, -half), np.full_like(a, half)], (b - 0.5) * width)
    z = np.where(side == 2, height, np.where(side < 2, b, a) * height)
    normals = np.array([[0, -1, 0], [0, 1, 0], [0, 0, 1], [-1, 0, 0], [1, 0, 0]], dtype=np.float64)[side]
    places = np.column_stack([x, y, z]) - normals * rng.uniform(0.07, 0.16, len(a))[:, None]
    places[:, 0] = np.clip(places[:, 0], 0.04, length - 0.04)
    places[:, 2] = np.maximum(places[:, 2], 0.06)
    green = pick(HEDGES, rng, 0.08)
    core = box((0.06, -half + 0.1, 0.0), (length - 0.06, half - 0.1, height - 0.1), _SHADE)
    return body([leaves(places, normals, 0.14, green, rng, droop=0.1, facing=skywards(normals)), core])


def bush(rng: np.random.Generator, size: float = 1.2) -> Model:
    """A free-growing shrub, `size` high [m]; origin in the middle of its foot."""
    lumps = int(rng.integers(4, 7))
    places, normals, meshes = [], [], []
    for k in range(lumps):
        turn, away = 2.4 * k + rng.uniform(0, 1), (0.0 if k == 0 else rng.uniform(0.25, 0.42) * size)
        radius = size * rng.uniform(0.26, 0.36)
        middle = np.array(
            [away * np.cos(turn), away * np.sin(turn), size * (0.62 if k == 0 else rng.uniform(0.28, 0.5))]
        )
        out = unit(rng.normal(0.0, 1.0, (int(420 * size * size / lumps), 3)))
        places.append(middle + out * radius * rng.uniform(0.75, 1.15, len(out))[:, None] * [1, 1, 1.05])
        normals.append(out)
        meshes.append(ellipsoid(middle, np.full(3, 0.72 * radius), _SHADE, segments=6, rings=4))
    points = np.concatenate(places)
    points[:, 2] = np.maximum(points[:, 2], 0.05 + 0.1 * rng.random(len(points)))
    meshes.append(box((-0.05, -0.05, 0.0), (0.05, 0.05, 0.4 * size), _TWIGS))
    outward = np.concatenate(normals)
    foliage = leaves(points, outward, 0.17, pick(WILD, rng, 0.1), rng, facing=skywards(outward))
    return body([*meshes, foliage])


def thicket(rng: np.random.Generator, length: float = 12.0) -> Model:
    """Shrubs of 1 to 3 m grown into one another along x, as beside motorways; its middle at the origin."""
    count = round(0.9 * length)
    meshes = []
    for k in range(count):
        x = (k + 0.5) * length / count - length / 2 + float(rng.normal(0.0, 0.3))
        y, size = float(rng.normal(0.0, 0.7)), float(rng.uniform(0.9, 2.9))
        out = unit(rng.normal(0.0, 1.0, (int(60 + 45 * size), 3)))
        radii = np.array([0.52, 0.52, 0.5]) * size
        points = np.array([x, y, 0.52 * size]) + out * radii * rng.uniform(0.72, 1.15, len(out))[:, None]
        points[:, 2] = np.maximum(points[:, 2], 0.06 + 0.15 * rng.random(len(points)))
        meshes.append(leaves(points, out, 0.24 + 0.05 * size, pick(WILD, rng, 0.12), rng, facing=skywards(out)))
        meshes.append(ellipsoid((x, y, 0.5 * size), 0.7 * radii, _SHADE, segments=6, rings=4))
        meshes.append(box((x - 0.04, y - 0.04, 0.0), (x + 0.04, y + 0.04, 0.4 * size), _TWIGS))
    return body(meshes)


def tuft(rng: np.random.Generator, height: float = 0.35) -> Model:
    """Long grass and weeds on a patch of about 0.5 m."""
    n = 60
    foot = np.column_stack([rng.normal(0.0, 0.15, (n, 2)), np.zeros(n)])
    lean = unit(np.column_stack([rng.normal(0.0, 0.4, (n, 2)), np.ones(n)]))
    side = unit(np.cross(lean, rng.normal(0.0, 1.0, (n, 3)))) * 0.012
    tip = foot + lean * (height * rng.uniform(0.5, 1.2, n))[:, None]
    points = np.stack([foot - side, foot + side, tip], axis=1)
    mesh = Style(srgb("#6c7042"), "leaf", "vegetation").mesh(points, np.arange(3 * n))
    tone = np.exp(rng.normal(0.0, 0.25, n))
    mesh.colors[:] = np.clip(mesh.colors * np.repeat(tone, 3)[:, None], 0.0, 0.6)
    return body([mesh])
