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
from roadlab.behaviors.ahead import Ahead, look_ahead
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
from roadlab.behaviors.neighbors import Leaders, Rows, leaders, on_lanes, rows_of
from roadlab.behaviors.obstacles import (
    SIDE_MARGIN,
    Obstacles,
    Shapes,
    closed_signals,
    ends_of_routes,
    in_corridors,
    near_loose,
    places_to_wait,
)
from roadlab.behaviors.orders import Orders
from roadlab.behaviors.right_of_way import conflicts, movement, must_wait
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
SLOW = 3.0
"""Nobody enters a junction behind somebody slower than this [m/s] unless there is room behind it on the far side."""
ROOM = 2.0
"""What counts as room, over and above one's own length [m]."""
CRAWLING = 2.0
"""Who is behind somebody slower than this is not waited for [m/s]."""
QUEUE = 4
"""So many who still move behind a queue are seen to be held up by it."""
NEAR_JUNCTION = 30.0
"""Drivers look for room on the far side from this distance on [m]."""


@dataclass(frozen=True)
class Drivers:
    """Those who drive, and what does not change about them."""

    who: Index
    """(D,) indices of actors."""
    roaming: Index
    """Those of them who have no destination."""
    following: Following
    """(N,) their models."""
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
    """(N,) who changes lanes of its own accord."""
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
    heading = courses.paths.heading(who, station)
    bend = courses.paths.curvature(who, station + PREVIEW * speed)
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


def intended(
    drivers: Drivers, seen: Surroundings, courses: Courses, state: State, orders: Orders, who: Index
) -> Intent:
    """What the drivers `who` hold until they look again."""
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
    asked = following.acceleration(i, speed[i], desired[i], o.gap, o.closing, o.acceleration)
    np.minimum.at(heeded, i, asked)
    leader, gap = np.full(count, -1), np.full(count, np.inf)
    leader[who], gap[who] = seen.leaders.actor, seen.leaders.gap
    return Intent(free, bend, heeded, seen.turning, leader, gap, seen.halted)


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


def look_around(
    drivers: Drivers,
    courses: Courses,
    shapes: Shapes,
    state: State,
    orders: Orders,
    signals: NDArray[np.uint8],
    halted: Array,
    who: Index,
    others: Index,
    notice: float,
) -> Surroundings:
    """Everything that the drivers `who` have to heed; `others` are those who are there and do not drive."""
    length, middle = shapes.size[:, 0], shapes.middle
    ahead = look_ahead(courses, state, who, length, middle)
    right, left = np.minimum(state.left, orders.keep_left), np.maximum(state.left, orders.keep_left)
    margin = SIDE_MARGIN + 0.5 * shapes.size[who, 1]
    regular = on_lanes(courses, state, who, middle)
    rows = rows_of(courses, state, who[regular], shapes.size, middle)
    found = leaders(rows, courses, ahead, shapes.size, right[who] - margin, left[who] + margin)
    desired = _desired(drivers, courses, state, orders, who)
    loose = np.concatenate([others, who[~regular]])
    driver, other = _joined(near_loose(courses.paths, shapes, state, who, loose), _in_one_junction(courses, ahead))
    halted = _halted(courses, ahead, state, halted)
    lines, halt = _closed_lines(courses, ahead, signals, halted, state)
    stay = np.flatnonzero(~drivers.passing[who])
    to_go = courses.paths.length[who] - ahead.front
    obstacles = [
        _behind(found, ahead, state),
        in_corridors(courses, shapes, state, (driver, other), right, left),
        lines,
        _waiting(drivers, courses, shapes, ahead, state, desired, _held_up(halt, ahead, found), halted),
        _without_room(courses, ahead, found, length),
        ends_of_routes(who[stay], to_go[stay], ahead.speed[stay], desired[who[stay]]),
    ]
    return Surroundings(
        ahead, rows, found, Obstacles.joined(obstacles), desired, _turning(courses, ahead, state, notice), halted
    )


def _joined(*pairs: tuple[Index, Index]) -> tuple[Index, Index]:
    return np.concatenate([pair[0] for pair in pairs]), np.concatenate([pair[1] for pair in pairs])


def _desired(drivers: Drivers, courses: Courses, state: State, orders: Orders, who: Index) -> Array:
    """(N,) speed on a free road: the limit, unless the author or the story asks for a speed [m/s]."""
    desired = orders.desired_speed.copy()
    lawful = np.isfinite(drivers.limit_factor[who]) & (orders.desired_speed[who] == orders.own_speed[who])
    some = who[lawful]
    station = state.station[some]
    limit = courses.speed_limit(courses.paths.leg(some, station), station)
    desired[some] = np.minimum(limit * drivers.limit_factor[some], desired[some])
    return desired


def _for_bends(drivers: Drivers, courses: Courses, state: State, who: Index) -> Array:
    station, speed, factor = state.station[who], state.speed[who], np.sqrt(drivers.lateral[who])
    paths = courses.paths
    later = station + SPEED_RESPONSE * speed
    here = courses.bend_speed(paths.leg(who, station), station)
    soon = courses.bend_speed(paths.leg(who, later), later)
    return bend_acceleration(factor * here, factor * soon, speed)


def _behind(found: Leaders, ahead: Ahead, state: State) -> Obstacles:
    some = np.flatnonzero(found.actor >= 0)
    along, leader = found.along[some], found.actor[some]
    return Obstacles(ahead.who[some], found.gap[some], ahead.speed[some] - along, state.acceleration[leader])


def _in_one_junction(courses: Courses, ahead: Ahead) -> tuple[Index, Index]:
    """Pairs (driver, other) where the other is in a junction that the driver is in or comes to."""
    junction = np.where(ahead.there, courses.facts.junction[ahead.piece], -1)
    inside = (junction >= 0) & (ahead.begin < ahead.front[:, None])
    row, column = np.nonzero((junction >= 0) & (ahead.begin < (ahead.front + NEAR_JUNCTION)[:, None]))
    at, occupant = np.nonzero(inside)
    place = junction[at, occupant]
    order = np.argsort(place, kind="stable")
    at, place = at[order], place[order]
    mine = junction[row, column]
    first, last = np.searchsorted(place, mine, "left"), np.searchsorted(place, mine, "right")
    count = last - first
    pair = np.repeat(np.arange(len(mine)), count)
    other = at[np.arange(len(pair)) - np.repeat(np.cumsum(count) - count, count) + first[pair]]
    driver = row[pair]
    distinct = driver != other
    return ahead.who[driver[distinct]], ahead.who[other[distinct]]


def _halted(courses: Courses, ahead: Ahead, state: State, halted: Array) -> Array:
    """(N,) the stop lines at which drivers have halted, those included who have done so now [m]."""
    facts = courses.facts
    line = ahead.begin + facts.stop[ahead.piece]
    to_go = line - ahead.front[:, None]
    must = ahead.there & facts.must_halt[ahead.piece] & (to_go > 0.0) & (to_go < 4.0)
    now = must.any(axis=1) & (state.rest[ahead.who] > 0.0)
    if not now.any():
        return halted
    result = halted.copy()
    result[ahead.who[now]] = line[now, np.argmax(must[now], axis=1)]
    return result


def _closed_lines(
    courses: Courses, ahead: Ahead, signals: NDArray[np.uint8], halted: Array, state: State
) -> tuple[Obstacles, Array]:
    """Stop lines where drivers have to stop now, and (N,) the station of each actor's first one, +inf for none [m]."""
    facts = courses.facts
    line = ahead.begin + facts.stop[ahead.piece]
    to_go = line - ahead.front[:, None]
    signs = ahead.there & facts.must_halt[ahead.piece] & (to_go > 0.0)
    signs &= ~(np.abs(line - halted[ahead.who][:, None]) < 0.5)
    closed = closed_signals(courses, ahead, signals) | signs
    row, column = np.nonzero(closed)
    halt = np.full(len(state.speed), np.inf)
    np.minimum.at(halt, ahead.who[row], line[row, column])
    return places_to_wait(ahead.who[row], to_go[row, column], ahead.speed[row]), halt


def _held_up(halt: Array, ahead: Ahead, found: Leaders) -> Array:
    """(N,) `halt`, and nobody comes further soon than the end of the queue ahead [m]."""
    front, result = np.zeros(len(halt)), halt.copy()
    front[ahead.who] = ahead.front
    some = np.flatnonzero(found.actor >= 0)
    who, leader, rear = ahead.who[some], found.actor[some], (ahead.front + found.gap)[some]
    slow = found.along[some] < CRAWLING
    for _ in range(QUEUE):
        to_go = np.where(slow, 0.0, np.maximum(result[leader] - front[leader], 0.0))
        result[who] = np.minimum(result[who], rear + to_go)
    return result


def _waiting(
    drivers: Drivers,
    courses: Courses,
    shapes: Shapes,
    ahead: Ahead,
    state: State,
    desired: Array,
    halt: Array,
    halted: Array,
) -> Obstacles:
    """Places before which drivers give way."""
    found = conflicts(courses, ahead, shapes.size[:, 1])
    i = found.waits
    m = movement(
        state, shapes.size[:, 0], shapes.middle, desired, halt, drivers.order.astype(np.float64), halted, drivers.pull
    )
    top = courses.bend_speed(courses.paths.leg(i, found.enter), found.enter) * np.sqrt(drivers.lateral[i])
    j = found.goes
    other = courses.bend_speed(courses.paths.leg(j, found.goes_enter), found.goes_enter) * np.sqrt(drivers.lateral[j])
    waiting = must_wait(found, m, np.minimum(top, desired[i]), drivers.headway[i], other)
    i, line = i[waiting], found.line[waiting]
    return places_to_wait(i, line - m.front[i], state.speed[i])


def _without_room(courses: Courses, ahead: Ahead, found: Leaders, length: Array) -> Obstacles:
    """Junctions that drivers do not enter, as they could not leave them."""
    facts, paths = courses.facts, courses.paths
    end = ahead.begin + paths.pieces.length[ahead.piece]
    rear = (ahead.front + found.gap)[:, None]
    to_go = ahead.begin - ahead.front[:, None]
    full = ahead.there & (facts.junction[ahead.piece] >= 0) & (to_go > 0.0) & (to_go < NEAR_JUNCTION)
    full &= (found.along[:, None] < SLOW) & (rear > ahead.begin)
    full &= rear < end + (length[ahead.who] + ROOM)[:, None]
    row, column = np.nonzero(full)
    before = np.maximum(ahead.leg[row, column] - 1, paths.first[ahead.who[row]])
    line = paths.start[before] + facts.stop[paths.piece[before]]
    place = np.where(line < ahead.front[row], ahead.begin[row, column], np.minimum(line, ahead.begin[row, column]))
    return places_to_wait(ahead.who[row], place - ahead.front[row], ahead.speed[row])


def _turning(courses: Courses, ahead: Ahead, state: State, notice: float) -> NDArray[np.int64]:
    """(N,) the side to which the next turn goes that is so near that it is signalled."""
    turn = np.where(ahead.there, courses.facts.turn[ahead.piece], 0)
    end = ahead.begin + courses.paths.pieces.length[ahead.piece]
    soon = ahead.begin - ahead.front[:, None] < np.maximum(notice * ahead.speed, 12.0)[:, None]
    soon &= (turn != 0) & (state.station[ahead.who][:, None] < end)
    side = np.zeros(len(state.speed), dtype=np.int64)
    first = np.argmax(soon, axis=1)
    side[ahead.who] = np.where(soon.any(axis=1), turn[np.arange(len(first)), first], 0)
    return side


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
