"""Smooth shapes on an RGB array, faster than one by one: many polygons, lines and discs of a colour."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab_tools.palette import Color

Image = NDArray[np.uint8]

SHIFT = 4
"""Fractional bits of coordinates that OpenCV takes."""
_FURTHEST = 30_000.0
"""Beyond this many pixels OpenCV's fixed-point coordinates overflow."""


def fixed(points: ArrayLike) -> NDArray[np.int32]:
    """Pixels in OpenCV's fixed-point numbers."""
    clipped = np.minimum(np.maximum(np.asarray(points, dtype=np.float64), -_FURTHEST), _FURTHEST)
    return np.asarray(np.rint(clipped * (1 << SHIFT)), dtype=np.int32)


def polygon(image: Image, corners: ArrayLike, color: Color) -> None:
    """Fills a polygon (P, 2)."""
    cv2.fillPoly(image, [fixed(corners)], color, cv2.LINE_AA, SHIFT)


def convex(image: Image, corners: ArrayLike, color: Color, edge: Color | None = None) -> None:
    """Fills a convex polygon (P, 2), with a thin edge where a colour for it is given."""
    places = fixed(corners)
    cv2.fillConvexPoly(image, places, color, cv2.LINE_AA, SHIFT)
    if edge is not None:
        cv2.polylines(image, [places], True, edge, 1, cv2.LINE_AA, SHIFT)


def outlined(image: Image, corners: ArrayLike, color: Color, width: float = 1.0) -> None:
    """Draws the edge of a polygon (P, 2)."""
    cv2.polylines(image, [fixed(corners)], True, color, max(1, round(width)), cv2.LINE_AA, SHIFT)


def curve(image: Image, points: ArrayLike, color: Color, width: float = 1.0) -> None:
    """Draws a line through points (P, 2)."""
    cv2.polylines(image, [fixed(points)], False, color, max(1, round(width)), cv2.LINE_AA, SHIFT)


def dotted(image: Image, points: ArrayLike, color: Color, radius: float, spacing: float) -> None:
    """Draws dots along a line through points (P, 2), `spacing` pixels apart."""
    line = np.asarray(points, dtype=np.float64)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(line, axis=0).T))])
    for station in np.arange(0.5 * spacing, along[-1], spacing):
        disc(image, [np.interp(station, along, line[:, 0]), np.interp(station, along, line[:, 1])], radius, color)


def disc(image: Image, center: ArrayLike, radius: float, color: Color, edge: Color | None = None) -> None:
    """Fills a circle, with an edge around it where a colour for it is given."""
    x, y = fixed(center).tolist()
    if edge is not None:
        cv2.circle(image, (x, y), round((radius + 1.5) * (1 << SHIFT)), edge, -1, cv2.LINE_AA, SHIFT)
    cv2.circle(image, (x, y), round(radius * (1 << SHIFT)), color, -1, cv2.LINE_AA, SHIFT)
