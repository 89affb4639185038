"""What a plan consists of: coloured areas, lines, dots and words, in metres of the world and in painting order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_tools.palette import Color

Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Area:
    """A filled polygon."""

    rings: tuple[Floats, ...]
    """(P, 2) its outline, then those of its holes [m]."""
    color: Color


@dataclass(frozen=True, eq=False)
class Stroke:
    """A line as wide as what it stands for."""

    points: Floats
    """(P, 2) [m]"""
    color: Color
    width: float
    """[m]"""
    least: float = 0.7
    """Width of its picture at least [pixel]."""


@dataclass(frozen=True)
class Dot:
    """A small circle, of one size at any scale."""

    x: float
    y: float
    color: Color
    radius: float = 3.0
    """[pixel]"""


@dataclass(frozen=True)
class Word:
    """A line of text with its middle at a place, of one size at any scale."""

    x: float
    y: float
    text: str
    color: Color
    size: int = 11
    """[pixel]"""


Shape = Area | Stroke | Dot | Word


@dataclass(frozen=True, eq=False)
class Plan:
    """Shapes, and the part of the world that they are in."""

    shapes: Sequence[Shape]
    bounds: tuple[float, float, float, float]
    """West, south, east and north edge [m]."""

    @property
    def extent(self) -> tuple[float, float]:
        """From west to east and from south to north [m]."""
        west, south, east, north = self.bounds
        return max(east - west, 1e-6), max(north - south, 1e-6)

    def scale(self, longest: int) -> float:
        """Pixels per metre of a picture whose longer side has `longest` pixels."""
        return longest / max(self.extent)

    def size(self, scale: float) -> tuple[int, int]:
        """Width and height of its picture [pixel]."""
        width, height = self.extent
        return max(1, round(width * scale)), max(1, round(height * scale))

    def pixels(self, points: Floats, scale: float) -> Floats:
        """(P, 2) x to the right and y down in its picture."""
        west, _, _, north = self.bounds
        return (np.asarray(points, dtype=np.float64) - (west, north)) * (scale, -scale)
