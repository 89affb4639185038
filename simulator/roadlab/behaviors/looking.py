"""What drivers see when they look around: who is ahead, what is closed, whom to wait for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.ahead import Ahead, look_ahead
from roadlab.behaviors.courses import Courses
from roadlab.behaviors.driving import Drivers, Surroundings, lateral_goal
from roadlab.behaviors.leaving import ends_of_lanes, entering, making_gaps, need
from roadlab.behaviors.neighbors import Leaders, leaders, on_lanes, reaching, rows_of
from roadlab.behaviors.obstacles import (
    SIDE_MARGIN,
    Obstacles,
    Shapes,
    closed_signals,
    ends_of_routes,
    in_corridors,
    near_loose,
    not_behind,
    places_to_wait,
)
from roadlab.behaviors.orders import Orders
from roadlab.behaviors.overtaking import NOBODY, Overtaking, falling_back
from roadlab.behaviors.parallel import beside_turns
from roadlab.behaviors.right_of_way import conflicts, movement, must_wait, places
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

SLOW = 3.0
"""Nobody enters a junction behind somebody slower than this [m/s] unless there is room behind it on the far side."""
ROOM = 2.0
"""What counts as room, over and above one's own length [m]."""
CRAWLING = 2.0
"""Who is behind somebody slower than this is not waited for [m/s]."""
QUEUE = 4
"""So many who still move behind a queue are seen to be held up by it."""
FORESEEN = 1.5
"""So far ahead drivers know where they will be beside their paths who pull out [s]."""
ACROSS = 1.0
"""Who is so far beside where it means to keep is changing lanes [m]."""
NEAR_JUNCTION = 30.0
"""Drivers look for room on the far side from this distance on [m]."""


def look_around(
    drivers: Drivers,
    courses: Courses,
    shapes: Shapes,
    state: State,
    orders: Orders,
    signals: NDArray[np.uint8],
    halted: Array,
    overtaking: Overtaking,
    who: Index,
    others: Index,
    notice: float,
    now: float,
) -> Surroundings:
    """Everything that the drivers `who` have to heed; `others` are those who are there and do not drive."""
    size, middle = shapes.lane_size, shapes.lane_middle
    length = size[:, 0]
    ahead = look_ahead(courses, state, who, length, middle)
    right, left = np.minimum(state.left, orders.keep_left), np.maximum(state.left, orders.keep_left)
    passing = np.flatnonzero((overtaking.whom != NOBODY) & ~overtaking.gives_up)
    if len(passing):  # once they have pulled out, whom they overtake is out of the way
        soon = lateral_goal(orders, passing, now + FORESEEN).offset
        right[passing] = np.maximum(right[passing], np.minimum(soon, orders.keep_left[passing]))
    margin = SIDE_MARGIN + 0.5 * shapes.size[who, 1]
    regular = on_lanes(courses, state, who, middle)
    rows = rows_of(courses, state, who[regular], size, middle)
    found = leaders(rows, courses, ahead, size, right[who] - margin, left[who] + margin)
    desired = _desired(drivers, courses, state, orders, who)
    loose = np.concatenate([others, who[~regular]])
    meeting = not_behind(shapes, state, *_in_one_junction(courses, ahead))
    driver, other = _joined(near_loose(courses.paths, shapes, state, who, loose), meeting)
    halted = _halted(courses, ahead, state, halted)
    lines, halt = _closed_lines(courses, ahead, signals, halted, state)
    stay = np.flatnonzero(~drivers.passing[who] & (courses.change[who] == 0))
    to_go = courses.paths.length[who] - ahead.front
    obstacles = [
        _behind(found, ahead, state),
        in_corridors(courses, shapes, state, (driver, other), right, left),
        lines,
        _waiting(drivers, courses, shapes, ahead, state, desired, _held_up(halt, ahead, found), halted),
        beside_turns(courses, shapes, ahead, state, desired),
        _without_room(courses, ahead, found, length),
        ends_of_routes(who[stay], to_go[stay], ahead.speed[stay], desired[who[stay]]),
    ]
    turning, gaps = _turning(courses, ahead, state, notice), np.full(len(desired), np.inf)
    leave = need(courses, ahead, state, drivers.steering_free)
    if courses.change.any():
        obstacles.append(ends_of_lanes(courses, ahead, drivers.steering_free))
    across = who[regular & drivers.steering_free[who] & (np.abs(state.left - orders.keep_left)[who] > ACROSS)]
    if len(leave) or len(across):
        reach = reaching(rows, courses, ahead)
        obstacles.append(entering(across, reach, courses, state, middle, length, drivers.following.kind >= 0))
        gaps = making_gaps(leave, reach, courses, drivers.following, state, desired, length)
        turning[leave.who] = np.where(turning[leave.who] == 0, leave.side, turning[leave.who])
    back = np.flatnonzero(overtaking.gives_up)
    if len(back):
        gaps[back] = falling_back(drivers.following, courses, shapes, state, desired, back, overtaking.whom[back])
    return Surroundings(ahead, rows, found, Obstacles.joined(obstacles), desired, turning, halted, leave, gaps)


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
        state, shapes.lane_size[:, 0], shapes.lane_middle, desired, halt, drivers.order.astype(np.float64), halted,
        drivers.pull,
    )  # fmt: skip
    top = courses.bend_speed(courses.paths.leg(i, found.enter), found.enter) * np.sqrt(drivers.lateral[i])
    j = found.goes
    other = courses.bend_speed(courses.paths.leg(j, found.goes_enter), found.goes_enter) * np.sqrt(drivers.lateral[j])
    waiting = must_wait(found, m, np.minimum(top, desired[i]), drivers.headway[i], other)
    i, line = i[waiting], places(found, m)[waiting]
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
