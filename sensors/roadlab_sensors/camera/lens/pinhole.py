"""Pinhole with Brown-Conrady distortion (Brown 1966), polynomial or rational, as in OpenCV."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from roadlab_sensors.camera.lens.base import Floats, Lens, farthest_corner

UNBENT = (0.0, 0.0, 0.0, 0.0, 0.0)
_RADII = np.linspace(0.0, 10.0, 200_001)[1:]
"""Tangents at which the distortion is looked at: up to 84 degrees off the axis."""


@dataclass(frozen=True)
class Pinhole(Lens):
    """Intrinsics in pixels."""

    fx: float
    fy: float
    cx: float
    cy: float
    distortion: tuple[float, ...] = UNBENT
    """k1, k2, p1, p2, k3, and for the rational model k4, k5, k6, in OpenCV's order."""

    @property
    def matrix(self) -> Floats:
        """(3, 3) camera matrix."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])

    @property
    def widest(self) -> float:
        """See `Lens`; [rad]."""
        return float(np.arctan(self.fold[0]))

    @cached_property
    def fold(self) -> tuple[float, float]:
        """Tangent off the axis up to which the radial distortion grows, and the distorted radius there.

        In focal lengths; infinite when it grows for ever. Beyond it the image would fold back onto itself.
        """
        if not any(self.distortion):
            return (float("inf"), float("inf"))
        bent = _RADII * self._radial(_RADII**2)
        shrinking = np.flatnonzero(~(np.diff(bent) > 0.0))
        if not len(shrinking):
            return (float("inf"), float("inf"))
        return (float(_RADII[shrinking[0]]), float(bent[shrinking[0]]))

    @property
    def folds_at(self) -> float | None:
        """Radius around the principal point [px] at which the distortion folds back inside the image; None if not."""
        inside = self.fold[1] < farthest_corner(self, (self.cx, self.cy), (self.fx, self.fy))
        return self.fold[1] * min(self.fx, self.fy) if inside else None

    def project(self, points: ArrayLike) -> Floats:
        """See `Lens`; NaN behind the camera and beyond the fold."""
        where = np.asarray(points, dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore"):
            x, y = where[..., 0] / where[..., 2], where[..., 1] / where[..., 2]
            r2 = x * x + y * y
            radial = self._radial(r2)
            p1, p2 = self.distortion[2:4]
            u = self.fx * (x * radial + 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x)) + self.cx
            v = self.fy * (y * radial + p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y) + self.cy
            seen = (where[..., 2] > 0.0) & (r2 <= self.fold[0] ** 2)
        return np.stack([np.where(seen, u, np.nan), np.where(seen, v, np.nan)], axis=-1)

    def directions(self, pixels: ArrayLike) -> Floats:
        """See `Lens`."""
        where = np.asarray(pixels, dtype=np.float64)
        if any(self.distortion) and where.size:
            import cv2  # heavy, and not needed to read a scenario

            enough = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 100, 1e-12)
            bent = np.array(self.distortion)
            found = cv2.undistortPoints(where.reshape(-1, 1, 2), self.matrix, bent, criteria=enough)
            flat = np.asarray(found, dtype=np.float64).reshape(where.shape)
        else:
            flat = (where - [self.cx, self.cy]) / [self.fx, self.fy]
        rays = np.concatenate([flat, np.ones((*flat.shape[:-1], 1))], axis=-1)
        unit: Floats = rays / np.linalg.norm(rays, axis=-1, keepdims=True)
        return unit

    def _radial(self, r2: Floats) -> Floats:
        k1, k2, _, _, k3, k4, k5, k6 = (*self.distortion, 0.0, 0.0, 0.0)[:8]
        bent: Floats = (1.0 + r2 * (k1 + r2 * (k2 + r2 * k3))) / (1.0 + r2 * (k4 + r2 * (k5 + r2 * k6)))
        return bent
