"""Puts the objects of a scenario where it says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.randomness import generator
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.spec import LanePosition, ObjectSpec, OwnObjectSpec, Position, RoadPosition, ScenarioSpec
from roadlab_sensors.world.assembly import pose
from roadlab_sensors.world.mesh import Model, Prop
from roadlab_sensors.world.objects.base import WorldObject
from roadlab_sensors.world.objects.own import own_model
from roadlab_sensors.world.plants.seasons import Season, dressed


def objects(spec: ScenarioSpec, network: RoadNetwork, season: Season) -> tuple[Prop, ...]:
    """All objects; each looks as its name and the seed decide, and plants as the season has them."""
    return tuple(
        Prop(_built(name, thing, spec, season), _poses(thing, network)) for name, thing in spec.objects.items()
    )


def ground_taken(props: tuple[Prop, ...]) -> list[tuple[float, float, float]]:
    """(x, y, radius) [m] of circles around what was put by hand, where nothing else is to stand."""
    circles = []
    for prop in props:
        low, high = prop.model.bounds()
        middle = np.array([*(low[:2] + high[:2]) / 2, 0.0, 1.0])
        radius = float(np.hypot(*(high[:2] - low[:2])) / 2)
        circles += [(float(x), float(y), radius) for x, y in (prop.world_from_prop @ middle)[:, :2]]
    return circles


def _built(name: str, thing: ObjectSpec, spec: ScenarioSpec, season: Season) -> Model:
    if isinstance(thing, OwnObjectSpec):
        return own_model(spec.models[thing.model])
    if not isinstance(thing, WorldObject):
        raise TypeError(f"object {name!r}: {type(thing).__name__} must derive from roadlab_sensors.world.objects.base")
    return dressed(thing.build(generator(spec.seed, "object", name)), name, season, generator(spec.seed, "dress", name))


def _poses(thing: ObjectSpec, network: RoadNetwork) -> NDArray[np.float64]:
    """(K, 4, 4) of all its repetitions; generators build with the front to -y, files are turned to x forward."""
    turn = 0.0 if isinstance(thing, OwnObjectSpec) else np.pi / 2
    places = []
    for place in _places(thing):
        x, y, heading = network.pose(place)
        places.append(pose(x, y, network.height_of(place) + thing.above, heading + turn))
    return np.array(places)


def _places(thing: ObjectSpec) -> list[Position]:
    if thing.repeat is None or not isinstance(thing.at, LanePosition | RoadPosition):
        return [thing.at]
    steps = np.arange(thing.repeat.count) * thing.repeat.spacing
    return [thing.at.model_copy(update={"s": thing.at.s + float(step)}) for step in steps]
