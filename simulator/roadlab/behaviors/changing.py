"""Lane changes of drivers of their own accord: decided by MOBIL, carried out on the other lane's course."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from roadlab.behaviors.courses import Course, way_course
from roadlab.behaviors.driving import Surroundings
from roadlab.behaviors.lane_changes import Situation, lane_changes
from roadlab.behaviors.legs import Leg
from roadlab.behaviors.neighbors import reaching
from roadlab.behaviors.routes import way
from roadlab.behaviors.transitions import PEAK, shape_number

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage

EVERY = 0.5
"""Between two thoughts about changing lanes [s]."""
DURATION = 4.0
"""Of a lane change [s]; the mean of naturalistic studies lies between 4 and 6 s."""
STEEPEST = 0.35
"""At low speed it takes longer: nobody moves aside faster than at this share of its speed."""
SLOWEST = 2.0
"""Who stands will soon drive so fast [m/s]."""


def with_lane_changes(stage: Stage, scene: Scene, seen: Surroundings, now: float) -> Scene:
    """The scene once those change lanes who want to at the time `now` [s]."""
    drivers, orders = stage.drivers, scene.orders
    idle = (now >= orders.shift_start + orders.shift_duration) | (orders.shift == 0.0)
    side, urgency = np.zeros(len(idle), dtype=np.int64), np.zeros(len(idle))
    side[seen.need.who], urgency[seen.need.who] = seen.need.side, seen.need.urgency
    free = idle & np.isnan(orders.pace) & np.isnan(orders.braking) & (drivers.changing | (side != 0))
    who = seen.ahead.who[free[seen.ahead.who]]
    if not len(who) or not len(seen.rows.key):
        return scene
    rows, shapes = reaching(seen.rows, scene.courses, seen.ahead), stage.shapes
    situation = Situation(
        who, rows, shapes.lane_size, shapes.lane_middle, seen.desired, drivers.politeness, drivers.order,
        side[who], urgency[who],
    )  # fmt: skip
    found = lane_changes(scene.courses, scene.state, drivers.following, situation)
    courses = {}
    for actor, piece in zip(found.actor.tolist(), found.piece.tolist(), strict=True):
        course = _course_from(stage, scene, actor, scene.courses.paths.pieces.each[piece])
        if course is not None:
            courses[actor] = course
    return _moved_over(scene, courses, now) if courses else scene


def _course_from(stage: Stage, scene: Scene, actor: int, leg: object) -> Course | None:
    """The way on from another lane; None when the rest of a driver's route cannot be reached from there.

    Nobody who need not leaves a lane for one that ends.
    """
    if not isinstance(leg, Leg):
        return None
    here = scene.courses.each[actor]
    rest: list[str] | None = None
    if actor not in stage.drivers.roaming:
        place = here.lanes.index(here.lane_at(float(scene.state.station[actor])))
        later = dict.fromkeys((*(key.road for key in here.lanes[place + 1 :]), *here.roads))
        rest = [leg.key.road, *(name for name in later if name in stage.network.roads and name != leg.key.road)]
    try:
        found = way(stage.lanes, leg.key, rest)
    except ValueError:
        return None
    return None if abs(found.change) > abs(here.change) else way_course(stage.lanes, found)


def _moved_over(scene: Scene, courses: dict[int, Course], now: float) -> Scene:
    """Those actors on their new courses, as far beside them as they are now, moving across."""
    changed = scene.courses.with_courses(courses)
    paths, who, state = changed.paths, np.array(sorted(courses), dtype=np.int64), scene.state
    x, y = state.x[who], state.y[who]
    looks = 257
    guess = paths.nearest(who, x, y, np.zeros(len(who)), paths.length[who], looks=looks)
    coarse = paths.length[who] / (looks - 1)
    guess = paths.nearest(who, x, y, guess - coarse, 2.0 * coarse, looks=129)
    station, left = paths.project(who, x, y, guess)
    shift = scene.orders.keep_left[who] - left
    slowly = PEAK[shape_number("sinusoidal")] * np.abs(shift) / (STEEPEST * np.maximum(state.speed[who], SLOWEST))
    columns = {
        "shift": shift,
        "shift_start": np.full(len(who), now),
        "shift_duration": np.maximum(DURATION, slowly),
        "shift_shape": np.full(len(who), shape_number("sinusoidal")),
    }
    orders = {}
    for name, values in columns.items():
        orders[name] = getattr(scene.orders, name).copy()
        orders[name][who] = values
    halted = scene.intent.halted.copy()
    halted[who] = np.nan
    return replace(
        scene,
        courses=changed,
        orders=replace(scene.orders, **orders),
        intent=replace(scene.intent, halted=halted),
        state=state.with_actor(who, station=station, left=left),
    )
