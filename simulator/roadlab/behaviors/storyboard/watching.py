"""The conditions of a story, read from a log: what a viewer shows of them at any instant."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from roadlab.behaviors.storyboard.conditions import GROUPS, LASTING, Reading, group, instant, lasting, read
from roadlab.behaviors.storyboard.snapshot import Setting, Snapshot, Tale, setting_of
from roadlab.log import Event, SceneLog
from roadlab.scenario.load import Scenario
from roadlab.scenario.spec import EventSpec, WhenSpec, all_events
from roadlab.timing import Nanoseconds, seconds


def condition_value(log: SceneLog, condition: WhenSpec, tick: int) -> Reading:
    """The value of a condition against its threshold on a tick of a log, without its edge, delay and `after`.

    Of `all`, `any` and `none` it is how many of the conditions in it hold. KeyError for actors, heads and events that
    the log does not have.
    """
    kind = condition.kind
    if kind in GROUPS:
        return group(kind, [condition_value(log, part, tick).holds for part in getattr(condition, kind)])
    if kind in LASTING:
        return lasting(condition, _held(log, condition, tick))
    return read(condition, snapshot_of(log, tick))


def snapshot_of(log: SceneLog, tick: int) -> Snapshot:
    """What the conditions of the story look at on a tick of a log."""
    time, yaw = int(log.time[tick]), log.attitude[tick, :, 0]
    velocity = log.velocity[tick]
    happened = [event for event in log.events if event.time <= time]
    index = {actor.name: k for k, actor in enumerate(log.actors)}
    pairs = [[index[name] for name in event.actors] for event in happened if event.kind == "contact"]
    return Snapshot(
        setting=_setting(log),
        time=time,
        x=log.position[tick, :, 0],
        y=log.position[tick, :, 1],
        yaw=yaw,
        speed=velocity[:, 0] * np.cos(yaw) + velocity[:, 1] * np.sin(yaw),
        acceleration=log.acceleration[tick],
        present=log.present[tick],
        travelled=_travelled(log, tick),
        signals=log.signals[tick],
        touched=np.array(pairs, dtype=np.int64).reshape(-1, 2),
        tales=_tales(log, happened),
    )


def _setting(log: SceneLog) -> Setting:
    return setting_of(log.actors, _scenario(log.scenario).network, log.signal_names)


@lru_cache(maxsize=2)
def _scenario(text: str) -> Scenario:
    return Scenario.from_json(text)


def _travelled(log: SceneLog, tick: int) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    way = np.hypot(*np.moveaxis(np.diff(log.position[: tick + 1, :, :2], axis=0), -1, 0))
    appeared = log.present[1 : tick + 1] & log.present[:tick]
    total: np.ndarray[tuple[int], np.dtype[np.float64]] = np.where(appeared, way, 0.0).sum(axis=0)
    return total


def _held(log: SceneLog, condition: WhenSpec, tick: int) -> float:
    """How long what the condition waits for has been true [s]; -1 when it is not."""
    first = tick
    while first >= 0 and instant(condition, snapshot_of(log, first)):
        first -= 1
    return -1.0 if first == tick else seconds(int(log.time[tick] - log.time[first + 1]))


def _tales(log: SceneLog, happened: list[Event]) -> dict[str, Tale]:
    """How every event with a name has gone; one whose turn has not come counts as waiting."""
    return {
        event.name: _tale(event, [e for e in happened if e.name == event.name])
        for event in all_events(_scenario(log.scenario).spec.story)
        if event.name is not None
    }


def _tale(event: EventSpec, happened: list[Event]) -> Tale:
    def moments(*kinds: str) -> tuple[Nanoseconds, ...]:
        return tuple(e.time for e in happened if e.kind in kinds)

    started, ended, skipped = moments("story"), moments("story_end", "story_stop"), moments("story_skip")
    state = "running" if len(started) > len(ended) else "standby"
    over = len(started) + len(skipped) >= event.repeat or bool(moments("story_stop"))
    state = "complete" if state == "standby" and over else state
    since = max((*started, *ended, *skipped), default=0)
    return Tale(state, since, started, ended, skipped)
