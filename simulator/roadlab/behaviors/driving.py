"""What every driver decides: how to accelerate and how to steer.

Drivers look around every `LOOK` seconds, all on the same snapshot, and hold what they ask for until the next look;
they steer on every tick.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.cast import Cast, Member
from roadlab.behaviors.acc import constant_acceleration
from roadlab.behaviors.ahead import Ahead
from roadlab.behaviors.courses import Courses
from roadlab.behaviors.driver import Following, FollowingModel
from roadlab.behaviors.idm import IdmDriver
from roadlab.behaviors.lane_keeping import (
    PREVIEW,
    SPEED_RESPONSE,
    LateralGoal,
    bend_acceleration,
    steer_rate,
    wanted_steer,
)
from roadlab.behaviors.leaving import Need
from roadlab.behaviors.neighbors import Leaders, Rows
from roadlab.behaviors.obstacles import (
    Obstacles,
)
from roadlab.behaviors.orders import Orders
from roadlab.behaviors.reaction import Decisions, foreseen, late
from roadlab.behaviors.temper import Temper, temper_of
from roadlab.behaviors.transitions import transition
from roadlab.dynamics.single_track import SingleTrack
from roadlab.dynamics.state import State
from roadlab.randomness import generator

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

TRAFFIC = IdmDriver(style="sampled", change_lanes=True)
"""Who drives in background traffic."""
LOOK = 0.1
"""Between two looks of a driver [s]."""
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
    roaming: Index
    """Those of them who have no destination."""
    following: Following
    """(N,) their models."""
    reaction: Array
    """(N,) their reaction times [s]."""
    comfortable: Array
    """(N,) the braking with which they are at ease [m/s²], +inf for models that do not say."""
    track: SingleTrack
    """Arrays of D."""
    rank: Array
    """(N,) who goes first when all wait for each other; by name, so that no order of the file matters."""
    lateral: Array
    """(N,) factor on the lateral acceleration in bends."""
    limit_factor: Array
    """(N,) factor on the speed limit, +inf for those whose speed the author fixed."""
    headway: Array
    """(N,) shortest gap in another stream that they accept [s]."""
    pull: Array
    """(N,) how fast they reckon to pull away at junctions [m/s²]."""
    politeness: Array
    """(N,) MOBIL's p."""
    passing: Flags
    """(N,) background traffic, which drives off the map."""
    changing: Flags
    """(N,) who changes lanes where that pays."""
    overtaking: Flags
    """(N,) who overtakes on the other side of the road."""
    steering_free: Flags
    """(N,) who changes lanes where it has to: those whom the story never tells where to steer."""
    order: Index
    """(N,) different numbers, by name."""


def drivers_of(cast: Cast, seed: int) -> tuple[list[FollowingModel | None], list[Temper]]:
    """The model and the temper of each actor, None and usual for those who do not drive; drawn by name."""
    models: list[FollowingModel | None] = []
    tempers: list[Temper] = []
    for member in cast.members:
        driver = driver_spec(member)
        temper = temper_of(getattr(driver, "style", None), generator(seed, "driver", member.info.name))
        models.append(driver.following(member.vehicle.category, temper) if member.drives else None)
        tempers.append(temper if member.drives else Temper())
    return models, tempers


def driver_spec(member: Member) -> Any:
    """Who drives, as the author wrote it or as is usual."""
    chosen = member.spec.drive.driver if member.spec.drive else None
    return chosen or (TRAFFIC if member.passing else IdmDriver())


def lateral_goal(orders: Orders, who: Index, time: float) -> LateralGoal:
    """Where beside their paths the drivers `who` want to be now."""
    shift, elapsed = orders.shift[who], time - orders.shift_start[who]
    if not (shift != 0.0).any():
        zero = np.zeros(len(who))
        return LateralGoal(orders.keep_left[who], zero, zero)
    moved, rate, acceleration = transition(orders.shift_shape[who], shift, elapsed, orders.shift_duration[who])
    return LateralGoal(orders.keep_left[who] - shift + moved, rate, acceleration)


def steering(drivers: Drivers, courses: Courses, state: State, orders: Orders, time: float) -> Array:
    """(D,) steering rates [rad/s]."""
    who = drivers.who
    station, speed = state.station[who], state.speed[who]
    heading, bend = courses.paths.heading_and_bend(who, station, station + PREVIEW * speed)
    goal = lateral_goal(orders, who, time)
    wheelbase = np.asarray(drivers.track.wheelbase)
    wanted = wanted_steer(heading, bend, state.left[who], state.yaw[who], speed, wheelbase, goal)
    return steer_rate(state.steer[who], wanted, speed, np.asarray(drivers.track.max_steer))


@dataclass(frozen=True)
class Intent:
    """What drivers hold until their next look; arrays of N, +inf where nothing binds."""

    free: Array
    """What they would ask for on a free road [m/s²]."""
    bend: Array
    """What bends allow [m/s²]."""
    heeded: Array
    """What everything in the way allows [m/s²]."""
    turning: NDArray[np.int64]
    """+1 for those about to turn left, -1 right."""
    leader: Index
    """Who is next ahead on the lane, -1 for nobody."""
    gap: Array
    """To the leader [m]."""
    halted: Array
    """Station of the stop line at which an actor has halted last [m]; NaN for none."""
    past: Decisions = ()
    """What was decided and has not taken effect, for drivers who need time to react."""


@dataclass(frozen=True)
class Surroundings:
    """What a look shows."""

    ahead: Ahead
    rows: Rows
    leaders: Leaders
    obstacles: Obstacles
    desired: Array
    """(N,) speed on a free road [m/s]."""
    turning: NDArray[np.int64]
    halted: Array
    need: Need
    """Of those who have to leave their lanes soon."""
    gaps: Array
    """(N,) what drivers do for gaps between lanes [m/s²], +inf: nothing."""


def intended(
    drivers: Drivers,
    seen: Surroundings,
    courses: Courses,
    state: State,
    orders: Orders,
    who: Index,
    past: Decisions,
    now: float,
) -> Intent:
    """What the drivers `who` hold from `now` [s] until they look again, given what they decided before."""
    count = len(state.speed)
    speed, o = state.speed, seen.obstacles
    following = drivers.following
    paced = ~np.isnan(orders.pace)
    desired = np.where(paced, np.inf, np.maximum(seen.desired, SLOWEST_WISH))
    nothing = np.zeros(len(who))
    free, bend, heeded = np.full(count, np.inf), np.full(count, np.inf), np.full(count, np.inf)
    free[who] = following.acceleration(who, speed[who], desired[who], np.full(len(who), np.inf), nothing, nothing)
    bend[who] = _for_bends(drivers, courses, state, who)
    i = o.driver
    then, o = foreseen(o, speed[i], state.acceleration[i], drivers.reaction[i])
    asked = following.acceleration(i, then, desired[i], o.gap, o.closing, o.acceleration)
    np.minimum.at(heeded, i, _unexcited(asked, drivers.comfortable[i], then, o))
    past, heeded = late(past, now, np.minimum(heeded, seen.gaps), drivers.reaction)
    leader, gap = np.full(count, -1), np.full(count, np.inf)
    leader[who], gap[who] = seen.leaders.actor, seen.leaders.gap
    return Intent(free, bend, heeded, seen.turning, leader, gap, seen.halted, past)


def _unexcited(asked: Array, comfortable: Array, speed: Array, o: Obstacles) -> Array:
    """(P,) what is asked behind obstacles [m/s²], where that is no more than comfortable braking and what must be.

    The intelligent driver model brakes to a stop behind a vehicle that cuts in near but drives on. What must be is the
    constant-acceleration heuristic, see `acc`.
    """
    hard = np.flatnonzero(asked < -comfortable)
    if not len(hard):
        return asked
    gap, closing, leader = o.gap[hard], o.closing[hard], o.acceleration[hard]
    needed = constant_acceleration(speed[hard], gap, closing, leader, np.inf)
    calm = asked.copy()
    calm[hard] = np.maximum(asked[hard], np.minimum(needed, 0.0) - comfortable[hard])
    return calm


def accelerating(drivers: Drivers, intent: Intent, state: State, orders: Orders, step: float) -> Array:
    """(D,) accelerations [m/s²] that the drivers ask of their vehicles.

    While the story sets the pace of a change of speed, only what makes the driver brake comes before it.
    """
    who = drivers.who
    pace, speed = orders.pace[who], state.speed[who]
    paced = ~np.isnan(pace)
    result, heeded = intent.free[who], intent.heeded[who]
    if paced.any():
        change = (orders.desired_speed[who] - speed) / step
        result = np.where(paced, np.clip(change, -pace, pace), result)
        heeded = np.where(~paced | (heeded < 0.0), heeded, np.inf)
    result = np.minimum(np.minimum(result, intent.bend[who]), heeded)
    result = np.where((speed < 0.05) & (result > 0.0) & (result < SETTING_OFF), 0.0, result)
    braking = orders.braking[who]
    return np.where(np.isnan(braking), result, -braking)


def _for_bends(drivers: Drivers, courses: Courses, state: State, who: Index) -> Array:
    station, speed, factor = state.station[who], state.speed[who], np.sqrt(drivers.lateral[who])
    paths = courses.paths
    later = station + SPEED_RESPONSE * speed
    here = courses.bend_speed(paths.leg(who, station), station)
    soon = courses.bend_speed(paths.leg(who, later), later)
    return bend_acceleration(factor * here, factor * soon, speed)


@dataclass(frozen=True, slots=True)
class Announced:
    """A lane change that is known in advance."""

    actor: int
    lane: int
    """Id of the lane that the driver will change to."""
    start: float
    """[s]"""


def indicated(
    courses: Courses,
    turning: NDArray[np.int64],
    announced: Sequence[Announced],
    orders: Orders,
    state: State,
    time: float,
    notice: float,
) -> NDArray[np.int64]:
    """(N,) the side to which drivers signal that they will move: +1 left, -1 right, 0 neither."""
    side = turning.copy()
    for change in announced:
        if change.start - notice <= time < change.start and courses.each[change.actor].lanes:
            side[change.actor] = side_of(
                courses.each[change.actor].lane_at(state.station[change.actor])[1], change.lane
            )
    changing = (np.abs(orders.shift) > SIGNALLED) & (time < orders.shift_start + orders.shift_duration)
    return np.where(changing, np.sign(orders.shift).astype(np.int64), side)


def side_of(lane: int, target: int) -> int:
    """+1 when `target` lies to the left of `lane` for those who travel along the road, -1 to the right."""
    return int(np.sign(target - lane)) * (1 if lane < 0 else -1)
