"""What is in a driver's way: vehicles and people in the corridor of its path, closed signals, the end of the road.

Each obstacle asks the driver for an acceleration, and the lowest one wins.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from roadlab.behaviors.ahead import Ahead, foreseen
from roadlab.behaviors.courses import Courses
from roadlab.behaviors.paths import Paths
from roadlab.behaviors.sight import in_sight
from roadlab.dynamics.contact import LEVELS
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

STEEPEST = 0.1
"""Slope of roads; who is higher or lower than it and `LEVELS` allow is on another road, above or below."""
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
    acceleration: Array
    """Of what is in the way [m/s²]."""

    @classmethod
    def joined(cls, parts: list[Obstacles]) -> Obstacles:
        """All of them."""
        names = ("driver", "gap", "closing", "acceleration")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


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
    tow: Index
    """Who pulls it; -1 for those who are no trailers."""
    lane_size: Array
    """(N, 2) what it takes of a lane: length, with that of a trailer behind it, and width [m]."""
    lane_middle: Array
    """From the origin forward to the middle of that [m]."""

    def centers(self, state: State) -> Array:
        """(N, 2) middles of the footprints [m]."""
        return np.column_stack([state.x + self.middle * np.cos(state.yaw), state.y + self.middle * np.sin(state.yaw)])

    def front(self, state: State) -> Array:
        """(N,) stations of the front ends [m]."""
        front: Array = state.station + self.middle + 0.5 * self.size[:, 0]
        return front


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


def in_corridors(
    courses: Courses,
    shapes: Shapes,
    state: State,
    pairs: tuple[Index, Index],
    swept_right: Array,
    swept_left: Array,
) -> Obstacles:
    """Those of the pairs (driver, other), (P,) each, in which the other is in the driver's corridor.

    `swept_right`, `swept_left` (N,): the lateral places beside its path [m] between which a driver's middle will move.
    """
    if not len(pairs[0]):
        return Obstacles(pairs[0], np.zeros(0), np.zeros(0), np.zeros(0))
    seen = _look(courses.paths, shapes, state, *pairs)
    walking = shapes.on_foot[seen.other]
    margin = np.where(walking, PEOPLE_MARGIN, SIDE_MARGIN) + 0.5 * shapes.size[seen.driver, 1]
    right, left = swept_right[seen.driver] - margin, swept_left[seen.driver] + margin
    front = shapes.front(state)[seen.driver]
    near = seen.stations.min(axis=0)
    station, ahead_of_time = _at_crosswalks(courses, seen, near, walking, front)
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
    acceleration = np.where(walking, 0.0, state.acceleration[seen.other])
    return Obstacles(seen.driver[heeded], gap[heeded], closing[heeded], acceleration[heeded])


def _seen_on_foot(
    shapes: Shapes, state: State, driver: Index, other: Index, walking: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """(P,) whether drivers see those of the others who walk: nobody brakes for somebody behind a van."""
    found = np.zeros(len(driver), dtype=bool)
    if walking.any():
        center = shapes.centers(state)
        screens = np.flatnonzero(~shapes.on_foot)
        hides = shapes.height[screens] > shapes.height[other[walking], None]
        hides &= (screens != driver[walking, None]) & (shapes.tow[screens] != driver[walking, None])
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


def _look(paths: Paths, shapes: Shapes, state: State, driver: Index, other: Index) -> _Seen:
    center = shapes.centers(state)
    x, y = center[other, 0], center[other, 1]
    guess = paths.nearest(driver, x, y, state.station[driver] - 5.0, foreseen(state.speed[driver]) + 5.0, looks=64)
    station, middle_left = paths.project(driver, x, y, guess)
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


def not_behind(shapes: Shapes, state: State, driver: Index, other: Index) -> tuple[Index, Index]:
    """Those of the pairs in which the other is not far behind the driver."""
    dx, dy = (shapes.centers(state)[other] - shapes.centers(state)[driver]).T
    keep = dx * np.cos(state.yaw[driver]) + dy * np.sin(state.yaw[driver]) >= -8.0
    return driver[keep], other[keep]


def near_loose(paths: Paths, shapes: Shapes, state: State, drivers: Index, loose: Index) -> tuple[Index, Index]:
    """Pairs (driver, other) of `drivers` and those of `loose` who may be in or come into their corridors."""
    none = np.zeros(0, dtype=np.int64)
    if not len(drivers) or not len(loose):
        return none, none
    center, reach = shapes.centers(state), foreseen(state.speed[drivers])
    found = cKDTree(center[drivers]).sparse_distance_matrix(
        cKDTree(center[loose]), float(reach.max()), output_type="ndarray"
    )
    found = found[np.lexsort((found["j"], found["i"]))]
    row, driver, other = found["i"], drivers[found["i"]], loose[found["j"]]
    keep = (found["v"] < reach[row]) & (driver != other) & (shapes.tow[other] != driver)
    keep &= np.abs(state.level[driver] - state.level[other]) < LEVELS + STEEPEST * found["v"]
    driver, other = not_behind(shapes, state, driver[keep], other[keep])
    x, y, far = center[other, 0], center[other, 1], foreseen(state.speed[driver])
    station = paths.nearest(driver, x, y, state.station[driver] - 5.0, far + 5.0, looks=48)
    row_at = paths.sample(paths.pieces.samples, driver, station)
    apart = np.hypot(row_at[:, 0] - x, row_at[:, 1] - y)
    size = 0.5 * np.hypot(shapes.size[other, 0], shapes.size[other, 1]) + 0.5 * shapes.size[driver, 1]
    reachable = size + np.abs(state.left[driver]) + 2.0 + state.speed[other] * CROSSWALK_FORESIGHT + 0.02 * far
    near = apart < reachable
    return driver[near], other[near]


def _at_crosswalks(
    courses: Courses, seen: _Seen, near: Array, walking: NDArray[np.bool_], front: Array
) -> tuple[Array, Array]:
    """Where to stop for each actor seen [m], and how far ahead its way is foreseen [s]."""
    foresight = np.full(len(near), FORESIGHT)
    if not walking.any():
        return near, foresight
    paths, facts = courses.paths, courses.facts
    leg = paths.leg(seen.driver, seen.middle)
    legs = np.column_stack([np.maximum(leg - 1, paths.first[seen.driver]), leg,
                            np.minimum(leg + 1, paths.last[seen.driver])])  # fmt: skip
    enter = (paths.start[legs][..., None] + facts.enter[paths.piece[legs]]).reshape(len(leg), -1)
    leave = (paths.start[legs][..., None] + facts.leave[paths.piece[legs]]).reshape(len(leg), -1)
    inside = walking[:, None] & (seen.middle[:, None] > enter - 1.0) & (seen.middle[:, None] < leave + 1.0)
    entry = np.where(inside & (enter > front[:, None]), enter, np.inf).min(axis=1)
    return np.minimum(near, entry), np.where(inside.any(axis=1), CROSSWALK_FORESIGHT, foresight)


def closed_signals(courses: Courses, ahead: Ahead, signals: NDArray[np.uint8]) -> NDArray[np.bool_]:
    """(D, A) stop lines of the legs ahead at which signals (S,), indices into `SIGNAL_STATES`, tell drivers to stop.

    At amber those stop who can do it comfortably.
    """
    head = courses.facts.head[ahead.piece]
    if not len(signals):
        return np.zeros(head.shape, dtype=bool)
    shown = signals[head]
    to_go = ahead.begin + courses.facts.stop[ahead.piece] - ahead.front[:, None]
    needed = (ahead.speed**2)[:, None] / (2.0 * np.maximum(to_go, 0.1))
    closed = (shown == _RED) | (shown == _RED_AMBER) | ((shown == _AMBER) & (needed < AMBER_DECELERATION))
    lines: NDArray[np.bool_] = closed & ahead.there & (head >= 0) & (to_go > 0.0)
    return lines


def places_to_wait(driver: Index, to_go: Array, speed: Array) -> Obstacles:
    """Lines `to_go` (P,) metres ahead at which drivers at `speed` (P,) have to stop."""
    return Obstacles(driver, to_go + LINE_GAP, speed, np.zeros(len(driver)))


def ends_of_routes(driver: Index, to_go: Array, speed: Array, desired: Array) -> Obstacles:
    """Ends of routes `to_go` (P,) metres ahead of those who would have to brake for them from `desired` (P,) [m/s]."""
    near = to_go < np.maximum(speed, desired) ** 2 / (2.0 * END_DECELERATION)
    return places_to_wait(driver[near], to_go[near], speed[near])
