import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from roadlab.behaviors.idm import USUAL, Idm, IdmDriver, equilibrium_gap, idm_acceleration

# science.md B.1: the published motorway parameters.
MOTORWAY = Idm(time_headway=1.5, max_acceleration=0.73, comfortable_deceleration=1.67, minimum_gap=2.0)
DESIRED = 30.0
LENGTH = 5.0


def flow(speed):
    """Vehicles an hour in equilibrium."""
    return 3600 * speed / (equilibrium_gap(speed, DESIRED, MOTORWAY) + LENGTH)


def test_equilibrium_gaps_and_flows():
    speed = np.array([0, 5, 10, 15, 20, 25, 28.0])
    gaps = [2.0, 9.503667, 17.105920, 25.303491, 35.722004, 54.895701, 89.597346]
    flows = [0, 1241.065, 1628.523, 1781.973, 1768.086, 1502.612, 1065.569]
    np.testing.assert_allclose(equilibrium_gap(speed, DESIRED, MOTORWAY), gaps, atol=1e-6)
    np.testing.assert_allclose(flow(speed), flows, atol=1e-3)


def test_nobody_accelerates_in_equilibrium():
    speed = np.linspace(0.5, 29, 50)
    gap = equilibrium_gap(speed, DESIRED, MOTORWAY)
    np.testing.assert_allclose(idm_acceleration(speed, DESIRED, gap, 0.0, MOTORWAY), 0.0, atol=1e-12)


@pytest.mark.parametrize(
    ("speed", "gap", "closing", "expected"),
    [
        (20, 40, 0, 0.118602469),
        (20, 40, 5, -2.139335993),
        (20, 20, 0, -1.282997531),
        (0, 2, 0, 0.0),
        (0, 10, 0, 0.7008),
        (30, np.inf, 0, 0.0),
        (15, 50, -3, 0.679413808),
    ],
)
def test_acceleration(speed, gap, closing, expected):
    assert idm_acceleration(speed, DESIRED, gap, closing, MOTORWAY) == pytest.approx(expected, abs=1e-9)


def test_capacity():
    best = minimize_scalar(lambda v: -flow(v), bounds=(1, 29), method="bounded", options={"xatol": 1e-9})
    assert -best.fun == pytest.approx(1798.1326, abs=1e-4)
    assert best.x == pytest.approx(17.19393, abs=1e-4)
    assert -best.fun / best.x / 3.6 == pytest.approx(29.04985, abs=1e-4)


def test_a_ring_road_settles_on_the_equilibrium_of_its_density():
    count, ring = 20, 20 * (equilibrium_gap(8.0, DESIRED, USUAL["car"]) + LENGTH)
    place = np.arange(count) * ring / count + 0.5 * np.sin(np.arange(count))
    speed = np.full(count, 7.0)
    for _ in range(30_000):
        gap = (np.roll(place, -1) - place) % ring - LENGTH
        acceleration = idm_acceleration(speed, DESIRED, gap, speed - np.roll(speed, -1), USUAL["car"])
        place = place + speed * 0.02
        speed = np.maximum(0.0, speed + acceleration * 0.02)
    np.testing.assert_allclose(speed, 8.0, rtol=0.01)


def test_an_author_overrides_only_what_he_writes():
    driver = IdmDriver(time_headway=0.9)
    model = driver.following("truck")
    assert model == Idm(0.9, 0.7, 1.7, 3.0)
