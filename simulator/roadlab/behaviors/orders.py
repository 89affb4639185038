"""What the story has told each actor, and still holds."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.transitions import shape_number

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Orders:
    """Arrays of N. NaN where nothing has been ordered."""

    desired_speed: Array
    """On a free road, or on foot [m/s]."""
    own_speed: Array
    """What `desired_speed` was before any order [m/s]."""
    pace: Array
    """While this is a number, speed changes towards `desired_speed` at this acceleration [m/s²]."""
    braking: Array
    """While this is a number, the actor decelerates so, whatever its driver would do [m/s²]."""
    brake_to: Array
    """[m/s]"""
    walking: Flags
    """Of people: whether they go, or stand."""
    keep_left: Array
    """Where beside its path the driver keeps, once lane changes are over [m]."""
    shift: Array
    """Of the latest lane change: how far to the left the driver moves [m]; 0 when there was none."""
    shift_start: Array
    """When it began [s]."""
    shift_duration: Array
    """[s]"""
    shift_shape: NDArray[np.int64]
    """Index into `roadlab.behaviors.transitions.SHAPES`."""

    def with_actor(self, actor: int, **values: Any) -> Orders:
        """These orders with new values for one actor."""
        changed = {}
        for name, value in values.items():
            changed[name] = getattr(self, name).copy()
            changed[name][actor] = value
        return replace(self, **changed)


def no_orders(desired_speed: Array, walking: Flags, keep_left: Array) -> Orders:
    """As the run begins; arrays of N."""
    never, zero = np.full(len(desired_speed), np.nan), np.zeros(len(desired_speed))
    shape = np.full(len(desired_speed), shape_number("sinusoidal"))
    return Orders(
        desired_speed=desired_speed,
        own_speed=desired_speed,
        pace=never,
        braking=never,
        brake_to=never,
        walking=walking,
        keep_left=keep_left,
        shift=zero,
        shift_start=zero,
        shift_duration=np.ones(len(desired_speed)),
        shift_shape=shape,
    )
