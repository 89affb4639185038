"""What a driver model has to offer: the longitudinal decision, for many vehicles at once.

A driver is a class whose fields are its YAML keys, derived from `roadlab.scenario.spec.DriverSpec`, registered under
`roadlab.drivers`, with a method `following(category)` that returns a `FollowingModel`.
"""

from __future__ import annotations

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category

Array = NDArray[np.float64]


class FollowingModel(Protocol):
    """Decides the acceleration behind one leader; equal models (hash and ==) are asked together."""

    @property
    def comfortable_deceleration(self) -> float:
        """How hard it brakes when it is in good time [m/s²]."""

    def acceleration(self, speed: Array, desired_speed: Array, gap: Array, closing_speed: Array) -> Array:
        """Acceleration [m/s²]; `gap` [m] bumper to bumper, +inf on a free road; `closing_speed` positive: nearing."""

    def __hash__(self) -> int: ...


class Driver(Protocol):
    """What every class registered under `roadlab.drivers` is to the engine."""

    def following(self, category: Category) -> FollowingModel:
        """The model for a vehicle of this category."""
