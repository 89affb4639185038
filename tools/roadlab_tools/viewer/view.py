"""Which part of the world a picture shows: north is up."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Pixel = tuple[float, float]

CLOSEST = 80.0
"""Largest scale [pixel/m]."""
FURTHEST = 0.2
"""Smallest scale [pixel/m]."""


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of the world on a picture of `size` (width, height) [pixel]."""

    center: tuple[float, float]
    """World [m] in the middle of the picture."""
    scale: float
    """[pixel/m]."""
    size: tuple[int, int]

    def pixels(self, points: ArrayLike) -> NDArray[np.float64]:
        """(..., 2) pixels of world points (..., 2) [m]."""
        offset = (np.asarray(points, dtype=np.float64) - self.center) * (self.scale, -self.scale)
        return offset + np.array(self.size) / 2

    def world(self, pixel: Pixel) -> tuple[float, float]:
        """Where in the world a pixel is [m]."""
        x, y = pixel
        width, height = self.size
        return self.center[0] + (x - width / 2) / self.scale, self.center[1] - (y - height / 2) / self.scale

    def panned(self, by: Pixel) -> View:
        """Moved with the hand: what was under the pixel p is under p + `by`."""
        return replace(self, center=(self.center[0] - by[0] / self.scale, self.center[1] + by[1] / self.scale))

    def zoomed(self, factor: float, around: Pixel) -> View:
        """Nearer by `factor`; what is under the pixel `around` stays there."""
        kept = self.world(around)
        view = replace(self, scale=min(max(self.scale * factor, FURTHEST), CLOSEST))
        moved = view.world(around)
        return replace(view, center=(view.center[0] + kept[0] - moved[0], view.center[1] + kept[1] - moved[1]))

    def fitted(self, bounds: tuple[float, float, float, float]) -> View:
        """All of (west, south, east, north) [m] with a margin."""
        west, south, east, north = bounds
        width, height = self.size
        scale = 0.9 * min(width / max(east - west, 1.0), height / max(north - south, 1.0))
        center = ((west + east) / 2, (south + north) / 2)
        return replace(self, center=center, scale=min(max(scale, FURTHEST), CLOSEST))
