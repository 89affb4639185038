"""The intelligent driver model: how hard to accelerate behind a leader.

Source: M. Treiber, A. Hennecke, D. Helbing, "Congested traffic states in empirical observations and microscopic
simulations", Physical Review E 62 (2000) 1805.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from roadlab.actors.catalog import Category
from roadlab.behaviors.driver import FollowingModel
from roadlab.behaviors.temper import Style, Temper
from roadlab.scenario.quantities import Acceleration, Duration, PositiveLength
from roadlab.scenario.spec import DriverSpec

Array = NDArray[np.float64]
Number = float | Array

SMALLEST_GAP = 0.05
"""The model divides by the gap; nearer than this the brakes are full on anyway [m]."""


@dataclass(frozen=True, slots=True)
class Idm:
    """The model with its parameters decided: numbers, or arrays of one length for many drivers."""

    time_headway: Number
    """T [s]."""
    max_acceleration: Number
    """a [m/s²]."""
    comfortable_deceleration: Number
    """b [m/s²]."""
    minimum_gap: Number
    """s0 [m]."""
    exponent: Number = 4.0
    """delta."""
    reaction_time: Number = 0.0
    """Between seeing and acting, beyond looking round ten times a second [s]; see `reaction`."""

    def acceleration(
        self,
        speed: Array,
        desired_speed: Array,
        gap: Array,
        closing_speed: Array,
        leader_acceleration: Array,  # noqa: ARG002
    ) -> Array:
        """See `idm_acceleration`; a lower desired speed alone makes nobody brake harder than comfortable."""
        ratio = (1.0 + self.comfortable_deceleration / self.max_acceleration) ** (1.0 / self.exponent)
        return idm_acceleration(speed, np.maximum(desired_speed, speed / ratio), gap, closing_speed, self)


def idm_acceleration(
    speed: ArrayLike, desired_speed: ArrayLike, gap: ArrayLike, closing_speed: ArrayLike, model: Idm
) -> Array:
    """Acceleration [m/s²] behind a leader `gap` metres ahead, bumper to bumper (+inf: the road is free).

    `closing_speed` is own minus the leader's speed [m/s]. Arguments broadcast.
    """
    v, s = np.asarray(speed, dtype=np.float64), np.maximum(gap, SMALLEST_GAP)
    braking = 2.0 * np.sqrt(model.max_acceleration * model.comfortable_deceleration)
    desired_gap = model.minimum_gap + np.maximum(0.0, v * model.time_headway + v * np.asarray(closing_speed) / braking)
    ratio = v / np.asarray(desired_speed)
    free = (ratio * ratio) ** 2 if np.all(np.asarray(model.exponent) == 4.0) else ratio**model.exponent
    acceleration: Array = model.max_acceleration * (1.0 - free - (desired_gap / s) ** 2)
    return acceleration


def equilibrium_gap(speed: ArrayLike, desired_speed: ArrayLike, model: Idm) -> Array:
    """The gap [m] at which a follower of a steady leader neither brakes nor accelerates; `speed` < `desired_speed`."""
    v = np.asarray(speed, dtype=np.float64)
    free = 1.0 - (v / np.asarray(desired_speed)) ** model.exponent
    gap: Array = (model.minimum_gap + v * model.time_headway) / np.sqrt(free)
    return gap


USUAL: dict[Category, Idm] = {
    "car": Idm(time_headway=1.5, max_acceleration=1.4, comfortable_deceleration=2.0, minimum_gap=2.0),
    "van": Idm(time_headway=1.5, max_acceleration=1.2, comfortable_deceleration=2.0, minimum_gap=2.0),
    "truck": Idm(time_headway=1.8, max_acceleration=0.7, comfortable_deceleration=1.7, minimum_gap=3.0),
    "bus": Idm(time_headway=1.8, max_acceleration=0.9, comfortable_deceleration=1.3, minimum_gap=3.0),
    "motorcyclist": Idm(time_headway=1.2, max_acceleration=2.0, comfortable_deceleration=2.5, minimum_gap=2.0),
    "cyclist": Idm(time_headway=1.0, max_acceleration=0.9, comfortable_deceleration=1.5, minimum_gap=1.0),
}
"""What is used where the author gives nothing."""


USUAL_TEMPER = Temper()


class IdmDriver(DriverSpec):
    """Follows the leader by the intelligent driver model; what is absent is usual for the vehicle's category."""

    type: Literal["idm"] = "idm"
    style: Style | None = Field(
        None, description="timid, normal or aggressive; sampled draws one of a population. Usual when absent."
    )
    change_lanes: bool = Field(False, description="Whether to change lanes where that pays, by MOBIL.")
    overtake: bool = Field(
        False,
        description="Whether to overtake on the other side of a two-way road, where marks, sight and gaps permit.",
    )
    time_headway: Duration | None = Field(None, description="Time gap to the leader; 1.5 s for cars.")
    max_acceleration: Acceleration | None = Field(None, description="When setting off; 1.4 m/s2 for cars.")
    comfortable_deceleration: Acceleration | None = Field(
        None, description="When braking in good time; 2 m/s2 for cars."
    )
    minimum_gap: PositiveLength | None = Field(None, description="Bumper to bumper at standstill; 2 m for cars.")
    exponent: Annotated[float, Field(ge=1.0, le=20.0)] = Field(
        4.0, description="How late acceleration fades; 4 is usual."
    )
    reaction_time: Annotated[Duration, Field(le=3.0)] = Field(
        0.0, description="Between seeing and acting; who has one allows for it, so only surprises are answered late."
    )

    def following(self, category: Category, temper: Temper = USUAL_TEMPER) -> FollowingModel:
        """The model for a vehicle of this category; the temper changes what the author leaves open."""
        return self.parameters(category, temper)

    def parameters(self, category: Category, temper: Temper) -> Idm:
        """What the author wrote, and what is usual where nothing is written."""
        usual = USUAL[category]
        headway, gap = usual.time_headway * temper.time_headway, usual.minimum_gap * temper.minimum_gap
        return Idm(
            time_headway=headway if self.time_headway is None else self.time_headway,
            max_acceleration=self.max_acceleration or usual.max_acceleration * temper.acceleration,
            comfortable_deceleration=self.comfortable_deceleration
            or usual.comfortable_deceleration * temper.deceleration,
            minimum_gap=self.minimum_gap or gap,
            exponent=self.exponent,
            reaction_time=self.reaction_time,
        )
