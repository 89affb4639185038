"""Anti-aliased drawing on an RGB array, with coordinates that need not be whole pixels."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab_tools.palette import Color

Image = NDArray[np.uint8]

FONT = "sans"
WEIGHT = 500
"""Of letters: 400 is regular, 700 bold."""
_SHIFT = 4
_FURTHEST = 30_000.0
"""Beyond this many pixels OpenCV's fixed-point coordinates overflow."""


def lines(image: Image, segments: ArrayLike, color: Color, thickness: int = 1) -> None:
    """Draws segments (N, 2, 2), each from (x, y) to (x, y)."""
    for start, end in _fixed(segments):
        cv2.line(image, start.tolist(), end.tolist(), color, thickness, cv2.LINE_AA, _SHIFT)


def outline(image: Image, corners: ArrayLike, color: Color, thickness: int = 1) -> None:
    """Draws a closed polygon (N, 2)."""
    cv2.polylines(image, [_fixed(corners)], True, color, thickness, cv2.LINE_AA, _SHIFT)


def filled(image: Image, corners: ArrayLike, color: Color, opacity: float = 1.0) -> None:
    """Fills a polygon (N, 2) and lets the picture shine through."""
    points = np.asarray(corners, dtype=np.float64)
    left, top = np.maximum(np.floor(points.min(axis=0)).astype(int) - 1, 0)
    right, bottom = np.minimum(np.ceil(points.max(axis=0)).astype(int) + 2, image.shape[1::-1])
    if left >= right or top >= bottom:
        return
    window = image[top:bottom, left:right]
    painted = np.ascontiguousarray(window)
    cv2.fillPoly(painted, [_fixed(points - (left, top))], color, cv2.LINE_AA, _SHIFT)
    window[:] = cv2.addWeighted(painted, opacity, np.ascontiguousarray(window), 1.0 - opacity, 0.0)


def circle(image: Image, center: tuple[float, float], radius: float, color: Color, thickness: int = 1) -> None:
    """Draws a circle, filled when the thickness is negative."""
    x, y = _fixed(center).tolist()
    cv2.circle(image, (x, y), round(radius * (1 << _SHIFT)), color, thickness, cv2.LINE_AA, _SHIFT)


def text_width(text: str, size: int = 14, weight: int = WEIGHT) -> int:
    """Width [pixel] of a line of text of this height."""
    _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), cv2.FontFace(FONT), size, weight)
    return int(width)


def write(image: Image, text: str, place: tuple[float, float], color: Color, size: int = 14) -> None:
    """Writes a line of text whose left bottom corner is at `place`."""
    cv2.putText(image, text, (round(place[0]), round(place[1])), color, cv2.FontFace(FONT), size, WEIGHT)


def _fixed(points: ArrayLike) -> NDArray[np.int32]:
    clipped = np.clip(np.asarray(points, dtype=np.float64), -_FURTHEST, _FURTHEST)
    return np.rint(clipped * (1 << _SHIFT)).astype(np.int32)
