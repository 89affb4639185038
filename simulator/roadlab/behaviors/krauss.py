"""The following model of Krauss, as SUMO has it: never faster than from where one can still stop.

Source: S. Krauss, "Microscopic modeling of traffic flow: investigation of collision free vehicle dynamics", DLR 1998;
SUMO's `MSCFModel_KraussOrig1` and its vehicle classes' parameters. Its drivers do not dawdle (sigma is 0): chance would
make the decision depend on how often it is asked for.
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

SETTLING = 0.25
"""In this share of the time headway the speed comes to the safe one; more would overshoot the stopping place."""
FARTHEST = 1e6
"""Stands for a free road [m]."""


@dataclass(frozen=True, slots=True)
class Krauss:
    """The model with its parameters decided: numbers, or arrays of one length for many drivers."""

    time_headway: Number
    """tau [s]."""
    max_acceleration: Number
    """a [m/s²]."""
    comfortable_deceleration: Number
    """b, on which everybody relies [m/s²]."""
    minimum_gap: Number
    """Left at standstill [m]."""

    def acceleration(
        self,
        speed: Array,
        desired_speed: Array,
        gap: Array,
        closing_speed: Array,
        leader_acceleration: Array,  # noqa: ARG002
    ) -> Array:
        """See `FollowingModel`; a lower desired speed alone makes nobody brake harder than b."""
        time = SETTLING * np.asarray(self.time_headway)
        leader = np.maximum(speed - closing_speed, 0.0)
        room = np.maximum(np.minimum(gap, FARTHEST) - self.minimum_gap, 0.0)
        safe = safe_speed(leader, room, self.comfortable_deceleration, self.time_headway)
        slower = np.maximum(desired_speed, speed - np.asarray(self.comfortable_deceleration) * time)
        wanted = np.minimum(speed + np.asarray(self.max_acceleration) * time, np.minimum(safe, slower))
        result: Array = (wanted - speed) / time
        return result


def safe_speed(leader: ArrayLike, gap: ArrayLike, deceleration: Number, headway: Number) -> Array:
    """The highest speed [m/s] `gap` metres behind somebody at the speed `leader` who may brake as hard as oneself."""
    v, g = np.asarray(leader, dtype=np.float64), np.asarray(gap, dtype=np.float64)
    lost = np.asarray(deceleration) * headway
    speed: Array = -lost + np.sqrt(lost**2 + v**2 + 2.0 * np.asarray(deceleration) * g)
    return speed


USUAL: dict[Category, Krauss] = {
    "car": Krauss(1.0, 2.6, 4.5, 2.5),
    "van": Krauss(1.0, 2.6, 4.5, 2.5),
    "truck": Krauss(1.0, 1.3, 4.0, 2.5),
    "bus": Krauss(1.0, 1.2, 4.0, 2.5),
    "motorcyclist": Krauss(1.0, 6.0, 10.0, 2.5),
    "cyclist": Krauss(1.0, 1.2, 3.0, 0.5),
}
"""SUMO's values for its classes passenger, delivery, truck, bus, motorcycle and bicycle."""


class KraussDriver(DriverSpec):
    """Follows the leader by the model of Krauss, as SUMO does; what is absent is SUMO's for the vehicle's class."""

    type: Literal["krauss"] = "krauss"
    style: Style | None = Field(
        None, description="timid, normal or aggressive; sampled draws one of a population. Usual when absent."
    )
    change_lanes: bool = Field(False, description="Whether to change lanes where that pays, by MOBIL.")
    time_headway: Annotated[Duration, Field(ge=0.2, le=10.0)] | None = Field(
        None, description="Time gap to the leader; 1 s by default."
    )
    max_acceleration: Annotated[Acceleration, Field(gt=0.0)] | None = Field(
        None, description="When speeding up; 2.6 m/s2 for cars."
    )
    comfortable_deceleration: Annotated[Acceleration, Field(gt=0.0)] | None = Field(
        None, description="When braking; 4.5 m/s2 for cars."
    )
    minimum_gap: PositiveLength | None = Field(None, description="Bumper to bumper at standstill; 2.5 m for cars.")

    def following(self, category: Category, temper: Temper) -> FollowingModel:
        """The model for a vehicle of this category; the temper changes what the author leaves open."""
        usual = USUAL[category]
        return Krauss(
            time_headway=self.time_headway or usual.time_headway * temper.time_headway,
            max_acceleration=self.max_acceleration or usual.max_acceleration * temper.acceleration,
            comfortable_deceleration=self.comfortable_deceleration
            or usual.comfortable_deceleration * temper.deceleration,
            minimum_gap=self.minimum_gap or usual.minimum_gap * temper.minimum_gap,
        )
