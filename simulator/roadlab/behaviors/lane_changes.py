"""Whether to change lanes: MOBIL, minimising overall braking induced by lane changes.

Source: A. Kesting, M. Treiber, D. Helbing, "General lane-changing model MOBIL for car-following models",
Transportation Research Record 1999 (2007) 86. Safety: the new follower need not brake harder than `SAFE_BRAKING`.
Incentive: own advantage plus `politeness` times that of both followers exceeds `THRESHOLD`; the right lane is favoured
by `KEEP_RIGHT`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.courses import Courses
from roadlab.behaviors.driver import Following
from roadlab.behaviors.neighbors import Rows
from roadlab.dynamics.state import State

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

SAFE_BRAKING = 4.0
"""b_safe [m/s²]."""
THRESHOLD = 0.1
"""Advantage below which nobody changes lanes [m/s²]."""
KEEP_RIGHT = 0.2
"""Bias towards the right lane [m/s²]; the rule to keep right of European motorways."""
ROOM_AHEAD = 120.0
"""No lane is changed so near to its end [m]."""
ROOM_BEHIND = 30.0
"""Nor so near to its beginning, where who follows cannot be seen [m]."""
SLOWEST = 5.0
"""Slower than this nobody changes lanes [m/s]."""
APART = 60.0
"""Of two who want into the same lane within this distance only one goes at a time [m]."""


def incentive(own: Array, new_follower: Array, old_follower: Array, politeness: Array) -> Array:
    """Advantage of a change [m/s²], given what the change does to the acceleration of each of the three."""
    gain: Array = own + politeness * (new_follower + old_follower)
    return gain


@dataclass(frozen=True)
class Changes:
    """Lane changes that begin now; arrays of one length."""

    actor: Index
    piece: Index
    """Of the lane to which it goes."""


@dataclass(frozen=True)
class Situation:
    """What the drivers `who` (D,) have before they decide."""

    who: Index
    rows: Rows
    size: Array
    """(N, 2)"""
    middle: Array
    """(N,)"""
    desired: Array
    """(N,) [m/s]"""
    politeness: Array
    """(N,)"""
    order: Index
    """(N,) different numbers, by name."""


def lane_changes(courses: Courses, state: State, following: Following, s: Situation) -> Changes:
    """Who changes lanes now, and to where."""
    paths, facts, who = courses.paths, courses.facts, s.who
    station = state.station[who] + s.middle[who]
    leg = paths.leg(who, station)
    piece, begin = paths.piece[leg], paths.start[leg]
    settled = (np.abs(state.left[who]) < 0.6) & (state.speed[who] > SLOWEST)
    settled &= station - begin > np.where(leg > paths.first[who], ROOM_BEHIND, 0.0)
    settled &= begin + paths.pieces.length[piece] - station > ROOM_AHEAD
    advantage, target = np.full((2, len(who)), -np.inf), np.full((2, len(who)), -1)
    for k, (beside, bias) in enumerate(((facts.left, -KEEP_RIGHT), (facts.right, KEEP_RIGHT))):
        some = np.flatnonzero(settled & (beside[piece] >= 0))
        if len(some):
            there = paths.sample_leg(facts.beside[:, k], leg[some], station[some])
            gain = _gain(state, following, s, who[some], facts.lane[piece[some]], station[some] - begin[some],
                         facts.lane[beside[piece[some]]], there)  # fmt: skip
            advantage[k, some], target[k, some] = gain + bias, beside[piece[some]]
    side = np.argmax(advantage, axis=0)
    best = advantage[side, np.arange(len(who))]
    wanting = np.flatnonzero(best > THRESHOLD)
    chosen = target[side[wanting], wanting]
    keep = _one_at_a_time(facts.lane[chosen], state, who[wanting], best[wanting], s.order)
    return Changes(who[wanting][keep], chosen[keep])


def _gain(
    state: State, following: Following, s: Situation, who: Index, lane: Index, place: Array, other: Index, there: Array
) -> Array:
    """What a change from `place` on `lane` to `there` on the lane `other` brings each of `who`; -inf where unsafe."""
    old_leader, old_follower = _around(s.rows, lane, place, who)
    new_leader, new_follower = _around(s.rows, other, there, who)

    def asked(driver: Index, at: Array, leader: Index, ahead: Array) -> Array:
        return _behind(state, following, s, driver, at, leader, ahead)

    at_old, at_new = _place(s.rows, old_leader), _place(s.rows, new_leader)
    before = asked(who, place, _actor(s.rows, old_leader), at_old)
    after = asked(who, there, _actor(s.rows, new_leader), at_new)
    n, o = _actor(s.rows, new_follower), _actor(s.rows, old_follower)
    n_at, o_at = _place(s.rows, new_follower), _place(s.rows, old_follower)
    n_after = np.where(n >= 0, asked(n, n_at, who, there), 0.0)
    n_before = np.where(n >= 0, asked(n, n_at, _actor(s.rows, new_leader), at_new), 0.0)
    o_after = np.where(o >= 0, asked(o, o_at, _actor(s.rows, old_leader), at_old), 0.0)
    o_before = np.where(o >= 0, asked(o, o_at, who, place), 0.0)
    safe = (n_after > -SAFE_BRAKING) & (after > -SAFE_BRAKING)
    gain = incentive(after - before, n_after - n_before, o_after - o_before, s.politeness[who])
    return np.where(safe, gain, -np.inf)


def _around(rows: Rows, lane: Index, place: Array, who: Index) -> tuple[Index, Index]:
    """Rows of the next one ahead and the next one behind on a lane, -1 for nobody; never one's own."""
    ahead = rows.find(lane, place)
    behind = ahead - 1
    for _ in range(2):
        own = (ahead < len(rows.key)) & (rows.actor[np.minimum(ahead, len(rows.key) - 1)] == who)
        ahead = np.where(own, ahead + 1, ahead)
        behind = np.where((behind >= 0) & (rows.actor[np.maximum(behind, 0)] == who), behind - 1, behind)
    last = len(rows.key) - 1
    ahead = np.where((ahead <= last) & (rows.lane[np.minimum(ahead, last)] == lane), ahead, -1)
    behind = np.where((behind >= 0) & (rows.lane[np.maximum(behind, 0)] == lane), behind, -1)
    return ahead, behind


def _actor(rows: Rows, row: Index) -> Index:
    return np.where(row >= 0, rows.actor[row], -1)


def _place(rows: Rows, row: Index) -> Array:
    return np.where(row >= 0, rows.place[row], 0.0)


def _behind(
    state: State, following: Following, s: Situation, driver: Index, at: Array, leader: Index, ahead: Array
) -> Array:
    """What drivers at the places `at` ask for behind leaders at the places `ahead` of the same lanes [m/s²]."""
    who, other = np.maximum(driver, 0), np.maximum(leader, 0)
    gap = np.where(leader >= 0, ahead - at - 0.5 * (s.size[who, 0] + s.size[other, 0]), np.inf)
    closing = np.where(leader >= 0, state.speed[who] - state.speed[other], 0.0)
    braking = np.where(leader >= 0, state.acceleration[other], 0.0)
    drives = following.kind[who] >= 0
    asked = np.zeros(len(who))
    some = np.flatnonzero(drives)
    w = who[some]
    asked[some] = following.acceleration(w, state.speed[w], s.desired[w], gap[some], closing[some], braking[some])
    return asked


def _one_at_a_time(lane: Index, state: State, who: Index, advantage: Array, order: Index) -> Index:
    """Of those who want into one lane near each other, the one with the greatest advantage goes."""
    taken: list[tuple[int, float, float]] = []
    keep = []
    for k in np.lexsort((order[who], -advantage)).tolist():
        x, y = float(state.x[who[k]]), float(state.y[who[k]])
        if all(other != lane[k] or np.hypot(x - a, y - b) > APART for other, a, b in taken):
            keep.append(k)
            taken.append((int(lane[k]), x, y))
    return np.array(sorted(keep), dtype=np.int64)
