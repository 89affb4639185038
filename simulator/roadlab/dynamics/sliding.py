"""How vehicles and people come to rest after an impact: brakes on, wheels that slide, shoes on asphalt."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.impact import Bodies, Velocities
from roadlab.dynamics.motion import GRAVITY

Array = NDArray[np.float64]

_CORNERS = ((1.0, 1.0), (1.0, -1.0), (0.0, 1.0), (0.0, -1.0))
"""The wheels: shares of the wheelbase ahead of the rear axle, and of half the track to the left."""
_SLOW = 1e-6


def slid(velocities: Velocities, yaw: Array, bodies: Bodies, friction: Array, step: float) -> Velocities:
    """The velocities after a step of sliding friction on all four wheels; nothing is ever turned back by it.

    Each contact patch pushes against its velocity with its share of the weight (Coulomb). One backward Euler step of
    friction written as damping: exact for what slides straight, and stable down to rest.
    """
    grip = np.minimum(friction, bodies.grip) * GRAVITY
    c, s = np.cos(yaw), np.sin(yaw)
    quarter = 0.25 * bodies.mass
    matrix = np.zeros((len(yaw), 3, 3))
    for ahead, aside in _CORNERS:
        along, across = ahead * bodies.wheelbase - bodies.center, 0.5 * aside * bodies.track
        x, y = c * along - s * across, s * along + c * across
        vx, vy = velocities.linear[:, 0] - velocities.angular * y, velocities.linear[:, 1] + velocities.angular * x
        damping = quarter * grip / np.maximum(np.hypot(vx, vy) - grip * step, _SLOW)
        matrix[:, 0, 0] += damping
        matrix[:, 1, 1] += damping
        matrix[:, 0, 2] -= damping * y
        matrix[:, 1, 2] += damping * x
        matrix[:, 2, 2] += damping * (x**2 + y**2)
    matrix[:, 2, 0], matrix[:, 2, 1] = matrix[:, 0, 2], matrix[:, 1, 2]
    inertia = np.where(np.isfinite(bodies.inertia), bodies.inertia, 1.0)
    point = ~np.isfinite(bodies.inertia)
    matrix[point, :, 2] = matrix[point, 2, :] = 0.0
    masses = np.zeros_like(matrix)
    masses[:, 0, 0] = masses[:, 1, 1] = bodies.mass
    masses[:, 2, 2] = inertia
    now = np.column_stack([velocities.linear, np.where(point, 0.0, velocities.angular)])
    after = np.linalg.solve(masses + step * matrix, np.einsum("nij,nj->ni", masses, now)[..., None])[..., 0]
    after[np.abs(after) < 1e-3 * grip[:, None] * step] = 0.0
    return Velocities(after[:, :2], after[:, 2])
