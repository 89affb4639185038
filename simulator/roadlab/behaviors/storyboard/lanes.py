"""Actions that change where beside or along which lanes a driver goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from roadlab.behaviors.courses import way_course
from roadlab.behaviors.routes import way
from roadlab.behaviors.storyboard.book import Play, Running
from roadlab.behaviors.storyboard.fault import StoryFaultError
from roadlab.behaviors.storyboard.places import lane_here, with_course
from roadlab.behaviors.transitions import shape_number, time_for_rate, transition
from roadlab.roads.lanes import CAR_LANES, ROAD_LEVEL, LaneKey, LaneType
from roadlab.scenario.spec import ChangeLaneAction, LaneOffsetAction

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage

USUAL_TIME = 4.0
"""Of a lane change about which nothing is said [s]."""


@dataclass(frozen=True)
class Shift:
    """A move to the side under way."""

    start: float
    """[s]"""
    duration: float
    """[s]; of a move on a way, +inf."""
    way: float
    """[m]; of a move in a time, +inf."""
    travelled: float
    """What the actor had travelled at the start [m]."""


def begin_change_lane(play: Play, action: Running) -> tuple[Scene, Any]:
    """The driver goes on along the other lane, where it leads the same way, and moves over to it."""
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: ChangeLaneAction = action.spec
    here = _own_lane(scene, actor)
    target = _target(stage, scene, spec, here)
    if target == here.lane:
        return _shifted(scene, actor, float(scene.book.beside[actor]), spec, play.now)
    known = _lanes_beside(stage, here, ROAD_LEVEL)
    if target not in known:
        raise StoryFaultError(
            f"finds no lane {target} on {here.road}, which has {', '.join(str(lane) for lane in known)}"
        )
    beside = here._replace(lane=target)
    if stage.network.lane_direction(beside) != stage.network.lane_direction(here):
        return _shifted(scene, actor, _across(stage, scene, actor, here, target), spec, play.now)
    later = here_and_later(scene, actor)
    roads = (*dict.fromkeys(key.road for key in later), *scene.courses.each[actor].roads)
    rest = [name for name in roads if name in stage.network.roads and name != here.road]
    scene = with_course(scene, actor, way_course(stage.lanes, stage.onward(beside, rest)))
    return _shifted(scene, actor, float(scene.book.beside[actor]), spec, play.now)


def begin_lane_offset(play: Play, action: Running) -> tuple[Scene, Any]:
    """The driver moves to where it is to keep."""
    scene, actor = play.scene, action.actor
    spec: LaneOffsetAction = action.spec
    _own_lane(scene, actor)
    scene = replace(scene, book=scene.book.with_actor(actor, beside=spec.to))
    return _shifted(scene, actor, spec.to, spec, play.now)


def step_shift(play: Play, action: Running) -> tuple[Scene, Any]:
    """A move on a way goes on with it: it is told as one in the time that the whole way takes at the present speed."""
    scene, actor = play.scene, action.actor
    shift: Shift = action.data
    if np.isinf(shift.way):
        return scene, shift if play.now < shift.start + shift.duration - 1e-9 else None
    share = (float(scene.book.travelled[actor]) - shift.travelled) / shift.way
    duration = shift.way / max(float(scene.state.speed[actor]), 1e-3)
    orders = scene.orders.with_actor(actor, shift_start=play.now - min(share, 1.0) * duration, shift_duration=duration)
    return replace(scene, orders=orders), shift if share < 1.0 else None


def hold_shift(play: Play, action: Running) -> Scene:
    """Keep to where beside the path the driver is when the action is stopped."""
    scene = play.scene
    o, k = scene.orders, action.actor
    moved, _, _ = transition(o.shift_shape[k], o.shift[k], play.now - o.shift_start[k], o.shift_duration[k])
    return replace(scene, orders=o.with_actor(k, keep_left=o.keep_left[k] - o.shift[k] + moved, shift=0.0))


def begin_follow_route(play: Play, action: Running) -> tuple[Scene, Any]:
    """From the lane where the driver is; done at once, for the driver does the rest."""
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: list[str] = action.spec
    try:
        found = way(stage.lanes, _own_lane(scene, actor), spec)
    except ValueError as error:
        raise StoryFaultError(f"has no such way: {error}") from error
    return with_course(scene, actor, way_course(stage.lanes, found)), None


def here_and_later(scene: Scene, actor: int) -> list[LaneKey]:
    """The lanes that a driver is on and will come to."""
    course = scene.courses.each[actor]
    now = course.lane_at(scene.state.station[actor])
    return list(course.lanes[course.lanes.index(now) :])


def _own_lane(scene: Scene, actor: int) -> LaneKey:
    course = scene.courses.each[actor]
    if not course.lanes:
        raise StoryFaultError("follows no lane")
    return course.lane_at(scene.state.station[actor])


def _target(stage: Stage, scene: Scene, spec: ChangeLaneAction, here: LaneKey) -> int:
    """Id of the lane that is meant."""
    if spec.to is not None:
        return spec.to
    lane = here.lane
    if spec.relative_to is not None:
        other = stage.cast.index[spec.relative_to]
        if not scene.book.present[other]:
            raise StoryFaultError(f"needs {spec.relative_to}, who is not there")
        beside = lane_here(stage, scene, other)
        if beside.road != here.road:
            raise StoryFaultError(f"is on {here.road} and {spec.relative_to} on {beside.road}")
        lane = beside.lane
    ids = sorted({*_lanes_beside(stage, here, CAR_LANES), lane})
    left = (spec.left or 0) - (spec.right or 0)
    place = ids.index(lane) + left * stage.network.lane_direction(here)
    if not 0 <= place < len(ids):
        side = "left" if left > 0 else "right"
        raise StoryFaultError(f"finds no {abs(left)} lanes for cars {side} of lane {lane} of {here.road}")
    return ids[place]


def _lanes_beside(stage: Stage, here: LaneKey, types: tuple[LaneType, ...]) -> list[int]:
    """Ids of the lanes of these types beside a lane, itself included, from right to left along the road."""
    lanes = stage.network.every_road[here.road].sections[here.section].lanes
    return [lane.id for lane in lanes if lane.type in types]


def _across(stage: Stage, scene: Scene, actor: int, here: LaneKey, target: int) -> float:
    """How far to the left of its own lane's centre another lane's centre lies, as the driver sees it [m]."""
    road = stage.network.every_road[here.road]
    state = scene.state
    at = stage.network.locate(np.array([[state.x[actor], state.y[actor], state.level[actor]]]))
    s = float(np.clip(np.nan_to_num(at.s[0]), *road.section_range(here.section)))
    apart = road.lane_center_t(target, s) - road.lane_center_t(here.lane, s)
    return apart * stage.network.lane_direction(here)


def _shifted(
    scene: Scene, actor: int, goal: float, spec: ChangeLaneAction | LaneOffsetAction, now: float
) -> tuple[Scene, Any]:
    """Begin to move from where the driver is to `goal` metres left of its path."""
    change = goal - float(scene.state.left[actor])
    if spec.shape == "step":
        scene = _beside(scene, actor, change)
    orders = scene.orders.with_actor(
        actor,
        keep_left=goal,
        shift=0.0 if spec.shape == "step" else change,
        shift_start=now,
        shift_duration=spec.over or USUAL_TIME,
        shift_shape=shape_number(spec.shape),
    )
    scene = replace(scene, orders=orders)
    if spec.shape == "step":
        return scene, None
    duration, way = spec.over or USUAL_TIME, np.inf
    if spec.distance is not None:
        duration, way = np.inf, spec.distance
    elif spec.rate is not None:
        duration = max(time_for_rate(spec.shape, change, spec.rate), 1e-6)
        scene = replace(scene, orders=scene.orders.with_actor(actor, shift_duration=duration))
    return scene, Shift(now, duration, way, float(scene.book.travelled[actor]))


def _beside(scene: Scene, actor: int, left: float) -> Scene:
    """The actor so far to its path's left of where it was."""
    who = np.array([actor])
    heading = float(scene.courses.paths.frame(who, scene.state.station[who]).heading[0])
    state = scene.state
    x, y = state.x[actor] - left * np.sin(heading), state.y[actor] + left * np.cos(heading)
    return replace(scene, state=state.with_actor(actor, x=x, y=y, left=state.left[actor] + left))
