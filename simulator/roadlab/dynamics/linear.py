"""The linear single track (ST) of the CommonRoad vehicle models: tyre forces grow with slip angle and axle load.

Reference point of the model is the centre of gravity, its state is speed, sideslip angle and yaw rate. Here forces stop
growing at the circle of friction, which the published model leaves out. Below walking pace the wheels roll where they
point, as published. Source: M. Althoff, M. Koschi, S. Manzinger, "CommonRoad: composable benchmarks for motion planning
on roads", IV 2017, and the vehicle models that belong to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.actuators import Lags, actuated, speed_after, travelled
from roadlab.dynamics.handling import Handling
from roadlab.dynamics.motion import GRAVITY, Commands, Motion
from roadlab.dynamics.single_track import SingleTrack, limited_acceleration, limited_steer_rate
from roadlab.dynamics.tyre import circle_share
from roadlab.dynamics.yaw_plane import Linear

Array = NDArray[np.float64]

X, Y, STEER, SPEED, YAW, YAW_RATE, SIDESLIP = range(7)
"""Columns of the published state."""

ROLLING_SPEED = 0.1
"""Below this, and backwards, wheels roll where they point [m/s]."""
SLIDING = 1.0
"""Who moves backwards faster than this, and not in reverse gear, has spun round and slides [m/s]."""


@dataclass(frozen=True)
class LinearSingleTrack:
    """Parameters of N vehicles."""

    limits: SingleTrack
    lags: Lags
    handling: Handling

    def advance(self, motion: Motion, commands: Commands, friction: Array, step: float) -> Motion:
        """See `MotionModel`."""
        h = self.handling
        made = actuated(motion, commands, self.limits, self.lags, step)
        aside = motion.sideways + h.rear_arm * motion.yaw_rate
        speed = np.hypot(motion.speed, aside)
        backwards = (motion.speed < 0.0) & (commands.reverse | (speed < SLIDING))
        slip = np.where(backwards, 0.0, np.arctan2(aside, motion.speed))
        speed = np.where(backwards, -speed, speed)
        share = _held(h, speed, slip, motion.yaw_rate, motion.steer, made.acceleration, friction)
        asked = made.acceleration * share.along
        half = 0.5 * (speed + speed_after(speed, asked, commands, self.limits, step))
        steer = 0.5 * (motion.steer + made.steer)
        first = _equations(h, np.maximum(speed, ROLLING_SPEED), motion.steer, asked, share)
        slip_half, rate_half = first.after(slip, motion.yaw_rate, 0.5 * step)
        middle = _held(h, half, slip_half, rate_half, steer, made.acceleration, friction)
        asked = made.acceleration * middle.along
        after = speed_after(speed, asked, commands, self.limits, step)
        length = travelled(speed, after, asked, step)
        half = 0.5 * (speed + after)
        equations = _equations(h, np.maximum(half, ROLLING_SPEED), steer, asked, middle)
        slip_after, rate = equations.after(slip, motion.yaw_rate, step)
        rolling = after < ROLLING_SPEED
        rolled = np.arctan(np.tan(made.steer) * h.rear_arm / h.wheelbase)
        slip_after = np.where(rolling, rolled, slip_after)
        rate = np.where(rolling, after * np.cos(rolled) * np.tan(made.steer) / h.wheelbase, rate)
        yaw = motion.yaw + 0.5 * step * (motion.yaw_rate + rate)
        heading = 0.5 * (motion.yaw + yaw + slip + slip_after)
        x = motion.x + h.rear_arm * (np.cos(motion.yaw) - np.cos(yaw)) + length * np.cos(heading)
        y = motion.y + h.rear_arm * (np.sin(motion.yaw) - np.sin(yaw)) + length * np.sin(heading)
        return replace(
            motion,
            x=x,
            y=y,
            yaw=yaw,
            steer=made.steer,
            speed=after * np.cos(slip_after),
            sideways=after * np.sin(slip_after) - h.rear_arm * rate,
            yaw_rate=rate,
            steer_rate=made.steer_rate,
            drive=np.where(after == 0.0, 0.0, made.drive),
        )


@dataclass(frozen=True)
class _Shares:
    """How much of the linear forces friction can hold; arrays of N."""

    along: Array
    front: Array
    rear: Array


_ALL = _Shares(np.ones(()), np.ones(()), np.ones(()))


def _held(
    h: Handling, speed: Array, slip: Array, yaw_rate: Array, steer: Array, acceleration: Array, friction: Array
) -> _Shares:
    front_load, rear_load = h.loads(acceleration)
    v = np.maximum(speed, ROLLING_SPEED)
    front = h.front_stiffness * front_load * (steer - slip - h.front_arm * yaw_rate / v)
    rear = h.rear_stiffness * rear_load * (h.rear_arm * yaw_rate / v - slip)
    along = acceleration / GRAVITY  # each axle pushes in proportion to its load
    front_share = circle_share(along * front_load, front, friction * front_load)
    rear_share = circle_share(along * rear_load, rear, friction * rear_load)
    weight = h.mass * GRAVITY
    return _Shares((front_share * front_load + rear_share * rear_load) / weight, front_share, rear_share)


def _equations(h: Handling, speed: Array, steer: Array, acceleration: Array, held: _Shares) -> Linear:
    """Of sideslip and yaw rate at this speed [m/s] and angle [rad]."""
    front_load, rear_load = h.loads(acceleration)
    front = h.front_stiffness * front_load * held.front
    rear = h.rear_stiffness * rear_load * held.rear
    push, turn = h.mass * speed, h.yaw_inertia
    moment = rear * h.rear_arm - front * h.front_arm
    return Linear(
        a=-(front + rear) / push,
        b=moment / (push * speed) - 1.0,
        c=front * steer / push,
        d=moment / turn,
        e=-(front * h.front_arm**2 + rear * h.rear_arm**2) / (turn * speed),
        f=front * h.front_arm * steer / turn,
    )


def derivative(state: Array, steer_rate: Array, acceleration: Array, p: SingleTrack, h: Handling) -> Array:
    """Time derivative of the published `state` (..., 7) of unlimited friction.

    x, y of the centre of gravity [m], road-wheel angle [rad], speed [m/s], yaw [rad], yaw rate [rad/s], sideslip [rad].
    """
    steer, speed, slip, yaw_rate = (state[..., k] for k in (STEER, SPEED, SIDESLIP, YAW_RATE))
    result = np.zeros_like(state)
    turning = limited_steer_rate(steer, steer_rate, p)
    gained = limited_acceleration(speed, acceleration, p)
    slipping, spinning = _equations(h, np.maximum(speed, ROLLING_SPEED), steer, gained, _ALL).rate(slip, yaw_rate)
    ratio = h.rear_arm / h.wheelbase
    rolled = np.arctan(np.tan(steer) * ratio)
    rolling_slip = ratio * turning / (np.cos(steer) ** 2 * (1.0 + (np.tan(steer) * ratio) ** 2))
    rolling_rate = speed * np.cos(rolled) * np.tan(steer) / h.wheelbase
    rolling_spin = (
        gained * np.cos(rolled) * np.tan(steer)
        - speed * np.sin(rolled) * rolling_slip * np.tan(steer)
        + speed * np.cos(rolled) * turning / np.cos(steer) ** 2
    ) / h.wheelbase
    rolling = np.abs(speed) < ROLLING_SPEED
    result[..., X] = speed * np.cos(state[..., YAW] + slip)
    result[..., Y] = speed * np.sin(state[..., YAW] + slip)
    result[..., STEER] = turning
    result[..., SPEED] = gained
    result[..., YAW] = np.where(rolling, rolling_rate, yaw_rate)
    result[..., YAW_RATE] = np.where(rolling, rolling_spin, spinning)
    result[..., SIDESLIP] = np.where(rolling, rolling_slip, slipping)
    return result
