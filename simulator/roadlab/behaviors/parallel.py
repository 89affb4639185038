"""Who turns lets those pass who go on beside it: a van that turns right, the cyclist to its right (StVO section 9)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.ahead import Ahead
from roadlab.behaviors.courses import Courses
from roadlab.behaviors.facts import SWING, SWING_STEP
from roadlab.behaviors.obstacles import Obstacles, Shapes, places_to_wait
from roadlab.behaviors.right_of_way import CLEARANCE, MARGIN, PATIENCE, time_to_cover
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]

LOOK_BACK = 40.0
"""Those who are so far behind are not minded [m]."""


def beside_turns(courses: Courses, shapes: Shapes, ahead: Ahead, state: State, speed: Array) -> Obstacles:
    """Places where drivers who turn wait for those who part from them and go on beside them.

    `speed` (N,): what the drivers would drive on a free road [m/s].
    """
    i, j, mine, theirs = _partings(courses, ahead)
    piece = ahead.piece[mine]
    begin, other_begin = ahead.begin[mine], ahead.begin[theirs]
    need = 0.5 * (shapes.size[i, 1] + shapes.size[j, 1])
    aside = courses.facts.turn[piece] * (state.left[j] - state.left[i]) - need
    length, middle = shapes.lane_size[:, 0], shapes.lane_middle
    half = 0.5 * length
    front = begin - (state.station + middle + half)[i]
    other_rear = other_begin - (state.station + middle - half)[j]
    enter, reach = _swung(courses, piece, aside - MARGIN)
    leave, last = _swung(courses, piece, aside + 2.0 * need + MARGIN)
    arrives = time_to_cover(front + enter, state.speed[i], speed[i])
    clears = time_to_cover(front + leave + length[i], state.speed[i], speed[i])
    other_arrives = time_to_cover(other_rear - length[j] + reach, state.speed[j], state.speed[j])
    other_clears = time_to_cover(other_rear + last, state.speed[j], state.speed[j])
    waits = (other_arrives < clears + CLEARANCE) & (other_clears + 0.5 * CLEARANCE > arrives)
    waits &= (aside > 0.0) & (front + enter > 0.0) & (other_rear + last > 0.0)
    waits &= (other_rear - front < LOOK_BACK) & (state.rest[j] < PATIENCE)
    return places_to_wait(i[waits], (front + enter)[waits], state.speed[i[waits]])


def _partings(courses: Courses, ahead: Ahead) -> tuple[Index, Index, tuple[Index, Index], tuple[Index, Index]]:
    """Pairs (i, j) of a driver who turns where a lane ends and one who leaves that lane elsewhere.

    Third and fourth: row and column in `ahead` of the ways that they take.
    """
    facts, paths = courses.facts, courses.paths
    before = np.maximum(ahead.leg - 1, paths.first[ahead.who][:, None])
    inside = ahead.there & (facts.junction[ahead.piece] >= 0) & (before < ahead.leg)
    row, column = np.nonzero(inside)
    origin = facts.lane[paths.piece[before[row, column]]]
    order = np.argsort(origin, kind="stable")
    row, column, origin = row[order], column[order], origin[order]
    turning = np.flatnonzero(facts.turn[ahead.piece[row, column]] != 0)
    first = np.searchsorted(origin, origin[turning], "left")
    count = np.searchsorted(origin, origin[turning], "right") - first
    mine = np.repeat(turning, count)
    theirs = np.arange(len(mine)) - np.repeat(np.cumsum(count) - count - first, count)
    parts = facts.turn[ahead.piece[row[mine], column[mine]]] != facts.turn[ahead.piece[row[theirs], column[theirs]]]
    mine, theirs = mine[parts], theirs[parts]
    return ahead.who[row[mine]], ahead.who[row[theirs]], (row[mine], column[mine]), (row[theirs], column[theirs])


def _swung(courses: Courses, piece: Index, aside: Array) -> tuple[Array, Array]:
    """How far along each turn one is `aside` of where it began [m], and how far ahead of there."""
    step = np.clip(np.ceil(aside / SWING_STEP), 0, len(SWING) - 1).astype(np.int64)
    swung = courses.facts.swing[piece, step]
    return swung[:, 0], swung[:, 1]
