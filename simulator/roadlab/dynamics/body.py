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

from roadlab.actors.catalog import VehicleModel
from roadlab.actors.chassis import Chassis
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
    springs = [model.chassis.springs for model in models]
    roll_rate, ride_rate, damping, rolling, pitching, arm = np.array(
        [
            (s.roll_frequency, s.ride_frequency, s.damping, s.roll_gradient, s.pitch_gradient, model.rear_arm)
            for s, model in zip(springs, models, strict=True)
        ]
    ).reshape(-1, 6).T  # fmt: skip
    sprung_ones = (rolling != 0.0) | (pitching != 0.0)
    pushed, pulled = np.clip(across, -HARDEST, HARDEST), np.clip(along, -HARDEST, HARDEST)
    roll = rolling * settled(pushed, roll_rate, damping, step)
    pitch = -pitching * settled(pulled, ride_rate, damping, step)
    late = np.clip(settled(level, ride_rate, damping, step) - level, -LONGEST_TRAVEL, LONGEST_TRAVEL)
    heave = np.where(sprung_ones, late + arm * np.sin(pitch), 0.0)
    return Sprung(roll, pitch, heave)


def settled(signal: Array, frequency: Array | float, damping: Array | float, step: float) -> Array:
    """(T, N) answers of oscillators of these frequencies [Hz] and dampings (of critical, below 1) to `signal` (T, N).

    Exact for a signal that stays the same between ticks; 1 at rest.
    """
    angular = 2.0 * np.pi * np.asarray(frequency)
    damping = np.asarray(damping)
    root = np.sqrt(1.0 - damping**2)
    fades = np.exp(-damping * angular * step)
    c, s = fades * np.cos(root * angular * step), fades * np.sin(root * angular * step) / root
    kept, gained, pulled, slowed = c + damping * s, s / angular, -angular * s, c - damping * s
    answer, rate = signal.copy(), np.zeros(signal.shape[1:])
    if (signal == signal[:1]).all():
        return answer
    for tick in range(1, len(signal)):
        goal = signal[tick - 1]
        away = answer[tick - 1] - goal
        answer[tick] = goal + kept * away + gained * rate
        rate = pulled * away + slowed * rate
    return answer


def lean(across: Array, chassis: Chassis) -> Array:
    """How far a two-wheeler leans to the left when it is pulled to the left by `across` [m/s²], in radians.

    Steadily, tan(lean) = v² / (g R) on tyres without width; on round ones, of crown t under a centre of gravity at h,
    the place of contact moves inwards, and asin(t sin(lean) / (h - t)) is added (V. Cossalter, Motorcycle Dynamics, 2nd
    ed., 2006, section 4.1).
    """
    thin = np.arctan(across / GRAVITY)
    crown = chassis.tyre.crown
    leant: Array = thin + np.arcsin(crown * np.sin(thin) / (chassis.gravity_height - crown))
    return leant
