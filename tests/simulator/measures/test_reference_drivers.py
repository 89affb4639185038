import numpy as np
import pytest

from roadlab.measures.reference_drivers import (
    careful_driver_needs,
    lane_keeping_gap,
    rss_distance,
    system_must_avoid,
)


def test_the_worked_distances_of_responsibility_sensitive_safety():
    assert rss_distance(20, 15, response=0.75, acceleration=3, braking=4, front_braking=8) == pytest.approx(63.6640625)
    assert rss_distance(30, 30, response=1, acceleration=3.5, braking=4, front_braking=8) == pytest.approx(115.78125)
    assert rss_distance(5, 40) == 0.0


def test_the_following_distances_of_regulation_157():
    kmh, time = np.array([7.2, 10.0, 20.0, 30.0, 60.0]), [1.0, 1.1, 1.2, 1.3, 1.6]
    np.testing.assert_allclose(lane_keeping_gap(kmh / 3.6) / (kmh / 3.6), time, atol=0.005)
    assert lane_keeping_gap(0.5) == 2.0


def simulated_gap(gap, closing, delay, deceleration, build_up, step=1e-4):
    """How much of the gap is left once the closing speed has fallen to 0."""
    time = 0.0
    while closing > 0.0 and gap > -100.0:
        braking = deceleration * np.clip((time + step / 2 - delay) / max(build_up, 1e-9), 0.0, 1.0)
        gap -= closing * step
        closing -= braking * step
        time += step
    return gap


@pytest.mark.parametrize("closing", [1.0, 2.0, 5.0, 10.0, 20.0])
def test_the_careful_driver_just_stops_at_the_gap_it_needs(closing):
    needed = float(careful_driver_needs(closing))
    assert simulated_gap(needed, closing, 0.4 + 0.75, 0.774 * 9.81, 0.6) == pytest.approx(0.0, abs=0.01)


def test_brakes_build_up_at_the_jerk_that_the_regulation_gives():
    # 0.774 g in 0.6 s are 12.65 m/s³; within this time they take off 12.65 / 2 * 0.6² = 2.28 m/s.
    assert careful_driver_needs(2.278) == pytest.approx(2.278 * 1.15 + 2 / 3 * 2.278 * 0.6, abs=1e-3)


@pytest.mark.parametrize("closing", [5.0, 10.0, 20.0])
def test_a_system_must_avoid_what_its_brakes_can(closing):
    limit = closing * (closing / 12.0 + 0.35)
    assert system_must_avoid(limit + 0.01, closing)
    assert not system_must_avoid(limit - 0.01, closing)
    assert simulated_gap(limit, closing, 0.35, 6.0, 0.0) == pytest.approx(0.0, abs=0.02)


def test_the_careful_driver_needs_more_room_than_the_system():
    closing = np.linspace(1, 30, 30)
    assert not system_must_avoid(careful_driver_needs(closing) * 0.3, closing).all()
    assert system_must_avoid(careful_driver_needs(closing), closing).all()
