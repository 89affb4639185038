"""What units say of how bright a target is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Scale = Literal["kitti", "velodyne", "linear"]


@dataclass(frozen=True)
class Heard:
    """N detected echoes."""

    apparent: Floats
    """(N,) reflectivity of the matte target that would seem as bright in clear air."""
    power: Floats
    """(N,) as a multiple of the least power detected in daylight."""
    floor: Floats
    """(N,) the least signal that the beam subtracts."""
    tone: Floats
    """(N,) standard normal, new for every echo."""


Response = Callable[[Heard], Floats]

KITTI_GAIN, KITTI_GAMMA = 0.66, 0.32
"""Level of the return of a white target, and how the control of the laser's power evens out strong returns."""
KITTI_KNEE = 12.0
"""Weaker returns than this multiple of the least are reported as they are: the laser cannot do more."""
KITTI_TONE = 0.22
"""Standard deviation from pulse to pulse, as a share."""
KITTI_FLOOR = 0.105
"""Mean over the beams of the least signal that each subtracts; exponentially distributed.

All these fit KITTI's sweeps, whose beams have mean intensities from 0.07 to 0.42 on the same surfaces, the same beams
in every sweep. The calibration of an HDL-64E S3 (ros-drivers/velodyne, 64e_s3-xiesc.yaml) lists such least signals.
"""


def beam_floors(scale: Scale, beams: int, random: np.random.Generator) -> Floats:
    """(beams,) least signal that each beam of a unit subtracts."""
    drawn = np.minimum(random.exponential(KITTI_FLOOR, beams), 0.35)
    return drawn if scale == "kitti" else np.zeros(beams)


def velodyne(heard: Heard) -> Floats:
    """Calibrated reflectivity in steps of 1/255: 0 to 100 matte, 101 to 255 retro-reflecting (VLP-16 manual)."""
    beyond = 101.0 + 154.0 * np.log10(np.maximum(heard.apparent, 1.0)) / 3.0
    steps = np.clip(np.where(heard.apparent <= 1.0, 100.0 * heard.apparent, beyond), 0.0, 255.0)
    return np.asarray(np.floor(steps) / 255.0)


def linear(heard: Heard) -> Floats:
    """Reflectivity in steps of 1/255, saturated above 1."""
    return np.asarray(np.floor(255.0 * np.clip(heard.apparent, 0.0, 1.0)) / 255.0)


def kitti(heard: Heard) -> Floats:
    """An older unit, which keeps strong returns alike by its laser's power; in steps of 0.01 up to 0.99."""
    level = KITTI_GAIN * heard.apparent**KITTI_GAMMA * np.minimum(1.0, heard.power / KITTI_KNEE)
    signal = level * (1.0 + KITTI_TONE * heard.tone) - heard.floor
    return np.asarray(np.floor(100.0 * np.clip(signal, 0.0, 0.99) + 1e-9) / 100.0)


RESPONSES: Mapping[Scale, Response] = {"kitti": kitti, "velodyne": velodyne, "linear": linear}
