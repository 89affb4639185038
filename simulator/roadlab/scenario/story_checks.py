"""Whether the story names actors, events and places that exist, asks of each what it can do, and can happen."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from roadlab.roads.network import RoadNetwork
from roadlab.scenario.action_checks import action_problems, signals_problems, weather_problems
from roadlab.scenario.condition_checks import condition_problems, parts_of
from roadlab.scenario.document import DocPath
from roadlab.scenario.naming import position_problems, unknown_actors
from roadlab.scenario.parts import Parts, UnreadEvent
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import EventSpec, WhenSpec, actor_named
from roadlab.scenario.wording import shown

__all__ = ["position_problems", "story_problems"]

MAX_DEPTH = 6
"""Groups of events inside one another."""


def story_problems(parts: Parts, network: RoadNetwork | None) -> Iterator[Problem]:
    """Every problem of the story."""
    placed = dict(_placed(parts.story, ("story",)))
    names = _names(placed)
    yield from _name_problems(placed)
    yield from _circles(placed)
    for path, event in placed.items():
        if isinstance(event, UnreadEvent):
            continue
        yield from _shape_problems(path, event)
        for key in ("when", "until"):
            when: WhenSpec | None = getattr(event, key)
            if when is not None:
                yield from condition_problems((*path, key), when, parts, network, names)
        yield from _order_problems(path, event, parts, network)


def _placed(story: Sequence[EventSpec], path: DocPath) -> Iterator[tuple[DocPath, EventSpec]]:
    """Every event with its path, each before those inside it."""
    for number, event in enumerate(story):
        yield (*path, number), event
        for key in ("sequence", "parallel"):
            yield from _placed(getattr(event, key) or (), (*path, number, key))


def _names(placed: Mapping[DocPath, EventSpec]) -> dict[str, EventSpec]:
    """The events that have a name."""
    return {event.name: event for event in placed.values() if event.name is not None}


def _name_problems(placed: Mapping[DocPath, EventSpec]) -> Iterator[Problem]:
    first: dict[str, DocPath] = {}
    for path, event in placed.items():
        if event.name is None:
            continue
        if event.name in first:
            other = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in first[event.name])
            message = f"two events are named {shown(event.name)}; the other is {other.removeprefix('.')}"
            yield Problem((*path, "name"), message)
        first.setdefault(event.name, path)


def _shape_problems(path: DocPath, event: EventSpec) -> Iterator[Problem]:
    groups = [key for key in ("sequence", "parallel") if getattr(event, key) is not None]
    orders = [key for key in ("do", "weather", "signals") if getattr(event, key) is not None]
    if not groups and not orders:
        yield Problem(path, "nothing happens in this event", "give it do, weather, signals, sequence or parallel")
    if len(groups) + bool(orders) > 1:
        found = " and ".join([*groups, *orders])
        yield Problem((*path, groups[0]), f"an event has one of do, sequence and parallel; found {found}", at_key=True)
    if len([part for part in path if part in ("sequence", "parallel")]) > MAX_DEPTH:
        yield Problem(path, f"events are nested more than {MAX_DEPTH} levels deep")


def _order_problems(path: DocPath, event: EventSpec, parts: Parts, network: RoadNetwork | None) -> Iterator[Problem]:
    told: dict[str, str] = {}
    for name, action in event.told.items():
        where = (*path, "do", name)
        yield from unknown_actors(where, name, parts, at_key=True)
        for member in parts.names.members(name):
            if member in told:
                yield Problem(where, f"{member} is told something as one of {told[member]} already", at_key=True)
                break
            told[member] = name
            actor = actor_named(parts.actors, member)
            wrong = list(action_problems(where, member, action, actor, parts, network)) if actor is not None else []
            if wrong:  # and so it is for the others of a group
                yield from wrong
                break
    if event.weather is not None:
        yield from weather_problems((*path, "weather"), event.weather)
    if event.signals is not None and network is not None:
        yield from signals_problems((*path, "signals"), event.signals, network)


def _circles(placed: Mapping[DocPath, EventSpec]) -> Iterator[Problem]:
    """Events that wait for one another and so never start; each circle once, at its first event."""
    paths = {event.name: path for path, event in placed.items() if event.name is not None}
    waits = {name: paths_to for name in paths if (paths_to := _waits_for(placed[paths[name]])) is not None}
    followed: set[str] = set()
    for first in waits:
        chain: dict[str, None] = {}
        name = first
        while name in waits and name not in followed and name not in chain:
            chain[name] = None
            name = waits[name][0]
        followed.update(chain)
        if name in chain:
            circle = list(chain)[list(chain).index(name) :]
            start = min(circle, key=lambda member: list(paths).index(member))
            message = f"{' and '.join(shown(member) for member in circle)} wait for one another and never start"
            message = message if len(circle) > 1 else "an event cannot wait for itself"
            yield Problem((*paths[start], "when", *waits[start][1]), message)


def _waits_for(event: EventSpec) -> tuple[str, DocPath] | None:
    """The first event without whose start or end this one cannot start, and where that is said."""
    if event.when is None:
        return None
    for path, when in parts_of(event.when):
        needed = all(part in ("all", 0) or isinstance(part, int) for part in path)
        if needed and when.event is not None and when.event.state in ("started", "ended", "skipped", "running"):
            return when.event.of, (*path, "event", when.event.state)
    return None
