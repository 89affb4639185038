"""What every driver decides on a tick: how to accelerate and how to steer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.cast import Cast
from roadlab.behaviors.courses import Along, Courses
from roadlab.behaviors.driver import FollowingModel
from roadlab.behaviors.idm import IdmDriver
from roadlab.behaviors.lane_keeping import (
    PREVIEW,
    SPEED_RESPONSE,
    LateralGoal,
    bend_acceleration,
    steer_rate,
    wanted_steer,
)
from roadlab.behaviors.obstacles import Obstacles, Shapes, closed_signals, ends_of_routes, others_ahead, places_to_wait
from roadlab.behaviors.orders import Orders
from roadlab.behaviors.right_of_way import Conflicts, movement, must_wait
from roadlab.behaviors.transitions import transition
from roadlab.dynamics.single_track import SingleTrack
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]

SETTING_OFF = 0.15
"""Who stands sets off for no less than this [m/s²], rather than creep."""
SLOWEST_WISH = 0.1
SIGNALLED = 1.0
"""Drivers signal a move to the side that is larger than this [m]."""


@dataclass(frozen=True)
class Drivers:
    """Those who drive, and what does not change about them."""

    who: Index
    """(D,) indices of actors."""
    models: tuple[FollowingModel, ...]
    """The different driver models."""
    model: Index
    """(N,) index into `models`, of those who drive."""
    track: SingleTrack
    """Arrays of D."""
    rank: Array
    """(N,) who goes first when all wait for each other; by name, so that no order of the file matters."""


def driver_models(cast: Cast) -> tuple[tuple[FollowingModel, ...], Index]:
    """The different models, and (N,) which one each actor has."""
    models: list[FollowingModel] = []
    which = np.zeros(len(cast.members), dtype=np.int64)
    for i in cast.drivers:
        member = cast.members[i]
        driver = (member.spec.drive.driver if member.spec.drive else None) or IdmDriver()
        model = driver.following(member.vehicle.category)
        if model not in models:
            models.append(model)
        which[i] = models.index(model)
    return tuple(models), which


def lateral_goal(orders: Orders, who: Index, time: float) -> LateralGoal:
    """Where beside their paths the drivers `who` want to be now."""
    shift, elapsed = orders.shift[who], time - orders.shift_start[who]
    moved, rate, acceleration = transition(orders.shift_shape[who], shift, elapsed, orders.shift_duration[who])
    return LateralGoal(orders.keep_left[who] - shift + moved, rate, acceleration)


def steering(drivers: Drivers, courses: Courses, state: State, orders: Orders, time: float) -> Array:
    """(D,) steering rates [rad/s]."""
    who = drivers.who
    station, speed = state.station[who], state.speed[who]
    at = courses.paths.frame(who, station)
    ahead = courses.paths.frame(who, station + PREVIEW * speed)
    goal = lateral_goal(orders, who, time)
    wheelbase = np.asarray(drivers.track.wheelbase)
    wanted = wanted_steer(at, ahead, state.left[who], state.yaw[who], speed, wheelbase, goal)
    return steer_rate(state.steer[who], wanted, speed, np.asarray(drivers.track.max_steer))


def accelerating(
    drivers: Drivers,
    courses: Courses,
    conflicts: Conflicts,
    shapes: Shapes,
    state: State,
    orders: Orders,
    signals: NDArray[np.uint8],
    step: float,
) -> Array:
    """(D,) accelerations [m/s²] that the drivers ask of their vehicles.

    While the story sets the pace of a change of speed, only what makes the driver brake comes before it.
    """
    who = drivers.who
    obstacles = in_the_way(drivers, courses, conflicts, shapes, state, orders, signals)
    paced = ~np.isnan(orders.pace)
    desired = np.where(paced, np.inf, np.maximum(orders.desired_speed, SLOWEST_WISH))
    free_road = Obstacles(who, np.full(len(who), np.inf), np.zeros(len(who)))
    result = np.full(len(state.speed), np.inf)
    result[who] = _following(drivers, free_road, state.speed, desired)
    change = (orders.desired_speed - state.speed) / step
    result = np.where(paced, np.clip(change, -orders.pace, orders.pace), result)
    result[who] = np.minimum(result[who], _for_bends(courses, state, who))
    asked = _following(drivers, obstacles, state.speed, desired)
    heeded = ~paced[obstacles.driver] | (asked < 0.0)
    np.minimum.at(result, obstacles.driver[heeded], asked[heeded])
    result = np.where((state.speed < 0.05) & (result > 0.0) & (result < SETTING_OFF), 0.0, result)
    return np.where(np.isnan(orders.braking), result, -orders.braking)[who]


def in_the_way(
    drivers: Drivers,
    courses: Courses,
    conflicts: Conflicts,
    shapes: Shapes,
    state: State,
    orders: Orders,
    signals: NDArray[np.uint8],
) -> Obstacles:
    """Everything that a driver has to heed."""
    who, front = drivers.who, shapes.front(state)
    right, left = np.minimum(state.left, orders.keep_left), np.maximum(state.left, orders.keep_left)
    closed, halt = closed_signals(courses.stops, signals, front, state.speed)
    m = movement(state, shapes.size[:, 0], shapes.middle, orders.desired_speed, halt, drivers.rank)
    through = np.minimum(
        courses.paths.sample(courses.bend_speed, conflicts.waits, conflicts.enter),
        orders.desired_speed[conflicts.waits],
    )
    waiting = must_wait(conflicts, m, through)
    return Obstacles.joined(
        [
            others_ahead(courses, shapes, state, who, right, left),
            closed,
            places_to_wait(conflicts.waits[waiting], conflicts.line[waiting], front, state.speed),
            ends_of_routes(who, courses.paths.length[who], front, state.speed, orders.desired_speed),
        ]
    )


def _following(drivers: Drivers, obstacles: Obstacles, speed: Array, desired: Array) -> Array:
    """(P,) what each obstacle asks for [m/s²]."""
    asked = np.zeros(len(obstacles.driver))
    which = drivers.model[obstacles.driver]
    for k, model in enumerate(drivers.models):
        mine = which == k
        i = obstacles.driver[mine]
        asked[mine] = model.acceleration(speed[i], desired[i], obstacles.gap[mine], obstacles.closing[mine])
    return asked


def _for_bends(courses: Courses, state: State, who: Index) -> Array:
    station, speed = state.station[who], state.speed[who]
    here = courses.paths.sample(courses.bend_speed, who, station)
    soon = courses.paths.sample(courses.bend_speed, who, station + SPEED_RESPONSE * speed)
    return bend_acceleration(here, soon, speed)


@dataclass(frozen=True, slots=True)
class Announced:
    """A lane change that is known in advance."""

    actor: int
    lane: int
    start: float
    """[s]"""


def indicated(
    courses: Courses,
    turns: Along,
    announced: Sequence[Announced],
    orders: Orders,
    state: State,
    front: Array,
    time: float,
    notice: float,
) -> NDArray[np.int64]:
    """(N,) the side to which drivers signal that they will move: +1 left, -1 right, 0 neither."""
    side = np.zeros(len(front), dtype=np.int64)
    ahead = turns.enter - front[turns.actor]
    soon = (ahead < np.maximum(notice * state.speed[turns.actor], 12.0)) & (state.station[turns.actor] < turns.leave)
    side[turns.actor[soon]] = turns.value[soon]
    for change in announced:
        if change.start - notice <= time < change.start:
            side[change.actor] = side_of(
                courses.each[change.actor].lane_at(state.station[change.actor])[1], change.lane
            )
    changing = (np.abs(orders.shift) > SIGNALLED) & (time < orders.shift_start + orders.shift_duration)
    return np.where(changing, np.sign(orders.shift).astype(np.int64), side)


def side_of(lane: int, target: int) -> int:
    """+1 when `target` lies to the left of `lane` for those who travel along the road, -1 to the right."""
    return int(np.sign(target - lane)) * (1 if lane < 0 else -1)
