"""The body on its springs: roll, pitch and heave of the sprung mass over the wheels.

Each is a damped oscillator: roll is driven by the lateral, pitch by the longitudinal acceleration, heave by the road
under the vehicle, which the wheels follow and the body follows late. The vehicle's frame moves with the body, so that
sensors on it do; the wheels stay on the road.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.signal import cont2discrete, lfilter, lfilter_zi

from roadlab.actors.catalog import VehicleModel
from roadlab.dynamics.motion import GRAVITY

Array = NDArray[np.float64]

HARDEST = 1.2 * GRAVITY
"""The springs meet their stops: beyond this an acceleration tilts the body no further [m/s²]."""
LONGEST_TRAVEL = 0.12
"""Of the springs in heave, either way [m]."""


@dataclass(frozen=True)
class Sprung:
    """How the bodies of N vehicles lie over their wheels; arrays (T, N)."""

    roll: Array
    """[rad], positive leans right."""
    pitch: Array
    """[rad], positive looks down."""
    heave: Array
    """Of the origin of the vehicle's frame, upwards [m]."""


def sprung(models: Sequence[VehicleModel], along: Array, across: Array, level: Array, step: float) -> Sprung:
    """Of vehicles that accelerate `along` their heading and `across` to its left [m/s²] on a road at `level` [m].

    Arrays (T, N). The run begins settled, as if the first accelerations had always been.
    """
    roll, pitch, heave = (np.zeros_like(along) for _ in range(3))
    for i, model in enumerate(models):
        springs = model.chassis.springs
        if springs.roll_gradient == 0.0 and springs.pitch_gradient == 0.0:
            continue
        pushed, pulled = (np.clip(values[:, i], -HARDEST, HARDEST) for values in (across, along))
        roll[:, i] = springs.roll_gradient * settled(pushed, springs.roll_frequency, springs.damping, step)
        pitch[:, i] = -springs.pitch_gradient * settled(pulled, springs.ride_frequency, springs.damping, step)
        late = settled(level[:, i], springs.ride_frequency, springs.damping, step) - level[:, i]
        heave[:, i] = np.clip(late, -LONGEST_TRAVEL, LONGEST_TRAVEL) + model.rear_arm * np.sin(pitch[:, i])
    return Sprung(roll, pitch, heave)


def settled(signal: Array, frequency: float, damping: float, step: float) -> Array:
    """(T,) answer of an oscillator of this frequency [Hz] and damping (of critical) that follows `signal` (T,).

    Exact for a signal that stays the same between ticks; 1 at rest.
    """
    if np.ptp(signal) == 0.0:
        return signal.copy()
    w = 2.0 * np.pi * frequency
    up, down, _ = cont2discrete((np.array([[w * w]]), np.array([1.0, 2.0 * damping * w, w * w])), step)
    answer, _ = lfilter(up[0], down, signal, zi=lfilter_zi(up[0], down) * signal[0])
    result: Array = answer
    return result
