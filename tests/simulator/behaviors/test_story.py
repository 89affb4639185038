import numpy as np
import pytest

from roadlab.actors.cast import cast
from roadlab.behaviors.lamps import lamps
from roadlab.behaviors.orders import fulfilled, no_orders, ordered
from roadlab.behaviors.story import foreseeable, holds, starting, story, time_to_reach
from roadlab.dynamics.state import State
from roadlab.log import LAMPS
from roadlab.scenario.spec import (
    ActionSpec,
    ActorSpec,
    BrakeAction,
    EventCondition,
    EventSpec,
    MapSpec,
    PairCondition,
    PathPiece,
    RoadSpec,
    ScenarioSpec,
    SpeedAction,
    SpeedCondition,
    TimeCondition,
    TimeToReachCondition,
    WalkAction,
    WhenSpec,
    WorldPosition,
)
from roadlab.timing import nanoseconds

GO = {"ego": ActionSpec(brake=BrakeAction())}


def members():
    actors = {name: ActorSpec(model="sedan", at=WorldPosition(x=0.0, y=0.0)) for name in ("ego", "other")}
    roads = {"street": RoadSpec(profile="urban_2x1", path=[PathPiece(line=100.0)])}
    return cast(ScenarioSpec(scenario="x", duration=1.0, map=MapSpec(roads=roads), actors=actors))


def state(x=(0.0, 30.0), y=(0.0, 0.0), yaw=(0.0, 0.0), speed=(10.0, 0.0)):
    return State.starting(*(np.array(v, dtype=float) for v in (x, y, yaw, speed)))


def when(condition, at=0.0, snapshot=None, started=None):
    return holds(condition, nanoseconds(at), snapshot or state(), started or {}, members())


def test_a_time_condition_holds_from_that_instant_on():
    condition = WhenSpec(time=TimeCondition(after=0.3))
    assert [when(condition, at) for at in (0.29, 0.3, 0.31)] == [False, True, True]


def test_a_distance_condition_measures_between_reference_points():
    condition = WhenSpec(distance=PairCondition(between=["ego", "other"], below=30.0))
    assert not when(condition)
    assert when(condition, snapshot=state(x=(0.1, 30.0)))


def test_time_to_reach_runs_along_the_heading():
    condition = TimeToReachCondition(actor="ego", target="other", below=2.5)
    assert time_to_reach(condition, state(), members()) == pytest.approx(3.0)
    assert time_to_reach(condition, state(y=(0, 17)), members()) == pytest.approx(3.0)
    sideways = state(y=(0, 17), yaw=(np.pi / 2, 0))
    assert time_to_reach(condition, sideways, members()) == pytest.approx(1.7)
    assert time_to_reach(condition, state(x=(31, 30)), members()) == np.inf
    assert time_to_reach(condition, state(speed=(0, 0)), members()) == np.inf


def test_a_speed_condition_may_have_both_bounds():
    condition = WhenSpec(speed=SpeedCondition(actor="ego", above=9.0, below=11.0))
    assert [when(condition, snapshot=state(speed=(v, 0))) for v in (9, 10, 11)] == [False, True, False]


def test_an_event_fires_once_on_the_first_tick_on_which_its_condition_holds():
    events = story([EventSpec(name="a", when=WhenSpec(speed=SpeedCondition(actor="ego", above=5.0)), do=GO)], members())
    started, fired = {}, []
    for tick, v in enumerate([4, 6, 4, 6]):
        for event in starting(events, started, tick, state(speed=(v, 0)), members()):
            fired.append((tick, event.name))
            started[event.name] = tick
    assert fired == [(1, "a")]


def test_events_that_start_others_do_so_on_the_same_tick_or_after_their_delay():
    after = WhenSpec(event=EventCondition(started="first"))
    later = WhenSpec(event=EventCondition(started="second", delay=0.5))
    events = story(
        [
            EventSpec(name="third", when=later, do=GO),
            EventSpec(name="second", when=after, do=GO),
            EventSpec(name="first", when=WhenSpec(time=TimeCondition(after=1.0)), do=GO),
        ],
        members(),
    )
    at_once = starting(events, {}, nanoseconds(1.0), state(), members())
    assert [event.name for event in at_once] == ["first", "second"]
    known = {event.name: nanoseconds(1.0) for event in at_once}
    assert starting(events, known, nanoseconds(1.49), state(), members()) == []
    assert [e.name for e in starting(events, known, nanoseconds(1.5), state(), members())] == ["third"]
    assert foreseeable(events, "third") == pytest.approx(1.5)


def test_what_depends_on_others_cannot_be_foreseen():
    watching = WhenSpec(distance=PairCondition(between=["ego", "other"], below=1.0))
    events = story(
        [EventSpec(when=watching, do=GO), EventSpec(when=WhenSpec(time=TimeCondition(after=2.0)), do=GO)], members()
    )
    assert [event.name for event in events] == ["event 1", "event 2"]
    assert foreseeable(events, "event 1") is None
    assert foreseeable(events, "event 2") == 2.0


def fresh():
    return no_orders(np.array([10.0, 1.3]), np.array([False, False]), np.zeros(2))


def test_braking_to_rest_holds_until_resume():
    orders = ordered(fresh(), 0, ActionSpec(brake=BrakeAction(deceleration=5.0)))
    standing = fulfilled(orders, state(speed=(0, 0)))
    assert standing.braking[0] == 5.0
    assert np.isnan(ordered(standing, 0, ActionSpec(resume=True)).braking[0])


def test_braking_down_to_a_speed_is_over_there_and_resume_brings_back_the_old_wish():
    orders = ordered(fresh(), 0, ActionSpec(brake=BrakeAction(deceleration=5.0, to=6.0)))
    assert fulfilled(orders, state(speed=(6.5, 0))).braking[0] == 5.0
    slow = fulfilled(orders, state(speed=(6.0, 0)))
    assert np.isnan(slow.braking[0])
    assert slow.desired_speed[0] == 6.0
    assert ordered(slow, 0, ActionSpec(resume=True)).desired_speed[0] == 10.0


def test_a_speed_order_replaces_braking_and_ends_when_it_is_reached():
    orders = ordered(fresh(), 0, ActionSpec(brake=BrakeAction()))
    orders = ordered(orders, 0, ActionSpec(speed=SpeedAction(to=15.0, acceleration=1.0)))
    assert np.isnan(orders.braking[0])
    assert fulfilled(orders, state(speed=(12, 0))).pace[0] == 1.0
    assert np.isnan(fulfilled(orders, state(speed=(15, 0))).pace[0])


def test_orders_to_one_actor_leave_the_others_alone():
    orders = ordered(fresh(), 1, ActionSpec(walk=WalkAction(speed=2.0)))
    assert list(orders.walking) == [False, True]
    assert list(orders.desired_speed) == [10.0, 2.0]


def lit(bits):
    return {name for k, name in enumerate(LAMPS) if bits >> k & 1}


def test_lamps_say_what_the_vehicle_does():
    driving = np.array([True, True, True, False])
    bits = lamps(
        driving,
        acceleration=np.array([-0.8, -0.6, 0.0, -5.0]),
        rest=np.array([0.0, 0.0, 1.0, 9.0]),
        side=np.array([1, -1, 0, 1]),
        signalled_for=np.array([0.1, 0.4, 0.0, 0.1]),
    )
    assert [lit(b) for b in bits] == [{"head", "brake", "left"}, {"head"}, {"head", "brake"}, set()]
