"""The limits of a vehicle, and the kinematic single-track model (KS) of the CommonRoad vehicle models.

Reference point is the rear axle's centre, so that the state is the actor's pose. Limits as in the reference: the
steering rate is clamped and zero at the end stops; above the switching speed power bounds the acceleration.
Source: M. Althoff, M. Koschi, S. Manzinger, "CommonRoad: composable benchmarks for motion planning on roads", IV 2017,
and the vehicle models that belong to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import VehicleModel

Array = NDArray[np.float64]

X, Y, STEER, SPEED, YAW = range(5)
"""Columns of a state."""

STEER_RATE = 0.4
"""How fast road wheels are turned [rad/s]; CommonRoad's value for all its vehicles."""


@dataclass(frozen=True, slots=True)
class SingleTrack:
    """Parameters of one vehicle (floats) or of N vehicles (arrays of N)."""

    wheelbase: Array | float
    """[m]"""
    max_steer: Array | float
    """Road-wheel angle, either side [rad]."""
    max_steer_rate: Array | float
    """[rad/s]"""
    max_acceleration: Array | float
    """Up to the switching speed [m/s²]."""
    max_deceleration: Array | float
    """[m/s²], positive."""
    switch_speed: Array | float
    """[m/s]"""
    max_speed: Array | float
    """Forwards [m/s]."""
    min_speed: Array | float
    """Backwards [m/s], negative."""


def parameters(models: Sequence[VehicleModel]) -> SingleTrack:
    """Parameters of the vehicles of the catalog, in the order of `models`."""

    def column(values: Sequence[float]) -> Array:
        return np.array(values, dtype=np.float64)

    return SingleTrack(
        wheelbase=column([m.wheelbase for m in models]),
        max_steer=column([m.max_steer for m in models]),
        max_steer_rate=np.full(len(models), STEER_RATE),
        max_acceleration=column([m.max_acceleration for m in models]),
        max_deceleration=column([m.max_deceleration for m in models]),
        switch_speed=column([m.switch_speed for m in models]),
        max_speed=column([m.chassis.max_speed for m in models]),
        min_speed=column([-m.chassis.reverse_speed for m in models]),
    )


def limited_steer_rate(steer: Array, rate: Array, p: SingleTrack) -> Array:
    """The steering rate that the vehicle can do at this road-wheel angle [rad/s]."""
    at_stop = ((steer <= -p.max_steer) & (rate <= 0)) | ((steer >= p.max_steer) & (rate >= 0))
    clamped: Array = np.where(at_stop, 0.0, np.minimum(np.maximum(rate, -p.max_steer_rate), p.max_steer_rate))
    return clamped


def limited_acceleration(speed: Array, acceleration: Array, p: SingleTrack) -> Array:
    """The acceleration that the vehicle can do at this speed [m/s²]."""
    power = p.max_acceleration * p.switch_speed / np.maximum(speed, p.switch_speed)
    at_limit = ((speed <= p.min_speed) & (acceleration <= 0)) | ((speed >= p.max_speed) & (acceleration >= 0))
    clamped: Array = np.where(at_limit, 0.0, np.minimum(np.maximum(acceleration, -p.max_deceleration), power))
    return clamped


def derivative(state: Array, steer_rate: Array, acceleration: Array, p: SingleTrack) -> Array:
    """Time derivative of `state` (..., 5): x, y [m], road-wheel angle [rad], speed [m/s], yaw [rad]."""
    steer, speed, yaw = state[..., STEER], state[..., SPEED], state[..., YAW]
    result = np.zeros_like(state)
    result[..., X] = speed * np.cos(yaw)
    result[..., Y] = speed * np.sin(yaw)
    result[..., STEER] = limited_steer_rate(steer, steer_rate, p)
    result[..., SPEED] = limited_acceleration(speed, acceleration, p)
    result[..., YAW] = speed * np.tan(steer) / p.wheelbase
    return result
