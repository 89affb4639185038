"""Who gives way to whom inside junctions, and when a gap in the other stream is long enough.

Traffic rules: StVO section 8 (right before left) and 9 (who turns gives way to oncoming and parallel traffic).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.distance import cdist

from roadlab.behaviors.courses import Courses, Passage
from roadlab.behaviors.paths import Paths
from roadlab.dynamics.state import State
from roadlab.roads.network import ConnectingLane

Array = NDArray[np.float64]
Index = NDArray[np.int64]

CRITICAL_HEADWAY = 4.87
"""Shortest gap in the other stream that drivers accept for a left turn [s]; mean of 45 permissive left turns."""
CLEARANCE = 1.0
"""Between leaving the shared place and the other's arrival [s]."""
MARGIN = 0.4
"""Between two vehicles that pass each other [m]."""
PULL_AWAY = 1.2
"""Acceleration with which arrivals are foreseen [m/s²]."""
PATIENCE = 2.0
"""Somebody who has stood for longer than this is not waited for [s]; each next in rank waits `NEXT_TURN` longer."""
NEXT_TURN = 4.0
BEYOND = 12.0
"""Where two paths merge they share the lane from there on; giving way ends this far into it [m]."""


@dataclass(frozen=True)
class Conflicts:
    """Places that two drivers share, the first of whom gives way; arrays of C. Stations in metres."""

    waits: Index
    goes: Index
    line: Array
    """Where the one who waits does so: before the junction for cross traffic, inside it to turn left."""
    enter: Array
    """Of the one who waits."""
    leave: Array
    goes_enter: Array
    goes_leave: Array


def gives_way(mine: ConnectingLane, other: ConnectingLane, *, signalled: bool) -> bool:
    """Whether who takes `mine` has to give way to who takes `other`; both lead through one junction."""
    turn = _between(mine, other)
    if abs(turn) > 0.75 * np.pi:
        return mine.turn == "left" and other.turn != "left"
    if abs(turn) < 0.25 * np.pi:
        return mine.turn != "straight" and other.turn == "straight"
    return turn > 0 and not signalled


def _between(mine: ConnectingLane, other: ConnectingLane) -> float:
    """From the direction in which one enters the junction to the other's [rad]; positive: it comes from the right."""
    my_heading, other_heading = mine.start[2], other.start[2]
    return float((other_heading - my_heading + np.pi) % (2 * np.pi) - np.pi)


def conflicts(courses: Courses, drivers: Index, left: Array, width: Array) -> Conflicts:
    """All shared places among `drivers`, who keep `left` (N,) metres beside their paths and are `width` (N,) wide."""
    rows = []
    for i, j in permutations((int(i) for i in drivers), 2):
        for mine in courses.each[i].passages:
            for other in courses.each[j].passages:
                if _cross(mine, other):
                    spans = _shared(courses.paths, (i, mine), (j, other), left, 0.5 * (width[i] + width[j]) + MARGIN)
                    rows += [(i, j, _line(mine, other, spans[0]), *spans)] if spans else []
    table = np.array(rows, dtype=np.float64).reshape(-1, 7)
    return Conflicts(table[:, 0].astype(np.int64), table[:, 1].astype(np.int64), *table[:, 2:].T)


def _line(mine: Passage, other: Passage, enter: float) -> float:
    across = 0.25 * np.pi <= abs(_between(mine.lane, other.lane)) <= 0.75 * np.pi
    return min(enter, mine.stretch.enter) if across else enter


def _cross(mine: Passage, other: Passage) -> bool:
    if mine.lane.junction != other.lane.junction or mine.lane.origin == other.lane.origin:
        return False
    return gives_way(mine.lane, other.lane, signalled=mine.signalled)


def _shared(
    paths: Paths, mine: tuple[int, Passage], other: tuple[int, Passage], left: Array, near: float
) -> tuple[float, float, float, float] | None:
    """Enter and leave on either path of where they are nearer than `near`; None where they never are."""
    my_stations, my_points = _trace(paths, *mine, left)
    other_stations, other_points = _trace(paths, *other, left)
    close = cdist(my_points, other_points) < near
    if not close.any():
        return None
    on_mine, on_other = my_stations[close.any(axis=1)], other_stations[close.any(axis=0)]
    return on_mine[0], on_mine[-1], on_other[0], on_other[-1]


def _trace(paths: Paths, actor: int, passage: Passage, left: Array) -> tuple[Array, Array]:
    end = min(passage.stretch.leave + BEYOND, paths.length[actor])
    stations = np.arange(passage.stretch.enter, end, 0.25)
    frame = paths.frame(np.full(len(stations), actor), stations)
    x, y = frame.x - left[actor] * np.sin(frame.heading), frame.y + left[actor] * np.cos(frame.heading)
    return stations, np.column_stack([x, y])


def time_to_cover(distance: Array, speed: Array, top: Array) -> Array:
    """Time [s] over `distance` [m] while pulling away from `speed` to at most `top` [m/s]; 0 for what lies behind."""
    distance, top = np.maximum(distance, 0.0), np.maximum(top, np.maximum(speed, 0.5))
    gaining = (top**2 - speed**2) / (2 * PULL_AWAY)
    while_gaining = (np.sqrt(speed**2 + 2 * PULL_AWAY * np.minimum(distance, gaining)) - speed) / PULL_AWAY
    time: Array = while_gaining + np.maximum(distance - gaining, 0.0) / top
    return time


@dataclass(frozen=True)
class Movement:
    """What right of way needs to know about N actors; arrays of N."""

    front: Array
    """Station of the front end [m]."""
    rear: Array
    speed: Array
    top: Array
    """Speed that the actor would drive on a free road [m/s]."""
    halt: Array
    """Station at which the actor has to stop, +inf when it need not [m]."""
    rest: Array
    """How long it has stood [s]."""
    rank: Array
    """Who goes first when all wait for each other: 0, 1, ..."""


def must_wait(c: Conflicts, m: Movement, through: Array) -> NDArray[np.bool_]:
    """(C,) whether the first driver of each conflict has to stay out of it; `through` (C,) is its speed there [m/s]."""
    i, j = c.waits, c.goes
    arrives = time_to_cover(c.enter - m.front[i], m.speed[i], through)
    clears = time_to_cover(c.leave - m.rear[i], m.speed[i], through)
    other_arrives = time_to_cover(c.goes_enter - m.front[j], m.speed[j], m.top[j])
    other_clears = time_to_cover(c.goes_leave - m.rear[j], m.speed[j], m.top[j])
    comes = (m.rear[j] < c.goes_leave) & (m.halt[j] > c.goes_enter)
    stuck = (m.rest[j] > PATIENCE + NEXT_TURN * m.rank[i]) & (m.front[j] < c.goes_enter)
    inside = m.front[i] > c.line
    after = other_arrives - arrives > np.maximum(CRITICAL_HEADWAY, clears - arrives + CLEARANCE)
    before = other_clears + 0.5 * CLEARANCE < arrives
    waiting: NDArray[np.bool_] = comes & ~stuck & ~inside & ~after & ~before
    return waiting


def movement(state: State, lengths: Array, middle: Array, top: Array, halt: Array, rank: Array) -> Movement:
    """Of actors whose footprints are `lengths` long and have their middle `middle` ahead of the origin, all (N,)."""
    center = state.station + middle
    return Movement(
        front=center + 0.5 * lengths,
        rear=center - 0.5 * lengths,
        speed=state.speed,
        top=top,
        halt=halt,
        rest=state.rest,
        rank=rank,
    )
