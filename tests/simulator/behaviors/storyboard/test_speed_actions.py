"""Changes of speed: closed forms of the transition shapes, and vehicles that arrive in time."""

import numpy as np
import pytest

EGO = "ego: {model: sedan, at: {road: road, lane: -2, s: 50 m}, speed: 20 m/s, drive: {}}\n"
LEAD = "lead: {model: sedan, at: {road: road, lane: -1, s: 100 m}, speed: 15 m/s, drive: {}}\n"


def order(action, actor="ego", at=1):
    return f"- {{name: go, when: {{time: {{after: {at} s}}}}, do: {{{actor}: {action}}}}}"


@pytest.mark.parametrize(
    ("shape", "speed_at", "peak"),
    [
        ("linear", lambda u: u, 1.0),
        ("cubic", lambda u: u * u * (3 - 2 * u), 1.5),
        ("sinusoidal", lambda u: (1 - np.cos(np.pi * u)) / 2, np.pi / 2),
    ],
)
def test_a_change_of_speed_follows_its_shape_in_time(run, shape, speed_at, peak):
    log = run(EGO, order(f"{{speed: {{to: 12 m/s, over: 4 s, shape: {shape}}}}}"), duration=5.5)
    u = np.clip((log.time - 1.0) / 4.0, 0.0, 1.0)
    np.testing.assert_allclose(log.speed("ego")[50:], 20.0 - 8.0 * speed_at(u)[50:], atol=0.02)
    assert log.acceleration("ego")[50:].min() == pytest.approx(-2.0 * peak, abs=0.02)
    assert log.happened("go") == [1.0]
    assert log.happened("go", "story_end") == [5.0]


@pytest.mark.parametrize("shape", ["linear", "cubic", "sinusoidal"])
def test_a_rate_is_the_peak_acceleration(run, shape):
    peak = {"linear": 1.0, "cubic": 1.5, "sinusoidal": np.pi / 2}[shape]
    log = run(EGO, order(f"{{speed: {{to: 14 m/s, acceleration: 2 m/s2, shape: {shape}}}}}"), duration=7)
    assert log.acceleration("ego")[50:].min() == pytest.approx(-2.0, abs=0.02)
    assert log.happened("go", "story_end") == [pytest.approx(1.0 + peak * 6.0 / 2.0, abs=0.021)]


def test_a_change_on_a_way_is_over_at_its_end(run):
    log = run(EGO, order("{speed: {to: 10 m/s, distance: 60 m, shape: cubic}}"))
    start, end = (round(log.happened("go", kind)[0] / 0.02) for kind in ("story", "story_end"))
    assert log.x("ego")[end] - log.x("ego")[start] == pytest.approx(60.0, abs=0.3)
    assert log.speed("ego")[end] == pytest.approx(10.0, abs=0.02)


def test_a_step_is_instantaneous(run):
    log = run(EGO, order("{speed: {to: 12 m/s, shape: step}}"), duration=1.5)
    assert log.speed("ego")[49] == pytest.approx(20.0, abs=0.05)
    assert log.speed("ego")[50] == pytest.approx(12.0)
    assert log.happened("go", "story_end") == [1.0]


def test_a_speed_relative_to_another_actor(run):
    log = run(EGO + LEAD, order("{speed: {relative_to: lead, by: -5 km/h, over: 3 s}}"))
    assert log.speed("ego")[220] == pytest.approx(15.0 - 5 / 3.6, abs=0.05)


def test_a_continuous_order_follows_the_other_speed(run):
    story = order("{speed: {relative_to: lead, over: 2 s, continuous: true}}") + "\n"
    story += "- {when: {time: {after: 3.5 s}}, do: {lead: {speed: {to: 12 m/s, over: 2 s}}}}"
    log = run(EGO + LEAD, story, duration=8)
    np.testing.assert_allclose(log.speed("ego")[-20:], 12.0, atol=0.1)
    assert log.happened("go", "story_end") == []


def test_a_profile_goes_from_point_to_point(run):
    profile = "[{to: 16 m/s, over: 2 s}, {to: 16 m/s, over: 1 s}, {to: 18 m/s, acceleration: 1 m/s2, shape: cubic}]"
    log = run(EGO, order(f"{{speed_profile: {profile}}}"), duration=8)
    at = {time: log.speed("ego")[round(time / 0.02)] for time in (2.0, 3.0, 3.9, 5.5, 7.0)}
    assert at == {
        2.0: pytest.approx(18.0, abs=0.05),
        3.0: pytest.approx(16.0, abs=0.05),
        3.9: pytest.approx(16.0, abs=0.05),
        5.5: pytest.approx(17.0, abs=0.05),
        7.0: pytest.approx(18.0, abs=0.05),
    }
    assert log.happened("go", "story_end") == [pytest.approx(7.0, abs=0.021)]


def test_braking_has_its_deceleration_and_ends_at_rest(run):
    log = run(EGO, order("{brake: {deceleration: 5 m/s2}}"), duration=6)
    start = int(log.happened("go")[0] / 0.02)
    np.testing.assert_allclose(log.acceleration("ego")[start + 15 : start + 180], -5.0, atol=0.05)
    first = log.speed("ego")[start]
    way = log.x("ego")[-1] - log.x("ego")[start]
    assert way == pytest.approx(first**2 / 10.0, abs=0.2 * first)
    assert log.happened("go", "story_end") == [pytest.approx(1.0 + first / 5.0, abs=0.2)]
    assert log.speed("ego")[-1] == 0.0


def test_a_distance_is_kept_without_overshoot(run):
    lead = LEAD.replace("lane: -1", "lane: -2")
    log = run(EGO + lead, order("{keep_distance: {to: lead, distance: 60 m}}"), duration=14, step=0.05)
    gap = log.x("lead") - log.x("ego")
    assert gap[-1] == pytest.approx(60.0, abs=0.5)
    assert log.speed("ego")[-1] == pytest.approx(15.0, abs=0.2)


def test_a_headway_that_need_not_be_kept_on_is_over_when_it_is_reached(run):
    action = "{keep_distance: {to: lead, headway: 3 s, continuous: false}}"
    log = run(EGO + LEAD, order(action), duration=16, step=0.05)
    (end,) = log.happened("go", "story_end")
    k = round(end / 0.05)
    assert (log.x("lead") - log.x("ego"))[k] / log.speed("ego")[k] == pytest.approx(3.0, abs=0.05)


@pytest.mark.parametrize("final", ["", ", speed: 25 m/s"])
def test_two_arrive_within_one_tick_of_each_other(run, final):
    places = "at: {road: road, lane: -2, s: 230 m}, master_at: {road: road, lane: -1, s: 220 m}"
    log = run(EGO + LEAD, order(f"{{synchronise: {{master: lead, {places}{final}}}}}"), duration=10)
    arrives = np.interp(230.0, log.x("ego"), log.time)
    assert arrives == pytest.approx(np.interp(220.0, log.x("lead"), log.time), abs=0.02)
    assert log.happened("go", "story_end") == [pytest.approx(arrives, abs=0.05)]
    if final:
        assert np.interp(arrives, log.time, log.speed("ego")) == pytest.approx(25.0, abs=0.3)


def test_a_walker_arrives_when_the_car_does(run):
    anna = """
anna:
  model: adult
  at: {road: road, s: 150 m, t: -16 m}
  walk: {path: [{road: road, s: 150 m, t: 8 m}], wait: true}
"""
    places = "at: {road: road, s: 150 m, t: -9 m}, master_at: {road: road, lane: -1, s: 190 m}"
    log = run(
        anna + LEAD.replace("lead", "ego"), order(f"{{synchronise: {{master: ego, {places}}}}}", "anna"), duration=8
    )
    arrives = np.interp(-9.0, log.y("anna"), log.time)
    assert arrives == pytest.approx(np.interp(190.0, log.x("ego"), log.time), abs=0.1)


def test_a_new_order_for_the_speed_takes_the_place_of_the_old_one(run):
    story = order("{speed: {to: 10 m/s, over: 5 s}}") + "\n"
    story += "- {name: faster, when: {time: {after: 2 s}}, do: {ego: {speed: {to: 21 m/s, over: 2 s}}}}"
    log = run(EGO, story)
    assert log.happened("go", "story_end") == [2.0]
    assert log.speed("ego")[-1] == pytest.approx(21.0, abs=0.1)
