"""Which pulses return, and how far and bright they seem."""

import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab_sensors.lidar.returns import Echoes, backscatter, range_noise, receive


def echoes(distance, reflectivity, cosine=1.0, retro=0.0, count=20_000):
    return Echoes(*(np.full(count, float(v)) for v in (distance, cosine, reflectivity, retro)))


def detected_share(distance, reflectivity, reach=60.0):
    return receive(echoes(distance, reflectivity), reach, (0.5, 500.0), 0.01, generator(0, "test")).detected.mean()


def half_range(reflectivity, reach):
    """Range at which the share of detected pulses has fallen to half of its best."""
    distances = np.geomspace(5, 400, 200)
    shares = np.array([detected_share(d, reflectivity, reach) for d in distances])
    return distances[np.abs(shares - shares.max() / 2).argmin()]


def test_range_grows_with_the_root_of_reflectivity():
    # Lidar equation for extended targets: power falls with R², so R ∝ √ρ
    assert half_range(0.4, 60.0) / half_range(0.1, 60.0) == pytest.approx(2.0, rel=0.06)
    assert half_range(0.8, 60.0) / half_range(0.1, 60.0) == pytest.approx(np.sqrt(8.0), rel=0.06)


@pytest.mark.parametrize(
    ("distance", "low", "high"),
    [(6.0, 0.009, 0.013), (11.5, 0.009, 0.014), (22.0, 0.011, 0.018), (45.0, 0.017, 0.030)],
)
def test_range_noise_is_that_of_real_sweeps(distance, low, high):
    # In-ring jitter measured on three KITTI sweeps
    back = receive(echoes(distance, 0.9), 300.0, (0.5, 500.0), 0.01, generator(0, "noise"))
    assert low <= back.range[back.detected].std() <= high
    assert back.range[back.detected].mean() == pytest.approx(distance, abs=3e-3)
    assert range_noise(np.array([distance]), 0.01)[0] == pytest.approx(back.range.std(), rel=0.05)


def test_intensity_comes_in_hundredths_and_never_reaches_one():
    back = receive(echoes(10.0, 0.4, retro=20.0), 60.0, (0.5, 80.0), 0.01, generator(0, "intensity"))
    assert np.allclose(np.round(back.intensity * 100), back.intensity * 100, atol=1e-9)
    assert back.intensity.max() <= 0.99


def test_nothing_returns_from_the_sky_or_from_outside_the_limits():
    random = generator(0, "limits")
    assert not receive(echoes(np.inf, 0.5), 60.0, (1.4, 80.0), 0.01, random).detected.any()
    assert not receive(echoes(1.0, 0.5), 60.0, (1.4, 80.0), 0.01, random).detected.any()
    assert not receive(echoes(90.0, 0.9, retro=50.0), 600.0, (1.4, 80.0), 0.01, random).detected.any()


def test_rough_ground_still_returns_light_at_grazing_incidence():
    # Oren and Nayar (1994): towards the source, a rough matte surface hardly darkens
    assert backscatter(np.array([1.0]))[0] == pytest.approx(1.0)
    assert 0.3 < backscatter(np.array([0.05]))[0] < 0.6
