"""When a gap in the other stream is long enough, at the places that two drivers share inside junctions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.ahead import Ahead
from roadlab.behaviors.courses import Courses
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

CRITICAL_HEADWAY = 4.87
"""Shortest gap in the other stream that drivers accept for a left turn [s]; mean of 45 permissive left turns."""
CLEARANCE = 1.0
"""Between leaving the shared place and the other's arrival [s]."""
MARGIN = 0.4
"""Between two vehicles that pass each other [m]."""
CLEARANCE_OF_LANES = 2.4
"""Centres of lanes that are nearer to each other than this are in each other's way for vehicles of usual width [m]."""
PULL_AWAY = 1.2
"""Acceleration with which arrivals are foreseen [m/s²]."""
PATIENCE = 2.0
"""Who has stood for so long is not waited for by who ranks before it [s]."""
LONGEST_PATIENCE = 20.0
"""Who has stood for so long is not waited for by anybody [s]."""
HARDEST = 5.0
"""Who is in the junction and has to give way after all stops before the shared place if it takes no more [m/s²]."""
AT_LINE = 4.0
"""Who stands nearer to its line than this has come to an all-way stop [m]."""


@dataclass(frozen=True)
class Conflicts:
    """Places that two drivers share, each pair twice, seen by either; arrays of C. Stations in metres."""

    waits: Index
    goes: Index
    line: Array
    """Where the one who waits does so: before the junction for cross traffic, inside it to turn left."""
    enter: Array
    """Of the one who waits."""
    leave: Array
    goes_enter: Array
    goes_leave: Array
    gives_way: Flags
    """Whether the other has the right of way."""
    first_come: Flags
    """Whether the one who has waited longer goes first."""
    goes_line: Array
    """Where the other comes to the junction."""
    goes_waits: Array
    """Where the other would wait for the one who waits."""


def conflicts(courses: Courses, ahead: Ahead, width: Array) -> Conflicts:
    """All places that drivers share in the junctions ahead of them; `width` (N,) of actors [m]."""
    facts, table = courses.facts, courses.facts.crossings
    row, column = np.nonzero(ahead.there & (facts.junction[ahead.piece] >= 0))
    order = np.argsort(facts.lane[ahead.piece[row, column]], kind="stable")
    row, column = row[order], column[order]
    lane, begin = facts.lane[ahead.piece[row, column]], ahead.begin[row, column]
    line = _line(courses, ahead, row, column)
    mine, rule = _each(table.first[lane], table.first[lane + 1])
    first, last = np.searchsorted(lane, table.other[rule], "left"), np.searchsorted(lane, table.other[rule], "right")
    pair, other = _each(first, last)
    mine, rule = mine[pair], rule[pair]
    distinct = row[mine] != row[other]
    mine, rule, other = mine[distinct], rule[distinct], other[distinct]
    need = 0.5 * (width[ahead.who[row[mine]]] + width[ahead.who[row[other]]]) + MARGIN
    share = np.where(table.merges[rule], 1.0, need / CLEARANCE_OF_LANES)
    enter, leave = _scaled(begin[mine], table.enter[rule], table.leave[rule], share)
    goes_enter, goes_leave = _scaled(begin[other], table.other_enter[rule], table.other_leave[rule], share)
    return Conflicts(
        waits=ahead.who[row[mine]],
        goes=ahead.who[row[other]],
        line=np.where(table.across[rule], np.minimum(enter, line[mine]), enter),
        enter=enter,
        leave=leave,
        goes_enter=goes_enter,
        goes_leave=goes_leave,
        gives_way=table.gives_way[rule],
        first_come=table.first_come[rule],
        goes_line=line[other],
        goes_waits=np.where(table.across[rule], np.minimum(goes_enter, line[other]), goes_enter),
    )


def _scaled(begin: Array, enter: Array, leave: Array, share: Array) -> tuple[Array, Array]:
    """Both ends of a shared place [m], made smaller or larger about its middle."""
    middle, half = begin + 0.5 * (enter + leave), 0.5 * (leave - enter) * share
    return middle - half, middle + half


def _line(courses: Courses, ahead: Ahead, row: Index, column: Index) -> Array:
    """Where those wait who are about to enter a junction: at the stop line if there are signs, else the edge [m]."""
    paths, facts = courses.paths, courses.facts
    leg, begin = ahead.leg[row, column], ahead.begin[row, column]
    before = np.maximum(leg - 1, paths.first[ahead.who[row]])
    at = paths.start[before] + facts.stop[paths.piece[before]]
    signed = facts.signed[ahead.piece[row, column]] & (before < leg) & np.isfinite(at)
    return np.where(signed, at, begin)


def _each(first: Index, last: Index) -> tuple[Index, Index]:
    """For ranges first[k]:last[k], the k of every element, and the elements."""
    count = last - first
    which = np.repeat(np.arange(len(first)), count)
    offset = np.arange(len(which)) - np.repeat(np.cumsum(count) - count, count)
    return which, first[which] + offset


def time_to_cover(distance: Array, speed: Array, top: Array, pull: Array | float = PULL_AWAY) -> Array:
    """Time [s] over `distance` [m] while pulling away from `speed` to at most `top` [m/s]; 0 for what lies behind."""
    distance, top = np.maximum(distance, 0.0), np.maximum(top, np.maximum(speed, 0.5))
    gaining = (top**2 - speed**2) / (2 * pull)
    while_gaining = (np.sqrt(speed**2 + 2 * pull * np.minimum(distance, gaining)) - speed) / pull
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
    halted: Array
    """Station of the stop line at which it has halted last [m]; NaN for none."""
    pull: Array
    """How fast it pulls away [m/s²]."""


def must_wait(
    c: Conflicts, m: Movement, through: Array, headway: Array, other_through: Array | float = np.inf
) -> Flags:
    """(C,) whether the first driver of each conflict has to stay out of it.

    `through` (C,) is its speed there [m/s], `other_through` (C,) that of the other, who may have to slow down for a
    turn, `headway` (C,) the shortest gap that it accepts [s]. When all wait for each
    other, whoever ranks first among those who stand goes; nobody, whatever its right, enters a place that is taken, or
    that somebody who has left its line will take.
    """
    i, j = c.waits, c.goes
    arrives = time_to_cover(c.enter - m.front[i], m.speed[i], through, m.pull[i])
    clears = time_to_cover(c.leave - m.rear[i], m.speed[i], through, m.pull[i])
    other_arrives = time_to_cover(c.goes_enter - m.front[j], m.speed[j], m.top[j])
    other_clears = time_to_cover(c.goes_leave - m.rear[j], m.speed[j], m.top[j])
    comes = (m.rear[j] < c.goes_leave) & (m.halt[j] > c.goes_enter)
    inside = m.front[i] > c.line
    after = other_arrives - arrives > np.maximum(headway, clears - arrives + CLEARANCE)
    slowing = (c.goes_leave - m.rear[j]) / np.maximum(0.5 * (m.speed[j] + np.minimum(other_through, m.speed[j])), 0.5)
    other_clears = np.maximum(other_clears, np.where(other_through < m.speed[j], slowing, 0.0))
    before = other_clears + 0.5 * CLEARANCE < arrives
    stands = (m.rest[j] > 0.0) & (c.goes_line - m.front[j] < AT_LINE)
    sets_off = (m.rest[j] == 0.0) & (np.abs(m.halted[j] - c.goes_line) < 0.5)
    entered = (m.front[j] > c.goes_line) | sets_off
    later = (m.rest[j] > m.rest[i]) | ((m.rest[j] == m.rest[i]) & (m.rank[j] < m.rank[i]))
    later &= m.rest[i] > 0.0  # who has set off has had its turn
    passes = other_arrives > clears + CLEARANCE
    coming = (m.front[j] > c.goes_waits) & (m.rest[j] == 0.0) & ~passes
    taken = ((m.front[j] > c.goes_enter) | coming) & ~before
    turn = (entered & ~before) | (stands & later)
    yields = np.where(c.first_come, turn, np.where(c.gives_way, ~after & ~before, taken))
    soon = (clears + 0.5 * CLEARANCE < other_arrives) | before
    caught = inside & c.gives_way & ~c.first_come & ~soon & (c.enter - m.front[i] > m.speed[i] ** 2 / (2.0 * HARDEST))
    waiting: Flags = comes & ~_stuck(c, m) & ((~inside & yields) | caught)
    return waiting


def places(c: Conflicts, m: Movement) -> Array:
    """(C,) station at which the first of each pair waits [m]: its line, or, once it is past it, the shared place."""
    line: Array = np.where(m.front[c.waits] > c.line, c.enter, c.line)
    return line


def _stuck(c: Conflicts, m: Movement) -> Flags:
    """(C,) whether the other is not waited for, although it could come: it waits itself, and ranks behind.

    Only who ranks first of all who are at the junction may think so.
    """
    i, j = c.waits, c.goes
    there = (c.goes_line - m.front[j] < AT_LINE) & (m.rear[j] < c.goes_leave)
    outranked = np.zeros(len(m.rank), dtype=bool)
    np.logical_or.at(outranked, i, there & (m.rank[j] < m.rank[i]))
    waits = (m.rest[j] > PATIENCE) & ~outranked[i] & (m.rank[i] <= m.rank[j])
    stuck: Flags = (m.front[j] < c.goes_enter) & (waits | (m.rest[j] > LONGEST_PATIENCE))
    return stuck


def movement(
    state: State, lengths: Array, middle: Array, top: Array, halt: Array, rank: Array, halted: Array, pull: Array
) -> Movement:
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
        halted=halted,
        pull=pull,
    )
