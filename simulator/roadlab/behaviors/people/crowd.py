"""People among others: they follow their paths, give way to one another, and stay on the pavement.

Somebody whom nobody and nothing influences walks exactly along its path. Everybody else moves freely in the plane, as
it has in mind since it last looked around (see `minds`); that bodies which touch push each other apart, and that
pavements and standing vehicles have edges, is felt on every tick.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import PEOPLE
from roadlab.behaviors.people.forces import RELAXATION, Pairs, apart
from roadlab.behaviors.people.minds import on_their_feet, wanted_pace
from roadlab.behaviors.people.standing import Standing, kept_out
from roadlab.behaviors.people.ways import Ways
from roadlab.behaviors.walking import ACCELERATION, ARRIVED, TURN_RATE, TURN_RESPONSE, walk

if TYPE_CHECKING:
    from roadlab.actors.cast import Cast
    from roadlab.roads.network import RoadNetwork
    from roadlab.stage import Scene, Stage

Array = NDArray[np.float64]
Index = NDArray[np.int64]

WALL_STRENGTH, WALL_RANGE = 3.0, 0.1
"""Push of an edge of the pavement [m/s²] and how it fades [m] (Moussaid et al. 2009)."""
EDGE = 0.05
"""Nobody's middle comes nearer to an edge than this [m]."""
HARDEST = 8.0
"""No push accelerates more than this [m/s²]."""
FASTEST = 1.3
"""Nobody goes faster than this share of the desired speed (Helbing and Molnar 1995)."""
SLOWEST_TURN = 0.15
"""Who goes slower does not turn to where it goes [m/s]."""
STEPPING_ASIDE = 0.5
"""Speed at which people make room for a vehicle that has come to stand too near [m/s]."""
ELBOW_ROOM = 0.05
"""Kept from vehicles [m]."""
DEPTH_SHARE = 0.75
"""Depth of a walking body, arms included, over the width of its shoulders."""


@dataclass(frozen=True)
class Crowd:
    """All people of a run, in the order of their names, so that it does not matter in which order the file has them."""

    who: Index
    """(M,) indices of actors."""
    radius: Array
    """Of a circle as large as the body seen from above [m]."""
    breadth: Array
    """Half the width with swinging arms, and a little more [m]."""
    group: Index
    """A number for each group; -1: alone."""
    careful: NDArray[np.bool_]
    """Who waits at roads for a gap that is long enough with a margin."""
    heeding: NDArray[np.bool_]
    """Who waits at roads at all."""
    ways: Ways


def crowd_of(cast: Cast, network: RoadNetwork) -> Crowd:
    """The people of a cast."""
    order = sorted((int(i) for i in cast.people), key=lambda i: cast.members[i].info.name)
    members = [cast.members[i] for i in order]
    names = [member.spec.walk.group if member.spec.walk else None for member in members]
    known = sorted({name for name in names if name is not None})
    manners = [member.spec.walk.crossing if member.spec.walk else None for member in members]
    width = np.array([PEOPLE[member.info.model].shoulder_width for member in members], dtype=np.float64)
    return Crowd(
        who=np.array(order, dtype=np.int64),
        radius=0.5 * width * np.sqrt(DEPTH_SHARE),
        breadth=np.array([0.5 * member.info.size[1] + ELBOW_ROOM for member in members], dtype=np.float64),
        group=np.array([known.index(name) if name is not None else -1 for name in names], dtype=np.int64),
        careful=np.array([manner == "careful" for manner in manners], dtype=bool),
        heeding=np.array([manner is not None for manner in manners], dtype=bool),
        ways=Ways(network),
    )


@dataclass(frozen=True)
class Stride:
    """F people who move freely, in the middle of a tick; arrays of F."""

    who: Index
    place: Array
    """(F, 2) [m]"""
    velocity: Array
    """(F, 2) [m/s]"""
    pace: Array
    """What each would go at here on a free way [m/s]."""
    radius: Array
    breadth: Array
    """Half the room that each takes beside a vehicle, arms included [m]."""


def walked(stage: Stage, scene: Scene) -> dict[str, Array]:
    """Columns of the state of `stage.crowd.who` after the tick."""
    crowd, state = stage.crowd, scene.state
    who, paths = crowd.who, scene.courses.paths
    pace = wanted_pace(stage, scene)
    steps = walk(
        paths, who, state.station[who], state.yaw[who], state.speed[who], pace, stage.step,
        _facing(scene, who),
    )  # fmt: skip
    columns = {"x": steps.x, "y": steps.y, "yaw": steps.yaw, "speed": steps.speed, "station": steps.station,
               "left": np.zeros(len(who)), "sideways": np.zeros(len(who))}  # fmt: skip
    free = np.flatnonzero(scene.minds.free[who] & on_their_feet(stage, scene))
    if len(free):
        for name, values in _moved(_stride(crowd, scene, free, pace[free]), stage, scene).items():
            columns[name][free] = values
    columns["acceleration"] = (columns["speed"] - state.speed[who]) / stage.step
    return columns


def _facing(scene: Scene, who: Index) -> Array:
    asked, kerb = scene.book.facing[who], scene.kerbs.facing[who]
    return np.where(np.isnan(asked), kerb, asked)


def _stride(crowd: Crowd, scene: Scene, rows: Index, pace: Array) -> Stride:
    state, who = scene.state, crowd.who[rows]
    c, s = np.cos(state.yaw[who]), np.sin(state.yaw[who])
    ahead, aside = state.speed[who], state.sideways[who]
    return Stride(
        who=who,
        place=np.column_stack([state.x[who], state.y[who]]),
        velocity=np.column_stack([c * ahead - s * aside, s * ahead + c * aside]),
        pace=pace,
        radius=crowd.radius[rows],
        breadth=crowd.breadth[rows],
    )


def _moved(going: Stride, stage: Stage, scene: Scene) -> dict[str, Array]:
    step, state, minds, who = stage.step, scene.state, scene.minds, going.who
    normal, rooms, aim, left = minds.normal[who], minds.rooms[who], minds.aim[who], state.left[who]
    push = minds.push[who] + _from_bodies(going, stage, scene) + _from_edges(left, going.radius, normal, rooms)
    strength = np.hypot(push[:, 0], push[:, 1])
    push = push * np.minimum(1.0, HARDEST / np.maximum(strength, 1e-9))[:, None]
    faster = going.velocity + ((_wish(going, scene) - going.velocity) / RELAXATION + push) * step
    speed = np.hypot(faster[:, 0], faster[:, 1])
    faster = faster * np.minimum(1.0, FASTEST * np.maximum(going.pace, 0.5) / np.maximum(speed, 1e-9))[:, None]
    faster[(going.pace == 0.0) & (speed < 0.05)] = 0.0
    place = going.place + faster * step
    kept = _on_pavement(place, going.place, left, normal, rooms)
    kept = _out_of_vehicles(kept, going, stage, scene)
    out = kept - place
    allowed = (np.hypot(faster[:, 0], faster[:, 1]) + STEPPING_ASIDE) * step
    place = place + out * np.minimum(1.0, allowed / np.maximum(np.hypot(out[:, 0], out[:, 1]), 1e-9))[:, None]
    moved = place - going.place
    faster = moved / step
    yaw = state.yaw[who] + _turn(state.yaw[who], going.pace, faster, aim, step)
    c, s = np.cos(yaw), np.sin(yaw)
    along = moved[:, 0] * normal[:, 1] - moved[:, 1] * normal[:, 0]
    return {
        "x": place[:, 0],
        "y": place[:, 1],
        "yaw": yaw,
        "speed": c * faster[:, 0] + s * faster[:, 1],
        "sideways": c * faster[:, 1] - s * faster[:, 0],
        "station": np.clip(state.station[who] + along, 0.0, scene.courses.paths.length[who]),
        "left": left + np.einsum("pi,pi->p", moved, normal),
    }


def _wish(going: Stride, scene: Scene) -> Array:
    """(F, 2) the velocity that each wants to have [m/s]; who has to stop meanwhile does."""
    who = going.who
    ahead = np.maximum(scene.courses.paths.length[who] - scene.state.station[who], 0.0)
    pace = np.minimum(scene.minds.pace[who], FASTEST * going.pace)
    pace = np.where(ahead > ARRIVED, np.minimum(pace, np.sqrt(2.0 * ACCELERATION * ahead)), 0.0)
    wish: Array = pace[:, None] * scene.minds.aim[who]
    return wish


def _from_bodies(going: Stride, stage: Stage, scene: Scene) -> Array:
    """(F, 2) push of those who are touched [m/s²]."""
    state, crowd, close = scene.state, stage.crowd, scene.minds.close
    count = len(state.x)
    if not len(close):
        return np.zeros((len(going.who), 2))
    who, other = close.T
    radius = np.zeros(count)
    radius[crowd.who] = crowd.radius
    offset = np.column_stack([state.x[other] - state.x[who], state.y[other] - state.y[who]])
    pushed: Array = apart(Pairs(who, other, offset), radius[who] + radius[other], count)[going.who]
    return pushed


def _out_of_vehicles(place: Array, going: Stride, stage: Stage, scene: Scene) -> Array:
    """(F, 2) places after a step, moved out of vehicles that stand there."""
    person, vehicle = scene.minds.beside.T
    row = np.full(len(scene.state.x), -1)
    row[going.who] = np.arange(len(going.who))
    mine = row[person] >= 0
    if not mine.any():
        return place
    state, shapes = scene.state, stage.shapes
    standing = Standing(shapes.centers(state), state.yaw, 0.5 * shapes.size)
    return kept_out(standing, place, going.breadth, (row[person[mine]], vehicle[mine]))


def _turn(yaw: Array, pace: Array, velocity: Array, aim: Array, step: float) -> Array:
    """(F,) how far people turn in a tick towards where they go, or want to go [rad]."""
    slow = np.hypot(velocity[:, 0], velocity[:, 1]) < SLOWEST_TURN
    towards = np.where(slow[:, None], aim, velocity)
    turn = (np.arctan2(towards[:, 1], towards[:, 0]) - yaw + np.pi) % (2 * np.pi) - np.pi
    turn = np.where(slow & (pace == 0.0), 0.0, turn)
    turned: Array = np.clip(turn / TURN_RESPONSE, -TURN_RATE, TURN_RATE) * step
    return turned


def _from_edges(left: Array, radius: Array, normal: Array, rooms: Array) -> Array:
    """(F, 2) push of the pavement's edges [m/s²], less what they do to those in the middle of their path."""

    def push(gap: Array) -> Array:
        pushed: Array = WALL_STRENGTH * np.exp(-np.maximum(gap - radius, 0.0) / WALL_RANGE)
        return pushed

    right = push(rooms[:, 0] + left) - push(np.maximum(rooms[:, 0], radius))
    other = push(rooms[:, 1] - left) - push(np.maximum(rooms[:, 1], radius))
    pushed: Array = (np.maximum(right, 0.0) - np.maximum(other, 0.0))[:, None] * normal
    return pushed


def _on_pavement(place: Array, before: Array, left: Array, normal: Array, rooms: Array) -> Array:
    """(F, 2) places after a step, moved back to the edge of the pavement where they lie beyond it."""
    aside = left + np.einsum("pi,pi->p", place - before, normal)
    edge = np.minimum(rooms - EDGE, np.maximum(rooms, EDGE))
    kept = np.minimum(np.maximum(aside, -edge[:, 0]), edge[:, 1])
    kept = np.where(np.abs(kept) > np.abs(aside), aside, kept)
    back: Array = place + (kept - aside)[:, None] * normal
    return back
