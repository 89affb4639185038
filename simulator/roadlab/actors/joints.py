"""What moves on an actor: the columns of its joints in the scene log, and their values for how the actor moved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import PEOPLE, WHEELED
from roadlab.actors.gear import ROLLING, WHEEL_SPIN, wheel_radius
from roadlab.actors.skeleton import CYCLIST_JOINTS, GEAR_RATIO, PEDESTRIAN_JOINTS, phase_rate, walking_joints
from roadlab.log import Kind

Array = NDArray[np.float64]

VEHICLE_JOINTS: tuple[str, ...] = ("steering", "wheel_spin", "body_heave", "body_pitch", "body_roll")
"""Columns of a vehicle's joints: the front wheels' angle [rad], positive to the left; the angle that the wheels have
rolled since the start [rad], positive about +y, which is rolling forward, and not wrapped; how far the vehicle's frame,
which moves with the body on its springs, is above where it is at rest [m], looks down and leans right [rad]."""

TURNING_RADIUS = 0.25
"""Who turns on the spot steps as if walking on a circle of this radius [m]."""
COASTING = -0.3
"""Cyclists who slow down harder than this do not pedal [m/s²]."""


def joint_names(kind: Kind, gear: str = "") -> tuple[str, ...]:
    """Names of the columns of an actor of this kind, with what it holds, pushes or sits in."""
    if gear in ROLLING:
        return (*PEDESTRIAN_JOINTS, WHEEL_SPIN)
    return {"vehicle": VEHICLE_JOINTS, "cyclist": CYCLIST_JOINTS, "pedestrian": PEDESTRIAN_JOINTS, "prop": ()}[kind]


@dataclass(frozen=True)
class Motion:
    """How one actor moved over T ticks, arrays (T,)."""

    time: Array
    """[s]"""
    speed: Array
    """[m/s]"""
    acceleration: Array
    """[m/s²]"""
    steer: Array
    """[rad]"""
    body: Array | None = None
    """(T, 3) heave [m], pitch and roll [rad] of a vehicle's body on its springs; None for what has none."""

    place: Array | None = None
    """(T, 3) x, y [m] and yaw [rad]; None for somebody who walks straight on."""

    def integral(self, rate: Array) -> Array:
        """(T,) of `rate` over time, 0 at the first tick."""
        parts = 0.5 * (rate[1:] + rate[:-1]) * np.diff(self.time)
        return np.concatenate([[0.0], np.cumsum(parts)])


def joints(kind: Kind, model: str, motion: Motion, start_phase: float, gear: str = "") -> Array:
    """(T, J) joints of an actor; `start_phase` [rad] is where in its stride, or how its cranks, it begins."""
    if kind == "pedestrian":
        height = PEOPLE[model].height
        stepping = _stepping(motion)
        phase = start_phase + motion.integral(phase_rate(stepping, height))
        posture = walking_joints(phase, stepping, height, motion.place, gear)
        if gear in ROLLING:
            posture[:, -1] = motion.integral(motion.speed) / wheel_radius(gear, height)
        return posture
    if kind == "prop":
        return np.zeros((len(motion.time), 0))
    rolling = motion.speed / WHEELED[model].wheel_radius
    spin = motion.integral(rolling)
    if kind == "vehicle":
        body = np.zeros((len(spin), 3)) if motion.body is None else motion.body
        return np.column_stack([motion.steer, spin, body])
    pedalling = motion.acceleration > COASTING
    crank = start_phase + motion.integral(np.where(pedalling, rolling, 0.0) / GEAR_RATIO)
    return np.column_stack([motion.steer, spin, crank])


def _stepping(motion: Motion) -> Array:
    """(T,) speed at which the feet step [m/s]: also of those who turn on the spot or step aside."""
    if motion.place is None or len(motion.time) < 2:
        return motion.speed
    x, y, yaw = motion.place.T
    turning = TURNING_RADIUS * np.abs(np.gradient(yaw, motion.time))
    moving = np.maximum(np.abs(motion.speed), np.hypot(np.gradient(x, motion.time), np.gradient(y, motion.time)))
    stepping: Array = np.maximum(moving, turning)
    return stepping
