"""Everything about N actors that changes from tick to tick."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

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

    def broken(self) -> int | None:
        """Index of the first actor with a value that is no number; None when all is well."""
        sound = np.ones(len(self.x), dtype=bool)
        for field in fields(self):
            sound &= np.isfinite(getattr(self, field.name))
        return None if sound.all() else int(np.argmin(sound))

    def with_actor(self, who: NDArray[np.int64] | int, **columns: Array | float) -> State:
        """This state with new values for one actor, or for the actors of an index array."""
        changed = {}
        for name, values in columns.items():
            changed[name] = getattr(self, name).copy()
            changed[name][who] = values
        return replace(self, **changed)
