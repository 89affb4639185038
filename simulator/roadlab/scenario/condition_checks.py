"""Whether the conditions of the story name what exists, and can ever hold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from roadlab.log import SIGNAL_STATES
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.action_checks import states_of
from roadlab.scenario.document import DocPath
from roadlab.scenario.groups import MAX_CONDITIONS, count_of_conditions, told_each
from roadlab.scenario.naming import position_problems, unknown_actors
from roadlab.scenario.parts import Parts, UnreadEvent
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import EventSpec, SignalCondition, WhenSpec, actor_named, all_events
from roadlab.scenario.wording import did_you_mean, meant_or_known, shown

MAX_DEPTH = 8
"""Conditions inside one another."""
GROUPS = ("all", "any", "none")
_PAIRS = (("actor", "target"), ("actor", "other"), ("actor", "relative_to"))


def parts_of(when: WhenSpec, path: DocPath = ()) -> Iterator[tuple[DocPath, WhenSpec]]:
    """The condition and those inside it, with their paths."""
    yield path, when
    for key in GROUPS:
        for number, part in enumerate(getattr(when, key) or ()):
            yield from parts_of(part, (*path, key, number))


def condition_problems(
    path: DocPath, when: WhenSpec, parts: Parts, network: RoadNetwork | None, events: Mapping[str, EventSpec]
) -> Iterator[Problem]:
    """Every problem of a condition and of those inside it."""
    for inside, part in parts_of(when, path):
        if sum(key in GROUPS for key in inside[len(path) :]) > MAX_DEPTH:
            yield Problem(inside, f"conditions are nested more than {MAX_DEPTH} levels deep")
            return
        yield from _actor_problems(inside, part, parts)
        yield from _bound_problems(inside, part)
        if part.event is not None:
            yield from _event_problems(inside, part, parts, events)
        if network is not None:
            yield from _network_problems(inside, part, parts, network)


def _actor_problems(path: DocPath, when: WhenSpec, parts: Parts) -> Iterator[Problem]:
    condition, kind = getattr(when, when.kind), when.kind
    named: list[tuple[DocPath, str]] = [
        ((kind, key), getattr(condition, key))
        for key in ("actor", "target", "other", "relative_to")
        if getattr(condition, key, None) is not None
    ]
    named += [((kind, "between", k), name) for k, name in enumerate(getattr(condition, "between", ()))]
    for place, name in named:
        yield from unknown_actors((*path, *place), name, parts)
        absent = next((one for one in parts.names.members(name) if _never_there(one, parts)), None)
        if absent is not None:
            yield Problem((*path, *place), f"{absent} is never there; nothing in the story lets it appear")
    yield from _group_problems(path, when, [name for _, name in named], parts)
    between = getattr(condition, "between", None)
    if between is not None and between[0] == between[1] and not parts.names.is_several(between[0]):
        yield Problem((*path, kind, "between"), f"the {_plain(kind)} is between two different actors")
    for first, second in _PAIRS:
        a, b = getattr(condition, first, None), getattr(condition, second, None)
        if a is not None and a == b and not parts.names.is_several(a):
            verb = "reach" if kind == "time_to_reach" else "be compared with"
            yield Problem((*path, kind, second), f"an actor cannot {verb} itself")


def _never_there(name: str, parts: Parts) -> bool:
    actor = actor_named(parts.actors, name)
    return actor is not None and not actor.present and not any(order.appear for order in parts.told(name))


def _group_problems(path: DocPath, when: WhenSpec, named: list[str], parts: Parts) -> Iterator[Problem]:
    if when.members is not None and not any(parts.names.is_several(name) or name in parts.groups for name in named):
        yield Problem(
            (*path, "members"), "members goes with a group or a row, and this condition names none", at_key=True
        )
    count = count_of_conditions(when, parts.names)
    if count > MAX_CONDITIONS:
        yield Problem(
            (*path, when.kind), f"{count} conditions on members of groups; at most {MAX_CONDITIONS}", at_key=True
        )


def _plain(kind: str) -> str:
    return kind.replace("_", " ")


def _bound_problems(path: DocPath, when: WhenSpec) -> Iterator[Problem]:
    condition, kind = getattr(when, when.kind), when.kind
    if kind == "time" and when.time is not None and when.time.after is None and when.time.before is None:
        yield Problem((*path, kind), "expected a bound, after or before")
    if when.time is not None and when.time.before is not None and (when.time.after or 0.0) >= when.time.before:
        yield Problem((*path, "time", "before"), "never holds: it ends before it begins")
    if not hasattr(condition, "below"):
        return
    below, above = condition.below, getattr(condition, "above", None)
    if below is None and above is None:
        yield Problem((*path, kind), "expected a bound, above or below")
    if below is not None and above is not None and above >= below:
        yield Problem((*path, kind), f"never holds: nothing is above {above:g} and below {below:g}")
    least = 0.0 if kind in ("distance", "time_headway", "time_to_collision") else None
    if kind == "speed" and when.speed is not None and when.speed.relative_to is None:
        least = 0.0
    if least is not None and below is not None and below <= least:
        yield Problem((*path, kind, "below"), f"never holds: a {_plain(kind)} is not below {below:g}")


def _event_problems(path: DocPath, when: WhenSpec, parts: Parts, events: Mapping[str, EventSpec]) -> Iterator[Problem]:
    assert when.event is not None
    state, name = when.event.state, when.event.of
    if name not in events:
        hint = did_you_mean(name, list(events))
        yield Problem((*path, "event", state), f"unknown event {shown(name)}", hint)
        return
    if isinstance(events[name], UnreadEvent):
        return
    if state == "skipped" and events[name].priority != "skip":
        yield Problem((*path, "event", state), f"never holds: {shown(name)} does not have the priority skip")
    if state == "ended" and _endless(events[name], parts):
        yield Problem((*path, "event", state), f"never holds: {shown(name)} goes on until the end of the run")


def _endless(event: EventSpec, parts: Parts) -> bool:
    """Whether one of its actions goes on for ever and nothing in the story can stop it."""
    stopping = any(
        other.until is not None or other.priority == "override" or isinstance(other, UnreadEvent)
        for other in all_events(parts.story)
    )
    for actor, action in event.told.items():
        keeps = (action.keep_distance is not None and action.keep_distance.continuous) or (
            action.speed is not None and action.speed.continuous
        )
        mine = set(parts.names.members(actor))
        others = (other for other in all_events(parts.story) if other is not event)
        alone = not any(mine & told_each(other.told, parts.names).keys() for other in others)
        if keeps and alone and not stopping:
            return True
    return False


def _network_problems(path: DocPath, when: WhenSpec, parts: Parts, network: RoadNetwork) -> Iterator[Problem]:
    if when.reach is not None:
        yield from position_problems((*path, "reach", "at"), when.reach.at, network)
    if when.signal is not None:
        yield from _signal_problems((*path, "signal"), when.signal, parts, network)
    if when.lane is not None:
        road, lane = when.lane.road, when.lane.lane
        if road is not None and road not in network.roads:
            hint = meant_or_known(road, network.roads)
            yield Problem((*path, "lane", "road"), f"unknown road {shown(road)}", hint)
        elif road is not None and lane not in network.roads[road].lane_ids:
            lanes = ", ".join(str(known) for known in network.roads[road].lane_ids)
            yield Problem((*path, "lane", "lane"), f"lane {lane} does not exist on {road}, which has {lanes}")
        elif not any(lane in other.lane_ids for other in network.every_road.values()):
            yield Problem((*path, "lane", "lane"), f"never holds: no road has a lane {lane}")


def _signal_problems(
    path: DocPath, condition: SignalCondition, parts: Parts, network: RoadNetwork
) -> Iterator[Problem]:
    heads = network.signal_names
    if condition.head not in heads:
        hint = meant_or_known(condition.head, heads) if heads else "no junction of this map has signals"
        yield Problem((*path, "head"), f"unknown signal head {shown(condition.head)}", hint)
    elif condition.shows not in states_of(condition.head, network):
        message = f"never holds: {condition.head} is a signal for people on foot; it has no {condition.shows}"
        yield Problem((*path, "shows"), message)
    ordered = {state for event in all_events(parts.story) if event.signals for state in event.signals.show.values()}
    unread = any(isinstance(event, UnreadEvent) for event in all_events(parts.story))
    if condition.shows == SIGNAL_STATES[0] and SIGNAL_STATES[0] not in ordered and not unread:
        yield Problem((*path, "shows"), "never holds: nothing in the story switches signals off")
