"""Drivers who have to leave their lane: how urgent it is, how they and those beside them make a gap.

The need is felt within `LOOK_FORWARD` seconds and lane to change of the place where the lane ends, as in J. Erdmann,
"SUMO's lane-changing model" (2015), and grows evenly from there. It raises the incentive of MOBIL and lowers the
safety that is asked for (A. Kesting, M. Treiber, D. Helbing, Transportation Research Record 1999, 2007, section 2: a
bias towards the lane that leads on). Drivers match the speed of whom they mean to follow, and those whom a gap costs no
more than gentle braking open it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.ahead import Ahead
from roadlab.behaviors.courses import Courses
from roadlab.behaviors.driver import Following
from roadlab.behaviors.neighbors import Rows, around
from roadlab.behaviors.obstacles import Obstacles, places_to_wait
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

LOOK_FORWARD = 10.0
"""[s]"""
SHORTEST_HORIZON = 300.0
"""However slow they are, drivers know of the end of their lane so far ahead [m]."""
STANDSTILL = 6.0
"""Before the end of the lane drivers keep room to turn out of it [m]."""
LATE = 1.5
"""Drivers brake for the end of a lane once they have to do so this hard [m/s²]."""
TOLD = 5.0
"""The same of those whom the story tells where to steer: it may let them leave the lane at the last moment."""
COURTESY = 2.0
"""Nobody brakes harder than this to let somebody in [m/s²]: comfortable braking."""
MATCHING = 1.5
"""Nor harder than this to get behind somebody on the other lane [m/s²]."""


@dataclass(frozen=True)
class Need:
    """M drivers who have to leave their lane soon; arrays of M."""

    who: Index
    side: Index
    """+1 to the left, -1 to the right."""
    urgency: Array
    """0 where the need begins to be felt, 1 at the end of the lane."""
    piece: Index
    """The lane to which they change, -1 where there is none yet."""
    here: Array
    """Where the middles of their footprints are on their own lane and on that one [m]."""
    there: Array

    def __len__(self) -> int:
        return len(self.who)


def need(courses: Courses, ahead: Ahead, state: State, able: Flags) -> Need:
    """Those of the drivers `ahead.who` who have to leave their lanes soon and are `able` (N,) to."""
    change = courses.change[ahead.who]
    some = np.flatnonzero(able[ahead.who] & (change != 0))
    who, front, change = ahead.who[some], ahead.front[some], change[some]
    horizon = np.abs(change) * np.maximum(LOOK_FORWARD * state.speed[who], SHORTEST_HORIZON)
    urgency = 1.0 - (courses.last_chance[who] - front) / horizon
    soon = urgency > 0.0
    who, side, urgency = who[soon], np.sign(change[soon]), np.minimum(urgency[soon], 1.0)
    paths, facts = courses.paths, courses.facts
    leg = paths.leg(who, ahead.middle[some[soon]])
    piece = paths.piece[leg]
    here = ahead.middle[some[soon]] - paths.start[leg]
    beside = paths.sample_leg(facts.beside, leg, ahead.middle[some[soon]])
    left = side > 0
    target = np.where(left, facts.left[piece], facts.right[piece])
    return Need(who, side, urgency, target, here, np.where(left, beside[:, 0], beside[:, 1]))


def ends_of_lanes(courses: Courses, ahead: Ahead, able: Flags) -> Obstacles:
    """Where those stop who have to leave their lane and could not; `able` (N,) as for `need`."""
    some = np.flatnonzero(courses.change[ahead.who])
    who, speed = ahead.who[some], ahead.speed[some]
    to_go = courses.last_chance[who] - ahead.front[some] - STANDSTILL
    braking = np.where(able[who], LATE, TOLD)
    late = np.flatnonzero(speed**2 > 2.0 * braking * np.maximum(to_go - 0.5 * speed, 0.1))
    return places_to_wait(who[late], to_go[late], speed[late])


def entering(
    who: Index, rows: Rows, courses: Courses, state: State, middle: Array, length: Array, drives: Flags
) -> Obstacles:
    """Those of `who` on whose lanes drivers are that they enter from beside: from its beginning a change is heeded."""
    paths, facts = courses.paths, courses.facts
    if not len(who) or not len(rows.key):
        return places_to_wait(who[:0], np.zeros(0), np.zeros(0))
    station = state.station[who] + middle[who]
    leg = paths.leg(who, station)
    place = station - paths.start[leg]
    _, follower = around(rows, facts.lane[paths.piece[leg]], place, who)
    k = np.flatnonzero(follower >= 0)
    other = rows.actor[follower[k]]
    gap = place[k] - rows.place[follower[k]] - 0.5 * (length[who[k]] + length[other])
    fits = drives[other] & (gap > 0.0)
    k, other = k[fits], other[fits]
    return Obstacles(other, gap[fits], state.speed[other] - state.speed[who[k]], state.acceleration[who[k]])


def making_gaps(
    found: Need, rows: Rows, courses: Courses, following: Following, state: State, desired: Array, length: Array
) -> Array:
    """(N,) what those who leave lanes and those beside them are ready to do for each other [m/s²], +inf: nothing."""
    asked = np.full(len(state.speed), np.inf)
    k = np.flatnonzero(found.piece >= 0)
    if not len(k) or not len(rows.key):
        return asked
    who = found.who[k]
    leader, follower = around(rows, courses.facts.lane[found.piece[k]], found.there[k], who)

    def wish(driver: Index, other: Index, gap: Array, least: float) -> None:
        gap = gap - 0.5 * (length[driver] + length[other])
        speed, closing = state.speed[driver], state.speed[driver] - state.speed[other]
        wanted = following.acceleration(driver, speed, desired[driver], gap, closing, state.acceleration[other])
        ready = wanted > -COURTESY if least == COURTESY else np.ones(len(driver), dtype=bool)
        np.minimum.at(asked, driver[ready], np.maximum(wanted[ready], -least))

    ahead = np.flatnonzero(leader >= 0)
    wish(who[ahead], rows.actor[leader[ahead]], rows.place[leader[ahead]] - found.there[k[ahead]], MATCHING)
    behind = np.flatnonzero((follower >= 0) & (following.kind[rows.actor[follower]] >= 0))
    wish(rows.actor[follower[behind]], who[behind], found.there[k[behind]] - rows.place[follower[behind]], COURTESY)
    return asked
