"""The whole look of a scenario: ground, surroundings and actors, from the scenario and its seed alone."""

from __future__ import annotations

import numpy as np

from roadlab.log import ActorInfo, SceneLog
from roadlab.randomness import generator
from roadlab.scenario import Scenario
from roadlab_sensors.world.bicycle import cyclist_model
from roadlab_sensors.world.furniture.props import prop_model
from roadlab_sensors.world.mesh import Model, World, merge
from roadlab_sensors.world.motorcycles import motorcycle_model
from roadlab_sensors.world.objects.own import own_model
from roadlab_sensors.world.objects.placing import ground_taken, objects
from roadlab_sensors.world.people import person_model
from roadlab_sensors.world.plants.seasons import season_of
from roadlab_sensors.world.road_surface import road_surface
from roadlab_sensors.world.roadside import roadside
from roadlab_sensors.world.surroundings import surroundings
from roadlab_sensors.world.vehicles import vehicle_model
from roadlab_sensors.world.vehicles.load import load_meshes


def build_world(scenario: Scenario, log: SceneLog) -> World:
    """Everything there is to see in a scenario."""
    beside, environment = scenario.spec.map.surroundings, scenario.spec.environment
    season = beside.season or season_of(environment.date, environment.place.latitude)
    by_hand = objects(scenario.spec, scenario.network, season)
    return World(
        ground=tuple(road_surface(scenario.network)),
        props=(
            *by_hand,
            *surroundings(scenario.network, beside, scenario.seed, season, ground_taken(by_hand)),
            *roadside(scenario.network),
        ),
        actors=tuple(look_of(actor, scenario) for actor in log.actors),
    )


def look_of(actor: ActorInfo, scenario: Scenario) -> Model:
    """The meshes of one actor, or those of the scenario's own model that it looks like."""
    if not actor.look:
        return actor_model(actor, scenario.seed)
    spec = scenario.spec.models[actor.look]
    shift = np.array(actor.box_center) - spec.box[1]
    return own_model(spec, (float(shift[0]), float(shift[1]), float(shift[2])))


def actor_model(actor: ActorInfo, seed: int) -> Model:
    """The meshes of one actor; its looks are drawn from its name, so nobody else's change them."""
    random = generator(seed, "looks", actor.name)
    if actor.kind == "pedestrian":
        model = person_model(actor.model, actor.paint, random, actor.gear, actor.bag)
    elif actor.kind == "prop":
        model = prop_model(actor.model, random)
    elif actor.category == "motorcyclist":
        model = motorcycle_model(actor.model, actor.paint, random)
    elif actor.kind == "cyclist":
        model = cyclist_model(actor.paint, random)
    else:
        model = vehicle_model(actor.model, actor.paint, random, occupants=0 if actor.parked else 1)
    if actor.load is not None:
        load = load_meshes(actor.model, actor.load, actor.load_mass, generator(seed, "load", actor.name))
        model = Model({**model.parts, "body": (*model.parts["body"], *load)})
    return Model({name: tuple(merge(list(meshes))) for name, meshes in model.parts.items()})
