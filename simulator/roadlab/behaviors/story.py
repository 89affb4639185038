"""The story: when something holds, actors do something.

A condition is looked at on every tick, on the state at its beginning; an event starts on the first tick on which its
condition holds, and only once. What it tells the actors holds from that tick on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from roadlab.actors.cast import Cast
from roadlab.dynamics.state import State
from roadlab.scenario.spec import ActionSpec, EventSpec, TimeToReachCondition, WhenSpec
from roadlab.timing import Nanoseconds, nanoseconds


@dataclass(frozen=True)
class StoryEvent:
    """An event of the story, its actors found."""

    name: str
    when: WhenSpec
    actions: tuple[tuple[int, ActionSpec], ...]
    """Index of an actor, and what it is told."""


def story(events: Sequence[EventSpec], cast: Cast) -> tuple[StoryEvent, ...]:
    """The events of a scenario; an event without a name is called `event 1` and so on, by its place in the list."""
    return tuple(
        StoryEvent(
            name=event.name or f"event {number}",
            when=event.when,
            actions=tuple((cast.index[name], action) for name, action in event.do.items()),
        )
        for number, event in enumerate(events, 1)
    )


def starting(
    events: Sequence[StoryEvent], started: Mapping[str, Nanoseconds], time: Nanoseconds, state: State, cast: Cast
) -> list[StoryEvent]:
    """The events that start now, given when others have `started`; those that start others at once come before them."""
    known = dict(started)
    found: list[StoryEvent] = []
    while True:
        fresh = [e for e in events if e.name not in known and holds(e.when, time, state, known, cast)]
        if not fresh:
            return found
        found += fresh
        known |= {event.name: time for event in fresh}


def holds(when: WhenSpec, time: Nanoseconds, state: State, started: Mapping[str, Nanoseconds], cast: Cast) -> bool:
    """Whether the condition is true of this instant."""
    if when.time is not None:
        return time >= nanoseconds(when.time.after)
    if when.distance is not None:
        a, b = (cast.index[name] for name in when.distance.between)
        return bool(np.hypot(state.x[a] - state.x[b], state.y[a] - state.y[b]) < when.distance.below)
    if when.time_to_reach is not None:
        return time_to_reach(when.time_to_reach, state, cast) < when.time_to_reach.below
    if when.speed is not None:
        speed = float(state.speed[cast.index[when.speed.actor]])
        above = when.speed.above is None or speed > when.speed.above
        return above and (when.speed.below is None or speed < when.speed.below)
    if when.event is not None and when.event.started in started:
        return time >= started[when.event.started] + nanoseconds(when.event.delay)
    return False


def time_to_reach(condition: TimeToReachCondition, state: State, cast: Cast) -> float:
    """Until the actor is abreast of its target at its present speed [s]; +inf when it stands or is past."""
    a, b = cast.index[condition.actor], cast.index[condition.target]
    ahead = (state.x[b] - state.x[a]) * np.cos(state.yaw[a]) + (state.y[b] - state.y[a]) * np.sin(state.yaw[a])
    return float(ahead / state.speed[a]) if ahead > 0.0 and state.speed[a] > 0.0 else np.inf


def foreseeable(events: Sequence[StoryEvent], name: str) -> float | None:
    """When an event will start [s], where the file alone decides that: a time, or a delay after such an event."""
    chain: list[str] = []
    delay = 0.0
    while name not in chain:
        event = next((e for e in events if e.name == name), None)
        if event is None:
            return None
        if event.when.time is not None:
            return event.when.time.after + delay
        if event.when.event is None:
            return None
        chain.append(name)
        delay, name = delay + event.when.event.delay, event.when.event.started
    return None
