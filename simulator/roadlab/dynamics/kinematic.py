"""The kinematic single track over a step: wheels roll where they point, as long as friction can hold the vehicle there.

Over a step of held commands the angle and the speed are known functions of time, so yaw and place are integrals; they
are taken by Simpson's rule, which makes the step as good as the classical Runge-Kutta method and cheaper.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.actuators import Actuated, Lags, actuated, speed_after, travelled
from roadlab.dynamics.motion import GRAVITY, Commands, Motion
from roadlab.dynamics.single_track import SingleTrack

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Kinematic:
    """Parameters of N vehicles."""

    limits: SingleTrack
    lags: Lags

    def advance(self, motion: Motion, commands: Commands, friction: Array, step: float) -> Motion:
        """See `MotionModel`; where the circle of friction is left, the vehicle brakes less and takes a wider bend."""
        made = actuated(motion, commands, self.limits, self.lags, step)
        return rolled(motion, commands, made, self.limits, friction, step)


def rolled(
    motion: Motion, commands: Commands, made: Actuated, limits: SingleTrack, friction: Array, step: float
) -> Motion:
    """The motion of wheels that roll where they point."""
    grip = friction * GRAVITY
    bends = [np.tan(steer) / limits.wheelbase for steer in _thirds(motion.steer, made.steer)]
    v = motion.speed
    share = _share(made.acceleration, v**2 * bends[0], grip)
    asked = made.acceleration * share
    after = speed_after(v, asked, commands, limits, step)
    length = travelled(v, after, asked, step)
    middle = 1.5 * length / step - 0.25 * (v + after)  # so that Simpson's rule gives `length`
    lateral = np.sqrt(np.maximum(grip**2 - asked**2, 0.0))
    rates = [
        speed * np.minimum(np.maximum(bend, -1.0 / reach), 1.0 / reach)
        for speed, bend in zip((v, middle, after), bends, strict=True)
        for reach in [np.maximum(speed**2, 1e-6) / np.maximum(lateral, 1e-6)]
    ]
    half = motion.yaw + step / 24.0 * (5.0 * rates[0] + 8.0 * rates[1] - rates[2])
    yaw = motion.yaw + step / 6.0 * (rates[0] + 4.0 * rates[1] + rates[2])
    legs = ((v, motion.yaw, 1.0), (middle, half, 4.0), (after, yaw, 1.0))
    dx = sum(weight * speed * np.cos(heading) for speed, heading, weight in legs)
    dy = sum(weight * speed * np.sin(heading) for speed, heading, weight in legs)
    return replace(
        motion,
        x=motion.x + step / 6.0 * dx,
        y=motion.y + step / 6.0 * dy,
        yaw=yaw,
        steer=made.steer,
        speed=after,
        sideways=np.zeros_like(v),
        yaw_rate=rates[2],
        steer_rate=made.steer_rate,
        drive=np.where(after == 0.0, 0.0, made.drive),
    )


def _thirds(first: Array, last: Array) -> tuple[Array, Array, Array]:
    return first, 0.5 * (first + last), last


def _share(along: Array, across: Array, grip: Array) -> Array:
    """By how much a demand has to shrink to stay within the circle of friction."""
    share: Array = np.minimum(1.0, grip / np.maximum(np.hypot(along, across), 1e-9))
    return share
