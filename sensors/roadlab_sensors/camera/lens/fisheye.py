"""Kannala-Brandt fisheye (Kannala and Brandt 2006, as in OpenCV), also beyond 180 degrees."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from roadlab_sensors.camera.lens.base import Floats, Lens, farthest_corner

_ANGLES = np.linspace(0.0, np.pi, 100_001)
_NEWTON_STEPS = 12


@dataclass(frozen=True)
class Fisheye(Lens):
    """Intrinsics in pixels; a ray at angle a off the axis falls a (1 + k1 a² + k2 a⁴ + k3 a⁶ + k4 a⁸) away from it."""

    fx: float
    fy: float
    cx: float
    cy: float
    distortion: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0)
    """k1, k2, k3, k4."""

    @property
    def matrix(self) -> Floats:
        """(3, 3) camera matrix."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def widest(self) -> float:
        """See `Lens`: up to where the distortion grows [rad]."""
        return self._fold[0]

    @property
    def folds_at(self) -> float | None:
        """Radius around the principal point [px] at which the distortion folds back inside the image; None if not."""
        angle, radius = self._fold
        inside = radius < farthest_corner(self, (self.cx, self.cy), (self.fx, self.fy))
        return radius * min(self.fx, self.fy) if inside and angle < np.pi else None

    @cached_property
    def _fold(self) -> tuple[float, float]:
        bent = self._bend(_ANGLES)
        shrinking = np.flatnonzero(~(np.diff(bent) > 0.0))
        last = int(shrinking[0]) if len(shrinking) else len(bent) - 1
        return float(_ANGLES[last]), float(bent[last])

    def project(self, points: ArrayLike) -> Floats:
        """See `Lens`."""
        where = np.asarray(points, dtype=np.float64)
        across = np.hypot(where[..., 0], where[..., 1])
        angle = np.arctan2(across, where[..., 2])
        with np.errstate(divide="ignore", invalid="ignore"):
            scale = np.where(across > 1e-12, self._bend(angle) / across, 1.0 / where[..., 2])
            u, v = self.fx * scale * where[..., 0] + self.cx, self.fy * scale * where[..., 1] + self.cy
        seen = (angle <= self.widest) & ((across > 1e-12) | (where[..., 2] > 0.0))
        return np.stack([np.where(seen, u, np.nan), np.where(seen, v, np.nan)], axis=-1)

    def directions(self, pixels: ArrayLike) -> Floats:
        """See `Lens`; NaN for pixels beyond the lens's image circle."""
        flat = (np.asarray(pixels, dtype=np.float64) - [self.cx, self.cy]) / [self.fx, self.fy]
        radius = np.hypot(flat[..., 0], flat[..., 1])
        angle = np.interp(radius, self._bend(_ANGLES[self.widest >= _ANGLES]), _ANGLES[self.widest >= _ANGLES])
        for _ in range(_NEWTON_STEPS):
            angle = np.clip(angle - (self._bend(angle) - radius) / self._slope(angle), 0.0, self.widest)
        with np.errstate(divide="ignore", invalid="ignore"):
            sideways = np.where(radius > 1e-12, np.sin(angle) / radius, 0.0)[..., None] * flat
        rays = np.concatenate([sideways, np.cos(angle)[..., None]], axis=-1)
        return np.where((radius <= self._fold[1] + 1e-12)[..., None], rays, np.nan)

    def _bend(self, angle: Floats) -> Floats:
        k1, k2, k3, k4 = self.distortion
        a2 = angle * angle
        bent: Floats = angle * (1.0 + a2 * (k1 + a2 * (k2 + a2 * (k3 + a2 * k4))))
        return bent

    def _slope(self, angle: Floats) -> Floats:
        k1, k2, k3, k4 = self.distortion
        a2 = angle * angle
        slope: Floats = 1.0 + a2 * (3.0 * k1 + a2 * (5.0 * k2 + a2 * (7.0 * k3 + a2 * 9.0 * k4)))
        return np.maximum(slope, 1e-9)
