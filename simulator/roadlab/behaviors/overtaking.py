"""Overtaking on two-way roads, on the other side of the road or partly on it.

A driver pulls out when the marks permit it, and the road is seen to be free for the whole manoeuvre, for whoever comes
towards meanwhile, and for a margin: StVO section 5 (2), RAS-L 1995 section 5.5.2. Cyclists are passed at 1.5 m in towns
and 2 m outside (StVO section 5 (4)). Who finds somebody coming too near before it is beside the other falls back.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.clear_road import oncoming, permitted, sight
from roadlab.behaviors.courses import Courses
from roadlab.behaviors.driver import Following
from roadlab.behaviors.neighbors import Rows, around, reaching
from roadlab.behaviors.obstacles import Shapes
from roadlab.behaviors.transitions import PEAK, shape_number
from roadlab.dynamics.state import State

if TYPE_CHECKING:
    from roadlab.behaviors.driving import Surroundings
    from roadlab.stage import Scene, Stage

Array = NDArray[np.float64]
Index = NDArray[np.int64]

FASTER = 3.0
"""Nobody overtakes somebody who is less than this slower than one's own desired speed [m/s]."""
NEAR = 2.5
"""Nobody pulls out earlier than at this time gap, and a few metres [s]."""
CLEARANCE = 1.0
"""To vehicles beside [m]."""
CYCLIST_CLEARANCE = (1.5, 2.0)
"""To cyclists in and out of towns [m]."""
TOWN = 50.0 / 3.6 + 0.1
"""Up to this limit a road counts as one in a town [m/s]."""
NOTICE = 1.0
"""So long drivers signal before they pull out [s]."""
DURATION = 2.5
"""Of pulling out, and of returning, at speed [s]."""
STEEPEST = 0.25
"""Nobody moves aside faster than at this share of its speed."""
RETURN = 0.8
"""The gap behind which they return [s], and a few metres."""
ROOM = 3.0
"""Those few metres [m]."""
SAFETY = 2.0
"""Time left to whoever comes towards when they have returned [s]."""
GIVING_UP = 0.5
"""The same at which they give up before they are beside the other [s]."""
HARDEST = 5.0
"""Nobody who gives up brakes harder [m/s²]."""
VIGOUR = 0.75
"""Share of their usual acceleration with which they reckon."""
NOBODY = -1


@dataclass(frozen=True)
class Overtaking:
    """Who overtakes whom; arrays of N."""

    whom: Index
    """`NOBODY` for those who overtake nobody."""
    gives_up: NDArray[np.bool_]
    """Who falls back behind it."""

    def with_actor(self, actor: int, whom: int, *, gives_up: bool) -> Overtaking:
        """The same with another state of one actor."""
        changed, flags = self.whom.copy(), self.gives_up.copy()
        changed[actor], flags[actor] = whom, gives_up
        return Overtaking(changed, flags)


@dataclass(frozen=True)
class Plan:
    """How one driver would overtake another one, on a free road."""

    left: float
    """Where beside its lane's middle it passes [m]."""
    time: float
    """Until it has returned [s]."""
    way: float
    """On that way [m]."""
    speed: float
    """Of who comes towards, at least on the other side [m/s]; 0 if it stays on its own lane."""


def with_overtaking(stage: Stage, scene: Scene, seen: Surroundings, now: float, *, deciding: bool) -> Scene:
    """The scene once those who overtake have gone on, and those have pulled out who want to at the time `now` [s]."""
    active = np.flatnonzero(scene.overtaking.whom != NOBODY)
    for actor in active.tolist():
        scene = _go_on(stage, scene, actor, now)
    if not deciding:
        return scene
    rows: Rows | None = None
    for k in _candidates(stage, scene, seen, now).tolist():
        actor, other = int(seen.ahead.who[k]), int(seen.leaders.actor[k])
        plan = _plan(stage, scene, seen, actor, other, float(seen.leaders.gap[k]))
        rows = reaching(seen.rows, scene.courses, seen.ahead) if rows is None else rows
        if plan is not None and _room_beyond(stage, scene, rows, actor, other) and _free(stage, scene, actor, plan):
            scene = _moved(scene, actor, plan.left, now + NOTICE)
            scene = replace(scene, overtaking=scene.overtaking.with_actor(actor, other, gives_up=False))
    return scene


def _candidates(stage: Stage, scene: Scene, seen: Surroundings, now: float) -> Index:
    """Rows of `seen.ahead` of the drivers who would like to overtake and may begin to."""
    drivers, orders, state, who = stage.drivers, scene.orders, scene.state, seen.ahead.who
    leader = np.maximum(seen.leaders.actor, 0)
    idle = (now >= orders.shift_start + orders.shift_duration) | (orders.shift == 0.0)
    wants = drivers.overtaking[who] & idle[who] & (seen.leaders.actor >= 0) & (scene.overtaking.whom[who] == NOBODY)
    wants &= np.isnan(orders.pace[who]) & np.isnan(orders.braking[who]) & (scene.courses.change[who] == 0)
    wants &= np.abs(state.left[who] - orders.keep_left[who]) < 0.6
    wants &= (seen.leaders.along >= 0.0) & (seen.leaders.along + FASTER < seen.desired[who])
    wants &= seen.leaders.gap < NEAR * state.speed[who] + 5.0 * ROOM
    wants &= (scene.side[leader] <= 0) & (scene.overtaking.whom[leader] == NOBODY)
    wants &= ~np.isin(who, scene.overtaking.whom) & (
        np.abs(state.left[leader]) < 0.5 * stage.shapes.size[leader, 1] + 2.0
    )
    return np.flatnonzero(wants)


def _plan(stage: Stage, scene: Scene, seen: Surroundings, actor: int, other: int, gap: float) -> Plan | None:
    """None where there is no room beside the other."""
    shapes, state, courses = stage.shapes, scene.state, scene.courses
    paths, facts = courses.paths, courses.facts
    piece = paths.piece[paths.leg(np.array([actor]), state.station[[actor]])][0]
    cyclist = stage.cast.members[other].info.kind == "cyclist"
    clearance = CYCLIST_CLEARANCE[int(facts.limit[piece] > TOWN)] if cyclist else CLEARANCE
    half = 0.5 * float(shapes.size[actor, 1])
    left = float(state.left[other]) + 0.5 * float(shapes.size[other, 1]) + clearance + half
    edge = 0.5 * float(facts.width[piece])
    beyond = float(facts.width[facts.oncoming[piece]]) if facts.oncoming[piece] >= 0 else 0.0
    if left + half > edge + beyond - 0.2 or left <= float(scene.orders.keep_left[actor]):
        return None
    pull = VIGOUR * float(stage.drivers.following.parameter("max_acceleration", 1.4)[actor])
    slow, top = float(state.speed[other]), float(seen.desired[actor])
    relative = gap + float(shapes.size[other, 0] + shapes.size[actor, 0]) + ROOM + RETURN * top
    time = NOTICE + _time(relative, max(float(state.speed[actor]) - slow, 0.0), top - slow, pull) + 2.0 * DURATION
    crosses = left + half > edge
    limit = float(facts.limit[piece]) if np.isfinite(facts.limit[piece]) else top
    return Plan(left, time, relative + slow * time + (top - slow) * DURATION, limit if crosses else 0.0)


def _time(distance: float, speed: float, top: float, pull: float) -> float:
    """For a way [m] relative to the other, from a relative `speed` up to `top` [m/s]."""
    gaining = (top**2 - speed**2) / (2.0 * pull)
    if distance < gaining:
        return float((np.sqrt(speed**2 + 2.0 * pull * distance) - speed) / pull)
    return (top - speed) / pull + (distance - gaining) / top


def _room_beyond(stage: Stage, scene: Scene, rows: Rows, actor: int, other: int) -> bool:
    """Whether there is room to return to between the other and who drives ahead of it."""
    courses, state, shapes = scene.courses, scene.state, stage.shapes
    station = state.station[[other]] + shapes.middle[other]
    leg = courses.paths.leg(np.array([other]), station)
    lane = courses.facts.lane[courses.paths.piece[leg]]
    place = station - courses.paths.start[leg]
    ahead, _ = around(rows, lane, place, np.array([other]))
    if ahead[0] < 0:
        return True
    gap = rows.place[ahead[0]] - place[0] - shapes.size[other, 0]
    need = float(shapes.size[actor, 0]) + 2.0 * (ROOM + RETURN * float(state.speed[other]))
    return bool(gap > need)


def _free(stage: Stage, scene: Scene, actor: int, plan: Plan) -> bool:
    """Whether the road is free for it, as far as it is seen."""
    half = 0.5 * float(stage.shapes.size[actor, 1])
    bounds = (plan.left - half, plan.left + half)
    others = np.flatnonzero(scene.book.present)
    begin = float(scene.state.station[actor])
    met = oncoming(scene.courses, stage.shapes, scene.state, actor, _apart_from(scene, actor, others), bounds)
    if plan.speed == 0.0:
        return not (met.gap < plan.way).any()
    if not permitted(scene.courses, actor, begin, begin + plan.way):
        return False
    speed = plan.way / plan.time
    left_over = met.gap - plan.way - np.maximum(met.towards, 0.0) * plan.time
    if not (left_over > SAFETY * (met.towards + speed)).all():
        return False
    seen = sight(scene.courses, stage.network, actor, begin)
    if np.isinf(seen) and len(stage.inflow.who):  # somebody may enter at the end of the map
        seen = float(scene.courses.paths.length[actor]) - begin
    return seen > plan.way + plan.speed * plan.time + SAFETY * (plan.speed + speed)


def _apart_from(scene: Scene, actor: int, others: Index) -> Index:
    """Those who do not drive on the actor's own lane: whoever is overtaken, and those ahead of it."""
    same = np.cos(scene.state.yaw[others] - scene.state.yaw[actor]) > 0.7
    apart: Index = others[~(same & (scene.state.speed[others] > 0.1)) & (others != scene.overtaking.whom[actor])]
    return apart


def lead(courses: Courses, shapes: Shapes, state: State, who: Index, whom: Index) -> Array:
    """(P,) how far the middles of `who` are ahead of those of `whom`, along their own paths [m]."""
    center, station = shapes.centers(state)[whom], state.station[who]
    there, _ = courses.paths.project(who, center[:, 0], center[:, 1], station)
    ahead: Array = station + shapes.middle[who] - there
    return ahead


def falling_back(
    following: Following, courses: Courses, shapes: Shapes, state: State, desired: Array, who: Index, whom: Index
) -> Array:
    """(P,) what drivers ask for who have given up and get behind those whom they meant to overtake [m/s²]."""
    gap = -lead(courses, shapes, state, who, whom) - 0.5 * (shapes.size[who, 0] + shapes.size[whom, 0])
    speed = state.speed[who]
    asked = following.acceleration(who, speed, desired[who], gap, speed - state.speed[whom], state.acceleration[whom])
    fallen: Array = np.maximum(asked, -HARDEST)
    return fallen


# --- under way -------------------------------------------------------------------------------------------------------


def _go_on(stage: Stage, scene: Scene, actor: int, now: float) -> Scene:
    """Return once there is room, give up while that is possible, or carry on."""
    other, state, shapes = int(scene.overtaking.whom[actor]), scene.state, stage.shapes
    if not scene.book.present[other] or scene.touched[actor]:
        return _returned(scene, actor, now)
    ahead = _ahead(stage, scene, actor, other)
    lengths = float(shapes.size[actor, 0] + shapes.size[other, 0])
    if ahead > 0.5 * lengths + ROOM + RETURN * float(state.speed[actor]):
        return _returned(scene, actor, now)
    if scene.overtaking.gives_up[actor]:
        return _returned(scene, actor, now) if ahead < -0.5 * lengths - 1.0 else scene
    if ahead < 0.0 and _threatened(stage, scene, actor, ahead, lengths):
        return replace(scene, overtaking=scene.overtaking.with_actor(actor, other, gives_up=True))
    return scene


def _ahead(stage: Stage, scene: Scene, actor: int, other: int) -> float:
    who, whom = np.array([actor]), np.array([other])
    return float(lead(scene.courses, stage.shapes, scene.state, who, whom)[0])


def _threatened(stage: Stage, scene: Scene, actor: int, ahead: float, lengths: float) -> bool:
    """Whether somebody comes before the driver would be back on its side."""
    state, half = scene.state, 0.5 * float(stage.shapes.size[actor, 1])
    left = float(scene.orders.keep_left[actor])
    others = _apart_from(scene, actor, np.flatnonzero(scene.book.present))
    met = oncoming(scene.courses, stage.shapes, state, actor, others, (left - half, left + half))
    speed, slow = float(state.speed[actor]), float(state.speed[int(scene.overtaking.whom[actor])])
    to_go = 0.5 * lengths + ROOM + RETURN * speed - ahead
    pull = VIGOUR * float(stage.drivers.following.parameter("max_acceleration", 1.4)[actor])
    time = _time(to_go, max(speed - slow, 0.0), max(speed - slow, FASTER) + pull * DURATION, pull) + DURATION
    return met.soonest(speed) < time + GIVING_UP


def _returned(scene: Scene, actor: int, now: float) -> Scene:
    scene = _moved(scene, actor, float(scene.book.beside[actor]), now)
    return replace(scene, overtaking=scene.overtaking.with_actor(actor, NOBODY, gives_up=False))


def _moved(scene: Scene, actor: int, left: float, start: float) -> Scene:
    """A driver who moves to where it keeps `left` of its path [m] from `start` [s] on."""
    shape = shape_number("sinusoidal")
    shift = left - float(scene.state.left[actor])
    duration = max(DURATION, PEAK[shape] * abs(shift) / (STEEPEST * max(float(scene.state.speed[actor]), 3.0)))
    orders = scene.orders.with_actor(
        actor, keep_left=left, shift=shift, shift_start=start, shift_duration=duration, shift_shape=shape
    )
    return replace(scene, orders=orders)
