"""What lies on the pieces of all paths, in flat arrays: limits, stop lines, crosswalks, bends, and who crosses whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from roadlab.behaviors.lane_keeping import BRAKING_FOR_BENDS, bend_allowance
from roadlab.behaviors.legs import Leg, Rules
from roadlab.behaviors.paths import Frame, Path, Pieces
from roadlab.behaviors.priorities import Right, right_of
from roadlab.roads.network import LaneKey

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

BRAKING_FOR_LIMITS = 1.0
"""How hard drivers brake before a lower limit [m/s²]."""
BEYOND = 12.0
"""Where two lanes merge they share the place from there on; giving way ends this far into it [m]."""
SWING_STEP = 0.25
SWING = SWING_STEP * np.arange(33)
"""How far aside turns are followed in `Facts.swing` [m]."""


SIGNED = ("priority", "yield", "stop", "all_way_stop")


@dataclass(frozen=True)
class CrossingTable:
    """R ordered pairs of lanes in each other's way; stations from the beginning of either lane [m]."""

    first: Index
    """(S + 1,) the rows of piece k are first[k] to first[k + 1]."""
    other: Index
    """(R,) the piece of the other lane."""
    enter: Array
    leave: Array
    other_enter: Array
    other_leave: Array
    gives_way: Flags
    """(R,) whether who takes the one lane gives way to who takes the other."""
    first_come: Flags
    """(R,) all-way stops: whoever has waited longer goes."""
    across: Flags
    """(R,) whether one waits before the junction rather than inside it."""
    merges: Flags
    """(R,) whether both lead to the same lane."""


@dataclass(frozen=True)
class Facts:
    """Of S pieces, in the order of `Pieces.each`; -1, False or +inf where there is none."""

    lane: Index
    """(S,) the same number for the same lane."""
    is_lane: Flags
    width: Array
    limit: Array
    """[m/s]"""
    stop: Array
    """(S,) station of the stop line [m]."""
    head: Index
    """(S,) index of the signal head that governs it."""
    signed: Flags
    """(S,) lanes inside a junction where signs tell who goes first."""
    must_halt: Flags
    """(S,) whether everybody halts at the stop line before going on."""
    enter: Array
    """(S, M) station at which each crosswalk begins [m]."""
    leave: Array
    leads_on: Flags
    """(S,) whether another lane begins where it ends."""
    turn: Index
    """(S,) +1 in a junction to the left, -1 to the right, else 0."""
    swing: Array
    """(S, M, 2) station at which a turn is m * `SWING_STEP` beside where it began, and how far ahead of there [m]."""
    junction: Index
    """(S,) a number per junction for the lanes inside it."""
    onward: Index
    """(S,) the piece that continues it, if there is only one."""
    ordinary: Flags
    """(S,) lanes that are no additional ones for those who join or leave."""
    left: Index
    """(S,) the piece beside it, for the same direction."""
    right: Index
    oncoming: Index
    """(S,) the piece to its left, for the other direction."""
    beside: Array
    """(K, 3) station of each sample on the pieces left, right and oncoming [m]."""
    crossable: Array
    """(K,) 1 where the line to the oncoming lane may be crossed, else 0."""
    bend: Array
    """(K,) per sample, square of the speed from which each later bend or bump of the piece can still be taken
    [m²/s²]."""
    bend_entry: Array
    """(S,) the same at its beginning."""
    crossings: CrossingTable
    bend_slope: float = 2.0 * BRAKING_FOR_BENDS
    limit_slope: float = 2.0 * BRAKING_FOR_LIMITS


def facts_of(pieces: Pieces, heads: Sequence[str], rules: Rules) -> Facts:
    """The facts of these pieces; `heads` are the names of all signal heads."""
    legs = [piece if isinstance(piece, Leg) else None for piece in pieces.each]
    number = {leg.key: k for k, leg in reversed(list(enumerate(legs))) if leg is not None}
    bends = [bend_allowance(piece, _bumpy(piece)) for piece in pieces.each]
    most = max([1, *(len(leg.crosswalks) for leg in legs if leg is not None)])
    enter, leave = np.full((len(legs), most), np.inf), np.full((len(legs), most), np.inf)
    for k, leg in enumerate(legs):
        for m, crossing in enumerate(leg.crosswalks if leg is not None else ()):
            enter[k, m], leave[k, m] = crossing.enter, crossing.leave
    at = {name: k for k, name in enumerate(heads)}
    beside = [[number.get(key, -1) if key else -1 for key in _sides(leg)] for leg in legs]
    sides = np.array(beside, dtype=np.int64).reshape(-1, 3)
    names = sorted({leg.connection.junction for leg in legs if leg is not None and leg.connection is not None})
    junction = {name: k for k, name in enumerate(names)}
    side = {"left": 1, "right": -1, "straight": 0}
    connections = [leg.connection if leg is not None else None for leg in legs]
    return Facts(
        lane=np.array([k if leg is None else number[leg.key] for k, leg in enumerate(legs)], dtype=np.int64),
        is_lane=np.array([leg is not None for leg in legs], dtype=bool),
        width=np.array([leg.width if leg is not None else 0.0 for leg in legs]),
        limit=np.array([leg.limit if leg is not None else np.inf for leg in legs]),
        stop=np.array([leg.stop[0] if leg is not None and leg.stop else np.inf for leg in legs]),
        head=np.array([at.get(leg.stop[1] or "", -1) if leg and leg.stop else -1 for leg in legs], dtype=np.int64),
        signed=np.array([c is not None and rules.at(c.junction).control in SIGNED for c in connections], dtype=bool),
        must_halt=np.array([leg is not None and _must_halt(leg, legs, rules) for leg in legs], dtype=bool),
        enter=enter,
        leave=leave,
        leads_on=np.array([leg is not None and leg.leads_on for leg in legs], dtype=bool),
        turn=np.array([side[c.turn] if c else 0 for c in connections], dtype=np.int64),
        swing=np.array([_swing(piece) for piece in pieces.each]).reshape(-1, len(SWING), 2),
        junction=np.array([junction[c.junction] if c else -1 for c in connections], dtype=np.int64),
        onward=np.array([number.get(leg.onward, -1) if leg and leg.onward else -1 for leg in legs], dtype=np.int64),
        ordinary=np.array([leg is not None and leg.ordinary for leg in legs], dtype=bool),
        left=sides[:, 0],
        right=sides[:, 1],
        oncoming=sides[:, 2],
        beside=np.concatenate([np.zeros((0, 3)), *(_beside(pieces.each, k, row) for k, row in enumerate(sides))]),
        crossable=np.concatenate([np.zeros(0), *(_crossable(piece) for piece in pieces.each)]),
        bend=np.concatenate([np.zeros(0), *bends]),
        bend_entry=np.array([bend[0] for bend in bends]),
        crossings=_crossing_table(legs, number, rules),
    )


def _bumpy(piece: Path) -> Array | float:
    return np.inf if not isinstance(piece, Leg) or piece.bumpy is None else piece.bumpy


def _crossable(piece: Path) -> Array:
    found = piece.crossable if isinstance(piece, Leg) else None
    return np.zeros(len(piece.x)) if found is None else found


def _swing(piece: Path) -> Array:
    """(M, 2) one row of `Facts.swing`; where the piece never gets so far aside, its end."""
    start = Frame(piece.x[:1], piece.y[:1], piece.heading[:1], piece.curvature[:1])
    along, aside = start.local(piece.x, piece.y)
    reached = np.maximum.accumulate(np.abs(aside))
    sample = np.minimum(np.searchsorted(reached, SWING), len(reached) - 1)
    return np.column_stack([sample * piece.spacing, along[sample]])


def _sides(leg: Leg | None) -> tuple[LaneKey | None, ...]:
    return (leg.left, leg.right, leg.oncoming) if leg is not None else (None, None, None)


def _beside(each: Sequence[Path], k: int, others: Index) -> Array:
    """(samples of piece k, 3) stations on the pieces `others`, 0 where there is none."""
    stations = np.zeros((len(each[k].x), 3))
    here = each[k].samples[:, :2]
    for column, other in enumerate(others):
        if other >= 0:
            _, nearest = cKDTree(each[other].samples[:, :2]).query(here)
            there = each[other].samples[nearest]
            ahead = (here[:, 0] - there[:, 0]) * np.cos(there[:, 2]) + (here[:, 1] - there[:, 1]) * np.sin(there[:, 2])
            stations[:, column] = nearest * each[other].spacing + ahead
    return stations


def _must_halt(leg: Leg, legs: Sequence[Leg | None], rules: Rules) -> bool:
    """Whether a stop sign stands at the end of the lane."""
    onward = next((other for other in legs if other and other.connection and other.connection.origin == leg.key), None)
    if leg.stop is None or onward is None or onward.connection is None:
        return False
    rule = rules.at(onward.connection.junction)
    return rule.control == "all_way_stop" or (rule.control == "stop" and leg.key[0] not in rule.priority)


def _crossing_table(legs: Sequence[Leg | None], number: dict[LaneKey, int], rules: Rules) -> CrossingTable:
    rows: list[tuple[float, ...]] = []
    first = [0]
    for leg in legs:
        for key, enter, leave, other_enter, other_leave in leg.crossings if leg is not None else ():
            other = legs[number[key]] if key in number else None
            if leg is None or other is None or leg.connection is None or other.connection is None:
                continue
            right = right_of(leg, other, rules.at(leg.connection.junction))
            merges = leg.connection.target == other.connection.target
            more = BEYOND if merges else 0.0
            spans = (enter, leave + more, other_enter, other_leave + more)
            rows.append((number[key], *spans, right is Right.THEIRS, right is Right.FIRST_COME,
                         _across(leg, other), merges))  # fmt: skip
        first.append(len(rows))
    table = np.array(rows, dtype=np.float64).reshape(-1, 9)
    flags = table[:, 5:].astype(bool)
    return CrossingTable(
        first=np.array(first, dtype=np.int64),
        other=table[:, 0].astype(np.int64),
        enter=table[:, 1],
        leave=table[:, 2],
        other_enter=table[:, 3],
        other_leave=table[:, 4],
        gives_way=flags[:, 0],
        first_come=flags[:, 1],
        across=flags[:, 2],
        merges=flags[:, 3],
    )


def _across(mine: Leg, other: Leg) -> bool:
    turn = (other.heading[0] - mine.heading[0] + np.pi) % (2 * np.pi) - np.pi
    return bool(0.25 * np.pi <= abs(turn) <= 0.75 * np.pi)
