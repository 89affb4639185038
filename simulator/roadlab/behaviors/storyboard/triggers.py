"""Conditions over time: edges, delays, and conditions made of others.

As OpenSCENARIO has it, an edge compares a condition with the tick before and never holds on the first tick on which it
is looked at; a delay shifts the result, edges included, to later.
"""

from __future__ import annotations

from dataclasses import dataclass

from roadlab.behaviors.storyboard.conditions import GROUPS, LASTING, event_count, group, instant, lasting, read
from roadlab.behaviors.storyboard.snapshot import Snapshot
from roadlab.scenario.spec import WhenSpec
from roadlab.timing import Nanoseconds, nanoseconds, seconds


@dataclass(frozen=True, slots=True)
class Memory:
    """What a condition remembers of the tick before."""

    count: int | None = None
    """1 when it held, 0 when not, and of events how often they have happened; None before the first look."""
    since: Nanoseconds | None = None
    """Since when something lasts; None when it does not."""
    changes: tuple[tuple[Nanoseconds, bool], ...] = ()
    """Of a delayed condition: when its result changed, and to what."""
    inside: tuple[Memory, ...] = ()
    """Of the conditions in it."""


def judge(when: WhenSpec, memory: Memory, now: Snapshot) -> tuple[bool, Memory]:
    """Whether the condition counts on this tick, and what to remember for the next one."""
    count, since, inside = _count(when, memory, now)
    if now.time < nanoseconds(when.after):
        count = 0
    result = _edge(when.edge, memory.count, count)
    changes = memory.changes
    if when.delay > 0.0:
        changes, result = _delayed(changes, result, now.time, nanoseconds(when.delay))
    return result, Memory(count, since, changes, inside)


def _count(when: WhenSpec, memory: Memory, now: Snapshot) -> tuple[int, Nanoseconds | None, tuple[Memory, ...]]:
    """How often, or whether (0, 1), the condition itself holds; since when it lasts; the memories inside it."""
    kind = when.kind
    if kind in GROUPS:
        parts: list[WhenSpec] = getattr(when, kind)
        before = memory.inside or (Memory(),) * len(parts)
        judged = [judge(part, m, now) for part, m in zip(parts, before, strict=True)]
        return int(group(kind, [holds for holds, _ in judged]).holds), None, tuple(m for _, m in judged)
    if kind in LASTING:
        if not instant(when, now):
            return 0, None, ()
        since = now.time if memory.since is None else memory.since
        return int(lasting(when, seconds(now.time - since)).holds), since, ()
    if when.event is not None:
        return event_count(when.event, now), None, ()
    return int(read(when, now).holds), None, ()


def _edge(edge: str, before: int | None, count: int) -> bool:
    if edge == "none":
        return count > 0
    if before is None:
        return False
    return (edge != "falling" and count > before) or (edge != "rising" and count < before)


def _delayed(
    changes: tuple[tuple[Nanoseconds, bool], ...], result: bool, now: Nanoseconds, delay: Nanoseconds
) -> tuple[tuple[tuple[Nanoseconds, bool], ...], bool]:
    """What has to be remembered, and the result `delay` ago."""
    if not changes or changes[-1][1] != result:
        changes = (*changes, (now, result))
    past = [k for k, (time, _) in enumerate(changes) if time <= now - delay]
    if not past:
        return changes, False
    return changes[past[-1] :], changes[past[-1]][1]
