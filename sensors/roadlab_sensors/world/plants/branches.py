"""Wood: branches that fork into branches, as arrays, and the bark around them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, loft, smooth

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Branches:
    """N straight branches of one order."""

    start: Floats
    """(N, 3) [m]."""
    direction: Floats
    """(N, 3) unit vectors."""
    length: Floats
    """(N,) [m]."""
    radius: Floats
    """(N,) at the start [m]."""

    @property
    def end(self) -> Floats:
        """(N, 3) [m]."""
        return self.start + self.direction * self.length[:, None]


@dataclass(frozen=True, slots=True)
class Forking:
    """How branches of one order sprout from those of the order before."""

    count: int
    """Per parent."""
    reach: tuple[float, float]
    """Where along the parent they start, as shares of its length."""
    angle: tuple[float, float]
    """Between child and parent [rad]."""
    length: float
    """As a share of the parent's length."""
    rise: float
    """How much they turn upwards; negative hangs."""


def unit(vectors: Floats) -> Floats:
    """The vectors at length 1."""
    return np.asarray(vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9))


def across(directions: Floats) -> tuple[Floats, Floats]:
    """Two unit vectors perpendicular to each direction and to each other, (N, 3) each; the three are right-handed."""
    reference = np.where(np.abs(directions[:, 2:]) < 0.9, [0.0, 0.0, 1.0], [1.0, 0.0, 0.0])
    a = unit(np.cross(reference, directions))
    return a, np.cross(directions, a)


def sprout(parents: Branches, forking: Forking, rng: np.random.Generator) -> Branches:
    """Children of all parents, spread around them by the golden angle."""
    n, k = len(parents.length), forking.count
    share = (
        np.linspace(*forking.reach, k)[None]
        + rng.uniform(-0.5, 0.5, (n, k)) * (forking.reach[1] - forking.reach[0]) / k
    )
    share = np.clip(share, 0.05, 1.0).ravel()
    turn = (np.arange(k)[None] * 2.39996 + rng.uniform(0, 2 * np.pi, (n, 1)) + rng.normal(0, 0.4, (n, k))).ravel()
    tilt = rng.uniform(*forking.angle, n * k)
    along = np.repeat(parents.direction, k, axis=0)
    a, b = across(along)
    radial = np.cos(turn)[:, None] * a + np.sin(turn)[:, None] * b
    direction = np.cos(tilt)[:, None] * along + np.sin(tilt)[:, None] * radial
    direction = unit(direction + np.array([0.0, 0.0, forking.rise]))
    length = np.repeat(parents.length, k) * forking.length * (1.25 - 0.5 * share) * rng.uniform(0.75, 1.25, n * k)
    start = np.repeat(parents.start, k, axis=0) + along * (share * np.repeat(parents.length, k))[:, None]
    radius = np.repeat(parents.radius, k) * (1.0 - 0.7 * share) * 0.6
    return Branches(start, direction, length, np.maximum(radius, 0.006))


def limbs(branches: Branches, style: Style, sides: int) -> Mesh:
    """Tapering tubes, open at their ends."""
    angles = np.arange(sides) * (2 * np.pi / sides)
    a, b = across(branches.direction)
    circle = np.cos(angles)[None, :, None] * a[:, None] + np.sin(angles)[None, :, None] * b[:, None]
    near = branches.start[:, None] + circle * branches.radius[:, None, None]
    far = branches.end[:, None] + circle * (0.35 * branches.radius)[:, None, None]
    points = np.stack([near, far], axis=1)  # (N, 2, sides, 3)
    i, j = np.arange(sides), (np.arange(sides) + 1) % sides
    cell = np.concatenate([np.stack([i, j, j + sides], axis=1), np.stack([i, j + sides, i + sides], axis=1)])
    faces = (2 * sides * np.arange(len(branches.length)))[:, None, None] + cell
    return style.mesh(points, faces)


def trunk(points: Floats, radius: float, style: Style, rng: np.random.Generator, *, sides: int = 10) -> Mesh:
    """A trunk along `points` (K, 3) with spreading roots; its foot goes 5 mm into the ground."""
    share = np.linspace(0.0, 1.0, len(points))
    angles = np.arange(sides) * (2 * np.pi / sides)
    height = points[:, 2] - points[0, 2]
    radii = radius * (1.0 - 0.78 * share) * (1.0 + 0.55 * np.exp(-height / 0.25))
    lobes = (
        1.0
        + 0.12 * rng.normal(0.0, 1.0, sides)[None] * np.exp(-height / 0.5)[:, None]
        + rng.normal(0.0, 0.025, (len(points), sides))
    )
    rings = np.stack(
        [
            points[:, :1] + radii[:, None] * lobes * np.cos(angles),
            points[:, 1:2] + radii[:, None] * lobes * np.sin(angles),
            np.broadcast_to(points[:, 2:] - np.where(share == 0.0, 0.005, 0.0)[:, None], lobes.shape),
        ],
        axis=-1,
    )
    return smooth(loft(rings, style), crease=1.2)
