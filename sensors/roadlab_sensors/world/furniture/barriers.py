"""What runs beside roads and plots: fences, garden walls, noise walls, guard rails."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab_sensors.world.assembly import along_x, body, pick, varied
from roadlab_sensors.world.buildings.palette import BRICK, CONCRETE, IRON, PLASTER, WOODWORK
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.shapes import Style, box, loft, smooth, srgb

Floats = NDArray[np.float64]

RAIL_PROFILE = np.array(
    [
        (0.0, 0.44),
        (0.02, 0.445),
        (0.08, 0.49),
        (0.08, 0.53),
        (0.015, 0.57),
        (0.015, 0.62),
        (0.08, 0.66),
        (0.08, 0.70),
        (0.02, 0.745),
        (0.0, 0.75),
    ]
)
"""The W-beam's sheet: towards the traffic, height [m] (upper edge 0.75 m, as RPS asks)."""


def picket_fence(rng: np.random.Generator, length: float, height: float = 1.0) -> Model:
    """A fence of upright boards along x from the origin."""
    wood = Style(pick((*WOODWORK, srgb("#8a7a64"), srgb("#6d5a46")), rng), "wood", "fence")
    count = max(1, round(length / 2.0))
    meshes = [
        box((x - 0.045, 0.0, -0.01), (x + 0.045, 0.09, height - 0.05), wood)
        for x in np.linspace(0.05, length - 0.05, count + 1)
    ]
    meshes += [box((0.0, -0.03, z), (length, 0.0, z + 0.08), wood) for z in (0.22, height - 0.3)]
    pitch = 0.125
    for x in np.arange(0.03, length - 0.09, pitch):
        top = height + float(rng.normal(0.0, 0.006))
        meshes.append(
            box((x, -0.052, 0.07), (x + 0.085, -0.031, top), Style(varied(wood.color, rng, 0.06), "wood", "fence"))
        )
    return body(meshes)


def metal_fence(rng: np.random.Generator, length: float, height: float = 1.1) -> Model:
    """A fence of thin upright bars along x from the origin."""
    iron = Style(varied(IRON, rng) if rng.random() < 0.5 else srgb("#3d4f42"), "painted_metal", "fence")
    count = max(1, round(length / 2.5))
    meshes = [
        box((x - 0.03, -0.03, -0.01), (x + 0.03, 0.03, height + 0.02), iron)
        for x in np.linspace(0.03, length - 0.03, count + 1)
    ]
    meshes += [box((0.0, -0.015, z), (length, 0.015, z + 0.03), iron) for z in (0.12, height - 0.12)]
    meshes += [
        box((x - 0.007, -0.007, 0.08), (x + 0.007, 0.007, height), iron) for x in np.arange(0.14, length - 0.08, 0.12)
    ]
    return body(meshes)


def garden_wall(rng: np.random.Generator, length: float, height: float = 0.8) -> Model:
    """A low wall with a coping along x from the origin."""
    material = "brick" if rng.random() < 0.4 else "plaster" if rng.random() < 0.6 else "stone"
    color = pick({"brick": BRICK, "plaster": PLASTER, "stone": (CONCRETE,)}[material], rng)
    wall = box((0.0, -0.12, -0.05), (length, 0.12, height), Style(color, material, "wall"))
    coping = box((0.0, -0.15, height), (length, 0.15, height + 0.06), Style(varied(CONCRETE, rng), "concrete", "wall"))
    return body([wall, coping])


def noise_wall(rng: np.random.Generator, length: float, height: float = 3.5) -> Model:
    """Ribbed panels between steel posts every 4 m, along x from the origin."""
    steel = Style(srgb("#6f7472"), "galvanised", "wall")
    count = max(1, round(length / 4.0))
    meshes = [
        box((x - 0.09, -0.09, -0.05), (x + 0.09, 0.09, height + 0.05), steel)
        for x in np.linspace(0.09, length - 0.09, count + 1)
    ]
    base = Style(varied(CONCRETE, rng), "concrete", "wall")
    meshes.append(box((0.0, -0.07, -0.05), (length, 0.07, 0.5), base))
    greens = [srgb("#75806c"), srgb("#8a8f7d"), srgb("#6c7664")]
    levels = np.linspace(0.5, height, round((height - 0.5) / 0.5) + 1)
    for k, (low, high) in enumerate(pairwise(levels)):
        section = shapely.Polygon(
            [
                (-0.06, low + 0.01),
                (0.05, low + 0.01),
                (0.05, high - 0.01),
                (-0.06, high - 0.01),
                (-0.03, high - 0.12),
                (-0.03, low + 0.12),
            ]
        )
        meshes.append(along_x(section, 0.0, length, Style(greens[k % 3 if k > 2 else 0], "painted_metal", "wall")))
    return body(meshes)


def guard_rail(path: Floats, *, traffic_left: bool) -> Model:
    """A W-beam on posts every 2 m along the points (K, 2) [m], which are in the model's own frame.

    The beam faces the traffic on its left or right seen along the path, and goes down to the ground at both ends.
    """
    along = np.gradient(path, axis=0)
    along /= np.linalg.norm(along, axis=1, keepdims=True)
    towards = np.column_stack([-along[:, 1], along[:, 0]]) * (1.0 if traffic_left else -1.0)
    s = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(path, axis=0), axis=1))])
    rise = np.clip(np.minimum(s, s[-1] - s) / 10.0, 0.08, 1.0)
    steel = Style((0.46, 0.47, 0.48), "galvanised", "guard rail")
    rings = np.concatenate(
        [
            path[:, None] + towards[:, None] * (RAIL_PROFILE[None, :, :1] + 0.1),
            np.broadcast_to(RAIL_PROFILE[None, :, 1:] * rise[:, None, None], (len(path), len(RAIL_PROFILE), 1)),
        ],
        axis=2,
    )
    beam = smooth(loft(rings, steel, caps=False, closed=False), crease=0.9)
    return body([beam, *_posts(path, towards, s, rise, steel)])


def _posts(path: Floats, towards: Floats, s: Floats, rise: Floats, steel: Style) -> list[Mesh]:
    """Posts and the pieces that hold the beam off them."""
    meshes = []
    for at in np.arange(1.0, s[-1], 2.0):
        x, y = (float(np.interp(at, s, path[:, k])) for k in range(2))
        u, v = (float(np.interp(at, s, towards[:, k])) for k in range(2))
        top = 0.72 * float(np.interp(at, s, rise))
        turn = np.array([[v, u, 0.0], [-u, v, 0.0], [0.0, 0.0, 1.0]])
        meshes.append(box((-0.05, -0.03, -0.05), (0.05, 0.03, top), steel).moved(turn, (x, y, 0.0)))
        if top > 0.6:
            meshes.append(box((-0.03, 0.03, 0.52), (0.03, 0.115, 0.67), steel).moved(turn, (x, y, 0.0)))
    return meshes
