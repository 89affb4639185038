"""The veil that the sun lays over a picture when it shines on the lens, in view or not."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.rays.cast import cast
from roadlab_sensors.rays.daylight import radiance_towards
from roadlab_sensors.sensor import Stage

Floats = NDArray[np.float64]
CORE = 0.02
"""Angle [rad] within which scattered light falls off no further."""
_REACH, _STEPS = np.radians(3.0), 181
_RAYS = 24
_DISC = np.radians(0.2665)


def spread(angle: Floats) -> Floats:
    """Share of scattered light by solid angle [1/sr], at an `angle` from where it came [rad].

    It falls with the square of the angle, as stray light in eyes and lenses does (Vos 1984, CIE 135/1), and all of it
    together is 1.
    """
    grid = np.linspace(0.0, np.pi / 2.0, 4001)
    whole = np.trapezoid(2.0 * np.pi * np.sin(grid) / (grid**2 + CORE**2), grid)
    return np.asarray(np.where(angle < np.pi / 2.0, 1.0 / (angle**2 + CORE**2), 0.0) / whole)


@dataclass(frozen=True)
class Sunlight:
    """The sun as it shines on a lens."""

    direction: Floats
    """(3,) towards it, in the world."""
    irradiance: Floats
    """(3,) of a surface that faces it, in the ray engine's units."""

    @classmethod
    def of(cls, stage: Stage) -> Sunlight | None:
        """What the sky's picture holds around the sun, but for the sky itself; None without a sun."""
        if stage.sun is None:
            return None
        towards = stage.sun
        side = np.cross(towards, [0.0, 0.0, 1.0] if abs(towards[2]) < 0.9 else [1.0, 0.0, 0.0])
        side /= np.linalg.norm(side)
        up = np.cross(side, towards)
        offsets = np.linspace(-_REACH, _REACH, _STEPS)
        a, b = (grid.ravel() for grid in np.meshgrid(offsets, offsets))
        rays = towards + a[:, None] * side + b[:, None] * up
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        radiance = radiance_towards(stage.scene.sky, rays)
        around = np.median(radiance[np.hypot(a, b) > 0.9 * _REACH], axis=0)
        solid = (offsets[1] - offsets[0]) ** 2
        return cls(towards, np.maximum(radiance - around, 0.0).sum(axis=0) * solid)

    def veil(self, stage: Stage, gaze: Gaze, local: Floats) -> NDArray[np.float32]:
        """(H, W, 3) radiance that a lens which scatters all light would add; `local` (H * W, 3) are the pixels' rays.

        The movers must be placed as they are at `gaze.middle`.
        """
        shape = (gaze.lens.height, gaze.lens.width, 3)
        towards = self.direction @ gaze.pose[:3, :3]
        if towards[2] <= 0.0:
            return np.zeros(shape, dtype=np.float32)
        free = self._free(stage, gaze.pose[:3, 3])
        angle = np.arccos(np.clip(np.nan_to_num(local) @ towards, -1.0, 1.0))
        lit = spread(angle)[:, None] * (free * towards[2] * self.irradiance)
        return np.asarray(lit, dtype=np.float32).reshape(shape)

    def _free(self, stage: Stage, origin: Floats) -> float:
        """Share of the sun's disc that nothing hides."""
        turn = np.arange(_RAYS) * np.pi * (3.0 - np.sqrt(5.0))
        radius = _DISC * np.sqrt((np.arange(_RAYS) + 0.5) / _RAYS)
        side = np.cross(self.direction, [0.0, 0.0, 1.0] if abs(self.direction[2]) < 0.9 else [1.0, 0.0, 0.0])
        side /= np.linalg.norm(side)
        up = np.cross(side, self.direction)
        rays = self.direction + (radius * np.cos(turn))[:, None] * side + (radius * np.sin(turn))[:, None] * up
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        return float(np.isinf(cast(stage.scene, origin, rays).distance).mean())
