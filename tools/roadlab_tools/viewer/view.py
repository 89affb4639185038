"""Which part of the world a picture shows, and which way is up."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

Pixel = tuple[float, float]

CLOSEST = 80.0
"""Largest scale [pixel/m]."""
FURTHEST = 0.05
"""Smallest scale [pixel/m]."""


@dataclass(frozen=True, slots=True)
class View:
    """A rectangle of the world on a picture of `size` (width, height) [pixel]."""

    center: tuple[float, float]
    """World [m] in the middle of the picture."""
    scale: float
    """[pixel/m]."""
    size: tuple[int, int]
    angle: float = 0.0
    """By which the world is turned counter-clockwise on the picture [rad]; at 0 north is up."""

    def pixels(self, points: ArrayLike) -> NDArray[np.float64]:
        """(..., 2) pixels of world points (..., 2) [m]."""
        offset = (np.asarray(points, dtype=np.float64) - self.center) @ self._turn.T * (self.scale, -self.scale)
        return offset + np.array(self.size) / 2

    def world(self, pixel: Pixel) -> tuple[float, float]:
        """Where in the world a pixel is [m]."""
        offset = (np.asarray(pixel, dtype=np.float64) - np.array(self.size) / 2) / (self.scale, -self.scale)
        x, y = (offset @ self._turn + self.center).tolist()
        return x, y

    def direction(self, heading: float) -> NDArray[np.float64]:
        """(2,) unit vector on the picture that shows this heading [rad]."""
        turned = heading + self.angle
        return np.array([math.cos(turned), -math.sin(turned)])

    def panned(self, by: Pixel) -> View:
        """Moved with the hand: what was under the pixel p is under p + `by`."""
        width, height = self.size
        return replace(self, center=self.world((width / 2 - by[0], height / 2 - by[1])))

    def zoomed(self, factor: float, around: Pixel) -> View:
        """Nearer by `factor`; what is under the pixel `around` stays there."""
        kept = self.world(around)
        view = replace(self, scale=min(max(self.scale * factor, FURTHEST), CLOSEST))
        moved = view.world(around)
        return replace(view, center=(view.center[0] + kept[0] - moved[0], view.center[1] + kept[1] - moved[1]))

    def turned(self, angle: float) -> View:
        """Turned to `angle` [rad] about the middle of the picture."""
        return replace(self, angle=math.remainder(angle, 2 * math.pi))

    def fitted(self, bounds: tuple[float, float, float, float]) -> View:
        """All of (west, south, east, north) [m] with a margin, north up."""
        west, south, east, north = bounds
        width, height = self.size
        scale = 0.9 * min(width / max(east - west, 1.0), height / max(north - south, 1.0))
        center = ((west + east) / 2, (south + north) / 2)
        return replace(self, center=center, scale=min(max(scale, FURTHEST), CLOSEST), angle=0.0)

    @property
    def _turn(self) -> NDArray[np.float64]:
        c, s = math.cos(self.angle), math.sin(self.angle)
        return np.array([[c, -s], [s, c]])
