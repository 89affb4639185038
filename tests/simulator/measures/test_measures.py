import dataclasses

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from roadlab.dynamics.footprint import corners
from roadlab.log import ActorInfo, SceneLog
from roadlab.measures import MEASURES
from roadlab.measures.conflicts import (
    deceleration_to_avoid,
    following_time_to_collision,
    minimum_distance,
    post_encroachment,
    time_headway,
    time_to_collision,
)
from roadlab.measures.footprints import distance, time_to_overlap
from roadlab.measures.motion import jerk

STEP = 0.02


def actor(number, length=4.0, width=2.0):
    return ActorInfo(
        name=f"a{number}",
        instance=number + 1,
        kind="vehicle",
        category="car",
        model="sedan",
        size=(length, width, 1.5),
        box_center=(0.0, 0.0, 0.75),
        joint_names=(),
        is_ego=number == 0,
    )


def log_of(*actors, seconds=4.0):
    """Each (x, y, heading, speed): straight on at constant speed."""
    time = np.arange(round(seconds / STEP) + 1) * STEP
    rows = np.array(actors, dtype=float)
    ahead = np.column_stack([np.cos(rows[:, 2]), np.sin(rows[:, 2]), np.zeros(len(rows))])
    velocity = np.tile(rows[:, 3:4] * ahead, (len(time), 1, 1))
    start = np.column_stack([rows[:, :2], np.zeros(len(rows))])
    attitude = np.zeros((len(time), len(rows), 3))
    attitude[:, :, 0] = rows[:, 2]
    ticks = len(time)
    arrays = {
        "time": np.round(time * 1e9).astype(np.int64),
        "position": start + time[:, None, None] * velocity,
        "attitude": attitude,
        "velocity": velocity,
        "acceleration": np.zeros((ticks, len(rows))),
        "lamps": np.zeros((ticks, len(rows)), dtype=np.uint8),
        "joints": np.zeros((ticks, 0)),
        "signals": np.zeros((ticks, 0), dtype=np.uint8),
        "weather": np.zeros((ticks, 7)),
        "present": np.ones((ticks, len(rows)), dtype=bool),
    }
    wanted = {field.name for field in dataclasses.fields(SceneLog)}
    return SceneLog(
        scenario="{}", scenario_digest="", seed=0, version="", signal_names=(), events=(),
        actors=tuple(actor(k) for k in range(len(rows))),
        **{name: values for name, values in arrays.items() if name in wanted},
    )  # fmt: skip


@given(st.tuples(*[st.floats(-8, 8)] * 2, st.floats(-4, 4)), st.tuples(*[st.floats(0.2, 6)] * 2))
def test_the_distance_of_footprints_is_that_of_the_polygons(place, size):
    shapes = corners(np.array([[0, 0], place[:2]]), np.array([0.3, place[2]]), np.array([[4.0, 2.0], size]))
    expected = shapely.distance(shapely.Polygon(shapes[0]), shapely.Polygon(shapes[1]))
    assert distance(shapes[0], shapes[1]) == pytest.approx(expected, abs=1e-9)


@given(
    st.floats(-20, 20), st.floats(-20, 20), st.floats(-4, 4), st.floats(-10, 10), st.floats(-10, 10)
)  # fmt: skip
def test_the_time_to_overlap_is_when_the_moved_polygons_meet(x, y, yaw, vx, vy):
    shapes = corners(np.array([[0, 0], [x, y]]), np.array([0.3, yaw]), np.array([[4.0, 2.0], [3.0, 1.0]]))
    time = float(time_to_overlap(shapes[0], shapes[1], np.array([vx, vy])))
    fixed = shapely.Polygon(shapes[1])
    if np.isfinite(time) and time > 0:
        at = [shapely.Polygon(shapes[0] + np.array([vx, vy]) * t) for t in (time * (1 - 1e-6) - 1e-6, time + 1e-6)]
        assert shapely.distance(at[0], fixed) >= 0.0
        assert shapely.distance(at[1], fixed) < 1e-4
    else:
        for t in np.linspace(0, 5, 26):
            moved = shapely.Polygon(shapes[0] + np.array([vx, vy]) * t)
            assert time == 0.0 or shapely.area(shapely.intersection(moved, fixed)) < 1e-6


def test_behind_a_slower_leader_the_textbook_values_hold():
    # 20 m/s behind 12 m/s, 40 m bumper to bumper
    log = log_of((0, 0, 0, 20), (44, 0, 0, 12))
    assert minimum_distance(log, 0).value[0] == pytest.approx(40.0)
    assert time_to_collision(log, 0).value[0] == pytest.approx(40 / 8)
    assert following_time_to_collision(log, 0).value[0] == pytest.approx(40 / 8)
    assert time_headway(log, 0).value[0] == pytest.approx(2.0)
    assert deceleration_to_avoid(log, 0).value[0] == pytest.approx(8**2 / 80)
    assert time_to_collision(log, 0).value[100] == pytest.approx(40 / 8 - 2.0)
    assert time_to_collision(log, 0).other[0] == 1


def test_the_margin_of_safety_is_the_gap_beyond_the_worked_rss_distance():
    log = log_of((0, 0, 0, 20), (74, 0, 0, 15))
    assert MEASURES["rss_margin"].of(log, 0).value[0] == pytest.approx(70.0 - 63.6640625)


def test_who_pulls_away_or_drives_beside_is_no_danger():
    log = log_of((0, 0, 0, 10), (30, 0, 0, 15), (0, 4, 0, 10))
    assert np.isinf(time_to_collision(log, 0).value).all()
    assert np.isinf(following_time_to_collision(log, 0).value).all()
    assert deceleration_to_avoid(log, 0).value.max() == 0.0
    assert minimum_distance(log, 0).value[0] == pytest.approx(2.0)
    assert minimum_distance(log, 0).other[0] == 2


def test_on_crossing_paths_the_time_to_collision_counts_corners():
    # The ego's front reaches the crossing strip after 3 s; the other's front passes its middle line after 2.9 s.
    log = log_of((-34, 0, 0, 10), (0, -31, np.pi / 2, 10))
    assert time_to_collision(log, 0).value[0] == pytest.approx(3.1)
    assert np.isinf(following_time_to_collision(log, 0).value[0])


def test_who_passes_a_place_after_another_has_left_has_a_post_encroachment_time():
    # The other leaves the ego's lane (rear at y = 1) after 1.2 s, the ego's front comes to x = -1 after 2.7 s.
    log = log_of((-30, 0, 0, 10), (0, -9, np.pi / 2, 10))
    (encounter,) = post_encroachment(log, 0)
    assert (encounter.first, encounter.second) == (1, 0)
    assert encounter.time == pytest.approx(1.5, abs=0.041)


def test_a_contact_has_no_post_encroachment_time():
    assert post_encroachment(log_of((-20, 0, 0, 10), (0, -20, np.pi / 2, 10)), 0) == []


def test_who_is_not_there_is_near_nobody():
    log = log_of((0, 0, 0, 20), (44, 0, 0, 12))
    present = log.present.copy()
    present[:50, 1] = False
    log = dataclasses.replace(log, present=present)
    for name in ("distance", "ttc", "headway"):
        curve = MEASURES[name].of(log, 0)
        assert np.isinf(curve.value[:50]).all()
        assert np.isfinite(curve.value[50:]).all()


def test_alone_on_the_road_nothing_is_near():
    log = log_of((0, 0, 0, 10))
    for name in ("distance", "ttc", "headway", "following_ttc"):
        assert np.isinf(MEASURES[name].of(log, 0).value).all()
        assert MEASURES[name].worst_tick(MEASURES[name].of(log, 0)) is None


def test_a_ramp_of_acceleration_has_its_slope_as_jerk():
    log = log_of((0, 0, 0, 10))
    ramp = dataclasses.replace(log, acceleration=(log.time / 1e9 * -2.5)[:, None])
    np.testing.assert_allclose(jerk(ramp, 0)[20:-20], -2.5)


def test_a_sharp_change_of_acceleration_is_spread_over_the_window():
    log = log_of((0, 0, 0, 10))
    stamped = dataclasses.replace(log, acceleration=np.where(log.time > 2e9, -4.0, 0.0)[:, None])
    assert jerk(stamped, 0).min() == pytest.approx(-4.0 / 0.2)
