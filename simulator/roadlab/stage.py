"""What a run begins with: the cast on its marks, and all that stays the same until the end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.cast import Cast, Member, cast
from roadlab.actors.catalog import PEOPLE
from roadlab.actors.props import PROPS
from roadlab.behaviors.courses import Courses, start_course
from roadlab.behaviors.driver import Following
from roadlab.behaviors.driving import LOOK, Announced, Drivers, Intent, driver_spec, drivers_of
from roadlab.behaviors.inflow import Inflow
from roadlab.behaviors.lamps import Lit
from roadlab.behaviors.legs import Lanes, Rule, Rules
from roadlab.behaviors.obstacles import Shapes
from roadlab.behaviors.orders import Orders, no_orders
from roadlab.behaviors.overtaking import NOBODY, Overtaking
from roadlab.behaviors.people.crowd import Crowd, crowd_of
from roadlab.behaviors.people.kerbs import Kerbs, no_kerbs
from roadlab.behaviors.people.minds import Minds, no_minds
from roadlab.behaviors.piloting import pilots_of
from roadlab.behaviors.right_of_way import CRITICAL_HEADWAY, PULL_AWAY
from roadlab.behaviors.routes import Way, way
from roadlab.behaviors.storyboard.book import Book, opened
from roadlab.behaviors.storyboard.elements import Element, elements, foreseeable
from roadlab.behaviors.storyboard.snapshot import Setting, setting_of
from roadlab.behaviors.storyboard.world import lit_from_the_start
from roadlab.behaviors.view import Control, Decide
from roadlab.dynamics.impact import Bodies, standing, walker, wheeled
from roadlab.dynamics.motion import GRAVITY, Vehicles
from roadlab.dynamics.single_track import parameters
from roadlab.dynamics.specs import vehicles
from roadlab.dynamics.state import State
from roadlab.dynamics.towing import Couplings, couplings_of, straight
from roadlab.log import SIGNAL_STATES, Event
from roadlab.roads.network import LaneKey, RoadNetwork
from roadlab.roads.signals import SignalPlan, signal_state, walk_state
from roadlab.scenario.load import Scenario
from roadlab.scenario.spec import EventSpec, told
from roadlab.sky.illuminance import clear_sky
from roadlab.timing import Nanoseconds, nanoseconds, seconds

Array = NDArray[np.float64]

UNLIMITED = 60.0
"""What drivers wish who keep to the limits [m/s]."""
LOOKS = 512
"""In so many places of its course everybody is looked for at the start."""
RANKS = 6
"""So many drivers go one after the other when all wait for each other."""


@dataclass(frozen=True)
class Stage:
    """What does not change during a run."""

    scenario: Scenario
    cast: Cast
    drivers: Drivers
    vehicles: Vehicles
    """How those who drive move, in the order of `drivers.who`."""
    bodies: Bodies
    shapes: Shapes
    couplings: Couplings
    courses: Courses
    """As the run begins."""
    story: tuple[Element, ...]
    setting: Setting
    """What its conditions look at, as far as it stays the same."""
    opening_speed: Array
    """(N,) of everybody when it comes into being [m/s]."""
    announced: tuple[Announced, ...]
    """Lane changes whose time the file fixes; drivers signal them beforehand."""
    signals: NDArray[np.uint8]
    """(T, S) what each head shows on each tick, as an index into `SIGNAL_STATES`."""
    lit: Lit
    """Whose lamps work."""
    ticks: int
    """T: from 0 to the duration, both included."""
    step: float
    """[s]"""
    lanes: Lanes
    pilots: Mapping[int, Decide]
    """Drivers of one's own, by the actor that they drive."""
    inflow: Inflow
    """Background traffic that enters during the run."""
    crowd: Crowd
    """Those on foot."""
    look: int
    """Drivers and people look around on every so many ticks."""

    @property
    def network(self) -> RoadNetwork:
        """The roads."""
        return self.scenario.network

    def time_of(self, tick: int) -> Nanoseconds:
        """Without accumulated rounding."""
        return nanoseconds(tick * self.step)

    def onward(self, lane: LaneKey, roads: list[str]) -> Way:
        """The way from `lane` through `roads`, or straight on where there is no such way."""
        try:
            return way(self.lanes, lane, roads or None)
        except ValueError:
            return way(self.lanes, lane, None)


@dataclass(frozen=True)
class Scene:
    """What changes from tick to tick."""

    state: State
    orders: Orders
    courses: Courses
    intent: Intent
    """What drivers hold since they last looked around."""
    book: Book
    """Of the story."""
    events: tuple[Event, ...]
    overtaking: Overtaking
    """Who overtakes whom on the other side of the road."""
    touched: NDArray[np.bool_]
    """(N,) who has had a contact."""
    known_contacts: NDArray[np.int64]
    """(K, 2) pairs that have touched."""
    controls: Mapping[int, Control]
    """What drivers of one's own have decided, by actor."""
    relieved: tuple[int, ...]
    """Actors whose drivers have failed."""
    lost: NDArray[np.bool_]
    """(N,) who has left the road."""
    arrived: NDArray[np.bool_]
    """(N,) who has reached the end of the route."""
    side: NDArray[np.int64]
    """(N,) side that is signalled."""
    side_since: Array
    """(N,) since when [s]."""
    kerbs: Kerbs
    """Where people wait for roads."""
    minds: Minds
    """What people have in mind since they last looked around."""


def set_stage(scenario: Scenario, drivers: Mapping[str, Decide] | None = None) -> Stage:
    """Everything that stays; ValueError when somebody cannot drive from where it stands, which `load` refuses.

    `drivers` drive actors of these names, instead of whom the file says; ValueError for one who does not drive.
    """
    spec, network = scenario.spec, scenario.network
    members = cast(spec)
    heads = network.signal_names
    lanes = Lanes(network)
    courses = Courses(tuple(start_course(m, lanes) for m in members.members), heads, _rules(network))
    ticks = int(np.ceil(spec.duration / spec.step - 1e-9)) + 1
    return Stage(
        scenario=scenario,
        cast=members,
        drivers=_drivers(members, spec.seed, spec.story),
        vehicles=vehicles([(m.spec.dynamics, m.vehicle) for m in members.members if m.drives]),
        bodies=_bodies(members),
        shapes=_shapes(members),
        couplings=couplings_of(members),
        courses=courses,
        story=elements(spec.story, members),
        setting=setting_of([member.info for member in members.members], network, heads),
        opening_speed=np.array([_start_speed(member) for member in members.members]),
        announced=tuple(_announced(spec.story, members)),
        signals=_signals(network, ticks, spec.step),
        lit=Lit(
            driving=np.array([m.info.kind == "vehicle" and m.drives for m in members.members]),
            riding=np.array([m.info.kind == "cyclist" and m.drives for m in members.members]),
            daylight=clear_sky(spec.environment),
        ),
        ticks=ticks,
        step=spec.step,
        lanes=lanes,
        pilots=pilots_of(members, drivers or {}),
        inflow=_inflow(members),
        crowd=crowd_of(members, network),
        look=max(1, round(LOOK / spec.step)),
    )


def _inflow(members: Cast) -> Inflow:
    rows = [(i, m.enters, m.stream) for i, m in enumerate(members.members) if m.enters is not None]
    rows.sort(key=lambda row: (row[1], row[2]))
    return Inflow(
        who=np.array([row[0] for row in rows], dtype=np.int64),
        time=np.array([row[1] for row in rows], dtype=np.float64),
        stream=np.array([row[2] for row in rows], dtype=np.int64),
    )


def _rules(network: RoadNetwork) -> Rules:
    """As the map says; by signals where there are any and nothing is said, and else right before left."""
    of = {}
    for name, junction in network.junctions.items():
        control = junction.control or ("signals" if junction.plan is not None else "right_before_left")
        of[name] = Rule(control, junction.priority_roads)
    return Rules(of)


def _shapes(members: Cast) -> Shapes:
    size, middle, (trailer, tow) = members.footprint, members.middle, members.trailers.T
    joined = couplings_of(members)
    pulled = np.full(len(size), -1)
    pulled[trailer] = tow
    front = middle + 0.5 * size[:, 0]
    rear = middle - 0.5 * size[:, 0]
    rear[tow] = joined.arm - joined.wheelbase + rear[trailer]
    width = size[:, 1].copy()
    width[tow] = np.maximum(width[tow], width[trailer])
    return Shapes(
        size=size,
        middle=middle,
        on_foot=np.array([m.info.kind == "pedestrian" for m in members.members]),
        height=np.array([m.info.size[2] for m in members.members]),
        tow=pulled,
        lane_size=np.column_stack([front - rear, width]),
        lane_middle=0.5 * (front + rear),
    )


def _bodies(members: Cast) -> Bodies:
    """What is hitched together takes a push as one mass; a trailer's own turning comes from its hitch."""
    bodies = Bodies.of([_body(member) for member in members.members])
    trailer, tow = members.trailers.T
    bodies.mass[tow] += bodies.mass[trailer]
    bodies.mass[trailer], bodies.inertia[trailer] = bodies.mass[tow], np.inf
    return bodies


def _body(member: Member) -> tuple[float, float, float, float, float, float]:
    if member.info.kind == "pedestrian":
        return walker(PEOPLE[member.info.model].mass)
    if member.info.kind == "prop":
        return standing(PROPS[member.info.model])
    return wheeled(member.vehicle, GRAVITY)


def opening(stage: Stage) -> Scene:
    """The scene at time 0."""
    members, count = stage.cast.members, len(stage.cast.members)
    state = _start(stage)
    speed = np.array([_desired_speed(member) for member in members])
    walking = np.array([m.spec.walk is not None and not m.spec.walk.wait for m in members])
    orders = no_orders(speed, walking, state.left)
    nobody, present = np.zeros(count, dtype=bool), np.array([member.spec.present for member in members])
    spec = stage.scenario.spec
    return Scene(
        state=state,
        orders=orders,
        courses=stage.courses,
        intent=_nothing_seen(count),
        book=lit_from_the_start(
            opened(
                stage.story,
                present,
                np.column_stack([state.x, state.y]),
                state.left,
                len(stage.setting.heads),
                spec.environment.weather.decided(),
            ),
            [member.spec.lights for member in members],
        ),
        events=(),
        overtaking=Overtaking(np.full(count, NOBODY), nobody),
        touched=nobody,
        known_contacts=np.zeros((0, 2), dtype=np.int64),
        controls={},
        relieved=(),
        lost=nobody,
        arrived=nobody,
        side=np.zeros(count, dtype=np.int64),
        side_since=np.zeros(count),
        kerbs=no_kerbs(count),
        minds=no_minds(count),
    )


def _nothing_seen(count: int) -> Intent:
    free, nobody = np.full(count, np.inf), np.full(count, -1)
    return Intent(free, free, free, np.zeros(count, dtype=np.int64), nobody, free, np.full(count, np.nan))


def _start(stage: Stage) -> State:
    members = stage.cast.members
    x, y, yaw = np.array([stage.network.pose(member.spec.at) for member in members]).T
    speed = np.where([member.spec.present for member in members], stage.opening_speed, 0.0)
    zero = np.zeros(len(members))
    who, paths = stage.drivers.who, stage.courses.paths
    coarse = paths.length[who] / LOOKS
    guess = paths.nearest(who, x[who], y[who], zero[who], paths.length[who], looks=LOOKS + 1)
    guess = paths.nearest(who, x[who], y[who], guess - coarse, 2.0 * coarse, looks=33)
    station, left = paths.project(who, x[who], y[who], guess)
    rest = np.where(speed == 0.0, stage.step, 0.0)  # who stands has stood before, foot on the brake
    state = State.starting(x, y, yaw, speed, rest=rest, level=_levels(stage))
    state = state.with_actor(who, station=station, left=left)
    return straight(state, stage.couplings) if len(stage.couplings.tow) else state


def _levels(stage: Stage) -> Array:
    members, network = stage.cast.members, stage.network
    if not network.locator.has_levels:
        return np.zeros(len(members))
    return np.array([network.height_of(member.spec.at) for member in members])


def _start_speed(member: Member) -> float:
    walk = member.spec.walk
    if member.spec.parked:
        return 0.0
    if walk is not None and not walk.wait and member.spec.speed == 0.0:
        return walk.speed
    return member.spec.speed if member.drives or walk is not None else 0.0


def _desired_speed(member: Member) -> float:
    if member.info.kind == "pedestrian":
        return member.spec.walk.speed if member.spec.walk else 0.0
    if not member.drives:
        return 0.0
    wanted = member.spec.drive.speed if member.spec.drive else None
    return wanted or (0.0 if member.passing else member.spec.speed) or UNLIMITED


def _drivers(members: Cast, seed: int, story: Sequence[EventSpec]) -> Drivers:
    models, tempers = drivers_of(members, seed)
    names = sorted(members.members[i].info.name for i in members.drivers)
    rank = [float(names.index(m.info.name) % RANKS) if m.drives else 0.0 for m in members.members]
    fixed = [not m.passing and _has_own_speed(m) for m in members.members]
    roaming = [i for i in members.drivers if (drive := members.members[i].spec.drive) is None or drive.route is None]
    following = Following.of(models)
    return Drivers(
        who=members.drivers,
        roaming=np.array(roaming, dtype=np.int64),
        following=following,
        reaction=following.parameter("reaction_time", 0.0),
        comfortable=following.parameter("comfortable_deceleration", np.inf),
        pull=np.minimum(PULL_AWAY, 0.75 * following.parameter("max_acceleration", PULL_AWAY)),
        track=parameters([members.members[i].vehicle for i in members.drivers]),
        rank=np.array(rank),
        lateral=np.array([t.lateral for t in tempers]),
        limit_factor=np.where(fixed, np.inf, [t.speed for t in tempers]),
        headway=CRITICAL_HEADWAY * np.array([t.critical_gap for t in tempers]),
        politeness=np.array([t.politeness for t in tempers]),
        passing=np.array([m.passing for m in members.members], dtype=bool),
        changing=np.array([_changes_lanes(m) for m in members.members], dtype=bool),
        overtaking=np.array([_overtakes(m, story) for m in members.members], dtype=bool),
        steering_free=np.array([_steers_freely(m, story) for m in members.members], dtype=bool),
        order=np.argsort(np.argsort([m.info.name for m in members.members])),
    )


def _has_own_speed(member: Member) -> bool:
    return member.spec.speed > 0.0 or (member.spec.drive is not None and member.spec.drive.speed is not None)


def _changes_lanes(member: Member) -> bool:
    driver = driver_spec(member)
    return member.drives and member.info.kind == "vehicle" and bool(getattr(driver, "change_lanes", False))


def _steers_freely(member: Member, story: Sequence[EventSpec]) -> bool:
    """Whether the story never tells a driver where to steer; cyclists keep to the edge of the road."""
    orders = told(story, member.info.name)
    steered = any(o.change_lane or o.lane_offset or o.follow_trajectory for o in orders)
    return member.drives and member.vehicle.category != "cyclist" and not steered


def _overtakes(member: Member, story: Sequence[EventSpec]) -> bool:
    return _steers_freely(member, story) and bool(getattr(driver_spec(member), "overtake", False))


def _announced(story: Sequence[EventSpec], members: Cast) -> list[Announced]:
    found = []
    for event in story:
        start = foreseeable(story, event)
        for name, action in event.told.items():
            if start is not None and action.change_lane is not None and action.change_lane.to is not None:
                found.append(Announced(members.index[name], action.change_lane.to, start))
    return found


def _signals(network: RoadNetwork, ticks: int, step: float) -> NDArray[np.uint8]:
    times = [seconds(nanoseconds(k * step)) for k in range(ticks)]

    @cache
    def column(plan: SignalPlan, number: int) -> list[int]:
        return [SIGNAL_STATES.index(signal_state(plan, number, time)) for time in times]

    columns = [
        column(junction.plan, head.stage)
        for junction in network.junctions.values()
        if junction.plan is not None
        for head in junction.heads
    ]
    columns += [
        [SIGNAL_STATES.index(walk_state(junction.plan, head, time)) for time in times]
        for junction in network.junctions.values()
        if junction.plan is not None
        for head in junction.walk_heads
    ]
    return np.array(columns, dtype=np.uint8).reshape(-1, ticks).T.copy()
