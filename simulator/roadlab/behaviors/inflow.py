"""Background traffic comes and goes: vehicles enter where there is room, and vanish at the end of their way."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.neighbors import on_lanes, rows_of

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage

Array = NDArray[np.float64]
Index = NDArray[np.int64]

BRAKING_AT_ENTRY = 2.0
"""Nobody enters who would have to brake harder than this at once, or make the one behind do so [m/s²]."""
AT_END = 1.0
"""Who is nearer than this to the end of its way vanishes [m]."""
IN_THE_FLOW = 0.8
"""Nobody enters more slowly than at this share of the speed of the one ahead, lest the entry become a bottleneck."""
UNHURRIED = 40.0
"""Nobody enters faster than this [m/s]."""
SIGHT = 250.0
"""Who is further ahead than this does not matter to somebody who enters [m]."""


@dataclass(frozen=True)
class Inflow:
    """Those who enter during the run, in order of the time at which they want to; arrays of F."""

    who: Index
    time: Array
    """[s]"""
    stream: Index
    """One after the other: of each stream only the first who waits may enter."""


def come_and_go(stage: Stage, scene: Scene, now: float) -> Scene:
    """The scene once those have vanished and entered who can at `now` [s]."""
    return _enter(stage, _vanish(stage, scene), now)


def _vanish(stage: Stage, scene: Scene) -> Scene:
    ahead = scene.courses.paths.length - stage.shapes.front(scene.state)
    gone = stage.drivers.passing & scene.book.present & (ahead < AT_END) & (scene.courses.change == 0)
    if not gone.any():
        return scene
    return replace(scene, arrived=scene.arrived | gone, book=replace(scene.book, present=scene.book.present & ~gone))


def _enter(stage: Stage, scene: Scene, now: float) -> Scene:
    inflow, present = stage.inflow, scene.book.present
    due = (inflow.time <= now) & ~present[inflow.who] & ~scene.arrived[inflow.who]
    if not due.any():
        return scene
    waiting = np.flatnonzero(due)
    _, first = np.unique(inflow.stream[waiting], return_index=True)
    who = inflow.who[waiting[first]]
    speed, free = _room(stage, scene, who)
    if not free.any():
        return scene
    who, speed = who[free], speed[free]
    there = present.copy()
    there[who] = True
    state = scene.state.with_actor(who, speed=speed, rest=np.zeros(len(who)))
    return replace(scene, state=state, book=replace(scene.book, present=there))


def _room(stage: Stage, scene: Scene, who: Index) -> tuple[Array, NDArray[np.bool_]]:
    """The speed at which each of `who` would enter [m/s], and whether there is room for it."""
    courses, state, shapes, following = scene.courses, scene.state, stage.shapes, stage.drivers.following
    paths, facts = courses.paths, courses.facts
    drivers = stage.drivers.who[scene.book.present[stage.drivers.who]]
    regular = drivers[on_lanes(courses, state, drivers, shapes.lane_middle)]
    rows = rows_of(courses, state, regular, shapes.lane_size, shapes.lane_middle)
    station = state.station[who] + shapes.lane_middle[who]
    leg = paths.leg(who, station)
    lane, place = facts.lane[paths.piece[leg]], station - paths.start[leg]
    wish = np.minimum(courses.speed_limit(leg, station) * stage.drivers.limit_factor[who], UNHURRIED)
    if not len(rows.key):
        return wish, np.ones(len(who), dtype=bool)
    last = len(rows.key) - 1
    ahead = rows.find(lane, place)
    leader, follower = np.minimum(ahead, last), np.maximum(ahead - 1, 0)
    has_leader = (ahead <= last) & (rows.lane[leader] == lane)
    has_follower = (ahead > 0) & (rows.lane[follower] == lane)
    half = 0.5 * shapes.lane_size[:, 0]
    gap = np.where(has_leader, rows.place[leader] - place - half[rows.actor[leader]] - half[who], np.inf)
    gap = np.where(gap > SIGHT, np.inf, gap)
    speed = np.minimum(wish, _equilibrium_speed(stage, who, gap))
    closing = np.where(np.isfinite(gap), speed - rows.along[leader], 0.0)
    nothing = np.zeros(len(who))
    asked = following.acceleration(who, speed, np.maximum(wish, 0.1), gap, closing, nothing)
    behind = np.where(has_follower, place - rows.place[follower] - half[rows.actor[follower]] - half[who], np.inf)
    other = rows.actor[follower]
    pressed = following.acceleration(
        other, state.speed[other], np.full(len(who), 60.0), behind, state.speed[other] - speed, nothing
    )
    flowing = speed > IN_THE_FLOW * np.minimum(wish, np.where(np.isfinite(gap), rows.along[leader], np.inf))
    fits = flowing & (gap > 2.0) & (behind > 2.0) & (asked > -BRAKING_AT_ENTRY) & (speed > 0.5)
    return speed, fits & (~has_follower | (pressed > -BRAKING_AT_ENTRY))


def _equilibrium_speed(stage: Stage, who: Index, gap: Array) -> Array:
    """How fast one drives steadily this far behind somebody, far below the desired speed [m/s]."""
    headway = stage.drivers.following.parameter("time_headway", 1.5)[who]
    minimum = stage.drivers.following.parameter("minimum_gap", 2.0)[who]
    speed: Array = np.maximum(gap - minimum, 0.0) / np.maximum(headway, 0.1)
    return speed
