"""What a driver model has to offer: the longitudinal decision, for many vehicles at once.

A driver is a class whose fields are its YAML keys, derived from `roadlab.scenario.spec.DriverSpec`, registered under
`roadlab.drivers`, with a method `following(category, temper)` that returns a `FollowingModel`: a frozen dataclass whose
fields are numbers. Models of one class are asked together, with arrays in place of the numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.behaviors.temper import Temper

Array = NDArray[np.float64]
Index = NDArray[np.int64]


class FollowingModel(Protocol):
    """Decides the acceleration behind one leader."""

    def acceleration(
        self, speed: Array, desired_speed: Array, gap: Array, closing_speed: Array, leader_acceleration: Array
    ) -> Array:
        """Acceleration [m/s²]; `gap` [m] bumper to bumper, +inf on a free road; `closing_speed` positive: nearing."""


class Driver(Protocol):
    """What every class registered under `roadlab.drivers` is to the engine."""

    def following(self, category: Category, temper: Temper) -> FollowingModel:
        """The model for a vehicle of this category, driven in this manner."""


@dataclass(frozen=True)
class Following:
    """The models of N actors; those of one class stand in arrays."""

    models: tuple[Any, ...]
    """One per class; its fields are arrays."""
    kind: Index
    """(N,) index into `models`; -1 for those who do not drive."""
    row: Index
    """(N,) index into the arrays of its model."""

    @classmethod
    def of(cls, models: Sequence[FollowingModel | None]) -> Following:
        """These models, in this order."""
        kinds = list(dict.fromkeys(type(model) for model in models if model is not None))
        kind = np.array([kinds.index(type(m)) if m is not None else -1 for m in models], dtype=np.int64)
        row, stacked = np.zeros(len(models), dtype=np.int64), []
        for number in range(len(kinds)):
            mine = np.flatnonzero(kind == number)
            row[mine] = np.arange(len(mine))
            stacked.append(_stacked([models[int(i)] for i in mine]))
        return cls(tuple(stacked), kind, row)

    def parameter(self, name: str, default: float) -> Array:
        """(N,) a parameter of the models, `default` where a model has none of this name."""
        values = np.full(len(self.kind), default)
        for number, model in enumerate(self.models):
            if hasattr(model, name):
                mine = self.kind == number
                values[mine] = getattr(model, name)[self.row[mine]]
        return values

    def acceleration(
        self, who: Index, speed: Array, desired: Array, gap: Array, closing: Array, leader: Array
    ) -> Array:
        """(P,) what the drivers `who` (P,) ask for in these situations (P,) [m/s²]; see `FollowingModel`."""
        situation = (speed, desired, gap, closing, leader)
        if len(self.models) == 1:
            only: Array = _of(self.models[0], self.row[who]).acceleration(*situation)
            return only
        asked = np.zeros(len(who))
        for number, model in enumerate(self.models):
            mine = np.flatnonzero(self.kind[who] == number)
            if len(mine):
                one = _of(model, self.row[who[mine]])
                asked[mine] = one.acceleration(*(value[mine] for value in situation))
        return asked


def _stacked(models: Sequence[Any]) -> Any:
    columns = {f.name: np.array([getattr(m, f.name) for m in models], dtype=np.float64) for f in fields(models[0])}
    return replace(models[0], **columns)


def _of(model: Any, rows: Index) -> Any:
    return replace(model, **{field.name: getattr(model, field.name)[rows] for field in fields(model)})
