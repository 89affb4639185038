"""What is in a driver's way: vehicles and people in the corridor of its path, closed signals, the end of the road.

Each obstacle asks the driver for an acceleration, and the lowest one wins.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.courses import Along, Courses
from roadlab.behaviors.paths import Paths
from roadlab.behaviors.sight import in_sight
from roadlab.dynamics.footprint import corners
from roadlab.dynamics.state import State
from roadlab.log import SIGNAL_STATES

Array = NDArray[np.float64]
Index = NDArray[np.int64]

SIDE_MARGIN = 0.2
"""Kept free on either side of a vehicle [m]."""
PEOPLE_MARGIN = 0.6
"""The same towards people [m]."""
FORESIGHT = 1.2
"""How far ahead a driver foresees where people walk [s]."""
CROSSWALK_FORESIGHT = 3.0
"""The same at a crosswalk, where they are waited for [s]."""
PEOPLE_GAP = 1.0
"""Kept in front of people and crosswalks, over and above the gap to a vehicle [m]."""
CROSSING_GAP = 0.5
"""Kept behind a vehicle that crosses in front [m], and so many seconds on top."""
CROSSING_HEADWAY = 0.4
LONGEST_CROSSING = 6.0
"""Who needs longer to leave the corridor is not about to cross it [s]."""
AMBER_DECELERATION = 3.0
"""Who can stop at an amber light with this or less does so [m/s²]."""
END_DECELERATION = 1.2
"""Drivers look past the end of their route until stopping there from full speed takes this much [m/s²]."""
LINE_GAP = 1.0
"""How much nearer than to a vehicle drivers stop at a line [m]."""

_NEXT = [1, 2, 3, 0]
"""The corner after each."""
_RED, _RED_AMBER, _AMBER = (SIGNAL_STATES.index(name) for name in ("red", "red_amber", "amber"))


@dataclass(frozen=True)
class Obstacles:
    """P pairs of a driver and something in its way."""

    driver: Index
    """Index of the actor who drives."""
    gap: Array
    """From its front end [m]; may be negative."""
    closing: Array
    """How fast the gap shrinks [m/s]."""

    @classmethod
    def joined(cls, parts: list[Obstacles]) -> Obstacles:
        """All of them."""
        return cls(*(np.concatenate([getattr(part, n) for part in parts]) for n in ("driver", "gap", "closing")))


@dataclass(frozen=True)
class Shapes:
    """The unchanging measures of N actors; arrays of N."""

    size: Array
    """(N, 2) footprint: length, width [m]."""
    middle: Array
    """From the origin forward to the footprint's middle [m]."""
    on_foot: NDArray[np.bool_]
    height: Array
    """[m]"""

    def centers(self, state: State) -> Array:
        """(N, 2) middles of the footprints [m]."""
        return np.column_stack([state.x + self.middle * np.cos(state.yaw), state.y + self.middle * np.sin(state.yaw)])

    def front(self, state: State) -> Array:
        """(N,) stations of the front ends [m]."""
        front: Array = state.station + self.middle + 0.5 * self.size[:, 0]
        return front


def foreseen(speed: Array) -> Array:
    """How far ahead drivers look for others [m]."""
    reach: Array = np.minimum(30.0 + 6.0 * speed, 260.0)
    return reach


@dataclass(frozen=True)
class _Seen:
    """P pairs of a driver and another actor, in the coordinates of the driver's path."""

    driver: Index
    other: Index
    stations: Array
    """(4, P) of the corners [m]."""
    sides: Array
    """(4, P) how far to the left of the path the corners lie [m]."""
    middle: Array
    """Station of the middle [m]."""
    along: Array
    """Speed along the path [m/s]."""
    across: Array
    """Speed to the left [m/s]."""

    def nearest_within(self, right: Array, left: Array, time: float | Array = 0.0) -> Array:
        """(P,) station of the nearest part between `right` and `left` of the path [m] after `time` [s]; +inf: none.

        The edges are clipped to that strip, for the nearest corner of what crosses may be out of the way already.
        """
        station, side = self.stations + self.along * time, self.sides + self.across * time
        ahead, aside = station[_NEXT] - station, side[_NEXT] - side
        slope = np.where(np.abs(aside) < 1e-9, 1e-9, aside)
        one, other = (np.minimum(np.maximum((bound - side) / slope, 0.0), 1.0) for bound in (right, left))
        apart = (np.minimum(side, side + aside) > left) | (np.maximum(side, side + aside) < right)
        nearest: Array = np.where(apart, np.inf, station + np.minimum(one * ahead, other * ahead)).min(axis=0)
        return nearest

    def some(self, which: NDArray[np.bool_]) -> _Seen:
        """Those of the pairs."""
        return _Seen(*(getattr(self, field.name)[..., which] for field in fields(self)))


def others_ahead(
    courses: Courses, shapes: Shapes, state: State, drivers: Index, swept_right: Array, swept_left: Array
) -> Obstacles:
    """Vehicles and people in the drivers' corridors.

    `swept_right`, `swept_left` (N,): the lateral places beside its path [m] between which a driver's middle will move.
    """
    seen = _look(courses.paths, shapes, state, drivers)
    walking = shapes.on_foot[seen.other]
    margin = np.where(walking, PEOPLE_MARGIN, SIDE_MARGIN) + 0.5 * shapes.size[seen.driver, 1]
    right, left = swept_right[seen.driver] - margin, swept_left[seen.driver] + margin
    front = shapes.front(state)[seen.driver]
    near = seen.stations.min(axis=0)
    station, ahead_of_time = _at_crosswalks(courses.crosswalks, seen, near, walking, front)
    drift = np.where(walking, seen.across * ahead_of_time, 0.0)
    blocked = (seen.sides.min(axis=0) + np.minimum(drift, 0.0) < left) & (
        seen.sides.max(axis=0) + np.maximum(drift, 0.0) > right
    )
    blocked &= seen.middle > state.station[seen.driver] + shapes.middle[seen.driver]
    blocked &= ~walking | (near >= front - 0.5)
    keep = np.flatnonzero(blocked)
    walking, front, station = walking[keep], front[keep], station[keep]
    seen, right, left = seen.some(blocked), right[keep], left[keep]
    station = np.where(walking, station, seen.nearest_within(right, left))
    heeded = np.where(
        walking,
        _seen_on_foot(shapes, state, seen.driver, seen.other, walking),
        ~_gone_in_time(seen, state.speed[seen.driver], front, right, left),
    )
    gap = station - front - np.where(walking, PEOPLE_GAP, 0.0)
    closing = state.speed[seen.driver] - np.where(walking, 0.0, seen.along)
    return Obstacles(seen.driver[heeded], gap[heeded], closing[heeded])


def _seen_on_foot(
    shapes: Shapes, state: State, driver: Index, other: Index, walking: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(P,) whether drivers see those of the others who walk: nobody brakes for somebody behind a van."""
    found = np.zeros(len(driver), dtype=bool)
    if walking.any():
        center = shapes.centers(state)
        screens = np.flatnonzero(~shapes.on_foot)
        hides = shapes.height[screens] > shapes.height[other[walking], None]
        hides &= screens != driver[walking, None]
        outlines = corners(center[screens], state.yaw[screens], shapes.size[screens])
        found[walking] = in_sight(center[driver[walking]], center[other[walking]], outlines, hides)
    return found


def _gone_in_time(seen: _Seen, speed: Array, front: Array, right: Array, left: Array) -> NDArray[np.bool_]:
    """(P,) whether an actor that crosses the corridor is out of it before the driver comes near."""
    way = np.where(seen.across > 0.0, left - seen.sides.min(axis=0), seen.sides.max(axis=0) - right)
    leaves: Array = way / np.maximum(np.abs(seen.across), 1e-3)
    gone: NDArray[np.bool_] = leaves < LONGEST_CROSSING
    if gone.any():
        for share in (0.0, 0.25, 0.5, 0.75):
            nearest = seen.nearest_within(right, left, share * leaves)
            gone &= front + speed * (share * leaves + CROSSING_HEADWAY) + CROSSING_GAP < nearest
    return gone


def _look(paths: Paths, shapes: Shapes, state: State, drivers: Index) -> _Seen:
    center = shapes.centers(state)
    reach = foreseen(state.speed)
    dx = center[None, :, 0] - center[drivers, None, 0]
    dy = center[None, :, 1] - center[drivers, None, 1]
    within = np.hypot(dx, dy) < reach[drivers, None]
    behind = dx * np.cos(state.yaw[drivers, None]) + dy * np.sin(state.yaw[drivers, None]) < -8.0
    within[np.arange(len(drivers)), drivers] = False
    row, other = np.nonzero(within & ~behind)
    driver = drivers[row]
    guess = paths.nearest(
        driver, center[other, 0], center[other, 1], state.station[driver] - 5.0, reach[driver] + 5.0, looks=64
    )
    station, middle_left = paths.project(driver, center[other, 0], center[other, 1], guess)
    points = corners(center[other], state.yaw[other], shapes.size[other])
    at = paths.frame(driver, station)
    ahead, _ = at.local(points[..., 0].T, points[..., 1].T)
    stations = station + ahead / np.maximum(1.0 - at.curvature * middle_left, 0.3)
    beside = paths.frame(np.broadcast_to(driver, stations.shape), stations)
    _, left = beside.local(points[..., 0].T, points[..., 1].T)
    turn = state.yaw[other] - at.heading
    return _Seen(
        driver=driver,
        other=other,
        stations=stations,
        sides=left,
        middle=station,
        along=state.speed[other] * np.cos(turn),
        across=state.speed[other] * np.sin(turn),
    )


def _at_crosswalks(
    crosswalks: Along, seen: _Seen, near: Array, walking: NDArray[np.bool_], front: Array
) -> tuple[Array, Array]:
    """Where to stop for each actor seen [m], and how far ahead its way is foreseen [s]."""
    station, foresight = near, np.full(len(near), FORESIGHT)
    if not len(crosswalks.actor) or not walking.any():
        return station, foresight
    inside = (
        walking[:, None]
        & (crosswalks.actor == seen.driver[:, None])
        & (seen.middle[:, None] > crosswalks.enter - 1.0)
        & (seen.middle[:, None] < crosswalks.leave + 1.0)
    )
    still_before = inside & (crosswalks.enter > front[:, None])
    entry = np.where(still_before, crosswalks.enter, np.inf).min(axis=1)
    return np.minimum(station, entry), np.where(inside.any(axis=1), CROSSWALK_FORESIGHT, foresight)


def closed_signals(stops: Along, signals: NDArray[np.uint8], front: Array, speed: Array) -> tuple[Obstacles, Array]:
    """Stop lines where drivers have to stop, and (N,) the station of each actor's first one, +inf for none [m].

    `signals` (S,) indexes `SIGNAL_STATES`. At amber those stop who can do it comfortably.
    """
    shown = signals[stops.value]
    ahead = stops.enter - front[stops.actor]
    needed = speed[stops.actor] ** 2 / (2.0 * np.maximum(ahead, 0.1))
    closed = (shown == _RED) | (shown == _RED_AMBER) | ((shown == _AMBER) & (needed < AMBER_DECELERATION))
    closed &= ahead > 0.0
    halt = np.full(len(front), np.inf)
    np.minimum.at(halt, stops.actor[closed], stops.enter[closed])
    driver = stops.actor[closed]
    return Obstacles(driver, ahead[closed] + LINE_GAP, speed[driver]), halt


def places_to_wait(driver: Index, station: Array, front: Array, speed: Array) -> Obstacles:
    """Lines [m] at which drivers have to stop."""
    return Obstacles(driver, station - front[driver] + LINE_GAP, speed[driver])


def ends_of_routes(driver: Index, station: Array, front: Array, speed: Array, desired: Array) -> Obstacles:
    """Where routes end [m], for those so near that they would have to brake from their `desired` speed (N,) [m/s]."""
    fastest = np.maximum(speed, desired)[driver]
    near = station - front[driver] < fastest**2 / (2.0 * END_DECELERATION)
    return places_to_wait(driver[near], station[near], front, speed)
