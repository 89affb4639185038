"""Who gives way to whom at a junction, as drivers see it."""

from __future__ import annotations

from enum import Enum

from roadlab.behaviors.legs import Leg, Rule
from roadlab.roads.precedence import precedence


class Right(Enum):
    """Of two who meet."""

    MINE = "mine"
    THEIRS = "theirs"
    FIRST_COME = "first come"


def right_of(mine: Leg, other: Leg, rule: Rule) -> Right:
    """Who of two goes first, who take the lanes `mine` and `other` through one junction; ValueError outside one."""
    if mine.connection is None or other.connection is None:
        raise ValueError(f"{mine.key[0]} and {other.key[0]} do not both lead through a junction")
    return _RIGHTS[precedence(mine.connection, other.connection, rule.control, rule.priority)]


_RIGHTS = {"first": Right.MINE, "second": Right.THEIRS, "first come": Right.FIRST_COME}


def gives_way(mine: Leg, other: Leg, *, signalled: bool) -> bool:
    """Whether who takes `mine` has to give way to who takes `other`, where signals or nothing at all is signed."""
    return right_of(mine, other, Rule("signals" if signalled else "right_before_left")) is Right.THEIRS
