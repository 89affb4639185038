"""Pinhole with Brown-Conrady distortion: from points to pixels and from pixels to rays.

Camera frame x right, y down, z forward; pixel (0, 0) has its centre at u = v = 0, as in OpenCV.
"""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab_sensors.readings import Pinhole

Floats = NDArray[np.float64]


def project(lens: Pinhole, points: ArrayLike) -> Floats:
    """(..., 2) pixels of points (..., 3) [m] in the camera frame; NaN behind the camera. (Brown 1966.)"""
    where = np.asarray(points, dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y = where[..., 0] / where[..., 2], where[..., 1] / where[..., 2]
    k1, k2, p1, p2, k3 = lens.distortion
    r2 = x * x + y * y
    radial = 1.0 + r2 * (k1 + r2 * (k2 + r2 * k3))
    u = lens.fx * (x * radial + 2.0 * p1 * x * y + p2 * (r2 + 2.0 * x * x)) + lens.cx
    v = lens.fy * (y * radial + p1 * (r2 + 2.0 * y * y) + 2.0 * p2 * x * y) + lens.cy
    ahead = where[..., 2] > 0.0
    return np.stack([np.where(ahead, u, np.nan), np.where(ahead, v, np.nan)], axis=-1)


def directions(lens: Pinhole, pixels: ArrayLike) -> Floats:
    """(..., 3) unit rays in the camera frame through pixels (..., 2)."""
    where = np.asarray(pixels, dtype=np.float64)
    if any(lens.distortion):
        enough = (cv2.TERM_CRITERIA_COUNT | cv2.TERM_CRITERIA_EPS, 100, 1e-12)
        found = cv2.undistortPoints(where.reshape(-1, 1, 2), lens.matrix, np.array(lens.distortion), criteria=enough)
        flat = np.asarray(found, dtype=np.float64).reshape(where.shape)
    else:
        flat = (where - [lens.cx, lens.cy]) / [lens.fx, lens.fy]
    rays = np.concatenate([flat, np.ones((*flat.shape[:-1], 1))], axis=-1)
    unit: Floats = rays / np.linalg.norm(rays, axis=-1, keepdims=True)
    return unit


def pixel_grid(lens: Pinhole, shift: tuple[float, float] = (0.0, 0.0)) -> Floats:
    """(H, W, 2) pixel centres of the image, moved by `shift` [px]."""
    u, v = np.meshgrid(np.arange(lens.width) + shift[0], np.arange(lens.height) + shift[1])
    return np.stack([u, v], axis=-1).astype(np.float64)
