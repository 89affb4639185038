"""Whether objects, and what actors look like and have with them, fit the rest of the scenario."""

from __future__ import annotations

from collections.abc import Iterator

from roadlab.actors.catalog import PEOPLE, VEHICLES
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import DocPath
from roadlab.scenario.naming import position_problems
from roadlab.scenario.parts import Parts
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import ActorSpec, ObjectSpec, OwnObjectSpec, WorldPosition
from roadlab.scenario.wording import meant_or_known, shown

MAX_OBJECTS = 5000
"""With every repetition counted."""


def own_problems(parts: Parts, network: RoadNetwork | None) -> Iterator[Problem]:
    """Of models, objects and looks; places are checked when there is a network."""
    for name, actor in parts.actors.items():
        if actor.look is not None:
            yield from _look_problems(("actors", name), actor, parts)
        if actor.gear is not None or actor.bag is not None:
            yield from _gear_problems(("actors", name), actor)
    for name, thing in parts.objects.items():
        path = ("objects", name)
        if isinstance(thing, OwnObjectSpec):
            yield from _unknown((*path, "model"), thing.model, parts)
        if network is not None:
            yield from position_problems((*path, "at"), thing.at, network)
        if thing.repeat is not None:
            yield from _row_problems(path, thing, network)
    count = sum(thing.repeat.count if thing.repeat else 1 for thing in parts.objects.values())
    if count > MAX_OBJECTS:
        yield Problem(("objects",), f"{count} objects in all; at most {MAX_OBJECTS}", at_key=True)


def _look_problems(path: DocPath, actor: ActorSpec, parts: Parts) -> Iterator[Problem]:
    yield from _unknown((*path, "look"), actor.look or "", parts)
    if actor.model not in VEHICLES or VEHICLES[actor.model].track == 0.0:
        message = f"a model of your own is rigid; only what has four wheels can look like one, not {shown(actor.model)}"
        yield Problem((*path, "look"), message, at_key=True)
    if actor.paint is not None:
        yield Problem((*path, "paint"), "a model of your own has its own colours", at_key=True)


def _gear_problems(path: DocPath, actor: ActorSpec) -> Iterator[Problem]:
    for key in ("gear", "bag"):
        if getattr(actor, key) is not None and actor.model not in PEOPLE:
            yield Problem((*path, key), f"only people on foot have a {key}", at_key=True)
    if actor.model == "child" and actor.gear == "pram":
        yield Problem((*path, "gear"), "a child pushes no pram")


def _unknown(path: DocPath, name: str, parts: Parts) -> Iterator[Problem]:
    if parts.models is not None and name not in parts.models:
        hint = meant_or_known(name, parts.models) if parts.models else "there are no models; add some under models"
        yield Problem(path, f"unknown model {shown(name)}", hint)


def _row_problems(path: DocPath, thing: ObjectSpec, network: RoadNetwork | None) -> Iterator[Problem]:
    if isinstance(thing.at, WorldPosition):
        yield Problem((*path, "repeat"), "only what stands by a road can be repeated along it", at_key=True)
    elif thing.repeat is not None and network is not None and thing.at.road in network.every_road:
        last = thing.at.s + (thing.repeat.count - 1) * thing.repeat.spacing
        length = network.every_road[thing.at.road].length
        if not 0.0 <= last <= length:
            message = f"the last of {thing.repeat.count} stands at s = {last:g} m; {thing.at.road} goes to {length:g} m"
            yield Problem((*path, "repeat"), message, at_key=True)
