"""What units say of how bright a target is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scale = Literal["kitti", "velodyne", "linear"]
Response = Callable[[Floats, Floats, Floats], Floats]
"""Of the reflectivity (N,) of a matte target as bright, its range (N,) [m] and standard normal numbers (N,)."""

KITTI_GAIN, KITTI_GAMMA, KITTI_FLOOR, KITTI_RANGE, KITTI_FADE = 1.05, 0.7, 0.06, 19.0, 1.5
"""Response of KITTI's HDL-64E, fitted to the intensities of its sweeps."""
KITTI_TONE = 0.18
"""Standard deviation of its intensity from pulse to pulse, as a share."""


def velodyne(apparent: Floats, distance: Floats, tone: Floats) -> Floats:  # noqa: ARG001 - corrected for range
    """Calibrated reflectivity in steps of 1/255: 0 to 100 matte, 101 to 255 retro-reflecting (VLP-16 manual)."""
    beyond = 101.0 + 154.0 * np.log10(np.maximum(apparent, 1.0)) / 3.0
    steps = np.clip(np.where(apparent <= 1.0, 100.0 * apparent, beyond), 0.0, 255.0)
    return np.asarray(np.floor(steps) / 255.0)


def linear(apparent: Floats, distance: Floats, tone: Floats) -> Floats:  # noqa: ARG001 - corrected for range
    """Reflectivity in steps of 1/255, saturated above 1."""
    return np.asarray(np.floor(255.0 * np.clip(apparent, 0.0, 1.0)) / 255.0)


def kitti(apparent: Floats, distance: Floats, tone: Floats) -> Floats:
    """An older unit: compresses, corrects for range only near by, subtracts its least signal; steps of 0.01 to 0.99."""
    fading = np.minimum(1.0, KITTI_RANGE / distance) ** KITTI_FADE
    signal = KITTI_GAIN * apparent**KITTI_GAMMA * fading * (1.0 + KITTI_TONE * tone) - KITTI_FLOOR
    return np.asarray(np.floor(100.0 * np.clip(signal, 0.0, 0.99) + 1e-9) / 100.0)


RESPONSES: Mapping[Scale, Response] = {"kitti": kitti, "velodyne": velodyne, "linear": linear}
