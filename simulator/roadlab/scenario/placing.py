"""Every actor of a scenario at a position of its own, and every place of its story that stays where it is."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import DocPath
from roadlab.scenario.naming import unknown_actor
from roadlab.scenario.parts import Parts
from roadlab.scenario.places import Chance, Places
from roadlab.scenario.problems import Problem
from roadlab.scenario.relative import other_of
from roadlab.scenario.spec.positions import BesidePlace, RelativePlace, with_places


def placed(parts: Parts, network: RoadNetwork, chance: Chance) -> tuple[Parts, list[Problem]]:
    """The parts with all places worked out; actors without one count as broken, and the problems say why.

    Places of the story that are relative to others are left, for they move; only their names are looked at.
    """
    names = (*parts.actors, *parts.broken_actors)
    places = Places(parts.actors.get, names, network, chance)
    found = {name: places.placed(name) for name in parts.actors}
    actors = {name: actor for name, actor in found.items() if actor is not None}
    nowhere = tuple(name for name, actor in found.items() if actor is None)
    problems: list[Problem] = []

    def of_story(path: DocPath, place: Any) -> Any:
        if isinstance(place, RelativePlace):
            problems.extend(_relative_problems(path, place, parts))
            return place
        return places.somewhere(path, place)

    parts = replace(
        parts,
        story=with_places(parts.story, of_story, ("story",)),
        pedestrians=with_places(parts.pedestrians, places.somewhere, ("pedestrians",)),
        actors=actors,
        broken_actors=(*parts.broken_actors, *nowhere),
    )
    return parts, [*places.problems, *problems]


def _relative_problems(path: DocPath, place: RelativePlace, parts: Parts) -> list[Problem]:
    name, key = other_of(place)
    wrong = unknown_actor((*path, key), name, parts)
    if not isinstance(place, BesidePlace) and (place.by is None) == (place.gap is None):
        wrong.append(Problem(path, "expected exactly one of by and gap"))
    return wrong
