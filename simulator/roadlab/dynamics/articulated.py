"""The kinematic single track with a trailer (KST) of the CommonRoad vehicle models, as a derivative.

The trailer is hitched at the rear axle's centre and rolls on one axle of its own; it follows the vehicle and does not
act on it. State: that of the kinematic single track, and the yaw of the trailer minus that of the vehicle; at a right
angle the trailer meets the vehicle and turns no further. `roadlab.dynamics.towing` solves it over a step.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.single_track import SPEED, YAW, SingleTrack
from roadlab.dynamics.single_track import derivative as single_track_derivative
from roadlab.dynamics.towing import JACKKNIFED

Array = NDArray[np.float64]

HITCH = 5
"""Column of the hitch angle in a state."""


def derivative(
    state: Array, steer_rate: Array, acceleration: Array, p: SingleTrack, trailer_wheelbase: Array | float
) -> Array:
    """Time derivative of `state` (..., 6): that of the single track, and the hitch angle [rad]."""
    result = np.zeros_like(state)
    result[..., :5] = single_track_derivative(state[..., :5], steer_rate, acceleration, p)
    closing = -state[..., SPEED] * np.sin(state[..., HITCH]) / trailer_wheelbase - result[..., YAW]
    result[..., HITCH] = np.where(np.abs(state[..., HITCH]) <= JACKKNIFED, closing, 0.0)
    return result
