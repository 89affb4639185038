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

from roadlab.behaviors.acc import constant_acceleration
from roadlab.behaviors.courses import Courses
from roadlab.behaviors.driver import Following
from roadlab.behaviors.neighbors import Rows, around
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
URGENT_BRAKING = 8.0
"""b_safe of those who have to change lanes [m/s²]: a model asks for so much behind a gap of two thirds of a second at
equal speeds, although nobody has to brake so hard:"""
BEARABLE_BRAKING = 2.0
"""If both keep their accelerations, followers need not brake harder than this, comfortably [m/s²]."""
URGE = (2.0, 4.0)
"""Bias towards the lane to which one has to change, and its growth until one's own ends [m/s²]."""
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
    side: Index
    """(D,) to where drivers have to leave their lanes soon: +1 left, -1 right, 0 for those who need not."""
    urgency: Array
    """(D,) from 0 to 1."""

    @property
    def safe_braking(self) -> Array:
        """(D,) what followers may have to brake at most [m/s²]."""
        return np.where(self.side == 0, SAFE_BRAKING, URGENT_BRAKING)

    def bias(self, side: int) -> Array:
        """(D,) towards the lane on the left (+1) or right (-1) [m/s²]; -inf away from where one has to go."""
        urged = np.where(self.side == side, URGE[0] + URGE[1] * self.urgency, -np.inf)
        return np.where(self.side == 0, -side * KEEP_RIGHT, urged)


def lane_changes(courses: Courses, state: State, following: Following, s: Situation) -> Changes:
    """Who changes lanes now, and to where."""
    paths, facts, who = courses.paths, courses.facts, s.who
    station = state.station[who] + s.middle[who]
    leg = paths.leg(who, station)
    piece, begin = paths.piece[leg], paths.start[leg]
    need = s.side != 0
    settled = (np.abs(state.left[who]) < 0.6) & (need | (state.speed[who] > SLOWEST))
    settled &= need | (station - begin > np.where(leg > paths.first[who], ROOM_BEHIND, 0.0))
    settled &= need | (begin + paths.pieces.length[piece] - station > ROOM_AHEAD)
    advantage, target = np.full((2, len(who)), -np.inf), np.full((2, len(who)), -1)
    for k, (beside, side) in enumerate(((facts.left, 1), (facts.right, -1))):
        bias = s.bias(side)
        open_to = (beside[piece] >= 0) & (need | facts.ordinary[beside[piece]]) & np.isfinite(bias)
        some = np.flatnonzero(settled & open_to)
        if len(some):
            there = paths.sample_leg(facts.beside[:, k], leg[some], station[some])
            gain = _gain(state, following, s, some, facts.lane[piece[some]], station[some] - begin[some],
                         facts.lane[beside[piece[some]]], there)  # fmt: skip
            advantage[k, some], target[k, some] = gain + bias[some], beside[piece[some]]
    chosen_side = np.argmax(advantage, axis=0)
    best = advantage[chosen_side, np.arange(len(who))]
    wanting = np.flatnonzero(best > THRESHOLD)
    chosen = target[chosen_side[wanting], wanting]
    keep = _one_at_a_time(facts.lane[chosen], state, who[wanting], best[wanting], s.order)
    return Changes(who[wanting][keep], chosen[keep])


def _gain(
    state: State, following: Following, s: Situation, some: Index, lane: Index, place: Array, other: Index, there: Array
) -> Array:
    """What a change from `place` on `lane` to `there` on the lane `other` brings `some` of them; -inf where unsafe."""
    who, most = s.who[some], s.safe_braking[some]
    old_leader, old_follower = around(s.rows, lane, place, who)
    new_leader, new_follower = around(s.rows, other, there, who)

    def asked(driver: Index, at: Array, leader: Index, ahead: Array, gaining: Array | None = None) -> Array:
        pace = np.where(leader >= 0, state.acceleration[leader], 0.0) if gaining is None else gaining
        return _behind(state, following, s, driver, at, leader, ahead, pace)

    at_old, at_new = _place(s.rows, old_leader), _place(s.rows, new_leader)
    before = asked(who, place, _actor(s.rows, old_leader), at_old)
    after = asked(who, there, _actor(s.rows, new_leader), at_new)
    n, o = _actor(s.rows, new_follower), _actor(s.rows, old_follower)
    n_at, o_at = _place(s.rows, new_follower), _place(s.rows, old_follower)
    n_after = np.where(n >= 0, asked(n, n_at, who, there, after), 0.0)  # no longer braking for the end of a lane
    n_before = np.where(n >= 0, asked(n, n_at, _actor(s.rows, new_leader), at_new), 0.0)
    o_after = np.where(o >= 0, asked(o, o_at, _actor(s.rows, old_leader), at_old), 0.0)
    o_before = np.where(o >= 0, asked(o, o_at, who, place), 0.0)
    safe = (n_after > -most) & (after > -most)
    politeness = np.where(s.side[some] == 0, s.politeness[who], 0.0)  # who has to change has no choice
    gain = incentive(after - before, n_after - n_before, o_after - o_before, politeness)
    return np.where(safe, gain, -np.inf)


def _actor(rows: Rows, row: Index) -> Index:
    return np.where(row >= 0, rows.actor[row], -1)


def _place(rows: Rows, row: Index) -> Array:
    return np.where(row >= 0, rows.place[row], 0.0)


def _behind(
    state: State,
    following: Following,
    s: Situation,
    driver: Index,
    at: Array,
    leader: Index,
    ahead: Array,
    gaining: Array,
) -> Array:
    """What drivers at the places `at` ask for behind leaders at the places `ahead` of the same lanes [m/s²].

    The leaders accelerate by `gaining`. Unsafely much where they would have to brake harder than is bearable.
    """
    who, other = np.maximum(driver, 0), np.maximum(leader, 0)
    gap = np.where(leader >= 0, ahead - at - 0.5 * (s.size[who, 0] + s.size[other, 0]), np.inf)
    closing = np.where(leader >= 0, state.speed[who] - state.speed[other], 0.0)
    drives = following.kind[who] >= 0
    asked = np.zeros(len(who))
    some = np.flatnonzero(drives)
    w = who[some]
    asked[some] = following.acceleration(w, state.speed[w], s.desired[w], gap[some], closing[some], gaining[some])
    needed = constant_acceleration(state.speed[who], gap, closing, gaining, np.inf)
    return np.where(drives & (needed < -BEARABLE_BRAKING), np.minimum(asked, -2.0 * URGENT_BRAKING), asked)


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
