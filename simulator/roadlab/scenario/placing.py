"""Every actor of a scenario at a position of its own."""

from __future__ import annotations

from dataclasses import replace

from roadlab.roads.network import RoadNetwork
from roadlab.scenario.parts import Parts
from roadlab.scenario.places import Chance, Places
from roadlab.scenario.problems import Problem


def placed(parts: Parts, network: RoadNetwork, chance: Chance) -> tuple[Parts, list[Problem]]:
    """The parts with all places worked out; actors without one count as broken, and the problems say why."""
    names = (*parts.actors, *parts.broken_actors)
    places = Places(parts.actors.get, names, network, chance)
    found = {name: places.placed(name) for name in parts.actors}
    actors = {name: actor for name, actor in found.items() if actor is not None}
    nowhere = tuple(name for name, actor in found.items() if actor is None)
    return replace(parts, actors=actors, broken_actors=(*parts.broken_actors, *nowhere)), places.problems
