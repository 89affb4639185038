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
    range: Floats
    """(N,) [m]"""
    floor: Floats
    """(N,) the least signal that the beam subtracts."""
    tone: Floats
    """(N, 2) standard normal, new for every echo."""


Response = Callable[[Heard], Floats]

KITTI_GAIN, KITTI_GAMMA = 0.74, 0.33
"""Level of the return of a white target, and how the control of the laser's power evens out strong returns."""
KITTI_FULL_POWER, KITTI_FALL = 17.5, 0.5
"""From this range on [m] the laser can do no more, and levels fall with this power of the range."""
KITTI_SILENCE, KITTI_SILENCE_GAMMA, KITTI_SILENCE_SPREAD = 41.0, 0.06, 0.35
"""Range [m] at which half of the returns of a 10 % target have no intensity, its growth with reflectivity, its spread.

On KITTI's sweeps the share grows from 5 % at 20 m over a half at 40 to 45 m to 97 % at 75 m, of ground and of what
stands alike, while the others still have two thirds of the intensity near by.
"""
KITTI_BLIND, KITTI_SIGHTED = 1.5, 2.6
"""Ranges [m] between which the receiver, beside the sender, begins to see what it lights: nearer, all is dark."""
KITTI_LEAST = 0.03
"""Weaker signals are reported as nothing."""
KITTI_TONE = 0.15
"""Standard deviation from pulse to pulse, as a share."""
KITTI_FLOOR = 0.112
"""Mean over the beams of the least signal that each subtracts, in an exponential distribution.

All these fit KITTI's sweeps, whose beams differ by up to 0.25 on the same surfaces, the same beams in every sweep. The
calibration of an HDL-64E S3 (ros-drivers/velodyne, 64e_s3-xiesc.yaml) lists such least signals.
"""


def beam_floors(scale: Scale, beams: int, random: np.random.Generator) -> Floats:
    """(beams,) least signal that each beam of a unit subtracts; every unit has its share of poor beams."""
    rank = (random.permutation(beams) + 0.5) / beams
    drawn = np.minimum(-KITTI_FLOOR * np.log(rank), 0.4)
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
    bright = np.maximum(heard.apparent, 1e-6)
    level = KITTI_GAIN * bright**KITTI_GAMMA * np.minimum(1.0, KITTI_FULL_POWER / heard.range) ** KITTI_FALL
    level *= np.clip((heard.range - KITTI_BLIND) / (KITTI_SIGHTED - KITTI_BLIND), 0.0, 1.0)
    signal = level * (1.0 + KITTI_TONE * heard.tone[:, 0]) - heard.floor
    far = np.log(heard.range / KITTI_SILENCE) - KITTI_SILENCE_GAMMA * np.log(bright / 0.1)
    heeded = (signal >= KITTI_LEAST) & (far < KITTI_SILENCE_SPREAD * heard.tone[:, 1])
    return np.where(heeded, np.floor(100.0 * np.minimum(signal, 0.99) + 1e-9) / 100.0, 0.0)


RESPONSES: Mapping[Scale, Response] = {"kitti": kitti, "velodyne": velodyne, "linear": linear}
