"""Steering along a path, changing lanes, and how fast a bend may be taken.

The steering law is the rear-wheel feedback of C. Samson (1992) as given in B. Paden, M. Cap, S. Z. Yong, D. Yershov,
E. Frazzoli, "A survey of motion planning and control techniques for self-driving urban vehicles", IEEE T-IV 1 (2016),
section V.A.2: it tracks the rear axle, the reference point of the single track, without cutting corners.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.paths import Path

Array = NDArray[np.float64]

LATERAL_ACCELERATION = 2.5
"""What drivers accept in a bend [m/s²]."""
BRAKING_FOR_BENDS = 1.5
"""How hard they brake before one [m/s²]."""
SPEED_RESPONSE = 0.4
"""Time constant with which the speed for a bend is tracked [s]."""
STEER_RESPONSE = 0.08
"""Time constant with which the wheels follow the wanted angle, within their rate [s]."""
PREVIEW = 0.25
"""How far ahead the path's curvature is read, as the steering wheel needs time [s]."""


@dataclass(frozen=True)
class LateralGoal:
    """Where beside the path to be: offset to its left, and how it changes; arrays of one shape."""

    offset: Array
    """[m]"""
    rate: Array
    """[m/s]"""
    acceleration: Array
    """[m/s²]"""


def sinusoidal(change: Array, elapsed: Array, duration: Array) -> LateralGoal:
    """A transition from 0 to `change` [m] over `duration` [s]; at rest before and after.

    Peak rate pi change / (2 duration), peak acceleration pi² change / (2 duration²): OpenSCENARIO's sinusoidal shape.
    """
    share = np.clip(elapsed / duration, 0.0, 1.0)
    pace = np.where((elapsed >= 0.0) & (elapsed < duration), np.pi / duration, 0.0)
    return LateralGoal(
        offset=0.5 * change * (1.0 - np.cos(np.pi * share)),
        rate=0.5 * change * pace * np.sin(np.pi * share),
        acceleration=0.5 * change * pace**2 * np.cos(np.pi * share),
    )


def wanted_steer(
    heading: Array, curvature: Array, left: Array, yaw: Array, speed: Array, wheelbase: Array, goal: LateralGoal
) -> Array:
    """Road-wheel angle [rad] that brings the rear axle, `left` metres beside the path, to the goal's offset.

    `heading` is the path's beside the axle [rad], `curvature` the one that is prepared for [1/m].
    """
    v = np.maximum(speed, 1.0)
    reach = np.maximum(2.5, 0.7 * v)
    error = left - goal.offset
    angle = _wrapped(yaw - heading - np.arctan2(goal.rate, v))
    bend = curvature / (1.0 - curvature * goal.offset) + goal.acceleration / v**2
    steered = (
        bend * np.cos(angle) / np.maximum(1.0 - bend * error, 0.3)
        - 2.0 / reach * angle
        - np.sinc(angle / np.pi) * np.minimum(np.maximum(error, -2.0), 2.0) / reach**2
    )
    steer: Array = np.arctan(wheelbase * steered)
    return steer


def steer_rate(steer: Array, wanted: Array, speed: Array, max_steer: Array) -> Array:
    """How fast the wheels are turned towards the wanted angle [rad/s]; nobody turns them at a standstill."""
    rate: Array = (np.minimum(np.maximum(wanted, -max_steer), max_steer) - steer) / STEER_RESPONSE
    return rate * np.minimum(np.maximum(speed / 0.5, 0.0), 1.0)


def bend_allowance(curve: Path, bumpy: Array | float = np.inf) -> Array:
    """(K,) square of the highest speed [m²/s²] at every sample from which each later bend of `curve` can be taken.

    `bumpy` (K,) are squares of speeds that are not exceeded there, whatever the bend.
    """
    allowed = np.minimum(LATERAL_ACCELERATION / np.maximum(np.abs(curve.curvature), 1e-5), bumpy)
    rise = 2.0 * BRAKING_FOR_BENDS * curve.spacing * np.arange(len(allowed))
    best: Array = np.minimum.accumulate((allowed + rise)[::-1])[::-1] - rise
    return best


def bend_acceleration(here: Array, soon: Array, speed: Array) -> Array:
    """Acceleration [m/s²] that tracks the speeds of `bend_speeds` `here` and `SPEED_RESPONSE` further on."""
    slope = np.minimum(0.0, (soon - here) / SPEED_RESPONSE)
    acceleration: Array = np.maximum(slope, -2.0 * BRAKING_FOR_BENDS) + (here - speed) / SPEED_RESPONSE
    return acceleration


def _wrapped(angle: Array) -> Array:
    wrapped: Array = (angle + np.pi) % (2.0 * np.pi) - np.pi
    return wrapped
