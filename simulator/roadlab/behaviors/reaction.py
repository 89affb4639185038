"""Reaction time: what drivers decide takes effect late, and they allow for it.

A decision is made for the moment in which it takes effect, as if everybody kept velocity or acceleration till then: the
temporal anticipation of M. Treiber, A. Kesting, D. Helbing, "Delays, inaccuracies and anticipation in microscopic
traffic models", Physica A 360 (2006) 71. So a steady approach is as without a delay, and only surprises are answered
late.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.obstacles import Obstacles

Array = NDArray[np.float64]

SLACK = 1e-6
"""Two instants that are nearer to each other than this are one [s]."""

Decisions = tuple[tuple[float, Array], ...]
"""When each decision was made [s], and what was asked for (N,) [m/s²]; the oldest first."""


def foreseen(obstacles: Obstacles, speed: Array, acceleration: Array, delay: Array) -> tuple[Array, Obstacles]:
    """Own speeds (P,) [m/s] and the obstacles after `delay` (P,) [s], given own speeds and accelerations (P,)."""
    if not delay.any():
        return speed, obstacles
    gap = obstacles.gap - obstacles.closing * delay
    return np.maximum(speed + acceleration * delay, 0.0), replace(obstacles, gap=gap)


def late(past: Decisions, now: float, asked: Array, delay: Array) -> tuple[Decisions, Array]:
    """The decisions to remember, and what takes effect `now` of drivers with reaction times `delay` (N,) [s]."""
    longest = float(delay.max(initial=0.0))
    if longest == 0.0:
        return (), asked
    made = (*past, (now, asked))
    times = np.array([time for time, _ in made])
    which = np.maximum(np.searchsorted(times, now - delay + SLACK, side="right") - 1, 0)
    effective: Array = np.stack([decision for _, decision in made])[which, np.arange(len(asked))]
    first = max(int(np.searchsorted(times, now - longest + SLACK, side="right")) - 1, 0)
    return made[first:], np.where(delay == 0.0, asked, effective)
