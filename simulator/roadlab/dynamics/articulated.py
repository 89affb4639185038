"""The kinematic single track with a trailer (KST) of the CommonRoad vehicle models.

The trailer is hitched at the rear axle's centre and rolls on one axle of its own; it follows the vehicle and does not
act on it. State: that of the kinematic single track, and the yaw of the trailer minus that of the vehicle; at a right
angle the trailer meets the vehicle and turns no further.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.actuators import Lags, actuated
from roadlab.dynamics.kinematic import rolled
from roadlab.dynamics.motion import Commands, Motion
from roadlab.dynamics.single_track import SingleTrack
from roadlab.dynamics.single_track import derivative as single_track_derivative

Array = NDArray[np.float64]

SPEED, YAW, HITCH = 3, 4, 5
"""Columns of a state that has a trailer."""

JACKKNIFED = 0.5 * np.pi
"""Largest hitch angle [rad]."""


@dataclass(frozen=True)
class Articulated:
    """Parameters of N vehicles with a trailer each."""

    limits: SingleTrack
    lags: Lags
    trailer_wheelbase: Array
    """From the hitch back to the trailer's axle [m]."""

    def advance(self, motion: Motion, commands: Commands, friction: Array, step: float) -> Motion:
        """See `MotionModel`."""
        made = actuated(motion, commands, self.limits, self.lags, step)
        moved = rolled(motion, commands, made, self.limits, friction, step)
        turned = moved.yaw - motion.yaw
        length = 0.5 * (motion.speed + moved.speed) * step
        return replace(moved, hitch=_trailed(motion.hitch, turned, length / self.trailer_wheelbase))


def _trailed(hitch: Array, turned: Array, rolled: Array) -> Array:
    """The hitch angle after the vehicle has turned by `turned` [rad] and rolled so many trailer wheelbases.

    Exact in straight driving, where tan(hitch / 2) falls exponentially; half the turn comes before and half after.
    """
    before = hitch - 0.5 * turned
    after = 2.0 * np.arctan(np.tan(0.5 * before) * np.exp(-rolled)) - 0.5 * turned
    hitch_after: Array = np.clip(after, -JACKKNIFED, JACKKNIFED)
    return hitch_after


def derivative(
    state: Array, steer_rate: Array, acceleration: Array, p: SingleTrack, trailer_wheelbase: Array | float
) -> Array:
    """Time derivative of `state` (..., 6): that of the single track, and the hitch angle [rad]."""
    result = np.zeros_like(state)
    result[..., :5] = single_track_derivative(state[..., :5], steer_rate, acceleration, p)
    closing = -state[..., SPEED] * np.sin(state[..., HITCH]) / trailer_wheelbase - result[..., YAW]
    result[..., HITCH] = np.where(np.abs(state[..., HITCH]) <= JACKKNIFED, closing, 0.0)
    return result
