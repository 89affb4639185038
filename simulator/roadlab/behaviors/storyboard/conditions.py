"""What each condition of the story says of one instant: its value, its threshold, and whether it holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import shapely

from roadlab.behaviors.storyboard.measures import ahead, closing_speed, distance, gap
from roadlab.behaviors.storyboard.relative import place_now
from roadlab.behaviors.storyboard.snapshot import Snapshot
from roadlab.log import SIGNAL_STATES
from roadlab.scenario.spec import EventCondition, TimeToReachCondition, WhenSpec
from roadlab.timing import nanoseconds, seconds

AT_REST = 0.05
"""Slower than this counts as standing [m/s]."""
LASTING = ("standstill", "off_road")
"""Conditions that have to last for a time."""
GROUPS = ("all", "any", "none")


@dataclass(frozen=True, slots=True)
class Reading:
    """The value of a condition against its threshold."""

    value: float
    """NaN where there is none, as of an actor that is not present."""
    unit: str
    holds: bool
    below: float | None = None
    """It holds for smaller values than this ..."""
    above: float | None = None
    """... and for larger ones than this."""


def bounded(value: float, unit: str, below: float | None, above: float | None) -> Reading:
    """A value between strict bounds, of which there may be none; NaN never holds."""
    holds = (below is None or value < below) and (above is None or value > above) and not np.isnan(value)
    return Reading(value, unit, holds, below, above)


def at_least(value: float, unit: str, threshold: float) -> Reading:
    """A value that has to reach a threshold."""
    return Reading(value, unit, value >= threshold, above=threshold)


def read(when: WhenSpec, now: Snapshot) -> Reading:
    """The reading of one condition that is no group and need not last; see `lasting` for those."""
    return _READ[when.kind](when, now)


def lasting(when: WhenSpec, held: float) -> Reading:
    """The reading of a condition of `LASTING` that has been true for `held` seconds; -1 when it is not true."""
    condition = getattr(when, when.kind)
    return at_least(held, "s", condition.duration)


def instant(when: WhenSpec, now: Snapshot) -> bool:
    """Whether what a condition of `LASTING` waits for is true now."""
    condition = when.standstill or when.off_road
    if condition is None or not now.there(condition.actor):
        return False
    k = now.setting.index[condition.actor]
    if when.standstill is not None:
        return bool(abs(now.speed[k]) < AT_REST)
    return not bool(shapely.intersects_xy(now.setting.network.drivable, now.x[k], now.y[k]))


def group(kind: str, holding: list[bool]) -> Reading:
    """The reading of all, any or none of several conditions: how many of them hold."""
    count, every = float(sum(holding)), float(len(holding))
    if kind == "none":
        return Reading(count, "", count == 0.0, below=1.0)
    return at_least(count, "", every if kind == "all" else 1.0)


def event_count(condition: EventCondition, now: Snapshot) -> int:
    """How often the event has come to what is asked for; 0 or 1 of a state."""
    return now.tales[condition.of].count(condition.state, condition.delay, now.time)


# --- one function per kind --------------------------------------------------------------------------------------------


def _nothing(unit: str, below: float | None, above: float | None) -> Reading:
    return Reading(float("nan"), unit, holds=False, below=below, above=above)


def _time(when: WhenSpec, now: Snapshot) -> Reading:
    condition = when.time
    assert condition is not None
    after = condition.after is None or now.time >= nanoseconds(condition.after)
    before = condition.before is None or now.time < nanoseconds(condition.before)
    return Reading(seconds(now.time), "s", after and before, condition.before, condition.after)


def _distance(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.distance
    assert c is not None
    if not now.there(*c.between):
        return _nothing("m", c.below, c.above)
    a, b = (now.setting.index[name] for name in c.between)
    return bounded(distance(now, a, b, c.measure, freespace=c.freespace), "m", c.below, c.above)


def _time_headway(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.time_headway
    assert c is not None
    if not now.there(c.actor, c.target):
        return _nothing("s", c.below, c.above)
    a, b = now.setting.index[c.actor], now.setting.index[c.target]
    way = ahead(now, a, b, c.measure)
    if way < 0.0 or now.speed[a] <= 0.0:
        return bounded(np.inf, "s", c.below, c.above)
    way = max(0.0, gap(now, a, b, c.measure)) if c.freespace else way
    return bounded(way / float(now.speed[a]), "s", c.below, c.above)


def _time_to_collision(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.time_to_collision
    assert c is not None
    if not now.there(*c.between):
        return _nothing("s", c.below, c.above)
    a, b = (now.setting.index[name] for name in c.between)
    apart, closing = distance(now, a, b, c.measure, freespace=c.freespace), closing_speed(now, a, b, c.measure)
    return bounded(apart / closing if closing > 0.0 else np.inf, "s", c.below, c.above)


def _time_to_reach(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.time_to_reach
    assert c is not None
    if not now.there(c.actor, c.target):
        return _nothing("s", c.below, None)
    return bounded(time_to_reach(c, now), "s", c.below, None)


def time_to_reach(condition: TimeToReachCondition, now: Snapshot) -> float:
    """Until the actor is abreast of its target at its present speed [s]; +inf when it stands or is past."""
    a, b = now.setting.index[condition.actor], now.setting.index[condition.target]
    way = ahead(now, a, b, "longitudinal")
    return float(way / now.speed[a]) if way > 0.0 and now.speed[a] > 0.0 else np.inf


def _reach(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.reach
    assert c is not None
    if not now.there(c.actor):
        return _nothing("m", c.within, None)
    k = now.setting.index[c.actor]
    place = place_now(now, c.at, k)
    if place is None:
        return _nothing("m", c.within, None)
    apart = float(np.hypot(now.x[k] - place[0], now.y[k] - place[1]))
    return Reading(apart, "m", apart <= c.within, below=c.within)


def _travelled(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.travelled
    assert c is not None
    return bounded(float(now.travelled[now.setting.index[c.actor]]), "m", None, c.above)


def _speed(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.speed
    assert c is not None
    others = () if c.relative_to is None else (c.relative_to,)
    if not now.there(c.actor, *others):
        return _nothing("m/s", c.below, c.above)
    less = sum(float(now.speed[now.setting.index[other]]) for other in others)
    return bounded(float(now.speed[now.setting.index[c.actor]]) - less, "m/s", c.below, c.above)


def _acceleration(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.acceleration
    assert c is not None
    if not now.there(c.actor):
        return _nothing("m/s²", c.below, c.above)
    return bounded(float(now.acceleration[now.setting.index[c.actor]]), "m/s²", c.below, c.above)


def _lane(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.lane
    assert c is not None
    if not now.there(c.actor):
        return Reading(float("nan"), "lane", holds=False)
    k = now.setting.index[c.actor]
    at = now.setting.network.locate(np.array([[now.x[k], now.y[k]]]))
    lane, road = int(at.lane[0]), int(at.road[0])
    here = road >= 0 and (c.road is None or now.setting.network.road_names[road] == c.road)
    return Reading(float(lane), "lane", here and lane == c.lane)


def _collision(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.collision
    assert c is not None
    mine = now.touched[(now.touched == now.setting.index[c.actor]).any(axis=1)]
    count = len(mine) if c.other is None else int((mine == now.setting.index[c.other]).any(axis=1).sum())
    return at_least(float(count), "", 1.0)


def _signal(when: WhenSpec, now: Snapshot) -> Reading:
    c = when.signal
    assert c is not None
    state = int(now.signals[now.setting.heads.index(c.head)])
    return Reading(float(state), "state", SIGNAL_STATES[state] == c.shows)


def _event(when: WhenSpec, now: Snapshot) -> Reading:
    assert when.event is not None
    return at_least(float(event_count(when.event, now)), "", 1.0)


_READ: dict[str, Callable[[WhenSpec, Snapshot], Reading]] = {
    "time": _time,
    "distance": _distance,
    "time_headway": _time_headway,
    "time_to_collision": _time_to_collision,
    "time_to_reach": _time_to_reach,
    "reach": _reach,
    "travelled": _travelled,
    "speed": _speed,
    "acceleration": _acceleration,
    "lane": _lane,
    "collision": _collision,
    "signal": _signal,
    "event": _event,
}
