"""The single track on tyres that saturate: load transfer, Magic Formula, circle of friction.

The two tyres of an axle carry what acceleration and cornering leave them; each gives its lateral force by the Magic
Formula, with a peak that grows less than its load. Driving is split by the drive-train, braking by load, and what an
axle can push and hold at once lies within its circle of friction (`tyre.circle_share`). Velocities are of the vehicle's
frame at the centre of gravity. Slip is taken over at least `SLOWEST_SLIP`, so standing still is a state like any other.
After W. Milliken and D. Milliken, Race Car Vehicle Dynamics (1995), chapters 2, 5 and 18.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.actuators import Lags, actuated, held_back, speed_after, travelled
from roadlab.dynamics.handling import Handling
from roadlab.dynamics.motion import GRAVITY, Commands, Motion
from roadlab.dynamics.single_track import SingleTrack
from roadlab.dynamics.tyre import circle_share, magic_formula
from roadlab.dynamics.yaw_plane import Linear

Array = NDArray[np.float64]

SLOWEST_SLIP = 0.1
"""A wheel that rolls slower than this slips as if it rolled so fast [m/s]."""
SLIDING = 0.2
"""Who slides aside faster than this may turn its back to where it slides: no brake holds it in that direction [m/s]."""


@dataclass(frozen=True)
class Axle:
    """What an axle does; arrays of N."""

    along: Array
    """Force along its wheels [N]."""
    damping: Array
    """Lateral force over lateral speed in the wheels' frame [N s/m]: the secant of the tyres' curve."""


@dataclass(frozen=True)
class LoadSensitiveSingleTrack:
    """Parameters of N vehicles."""

    limits: SingleTrack
    lags: Lags
    handling: Handling

    def advance(self, motion: Motion, commands: Commands, friction: Array, step: float) -> Motion:
        """See `MotionModel`; forces of the middle of the step, so that it is of second order."""
        h = self.handling
        made = actuated(motion, commands, self.limits, self.lags, step)
        u, r = motion.speed, motion.yaw_rate
        v = motion.sideways + h.rear_arm * r
        steer = 0.5 * (motion.steer + made.steer)
        asked = _braked(u, held_back(u, made.acceleration, commands, step), commands, step)
        axles = tyre_forces(h, u, v, r, motion.steer, asked, friction)
        v_half, r_half = _equations(h, u, steer, *axles).after(v, r, 0.5 * step)
        u_half = u + 0.5 * step * _along(h, v, r, u, motion.steer, *axles)
        axles = tyre_forces(h, u_half, v_half, r_half, steer, asked, friction)
        v_after, r_after = _equations(h, u_half, steer, *axles).after(v, r, step)
        gained = _along(h, v_half, r_half, u_half, steer, *axles)
        held = speed_after(u, gained, commands, self.limits, step)
        fastest = np.maximum(self.limits.max_speed, u)
        u_after = np.where(np.abs(v_half) > SLIDING, np.minimum(u + gained * step, fastest), held)
        length = travelled(u, u_after, gained, step)
        yaw = motion.yaw + 0.5 * step * (r + r_after)
        heading, sideways = 0.5 * (motion.yaw + yaw), 0.5 * step * (v + v_after)
        c, s = np.cos(heading), np.sin(heading)
        return replace(
            motion,
            x=motion.x + h.rear_arm * (np.cos(motion.yaw) - np.cos(yaw)) + length * c - sideways * s,
            y=motion.y + h.rear_arm * (np.sin(motion.yaw) - np.sin(yaw)) + length * s + sideways * c,
            yaw=yaw,
            steer=made.steer,
            speed=u_after,
            sideways=v_after - h.rear_arm * r_after,
            yaw_rate=r_after,
            steer_rate=made.steer_rate,
            drive=np.where(u_after == 0.0, 0.0, made.drive),
        )


def _braked(u: Array, acceleration: Array, commands: Commands, step: float) -> Array:
    """`acceleration`, but brakes slow down who slides backwards, too, in a forward gear, and forwards in reverse."""
    backwards = ~commands.reverse & (u < 0.0) & (acceleration < 0.0)
    forwards = commands.reverse & (u > 0.0) & (acceleration > 0.0)
    braking = np.minimum(np.abs(acceleration), np.abs(u) / step)
    return np.where(backwards | forwards, -np.sign(u) * braking, acceleration)


def tyre_forces(
    h: Handling, u: Array, v: Array, r: Array, steer: Array, acceleration: Array, friction: Array
) -> tuple[Axle, Axle]:
    """Front and rear axle at velocities u ahead, v to the left [m/s] and r [rad/s] of the centre of gravity."""
    loads = h.loads(np.clip(acceleration, -friction * GRAVITY, friction * GRAVITY))
    weight = h.mass * GRAVITY
    across = np.clip(u * r, -friction * GRAVITY, friction * GRAVITY) * h.gravity_height / (GRAVITY * h.track)
    driving = h.mass * acceleration
    shares = (
        np.where(acceleration > 0.0, h.drive_front, loads[0] / weight),
        np.where(acceleration > 0.0, 1.0 - h.drive_front, loads[1] / weight),
    )
    arms = (h.front_arm, -h.rear_arm)
    stiffness = (h.front_stiffness, h.rear_stiffness)
    at_rest = h.loads(np.zeros_like(u))
    axles = []
    for k, angle in ((0, steer), (1, np.zeros_like(steer))):
        aside = v + arms[k] * r
        rolling = np.maximum(np.abs(u * np.cos(angle) + aside * np.sin(angle)), SLOWEST_SLIP)
        sliding = aside * np.cos(angle) - u * np.sin(angle)
        slip = np.arctan2(np.abs(sliding), rolling)
        outer, inner = (0.5 * loads[k] * (1.0 + side * 2.0 * across) for side in (1.0, -1.0))
        lateral = _wheel(h, slip, outer, 0.5 * at_rest[k], stiffness[k], friction)
        lateral = lateral + _wheel(h, slip, inner, 0.5 * at_rest[k], stiffness[k], friction)
        along = driving * shares[k]
        share = circle_share(along, lateral, friction * loads[k])
        axles.append(Axle(along * share, share * lateral / np.maximum(np.abs(sliding), 1e-6)))
    return axles[0], axles[1]


def _wheel(h: Handling, slip: Array, load: Array, at_rest: Array, stiffness: Array, friction: Array) -> Array:
    """Lateral force [N] of one tyre at a slip angle of 0 or more [rad]."""
    carried = np.maximum(load, 0.02 * at_rest)
    excess = np.clip(carried / at_rest - 1.0, -1.0, 2.0)
    peak = friction * carried * (1.0 - h.load_sensitivity * excess)
    return magic_formula(np.maximum(slip, 1e-9), stiffness * carried, peak, h.shape, h.curvature)


def _equations(h: Handling, u: Array, steer: Array, front: Axle, rear: Axle) -> Linear:
    """Of v and r, the tyres' secants held."""
    c, s = np.cos(steer), np.sin(steer)
    m, inertia, a, b = h.mass, h.yaw_inertia, h.front_arm, h.rear_arm
    sideways = front.damping * c**2
    pushed = front.damping * c * s * u + front.along * s
    return Linear(
        a=-(sideways + rear.damping) / m,
        b=-(a * sideways - b * rear.damping) / m - u,
        c=pushed / m,
        d=-(a * sideways - b * rear.damping) / inertia,
        e=-(a**2 * sideways + b**2 * rear.damping) / inertia,
        f=a * pushed / inertia,
    )


def _along(h: Handling, v: Array, r: Array, u: Array, steer: Array, front: Axle, rear: Axle) -> Array:
    """Of u, per second [m/s²]."""
    c, s = np.cos(steer), np.sin(steer)
    sliding = (v + h.front_arm * r) * c - u * s
    acceleration: Array = (front.along * c + front.damping * sliding * s + rear.along) / h.mass + v * r
    return acceleration
