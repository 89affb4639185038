"""What no single key can tell: whether the parts of a scenario fit one another."""

from __future__ import annotations

from collections.abc import Iterator

from roadlab.actors.catalog import PEOPLE, TRAILERS, VEHICLES
from roadlab.actors.loads import BEDS
from roadlab.actors.paint import LIVERIES
from roadlab.actors.props import PROPS
from roadlab.behaviors.routes import check_way
from roadlab.roads.network import LaneKey, RoadNetwork
from roadlab.scenario.action_checks import light_problems
from roadlab.scenario.document import DocPath
from roadlab.scenario.groups import MAX_MEMBERS
from roadlab.scenario.naming import unknown_actor
from roadlab.scenario.object_checks import own_problems
from roadlab.scenario.parts import Parts
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import ActorSpec, LanePosition, RoadPosition, WorldPosition
from roadlab.scenario.story_checks import position_problems, story_problems
from roadlab.scenario.wording import listed, meant_or_known, shown

MAX_TICKS = 10_000_000
MAX_READINGS = 1_000_000
"""Of one sensor."""
MAX_ACTORS = 2000
"""With every repetition counted."""


def check(parts: Parts, network: RoadNetwork | None) -> list[Problem]:
    """Every problem between the parts; places are checked when there is a network."""
    problems = [*_size_problems(parts), *_ego_problems(parts)]
    for name, actor in parts.actors.items():
        problems += _actor_problems(("actors", name), actor)
        if network is not None:
            problems += _place_problems(("actors", name), actor, network)
    return [*problems, *own_problems(parts, network), *_group_problems(parts), *story_problems(parts, network)]


# --- sizes -----------------------------------------------------------------------------------------------------------


def _size_problems(parts: Parts) -> Iterator[Problem]:
    count = sum(actor.repeat.count if actor.repeat else 1 for actor in parts.actors.values())
    if count > MAX_ACTORS:
        yield Problem(("actors",), f"{count} actors in all; at most {MAX_ACTORS}", at_key=True)
    if parts.duration is None:
        return
    if parts.step is not None and parts.step > parts.duration:
        yield Problem(("step",), f"a step of {parts.step:g} s is longer than the duration, {parts.duration:g} s")
    if parts.step is not None and parts.duration / parts.step > MAX_TICKS:
        yield Problem(("step",), f"{parts.duration / parts.step:.0f} steps of {parts.step:g} s; at most {MAX_TICKS}")
    for name, sensor in parts.sensors.items():
        if parts.duration * sensor.rate > MAX_READINGS:
            message = f"{parts.duration * sensor.rate:.0f} readings in {parts.duration:g} s; at most {MAX_READINGS}"
            yield Problem(("sensors", name, "rate"), message)


# --- actors ----------------------------------------------------------------------------------------------------------


def _ego_problems(parts: Parts) -> Iterator[Problem]:
    egos = [name for name, actor in parts.actors.items() if actor.is_ego(name)]
    for name in egos[1:]:
        where: DocPath = ("actors", name, "role") if parts.actors[name].role else ("actors", name)
        yield Problem(where, f"two egos, {egos[0]} and {name}; a scenario has one", at_key=len(where) == 2)
    if not egos and parts.actors and not parts.broken_actors:
        yield Problem(("actors",), "no ego; name one actor ego, or give it role: ego", at_key=True)
    for name in egos:
        actor = parts.actors[name]
        if actor.model in PEOPLE or actor.model in PROPS:
            yield Problem(
                ("actors", name, "model"), f"the ego carries the sensors and must be a vehicle, not {actor.model}"
            )
        if actor.repeat is not None:
            yield Problem(("actors", name, "repeat"), "the ego cannot be repeated", at_key=True)


def _group_problems(parts: Parts) -> Iterator[Problem]:
    for group, members in parts.groups.items():
        path = ("groups", group)
        if group in parts.actors or group in parts.broken_actors or parts.names.without_groups.members(group):
            yield Problem(path, f"{group} is the name of an actor as well", at_key=True)
        if len(parts.names.members(group)) > MAX_MEMBERS:
            yield Problem(path, f"{len(parts.names.members(group))} members; at most {MAX_MEMBERS}", at_key=True)
        for number, name in enumerate(members):
            if name in parts.groups:
                message = f"{name} is a group itself; a group consists of actors and rows"
                yield Problem((*path, number), message)
            elif not parts.names.without_groups.members(name):
                yield from unknown_actor((*path, number), name, parts)


def _actor_problems(path: DocPath, actor: ActorSpec) -> Iterator[Problem]:
    if actor.paint in LIVERIES and not _has_liveries(actor.model):
        message = f"the model {actor.model} has no livery {actor.paint}; cars, pickups, vans and minibuses have"
        yield Problem((*path, "paint"), message)
    if actor.model in PEOPLE:
        reasons = {
            "drive": "walks; use walk",
            "lights": "has none",
            "parked": "cannot be parked",
            "dynamics": "walks; that is for vehicles",
        }
        yield from _not_for(path, actor, "a pedestrian", **reasons)
    elif actor.model in PROPS:
        yield from _not_for(path, actor, f"a {actor.model}", **_OF_PROPS)
    else:
        yield from _not_for(path, actor, "a vehicle", walk="does not walk; use drive")
        if actor.lights is not None:
            yield from light_problems((*path, "lights"), actor.lights, actor)
    if actor.parked:
        yield from _not_for(
            path, actor, "a parked vehicle", drive="does not drive", speed="stands still", dynamics="stands still"
        )
    yield from _dynamics_problems(path, actor)
    yield from _trailer_problems(path, actor)
    yield from _load_problems(path, actor)
    if actor.repeat is not None and isinstance(actor.at, WorldPosition):
        yield Problem((*path, "repeat"), "only actors placed on a road can be repeated along it", at_key=True)


def _load_problems(path: DocPath, actor: ActorSpec) -> Iterator[Problem]:
    if actor.load is None or actor.model in PROPS:
        return
    bed, kind = BEDS.get(actor.model), actor.load.of
    if bed is None:
        yield Problem((*path, "load"), f"a {actor.model} has no open bed; {listed(BEDS)} has", at_key=True)
    elif actor.look is not None:
        yield Problem((*path, "load"), "a model of your own has no bed that is known", at_key=True)
    elif actor.load.mass > bed.most(kind) + 1e-9:
        most = f"{bed.most(kind):.0f} kg of {kind} at most"
        yield Problem((*path, "load", "mass"), f"{actor.load.mass:g} kg; a {actor.model} carries {most}")


_OF_PROPS = {
    "drive": "stands where it is put",
    "walk": "stands where it is put",
    "speed": "stands still until something hits it",
    "dynamics": "has none to choose: it slides when it is hit",
    "lights": "has none",
    "parked": "always stands",
    "paint": "has its own colours",
    "load": "carries nothing",
    "gear": "holds nothing",
    "bag": "holds nothing",
    "look": "has a look of its own; an object can look like one of the models",
    "trailer": "pulls nothing",
}
"""Why a prop cannot have these."""


def _has_liveries(model: str) -> bool:
    return model in VEHICLES and VEHICLES[model].category in ("car", "van")


def _dynamics_problems(path: DocPath, actor: ActorSpec) -> Iterator[Problem]:
    two_wheels = actor.model in VEHICLES and VEHICLES[actor.model].track == 0.0
    if two_wheels and actor.dynamics is not None and actor.dynamics.type != "kinematic":
        message = f"a {actor.model} leans into bends, which {actor.dynamics.type} does not know; use kinematic"
        yield Problem((*path, "dynamics", "type"), message)


def _trailer_problems(path: DocPath, actor: ActorSpec) -> Iterator[Problem]:
    if actor.trailer is None:
        return
    hitch = VEHICLES[actor.model].hitch if actor.model in VEHICLES else None
    fitting = [
        name for name, trailer in TRAILERS.items() if hitch and trailer.hitch and trailer.hitch.kind == hitch.kind
    ]
    if actor.trailer not in TRAILERS:
        yield Problem(
            (*path, "trailer"), f"unknown trailer {shown(actor.trailer)}", meant_or_known(actor.trailer, TRAILERS)
        )
    elif actor.trailer not in fitting:
        message = f"a {actor.model} cannot pull a {actor.trailer}"
        yield Problem((*path, "trailer"), message, f"it can pull: {', '.join(fitting) or 'nothing'}")


def _not_for(path: DocPath, actor: ActorSpec, who: str, **reasons: str) -> Iterator[Problem]:
    for key, reason in reasons.items():
        if getattr(actor, key):
            yield Problem((*path, key), f"{who} {reason}", at_key=True)


# --- places ----------------------------------------------------------------------------------------------------------


def _place_problems(path: DocPath, actor: ActorSpec, network: RoadNetwork) -> Iterator[Problem]:
    wrong = list(position_problems((*path, "at"), actor.at, network))
    yield from wrong
    if not wrong:
        yield from _row_problems(path, actor, network)
        yield from _drive_problems(path, actor, network)
    if actor.walk is not None:
        for number, place in enumerate(actor.walk.path):
            yield from position_problems((*path, "walk", "path", number), place, network)


def _row_problems(path: DocPath, actor: ActorSpec, network: RoadNetwork) -> Iterator[Problem]:
    if actor.repeat is None or not isinstance(actor.at, LanePosition | RoadPosition):
        return
    last = actor.at.s + (actor.repeat.count - 1) * actor.repeat.spacing
    length = network.every_road[actor.at.road].length
    if not 0.0 <= last <= length:
        message = (
            f"the last of {actor.repeat.count} stands at s = {last:g} m; {actor.at.road} goes from 0 to {length:g} m"
        )
        yield Problem((*path, "repeat"), message, at_key=True)


def _drive_problems(path: DocPath, actor: ActorSpec, network: RoadNetwork) -> Iterator[Problem]:
    if actor.drive is None:
        return
    if isinstance(actor.at, LanePosition):
        road = network.every_road[actor.at.road]
        section = int(road.section_at(actor.at.s))
        kind = road.lane(actor.at.lane, section).type
        if kind in ("sidewalk", "verge"):
            yield Problem(
                (*path, "at", "lane"), f"lane {actor.at.lane} of {actor.at.road} is a {kind}; nobody drives there"
            )
            return
    route = actor.drive.route or []
    unknown = [(number, name) for number, name in enumerate(route) if name not in network.roads]
    for number, name in unknown:
        yield Problem(
            (*path, "drive", "route", number), f"unknown road {shown(name)}", meant_or_known(name, network.roads)
        )
    if route and not unknown and isinstance(actor.at, LanePosition):
        try:
            check_way(network, LaneKey(actor.at.road, actor.at.lane, section), route)
        except ValueError as error:
            yield Problem((*path, "drive", "route"), str(error), at_key=True)
