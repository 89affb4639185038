"""Whether the story names actors, events and lanes that exist, and asks of each what it can do."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from roadlab.actors.catalog import PEOPLE
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import DocPath
from roadlab.scenario.parts import Parts
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import (
    ActionSpec,
    ActorSpec,
    EventSpec,
    LanePosition,
    Position,
    RoadPosition,
    WhenSpec,
    actor_named,
)
from roadlab.scenario.wording import did_you_mean, shown

_WALKING = ("walk", "stand")
_DRIVING = ("speed", "brake", "change_lane", "resume")


def story_problems(parts: Parts, network: RoadNetwork | None) -> Iterator[Problem]:
    """Every problem of the story."""
    yield from _name_problems(parts.story)
    yield from _circles(parts.story)
    events = [event.name for event in parts.story if event.name is not None]
    for number, event in enumerate(parts.story):
        path: DocPath = ("story", number)
        yield from _when_problems((*path, "when"), event, parts, events)
        for name, action in event.do.items():
            wrong = _unknown_actor((*path, "do", name), name, parts, at_key=True)
            yield from wrong
            actor = None if wrong else actor_named(parts.actors, name)
            if actor is not None:
                yield from _action_problems((*path, "do", name), name, action, actor, network)


def _name_problems(story: Sequence[EventSpec]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for number, event in enumerate(story):
        if event.name is None:
            continue
        if event.name in first:
            message = f"two events are named {shown(event.name)}; the other is story[{first[event.name]}]"
            yield Problem(("story", number, "name"), message)
        first.setdefault(event.name, number)


def _circles(story: Sequence[EventSpec]) -> Iterator[Problem]:
    """Events that wait for one another and so never start; each circle once, at its first event."""
    numbers = {event.name: number for number, event in enumerate(story)}
    waits = {event.name: event.when.event.started for event in story if event.name and event.when.event}
    followed: set[str] = set()
    for first in waits:
        chain: dict[str, None] = {}
        name = first
        while name in waits and name not in followed and name not in chain:
            chain[name] = None
            name = waits[name]
        followed.update(chain)
        if name in chain:
            circle = list(chain)[list(chain).index(name) :]
            start = min(circle, key=lambda member: numbers[member])
            message = f"{' and '.join(shown(member) for member in circle)} wait for one another and never start"
            message = message if len(circle) > 1 else "an event cannot wait for itself"
            yield Problem(("story", numbers[start], "when", "event", "started"), message)


def _unknown_actor(path: DocPath, name: str, parts: Parts, *, at_key: bool = False) -> list[Problem]:
    row = parts.actors.get(name)
    if row is not None and row.repeat is not None:
        message = f"{name} is a row of {row.repeat.count}; name one of them, such as {name}[0]"
        return [Problem(path, message, at_key=at_key)]
    if actor_named(parts.actors, name) is not None or name.partition("[")[0] in parts.broken_actors:
        return []
    row = parts.actors.get(name.partition("[")[0])
    if row is not None and row.repeat is not None:
        hint = f"the row goes from {name.partition('[')[0]}[0] to [{row.repeat.count - 1}]"
    else:
        hint = did_you_mean(name, (*parts.actors, *parts.broken_actors))
    return [Problem(path, f"unknown actor {shown(name)}", hint, at_key)]


# --- conditions ------------------------------------------------------------------------------------------------------


def _when_problems(path: DocPath, event: EventSpec, parts: Parts, events: Sequence[str]) -> Iterator[Problem]:
    when = event.when
    for place, name in _actors_in(when):
        yield from _unknown_actor((*path, *place), name, parts)
    if when.distance is not None and when.distance.between[0] == when.distance.between[1]:
        yield Problem((*path, "distance", "between"), "the distance is between two different actors")
    if when.time_to_reach is not None and when.time_to_reach.actor == when.time_to_reach.target:
        yield Problem((*path, "time_to_reach", "target"), "an actor cannot reach itself")
    if when.speed is not None and when.speed.above is None and when.speed.below is None:
        yield Problem((*path, "speed"), "expected a bound, above or below")
    if when.event is not None:
        started = when.event.started
        if started not in events:
            yield Problem((*path, "event", "started"), f"unknown event {shown(started)}", did_you_mean(started, events))


def _actors_in(when: WhenSpec) -> Iterator[tuple[DocPath, str]]:
    if when.distance is not None:
        yield from ((("distance", "between", k), name) for k, name in enumerate(when.distance.between))
    if when.time_to_reach is not None:
        yield ("time_to_reach", "actor"), when.time_to_reach.actor
        yield ("time_to_reach", "target"), when.time_to_reach.target
    if when.speed is not None:
        yield ("speed", "actor"), when.speed.actor


# --- actions ---------------------------------------------------------------------------------------------------------


def _action_problems(
    path: DocPath, name: str, action: ActionSpec, actor: ActorSpec, network: RoadNetwork | None
) -> Iterator[Problem]:
    kind = next(key for key in type(action).model_fields if getattr(action, key) is not None)
    if actor.model in PEOPLE and kind in _DRIVING:
        yield Problem((*path, kind), f"{name} is a pedestrian and cannot {_verb(kind)}", at_key=True)
    elif actor.model not in PEOPLE and kind in _WALKING:
        yield Problem((*path, kind), f"{name} is a vehicle and cannot {_verb(kind)}", at_key=True)
    elif actor.parked:
        yield Problem((*path, kind), f"{name} is parked and cannot {_verb(kind)}", at_key=True)
    elif action.walk is not None and actor.walk is None and action.walk.path is None:
        yield Problem((*path, kind), f"{name} has no path to walk along; give one here or in its walk", at_key=True)
    if network is None:
        return
    if action.walk is not None:
        for number, place in enumerate(action.walk.path or []):
            yield from position_problems((*path, "walk", "path", number), place, network)
    if action.change_lane is not None:
        yield from _lane_problems((*path, "change_lane", "to"), action.change_lane.to, actor, network)


def _verb(kind: str) -> str:
    return {"speed": "change its speed", "change_lane": "change lanes", "resume": "resume driving"}.get(kind, kind)


def position_problems(path: DocPath, place: Position, network: RoadNetwork) -> Iterator[Problem]:
    """Why a place, which stands at `path`, is not on the network."""
    for field, message in network.problems_of(place):
        yield Problem((*path, field), message)


def _lane_problems(path: DocPath, lane: int, actor: ActorSpec, network: RoadNetwork) -> Iterator[Problem]:
    route = actor.drive.route if actor.drive is not None and actor.drive.route else []
    start = [actor.at.road] if isinstance(actor.at, LanePosition | RoadPosition) else []
    roads = [road for road in dict.fromkeys((*start, *route)) if road in network.roads]
    if roads and not any(lane in network.roads[road].lane_ids for road in roads):
        lanes = ", ".join(str(known) for known in network.roads[roads[0]].lane_ids)
        yield Problem(path, f"lane {lane} does not exist on {' or '.join(roads)}; {roads[0]} has {lanes}")
