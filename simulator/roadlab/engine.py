"""The loop: on each tick everybody decides on one and the same state, then everybody moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.changing import EVERY, with_lane_changes
from roadlab.behaviors.driving import accelerating, indicated, intended, steering
from roadlab.behaviors.ground import climbed
from roadlab.behaviors.inflow import come_and_go
from roadlab.behaviors.lamps import NOTICE, lamps
from roadlab.behaviors.lane_keeping import steer_rate as wheel_rate
from roadlab.behaviors.looking import look_around
from roadlab.behaviors.overtaking import with_overtaking
from roadlab.behaviors.people.bumps import bumps
from roadlab.behaviors.people.crowd import walked
from roadlab.behaviors.people.kerbs import mind_roads
from roadlab.behaviors.people.minds import mind_others
from roadlab.behaviors.piloting import with_decisions
from roadlab.behaviors.roaming import grown
from roadlab.behaviors.storyboard.presence import far_apart, held
from roadlab.behaviors.storyboard.telling import shown, tell
from roadlab.behaviors.storyboard.trajectories import on_rails
from roadlab.behaviors.storyboard.world import switched
from roadlab.behaviors.view import Decide
from roadlab.dynamics.contact import Contact, Footprints, contacts, pressing
from roadlab.dynamics.crash import after_contacts, slide
from roadlab.dynamics.motion import Commands
from roadlab.dynamics.state import State
from roadlab.dynamics.towing import drawn, passed_on, straight
from roadlab.errors import SimulationError
from roadlab.log import LAMPS, Event, SceneLog
from roadlab.recording import Recording
from roadlab.scenario.load import Scenario
from roadlab.stage import Scene, Stage, opening, set_stage
from roadlab.timing import SECOND, Nanoseconds, nanoseconds, seconds

Array = NDArray[np.float64]

AT_REST = 0.05
"""Slower than this counts as standing [m/s]."""
LIGHT = 0.1
"""Who hits a prop that weighs less than this share of its own mass goes on."""
OFF_ROAD = 10.0
"""A driver further than this from its way has left the road [m]."""
AT_THE_REAR = sum(1 << LAMPS.index(name) for name in ("tail", "brake", "left", "right", "reverse"))
"""Lamp groups that trailers have."""
AT_END = 5.0
"""A driver who stands nearer than this to the end of its route has arrived [m]."""


@dataclass(frozen=True)
class Controls:
    """What the drivers do on a tick; arrays of D."""

    acceleration: Array
    """[m/s²]"""
    steer_rate: Array
    """[rad/s]"""


def simulate(scenario: Scenario, drivers: Mapping[str, Decide] | None = None) -> SceneLog:
    """Run a scenario from 0 to its duration.

    `drivers` drive the actors of these names, such as `{"ego": decide}`; see `roadlab.behaviors.view`. ValueError for a
    name that does not drive. A driver that fails is an event of kind `fault` in the log, and is relieved.
    SimulationError, with the log so far, when the state of an actor is no longer a number.
    """
    stage = set_stage(scenario, drivers)
    scene = opening(stage)
    recording = Recording.of(stage)
    for tick in range(stage.ticks):
        time = stage.time_of(tick)
        told = hitched(stage, tell(stage, scene, tick))
        if tick % stage.look == 0 or told.events is not scene.events:
            told = look(stage, told, tick)
        scene = indicate(stage, told, time)
        recording.add(tick, scene.state, lamps_on(stage, scene, time), shown(stage, scene, tick), scene.book)
        if tick + 1 < stage.ticks:
            controls = decide(stage, scene, time)
            after = on_rails(stage, scene, move(stage, scene, controls), seconds(stage.time_of(tick + 1)))
            after = towed(stage, scene, after)
            after = check(stage, after, tick + 1, scene, recording)
            scene = bumps(stage, touch(stage, scene, after, time), time)
            scene = arrive(stage, scene, time)
    return recording.log(scene.events)


def look(stage: Stage, scene: Scene, tick: int) -> Scene:
    """Let everybody look around and make up its mind."""
    now = seconds(stage.time_of(tick))
    scene = hitched(stage, come_and_go(stage, _roam(stage, scene), now))
    scene = mind_others(stage, mind_roads(stage, scene, now))
    who = stage.drivers.who[scene.book.present[stage.drivers.who] & ~scene.touched[stage.drivers.who]]
    others = np.flatnonzero(scene.book.present)
    others = others[~np.isin(others, who)]
    seen = look_around(
        stage.drivers, scene.courses, stage.shapes, scene.state, scene.orders, shown(stage, scene, tick),
        scene.intent.halted, scene.overtaking, who, others, NOTICE, now,
    )  # fmt: skip
    past = scene.intent.past
    intent = intended(stage.drivers, seen, scene.courses, scene.state, scene.orders, who, past, now)
    scene = replace(scene, intent=intent)
    thinking = tick % max(1, round(EVERY / stage.step)) == 0
    if thinking and (stage.drivers.changing.any() or len(seen.need)):
        scene = with_lane_changes(stage, scene, seen, now)
    if stage.drivers.overtaking.any():
        scene = with_overtaking(stage, scene, seen, now, deciding=thinking)
    scene = _off_the_road(stage, scene, stage.time_of(tick))
    return with_decisions(stage, scene, shown(stage, scene, tick), stage.time_of(tick))


def hitched(stage: Stage, scene: Scene) -> Scene:
    """Trailers come and go with those who pull them."""
    joined, present = stage.couplings, scene.book.present
    missing = present[joined.trailer] != present[joined.tow]
    if not missing.any():
        return scene
    there, now = present.copy(), joined.some(missing)
    there[now.trailer] = present[now.tow]
    return replace(scene, state=straight(scene.state, now), book=replace(scene.book, present=there))


def towed(stage: Stage, scene: Scene, after: State) -> State:
    """`after`, with the trailers where they are drawn from where they are in the scene."""
    joined = stage.couplings.some(scene.book.present[stage.couplings.tow])
    return drawn(scene.state, after, joined, stage.step) if len(joined.tow) else after


def _off_the_road(stage: Stage, scene: Scene, time: Nanoseconds) -> Scene:
    """Log who has left the road, once."""
    who, state, courses = stage.drivers.who, scene.state, scene.courses
    who = who[scene.book.present[who] & ~scene.lost[who]]
    left = state.left[who]
    hit = np.flatnonzero(scene.touched[who])
    if len(hit):
        i = who[hit]
        left[hit] = courses.paths.project(i, state.x[i], state.y[i], state.station[i])[1]
    gone = who[np.abs(left - scene.orders.keep_left[who]) > OFF_ROAD]
    if not len(gone):
        return scene
    lost = scene.lost.copy()
    lost[gone] = True
    names = [stage.cast.members[i].info.name for i in gone]
    events = tuple(Event(time, "fault", f"{name} is far off its way", (name,)) for name in names)
    return replace(scene, lost=lost, events=(*scene.events, *events))


def _roam(stage: Stage, scene: Scene) -> Scene:
    """Let the courses of those who have no destination go on."""
    who, station = stage.drivers.roaming, scene.state.station
    courses, dropped = grown(stage.lanes, scene.courses, who[scene.book.present[who]], station)
    if courses is scene.courses:
        return scene
    intent = replace(scene.intent, halted=scene.intent.halted - dropped)
    return replace(scene, courses=courses, intent=intent, state=replace(scene.state, station=station - dropped))


def indicate(stage: Stage, scene: Scene, time: Nanoseconds) -> Scene:
    """Switch indicators on and off."""
    now = seconds(time)
    side = indicated(scene.courses, scene.intent.turning, stage.announced, scene.orders, scene.state, now, NOTICE)
    since = np.where(side == scene.side, scene.side_since, now)
    return replace(scene, side=side, side_since=since)


def lamps_on(stage: Stage, scene: Scene, time: Nanoseconds) -> NDArray[np.uint8]:
    """(N,) lamp bits at this instant."""
    state = scene.state
    dim = stage.lit.dim(scene.book.weather)
    bits = lamps(stage.lit, dim, state.acceleration, state.rest, scene.side, seconds(time) - scene.side_since)
    bits = switched(bits, scene.book, seconds(time))
    bits[stage.couplings.trailer] = bits[stage.couplings.tow] & AT_THE_REAR
    return bits


def decide(stage: Stage, scene: Scene, time: Nanoseconds) -> Controls:
    """What every driver does on this tick."""
    acceleration = accelerating(stage.drivers, scene.intent, scene.state, scene.orders, stage.step)
    steer_rate = steering(stage.drivers, scene.courses, scene.state, scene.orders, seconds(time))
    for actor, control in scene.controls.items():
        row = int(np.searchsorted(stage.drivers.who, actor))
        if np.isnan(scene.orders.braking[actor]) and np.isnan(scene.orders.pace[actor]):
            acceleration[row] = control.acceleration
        if control.steer is not None:
            wanted, limit = np.array([control.steer]), np.asarray(stage.drivers.track.max_steer)[[row]]
            now = scene.state
            steer_rate[row] = wheel_rate(now.steer[[actor]], wanted, now.speed[[actor]], limit)[0]
    stunned = scene.touched[stage.drivers.who]
    return Controls(
        acceleration=np.where(stunned, -np.asarray(stage.drivers.track.max_deceleration), acceleration),
        steer_rate=np.where(stunned, 0.0, steer_rate),
    )


def move(stage: Stage, scene: Scene, controls: Controls) -> State:
    """Where everybody is a step later; what nobody controls (contacts) comes afterwards."""
    state = _sliding(stage, scene, _on_foot(stage, scene, _on_wheels(stage, scene, controls)))
    state = held(scene.state, replace(state, level=climbed(stage.network, state)), scene.book.present)
    resting = np.hypot(state.speed, state.sideways) < AT_REST
    return replace(state, rest=np.where(resting, state.rest + stage.step, 0.0))


def _on_wheels(stage: Stage, scene: Scene, controls: Controls) -> State:
    state, who, step = scene.state, stage.drivers.who, stage.step
    before = state.motion(who)
    commands = Commands(controls.acceleration, controls.steer_rate, np.zeros(len(who), dtype=bool))
    after = stage.vehicles.advance(before, commands, np.full(len(who), scene.book.weather.friction), step)
    guess = state.station[who] + before.speed * step
    station, left = scene.courses.paths.track(who, after.x, after.y, guess)
    gained = (after.speed - before.speed) / step
    return state.with_motion(who, after, acceleration=gained, station=station, left=left)


def _sliding(stage: Stage, scene: Scene, moved: State) -> State:
    """Who has been hit slides, whatever else it would have done."""
    who = np.flatnonzero(scene.touched & (stage.shapes.tow < 0))
    if not len(who):
        return moved
    slid = slide(scene.state, who, stage.bodies, np.full(len(scene.touched), scene.book.weather.friction), stage.step)
    return moved.taking(who, slid)


def _on_foot(stage: Stage, scene: Scene, moved: State) -> State:
    return moved.with_actor(stage.crowd.who, **walked(stage, scene)) if len(stage.crowd.who) else moved


def check(stage: Stage, state: State, tick: int, scene: Scene, recording: Recording) -> State:
    """The state itself; SimulationError when something in it is no number."""
    broken = state.broken()
    if broken is not None:
        name = stage.cast.members[broken].info.name
        raise SimulationError("its state is not a number", tick=tick, actor=name, log=recording.log(scene.events))
    return state


def touch(stage: Stage, scene: Scene, after: State, time: Nanoseconds) -> Scene:
    """Log first contacts on the way to `after`; who has touched somebody exchanges momentum and slides to rest."""
    known, there = scene.known_contacts, _footprints(stage, scene, after)
    apart = np.concatenate([known, stage.couplings.pairs])
    found = contacts(_footprints(stage, scene, scene.state), there, apart, _yielding(stage, after))
    crashed = known[~stage.shapes.on_foot[known].all(axis=1)]
    hits: list[Contact] = [*found, *pressing(there, crashed)]
    if not hits:
        return replace(scene, state=after)
    touched, events = scene.touched.copy(), list(scene.events)
    for contact in found:
        pair = (contact.first, contact.second)
        hurt = _hurt(stage, pair)
        touched[[*hurt, *(tow for i in hurt if (tow := stage.shapes.tow[i]) >= 0)]] = True
        a, b = sorted(pair, key=lambda i: stage.cast.members[i].info.name)
        names = (stage.cast.members[a].info.name, stage.cast.members[b].info.name)
        details = {"relative_speed": _relative_speed(scene.state, a, b), "x": contact.place[0], "y": contact.place[1]}
        at = time + round(contact.share * stage.step * SECOND)
        events.append(Event(at, "contact", f"{names[0]} touches {names[1]}", names, details))
    pairs = np.array([(c.first, c.second) for c in found], dtype=np.int64).reshape(-1, 2)
    state = after_contacts(scene.state, after, hits, stage.bodies, stage.step)
    return replace(
        scene,
        state=towed(stage, scene, passed_on(after, state, stage.couplings, stage.bodies)),
        touched=touched,
        known_contacts=np.concatenate([known, pairs]),
        events=tuple(events),
    )


def _yielding(stage: Stage, after: State) -> NDArray[np.int64]:
    """(N,) who does not touch its like: 1 people, 2 props that stand, 0 all others."""
    standing = stage.cast.props & (after.rest > 0.0)
    return np.where(stage.shapes.on_foot, 1, np.where(standing, 2, 0))


def _hurt(stage: Stage, pair: tuple[int, int]) -> list[int]:
    """Who of two that touch slides from now on: not those who hit a light prop, for they go on."""
    mass, props = stage.bodies.mass, stage.cast.props
    return [i for i, other in (pair, pair[::-1]) if not (props[other] and mass[other] < LIGHT * mass[i])]


def arrive(stage: Stage, scene: Scene, time: Nanoseconds) -> Scene:
    """Log who has come to rest at the end of the route."""
    state, who = scene.state, stage.drivers.who
    ahead = scene.courses.paths.length - stage.shapes.front(state)
    there = (state.rest[who] > 0.0) & (ahead[who] < AT_END) & (scene.courses.change[who] == 0)
    fresh = who[there & ~scene.arrived[who]]
    if not len(fresh):
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


def _footprints(stage: Stage, scene: Scene, state: State) -> Footprints:
    center = far_apart(stage.shapes.centers(state), scene.book.present)
    return Footprints(center, state.yaw, stage.shapes.size, state.level)


def _relative_speed(state: State, a: int, b: int) -> float:
    c, s = np.cos(state.yaw), np.sin(state.yaw)
    vx, vy = c * state.speed - s * state.sideways, s * state.speed + c * state.sideways
    return float(np.hypot(vx[a] - vx[b], vy[a] - vy[b]))
