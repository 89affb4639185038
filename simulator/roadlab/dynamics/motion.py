"""What a model of dynamics is to the engine: it moves all its vehicles at once over a step of held commands.

A class registered under `roadlab.dynamics` is a `roadlab.scenario.spec.DynamicsSpec`, its fields are its YAML keys, and
its class method `together` makes one `MotionModel` for all the actors that chose it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

GRAVITY = 9.81
"""[m/s²], the value that published vectors and braking tables use."""


@dataclass(frozen=True)
class Motion:
    """How N vehicles move; see the fields of the same names in `roadlab.dynamics.state.State`."""

    x: Array
    """Rear axle's centre [m]."""
    y: Array
    yaw: Array
    steer: Array
    speed: Array
    sideways: Array
    """Of the rear axle's centre [m/s]."""
    yaw_rate: Array
    steer_rate: Array
    drive: Array

    @classmethod
    def rolling(cls, count: int, **columns: Array | float) -> Motion:
        """Of `count` vehicles; what is not among `columns` is 0."""
        return cls(*(np.full(count, columns.get(f.name, 0.0), dtype=np.float64) for f in fields(cls)))

    def part(self, who: NDArray[np.int64]) -> Motion:
        """Of the vehicles `who`."""
        return Motion(*(getattr(self, field.name)[who] for field in fields(self)))


@dataclass(frozen=True)
class Commands:
    """What N drivers ask of their vehicles over a step."""

    acceleration: Array
    """Along the heading [m/s²]; in a forward gear brakes hold a vehicle that has come to rest."""
    steer_rate: Array
    """[rad/s]"""
    reverse: NDArray[np.bool_]
    """Whether the reverse gear is in: then the speed never becomes positive, else never negative."""

    def part(self, who: NDArray[np.int64]) -> Commands:
        """Of the drivers `who`."""
        return Commands(self.acceleration[who], self.steer_rate[who], self.reverse[who])


class MotionModel(Protocol):
    """Moves N vehicles."""

    def advance(self, motion: Motion, commands: Commands, friction: Array, step: float) -> Motion:
        """The motion after `step` seconds; `friction` (N,) is the peak coefficient between tyres and road."""


@dataclass(frozen=True)
class Vehicles:
    """The vehicles of a run, sorted by the model that moves them."""

    count: int
    groups: tuple[tuple[NDArray[np.int64], MotionModel], ...]
    """Indices among the `count` vehicles, each in one group."""

    def advance(self, motion: Motion, commands: Commands, friction: Array, step: float) -> Motion:
        """As `MotionModel.advance`."""
        if len(self.groups) == 1:
            return self.groups[0][1].advance(motion, commands, friction, step)
        columns = {field.name: np.zeros(self.count) for field in fields(Motion)}
        for who, model in self.groups:
            moved = model.advance(motion.part(who), commands.part(who), friction[who], step)
            for name, column in columns.items():
                column[who] = getattr(moved, name)
        return Motion(**columns)
