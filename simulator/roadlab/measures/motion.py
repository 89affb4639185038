"""How smoothly an actor moves."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.log import SceneLog

Array = NDArray[np.float64]

JERK_WINDOW = 0.2
"""Accelerations this far apart make a jerk [s]: jolts shorter than that are what a comfort filter takes out."""


def speed(log: SceneLog, actor: int) -> Array:
    """(T,) [m/s], on the ground."""
    value: Array = np.hypot(*log.velocity[:, actor, :2].T)
    return value


def jerk(log: SceneLog, actor: int) -> Array:
    """(T,) change of the longitudinal acceleration over `JERK_WINDOW`, centred, per second [m/s³]."""
    time = log.time / 1e9
    early, late = (np.clip(time + side * 0.5 * JERK_WINDOW, time[0], time[-1]) for side in (-1.0, 1.0))
    acceleration = log.acceleration[:, actor].copy()
    acceleration[:1] = acceleration[1:2]  # the first tick has no past
    change = np.interp(late, time, acceleration) - np.interp(early, time, acceleration)
    value: Array = change / np.maximum(late - early, 1e-9)
    return value
