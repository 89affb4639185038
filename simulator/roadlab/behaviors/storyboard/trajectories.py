"""Actions that make an actor follow a trajectory: exactly in time, or along a line at its driver's own speed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.courses import Course, way_course
from roadlab.behaviors.paths import Path, resampled, standstill
from roadlab.behaviors.routes import way
from roadlab.behaviors.storyboard.book import Play, Running
from roadlab.behaviors.storyboard.conditions import AT_REST
from roadlab.behaviors.storyboard.fault import StoryFaultError
from roadlab.behaviors.storyboard.places import lane_here, with_course
from roadlab.behaviors.transitions import shape_number
from roadlab.behaviors.walking import CORNER_RADIUS, walking_path
from roadlab.dynamics.state import State
from roadlab.roads.reference_line import Piece, ReferenceLine
from roadlab.scenario.spec import FollowTrajectoryAction, PathPiece, Position

if TYPE_CHECKING:
    from scipy.interpolate import Akima1DInterpolator

    from roadlab.stage import Scene, Stage

Array = NDArray[np.float64]

TURNING_RADIUS = 8.0
"""Of the corners of a polyline that a vehicle drives, where there is room [m]."""
SPACING = 0.25
BEYOND = 200.0
"""So far the path of a driver who will be back on a lane is continued straight on, lest it brakes for its end [m]."""
REJOINING = 4.0
"""A driver comes back to the middle of its lane in this time [s]."""


@dataclass(frozen=True)
class Rail:
    """Places over time, passed smoothly (modified Akima interpolation, which does not overshoot at stops)."""

    start: float
    """[s]"""
    time: Array
    """(K,) since the start [s], increasing."""
    place: Array
    """(K, 2) [m]"""

    @property
    def end(self) -> float:
        """[s]"""
        return self.start + float(self.time[-1])

    @cached_property
    def curve(self) -> Akima1DInterpolator:
        """Place over time since the start; of two points or more."""
        from scipy.interpolate import Akima1DInterpolator  # slow to import, and few scenarios need it

        time, place = self.time, self.place
        if len(time) == 2:
            time, place = np.insert(time, 1, time.mean()), np.insert(place, 1, place.mean(axis=0), axis=0)
        return Akima1DInterpolator(time, place, method="makima")

    def at(self, time: float) -> tuple[Array, Array]:
        """Place [m] and velocity [m/s] (2,); at rest in the last place afterwards."""
        since = time - self.start
        if since > self.time[-1] or len(self.time) == 1:
            return self.place[-1], np.zeros(2)
        return self.curve(since), self.curve(since, 1)


def begin_trajectory(play: Play, action: Running) -> tuple[Scene, Any]:
    """Onto the rails of timed points, or onto a path of its own."""
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: FollowTrajectoryAction = action.spec
    if spec.points is not None:
        return _begin_timed(stage, scene, actor, spec, play.now)
    on_foot = stage.cast.members[actor].info.kind == "pedestrian"
    line = _line(stage, scene, actor, spec, CORNER_RADIUS if on_foot else TURNING_RADIUS)
    if on_foot:
        scene = with_course(scene, actor, Course(line))
        return replace(scene, orders=scene.orders.with_actor(actor, walking=True)), line.length
    back = _lane_at_end(stage, line) is not None
    scene = with_course(scene, actor, Course(_continued(line) if back else line))
    orders = scene.orders.with_actor(actor, keep_left=0.0, shift=0.0)
    return replace(scene, orders=orders), line.length


def step_trajectory(play: Play, action: Running) -> tuple[Scene, Any]:
    """Until the last point, or the end of the line."""
    stage, scene, actor = play.stage, play.scene, action.actor
    if isinstance(action.data, Rail):
        return (scene, action.data) if play.now < action.data.end - 1e-9 else (leave(play, action), None)
    on_foot = stage.cast.members[actor].info.kind == "pedestrian"
    room = 0.02 if on_foot else stage.step * float(scene.state.speed[actor])
    at_end = scene.state.station[actor] >= action.data - room
    standing = not on_foot and scene.state.rest[actor] > 0.0 and scene.state.station[actor] > action.data - 8.0
    if not at_end and not standing:
        return scene, action.data
    return (scene if on_foot or standing else rejoined(stage, scene, actor, play.now)), None


def leave(play: Play, action: Running) -> Scene:
    """Off the trajectory, back to the lane where there is one."""
    stage, scene, actor = play.stage, play.scene, action.actor
    rails = {k: rail for k, rail in scene.book.rails.items() if k != actor}
    scene = replace(scene, book=replace(scene.book, rails=rails))
    if stage.cast.members[actor].info.kind == "pedestrian":
        x, y, yaw = (float(v[actor]) for v in (scene.state.x, scene.state.y, scene.state.yaw))
        scene = with_course(scene, actor, Course(standstill(x, y, yaw)))
        return replace(scene, orders=scene.orders.with_actor(actor, walking=False))
    speed = float(scene.state.speed[actor])
    scene = replace(scene, orders=scene.orders.with_actor(actor, desired_speed=speed, pace=np.nan))
    return rejoined(stage, scene, actor, play.now)


def rejoined(stage: Stage, scene: Scene, actor: int, now: float) -> Scene:
    """A driver back on the lane where it is, moving to its middle; off the lanes it stops where it is."""
    state = scene.state
    try:
        lane = lane_here(stage, scene, actor)
        course = way_course(stage.lanes, way(stage.lanes, lane, None))
    except (StoryFaultError, ValueError):
        here = standstill(float(state.x[actor]), float(state.y[actor]), float(state.yaw[actor]))
        return with_course(scene, actor, Course(here))
    scene = with_course(scene, actor, course)
    scene = replace(scene, book=scene.book.with_actor(actor, beside=0.0))
    orders = scene.orders.with_actor(
        actor,
        keep_left=0.0,
        shift=-float(scene.state.left[actor]),
        shift_start=now,
        shift_duration=REJOINING,
        shift_shape=shape_number("sinusoidal"),
    )
    return replace(scene, orders=orders)


def on_rails(stage: Stage, scene: Scene, moved: State, time: float) -> State:
    """Those who follow timed points where they have to be at `time` [s], unless they have been hit."""
    for actor, rail in scene.book.rails.items():
        if scene.touched[actor]:
            continue
        place, velocity = rail.at(min(time, rail.end))
        moved = _placed(stage, scene, moved, actor, place, velocity)
    return moved


def _begin_timed(stage: Stage, scene: Scene, actor: int, spec: FollowTrajectoryAction, now: float) -> tuple[Scene, Any]:
    points = spec.points or []
    time = [point.time for point in points]
    place = [stage.network.pose(point.at)[:2] for point in points]
    if time[0] > 0.0:
        time, place = [0.0, *time], [(float(scene.state.x[actor]), float(scene.state.y[actor])), *place]
    rail = Rail(now, np.array(time), np.array(place))
    looks = np.linspace(0.0, rail.time[-1], max(2, round(rail.time[-1] / stage.step) + 1))
    trace = rail.curve(looks) if len(rail.time) > 1 else np.repeat(rail.place, 2, axis=0)
    way = np.hypot(*np.diff(trace, axis=0).T)
    x, y, yaw = (float(v[actor]) for v in (scene.state.x, scene.state.y, scene.state.yaw))
    path = standstill(x, y, yaw) if way.sum() < 0.5 else _smooth(trace[np.concatenate([[True], way > 1e-3])])
    orders = scene.orders.with_actor(
        actor, braking=np.nan, brake_to=np.nan, pace=np.nan, keep_left=0.0, shift=0.0, walking=True
    )
    scene = replace(scene, orders=orders, book=replace(scene.book, rails={**scene.book.rails, actor: rail}))
    scene = with_course(scene, actor, Course(path))
    first, velocity = rail.at(now)
    return replace(scene, state=_placed(stage, scene, scene.state, actor, first, velocity)), rail


def _placed(stage: Stage, scene: Scene, moved: State, actor: int, place: Array, velocity: Array) -> State:
    speed, yaw = float(np.hypot(*velocity)), float(scene.state.yaw[actor])
    turn = 0.0
    if speed > 0.05:
        turn = float((np.arctan2(velocity[1], velocity[0]) - yaw + np.pi) % (2 * np.pi) - np.pi)
    who = np.array([actor])
    guess = scene.state.station[who] + speed * stage.step
    station, left = scene.courses.paths.project(who, place[[0]], place[[1]], guess)
    return moved.with_actor(
        actor,
        x=place[0],
        y=place[1],
        yaw=yaw + turn,
        speed=speed,
        acceleration=(speed - float(scene.state.speed[actor])) / stage.step,
        sideways=0.0,
        yaw_rate=turn / stage.step,
        station=station[0],
        left=left[0],
        rest=0.0 if speed >= AT_REST else float(scene.state.rest[actor]) + stage.step,
    )


def _line(stage: Stage, scene: Scene, actor: int, spec: FollowTrajectoryAction, radius: float) -> Path:
    state = scene.state
    x, y, yaw = float(state.x[actor]), float(state.y[actor]), float(state.yaw[actor])
    if spec.path is not None:
        return _pieces(spec.path, x, y, yaw)
    return _polyline(stage, spec.polyline or [], x, y, radius)


def _pieces(pieces: Sequence[PathPiece], x: float, y: float, yaw: float) -> Path:
    line = ReferenceLine(tuple(_piece(piece) for piece in pieces), x, y, yaw)
    s = np.linspace(0.0, line.length, max(2, round(line.length / SPACING) + 1))
    px, py, heading = line.point(s)
    return resampled(px, py, heading, line.curvature(s), SPACING)


def _piece(spec: PathPiece) -> Piece:
    if spec.clothoid is not None:
        return Piece(spec.clothoid.length, *spec.clothoid.curvature)
    if spec.arc is not None:
        return Piece(spec.arc.length, 1.0 / spec.arc.radius, 1.0 / spec.arc.radius)
    return Piece(spec.line or 0.0)


def _polyline(stage: Stage, places: Sequence[Position], x: float, y: float, radius: float) -> Path:
    points = np.array([(x, y), *(stage.network.pose(place)[:2] for place in places)])
    try:
        return walking_path(points, radius)
    except ValueError as error:
        raise StoryFaultError("is at the trajectory's end already") from error


def _smooth(trace: Array) -> Path:
    step = np.diff(trace, axis=0)
    heading = np.unwrap(np.arctan2(step[:, 1], step[:, 0]))
    heading = np.append(heading, heading[-1])
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*step.T))])
    return resampled(trace[:, 0], trace[:, 1], heading, np.gradient(heading, way), SPACING)


def _continued(line: Path) -> Path:
    """The same, and straight on."""
    more = np.arange(1, round(BEYOND / line.spacing) + 1) * line.spacing
    end = float(line.heading[-1])
    return Path(
        spacing=line.spacing,
        x=np.concatenate([line.x, line.x[-1] + more * np.cos(end)]),
        y=np.concatenate([line.y, line.y[-1] + more * np.sin(end)]),
        heading=np.concatenate([line.heading, np.full(len(more), end)]),
        curvature=np.concatenate([line.curvature, np.zeros(len(more))]),
    )


def _lane_at_end(stage: Stage, line: Path) -> int | None:
    at = stage.network.locate(np.array([[line.x[-1], line.y[-1]]]))
    return int(at.lane[0]) if at.road[0] >= 0 and at.lane[0] != 0 else None
