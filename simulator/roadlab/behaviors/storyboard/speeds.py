"""Actions that change how fast an actor goes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from roadlab.behaviors.storyboard.book import Play, Running
from roadlab.behaviors.storyboard.fault import StoryFaultError
from roadlab.behaviors.storyboard.places import station_of
from roadlab.behaviors.transitions import PEAK, shape_number, time_for_rate, transition
from roadlab.scenario.spec import BrakeAction, KeepDistanceAction, ProfilePoint, SpeedAction, SynchroniseAction

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage

USUAL_ACCELERATION = 2.0
"""Of a change of speed about which nothing is said [m/s²]."""
REACHED = 0.05
"""So near to a speed it is reached [m/s]."""
FREQUENCY = 0.5
"""How fast the error of a distance or a headway decays [1/s]."""
KEPT = 0.2
"""So near to a distance it is reached [m]."""


@dataclass(frozen=True)
class Change:
    """A change of speed under way."""

    start: float
    """[s]"""
    first: float
    """Speed at the start [m/s]."""
    target: float
    duration: float
    """[s]"""
    shape: str
    limit: float
    """Peak acceleration [m/s²]."""
    number: int = 0
    """Of a profile: which of its points."""

    def speed_at(self, time: float) -> float:
        """[m/s]"""
        done, _, _ = transition(shape_number(self.shape), self.target - self.first, time - self.start, self.duration)
        return self.first + float(done)


def change_of_speed(
    spec: SpeedAction | ProfilePoint, first: float, target: float, start: float, number: int = 0
) -> Change:
    """The change that is asked for; on a way of length d it takes 2 d / (sum of the two speeds), for all shapes."""
    change, shape = target - first, spec.shape
    way = getattr(spec, "distance", None)
    if shape == "step" or change == 0.0:
        waiting = 0.0 if shape == "step" else spec.over or 0.0
        return Change(start, first, target, waiting, shape, USUAL_ACCELERATION, number)
    if spec.over is not None:
        duration = spec.over
    elif way is not None:
        duration = 2.0 * way / (first + target)
    else:
        duration = time_for_rate(shape, change, spec.acceleration or USUAL_ACCELERATION)
    return Change(start, first, target, duration, shape, PEAK[shape_number(shape)] * abs(change) / duration, number)


def begin_speed(play: Play, action: Running) -> tuple[Scene, Any]:
    """A step is done at once; it also takes the place of brakes."""
    scene, actor = play.scene, action.actor
    spec: SpeedAction = action.spec
    target = _target(play.stage, scene, spec)
    scene = _unbraked(scene, actor)
    if spec.shape == "step" and not spec.continuous:
        return _at_once(scene, actor, target), None
    return scene, change_of_speed(spec, float(scene.state.speed[actor]), target, play.now)


def step_speed(play: Play, action: Running) -> tuple[Scene, Any]:
    """Until the time is over and the speed is reached."""
    stage, scene = play.stage, play.scene
    change: Change = action.data
    if action.spec.continuous:
        change = replace(change, target=_target(stage, scene, action.spec))
    scene, done = _go(stage, scene, action.actor, change, play.now)
    return scene, None if done and not action.spec.continuous else change


def begin_profile(play: Play, action: Running) -> tuple[Scene, Any]:
    """The first point is reached from the present speed."""
    scene, actor = play.scene, action.actor
    spec: list[ProfilePoint] = action.spec
    change = change_of_speed(spec[0], float(scene.state.speed[actor]), spec[0].to, play.now)
    return _unbraked(scene, actor), change


def step_profile(play: Play, action: Running) -> tuple[Scene, Any]:
    """Each point begins when the time of the one before is over."""
    scene, actor = play.scene, action.actor
    change: Change = action.data
    points: list[ProfilePoint] = action.spec
    while change.number + 1 < len(points) and play.now >= change.start + change.duration - 1e-9:
        following = points[change.number + 1]
        begins = change.start + change.duration
        change = change_of_speed(following, change.target, following.to, begins, change.number + 1)
    if change.shape == "step":
        scene = _at_once(scene, actor, change.target)
    scene, done = _go(play.stage, scene, actor, change, play.now)
    return scene, None if done and change.number + 1 == len(points) else change


def begin_brake(play: Play, action: Running) -> tuple[Scene, Any]:
    """Brake, whatever the driver would do."""
    scene = play.scene
    spec: BrakeAction = action.spec
    orders = scene.orders.with_actor(action.actor, braking=spec.deceleration, brake_to=spec.to, pace=np.nan)
    return replace(scene, orders=orders), spec.to


def step_brake(play: Play, action: Running) -> tuple[Scene, Any]:
    """Down to a speed, which the driver then keeps; at rest the brakes stay on."""
    scene, actor = play.scene, action.actor
    speed = float(scene.state.speed[actor])
    if action.data == 0.0:
        return scene, 0.0 if speed > 0.0 else None
    if speed > action.data:
        return scene, action.data
    orders = scene.orders.with_actor(actor, desired_speed=action.data, braking=np.nan, brake_to=np.nan)
    return replace(scene, orders=orders), None


def begin_resume(play: Play, action: Running) -> tuple[Scene, Any]:
    """Back to what the driver wanted before the story; done at once."""
    actor = action.actor
    scene = _unbraked(play.scene, actor)
    back = float(scene.orders.own_speed[actor])
    return replace(scene, orders=scene.orders.with_actor(actor, pace=np.nan, desired_speed=back, walking=True)), None


def begin_keep_distance(play: Play, action: Running) -> tuple[Scene, Any]:
    """Let go of the brakes."""
    return _unbraked(play.scene, action.actor), 0.0


def step_keep_distance(play: Play, action: Running) -> tuple[Scene, Any]:
    """Of a distance, w² error + 2 w closing with w = `FREQUENCY`, critically damped; of a headway h, (closing + w
    error) / h, by which the error decays as exp(-w t).
    """
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: KeepDistanceAction = action.spec
    other = _other(stage, scene, spec.to)
    station, _ = station_of(scene, actor, float(scene.state.x[other]), float(scene.state.y[other]))
    apart = station - float(scene.state.station[actor])
    if spec.freespace:
        middle, length = stage.shapes.lane_middle, stage.shapes.lane_size[:, 0]
        apart += float(middle[other] - middle[actor])
        apart -= float(np.sign(apart)) * 0.5 * float(length[other] + length[actor])
    speed, others = float(scene.state.speed[actor]), float(scene.state.speed[other])
    wanted = spec.distance if spec.distance is not None else (spec.headway or 0.0) * speed
    error, closing = apart - wanted, others - speed
    if not spec.continuous and abs(error) < KEPT and abs(closing) < KEPT:
        return _let_go(scene, actor, others), None
    if spec.headway is not None:
        asked = (closing + FREQUENCY * error) / spec.headway
    else:
        asked = FREQUENCY**2 * error + 2.0 * FREQUENCY * closing
    return _accelerate(stage, scene, actor, asked, spec.deceleration, spec.acceleration), 0.0


def begin_synchronise(play: Play, action: Running) -> tuple[Scene, Any]:
    """StoryFaultError when one of the places is not on the way."""
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: SynchroniseAction = action.spec
    scene = _unbraked(scene, actor)
    if stage.cast.members[actor].info.kind == "pedestrian":
        scene = replace(scene, orders=scene.orders.with_actor(actor, walking=True))
    master = _other(stage, scene, spec.master)
    for who, place, name in (
        (actor, spec.at, "its place"),
        (master, spec.master_at, f"the place of {spec.master}"),
    ):
        x, y, _ = stage.network.pose(place)
        _, left = station_of(scene, who, x, y)
        if abs(left) > 10.0:
            raise StoryFaultError(f"finds {name} {abs(left):.0f} m beside the way")
    return scene, 0.0


def step_synchronise(play: Play, action: Running) -> tuple[Scene, Any]:
    """Least effort: of all motions that arrive in time (at a stated speed) the one with the least mean square of
    acceleration begins with 3 (d - v T) / T², or with (6 d / T - 4 v - 2 w) / T where the speed w is stated.
    """
    stage, scene, actor = play.stage, play.scene, action.actor
    spec: SynchroniseAction = action.spec
    master = _other(stage, scene, spec.master)
    way, others_way = (
        _to_go(stage, scene, actor, spec.at),
        _to_go(stage, scene, master, spec.master_at),
    )
    speed, others = float(scene.state.speed[actor]), float(scene.state.speed[master])
    if way <= 0.0 or others_way <= 0.0:
        return _let_go(scene, actor, speed if spec.speed is None else spec.speed), None
    if others < 1e-3:
        return _accelerate(stage, scene, actor, -speed, spec.deceleration, spec.acceleration), 0.0
    left = others_way / others
    if left < 4.0 * stage.step:
        return scene, 0.0
    if spec.speed is None:
        asked = 3.0 * (way - speed * left) / left**2
    else:
        asked = (6.0 * way / left - 4.0 * speed - 2.0 * spec.speed) / left
    return _accelerate(stage, scene, actor, asked, spec.deceleration, spec.acceleration), 0.0


def let_go(play: Play, action: Running) -> Scene:
    """The driver keeps the speed at which an action is stopped."""
    scene, actor = play.scene, action.actor
    if action.kind == "brake":
        return _unbraked(scene, actor)
    return _let_go(scene, actor, float(scene.state.speed[actor]))


# --- parts ------------------------------------------------------------------------------------------------------------


def _target(stage: Stage, scene: Scene, spec: SpeedAction) -> float:
    if spec.relative_to is None:
        return spec.to or 0.0
    return max(0.0, float(scene.state.speed[_other(stage, scene, spec.relative_to)]) + spec.by)


def _other(stage: Stage, scene: Scene, name: str) -> int:
    other = stage.cast.index[name]
    if not scene.book.present[other]:
        raise StoryFaultError(f"needs {name}, who is not there")
    return other


def _to_go(stage: Stage, scene: Scene, actor: int, place: Any) -> float:
    x, y, _ = stage.network.pose(place)
    return station_of(scene, actor, x, y)[0] - float(scene.state.station[actor])


def _unbraked(scene: Scene, actor: int) -> Scene:
    return replace(scene, orders=scene.orders.with_actor(actor, braking=np.nan, brake_to=np.nan))


def _at_once(scene: Scene, actor: int, speed: float) -> Scene:
    orders = scene.orders.with_actor(actor, desired_speed=speed, pace=np.nan)
    return replace(scene, state=scene.state.with_actor(actor, speed=speed), orders=orders)


def _go(stage: Stage, scene: Scene, actor: int, change: Change, now: float) -> tuple[Scene, bool]:
    """Order the speed of the next tick; done when the time is over and the speed is reached."""
    if now >= change.start + change.duration - 1e-9 and abs(scene.state.speed[actor] - change.target) < REACHED:
        return _let_go(scene, actor, change.target), True
    wanted = change.speed_at(now + stage.step)
    orders = scene.orders.with_actor(actor, desired_speed=wanted, pace=change.limit * 1.001 + 1e-6)
    return replace(scene, orders=orders), False


def _let_go(scene: Scene, actor: int, speed: float) -> Scene:
    return replace(scene, orders=scene.orders.with_actor(actor, desired_speed=speed, pace=np.nan))


def _accelerate(
    stage: Stage, scene: Scene, actor: int, asked: float, deceleration: float, acceleration: float
) -> Scene:
    asked = min(max(asked, -deceleration), acceleration)
    speed = max(0.0, float(scene.state.speed[actor]) + asked * stage.step)
    orders = scene.orders.with_actor(actor, desired_speed=speed, pace=abs(asked) * 1.001 + 1e-6)
    return replace(scene, orders=orders)
