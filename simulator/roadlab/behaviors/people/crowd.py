"""People among others: they follow their paths, give way to one another, and stay on the pavement.

Somebody whom nobody and nothing influences walks exactly along its path. Everybody else moves freely in the plane
towards a place further along its path.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import PEOPLE
from roadlab.behaviors.people.company import company
from roadlab.behaviors.people.forces import RELAXATION, Influence, Pairs, Walkers, influence
from roadlab.behaviors.people.standing import Standing, detours, kept_out
from roadlab.behaviors.people.ways import Ways
from roadlab.behaviors.walking import ACCELERATION, ARRIVED, TURN_RATE, TURN_RESPONSE, walk

if TYPE_CHECKING:
    from roadlab.actors.cast import Cast
    from roadlab.behaviors.courses import Courses
    from roadlab.behaviors.paths import Paths
    from roadlab.roads.network import RoadNetwork
    from roadlab.stage import Scene, Stage

Array = NDArray[np.float64]
Index = NDArray[np.int64]

ASTRAY = 1e-3
"""Who is nearer to its path than this is on it [m]."""
LOOKAHEAD = 2.0
"""People make for the place of their path so far ahead [m]."""
FURTHER = 4.0
"""The same where a vehicle may stand in between [m]."""
FURTHEST = 14.0
"""Round a vehicle people go on the side that is nearer to the place of their path so far ahead [m]."""
SEARCH = 0.8
"""Nobody gets on or back by more than half of this along its path in a tick [m]."""
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
STANDS = 0.3
"""A vehicle that has stood for so long is walked round [s]."""
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
class Going:
    """M people who are there and on their feet, as a tick begins; arrays of M."""

    who: Index
    row: Index
    """Of `Crowd`."""
    place: Array
    """(M, 2) [m]"""
    velocity: Array
    """(M, 2) [m/s]"""
    yaw: Array
    station: Array
    left: Array
    pace: Array
    """What each wants to go at here: 0 for those who stand or wait [m/s]."""
    radius: Array
    breadth: Array
    """Half the room that each takes beside a vehicle, arms included [m]."""
    group: Index


def walked(stage: Stage, scene: Scene) -> dict[str, Array]:
    """Columns of the state of `stage.crowd.who` after the tick."""
    crowd, state, orders = stage.crowd, scene.state, scene.orders
    who, paths = crowd.who, scene.courses.paths
    on_feet = scene.book.present[who] & ~scene.touched[who]
    pace = np.where(orders.walking[who] & on_feet, orders.desired_speed[who], 0.0)
    pace = np.minimum(pace, np.sqrt(2.0 * ACCELERATION * np.maximum(scene.kerbs.wait[who] - state.station[who], 0.0)))
    steps = walk(
        paths, who, state.station[who], state.yaw[who], state.speed[who], pace, stage.step,
        _facing(scene, who),
    )  # fmt: skip
    columns = {"x": steps.x, "y": steps.y, "yaw": steps.yaw, "speed": steps.speed, "station": steps.station,
               "left": np.zeros(len(who)), "sideways": np.zeros(len(who))}  # fmt: skip
    rows = np.flatnonzero(on_feet)
    freely = among_others(_going(scene, crowd, rows, pace[rows]), stage, scene)
    for name, (which, values) in freely.items():
        columns[name][rows[which]] = values
    columns["acceleration"] = (columns["speed"] - state.speed[who]) / stage.step
    return columns


def _facing(scene: Scene, who: Index) -> Array:
    asked, kerb = scene.book.facing[who], scene.kerbs.facing[who]
    return np.where(np.isnan(asked), kerb, asked)


def _going(scene: Scene, crowd: Crowd, rows: Index, pace: Array) -> Going:
    state, who = scene.state, crowd.who[rows]
    c, s = np.cos(state.yaw[who]), np.sin(state.yaw[who])
    ahead, aside = state.speed[who], state.sideways[who]
    return Going(
        who=who,
        row=rows,
        place=np.column_stack([state.x[who], state.y[who]]),
        velocity=np.column_stack([c * ahead - s * aside, s * ahead + c * aside]),
        yaw=state.yaw[who],
        station=state.station[who],
        left=state.left[who],
        pace=pace,
        radius=crowd.radius[rows],
        breadth=crowd.breadth[rows],
        group=crowd.group[rows],
    )


def among_others(going: Going, stage: Stage, scene: Scene) -> dict[str, tuple[Index, Array]]:
    """For each column of the state: whom somebody or something influences (rows of `going`), and their new values."""
    paths = scene.courses.paths
    pairs = Pairs.among(going.place)
    ahead = np.maximum(paths.length[going.who] - going.station, 0.0)
    standing = standing_vehicles(stage, scene)
    aim, round_something = _aims(going, paths, ahead, standing)
    pace = company(going.group, going.place, aim, going.pace)
    pressed = influence(Walkers(going.velocity, aim, pace, going.radius, going.group), pairs)
    moving = (going.pace > 0.0) | (np.hypot(*going.velocity.T) > 0.05)
    push = np.where(moving[:, None], pressed.push, 0.0)
    here = paths.frame(going.who, going.station)
    off = np.hypot(going.place[:, 0] - here.x, going.place[:, 1] - here.y)
    astray = (off > ASTRAY) | (np.abs(_aside(going)) > ASTRAY)
    swayed = (push != 0.0).any(axis=1) | (pressed.pace < going.pace - 1e-9) | (pace != going.pace) | round_something
    free = np.flatnonzero(astray | (moving & swayed))
    if not len(free):
        return {}
    wanted = np.minimum(pressed.pace, np.sqrt(2.0 * ACCELERATION * ahead))
    wanted = np.where(ahead > ARRIVED, wanted, 0.0)
    return _moved(going, free, stage, scene, Influence(wanted, push), aim, standing)


def standing_vehicles(stage: Stage, scene: Scene) -> Standing:
    """The vehicles that have not moved for a while."""
    state, shapes = scene.state, stage.shapes
    still = np.flatnonzero(~shapes.on_foot & scene.book.present & (state.rest > STANDS))
    return Standing(shapes.centers(state)[still], state.yaw[still], 0.5 * shapes.size[still])


def _aside(going: Going) -> Array:
    return np.cos(going.yaw) * going.velocity[:, 1] - np.sin(going.yaw) * going.velocity[:, 0]


def _aims(going: Going, paths: Paths, ahead: Array, standing: Standing) -> tuple[Array, NDArray[np.bool_]]:
    """(M, 2) unit vectors towards where people make for, and (M,) who walks round a vehicle."""
    there = paths.frame(going.who, going.station + LOOKAHEAD + np.abs(going.left))
    target = np.column_stack([there.x, there.y])
    turned = np.zeros(len(going.who), dtype=bool)
    if len(standing.yaw):
        near, far = (paths.frame(going.who, going.station + np.minimum(reach, ahead)) for reach in (FURTHER, FURTHEST))
        further, goal = np.column_stack([near.x, near.y]), np.column_stack([far.x, far.y])
        around, turned = detours(standing, going.place, further, goal, going.breadth)
        turned &= going.pace > 0.0
        target = np.where(turned[:, None], around, target)
    way = target - going.place
    return way / np.maximum(np.hypot(way[:, 0], way[:, 1]), 1e-9)[:, None], turned


def _moved(
    going: Going, free: Index, stage: Stage, scene: Scene, others: Influence, aim: Array, standing: Standing
) -> dict[str, tuple[Index, Array]]:
    step, paths, who = stage.step, scene.courses.paths, going.who[free]
    normal, rooms = _beside(going, free, stage, scene.courses)
    push = others.push[free] + _from_edges(going, free, normal, rooms)
    strength = np.hypot(push[:, 0], push[:, 1])
    push = push * np.minimum(1.0, HARDEST / np.maximum(strength, 1e-9))[:, None]
    velocity = going.velocity[free]
    wish = others.pace[free, None] * aim[free]
    faster = velocity + ((wish - velocity) / RELAXATION + push) * step
    speed = np.hypot(faster[:, 0], faster[:, 1])
    faster = faster * np.minimum(1.0, FASTEST * np.maximum(going.pace[free], 0.5) / np.maximum(speed, 1e-9))[:, None]
    faster[(going.pace[free] == 0.0) & (speed < 0.05)] = 0.0
    place = going.place[free] + faster * step
    kept = _on_pavement(place, going, free, normal, rooms)
    if len(standing.yaw):
        kept = kept_out(standing, kept, going.breadth[free])
    out = kept - place
    allowed = (np.hypot(faster[:, 0], faster[:, 1]) + STEPPING_ASIDE) * step
    place = place + out * np.minimum(1.0, allowed / np.maximum(np.hypot(out[:, 0], out[:, 1]), 1e-9))[:, None]
    faster = (place - going.place[free]) / step
    yaw = going.yaw[free] + _turn(going, free, faster, aim, step)
    c, s = np.cos(yaw), np.sin(yaw)
    station, left = _along(paths, who, place, going.station[free])
    columns = {
        "x": place[:, 0],
        "y": place[:, 1],
        "yaw": yaw,
        "speed": c * faster[:, 0] + s * faster[:, 1],
        "sideways": c * faster[:, 1] - s * faster[:, 0],
        "station": station,
        "left": left,
    }
    return {name: (free, values) for name, values in columns.items()}


def _along(paths: Paths, who: Index, place: Array, before: Array) -> tuple[Array, Array]:
    """Stations of the nearest places of the paths that are not far from `before`, and how far left [m].

    Newton steps would lose the path where it bends sharply around those who are beside it.
    """
    x, y = place.T
    count = len(who)
    near = paths.nearest(who, x, y, before - 0.5 * SEARCH, np.full(count, SEARCH), looks=31)
    ahead, _ = paths.frame(who, near).local(x, y)
    fine = SEARCH / 30
    station = near + np.minimum(np.maximum(ahead, -fine), fine)
    station = np.minimum(np.maximum(station, 0.0), paths.length[who])
    return station, paths.frame(who, station).local(x, y)[1]


def _turn(going: Going, free: Index, velocity: Array, aim: Array, step: float) -> Array:
    """(F,) how far people turn in a tick towards where they go, or want to go [rad]."""
    slow = np.hypot(velocity[:, 0], velocity[:, 1]) < SLOWEST_TURN
    towards = np.where(slow[:, None], aim[free], velocity)
    turn = (np.arctan2(towards[:, 1], towards[:, 0]) - going.yaw[free] + np.pi) % (2 * np.pi) - np.pi
    turn = np.where(slow & (going.pace[free] == 0.0), 0.0, turn)
    turned: Array = np.clip(turn / TURN_RESPONSE, -TURN_RATE, TURN_RATE) * step
    return turned


def _beside(going: Going, free: Index, stage: Stage, courses: Courses) -> tuple[Array, Array]:
    """(F, 2) unit vectors to the left of the paths, and (F, 2) the room to the right and to the left there [m]."""
    who = going.who[free]
    crowd = stage.crowd
    paths = [courses.each[i].path for i in crowd.who]
    heading = courses.paths.heading(who, going.station[free])
    rooms = crowd.ways.rooms(paths).at(going.row[free], going.station[free])
    return np.column_stack([-np.sin(heading), np.cos(heading)]), rooms


def _from_edges(going: Going, free: Index, normal: Array, rooms: Array) -> Array:
    """(F, 2) push of the pavement's edges [m/s²], less what they do to those in the middle of their path."""
    left, radius = going.left[free], going.radius[free]

    def push(gap: Array) -> Array:
        pushed: Array = WALL_STRENGTH * np.exp(-np.maximum(gap - radius, 0.0) / WALL_RANGE)
        return pushed

    right = push(rooms[:, 0] + left) - push(np.maximum(rooms[:, 0], radius))
    other = push(rooms[:, 1] - left) - push(np.maximum(rooms[:, 1], radius))
    pushed: Array = (np.maximum(right, 0.0) - np.maximum(other, 0.0))[:, None] * normal
    return pushed


def _on_pavement(place: Array, going: Going, free: Index, normal: Array, rooms: Array) -> Array:
    """(F, 2) places after a step, moved back to the edge of the pavement where they lie beyond it."""
    aside = going.left[free] + np.einsum("pi,pi->p", place - going.place[free], normal)
    edge = np.minimum(rooms - EDGE, np.maximum(rooms, EDGE))
    kept = np.minimum(np.maximum(aside, -edge[:, 0]), edge[:, 1])
    kept = np.where(np.abs(kept) > np.abs(aside), aside, kept)
    back: Array = place + (kept - aside)[:, None] * normal
    return back
