"""Automatic emergency braking as in the textbook, on top of the built-in driver: a baseline, and an example.

It brakes fully when the time to collision with the next one in its corridor falls to 1.5 s, the AEB of the JRC's
regulation models (time to collision 1.5 s, 0.85 g; ec-jrc/JRC-FSM), and goes on until it stands or
nobody is in its way.
"""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from pydantic import Field

from roadlab.behaviors.idm import IdmDriver
from roadlab.behaviors.view import Control, Neighbour, View
from roadlab.scenario.quantities import Acceleration, PositiveDuration


class AebDriver(IdmDriver):
    """The built-in driver with automatic emergency braking; parameters as of idm."""

    type: Literal["aeb"] = "aeb"  # type: ignore[assignment]
    time_to_collision: Annotated[PositiveDuration, Field(le=10.0)] = Field(1.5, description="When it begins to brake.")
    braking: Acceleration = Field(8.34, description="How hard it brakes; 0.85 g by default.")

    def decide(self, view: View) -> Control:
        """What to do now."""
        soonest = min((time_to_collision(view, other) for other in view.neighbours), default=np.inf)
        at_it = view.acceleration < -0.6 * self.braking and np.isfinite(soonest)
        if at_it or soonest < self.time_to_collision:
            return Control(min(-self.braking, view.usual.acceleration))
        return view.usual


def time_to_collision(view: View, other: Neighbour) -> float:
    """Until the front end reaches the other if both keep their velocities [s]; +inf for who is not in the corridor."""
    gap = other.x - 0.5 * _extent(other, along=True) - view.front
    closing = view.speed - other.vx
    if gap < -other.length or closing <= 0.0:
        return np.inf
    when = max(gap, 0.0) / closing
    aside = abs(_beside_path(view, other.x) - (other.y + other.vy * when))
    return when if aside < 0.5 * (view.width + _extent(other, along=False)) else np.inf


def _extent(other: Neighbour, *, along: bool) -> float:
    """How long, or else how wide, the other's rectangle is, seen along one's own heading [m]."""
    c, s = abs(np.cos(other.heading)), abs(np.sin(other.heading))
    return float(other.length * c + other.width * s) if along else float(other.length * s + other.width * c)


def _beside_path(view: View, x: float) -> float:
    """How far to the left one's own path is, `x` metres ahead [m]."""
    if not len(view.path):
        return 0.0
    return float(np.interp(x, view.path[:, 0], view.path[:, 1]))
