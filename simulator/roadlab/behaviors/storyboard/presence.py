"""Who is not there: nobody sees, meets or waits for it, and it does not move."""

from __future__ import annotations

from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.state import State

FAR = 1e6
"""Nobody looks so far [m]."""
APART = 1e3


def far_apart(centers: NDArray[np.float64], present: NDArray[np.bool_]) -> NDArray[np.float64]:
    """(N, 2) the same middles of footprints [m], but far from everybody of those who are not there."""
    who = np.flatnonzero(~present)
    if not len(who):
        return centers
    moved = centers.copy()
    moved[who] = np.column_stack([-FAR - APART * who, np.full(len(who), -FAR)])
    return moved


def held(before: State, after: State, present: NDArray[np.bool_]) -> State:
    """Those who are not there stay as they were."""
    if present.all():
        return after
    return State(*(np.where(present, getattr(after, f.name), getattr(before, f.name)) for f in fields(State)))
