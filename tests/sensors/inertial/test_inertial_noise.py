"""Errors of inertial sensors by their Allan deviations and autocorrelations."""

import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab_sensors.inertial import noise


def allan_deviation(values, step, tau):
    """Overlapping Allan deviation (IEEE Std 952, annex C) of each column, at averaging times of whole steps."""
    m = round(tau / step)
    total = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), values]), axis=0) * step
    second = total[2 * m :] - 2 * total[m:-m] + total[: -2 * m]
    return np.sqrt((second**2).mean(axis=0) / (2.0 * (m * step) ** 2))


def test_white_noise_falls_with_the_root_of_the_averaging_time():
    # Kalibr: N / sqrt(dt) for each value; the deviation at 1 s is N
    values = noise.white(8.727e-5, 0.01, (400_000, 3), generator(0, "white"))
    at = {tau: allan_deviation(values, 0.01, tau).mean() for tau in (0.1, 1.0, 10.0)}
    assert at[1.0] == pytest.approx(8.727e-5, rel=0.03)
    assert np.log10(at[10.0] / at[0.1]) == pytest.approx(-1.0, abs=0.05)


def test_a_random_walk_rises_with_the_root_of_the_averaging_time():
    # The deviation at 3 s is K
    values = np.mean(
        [
            allan_deviation(noise.walk(1e-4, 0.01, (200_000, 3), generator(k, "walk")), 0.01, t)
            for k in range(4)
            for t in (3.0,)
        ]
    )
    assert values == pytest.approx(1e-4, rel=0.08)
    steps = noise.walk(1e-4, 0.01, (200_000, 3), generator(9, "walk"))
    slope = np.log10(allan_deviation(steps, 0.01, 10.0) / allan_deviation(steps, 0.01, 1.0))
    assert slope.mean() == pytest.approx(0.5, abs=0.06)


def test_bias_instability_has_a_flat_floor():
    # The floor is 0.6643 B
    values = noise.flicker(1e-3, 0.05, (400_000, 3), generator(0, "flicker"))
    floor = [allan_deviation(values, 0.05, tau).mean() for tau in (1.0, 3.0, 10.0, 30.0, 100.0)]
    assert floor == pytest.approx([0.6643e-3] * 5, rel=0.2)


def test_heading_wanders_as_the_angular_random_walk_says():
    # 0.30 degrees per root hour give 0.0387 degrees after a minute
    turned = noise.white(8.727e-5, 0.01, (6000, 2000), generator(0, "heading")).sum(axis=0) * 0.01
    assert np.degrees(turned.std()) == pytest.approx(0.0387, rel=0.05)


def test_gauss_markov_noise_forgets_after_its_correlation_time():
    values = noise.gauss_markov(2.0, 60.0, 1.0, (400_000, 3), generator(0, "gnss"))
    assert values.std() == pytest.approx(2.0, rel=0.03)
    correlation = [(v[:-60] * v[60:]).mean() / v.var() for v in values.T]
    assert np.mean(correlation) == pytest.approx(np.exp(-1.0), abs=0.05)
