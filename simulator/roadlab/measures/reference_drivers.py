"""How far a safe driver keeps off, and which cut-ins a careful one can still answer: models that regulators name.

UN Regulation 157 (automated lane keeping), paragraph 5.2.3.3 and annex 4 appendix 3; responsibility-sensitive safety:
S. Shalev-Shwartz, S. Shammah, A. Shashua, "On a formal model of safe and scalable self-driving cars", arXiv:1708.06374.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.dynamics.motion import GRAVITY

Array = NDArray[np.float64]

PERCEPTION = 0.4
"""From a cut-in's first visible wander to its perception as a risk, of the careful driver [s]."""
REACTION = 0.75
"""From there to the first braking [s]."""
BRAKING = 0.774 * GRAVITY
"""[m/s²]"""
BUILD_UP = 0.6
"""Until the brakes are on in full [s]."""
SYSTEM_REACTION = 0.35
SYSTEM_BRAKING = 6.0
"""Of a system that keeps lanes, in Regulation 157 [s, m/s²]."""


def rss_distance(
    rear_speed: ArrayLike,
    front_speed: ArrayLike,
    *,
    response: float = 0.75,
    acceleration: float = 3.0,
    braking: float = 4.0,
    front_braking: float = 8.0,
) -> Array:
    """Gap [m] that is safe even if the one in front brakes at `front_braking` until it stands.

    The rear one accelerates during its `response` [s] and brakes at no less than `braking` [m/s²] from then on. Speeds
    [m/s] broadcast.
    """
    rear, front = np.asarray(rear_speed, dtype=np.float64), np.asarray(front_speed, dtype=np.float64)
    late = rear + response * acceleration
    travelled = rear * response + 0.5 * acceleration * response**2 + late**2 / (2.0 * braking)
    distance: Array = np.maximum(travelled - front**2 / (2.0 * front_braking), 0.0)
    return distance


def lane_keeping_gap(speed: ArrayLike) -> Array:
    """Least gap [m] that Regulation 157 asks of a system that follows at `speed` [m/s]."""
    v = np.asarray(speed, dtype=np.float64)
    time = np.where(v < 10.0 / 3.6, 1.0 + (np.maximum(2.0, v) - 2.0) / 7.8, 1.0 + v * 3.6 / 100.0)
    return np.maximum(v * time, 2.0)


def system_must_avoid(gap: ArrayLike, closing_speed: ArrayLike) -> NDArray[np.bool_]:
    """Whether Regulation 157 expects a lane-keeping system to avoid a cut-in, at the moment of its intrusion.

    `gap` [m] bumper to bumper, `closing_speed` [m/s] positive when it shrinks.
    """
    closing = np.maximum(np.asarray(closing_speed, dtype=np.float64), 1e-9)
    time_to_collision = np.asarray(gap, dtype=np.float64) / closing
    return np.asarray(time_to_collision > closing / (2.0 * SYSTEM_BRAKING) + SYSTEM_REACTION)


def careful_driver_needs(closing_speed: ArrayLike) -> Array:
    """Gap [m] at the first wander of a cut-in from which the competent and careful driver still does not collide.

    The driver perceives, reacts, and brakes with a force that builds up evenly; the one in front keeps its speed.
    """
    v = np.maximum(np.asarray(closing_speed, dtype=np.float64), 0.0)
    jolt = BRAKING / BUILD_UP
    rising = np.minimum(BUILD_UP, np.sqrt(2.0 * v / jolt))
    left = v - 0.5 * jolt * rising**2
    building = v * rising - jolt * rising**3 / 6.0
    needed: Array = v * (PERCEPTION + REACTION) + building + left**2 / (2.0 * BRAKING)
    return needed
