"""Following like an adaptive cruise control: the improved IDM, calmed by a constant-acceleration heuristic.

Source: A. Kesting, M. Treiber, D. Helbing, "Enhanced intelligent driver model to access the impact of driving
strategies on traffic capacity", Phil. Trans. R. Soc. A 368 (2010) 4585;
M. Treiber, A. Kesting, "Traffic Flow Dynamics", 2013,
sections 11.3.7 and 11.3.8. It reacts less than the IDM to a vehicle that cuts in near but drives on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from roadlab.actors.catalog import Category
from roadlab.behaviors.driver import FollowingModel
from roadlab.behaviors.idm import SMALLEST_GAP, USUAL_TEMPER, Idm, IdmDriver, Number
from roadlab.behaviors.temper import Temper

Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Acc(Idm):
    """The model with its parameters decided; see `Idm`."""

    coolness: Number = 0.99
    """Trust in the leader not to brake suddenly; 0 is the improved IDM."""

    def acceleration(
        self, speed: Array, desired_speed: Array, gap: Array, closing_speed: Array, leader_acceleration: Array
    ) -> Array:
        """See `FollowingModel`."""
        improved = improved_idm(speed, desired_speed, gap, closing_speed, self)
        steady = constant_acceleration(speed, gap, closing_speed, leader_acceleration, self.max_acceleration)
        b = np.asarray(self.comfortable_deceleration)
        c = np.asarray(self.coolness)
        calmed = (1.0 - c) * improved + c * (steady + b * np.tanh((improved - steady) / b))
        result: Array = np.where(improved >= steady, improved, calmed)
        return result


def improved_idm(speed: Array, desired_speed: Array, gap: Array, closing_speed: Array, model: Idm) -> Array:
    """Acceleration of the improved IDM [m/s²]: in equilibrium the gap is exactly s0 + v T below the desired speed."""
    v, v0 = np.asarray(speed, dtype=np.float64), np.asarray(desired_speed, dtype=np.float64)
    s = np.maximum(gap, SMALLEST_GAP)
    a, b = np.asarray(model.max_acceleration), np.asarray(model.comfortable_deceleration)
    delta = np.asarray(model.exponent)
    wanted = model.minimum_gap + np.maximum(0.0, v * model.time_headway + v * closing_speed / (2.0 * np.sqrt(a * b)))
    z = wanted / s
    slow = np.minimum(v / v0, 1.0)
    fast = np.minimum(v0 / np.maximum(v, 1e-9), 1.0)
    free = np.where(v <= v0, a * (1.0 - slow**delta), -b * (1.0 - fast ** (a * delta / b)))
    with np.errstate(over="ignore", divide="ignore"):
        near = free * (1.0 - np.minimum(z, 1.0) ** (2.0 * a / np.maximum(free, 1e-9)))
    below = np.where(z >= 1.0, a * (1.0 - z * z), near)
    above = np.where(z >= 1.0, free + a * (1.0 - z * z), free)
    result: Array = np.where(v <= v0, below, above)
    return result


def constant_acceleration(
    speed: Array, gap: Array, closing_speed: Array, leader_acceleration: Array, max_acceleration: Number
) -> Array:
    """Highest acceleration [m/s²] without a crash if the leader keeps its own."""
    v, s = np.asarray(speed, dtype=np.float64), np.clip(gap, SMALLEST_GAP, 1e6)
    leader = np.maximum(v - closing_speed, 0.0)
    own = np.minimum(leader_acceleration, max_acceleration)
    stops = leader * np.asarray(closing_speed) <= -2.0 * s * own
    with np.errstate(divide="ignore", invalid="ignore"):
        until_rest = v * v * own / (leader * leader - 2.0 * s * own)
        until_equal = own - np.maximum(closing_speed, 0.0) ** 2 / (2.0 * s)
    result: Array = np.where(stops & np.isfinite(until_rest), until_rest, until_equal)
    return result


class AccDriver(IdmDriver):
    """Follows like an adaptive cruise control; parameters as of idm."""

    type: Literal["acc"] = "acc"  # type: ignore[assignment]
    coolness: Annotated[float, Field(ge=0.0, le=1.0)] = Field(
        0.99, description="Trust in the leader not to brake suddenly; 0 reacts as if it might."
    )

    def following(self, category: Category, temper: Temper = USUAL_TEMPER) -> FollowingModel:
        """The model for a vehicle of this category."""
        p = self.parameters(category, temper)
        return Acc(
            p.time_headway, p.max_acceleration, p.comfortable_deceleration, p.minimum_gap, p.exponent, p.reaction_time,
            self.coolness,
        )  # fmt: skip
