"""What every lens can be asked."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Lens(ABC):
    """A bijection between the pixels of an image and directions in the camera's frame."""

    width: int
    height: int

    @abstractmethod
    def project(self, points: ArrayLike) -> Floats:
        """(..., 2) pixels of points (..., 3) [m]; NaN where the lens does not look."""

    @abstractmethod
    def directions(self, pixels: ArrayLike) -> Floats:
        """(..., 3) unit rays through pixels (..., 2); NaN where the lens does not look."""

    @property
    @abstractmethod
    def widest(self) -> float:
        """No ray that the lens can form is farther from the optical axis than this angle [rad]."""

    def holds(self, pixels: ArrayLike) -> NDArray[np.bool_]:
        """(...,) which pixels (..., 2) lie in the image; NaN lies nowhere."""
        where = np.asarray(pixels, dtype=np.float64)
        with np.errstate(invalid="ignore"):
            inside = (where >= -0.5).all(axis=-1) & (where < [self.width - 0.5, self.height - 0.5]).all(axis=-1)
        return np.asarray(inside)


def pixel_grid(lens: Lens, shift: tuple[float, float] = (0.0, 0.0)) -> Floats:
    """(H, W, 2) pixel centres of the image, moved by `shift` [px]."""
    u, v = np.meshgrid(np.arange(lens.width) + shift[0], np.arange(lens.height) + shift[1])
    return np.stack([u, v], axis=-1).astype(np.float64)


def farthest_corner(lens: Lens, center: tuple[float, float], focal: tuple[float, float]) -> float:
    """Radius of the image's farthest corner around the principal point, in focal lengths."""
    u = max(center[0] + 0.5, lens.width - 0.5 - center[0]) / focal[0]
    v = max(center[1] + 0.5, lens.height - 0.5 - center[1]) / focal[1]
    return float(np.hypot(u, v))
