"""Which actions an actor cannot do at the same time: those that control the same thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from roadlab.scenario.spec import FollowTrajectoryAction

if TYPE_CHECKING:
    from roadlab.behaviors.storyboard.book import Running
    from roadlab.stage import Stage

_ALONG = ("speed", "speed_profile", "brake", "keep_distance", "synchronise", "resume")
_ACROSS = ("change_lane", "lane_offset", "follow_route")
_ON_FOOT = ("walk", "run", "cross", "wait", "stand", "turn_round", "resume")


def controlled(kind: str, spec: object, *, on_foot: bool) -> frozenset[str]:
    """What an action controls: along (how fast), across (where), indicator, beam, weather, signals, or nothing."""
    if isinstance(spec, FollowTrajectoryAction):
        return frozenset(("along", "across")) if spec.points or on_foot else frozenset(("across",))
    if on_foot and (kind in _ON_FOOT or kind == "synchronise"):
        return frozenset(("along", "across"))
    if kind in _ALONG:
        return frozenset(("along",))
    if kind in _ACROSS:
        return frozenset(("across",))
    if kind in ("weather", "signals", "lights"):
        return frozenset((kind,))
    return frozenset(("along", "across", "lights")) if kind in ("appear", "vanish") else frozenset()


def conflicting(stage: Stage, new: Running, old: Running) -> bool:
    """Whether an action that begins takes over what a running one of the same actor controls."""
    on_foot = new.actor >= 0 and stage.cast.members[new.actor].info.kind == "pedestrian"
    mine = controlled(new.kind, new.spec, on_foot=on_foot)
    return bool(mine & controlled(old.kind, old.spec, on_foot=on_foot))
