"""Equirectangular panorama: equal angles a pixel around and up."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from roadlab_sensors.camera.lens.base import Floats, Lens


@dataclass(frozen=True)
class Equirectangular(Lens):
    """The whole sphere; the middle of the image looks along the optical axis."""

    @property
    def widest(self) -> float:
        """See `Lens`; [rad]."""
        return float(np.pi)

    def project(self, points: ArrayLike) -> Floats:
        """See `Lens`."""
        where = np.asarray(points, dtype=np.float64)
        around = np.arctan2(where[..., 0], where[..., 2])
        down = np.arctan2(where[..., 1], np.hypot(where[..., 0], where[..., 2]))
        u = (around / (2.0 * np.pi) + 0.5) * self.width - 0.5
        v = (down / np.pi + 0.5) * self.height - 0.5
        return np.stack([u, v], axis=-1)

    def directions(self, pixels: ArrayLike) -> Floats:
        """See `Lens`."""
        where = np.asarray(pixels, dtype=np.float64)
        around = ((where[..., 0] + 0.5) / self.width - 0.5) * 2.0 * np.pi
        down = ((where[..., 1] + 0.5) / self.height - 0.5) * np.pi
        return np.stack([np.cos(down) * np.sin(around), np.sin(down), np.cos(down) * np.cos(around)], axis=-1)
