"""Actors seen from above: oriented rectangles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_CORNERS = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])


def corners(center: Array, yaw: Array, size: Array) -> Array:
    """(..., 4, 2) corners, counter-clockwise from the front left, of rectangles.

    `center` (..., 2) [m], `yaw` (...) [rad], `size` (..., 2) length and width [m].
    """
    half = 0.5 * size[..., None, :] * _CORNERS
    c, s = np.cos(yaw)[..., None], np.sin(yaw)[..., None]
    turned = np.stack([c * half[..., 0] - s * half[..., 1], s * half[..., 0] + c * half[..., 1]], axis=-1)
    result: Array = center[..., None, :] + turned
    return result


def overlap(a: Array, b: Array) -> NDArray[np.bool_]:
    """(...) whether rectangles given by their corners (..., 4, 2) overlap; touching does not count.

    Separating axes: two convex shapes are apart exactly if their shadows on the normal of some edge are.
    """
    apart = np.zeros(np.broadcast_shapes(a.shape, b.shape)[:-2], dtype=bool)
    for shape in (a, b):
        for edge in (0, 1):
            axis = shape[..., edge + 1, :] - shape[..., edge, :]
            along_a = a[..., 0] * axis[..., None, 0] + a[..., 1] * axis[..., None, 1]
            along_b = b[..., 0] * axis[..., None, 0] + b[..., 1] * axis[..., None, 1]
            apart |= (along_a.max(-1) <= along_b.min(-1)) | (along_b.max(-1) <= along_a.min(-1))
    return ~apart
