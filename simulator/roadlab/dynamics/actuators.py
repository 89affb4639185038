"""Between the driver and the tyres: limits and lags of the steering, of the engine and of the brakes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.motion import Commands, Motion
from roadlab.dynamics.single_track import SingleTrack, limited_acceleration, limited_steer_rate

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Lags:
    """Time constants of N vehicles [s]; 0 follows at once."""

    steering: Array
    drive: Array


@dataclass(frozen=True)
class Actuated:
    """What N vehicles make of the commands over a step."""

    steer: Array
    """Road-wheel angle at the end [rad]; it changes at a steady rate."""
    steer_rate: Array
    """At the end [rad/s]."""
    drive: Array
    """At the end [m/s²]."""
    acceleration: Array
    """Mean over the step, as asked of the tyres [m/s²]."""


def lagged(value: Array, target: Array, lag: Array, step: float) -> tuple[Array, Array]:
    """First-order response to a held target: value after `step`, and its mean on the way. Exact."""
    ratio = step / np.maximum(lag, 1e-9)
    left = value - target
    after = target + left * np.exp(-ratio)
    mean: Array = target - left * np.expm1(-ratio) / ratio
    return after, mean


def actuated(motion: Motion, commands: Commands, limits: SingleTrack, lags: Lags, step: float) -> Actuated:
    """Steering and drive over a step of held commands."""
    wanted = limited_steer_rate(motion.steer, commands.steer_rate, limits)
    rate, mean_rate = lagged(motion.steer_rate, wanted, lags.steering, step)
    steer = np.minimum(np.maximum(motion.steer + mean_rate * step, -limits.max_steer), limits.max_steer)
    target = limited_acceleration(motion.speed, commands.acceleration, limits)
    drive, mean = lagged(motion.drive, target, lags.drive, step)
    stopped = np.abs(steer) >= limits.max_steer
    return Actuated(
        steer,
        np.where(stopped & (np.sign(rate) == np.sign(steer)), 0.0, rate),
        drive,
        limited_acceleration(motion.speed, mean, limits),
    )


def held_back(speed: Array, acceleration: Array, commands: Commands, step: float) -> Array:
    """`acceleration`, but brakes push no harder than it takes to stop within the step."""
    stopping = -speed / step
    held = np.where(~commands.reverse & (speed >= 0.0), np.maximum(acceleration, stopping), acceleration)
    return np.where(commands.reverse & (speed <= 0.0), np.minimum(held, stopping), held)


def speed_after(speed: Array, acceleration: Array, commands: Commands, limits: SingleTrack, step: float) -> Array:
    """Speed after a step: brakes hold at standstill, and no vehicle is faster than it can be."""
    free = speed + acceleration * step
    held = np.where(commands.reverse & (speed <= 0.0), np.minimum(free, 0.0), free)
    held = np.where(~commands.reverse & (speed >= 0.0), np.maximum(free, 0.0), held)
    fastest, slowest = np.maximum(limits.max_speed, speed), np.minimum(limits.min_speed, speed)
    after: Array = np.minimum(np.maximum(held, slowest), fastest)
    return after


def travelled(speed: Array, after: Array, asked: Array, step: float) -> Array:
    """How far it is in a step from `speed` to `after` [m], when the vehicle may have come to rest on the way."""
    stopped = (after == 0.0) & (speed != 0.0) & (asked != 0.0)
    braking = np.where(stopped, asked, 1.0)
    return np.where(stopped, -0.5 * speed**2 / braking, 0.5 * (speed + after) * step)
