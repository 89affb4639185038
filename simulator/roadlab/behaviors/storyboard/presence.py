"""Who is not there: nobody sees, meets or waits for it, and it does not move."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.state import State

if TYPE_CHECKING:
    from roadlab.stage import Scene

FAR = 1e6
"""Nobody looks so far [m]."""
APART = 1e3


def as_seen(scene: Scene) -> Scene:
    """The scene with those who are not there far away from everybody, and past all that lies on their courses."""
    if scene.book.present.all():
        return scene
    who = np.flatnonzero(~scene.book.present)
    away = {"x": -FAR - APART * who, "y": np.full(len(who), -FAR), "speed": np.zeros(len(who))}
    station = scene.courses.paths.length[who] + FAR
    return replace(scene, state=scene.state.with_actor(who, station=station, left=np.zeros(len(who)), **away))


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
