import numpy as np
import pytest

from roadlab.behaviors.reaction import late


def followed(run, reaction):
    """A car 40 m behind one that brakes at 2 s."""
    return run(
        "lead: {model: sedan, at: {road: road, lane: -1, s: 150 m}, speed: 20 m/s, drive: {speed: 20 m/s}}\n"
        "ego: {model: sedan, at: {road: road, lane: -1, s: 105 m}, speed: 20 m/s, "
        f"drive: {{speed: 20 m/s, driver: {{type: acc, reaction_time: {reaction} s}}}}}}",
        "- {name: brake, when: {time: {after: 2 s}}, do: {lead: {brake: {deceleration: 4 m/s2}}}}",
        duration=12,
    )


def brakes_from(run):
    return run.time[np.flatnonzero(run.acceleration("ego") < -1.0)[0]]


def test_who_needs_a_second_to_react_brakes_a_second_later(run):
    at_once, slow = followed(run, 0), followed(run, 1)
    assert brakes_from(slow) - brakes_from(at_once) == pytest.approx(1.0, abs=0.35)
    assert slow.acceleration("ego").min() < at_once.acceleration("ego").min()  # what is late has to be harder
    for one in (at_once, slow):
        assert not [event for event in one.log.events if event.kind == "contact"]


def test_who_comes_to_something_that_stands_there_stops_where_the_quick_do(run):
    def stopped(reaction):
        rows = (
            "wall: {model: van, at: {road: road, lane: -1, s: 250 m}, parked: true}\n"
            "ego: {model: sedan, at: {road: road, lane: -1, s: 20 m}, speed: 15 m/s, "
            f"drive: {{speed: 15 m/s, driver: {{type: idm, reaction_time: {reaction} s}}}}}}"
        )
        return run(rows, "[]", duration=40).x("ego")[-1]

    assert stopped(0.8) == pytest.approx(stopped(0.0), abs=0.5)


def test_each_acts_on_what_it_decided_a_reaction_time_ago():
    delay, past, seen = np.array([0.0, 0.2, 0.35]), (), []
    for k in range(8):
        past, effective = late(past, 0.1 * k, np.full(3, float(k)), delay)
        seen.append(effective.tolist())
    assert seen[0] == [0.0, 0.0, 0.0]
    assert seen[7] == [7.0, 5.0, 3.0]
    assert len(past) == 5  # no more is remembered than may be needed


def test_nobody_slams_on_the_brakes_for_a_car_that_cuts_in_near_and_drives_on(run):
    cut_in = run(
        "near: {model: sedan, at: {road: road, lane: -2, s: 112 m}, speed: 25 m/s, drive: {speed: 25 m/s}}\n"
        "ego: {model: sedan, at: {road: road, lane: -1, s: 100 m}, speed: 25 m/s, "
        "drive: {speed: 25 m/s, driver: {type: idm}}}",
        "- {name: cut in, when: {time: {after: 1 s}}, do: {near: {change_lane: {to: -1, over: 2 s}}}}",
        duration=12,
    )
    hardest = cut_in.acceleration("ego").min()
    assert -3.0 < hardest < -1.0  # the published model alone would brake at 1.4 (40 / 7)² = 46 m/s²
    assert cut_in.x("near")[-1] - cut_in.x("ego")[-1] > 20.0
    assert not [event for event in cut_in.log.events if event.kind == "contact"]
