"""Everything about N actors that changes from tick to tick."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.motion import Motion

Array = NDArray[np.float64]


@dataclass(frozen=True)
class State:
    """Arrays of N, in the order of the actors. A tick reads one state and makes the next; none is changed in place."""

    x: Array
    """Origin of the actor's frame [m]."""
    y: Array
    yaw: Array
    """[rad], unwrapped."""
    speed: Array
    """Along the heading [m/s]."""
    acceleration: Array
    """Along the heading, over the tick that led here [m/s²]."""
    steer: Array
    """Road-wheel angle, positive to the left [rad]; 0 for people."""
    station: Array
    """How far along its own path the actor is [m]."""
    left: Array
    """How far to the left of that path [m]."""
    rest: Array
    """For how long the actor has not moved [s]."""
    sideways: Array
    """Speed of the origin to the left of the heading [m/s]; 0 for what rolls without slip."""
    yaw_rate: Array
    """[rad/s]"""
    steer_rate: Array
    """How fast the road wheels turn [rad/s]."""
    drive: Array
    """What the drive-train and the brakes ask of the tyres [m/s²]."""
    level: Array
    """Height of the road below, where roads lie over one another [m]; 0 on maps on which none does."""

    @classmethod
    def starting(cls, x: Array, y: Array, yaw: Array, speed: Array, **others: Array) -> State:
        """Actors that move straight on; what is not among `others` is 0."""
        zero = np.zeros(len(x))
        rest = {field.name: zero for field in fields(cls)[4:]} | others
        return cls(x, y, yaw, speed, **rest)

    def broken(self) -> int | None:
        """Index of the first actor with a value that is no number; None when all is well."""
        whole = np.stack([getattr(self, name) for name in _COLUMNS])
        if np.isfinite(whole.sum()) or np.isfinite(whole).all():
            return None
        return int(np.argmin(np.isfinite(whole).all(axis=0)))

    def motion(self, who: NDArray[np.int64]) -> Motion:
        """What the models of dynamics know of the actors `who`, in ascending order."""
        if len(who) == len(self.x):  # everybody
            return Motion(*(getattr(self, name) for name in _MOVING))
        return Motion(*(getattr(self, name)[who] for name in _MOVING))

    def with_motion(self, who: NDArray[np.int64], motion: Motion, **columns: Array) -> State:
        """This state once the actors `who`, in ascending order, have moved."""
        moved = {name: getattr(motion, name) for name in _MOVING} | columns
        return replace(self, **moved) if len(who) == len(self.x) else self.with_actor(who, **moved)

    def taking(self, who: NDArray[np.int64], other: State) -> State:
        """This state, but the actors `who` move as in the other one; where they are on their paths stays."""
        kept = ("station", "left", "rest", "level")
        return self.with_actor(who, **{f.name: getattr(other, f.name)[who] for f in fields(self) if f.name not in kept})

    def with_actor(self, who: NDArray[np.int64] | int, **columns: Array | float) -> State:
        """This state with new values for one actor, or for the actors of an index array."""
        changed = {}
        for name, values in columns.items():
            changed[name] = getattr(self, name).copy()
            changed[name][who] = values
        return replace(self, **changed)


_COLUMNS = tuple(field.name for field in fields(State))
_MOVING = tuple(field.name for field in fields(Motion))
