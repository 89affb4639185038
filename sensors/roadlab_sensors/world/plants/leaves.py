"""Foliage: many small triangles, each standing for a cluster of leaves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab_sensors.world.assembly import Color
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.plants.branches import Branches, unit
from roadlab_sensors.world.shapes import Style

Floats = NDArray[np.float64]

SHADE = (0.030, 0.052, 0.016)
"""What is seen between the leaves of a thick crown or shrub."""


def leaves(
    places: Floats,
    outward: Floats,
    size: float,
    color: Color,
    rng: np.random.Generator,
    *,
    slender: float = 0.8,
    droop: float = 0.35,
    facing: ArrayLike = (0.0, 0.0, 0.8),
) -> Mesh:
    """A cluster of leaves, one uneven triangle, at each place (N, 3), pointing roughly along `outward` (N, 3).

    `size` is the length [m], `slender` the width over it. Leaves turn their faces roughly to `facing`, one
    direction or (N, 3): the longer it is, the more alike. Those that would reach into the ground at z = 0 are left out.
    """
    n = len(places)
    axis = unit(outward + rng.normal(0.0, 0.65, (n, 3)) - [0.0, 0.0, droop])
    front = unit(rng.normal(0.0, 0.75, (n, 3)) + np.asarray(facing, dtype=np.float64))
    side = unit(np.cross(front, axis))
    # Half way to where the leaf would show its whole face.
    axis = unit(axis + np.cross(side, front))
    length = size * rng.uniform(0.7, 1.3, n)[:, None]
    width = slender * length
    share = rng.uniform(0.15, 0.85, (n, 1))
    near = places + rng.uniform(-0.2, 0.35, (n, 1)) * length * axis + share * width * side
    far = places + rng.uniform(-0.2, 0.35, (n, 1)) * length * axis - (1.0 - share) * width * side
    tip = places + length * axis + rng.uniform(-0.4, 0.4, (n, 1)) * width * side
    points = np.stack([near, tip, far], axis=1)
    points = points[points[..., 2].min(axis=1) > 0.0]
    n = len(points)
    mesh = Style(color, "leaf", "vegetation").mesh(points, np.arange(3 * n))
    tone = np.exp(rng.normal(0.0, 0.18, (n, 1))) * (
        1.0 + rng.normal(0.0, 0.05, (n, 3)) + rng.normal(0.0, 0.12, (n, 1)) * [1.0, 0.25, -0.3]
    )
    mesh.colors[:] = np.clip(mesh.colors * np.repeat(tone, 3, axis=0), 0.004, 0.6)
    return mesh


def skywards(outward: Floats) -> Floats:
    """How leaves on the outside of something closed face: outwards and up, (N, 3)."""
    return np.asarray(outward + np.array([0.0, 0.0, 0.5]))


def along_twigs(twigs: Branches, count: int, scatter: float, rng: np.random.Generator) -> tuple[Floats, Floats]:
    """Places and directions of `count` leaves on the outer parts of all twigs, scattered by `scatter` [m] around them.

    Long twigs bear more than short ones.
    """
    bounds = np.cumsum(twigs.length)
    which = np.searchsorted(bounds, (np.arange(count) + rng.random(count)) / count * bounds[-1], side="right")
    which = np.minimum(which, len(bounds) - 1)
    along = twigs.direction[which]
    places = twigs.start[which] + along * (rng.uniform(0.2, 1.05, count) * twigs.length[which])[:, None]
    away = rng.normal(0.0, 1.0, places.shape)
    return places + scatter * away, unit(along + 0.8 * unit(away))
