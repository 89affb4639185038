"""Why an actor does what it does: its state, its behaviour, and the conditions of the events that concern it."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from roadlab.behaviors.storyboard.conditions import GROUPS, Reading
from roadlab.behaviors.storyboard.watching import condition_value
from roadlab.log import SIGNAL_STATES, ActorInfo
from roadlab.scenario.spec import ActorSpec, DriveSpec, EventSpec, WhenSpec, all_events
from roadlab_tools.viewer.model import Scene

_ABOUT = ("actor", "target", "other", "relative_to")


@dataclass(frozen=True)
class ConditionLine:
    """A condition at an instant, as a person reads it."""

    text: str
    holds: bool
    depth: int = 0
    """In how many groups it is."""


@dataclass(frozen=True)
class EventLines:
    """An event that concerns an actor."""

    name: str
    started: float | None
    """When it has started last [s]; None when it has not yet."""
    running: bool
    conditions: tuple[ConditionLine, ...]
    """Of `when`, then of `until`."""


def state_lines(scene: Scene, index: int, time: float) -> list[str]:
    """What an actor is and does at `time` [s]."""
    log, tick = scene.log, scene.tick_at(time)
    info, shown = log.actors[index], scene.actor_at(index, time)
    lines = [f"{info.category}, {info.model}, id {info.instance}"]
    if not shown.present:
        return [*lines, "not there"]
    length, width, height = info.size
    lines.append(f"{length:.2f} x {width:.2f} x {height:.2f} m")
    lines.append(f"speed {shown.speed * 3.6:.1f} km/h   acceleration {log.acceleration[tick, index]:+.2f} m/s²")
    lines.append(f"heading {math.degrees(shown.heading) % 360:.0f}°   {_place(scene, index, tick)}")
    lines += [f"lamps: {', '.join(sorted(shown.lamps))}"] if shown.lamps else []
    return [*lines, behaviour(spec_of(scene, info))]


def _place(scene: Scene, index: int, tick: int) -> str:
    at = scene.network.locate(scene.log.position[tick, index][None])
    if at.road[0] < 0:
        return "off the road"
    lane = f" lane {int(at.lane[0])}" if at.lane[0] else ""
    return f"{scene.network.road_names[int(at.road[0])]}{lane}, s {float(at.s[0]):.1f} m"


def spec_of(scene: Scene, info: ActorInfo) -> ActorSpec | None:
    """The entry of the scenario that an actor comes from; None for traffic."""
    actors = scene.scenario.spec.actors
    return actors.get(info.name) or actors.get(info.name.partition("[")[0])


def behaviour(spec: ActorSpec | None) -> str:
    """What an actor does until the story says otherwise."""
    if spec is None:
        return "traffic"
    if spec.parked:
        return "parked"
    if spec.walk is not None:
        return f"walks at {spec.walk.speed:g} m/s" + (", when the story says so" if spec.walk.wait else "")
    if not drives(spec):
        return "keeps its place"
    drive = spec.drive or DriveSpec()
    way = " > ".join(drive.route) if drive.route else "straight on"
    return f"drives ({drive.driver.type if drive.driver else 'idm'}): {way}"


def drives(spec: ActorSpec) -> bool:
    """Whether what is not on foot moves of its own accord."""
    return not spec.parked and (spec.drive is not None or spec.speed > 0.0)


def reasons(scene: Scene, index: int, time: float) -> list[EventLines]:
    """The events that concern an actor, in the order of the file."""
    name = scene.log.actors[index].name
    story = scene.scenario.spec.story
    return [_event(scene, event, time) for event in all_events(story) if concerns(event, name)]


def concerns(event: EventSpec, name: str) -> bool:
    """Whether an event tells an actor something, or waits for it."""
    known = (name, name.partition("[")[0])
    waited = (event.when, event.until)
    return any(one in event.told for one in known) or any(
        who in known for when in waited if when is not None for who in _mentioned(when)
    )


def _mentioned(when: WhenSpec) -> Iterator[str]:
    if when.kind in GROUPS:
        for part in getattr(when, when.kind):
            yield from _mentioned(part)
        return
    condition = getattr(when, when.kind)
    yield from getattr(condition, "between", ())
    yield from (who for key in _ABOUT if isinstance(who := getattr(condition, key, None), str))


def _event(scene: Scene, event: EventSpec, time: float) -> EventLines:
    happened = [e for e in scene.events if e.name == event.name and scene.event_time(e) <= time]
    starts = [scene.event_time(e) for e in happened if e.kind == "story"]
    ends = [e for e in happened if e.kind in ("story_end", "story_stop")]
    lines = list(_lines(scene, event.when, scene.tick_at(time), 0)) if event.when is not None else []
    if not lines:
        lines = [ConditionLine("at once, or when its turn comes", holds=True)]
    if event.until is not None:
        until = list(_lines(scene, event.until, scene.tick_at(time), 1))
        lines += [ConditionLine("until", holds=until[0].holds), *until]
    return EventLines(
        event.name or "event without a name", max(starts, default=None), len(starts) > len(ends), (*lines,)
    )


def _lines(scene: Scene, when: WhenSpec, tick: int, depth: int) -> Iterator[ConditionLine]:
    reading = condition_value(scene.log, when, tick)
    yield ConditionLine(f"{_subject(when)}: {_value(when, reading)}", reading.holds, depth)
    if when.kind in GROUPS:
        for part in getattr(when, when.kind):
            yield from _lines(scene, part, tick, depth + 1)


def _subject(when: WhenSpec) -> str:
    """What a condition looks at, such as `time_to_reach ego, anna`."""
    condition = getattr(when, when.kind)
    if when.kind == "event" and when.event is not None:
        return f"'{when.event.of}' {when.event.state}" + (f" + {when.event.delay:g} s" if when.event.delay else "")
    if when.kind == "signal" and when.signal is not None:
        return f"signal {when.signal.head}"
    names = [] if when.kind in GROUPS else list(_mentioned(when))
    more = [f"{when.edge} edge"] * (when.edge != "none") + [f"delay {when.delay:g} s"] * (when.delay > 0)
    more += [f"after {when.after:g} s"] * (when.after > 0)
    measure = getattr(condition, "measure", "euclidean")
    more += [measure] * (measure != "euclidean")
    return when.kind + (f" {', '.join(names)}" if names else "") + (f" ({', '.join(more)})" if more else "")


def _value(when: WhenSpec, reading: Reading) -> str:
    if when.kind == "signal" and when.signal is not None:
        return f"{SIGNAL_STATES[int(reading.value)]}, wanted {when.signal.shows}"
    if when.kind == "event":
        return "yes" if reading.holds else "not yet"
    if when.kind == "lane" and when.lane is not None:
        return f"{_number(reading.value, '')}, wanted {when.lane.lane}"
    least = when.kind in (*GROUPS, "collision", "standstill", "off_road")
    above = [f"{'≥' if least else '>'} {_number(reading.above, reading.unit)}"] if reading.above is not None else []
    below = [f"< {_number(reading.below, reading.unit)}"] if reading.below is not None else []
    return f"{_number(reading.value, reading.unit)}, wanted {' and '.join(above + below)}"


def _number(value: float, unit: str) -> str:
    if np.isnan(value):
        return "nothing"
    return (
        f"{value:.2f} {unit}".strip()
        if np.isfinite(value) and value != int(value)
        else ("endless" if np.isinf(value) else f"{value:.0f} {unit}".strip())
    )
