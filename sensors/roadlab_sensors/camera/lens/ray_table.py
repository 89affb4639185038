"""A lens known only by the ray of each pixel, as calibration rigs measure it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from roadlab_sensors.camera.lens.base import Floats, Lens

if TYPE_CHECKING:
    from scipy.interpolate import RegularGridInterpolator
    from scipy.spatial import cKDTree

_STEPS = 20
_HALF = 0.25
"""Of a pixel; to both sides, for slopes."""


@dataclass(frozen=True)
class RayTable(Lens):
    """Rays between pixel centres are bilinear, and go on as straight beyond the outermost centres."""

    table: Floats = field(repr=False, compare=False)
    """(H, W, 3) unit rays of the pixel centres."""

    def __post_init__(self) -> None:
        if self.table.shape != (self.height, self.width, 3):
            raise ValueError(f"the table of rays must be {self.height} x {self.width} x 3, not {self.table.shape}")
        if not np.isfinite(self.table).all() or (np.linalg.norm(self.table, axis=-1) < 1e-6).any():
            raise ValueError("every ray of the table must be finite and have a direction")
        self.table.setflags(write=False)

    @cached_property
    def widest(self) -> float:
        """See `Lens`: the widest ray of the table, and half a pixel more [rad]."""
        unit = self.table / np.linalg.norm(self.table, axis=-1, keepdims=True)
        step = max(self._apart(unit, 0), self._apart(unit, 1))
        return min(float(np.arccos(np.clip(unit[..., 2].min(), -1.0, 1.0))) + step, float(np.pi))

    def directions(self, pixels: ArrayLike) -> Floats:
        """See `Lens`."""
        where = np.asarray(pixels, dtype=np.float64)
        rays = self._between(where[..., ::-1])
        unit: Floats = rays / np.linalg.norm(rays, axis=-1, keepdims=True)
        return unit

    def project(self, points: ArrayLike) -> Floats:
        """See `Lens`: Gauss-Newton from the pixel with the nearest ray; NaN more than a pixel outside the image."""
        where = np.asarray(points, dtype=np.float64)
        wanted = where.reshape(-1, 3)
        wanted = wanted / np.maximum(np.linalg.norm(wanted, axis=1, keepdims=True), 1e-300)
        _, nearest = self._tree.query(wanted)
        pixels = np.stack([nearest % self.width, nearest // self.width], axis=1).astype(np.float64)
        for _ in range(_STEPS):
            pixels = self._nearer(pixels, wanted)
        inside = (pixels >= -1.0).all(axis=1) & (pixels <= [self.width, self.height]).all(axis=1)
        missed = np.linalg.norm(self.directions(pixels) - wanted, axis=1) > 1e-9
        found: Floats = np.where((inside & ~missed)[:, None], pixels, np.nan)
        return found.reshape(*where.shape[:-1], 2)

    def _nearer(self, pixels: Floats, wanted: Floats) -> Floats:
        error = wanted - self.directions(pixels)
        right, down = (
            (self.directions(pixels + step) - self.directions(pixels - step)) / (2.0 * _HALF)
            for step in (np.array([_HALF, 0.0]), np.array([0.0, _HALF]))
        )
        a, b, c = (np.einsum("ij,ij->i", *pair) for pair in ((right, right), (right, down), (down, down)))
        p, q = np.einsum("ij,ij->i", right, error), np.einsum("ij,ij->i", down, error)
        size = np.maximum(a * c - b * b, 1e-300)
        change = np.stack([(c * p - b * q) / size, (a * q - b * p) / size], axis=1)
        moved: Floats = np.clip(pixels + np.clip(change, -8.0, 8.0), -2.0, [self.width + 1.0, self.height + 1.0])
        return moved

    @cached_property
    def _between(self) -> RegularGridInterpolator:
        from scipy.interpolate import RegularGridInterpolator  # slow to import, and few scenarios need it

        grid = (np.arange(self.height, dtype=np.float64), np.arange(self.width, dtype=np.float64))
        return RegularGridInterpolator(grid, self.table, bounds_error=False, fill_value=None)

    @cached_property
    def _tree(self) -> cKDTree:
        from scipy.spatial import cKDTree

        return cKDTree((self.table / np.linalg.norm(self.table, axis=-1, keepdims=True)).reshape(-1, 3))

    @staticmethod
    def _apart(unit: Floats, axis: int) -> float:
        return float(np.linalg.norm(np.diff(unit, axis=axis), axis=-1).max(initial=0.0))
