"""The same view with fewer pixels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from roadlab_sensors.camera.lens.base import Floats, Lens


@dataclass(frozen=True)
class Shrunk(Lens):
    """Another lens whose pixels are taken together in squares."""

    whole: Lens
    factor: float
    """Pixels of the other lens along the side of a square."""

    @classmethod
    def of(cls, lens: Lens, width: int) -> Shrunk:
        """A lens at most `width` pixels wide."""
        factor = max(1.0, lens.width / width)
        return cls(max(1, round(lens.width / factor)), max(1, round(lens.height / factor)), lens, factor)

    @property
    def widest(self) -> float:
        """See `Lens`; [rad]."""
        return self.whole.widest

    def project(self, points: ArrayLike) -> Floats:
        """See `Lens`."""
        return np.asarray((self.whole.project(points) + 0.5) / self.factor - 0.5)

    def directions(self, pixels: ArrayLike) -> Floats:
        """See `Lens`."""
        return self.whole.directions((np.asarray(pixels, dtype=np.float64) + 0.5) * self.factor - 0.5)
