import numpy as np
import pytest

from roadlab.actors.catalog import VEHICLES
from roadlab.behaviors.lane_keeping import PREVIEW, bend_allowance, sinusoidal, steer_rate, wanted_steer
from roadlab.behaviors.paths import Path, Paths, resampled
from roadlab.dynamics.motion import Commands, Motion
from roadlab.dynamics.specs import vehicles


def path_of(*pieces, spacing=0.25):
    """A path of pieces (length, curvature) or (length, curvature at its start, curvature at its end)."""
    curvature = np.concatenate([np.linspace(k[0], k[-1], round(length / spacing)) for length, *k in pieces])
    heading = np.concatenate([[0.0], np.cumsum(curvature * spacing)])
    middle = 0.5 * (heading[1:] + heading[:-1])
    chord = spacing * np.sinc(curvature * spacing / 2 / np.pi)
    x = np.concatenate([[0.0], np.cumsum(chord * np.cos(middle))])
    y = np.concatenate([[0.0], np.cumsum(chord * np.sin(middle))])
    return Path(spacing, x, y, heading, np.append(curvature, curvature[-1]))


def follow(path, model, speed, goal_at, seconds, step=0.01):
    """(T,) offset from the goal, and (T,) offset from the path, of a vehicle at constant speed."""
    paths, which = Paths.of([path]), np.zeros(1, dtype=int)
    moving, station = Motion.rolling(1, speed=speed), np.zeros(1)
    vehicle, forwards = VEHICLES[model], np.zeros(1, dtype=bool)
    fleet = vehicles([(None, vehicle)])
    wheelbase, max_steer = np.full(1, vehicle.wheelbase), np.full(1, vehicle.max_steer)
    errors, offsets = [], []
    for tick in range(round(seconds / step)):
        goal = goal_at(np.full(1, tick * step))
        station, left = paths.project(which, moving.x, moving.y, station)
        at, ahead = paths.heading(which, station), paths.curvature(which, station + speed * PREVIEW)
        wanted = wanted_steer(at, ahead, left, moving.yaw, moving.speed, wheelbase, goal)
        rate = steer_rate(moving.steer, wanted, moving.speed, max_steer)
        errors.append(left[0] - goal.offset[0])
        offsets.append(left[0])
        moving = fleet.advance(moving, Commands(np.zeros(1), rate, forwards), np.ones(1), step)
        station = station + moving.speed * step
    return np.array(errors), np.array(offsets)


def straight_on(_):
    return sinusoidal(np.zeros(1), np.zeros(1), np.ones(1))


@pytest.mark.parametrize("model", sorted(VEHICLES))
def test_a_left_turn_at_a_junction_is_tracked_within_a_quarter_metre(model):
    sharpest, ease, rest = 1 / 9.0, 5.0, 9.0 * np.pi / 2 - 5.0
    path = path_of((30, 0), (ease, 0, sharpest), (rest, sharpest), (ease, sharpest, 0), (40, 0))
    errors, _ = follow(path, model, 4.5, straight_on, 18)
    assert np.abs(errors).max() < 0.25
    assert np.abs(errors[-100:]).max() < 0.01


def test_a_motorway_bend_is_tracked_within_a_tenth_of_a_metre():
    errors, _ = follow(path_of((100, 0), (500, 1 / 900)), "estate", 33.0, straight_on, 17)
    assert np.abs(errors).max() < 0.1


def test_the_published_peaks_of_a_lane_change():
    time = np.linspace(0, 4, 100_001)
    goal = sinusoidal(np.full_like(time, 3.5), time, np.full_like(time, 4.0))
    assert np.abs(goal.rate).max() == pytest.approx(1.3744, abs=1e-4)
    assert np.abs(goal.acceleration).max() == pytest.approx(1.0795, abs=1e-4)
    assert goal.offset[[0, -1]] == pytest.approx([0, 3.5])
    np.testing.assert_allclose(np.gradient(goal.offset, time)[1:-1], goal.rate[1:-1], atol=1e-6)


def test_a_lane_change_takes_the_stated_time():
    def change(time):
        return sinusoidal(np.full(1, 3.75), time - 1.0, np.full(1, 3.0))

    errors, offsets = follow(path_of((400, 0)), "sedan", 30.0, change, 8)
    assert np.abs(errors).max() < 0.25
    assert offsets[99] == pytest.approx(0, abs=0.01)
    assert offsets[410] == pytest.approx(3.75, abs=0.15)
    assert offsets[-1] == pytest.approx(3.75, abs=0.01)


def test_the_speed_for_a_bend_is_reached_before_it():
    radius = 10.0
    speeds = np.sqrt(bend_allowance(path_of((60, 0), (15, 1 / radius), (50, 0))))
    station = 0.25 * np.arange(len(speeds))
    in_bend = (station > 60.5) & (station < 74.5)
    np.testing.assert_allclose(speeds[in_bend], np.sqrt(2.5 * radius))
    before = station < 60
    np.testing.assert_allclose(speeds[before], np.sqrt(2.5 * radius + 2 * 1.5 * (60 - station[before])), rtol=0.02)


def test_projection_inverts_the_frame():
    paths = Paths.of([path_of((20, 0), (30, 1 / 12), (20, -1 / 30)), path_of((50, 0.02))])
    which = np.array([0, 0, 1, 1])
    station, left = np.array([5.0, 33.3, 12.1, 49.0]), np.array([1.0, -2.0, 0.5, 3.0])
    frame = paths.frame(which, station)
    x, y = frame.x - left * np.sin(frame.heading), frame.y + left * np.cos(frame.heading)
    found, beside = paths.project(which, x, y, station + np.array([2, -2, 1, -1]))
    np.testing.assert_allclose(found, station, atol=0.03)
    np.testing.assert_allclose(beside, left, atol=0.01)


def test_resampling_keeps_the_length_of_an_arc():
    turn = np.linspace(0, np.pi, 30)
    path = resampled(5 * np.sin(turn), 5 - 5 * np.cos(turn), turn, np.full(30, 0.2), 0.1)
    assert path.length == pytest.approx(5 * np.pi, rel=1e-9)
