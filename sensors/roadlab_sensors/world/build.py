"""The whole look of a scenario: ground, surroundings and actors, from the scenario and its seed alone."""

from __future__ import annotations

from roadlab.log import ActorInfo, SceneLog
from roadlab.randomness import generator
from roadlab.scenario import Scenario
from roadlab_sensors.world.bicycle import cyclist_model
from roadlab_sensors.world.mesh import Model, World, merge
from roadlab_sensors.world.motorcycles import motorcycle_model
from roadlab_sensors.world.people import person_model
from roadlab_sensors.world.plants.seasons import season_of
from roadlab_sensors.world.road_surface import road_surface
from roadlab_sensors.world.roadside import roadside
from roadlab_sensors.world.surroundings import surroundings
from roadlab_sensors.world.vehicles import vehicle_model


def build_world(scenario: Scenario, log: SceneLog) -> World:
    """Everything there is to see in a scenario."""
    beside, environment = scenario.spec.map.surroundings, scenario.spec.environment
    season = beside.season or season_of(environment.date, environment.place.latitude)
    return World(
        ground=tuple(road_surface(scenario.network)),
        props=(
            *surroundings(scenario.network, beside, scenario.seed, season),
            *roadside(scenario.network),
        ),
        actors=tuple(actor_model(actor, scenario.seed) for actor in log.actors),
    )


def actor_model(actor: ActorInfo, seed: int) -> Model:
    """The meshes of one actor; its looks are drawn from its name, so nobody else's change them."""
    random = generator(seed, "looks", actor.name)
    if actor.kind == "pedestrian":
        model = person_model(actor.model, actor.paint, random)
    elif actor.category == "motorcyclist":
        model = motorcycle_model(actor.model, actor.paint, random)
    elif actor.kind == "cyclist":
        model = cyclist_model(actor.paint, random)
    else:
        model = vehicle_model(actor.model, actor.paint, random, occupants=0 if actor.parked else 1)
    return Model({name: tuple(merge(list(meshes))) for name, meshes in model.parts.items()})
