"""Transition shapes against OpenSCENARIO's closed forms (esmini's OSCPrivateAction.cpp states the same)."""

import numpy as np
import pytest

from roadlab.behaviors.transitions import SHAPES, shape_number, time_for_rate, transition

CHANGE, DURATION = 3.5, 4.0


def curve(shape):
    time = np.linspace(0.0, DURATION, 4001)[:-1]
    return time, transition(shape_number(shape), CHANGE, time, DURATION)


@pytest.mark.parametrize(
    ("shape", "peak_rate", "peak_acceleration"),
    [("linear", 0.875, 0.0), ("cubic", 1.3125, 1.3125), ("sinusoidal", 1.3744, 1.0795)],
)
def test_a_lane_change_of_3_5_metres_in_4_seconds_has_the_published_peaks(shape, peak_rate, peak_acceleration):
    _, (_, rate, acceleration) = curve(shape)
    assert rate.max() == pytest.approx(peak_rate, abs=5e-5)
    assert np.abs(acceleration).max() == pytest.approx(peak_acceleration, abs=5e-5)


@pytest.mark.parametrize("shape", ["linear", "cubic", "sinusoidal"])
def test_rate_and_acceleration_are_the_derivatives_of_the_value(shape):
    time, (value, rate, acceleration) = curve(shape)
    np.testing.assert_allclose(np.gradient(value, time)[1:-1], rate[1:-1], atol=1e-5)
    np.testing.assert_allclose(np.gradient(rate, time)[1:-1], acceleration[1:-1], atol=1e-5)


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_goes_from_nothing_to_all_and_rests_there(shape):
    value, rate, acceleration = transition(shape_number(shape), CHANGE, [-1.0, DURATION, 9.0], DURATION)
    np.testing.assert_allclose(value, [0.0, CHANGE, CHANGE], atol=1e-12)
    assert not rate.any()
    assert not acceleration.any()


def test_half_way_is_half_done_and_a_step_is_done_at_once():
    for shape in ("linear", "cubic", "sinusoidal"):
        assert transition(shape_number(shape), CHANGE, 2.0, DURATION)[0] == pytest.approx(1.75)
    assert transition(shape_number("step"), CHANGE, 0.0, DURATION)[0] == CHANGE


@pytest.mark.parametrize("shape", ["linear", "cubic", "sinusoidal"])
def test_a_rate_is_the_peak_rate(shape):
    duration = time_for_rate(shape, -CHANGE, 1.4)
    time = np.linspace(0.0, duration, 10_001)
    assert np.abs(transition(shape_number(shape), -CHANGE, time, duration)[1]).max() == pytest.approx(1.4, rel=1e-6)
