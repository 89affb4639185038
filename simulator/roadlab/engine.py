"""The loop: on each tick everybody decides on one and the same state, then everybody moves."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.courses import driving_course, on_foot
from roadlab.behaviors.driving import accelerating, indicated, steering
from roadlab.behaviors.lamps import NOTICE, lamps
from roadlab.behaviors.orders import fulfilled, ordered
from roadlab.behaviors.right_of_way import conflicts
from roadlab.behaviors.story import starting
from roadlab.behaviors.walking import walk
from roadlab.dynamics.contact import Contact, Footprints, contacts, pressing
from roadlab.dynamics.crash import after_contacts, slide
from roadlab.dynamics.motion import Commands
from roadlab.dynamics.state import State
from roadlab.errors import SimulationError
from roadlab.log import Event, SceneLog
from roadlab.recording import Recording
from roadlab.scenario.load import Scenario
from roadlab.scenario.spec import ActionSpec
from roadlab.stage import Scene, Stage, opening, set_stage
from roadlab.timing import SECOND, Nanoseconds, nanoseconds, seconds

Array = NDArray[np.float64]

AT_REST = 0.05
"""Slower than this counts as standing [m/s]."""
AT_END = 5.0
"""A driver who stands nearer than this to the end of its route has arrived [m]."""


@dataclass(frozen=True)
class Controls:
    """What the drivers do on a tick; arrays of D."""

    acceleration: Array
    """[m/s²]"""
    steer_rate: Array
    """[rad/s]"""


def simulate(scenario: Scenario) -> SceneLog:
    """Run a scenario from 0 to its duration.

    SimulationError, with the log so far, when the state of an actor is no longer a number.
    """
    stage = set_stage(scenario)
    scene = opening(stage)
    recording = Recording.of(stage)
    for tick in range(stage.ticks):
        time = stage.time_of(tick)
        scene = tell_story(stage, scene, time)
        scene = indicate(stage, scene, time)
        recording.add(tick, scene.state, lamps_on(stage, scene, time))
        if tick + 1 < stage.ticks:
            controls = decide(stage, scene, tick)
            after = check(stage, move(stage, scene, controls), tick + 1, scene, recording)
            scene = touch(stage, scene, after, time)
            scene = arrive(stage, scene, time)
    return recording.log(scene.events)


def tell_story(stage: Stage, scene: Scene, time: Nanoseconds) -> Scene:
    """Start the events whose time has come, and forget orders that are carried out."""
    scene = replace(scene, orders=fulfilled(scene.orders, scene.state))
    for event in starting(stage.story, scene.started, time, scene.state, stage.cast):
        names = tuple(stage.cast.members[actor].info.name for actor, _ in event.actions)
        scene = replace(
            scene,
            started={**scene.started, event.name: time},
            events=(*scene.events, Event(time, "story", event.name, names)),
        )
        for actor, action in event.actions:
            scene = tell(stage, scene, actor, action, seconds(time))
    return scene


def tell(stage: Stage, scene: Scene, actor: int, action: ActionSpec, time: float) -> Scene:
    """The scene once an actor has been told what to do."""
    scene = replace(scene, orders=ordered(scene.orders, actor, action))
    if action.change_lane is not None:
        return _change_lane(stage, scene, actor, action.change_lane.to, action.change_lane.over, time)
    if action.walk is not None and action.walk.path:
        pose = (float(scene.state.x[actor]), float(scene.state.y[actor]), float(scene.state.yaw[actor]))
        course = on_foot(stage.network, pose, action.walk.path)
        state = scene.state.with_actor(actor, station=0.0)
        return replace(scene, courses=scene.courses.changed(actor, course), state=state)
    return scene


def _change_lane(stage: Stage, scene: Scene, actor: int, lane: int, over: float, time: float) -> Scene:
    """Put the driver on the other lane's path, as far beside it as it is now, and let it move across."""
    here = scene.courses.each[actor]
    if not here.lanes or lane == here.lane_at(scene.state.station[actor]).lane:
        return scene
    now = here.lane_at(scene.state.station[actor])
    rest = dict.fromkeys(key.road for key in here.lanes[here.lanes.index(now) + 1 :] if key.road != now.road)
    keys = stage.onward(now._replace(lane=lane), [name for name in rest if name in stage.network.roads])
    courses = scene.courses.changed(actor, driving_course(stage.network, keys))
    who, x, y = np.array([actor]), scene.state.x[[actor]], scene.state.y[[actor]]
    guess = courses.paths.nearest(who, x, y, np.zeros(1), courses.paths.length[who], looks=400)
    station, left = courses.paths.project(who, x, y, guess)
    keep = scene.orders.keep_left[actor]
    orders = scene.orders.with_actor(actor, shift=keep - left[0], shift_start=time, shift_duration=over)
    crossing = conflicts(courses, stage.drivers.who, orders.keep_left, stage.shapes.size[:, 1])
    state = scene.state.with_actor(actor, station=station[0], left=left[0])
    return replace(scene, courses=courses, conflicts=crossing, orders=orders, state=state)


def indicate(stage: Stage, scene: Scene, time: Nanoseconds) -> Scene:
    """Switch indicators on and off."""
    front = stage.shapes.front(scene.state)
    now = seconds(time)
    side = indicated(scene.courses, scene.courses.turns, stage.announced, scene.orders, scene.state, front, now, NOTICE)
    since = np.where(side == scene.side, scene.side_since, now)
    return replace(scene, side=side, side_since=since)


def lamps_on(stage: Stage, scene: Scene, time: Nanoseconds) -> NDArray[np.uint8]:
    """(N,) lamp bits at this instant."""
    state = scene.state
    return lamps(stage.lit, state.acceleration, state.rest, scene.side, seconds(time) - scene.side_since)


def decide(stage: Stage, scene: Scene, tick: int) -> Controls:
    """What every driver does, on the state at the beginning of the tick."""
    time = seconds(stage.time_of(tick))
    acceleration = accelerating(
        stage.drivers, scene.courses, scene.conflicts, stage.shapes, scene.state, scene.orders, stage.signals[tick],
        stage.step,
    )  # fmt: skip
    steer_rate = steering(stage.drivers, scene.courses, scene.state, scene.orders, time)
    stunned = scene.touched[stage.drivers.who]
    return Controls(
        acceleration=np.where(stunned, -np.asarray(stage.drivers.track.max_deceleration), acceleration),
        steer_rate=np.where(stunned, 0.0, steer_rate),
    )


def move(stage: Stage, scene: Scene, controls: Controls) -> State:
    """Where everybody is a step later; what nobody controls (contacts) comes afterwards."""
    state = _sliding(stage, scene, _on_foot(stage, scene, _on_wheels(stage, scene, controls)))
    resting = np.hypot(state.speed, state.sideways) < AT_REST
    return replace(state, rest=np.where(resting, state.rest + stage.step, 0.0))


def _on_wheels(stage: Stage, scene: Scene, controls: Controls) -> State:
    state, who, step = scene.state, stage.drivers.who, stage.step
    before = state.motion(who)
    commands = Commands(controls.acceleration, controls.steer_rate, np.zeros(len(who), dtype=bool))
    after = stage.vehicles.advance(before, commands, np.full(len(who), stage.friction), step)
    guess = state.station[who] + before.speed * step
    station, left = scene.courses.paths.project(who, after.x, after.y, guess)
    gained = (after.speed - before.speed) / step
    return state.with_motion(who, after, acceleration=gained, station=station, left=left)


def _sliding(stage: Stage, scene: Scene, moved: State) -> State:
    """Who has been hit slides, whatever else it would have done."""
    who = np.flatnonzero(scene.touched)
    if not len(who):
        return moved
    slid = slide(scene.state, who, stage.bodies, np.full(len(scene.touched), stage.friction), stage.step)
    return moved.taking(who, slid)


def _on_foot(stage: Stage, scene: Scene, moved: State) -> State:
    state, who, orders = scene.state, stage.cast.people, scene.orders
    pace = np.where(orders.walking[who] & ~scene.touched[who], orders.desired_speed[who], 0.0)
    steps = walk(scene.courses.paths, who, state.station[who], state.yaw[who], state.speed[who], pace, stage.step)
    return moved.with_actor(
        who,
        x=steps.x,
        y=steps.y,
        yaw=steps.yaw,
        speed=steps.speed,
        acceleration=(steps.speed - state.speed[who]) / stage.step,
        station=steps.station,
    )


def check(stage: Stage, state: State, tick: int, scene: Scene, recording: Recording) -> State:
    """The state itself; SimulationError when something in it is no number."""
    broken = state.broken()
    if broken is not None:
        name = stage.cast.members[broken].info.name
        raise SimulationError("its state is not a number", tick=tick, actor=name, log=recording.log(scene.events))
    return state


def touch(stage: Stage, scene: Scene, after: State, time: Nanoseconds) -> Scene:
    """Log first contacts on the way to `after`; who has touched somebody exchanges momentum and slides to rest."""
    known, there = scene.known_contacts, _footprints(stage, after)
    found = contacts(_footprints(stage, scene.state), there, known)
    hits: list[Contact] = [*found, *pressing(there, known)]
    if not hits:
        return replace(scene, state=after)
    touched, events = scene.touched.copy(), list(scene.events)
    for contact in found:
        pair = [contact.first, contact.second]
        touched[pair] = True
        a, b = sorted(pair, key=lambda i: stage.cast.members[i].info.name)
        names = (stage.cast.members[a].info.name, stage.cast.members[b].info.name)
        details = {"relative_speed": _relative_speed(scene.state, a, b), "x": contact.place[0], "y": contact.place[1]}
        at = time + round(contact.share * stage.step * SECOND)
        events.append(Event(at, "contact", f"{names[0]} touches {names[1]}", names, details))
    pairs = np.array([(c.first, c.second) for c in found], dtype=np.int64).reshape(-1, 2)
    return replace(
        scene,
        state=after_contacts(scene.state, after, hits, stage.bodies, stage.step),
        touched=touched,
        known_contacts=np.concatenate([known, pairs]),
        events=tuple(events),
    )


def arrive(stage: Stage, scene: Scene, time: Nanoseconds) -> Scene:
    """Log who has come to rest at the end of the route."""
    state, who = scene.state, stage.drivers.who
    ahead = scene.courses.paths.length - stage.shapes.front(state)
    fresh = [i for i in who if state.rest[i] > 0.0 and ahead[i] < AT_END and not scene.arrived[i]]
    if not fresh:
        return scene
    arrived = scene.arrived.copy()
    arrived[fresh] = True
    names = [stage.cast.members[i].info.name for i in fresh]
    at = time + nanoseconds(stage.step)
    return replace(
        scene,
        arrived=arrived,
        events=(*scene.events, *(Event(at, "route_end", f"{name} arrives", (name,)) for name in names)),
    )


def _footprints(stage: Stage, state: State) -> Footprints:
    return Footprints(stage.shapes.centers(state), state.yaw, stage.shapes.size)


def _relative_speed(state: State, a: int, b: int) -> float:
    vx, vy = state.speed * np.cos(state.yaw), state.speed * np.sin(state.yaw)
    return float(np.hypot(vx[a] - vx[b], vy[a] - vy[b]))
