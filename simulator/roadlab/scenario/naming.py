"""Whether names of actors and places mean something."""

from __future__ import annotations

from collections.abc import Iterator

from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import DocPath
from roadlab.scenario.parts import Parts
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import Position, actor_named
from roadlab.scenario.spec.positions import PLACES
from roadlab.scenario.wording import did_you_mean, shown


def unknown_actors(path: DocPath, name: str, parts: Parts, *, at_key: bool = False) -> list[Problem]:
    """Why the name at `path` is not that of an actor, a row or a group; empty when it is."""
    return [] if parts.names.is_several(name) else unknown_actor(path, name, parts, at_key=at_key)


def unknown_actor(path: DocPath, name: str, parts: Parts, *, at_key: bool = False) -> list[Problem]:
    """Why the name at `path` is not that of one actor; empty when it is."""
    if parts.names.is_several(name):
        members = parts.names.members(name)
        what = "group" if name in parts.groups else "row"
        message = f"{name} is a {what} of {len(members)}; name one of them, such as {members[0]}"
        return [Problem(path, message, at_key=at_key)]
    if name in parts.groups:
        return []  # none of whose members is known, which is reported there
    if actor_named(parts.actors, name) is not None or name.partition("[")[0] in parts.broken_actors:
        return []
    row = parts.actors.get(name.partition("[")[0])
    if row is not None and row.repeat is not None:
        hint = f"the row goes from {name.partition('[')[0]}[0] to [{row.repeat.count - 1}]"
    else:
        hint = did_you_mean(name, (*parts.actors, *parts.broken_actors, *parts.groups))
    return [Problem(path, f"unknown actor {shown(name)}", hint, at_key)]


def position_problems(path: DocPath, place: Position, network: RoadNetwork) -> Iterator[Problem]:
    """Why a place, which stands at `path`, is not on the network; nothing of one that is not worked out."""
    if type(place) in PLACES.values():
        return
    for field, message in network.problems_of(place):
        yield Problem((*path, field), message)
