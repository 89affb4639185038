"""The people about the streets, one by one: who they are, where they walk, and with whom.

Desired speeds: normal with 1.34 and 0.26 m/s (U. Weidmann, Transporttechnik der Fussgaenger, 1993). Everything about
one of them, or one group, is drawn by the number of its entry and its place in it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import PEOPLE
from roadlab.actors.gear import ROLLING
from roadlab.behaviors.people.wayfinding import Ground, ground_of, straightened
from roadlab.randomness import generator
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import ActorSpec, ScenarioSpec, WalkSpec, WorldPosition
from roadlab.scenario.spec.pedestrians import PedestriansSpec

Array = NDArray[np.float64]
Index = NDArray[np.int64]

MEAN_PACE, PACE_SPREAD = 1.34, 0.26
"""Of adults [m/s]."""
SLOWEST, FASTEST = 0.7, 1.98
"""Bounds of what is drawn [m/s]: 2.5 standard deviations; faster people run."""
APART = 0.9
"""People are at least so far from others at the start [m]."""
ABREAST = 0.75
"""From one to the next in a group [m]."""
TRIES = 60
"""Places looked at for each, before it is too crowded for one more."""
STAGES = 400
"""Most destinations of one person."""
SHARE = (0.12, 0.85)
"""Where on the width of the pavement people walk, from the right to the left."""
MOST = 2000
"""Actors in a run, people included."""
NEAREST_GOAL = 15.0
"""Nobody sets out for a place nearer than this [m]."""


def with_pedestrians(spec: ScenarioSpec, network: RoadNetwork) -> tuple[ScenarioSpec, list[Problem]]:
    """The scenario with its people among the actors, and what is wrong with them."""
    if not spec.pedestrians:
        return spec, []
    problems = [
        Problem(("pedestrians", number, "at", field), message)
        for number, people in enumerate(spec.pedestrians)
        if people.at is not None
        for field, message in network.problems_of(people.at)
    ]
    ground = ground_of(network)
    if ground is None or not ground.pavement.any():
        problems.append(Problem(("pedestrians",), "the map has no pavement to walk on", at_key=True))
    if problems or ground is None:
        return spec, problems
    actors = dict(spec.actors)
    taken = [network.pose(actor.at)[:2] for actor in actors.values()]
    for number, people in enumerate(spec.pedestrians):
        among = _around(ground, people, network)
        count = people.count or max(1, round((people.density or 0.0) * float(ground.area[among].sum())))
        if not len(among):
            problems.append(Problem(("pedestrians", number, "at"), "there is no pavement around this place"))
            continue
        if len(actors) + count > MOST:
            message = f"{len(actors) + count} actors in all; at most {MOST}"
            problems.append(Problem(("pedestrians", number), message, at_key=True))
            continue
        fresh = list(_people(spec, number, people, count, ground, among, taken))
        if len(fresh) < count:
            message = f"there is room for {len(fresh)} people here, not for {count}"
            problems.append(Problem(("pedestrians", number), message, at_key=True))
        for actor in fresh:
            actors[_free_name(actors)] = actor
    return spec.model_copy(update={"actors": actors, "pedestrians": []}), problems


def _free_name(actors: dict[str, ActorSpec]) -> str:
    number = sum(name.startswith("pedestrian[") for name in actors)
    while f"pedestrian[{number}]" in actors:
        number += 1
    return f"pedestrian[{number}]"


def _around(ground: Ground, people: PedestriansSpec, network: RoadNetwork) -> Index:
    among = np.flatnonzero(ground.pavement)
    if people.at is None or people.radius is None:
        return among
    x, y, _ = network.pose(people.at)
    middle = ground.corners[among].mean(axis=1)
    near: Index = among[np.hypot(middle[:, 0] - x, middle[:, 1] - y) < people.radius]
    return near


def _people(
    spec: ScenarioSpec, entry: int, people: PedestriansSpec, count: int, ground: Ground, among: Index,
    taken: list[tuple[float, float]],
) -> Iterator[ActorSpec]:  # fmt: skip
    made, number = 0, 0
    while made < count:
        draw = generator(spec.seed, "pedestrians", entry, number)
        size = _size(people.groups, draw)
        party = _party(spec, people, f"company_{entry}_{number}", min(size, count - made), ground, among, taken, draw)
        if party is None:
            return
        yield from party
        made, number = made + len(party), number + 1


def _size(share: float, draw: np.random.Generator) -> int:
    """Of the next party, so that this share of the people walks in parties of two or, every fourth one, three."""
    mean = 2.25
    together = draw.uniform() < share / mean / (1.0 - share + share / mean)
    return int(2 + (draw.uniform() < 0.25)) if together else 1


def _party(
    spec: ScenarioSpec, people: PedestriansSpec, name: str, size: int, ground: Ground, among: Index,
    taken: list[tuple[float, float]], draw: np.random.Generator,
) -> list[ActorSpec] | None:  # fmt: skip
    models = ["child" if draw.uniform() < people.children else "adult" for _ in range(size)]
    pace = min(_pace(model, draw) for model in models)
    gear = _gear(people, models, generator(spec.seed, "gear", name))
    manner = "hurried" if draw.uniform() < people.hurried else "careful"
    for _ in range(TRIES):
        triangle, place = ground.place(draw, among)
        tour = _tour(ground, triangle, place, pace * spec.duration + 10.0, draw)
        ways = _abreast(ground, place, tour, size, float(draw.uniform(*SHARE)))
        starts = [(float(way[0, 0]), float(way[0, 1])) for way in ways]
        sound = len(tour) > 0 and all(len(way) > 1 for way in ways)
        wheels = [_ahead(way) for way in ways if sound and gear in ROLLING]
        if sound and ground.holds(np.array(starts)) and _free([*starts, *wheels], taken):
            taken += [*starts, *wheels]
            return [
                _actor(model, way, pace, manner, name if size > 1 else None, gear)
                for model, way in zip(models, ways, strict=True)
            ]
    return None


def _gear(people: PedestriansSpec, models: Sequence[str], draw: np.random.Generator) -> str | None:
    """What somebody pushes or sits in who is alone; None where that is left open."""
    wheels = {"wheelchair": people.wheelchairs, "pram": people.prams * (models[0] != "child")}
    chosen = draw.choice([*wheels, ""], p=_shares(list(wheels.values())))
    return str(chosen) or None if len(models) == 1 else None


def _shares(given: list[float]) -> list[float]:
    """Probabilities of things with these shares, and of none of them; of two that exceed 1 the first goes first."""
    first, second = given
    second = min(second, 1.0 - first)
    return [first, second, 1.0 - first - second]


def _ahead(way: Array) -> tuple[float, float]:
    """Where the wheels are of what somebody pushes who sets out on a way."""
    heading = (way[1] - way[0]) / max(float(np.hypot(*(way[1] - way[0]))), 1e-9)
    x, y = (way[0] + 0.8 * heading).tolist()
    return (x, y)


def _pace(model: str, draw: np.random.Generator) -> float:
    """Children walk as fast as adults of equal Froude number."""
    scale = np.sqrt(PEOPLE[model].height / PEOPLE["adult"].height)
    return float(np.clip(draw.normal(MEAN_PACE, PACE_SPREAD), SLOWEST, FASTEST) * scale)


def _tour(
    ground: Ground, triangle: int, place: Array, length: float, draw: np.random.Generator
) -> list[tuple[list[tuple[int, int]], Array]]:
    """Ways from one destination to the next, each with the place where it ends, `length` in all [m]."""
    goals = np.flatnonzero(ground.pavement & (ground.piece == ground.piece[triangle]))
    found: list[tuple[list[tuple[int, int]], Array]] = []
    walked, here, at = 0.0, triangle, place
    for _ in range(STAGES):
        if walked > length or not len(goals):
            break
        there, goal = ground.place(draw, goals)
        if np.hypot(*(goal - at)) < NEAREST_GOAL and ground.area[goals].sum() > 4.0 * NEAREST_GOAL**2:
            continue
        way = ground.way(here, at, there, goal)
        found.append((way, goal))
        points = np.array([at, *ground.points(way, 0.5), goal])
        walked += float(np.hypot(*np.diff(points, axis=0).T).sum())
        here, at = there, goal
    return found


def _abreast(
    ground: Ground, place: Array, tour: Sequence[tuple[list[tuple[int, int]], Array]], size: int,
    share: float,
) -> list[Array]:  # fmt: skip
    """(K, 2) places on the ways of `size` people side by side."""
    ways: list[Array] = []
    normal = np.zeros(2)
    for member in range(size):
        aside = (member - 0.5 * (size - 1)) * ABREAST
        rows = [place + 0.0]
        for way, goal in tour:
            width = float(np.median([ground.width[t] for t, _ in way])) if way else 1.0
            rows += list(ground.points(way, float(np.clip(share + aside / max(width, 0.8), 0.05, 0.95))))
            if size == 1 or not way:
                rows.append(goal)
        points = straightened(np.array(rows))
        if not ways:
            heading = points[min(1, len(points) - 1)] - points[0]
            normal = np.array([-heading[1], heading[0]]) / max(float(np.hypot(*heading)), 1e-9)
        ways.append(np.concatenate([[place + aside * normal], points[1:]]))
    return ways


def _free(starts: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]]) -> bool:
    if not taken:
        return True
    gap = np.array(starts)[:, None] - np.array(taken)[None]
    return bool(np.hypot(gap[..., 0], gap[..., 1]).min() > APART)


def _actor(model: str, way: Array, pace: float, manner: str, group: str | None, gear: str | None) -> ActorSpec:
    heading = way[1] - way[0]
    places = [WorldPosition(x=round(float(x), 2), y=round(float(y), 2)) for x, y in way]
    start = places[0].model_copy(update={"heading": round(float(np.arctan2(heading[1], heading[0])), 4)})
    walk = {"path": places[1:], "speed": round(pace, 3), "crossing": manner, "group": group}
    return ActorSpec.model_validate({"model": model, "at": start, "walk": WalkSpec.model_validate(walk), "gear": gear})
