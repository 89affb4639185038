"""How the ego truly moves: smooth kinematics from the log's poses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from scipy.spatial.transform import Rotation

from roadlab.log import SceneLog

Floats = NDArray[np.float64]

GRAVITY = np.array([0.0, 0.0, 9.80665])
"""[m/s²] upwards: what a body at rest is held against."""


@dataclass(frozen=True)
class Kinematics:
    """A point of the ego and the axes fixed to it, at M instants."""

    position: Floats
    """(M, 3) [m], world."""
    velocity: Floats
    """(M, 3) [m/s], world."""
    specific_force: Floats
    """(M, 3) [m/s²] along the body's axes; (0, 0, +g) at rest on level ground."""
    angular_rate: Floats
    """(M, 3) [rad/s] along the body's axes."""


def kinematics(log: SceneLog, ego_from_body: Floats, times: NDArray[np.int64]) -> Kinematics:
    """True motion at `times` (M,) [ns] of axes fixed to the ego.

    Position and attitude are cubic splines through the log's ticks, so that velocity and acceleration are smooth.
    """
    ticks: Floats = log.time.astype(np.float64) * 1e-9
    place = _spline(ticks, log.position[:, log.ego])
    yaw, pitch, roll = (_spline(ticks, log.attitude[:, log.ego, k]) for k in range(3))
    at = times * 1e-9
    angles = np.stack([yaw(at), pitch(at), roll(at)], axis=1)
    turned = Rotation.from_euler("ZYX", angles)
    rate = _body_rate(angles, np.stack([yaw(at, 1), pitch(at, 1), roll(at, 1)], axis=1))
    step = 1e-3
    change = _body_rate(
        np.stack([yaw(at + step), pitch(at + step), roll(at + step)], axis=1),
        np.stack([yaw(at + step, 1), pitch(at + step, 1), roll(at + step, 1)], axis=1),
    )
    turning = (change - rate) / step
    arm = ego_from_body[:3, 3]
    velocity = place(at, 1) + turned.apply(np.cross(rate, arm))
    pull = np.cross(turning, arm) + np.cross(rate, np.cross(rate, arm))
    force = turned.inv().apply(place(at, 2) + GRAVITY) + pull
    axes = ego_from_body[:3, :3]
    return Kinematics(place(at) + turned.apply(np.tile(arm, (len(times), 1))), velocity, force @ axes, rate @ axes)


def _spline(ticks: Floats, values: Floats) -> CubicSpline:
    if len(ticks) < 2:
        ticks, values = np.array([ticks[0], ticks[0] + 1.0]), np.stack([values[0], values[0]])
    return CubicSpline(ticks, np.array(values), bc_type="natural" if len(ticks) > 2 else "not-a-knot")


def _body_rate(angles: Floats, change: Floats) -> Floats:
    """Angular rate along the body's axes by yaw, pitch and roll (Z-Y-X) and how fast they change; (M, 3) each."""
    _, pitch, roll = angles.T
    yaw_rate, pitch_rate, roll_rate = change.T
    return np.stack(
        [
            roll_rate - yaw_rate * np.sin(pitch),
            pitch_rate * np.cos(roll) + yaw_rate * np.sin(roll) * np.cos(pitch),
            -pitch_rate * np.sin(roll) + yaw_rate * np.cos(roll) * np.cos(pitch),
        ],
        axis=1,
    )
