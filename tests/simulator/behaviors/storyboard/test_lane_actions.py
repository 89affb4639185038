"""Moves to the side, routes and trajectories."""

import numpy as np
import pytest

from roadlab.log import LAMPS

EGO = "ego: {model: sedan, at: {road: road, lane: -2, s: 50 m}, speed: 20 m/s, drive: {}}\n"
MIDDLE, LEFT, RIGHT = -5.625, -1.875, -9.375


def order(action, actor="ego", at=1):
    return f"- {{name: go, when: {{time: {{after: {at} s}}}}, do: {{{actor}: {action}}}}}"


@pytest.mark.parametrize(
    ("action", "end"),
    [
        ("to: -1", LEFT),
        ("left: 1", LEFT),
        ("right: 1", RIGHT),
        ("relative_to: other", RIGHT),
        ("relative_to: other, left: 2", LEFT),
    ],
)
def test_a_lane_change_ends_in_the_middle_of_the_lane_that_is_meant(run, action, end):
    other = "other: {model: van, at: {road: road, lane: -3, s: 300 m}, parked: true}"
    log = run(EGO + other, order(f"{{change_lane: {{{action}, over: 3 s}}}}"), duration=4.5)
    assert log.y("ego")[50] == pytest.approx(MIDDLE, abs=0.01)
    assert log.y("ego")[-1] == pytest.approx(end, abs=0.1)
    assert log.happened("go", "story_end") == [4.0]


@pytest.mark.parametrize(
    ("shape", "share"),
    [
        ("linear", lambda u: u),
        ("cubic", lambda u: u * u * (3 - 2 * u)),
        ("sinusoidal", lambda u: (1 - np.cos(np.pi * u)) / 2),
    ],
)
def test_a_lane_change_follows_its_shape(run, shape, share):
    log = run(EGO, order(f"{{change_lane: {{left: 1, over: 4 s, shape: {shape}}}}}"))
    u = np.clip((log.time - 1.0) / 4.0, 0.0, 1.0)
    # A linear change asks for a jump of the speed to the side, which steering wheels only approximate.
    np.testing.assert_allclose(log.y("ego"), MIDDLE + 3.75 * share(u), atol=0.3 if shape == "linear" else 0.15)


def test_a_lane_change_on_a_way_is_over_at_its_end(run):
    log = run(EGO, order("{change_lane: {left: 1, distance: 60 m}, speed: {to: 15 m/s, over: 2 s}}"))
    start, x = np.interp(1.0, log.time, log.x("ego")), log.x("ego")
    share = np.clip((x - start) / 60.0, 0.0, 1.0)
    np.testing.assert_allclose(log.y("ego"), MIDDLE + 3.75 * (1 - np.cos(np.pi * share)) / 2, atol=0.15)


def test_a_rate_is_the_peak_speed_to_the_side(run):
    log = run(EGO, order("{change_lane: {left: 1, rate: 1.25 m/s, shape: cubic}}"), duration=6.5)
    assert log.happened("go", "story_end") == [pytest.approx(1.0 + 1.5 * 3.75 / 1.25, abs=0.021)]
    assert np.gradient(log.y("ego"), 0.02).max() == pytest.approx(1.25, abs=0.08)


def test_a_step_to_the_side_is_instantaneous(run):
    log = run(EGO, order("{change_lane: {left: 1, shape: step}}"), duration=1.5)
    assert log.y("ego")[49] == pytest.approx(MIDDLE, abs=0.01)
    np.testing.assert_allclose(log.y("ego")[50:], LEFT, atol=0.02)


def test_an_offset_is_kept_without_signalling(run):
    log = run(EGO, order("{lane_offset: {to: -0.6 m, over: 2 s}}"), duration=5)
    np.testing.assert_allclose(log.y("ego")[175:], MIDDLE - 0.6, atol=0.05)
    assert not (log.log.lamps[:, 0] >> LAMPS.index("right") & 1).any()


def test_a_lane_change_that_is_overridden_stays_where_it_was_and_goes_on_from_there(run):
    story = order("{change_lane: {left: 1, over: 4 s}}") + "\n"
    story += "- {name: back, when: {time: {after: 3 s}}, do: {ego: {change_lane: {to: -2, over: 2 s}}}}"
    log = run(EGO, story)
    assert log.happened("go", "story_end") == [3.0]
    assert log.y("ego").max() == pytest.approx(0.5 * (MIDDLE + LEFT), abs=0.35)
    assert log.y("ego")[-1] == pytest.approx(MIDDLE, abs=0.1)


def test_the_oncoming_lane_is_driven_against_its_direction(run):
    ego = EGO.replace("lane: -2", "lane: -1").replace("20 m/s", "12 m/s")
    log = run(ego, order("{change_lane: {left: 1, over: 3 s}}"), duration=5, profile="urban_2x1")
    width = -2.0 * log.y("ego")[0]
    assert log.y("ego")[-1] == pytest.approx(0.5 * width, abs=0.1)
    assert np.diff(log.x("ego")).min() > 0.0


def test_a_lane_that_is_not_there_is_a_fault_and_the_run_goes_on(run):
    log = run(EGO, order("{change_lane: {left: 3}}"), duration=2)
    (fault,) = log.faults()
    assert fault.startswith("go: ego cannot change lane: it finds no 3 lanes for cars left of lane -2")
    assert log.time[-1] == 2.0


# --- trajectories -----------------------------------------------------------------------------------------------------


def test_timed_points_are_met_in_time(run):
    points = (
        "[{time: 1 s, at: {x: 92, y: -5.625}}, {time: 2 s, at: {x: 110, y: -7}}, {time: 3 s, at: {x: 126, y: -9.375}}]"
    )
    log = run(EGO, order(f"{{follow_trajectory: {{points: {points}}}}}"), duration=8.5)
    for time, x, y in ((2.0, 92, -5.625), (3.0, 110, -7), (4.0, 126, -9.375)):
        k = round(time / 0.02)
        assert (log.x("ego")[k], log.y("ego")[k]) == (pytest.approx(x, abs=1e-6), pytest.approx(y, abs=1e-6))
    assert log.happened("go", "story_end") == [4.0]
    assert log.y("ego")[-1] == pytest.approx(RIGHT, abs=0.1)
    assert log.speed("ego")[-1] > 10.0


def test_people_follow_timed_points_and_stay_at_the_last(run):
    anna = "anna: {model: adult, at: {x: 100, y: -15}}\n"
    points = "[{time: 2 s, at: {x: 103, y: -15}}, {time: 3 s, at: {x: 103, y: -15}}, {time: 4 s, at: {x: 103, y: -13}}]"
    log = run(anna + EGO, order(f"{{follow_trajectory: {{points: {points}}}}}", "anna"), duration=6)
    assert log.x("anna")[150] == pytest.approx(103.0, abs=1e-6)
    assert np.diff(log.x("anna")).min() > -1e-9
    np.testing.assert_allclose(log.speed("anna")[155:195], 0.0, atol=0.05)
    assert (log.x("anna")[-1], log.y("anna")[-1]) == (pytest.approx(103, abs=2e-3), pytest.approx(-13, abs=2e-3))


def test_a_clothoid_path_is_driven_at_the_drivers_own_speed_and_left_for_the_lane(run):
    pieces = "[{clothoid: {length: 20 m, curvature: [0, 1/80 m]}}, {clothoid: {length: 20 m, curvature: [1/80 m, 0]}}, "
    pieces += (
        "{clothoid: {length: 20 m, curvature: [0, -1/80 m]}}, {clothoid: {length: 20 m, curvature: [-1/80 m, 0]}}]"
    )
    ego = EGO.replace("lane: -2", "lane: -3").replace("20 m/s", "12 m/s")
    log = run(ego, order(f"{{follow_trajectory: {{path: {pieces}}}}}"), duration=14, step=0.05)
    # Each half turns by 0.25 rad, so that the way is sideways by about 2 * 40 * sin(0.125) = 10 m.
    (end,) = log.happened("go", "story_end")
    assert np.interp(end, log.time, log.y("ego")) - RIGHT == pytest.approx(9.9, abs=0.4)
    assert log.speed("ego").min() > 11.0


def test_a_polyline_off_the_road_ends_where_it_ends(run):
    ego = EGO.replace("20 m/s", "8 m/s")
    log = run(ego, order("{follow_trajectory: {polyline: [{x: 80, y: -6}, {x: 110, y: -30}]}}"), duration=24, step=0.05)
    assert log.speed("ego")[-1] == pytest.approx(0.0, abs=0.05)
    assert np.hypot(log.x("ego")[-1] - 110, log.y("ego")[-1] + 30) < 7.0
    assert len(log.happened("go", "story_end")) == 1
