import numpy as np
import pytest

from roadlab.actors.catalog import VEHICLES
from roadlab.dynamics.single_track import (
    SPEED,
    STEER,
    SingleTrack,
    X,
    advance,
    derivative,
    parameters,
    without_reversing,
)

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


def drive(state, steer_rate, acceleration, seconds, step=1e-3):
    state = np.array(state, dtype=float)
    for _ in range(round(seconds / step)):
        state = advance(state, np.asarray(steer_rate), np.asarray(acceleration), BMW_320I, step)
    return state


def test_derivative_equals_the_published_vector_with_its_acceleration_limit():
    state = np.array(
        [3.9579422297936526, 0.0391650102771405, 0.0378491427211811, 16.3546957860883566, 0.0294717351052816]
    )
    expected = [16.3475935934250209, 0.4819314886013121, 0.15, 5.1464424102339752, 0.2401426578627629]
    got = derivative(state, np.asarray(0.15), np.asarray(0.63 * 9.81), BMW_320I)
    np.testing.assert_allclose(got, expected, rtol=0, atol=1e-12)


def test_braking_from_rest_drives_backwards_as_published():
    state = drive(np.zeros(5), 0.0, -0.7 * 9.81, 1.0)
    np.testing.assert_allclose(state, [-3.4335, 0, 0, -6.867, 0], atol=1e-9)


def test_accelerating_with_steering_from_rest_as_published():
    state = drive(np.zeros(5), 0.15, 0.63 * 9.81, 1.0)
    expected = [3.0845676868494927, 0.1484249221523042, 0.15, 6.1803, 0.1203664469224163]
    np.testing.assert_allclose(state, expected, atol=1e-5)


def test_steering_at_rest_moves_only_the_wheels():
    np.testing.assert_allclose(drive(np.zeros(5), 0.15, 0.0, 1.0), [0, 0, 0.15, 0, 0], atol=1e-12)


def test_a_constant_steering_angle_closes_a_circle():
    steer, speed = 0.2, 6.0
    radius = BMW_320I.wheelbase / np.tan(steer)
    state = drive([0, 0, steer, speed, 0], 0.0, 0.0, 2 * np.pi * radius / speed, step=2 * np.pi * radius / speed / 4000)
    np.testing.assert_allclose(state[:2], 0.0, atol=1e-4)


def test_the_wheels_stop_at_their_end_stops():
    state = drive([0, 0, 0, 5, 0], 10.0, 0.0, 4.0)
    assert state[STEER] == pytest.approx(1.066, abs=0.4 * 1e-3)


# d = v² / (2 µ g) with g = 9.81 (science.md A.3)
BRAKING = [
    (30, 0.8, 4.424), (30, 0.7, 5.056), (30, 0.4, 8.849), (30, 0.1, 35.395),
    (50, 0.8, 12.290), (50, 0.7, 14.046), (50, 0.4, 24.580), (50, 0.1, 98.319),
    (100, 0.8, 49.159), (100, 0.7, 56.182), (100, 0.4, 98.319), (100, 0.1, 393.275),
    (130, 0.8, 83.079), (130, 0.7, 94.948), (130, 0.4, 166.159), (130, 0.1, 664.634),
]  # fmt: skip


@pytest.mark.parametrize("step", [0.01, 0.05])
def test_braking_distances_hold_for_every_speed_and_friction(step):
    speed = np.array([row[0] / 3.6 for row in BRAKING])
    friction = np.array([row[1] for row in BRAKING])
    state = np.zeros((len(BRAKING), 5))
    state[:, SPEED] = speed
    still = np.zeros(len(BRAKING))
    while (state[:, SPEED] > 0).any():
        braking = without_reversing(state[:, SPEED], -friction * 9.81, step)
        state = advance(state, still, braking, BMW_320I, step)
    assert (np.abs(state[:, X] - [row[2] for row in BRAKING]) <= speed * step).all()
    np.testing.assert_allclose(state[:, SPEED], 0.0, atol=1e-12)


def test_catalog_vehicles_brake_no_harder_than_they_can():
    models = list(VEHICLES.values())
    p = parameters(models)
    state = np.zeros((len(models), 5))
    state[:, SPEED] = 10.0
    rate = derivative(state, np.zeros(len(models)), np.full(len(models), -100.0), p)
    np.testing.assert_array_equal(rate[:, SPEED], [-m.max_deceleration for m in models])
