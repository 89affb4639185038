"""Who gives way to whom at a junction.

Traffic rules: StVO section 8 (right before left, priority and stop signs) and 9 (who turns gives way to oncoming and
parallel traffic); all-way stops as in the MUTCD, section 2B.07.
"""

from __future__ import annotations

from enum import Enum

import numpy as np

from roadlab.behaviors.legs import Leg, Rule


class Right(Enum):
    """Of two who meet."""

    MINE = "mine"
    THEIRS = "theirs"
    FIRST_COME = "first come"


def right_of(mine: Leg, other: Leg, rule: Rule) -> Right:
    """Who of two goes first, who take the lanes `mine` and `other` through one junction; ValueError outside one."""
    if mine.connection is None or other.connection is None:
        raise ValueError(f"{mine.key[0]} and {other.key[0]} do not both lead through a junction")
    if rule.control == "all_way_stop":
        return Right.FIRST_COME
    if rule.priority:
        mine_first = mine.connection.origin[0] in rule.priority
        if mine_first != (other.connection.origin[0] in rule.priority):
            return Right.MINE if mine_first else Right.THEIRS
    return Right.THEIRS if gives_way(mine, other, signalled=rule.control == "signals") else Right.MINE


def gives_way(mine: Leg, other: Leg, *, signalled: bool) -> bool:
    """Whether who takes `mine` has to give way to who takes `other`, where signals or nothing at all is signed."""
    turn = float(
        (other.heading[0] - mine.heading[0] + np.pi) % (2 * np.pi) - np.pi
    )  # positive: it comes from the right
    if abs(turn) > 0.75 * np.pi:
        return mine.turn == "left" and other.turn != "left"
    if abs(turn) < 0.25 * np.pi:
        return mine.turn != "straight" and other.turn == "straight"
    return turn > 0 and not signalled
