"""How near an actor comes to others: in space, in time, and by the braking that it takes.

Definitions as in C. Johnsson, A. Laureshyn, T. De Ceunynck, "In search of surrogate safety indicators for vulnerable
road users", Transport Reviews 38 (2018), on footprints instead of points.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.dynamics.footprint import overlap
from roadlab.log import SceneLog
from roadlab.measures.footprints import Tracks, distance, time_to_overlap, tracks
from roadlab.measures.reference_drivers import rss_distance

Array = NDArray[np.float64]
Index = NDArray[np.int64]

HORIZON = 30.0
"""Nobody foresees a collision further ahead [s]."""
_CHUNK = 200_000
"""Pairs that are looked at together, for the sake of memory."""


@dataclass(frozen=True)
class Nearest:
    """A value per tick, and with whom."""

    value: Array
    """(T,)"""
    other: Index
    """(T,) index of the actor; -1 where there is none."""


def minimum_distance(log: SceneLog, actor: int) -> Nearest:
    """(T,) distance between the actor's footprint and the nearest other one [m]; 0 in a contact."""
    t = tracks(log)
    away = t.away(actor)
    nearest = away.min(axis=1, keepdims=True)  # no footprint is further than the nearest centre
    tick, other = np.nonzero(np.isfinite(away) & (away - t.radius - t.radius[actor] <= nearest))
    values = _by_chunks(t, actor, tick, other, lambda a, b, _: distance(a, b))
    return _lowest(values, tick, other, len(t.time))


def time_to_collision(log: SceneLog, actor: int) -> Nearest:
    """(T,) time until the actor's footprint meets another's if both go on as they do [s]; +inf where none would."""
    t = tracks(log)
    approach = t.velocity[:, [actor]] - t.velocity
    away, together = t.away(actor), t.radius + t.radius[actor]
    nearing = (approach * (t.center - t.center[:, [actor]])).sum(-1) > 0.0
    within = away < together + np.hypot(*np.moveaxis(approach, -1, 0)) * HORIZON
    tick, other = np.nonzero(within & (nearing | (away < together)))
    values = _by_chunks(t, actor, tick, other, time_to_overlap)
    values = np.where(values <= HORIZON, values, np.inf)
    return _lowest(values, tick, other, len(t.time))


@dataclass(frozen=True)
class Leaders:
    """Who is in front of an actor, in the strip as wide as its footprint along its heading; arrays (T,)."""

    who: Index
    """-1 where the strip is free."""
    gap: Array
    """From the actor's front to the leader's nearest part [m]; +inf where the strip is free."""
    speed: Array
    """Of the leader along the actor's heading [m/s]."""
    own_speed: Array
    """Of the actor along its heading [m/s]."""


def leaders(log: SceneLog, actor: int, reach: float = 150.0) -> Leaders:
    """Who is in front of the actor, up to `reach` [m] ahead."""
    t = tracks(log)
    ahead = np.stack([np.cos(t.yaw[:, actor]), np.sin(t.yaw[:, actor])], axis=-1)
    left = np.stack([-ahead[:, 1], ahead[:, 0]], axis=-1)
    tick, other = np.nonzero(t.away(actor) < reach + t.radius + t.radius[actor])
    shape = t.corners(tick, other) - t.center[tick, actor][:, None]
    along = np.einsum("pci,pi->pc", shape, ahead[tick])
    across = np.einsum("pci,pi->pc", shape, left[tick])
    front, side = 0.5 * t.size[actor]
    within = (across.max(1) > -side) & (across.min(1) < side) & (along.max(1) > front)
    gap = np.where(within, np.maximum(along.min(1) - front, 0.0), np.inf)
    found = _lowest(gap, tick, other, len(t.time))
    there = np.maximum(found.other, 0)
    ticks = np.arange(len(t.time))
    speed = (t.velocity[ticks, there] * ahead).sum(-1)
    own = (t.velocity[:, actor] * ahead).sum(-1)
    return Leaders(found.other, found.value, np.where(found.other >= 0, speed, 0.0), own)


def following_time_to_collision(log: SceneLog, actor: int) -> Nearest:
    """(T,) gap to the leader over the closing speed [s]; +inf without a leader, or where the gap does not shrink."""
    lead = leaders(log, actor)
    closing = lead.own_speed - lead.speed
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where((closing > 0.0) & np.isfinite(lead.gap), lead.gap / closing, np.inf)
    return Nearest(value, lead.who)


def time_headway(log: SceneLog, actor: int) -> Nearest:
    """(T,) gap to the leader over the own speed [s]; +inf without a leader, or at standstill."""
    lead = leaders(log, actor)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where((lead.own_speed > 0.1) & np.isfinite(lead.gap), lead.gap / lead.own_speed, np.inf)
    return Nearest(value, lead.who)


def deceleration_to_avoid(log: SceneLog, actor: int) -> Nearest:
    """(T,) steady braking that just avoids a leader who keeps its speed [m/s²]: closing speed² / (2 gap); 0: none."""
    lead = leaders(log, actor)
    closing = np.maximum(lead.own_speed - lead.speed, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        value = np.where(np.isfinite(lead.gap) & (closing > 0.0), closing**2 / (2.0 * lead.gap), 0.0)
    return Nearest(value, lead.who)


def safety_margin(log: SceneLog, actor: int) -> Nearest:
    """(T,) gap to the leader minus `rss_distance` [m]; negative where the actor follows too closely."""
    lead = leaders(log, actor)
    return Nearest(lead.gap - rss_distance(lead.own_speed, lead.speed), lead.who)


@dataclass(frozen=True)
class Encounter:
    """Two actors used the same ground, one after the other."""

    first: int
    second: int
    left: float
    """When the first had left it [s]."""
    entered: float
    """When the second came [s]."""

    @property
    def time(self) -> float:
        """The post-encroachment time [s]."""
        return self.entered - self.left


def post_encroachment(log: SceneLog, actor: int, longest: float = 10.0, interval: float = 0.1) -> list[Encounter]:
    """For every other actor the closest time by which the actor and it missed each other on the same ground.

    Footprints are compared every `interval` seconds, and around the closest pair on every tick; times beyond `longest`
    are not looked for.
    """
    t = tracks(log)
    step = max(1, round(interval / max(float(np.median(np.diff(t.time))), 1e-9))) if len(t.time) > 1 else 1
    ticks = np.arange(0, len(t.time), step)
    found = []
    for other in range(len(log.actors)):
        encounter = None if other == actor else _encounter(t, actor, other, ticks, longest)
        if encounter is not None:
            found.append(encounter)
    return found


def _encounter(t: Tracks, actor: int, other: int, ticks: Index, longest: float) -> Encounter | None:
    coarse = _closest_uses(t, actor, other, ticks, ticks, longest)
    if coarse is None:
        return None
    around = np.arange(-(ticks[1] - ticks[0]), ticks[1] - ticks[0] + 1) if len(ticks) > 1 else np.zeros(1, dtype=int)
    mine, theirs = (np.unique(np.clip(tick + around, 0, len(t.time) - 1)) for tick in coarse)
    fine = _closest_uses(t, actor, other, mine, theirs, longest)
    if fine is None:
        return None
    own, others = (float(t.time[tick]) for tick in fine)
    return Encounter(actor, other, own, others) if own < others else Encounter(other, actor, others, own)


def _closest_uses(
    t: Tracks, actor: int, other: int, mine: Index, theirs: Index, longest: float
) -> tuple[int, int] | None:
    """Of these ticks the two, closest in time, at which the actors used the same ground; None: never, or at once."""
    away = np.hypot(*np.moveaxis(t.center[mine, actor][:, None] - t.center[theirs, other][None], -1, 0))
    lag = np.abs(t.time[mine][:, None] - t.time[theirs][None])
    there = t.present[mine, actor][:, None] & t.present[theirs, other][None]
    i, j = np.nonzero(there & (away < t.radius[actor] + t.radius[other]) & (lag <= longest))
    if not len(i):
        return None
    met = overlap(t.corners(mine[i], np.full(len(i), actor)), t.corners(theirs[j], np.full(len(j), other)))
    i, j = i[met], j[met]
    gap = np.abs(t.time[mine[i]] - t.time[theirs[j]])
    if not len(gap) or (gap == 0.0).any():  # they touched: nobody had left
        return None
    k = int(np.argmin(gap))
    return int(mine[i[k]]), int(theirs[j[k]])


def _by_chunks(
    t: Tracks, actor: int, tick: Index, other: Index, measure: Callable[[Array, Array, Array], Array]
) -> Array:
    """(P,) `measure(own corners, other's corners, approach)` of the pairs."""
    values = np.zeros(len(tick))
    for start in range(0, len(tick), _CHUNK):
        part = slice(start, start + _CHUNK)
        at, who = tick[part], other[part]
        approach = t.velocity[at, actor] - t.velocity[at, who]
        own = t.corners(at, np.full(len(at), actor))
        values[part] = measure(own, t.corners(at, who), approach)
    return values


def _lowest(values: Array, tick: Index, other: Index, count: int) -> Nearest:
    best, who = np.full(count, np.inf), np.full(count, -1, dtype=np.int64)
    order = np.lexsort((other, values, tick))
    at, first = np.unique(tick[order], return_index=True)
    chosen = order[first]
    best[at] = values[chosen]
    who[at] = np.where(np.isfinite(values[chosen]), other[chosen], -1)
    return Nearest(best, who)
