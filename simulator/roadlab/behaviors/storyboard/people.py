"""Actions of people: walk, run, cross, wait, stand and turn round."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from roadlab.actors.cast import USUAL_PACE
from roadlab.behaviors.courses import Course, on_foot
from roadlab.behaviors.paths import Path, standstill
from roadlab.behaviors.storyboard.book import Play, Running
from roadlab.behaviors.storyboard.fault import StoryFaultError
from roadlab.behaviors.storyboard.places import with_course
from roadlab.behaviors.walking import ARRIVED, walking_path
from roadlab.scenario.spec import CrossAction, RunAction, WalkAction

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage

BEYOND_KERB = 0.5
"""Who crosses goes at least so far beyond the kerb [m]."""
TURNED = 0.05
"""So near to a direction somebody has turned to it [rad]."""


@dataclass(frozen=True)
class Pause:
    """Somebody waits."""

    until: float
    """[s]"""
    walking: bool
    """Whether it goes on afterwards."""


def begin_walk(play: Play, action: Running) -> tuple[Scene, Any]:
    """Set off, along a path if there is one."""
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: WalkAction | RunAction = action.spec
    if spec.path:
        scene = _on_path(scene, actor, on_foot(stage.network, _pose(scene, actor), spec.path))
    speed = spec.speed or _own_pace(scene, actor)
    return _walking(scene, actor, speed), True


def begin_cross(play: Play, action: Running) -> tuple[Scene, Any]:
    """Set off to the other side."""
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: CrossAction = action.spec
    x, y, _ = _pose(scene, actor)
    points = (
        _across_road(stage, x, y, spec.road) if spec.road is not None else _on_crosswalk(stage, x, y, spec.crosswalk)
    )
    scene = _on_path(scene, actor, Course(walking_path(np.array([(x, y), *points]))))
    speed = spec.speed or _own_pace(scene, actor)
    return _walking(scene, actor, speed), True


def step_walk(play: Play, action: Running) -> tuple[Scene, Any]:
    """Until the path's end."""
    scene, actor = play.scene, action.actor
    ahead = scene.courses.paths.length[actor] - scene.state.station[actor]
    return scene, True if ahead > 2.0 * ARRIVED else None


def begin_wait(play: Play, action: Running) -> tuple[Scene, Any]:
    """Stand for a while."""
    scene, actor = play.scene, action.actor
    spec: float = action.spec
    walking = bool(scene.orders.walking[actor])
    return replace(scene, orders=scene.orders.with_actor(actor, walking=False)), Pause(play.now + spec, walking)


def step_wait(play: Play, action: Running) -> tuple[Scene, Any]:
    """Until the time is over."""
    scene = play.scene
    pause: Pause = action.data
    if play.now < pause.until - 1e-9:
        return scene, pause
    return replace(scene, orders=scene.orders.with_actor(action.actor, walking=pause.walking)), None


def begin_stand(play: Play, action: Running) -> tuple[Scene, Any]:
    """Stop walking; done at once."""
    scene = play.scene
    return replace(scene, orders=scene.orders.with_actor(action.actor, walking=False)), None


def begin_turn_round(play: Play, action: Running) -> tuple[Scene, Any]:
    """Who walks goes back the way that it came; who stands turns on the spot."""
    scene, actor = play.scene, action.actor
    facing = float(scene.state.yaw[actor]) + np.pi
    path, station = scene.courses.each[actor].path, float(scene.state.station[actor])
    back = _reversed(path, station) if isinstance(path, Path) and station > 0.1 else None
    scene = _on_path(scene, actor, Course(back or standstill(*_pose(scene, actor)[:2], facing)))
    if scene.orders.walking[actor] and back is not None:
        return scene, facing
    return replace(scene, book=scene.book.with_actor(actor, facing=facing)), facing


def step_turn_round(play: Play, action: Running) -> tuple[Scene, Any]:
    """Until the new direction is reached."""
    scene, actor = play.scene, action.actor
    turn = (action.data - float(scene.state.yaw[actor]) + np.pi) % (2 * np.pi) - np.pi
    if abs(turn) > TURNED:
        return scene, action.data
    return replace(scene, book=scene.book.with_actor(actor, facing=np.nan)), None


def stop_turning(play: Play, action: Running) -> Scene:
    """Stay in the direction that is reached."""
    scene = play.scene
    return replace(scene, book=scene.book.with_actor(action.actor, facing=np.nan))


def end_pause(play: Play, action: Running) -> Scene:
    """Who is no longer made to wait does again what it did before."""
    scene = play.scene
    return replace(scene, orders=scene.orders.with_actor(action.actor, walking=action.data.walking))


def _pose(scene: Scene, actor: int) -> tuple[float, float, float]:
    return float(scene.state.x[actor]), float(scene.state.y[actor]), float(scene.state.yaw[actor])


def _on_path(scene: Scene, actor: int, course: Course) -> Scene:
    """On a path that begins where the actor is."""
    scene = with_course(scene, actor, course)
    return replace(scene, state=scene.state.with_actor(actor, station=0.0, left=0.0))


def _own_pace(scene: Scene, actor: int) -> float:
    """What somebody walks at of its own accord [m/s]."""
    return float(scene.orders.own_speed[actor]) or USUAL_PACE


def _walking(scene: Scene, actor: int, speed: float) -> Scene:
    return replace(scene, orders=scene.orders.with_actor(actor, walking=True, desired_speed=speed))


def _reversed(path: Path, station: float) -> Path | None:
    """Back along a path from `station` [m] to its beginning."""
    last = round(station / path.spacing)
    if last < 1:
        return None
    part = slice(last, None, -1)
    return Path(path.spacing, path.x[part], path.y[part], path.heading[part] + np.pi, -path.curvature[part])


def _across_road(stage: Stage, x: float, y: float, name: str) -> Sequence[tuple[float, float]]:
    """The place opposite, as far from the kerb as here."""
    road = stage.network.roads[name]
    s, t = (float(v[0]) for v in road.locate(np.array([[x, y]])))
    if not 0.0 <= s <= road.length:
        raise StoryFaultError(f"is not beside {name}")
    right, left = road.carriageway_at(s)
    from_right = t < 0.5 * (right + left)
    beyond = max(right - t, BEYOND_KERB) if from_right else max(t - left, BEYOND_KERB)
    px, py, _ = road.point(s, left + beyond if from_right else right - beyond)
    return [(float(px), float(py))]


def _on_crosswalk(stage: Stage, x: float, y: float, name: str | None) -> Sequence[tuple[float, float]]:
    """The nearer end of a crosswalk, and `BEYOND_KERB` beyond the other."""
    strip = next(strip for strip in stage.network.crosswalks if strip.name == name)
    s = 0.5 * (strip.s[0] + strip.s[1])
    ends = [tuple(float(v) for v in strip.road.point(s, t)[:2]) for t in strip.t]
    ends.sort(key=lambda end: np.hypot(end[0] - x, end[1] - y))
    (ax, ay), (bx, by) = ends
    length = float(np.hypot(bx - ax, by - ay))
    far = (bx + BEYOND_KERB * (bx - ax) / length, by + BEYOND_KERB * (by - ay) / length)
    return [far] if np.hypot(ax - x, ay - y) < 0.3 else [(ax, ay), far]
