"""Whether actors can do what the story tells them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from roadlab.actors.catalog import PEOPLE, VEHICLES
from roadlab.actors.props import PROPS
from roadlab.log import SIGNAL_STATES
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import DocPath
from roadlab.scenario.naming import position_problems, unknown_actor
from roadlab.scenario.parts import Parts
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import (
    ActionSpec,
    ActorSpec,
    LanePosition,
    LightsAction,
    Position,
    RoadPosition,
    SignalsAction,
    WeatherAction,
    actor_named,
)
from roadlab.scenario.wording import listed, meant_or_known, shown

_ON_FOOT = ("walk", "run", "cross", "wait", "stand", "turn_round")
_ON_WHEELS = ("speed", "speed_profile", "brake", "keep_distance", "change_lane", "lane_offset", "follow_route")
_MOVING = (*_ON_FOOT, *_ON_WHEELS, "synchronise", "follow_trajectory", "resume")
_ALONG = ("speed", "speed_profile", "brake", "keep_distance", "synchronise", "resume")
_ACROSS = ("change_lane", "lane_offset", "follow_route", "follow_trajectory")
_OTHER = {"speed": "relative_to", "change_lane": "relative_to", "keep_distance": "to", "synchronise": "master"}
"""Keys that name another actor."""
_DOING = {
    "speed": "change its speed",
    "speed_profile": "follow a speed profile",
    "keep_distance": "keep a distance",
    "change_lane": "change lanes",
    "lane_offset": "keep beside its lane's centre",
    "follow_route": "follow a route",
    "follow_trajectory": "follow a trajectory",
    "turn_round": "turn round",
    "lights": "switch lights",
    "door": "open a door",
}


def action_problems(
    path: DocPath, name: str, action: ActionSpec, actor: ActorSpec, parts: Parts, network: RoadNetwork | None
) -> Iterator[Problem]:
    """Every problem of what one actor is told."""
    for kind in action.kinds:
        wrong = list(_unable(path, kind, name, action, actor, parts))
        yield from wrong
        yield from _form_problems(path, kind, action)
        if action.lights is not None and kind == "lights" and not wrong:
            yield from light_problems((*path, kind), action.lights, actor)
        yield from _other_problems(path, kind, name, action, parts)
        if network is not None and not wrong:
            yield from _place_problems(path, kind, action, network)
            yield from _map_problems(path, kind, action, actor, network)
    yield from _conflicts(path, name, action, actor)


def weather_problems(path: DocPath, weather: WeatherAction) -> Iterator[Problem]:
    """A change of nothing."""
    if not weather.model_dump(exclude_none=True, exclude={"over"}):
        names = [key for key in type(weather).model_fields if key != "over"]
        yield Problem(path, f"nothing changes in this weather; expected one of {listed(names)}", at_key=True)


def signals_problems(path: DocPath, signals: SignalsAction, network: RoadNetwork) -> Iterator[Problem]:
    """Heads that do not exist, and states that they cannot show."""
    heads = network.signal_names
    junctions = [name for name, junction in network.junctions.items() if junction.heads]
    for name, state in signals.show.items():
        if name not in heads and name not in junctions:
            hint = meant_or_known(name, (*junctions, *heads)) if heads else "no junction of this map has signals"
            yield Problem((*path, "show", name), f"unknown signal head or junction {shown(name)}", hint, at_key=True)
        elif state not in ("plan", *states_of(name, network)):
            yield Problem((*path, "show", name), f"{name} is a signal for people on foot; it has no {state}")


def states_of(head: str, network: RoadNetwork) -> tuple[str, ...]:
    """What a signal head, or a junction's heads, can show; those for people on foot have no amber."""
    on_foot = [walk.name for junction in network.junctions.values() for walk in junction.walk_heads]
    return ("off", "red", "green") if head in on_foot else SIGNAL_STATES


# --- who can do what --------------------------------------------------------------------------------------------------


def _unable(
    path: DocPath, kind: str, name: str, action: ActionSpec, actor: ActorSpec, parts: Parts
) -> Iterator[Problem]:
    doing = _DOING.get(kind, kind.replace("_", " "))
    on_foot, at = actor.model in PEOPLE, (*path, kind)
    if actor.model in PROPS and kind not in ("appear", "vanish"):
        yield Problem(at, f"{name} is a {actor.model} and cannot {doing}; it can appear and vanish", at_key=True)
    elif on_foot and kind in (*_ON_WHEELS, "resume", "lights", "door"):
        yield Problem(at, f"{name} is a pedestrian and cannot {doing}", at_key=True)
    elif not on_foot and kind in _ON_FOOT:
        yield Problem(at, f"{name} is a vehicle and cannot {doing}", at_key=True)
    elif actor.parked and kind in _MOVING:
        yield Problem(at, f"{name} is parked and cannot {doing}", at_key=True)
    elif kind == "door" and is_bicycle(actor):
        yield Problem(at, f"{name} is a {actor.model} and cannot {doing}: it has none", at_key=True)
    elif kind == "door":
        yield Problem(at, f"{name} cannot open a door: the model {actor.model} has none that opens", at_key=True)
    elif not actor.present and not any(order.appear for order in parts.told(name)):
        yield Problem(at, f"{name} is never there; nothing in the story lets it appear", at_key=True)
    elif kind == "appear" and actor.present and not any(order.vanish for order in parts.told(name)):
        yield Problem(at, f"{name} is there from the start", f"give {name} present: false", at_key=True)
    elif kind == "vanish" and actor.is_ego(name):
        yield Problem(at, "the ego carries the sensors and cannot vanish", at_key=True)
    elif kind in ("walk", "run") and actor.walk is None and not getattr(action, kind).path:
        yield Problem(at, f"{name} has no path to {kind} along; give one here or in its walk", at_key=True)


def is_bicycle(actor: ActorSpec) -> bool:
    """Whether it has pedals."""
    return actor.model in VEHICLES and VEHICLES[actor.model].category == "cyclist"


def light_problems(path: DocPath, lights: LightsAction, actor: ActorSpec) -> Iterator[Problem]:
    """Nothing to switch, and indicators of bicycles."""
    if lights.indicator is None and lights.beam is None:
        yield Problem(path, "expected indicator, beam or both", at_key=True)
    if lights.indicator is not None and is_bicycle(actor):
        yield Problem((*path, "indicator"), f"a {actor.model} has no indicators", at_key=True)


def _conflicts(path: DocPath, name: str, action: ActionSpec, actor: ActorSpec) -> Iterator[Problem]:
    """Two actions that control the same thing at the same time."""
    along, across = list(_ALONG), list(_ACROSS)
    if action.follow_trajectory is not None and action.follow_trajectory.points is not None:
        along.append("follow_trajectory")
    groups = [along, across, ["appear", "vanish"]]
    if actor.model in PEOPLE:
        groups = [[*_ON_FOOT, "synchronise", "follow_trajectory"], ["appear", "vanish"]]
    for group in groups:
        found = [kind for kind in action.kinds if kind in group]
        if len(found) > 1:
            message = f"{name} cannot {' and '.join(found)} at the same time; make events of them, one after another"
            yield Problem((*path, found[1]), message, at_key=True)


# --- form -------------------------------------------------------------------------------------------------------------


def _form_problems(path: DocPath, kind: str, action: ActionSpec) -> Iterator[Problem]:
    """Keys of which there must be one, or at most one."""
    spec, at = getattr(action, kind), (*path, kind)
    if kind == "speed":
        yield from _exactly(at, spec, "to", "relative_to")
        yield from _at_most(at, spec, "over", "distance", "acceleration")
        if spec.relative_to is None and (spec.by != 0.0 or spec.continuous):
            key = "by" if spec.by != 0.0 else "continuous"
            yield Problem((*at, key), f"{key} goes with relative_to", at_key=True)
    if kind == "speed_profile":
        for number, point in enumerate(spec):
            yield from _at_most((*at, number), point, "over", "acceleration")
    if kind in ("change_lane", "lane_offset"):
        yield from _at_most(at, spec, "over", "distance", "rate")
    if kind == "change_lane":
        yield from _at_most(at, spec, "left", "right")
        if spec.to is None and spec.left is None and spec.right is None and spec.relative_to is None:
            yield Problem(at, "expected a lane: to, left, right or relative_to", at_key=True)
        elif spec.to is not None and (spec.left or spec.right or spec.relative_to):
            yield Problem((*at, "to"), "to names a lane; left, right and relative_to count lanes", at_key=True)
    if kind == "keep_distance":
        yield from _exactly(at, spec, "distance", "headway")
    if kind == "cross":
        yield from _exactly(at, spec, "road", "crosswalk")
    if kind == "follow_trajectory":
        yield from _exactly(at, spec, "points", "polyline", "path")
        for number, piece in enumerate(spec.path or ()):
            if piece.arc is not None and piece.arc.radius == 0.0:
                yield Problem((*at, "path", number, "arc", "radius"), "an arc has a radius; positive turns left")
        times = [point.time for point in spec.points or ()]
        for number, (before, after) in enumerate(pairwise(times), 1):
            if after <= before:
                message = f"{after:g} s does not come after {before:g} s"
                yield Problem((*at, "points", number, "time"), message)


def _given(spec: object, keys: tuple[str, ...]) -> list[str]:
    return [key for key in keys if getattr(spec, key) is not None]


def _exactly(path: DocPath, spec: object, *keys: str) -> Iterator[Problem]:
    found = _given(spec, keys)
    if len(found) != 1:
        message = f"expected one of {' and '.join(keys)}; found {' and '.join(found) or 'none'}"
        yield Problem(path, message, at_key=True)


def _at_most(path: DocPath, spec: object, *keys: str) -> Iterator[Problem]:
    found = _given(spec, keys)
    if len(found) > 1:
        yield Problem((*path, found[1]), f"expected at most one of {', '.join(keys)}", at_key=True)


# --- other actors and places ------------------------------------------------------------------------------------------


def _other_problems(path: DocPath, kind: str, name: str, action: ActionSpec, parts: Parts) -> Iterator[Problem]:
    spec = getattr(action, kind)
    key = {"speed": "relative_to", "change_lane": "relative_to", "keep_distance": "to", "synchronise": "master"}.get(
        kind
    )
    other = getattr(spec, key) if key is not None else None
    if key is None or other is None:
        return
    wrong = unknown_actor((*path, kind, key), other, parts)
    yield from wrong
    if other == name:
        yield Problem((*path, kind, key), f"{name} cannot be told to go by itself")
    found = None if wrong else actor_named(parts.actors, other)
    if found is not None and kind == "synchronise" and _never_moves(found):
        yield Problem((*path, kind, key), f"{other} does not move and so arrives nowhere")


def _never_moves(actor: ActorSpec) -> bool:
    return actor.parked or actor.model in PROPS or (actor.walk is None and actor.model in PEOPLE)


def _place_problems(path: DocPath, kind: str, action: ActionSpec, network: RoadNetwork) -> Iterator[Problem]:
    for place, position in _places(kind, action):
        yield from position_problems((*path, kind, *place), position, network)


def _places(kind: str, action: ActionSpec) -> Iterator[tuple[DocPath, Position]]:
    if kind in ("walk", "run"):
        yield from ((("path", k), place) for k, place in enumerate(getattr(action, kind).path or ()))
    if action.follow_trajectory is not None and kind == "follow_trajectory":
        yield from ((("points", k, "at"), point.at) for k, point in enumerate(action.follow_trajectory.points or ()))
        yield from ((("polyline", k), place) for k, place in enumerate(action.follow_trajectory.polyline or ()))
    if action.synchronise is not None and kind == "synchronise":
        yield ("at",), action.synchronise.at
        yield ("master_at",), action.synchronise.master_at
    if action.appear is not None and kind == "appear" and action.appear.at is not None:
        yield ("at",), action.appear.at


def _map_problems(
    path: DocPath, kind: str, action: ActionSpec, actor: ActorSpec, network: RoadNetwork
) -> Iterator[Problem]:
    if action.change_lane is not None and kind == "change_lane" and action.change_lane.to is not None:
        yield from _lane_problems((*path, kind, "to"), action.change_lane.to, actor, network)
    for number, name in enumerate(action.follow_route or () if kind == "follow_route" else ()):
        if name not in network.roads:
            hint = meant_or_known(name, network.roads)
            yield Problem((*path, kind, number), f"unknown road {shown(name)}", hint)
    if action.cross is not None and kind == "cross":
        road, crosswalk = action.cross.road, action.cross.crosswalk
        if road is not None and road not in network.roads:
            yield Problem((*path, kind, "road"), f"unknown road {shown(road)}", meant_or_known(road, network.roads))
        names = [strip.name for strip in network.crosswalks]
        if crosswalk is not None and crosswalk not in names:
            hint = meant_or_known(crosswalk, names) if names else "this map has no crosswalk"
            yield Problem((*path, kind, "crosswalk"), f"unknown crosswalk {shown(crosswalk)}", hint)


def _lane_problems(path: DocPath, lane: int, actor: ActorSpec, network: RoadNetwork) -> Iterator[Problem]:
    route = actor.drive.route if actor.drive is not None and actor.drive.route else []
    start = [actor.at.road] if isinstance(actor.at, LanePosition | RoadPosition) else []
    roads = [road for road in dict.fromkeys((*start, *route)) if road in network.roads]
    if roads and not any(lane in network.roads[road].lane_ids for road in roads):
        lanes = ", ".join(str(known) for known in network.roads[roads[0]].lane_ids)
        yield Problem(path, f"lane {lane} does not exist on {' or '.join(roads)}; {roads[0]} has {lanes}")
