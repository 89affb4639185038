import numpy as np
import pytest

from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.actuators import Lags
from roadlab.dynamics.kinematic import Kinematic
from roadlab.dynamics.motion import Commands, Motion
from roadlab.dynamics.single_track import SPEED, SingleTrack, derivative, parameters

# Vehicle 2 (BMW 320i) of the CommonRoad vehicle models, version 2.0.
BMW_320I = SingleTrack(
    wheelbase=1.1561957064 + 1.4227170936,
    max_steer=1.066,
    max_steer_rate=0.4,
    max_acceleration=11.5,
    max_deceleration=11.5,
    switch_speed=7.319,
    max_speed=50.8,
    min_speed=-13.6,
)
ENDLESS_GRIP = 100.0


def drive(motion, steer_rate, acceleration, seconds, step=1e-2, friction=ENDLESS_GRIP, reverse=False, limits=BMW_320I):
    count = len(motion.x)
    none = np.zeros(count)
    model = Kinematic(limits, Lags(none, none))
    commands = Commands(none + acceleration, none + steer_rate, np.full(count, reverse))
    for _ in range(round(seconds / step)):
        motion = model.advance(motion, commands, none + friction, step)
    return motion


def test_derivative_equals_the_published_vector_with_its_acceleration_limit():
    state = np.array(
        [3.9579422297936526, 0.0391650102771405, 0.0378491427211811, 16.3546957860883566, 0.0294717351052816]
    )
    expected = [16.3475935934250209, 0.4819314886013121, 0.15, 5.1464424102339752, 0.2401426578627629]
    got = derivative(state, np.asarray(0.15), np.asarray(0.63 * 9.81), BMW_320I)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def test_accelerating_backwards_from_rest_as_published():
    m = drive(Motion.rolling(1), 0.0, -0.7 * 9.81, 1.0, reverse=True)
    np.testing.assert_allclose([m.x[0], m.y[0], m.yaw[0], m.speed[0]], [-3.4335, 0, 0, -6.867], atol=1e-9)


@pytest.mark.parametrize("step", [0.01, 0.02])
def test_accelerating_with_steering_from_rest_as_published(step):
    m = drive(Motion.rolling(1), 0.15, 0.63 * 9.81, 1.0, step)
    expected = [3.0845676868494927, 0.1484249221523042, 0.15, 6.1803, 0.1203664469224163]
    np.testing.assert_allclose([m.x[0], m.y[0], m.steer[0], m.speed[0], m.yaw[0]], expected, atol=1e-6)


def test_steering_at_rest_moves_only_the_wheels():
    m = drive(Motion.rolling(1), 0.15, 0.0, 1.0)
    np.testing.assert_allclose([m.x[0], m.y[0], m.steer[0], m.speed[0], m.yaw[0]], [0, 0, 0.15, 0, 0], atol=1e-12)


def test_a_constant_steering_angle_closes_a_circle():
    steer, speed = 0.2, 6.0
    turn = 2 * np.pi * BMW_320I.wheelbase / np.tan(steer) / speed
    m = drive(Motion.rolling(1, steer=steer, speed=speed), 0.0, 0.0, turn, step=turn / 800)
    np.testing.assert_allclose([m.x[0], m.y[0]], 0.0, atol=1e-4)


def test_the_wheels_stop_at_their_end_stops():
    m = drive(Motion.rolling(1, speed=5.0), 10.0, 0.0, 4.0)
    assert m.steer[0] == 1.066


def test_brakes_hold_a_vehicle_at_rest_in_either_gear():
    for reverse, speed in ((False, 3.0), (True, -3.0)):
        m = drive(Motion.rolling(1, speed=speed), 0.0, -5.0 * np.sign(speed), 2.0, reverse=reverse)
        assert m.speed[0] == 0.0
        assert m.x[0] == pytest.approx(speed * abs(speed) / 10.0, abs=1e-6)


# d = v² / (2 µ g) with g = 9.81
BRAKING = [
    (30, 0.8, 4.424), (30, 0.7, 5.056), (30, 0.4, 8.849), (30, 0.1, 35.395),
    (50, 0.8, 12.290), (50, 0.7, 14.046), (50, 0.4, 24.580), (50, 0.1, 98.319),
    (100, 0.8, 49.159), (100, 0.7, 56.182), (100, 0.4, 98.319), (100, 0.1, 393.275),
    (130, 0.8, 83.079), (130, 0.7, 94.948), (130, 0.4, 166.159), (130, 0.1, 664.634),
]  # fmt: skip


@pytest.mark.parametrize("step", [0.01, 0.02, 0.05])
def test_braking_distances_hold_for_every_speed_and_friction(step):
    speed, friction, distance = np.array(BRAKING).T
    m = drive(Motion.rolling(len(speed), speed=speed / 3.6), 0.0, -11.0, 40.0, step, friction)
    np.testing.assert_allclose(m.x, distance, atol=1e-3)
    np.testing.assert_array_equal(m.speed, 0.0)


def test_a_bend_too_fast_for_the_road_is_taken_wider_at_the_limit_of_friction():
    m = drive(Motion.rolling(1, speed=20.0, steer=0.3), 0.0, 0.0, 0.02, 0.01, 0.3)
    assert m.speed[0] * m.yaw_rate[0] == pytest.approx(0.3 * 9.81)


def test_catalog_vehicles_brake_no_harder_than_they_can():
    models = list(VEHICLES.values())
    p = parameters(models)
    state = np.zeros((len(models), 5))
    state[:, SPEED] = 10.0
    rate = derivative(state, np.zeros(len(models)), np.full(len(models), -100.0), p)
    np.testing.assert_array_equal(rate[:, SPEED], [-m.max_deceleration for m in models])
