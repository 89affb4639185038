"""Who is next to whom on the lanes: vehicles sorted by lane and place, so that looking costs no more than sorting."""

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

_SPAN = 1e7
"""Longer than any lane [m]: lane number times this plus place is one sorted number for all lanes."""
_BEFORE = 1000.0
"""A vehicle whose nose is on a lane has its middle before it, by less than this [m]."""
CANDIDATES = 3
"""So many vehicles ahead on each lane are looked at; the nearest may be out of the way at the edge of the lane."""
HOPS = 2
"""So many lanes beyond the end of a lane are looked at by those who change to it."""
OWN_ROWS = 3
"""At most so many of one's own rows are next to each other."""
LANE_LOST = 4.0
"""Who is further from the middle of its lane does not count as on it [m]."""


@dataclass(frozen=True)
class Rows:
    """R entries of a vehicle on a lane, sorted by lane and place; a vehicle has one for every lane that it touches."""

    key: Array
    lane: Index
    place: Array
    """Of the footprint's middle from the lane's beginning [m]."""
    side: Array
    """How far to the left of the lane's centre it is [m]."""
    along: Array
    """Its speed along the lane [m/s]."""
    actor: Index

    def find(self, lane: Index, place: Array) -> Index:
        """Index of the first row on `lane` beyond `place`, or of where it would be."""
        found: Index = np.searchsorted(self.key, _key(lane, place), side="right")
        return found


def _key(lane: Index, place: Array) -> Array:
    key: Array = np.add(lane * _SPAN, np.maximum(place + _BEFORE, 0.0), dtype=np.float64)
    return key


def on_lanes(courses: Courses, state: State, who: Index, middle: Array) -> Flags:
    """(D,) whether the drivers `who` are where drivers on a lane are, so that those on the same lane find them."""
    paths, facts = courses.paths, courses.facts
    station = state.station[who] + middle[who]
    leg = paths.leg(who, station)
    turn = state.yaw[who] - paths.sample_leg(paths.pieces.samples[:, 2], leg, station)
    found: Flags = facts.is_lane[paths.piece[leg]] & (np.abs(state.left[who]) < LANE_LOST) & (np.cos(turn) > 0.3)
    return found & (state.station[who] <= paths.length[who])


def rows_of(courses: Courses, state: State, who: Index, size: Array, middle: Array) -> Rows:
    """The rows of the drivers `who`, who are `on_lanes`; `size` (N, 2), `middle` (N,) measure footprints [m]."""
    paths, facts = courses.paths, courses.facts
    station = state.station[who] + middle[who]
    half, wide = 0.5 * size[who, 0], 0.5 * size[who, 1]
    left, speed = state.left[who], state.speed[who]
    leg = paths.leg(who, station)
    piece, begin = paths.piece[leg], paths.start[leg]
    place = station - begin
    parts = [(facts.lane[piece], place, left, speed, who)]
    behind = (station - half < begin) & (leg > paths.first[who])
    before = leg[behind] - 1
    parts.append((facts.lane[paths.piece[before]], station[behind] - paths.start[before], left[behind],
                  speed[behind], who[behind]))  # fmt: skip
    beyond = (place + half > paths.pieces.length[piece]) & (leg < paths.last[who])
    after = leg[beyond] + 1
    parts.append((facts.lane[paths.piece[after]], station[beyond] - paths.start[after], left[beyond],
                  speed[beyond], who[beyond]))  # fmt: skip
    edge = 0.5 * facts.width[piece]
    for column, (others, side) in enumerate(((facts.left, 1.0), (facts.right, -1.0), (facts.oncoming, 1.0))):
        over = (others[piece] >= 0) & (side * left + wide > edge)
        if over.any():
            other, mine = others[piece[over]], np.flatnonzero(over)
            there = paths.sample_leg(facts.beside[:, column], leg[over], station[over])
            apart = left[mine] - side * (edge[mine] + 0.5 * facts.width[other])
            way = -1.0 if column == 2 else 1.0
            parts.append((facts.lane[other], there, way * apart, way * speed[mine], who[mine]))
    lane, at, beside, along, actor = (np.concatenate(column) for column in zip(*parts, strict=True))
    key = _key(lane, at)
    order = np.argsort(key, kind="stable")
    return Rows(key[order], lane[order], at[order], beside[order], along[order], actor[order])


def reaching(rows: Rows, courses: Courses, ahead: Ahead) -> Rows:
    """These rows, and those of everybody on the lanes to which they come, and on the lanes that lead to theirs.

    So places are below 0 for those who come, and beyond a lane's length for those who are past its end.
    """
    paths, facts = courses.paths, courses.facts
    leg = paths.leg(ahead.who, ahead.middle)
    row, column = np.nonzero(ahead.there & (ahead.begin > ahead.middle[:, None]))
    parts = [(facts.lane[ahead.piece[row, column]], (ahead.middle[row] - ahead.begin[row, column]), row)]
    who, place, piece = np.arange(len(leg)), ahead.middle - paths.start[leg], paths.piece[leg]
    before = np.flatnonzero(facts.onward >= 0)
    before = before[np.argsort(facts.onward[before], kind="stable")]
    for _ in range(HOPS):
        first, last = (np.searchsorted(facts.onward[before], piece, side) for side in ("left", "right"))
        which = np.repeat(np.arange(len(piece)), last - first)
        offset = np.arange(len(which)) - np.repeat(np.cumsum(last - first) - (last - first), last - first)
        piece = before[first[which] + offset]
        who, place = who[which], place[which] + paths.pieces.length[piece]
        parts.append((facts.lane[piece], place, who))
    lane, at, index = (np.concatenate(column) for column in zip(*parts, strict=True))
    present = np.isin(ahead.who[index], rows.actor)
    lane, at, index = lane[present], at[present], index[present]
    zero = np.zeros(len(index))
    columns = [
        np.concatenate(pair)
        for pair in (
            (rows.key, _key(lane, at)), (rows.lane, lane), (rows.place, at), (rows.side, zero),
            (rows.along, ahead.speed[index]), (rows.actor, ahead.who[index]),
        )
    ]  # fmt: skip
    order = np.argsort(columns[0], kind="stable")
    return Rows(*(column[order] for column in columns))


def around(rows: Rows, lane: Index, place: Array, who: Index) -> tuple[Index, Index]:
    """Rows of the next one ahead and the next one behind on a lane, -1 for nobody; never one's own."""
    ahead = rows.find(lane, place)
    behind, last = ahead - 1, len(rows.key) - 1
    for _ in range(OWN_ROWS):
        own = (ahead <= last) & (rows.actor[np.minimum(ahead, last)] == who)
        ahead = np.where(own, ahead + 1, ahead)
        behind = np.where((behind >= 0) & (rows.actor[np.maximum(behind, 0)] == who), behind - 1, behind)
    ahead = np.where((ahead <= last) & (rows.lane[np.minimum(ahead, last)] == lane), ahead, -1)
    behind = np.where((behind >= 0) & (rows.lane[np.maximum(behind, 0)] == lane), behind, -1)
    return ahead, behind


@dataclass(frozen=True)
class Leaders:
    """Who is next ahead of D drivers; arrays (D,)."""

    actor: Index
    """-1 for nobody."""
    gap: Array
    """Bumper to bumper [m], +inf for nobody."""
    along: Array
    """Speed of the leader along the lane [m/s]."""


def leaders(rows: Rows, courses: Courses, ahead: Ahead, size: Array, right: Array, left: Array) -> Leaders:
    """The nearest on each driver's way whose footprint reaches between `right` and `left` (D,) of its path [m]."""
    facts = courses.facts
    lane, begin, there = facts.lane[ahead.piece], ahead.begin, ahead.there
    apart = np.zeros_like(begin)
    sides = [side for side in _beside(courses, ahead, right, left) if side[2].any()]
    if sides:
        lane = np.column_stack([lane, *(s[0] for s in sides)])
        begin = np.column_stack([begin, *(s[1] for s in sides)])
        there = np.column_stack([there, *(s[2] for s in sides)])
        apart = np.column_stack([apart, *(s[3] for s in sides)])
    found = rows.find(lane, ahead.middle[:, None] - begin)
    best = Leaders(np.full(len(begin), -1), np.full(len(begin), np.inf), np.zeros(len(begin)))
    gap, along, actor = best.gap, best.along, best.actor
    if not len(rows.key):
        return best
    low, high = right[:, None] - apart, left[:, None] - apart
    for k in range(CANDIDATES):
        row = np.minimum(found + k, len(rows.key) - 1)
        other = rows.actor[row]
        wide = 0.5 * size[other, 1]
        valid = there & (found + k < len(rows.key)) & (rows.lane[row] == lane) & (other != ahead.who[:, None])
        valid &= (rows.side[row] - wide < high) & (rows.side[row] + wide > low)
        distance = np.where(valid, begin + rows.place[row] - 0.5 * size[other, 0] - ahead.front[:, None], np.inf)
        nearest = np.argmin(distance, axis=1)
        pick = (np.arange(len(nearest)), nearest)
        closer = distance[pick] < gap
        gap = np.where(closer, distance[pick], gap)
        along = np.where(closer, rows.along[row[pick]], along)
        actor = np.where(closer, other[pick], actor)
    return Leaders(actor, gap, along)


def _beside(courses: Courses, ahead: Ahead, right: Array, left: Array) -> list[tuple[Index, Array, Flags, Array]]:
    """For who reaches into a lane beside its own: that lane, where it begins, who does, how far to the left it is."""
    paths, facts = courses.paths, courses.facts
    leg = paths.leg(ahead.who, ahead.middle)
    piece = paths.piece[leg]
    edge, found = 0.5 * facts.width[piece], []
    for column, (others, side, reach) in enumerate(((facts.left, 1.0, left), (facts.right, -1.0, -right))):
        other = others[piece]
        there = (other >= 0) & (reach > edge)
        place = paths.sample_leg(facts.beside[:, column], leg, ahead.middle)
        apart = side * (edge + 0.5 * facts.width[other])
        found.append((facts.lane[other], ahead.middle - place, there, apart))
    return found
