"""What people have in mind: where they go, how fast, and whom they evade.

They make up their minds as often as drivers do, all on the same snapshot, and hold to that until the next look.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.people.company import company
from roadlab.behaviors.people.forces import Pairs, Walkers, influence
from roadlab.behaviors.people.standing import Standing, detours
from roadlab.behaviors.walking import ACCELERATION

if TYPE_CHECKING:
    from roadlab.behaviors.courses import Courses
    from roadlab.behaviors.paths import Paths
    from roadlab.behaviors.people.crowd import Crowd
    from roadlab.stage import Scene, Stage

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

ASTRAY = 1e-3
"""Who is nearer to its path than this is on it [m]."""
LOOKAHEAD = 2.0
"""People make for the place of their path so far ahead [m]."""
FURTHER = 4.0
"""The same where a vehicle may stand in between [m]."""
FURTHEST = 14.0
"""Round a vehicle people go on the side that is nearer to the place of their path so far ahead [m]."""
SEARCH = 0.8
"""Nobody gets on or back by more than half of this along its path between two looks [m]."""
STANDS = 0.3
"""A vehicle that has stood for so long is walked round [s]."""
WITHIN_REACH = 1.0
"""Whose bodies are further apart than this cannot touch before the next look [m]."""


@dataclass(frozen=True)
class Minds:
    """What people hold until their next look; arrays of N actors."""

    free: Flags
    """Whom somebody or something influences: they move in the plane, everybody else exactly along its path."""
    aim: Array
    """(N, 2) unit vectors towards where each goes."""
    pace: Array
    """Desired speed with the room that there is [m/s]."""
    push: Array
    """(N, 2) what the others make each do [m/s²]."""
    normal: Array
    """(N, 2) unit vectors to the left of the paths."""
    rooms: Array
    """(N, 2) width of the pavement to the right and to the left of the path [m]."""
    close: Index
    """(K, 2) who may touch whom before the next look, each pair both ways."""
    beside: Index
    """(Q, 2) people, and vehicles that stand near them."""


def no_minds(count: int) -> Minds:
    """As the run begins."""
    aim, push, normal, rooms = (np.zeros((count, 2)) for _ in range(4))
    close, beside = (np.zeros((0, 2), dtype=np.int64) for _ in range(2))
    return Minds(np.zeros(count, dtype=bool), aim, np.zeros(count), push, normal, rooms, close, beside)


@dataclass(frozen=True)
class Going:
    """M people who are there and on their feet, as they look around; arrays of M."""

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


def wanted_pace(stage: Stage, scene: Scene) -> Array:
    """(M,) what people of the crowd want to go at, kerbs considered: 0 for those who stand or wait [m/s]."""
    who, state, orders = stage.crowd.who, scene.state, scene.orders
    pace = np.where(orders.walking[who] & on_their_feet(stage, scene), orders.desired_speed[who], 0.0)
    to_go = np.maximum(scene.kerbs.wait[who] - state.station[who], 0.0)
    slower: Array = np.minimum(pace, np.sqrt(2.0 * ACCELERATION * to_go))
    return slower


def on_their_feet(stage: Stage, scene: Scene) -> Flags:
    """(M,) who of the crowd is there and has not been hit."""
    who = stage.crowd.who
    standing: Flags = scene.book.present[who] & ~scene.touched[who]
    return standing


def mind_others(stage: Stage, scene: Scene) -> Scene:
    """The scene once everybody on foot has looked around."""
    crowd, paths = stage.crowd, scene.courses.paths
    rows = np.flatnonzero(on_their_feet(stage, scene))
    if not len(rows):
        return scene
    scene = _on_paths(stage, scene)
    going = _going(scene, crowd, rows, wanted_pace(stage, scene)[rows])
    pairs = Pairs.among(going.place)
    ahead = np.maximum(paths.length[going.who] - going.station, 0.0)
    still = _still(stage, scene)
    shapes = stage.shapes
    standing = Standing(shapes.centers(scene.state)[still], scene.state.yaw[still], 0.5 * shapes.size[still])
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
    minds = no_minds(len(scene.touched))
    who = going.who
    minds.free[who[free]] = True
    minds.aim[who], minds.pace[who], minds.push[who] = aim, pressed.pace, push
    minds.normal[who[free]], minds.rooms[who[free]] = _beside(going, free, stage, scene.courses)
    apart = np.hypot(pairs.offset[:, 0], pairs.offset[:, 1])
    close = np.flatnonzero(apart < going.radius[pairs.who] + going.radius[pairs.other] + WITHIN_REACH)
    person, vehicle = standing.near(going.place)
    return replace(
        scene,
        minds=replace(
            minds,
            close=np.column_stack([who[pairs.who[close]], who[pairs.other[close]]]),
            beside=np.column_stack([who[person], still[vehicle]]),
        ),
    )


def _still(stage: Stage, scene: Scene) -> Index:
    """The vehicles that have not moved for a while."""
    return np.flatnonzero(~stage.shapes.on_foot & scene.book.present & (scene.state.rest > STANDS))


def _on_paths(stage: Stage, scene: Scene) -> Scene:
    """The scene once those who move freely have found out where beside their paths they are."""
    who = stage.crowd.who[scene.minds.free[stage.crowd.who]]
    if not len(who):
        return scene
    state = scene.state
    place = np.column_stack([state.x[who], state.y[who]])
    station, left = _along(scene.courses.paths, who, place, state.station[who])
    return replace(scene, state=state.with_actor(who, station=station, left=left))


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


def _beside(going: Going, free: Index, stage: Stage, courses: Courses) -> tuple[Array, Array]:
    """(F, 2) unit vectors to the left of the paths, and (F, 2) the room to the right and to the left there [m]."""
    who = going.who[free]
    crowd = stage.crowd
    paths = [courses.each[i].path for i in crowd.who]
    heading = courses.paths.heading(who, going.station[free])
    rooms = crowd.ways.rooms(paths).at(going.row[free], going.station[free])
    return np.column_stack([-np.sin(heading), np.cos(heading)]), rooms
