"""People who bump into each other: an event, after which they go on."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

from roadlab.log import Event
from roadlab.timing import Nanoseconds, nanoseconds

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage

SQUEEZE = 0.1
"""Two bodies that overlap by more than this bump into each other [m]; by less they squeeze past."""


def bumps(stage: Stage, scene: Scene, time: Nanoseconds) -> Scene:
    """The scene after a tick that began at `time`, with an event for each two people who meet like this at first."""
    crowd, state = stage.crowd, scene.state
    rows = np.flatnonzero(scene.book.present[crowd.who])
    if len(rows) < 2:
        return scene
    who, radius = crowd.who[rows], crowd.radius[rows]
    places = np.column_stack([state.x[who], state.y[who]])
    near = cKDTree(places).query_pairs(2.0 * float(radius.max()) - SQUEEZE, output_type="ndarray")
    if not len(near):
        return scene
    gap = np.hypot(*(places[near[:, 0]] - places[near[:, 1]]).T)
    pairs = np.sort(who[near[gap < radius[near].sum(axis=1) - SQUEEZE]], axis=1)
    pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
    count, known = len(state.x), scene.known_contacts
    pairs = pairs[~np.isin(pairs[:, 0] * count + pairs[:, 1], known[:, 0] * count + known[:, 1])]
    if not len(pairs):
        return scene
    events = tuple(_event(stage, scene, int(a), int(b), time + nanoseconds(stage.step)) for a, b in pairs)
    return replace(scene, known_contacts=np.concatenate([known, pairs]), events=(*scene.events, *events))


def _event(stage: Stage, scene: Scene, a: int, b: int, time: Nanoseconds) -> Event:
    state = scene.state
    first, second = sorted(stage.cast.members[i].info.name for i in (a, b))
    c, s = np.cos(state.yaw), np.sin(state.yaw)
    closing = np.hypot(
        (c * state.speed - s * state.sideways)[a] - (c * state.speed - s * state.sideways)[b],
        (s * state.speed + c * state.sideways)[a] - (s * state.speed + c * state.sideways)[b],
    )
    details = {
        "relative_speed": float(closing),
        "x": float(0.5 * (state.x[a] + state.x[b])),
        "y": float(0.5 * (state.y[a] + state.y[b])),
    }
    return Event(time, "contact", f"{first} bumps into {second}", (first, second), details)
