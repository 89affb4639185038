"""Which echoes a unit reports, and what it says of them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import brentq

from roadlab.randomness import generator
from roadlab_sensors.lidar import receive as receiving
from roadlab_sensors.lidar.echoes import Echoes, merged
from roadlab_sensors.lidar.intensity import Heard, beam_floors, kitti, velodyne
from roadlab_sensors.lidar.units import UNITS

RECEIVER = replace(UNITS["hdl64e"].receiver, reach=100.0, farthest=1000.0, dropout=0.0)


def echoes(pulse, distance, power):
    count = len(pulse)
    nothing = np.zeros(count, dtype=np.int64)
    return Echoes(
        np.asarray(pulse), np.asarray(distance, dtype=float), np.asarray(power, dtype=float), nothing, nothing - 1,
        np.ones(count, np.float32), np.zeros(count, np.uint8),
    )  # fmt: skip


BEAMS = receiving.Beams(np.zeros(1), np.zeros(1))


def received(table, policy="strongest", receiver=RECEIVER, least=1.0, key="test"):
    pulses = int(table.pulse.max()) + 1 if len(table) else 1
    ring = np.zeros(pulses, dtype=np.uint16)
    return receiving.receive(table, ring, receiver, policy, least, generator(0, key), BEAMS)


def share_detected(power, least=1.0, count=20_000):
    return (
        len(received(echoes(np.arange(count), np.full(count, 50.0), np.full(count, power)), least=least).range) / count
    )


def test_half_of_the_echoes_at_the_threshold_are_detected():
    assert share_detected(1.0) == pytest.approx(0.5, abs=0.02)
    assert share_detected(2.5) > 0.999
    assert share_detected(0.2) < 1e-3


def test_a_dark_night_lets_a_unit_hear_fainter_echoes():
    assert receiving.threshold(100e3) == pytest.approx(1.0)
    assert receiving.threshold(0.0) < 0.6
    assert share_detected(0.7, receiving.threshold(0.0)) > 0.9 > share_detected(0.7)


@pytest.mark.parametrize(
    ("distance", "low", "high"),
    [(6.0, 0.009, 0.013), (11.5, 0.009, 0.014), (22.0, 0.010, 0.018), (45.0, 0.017, 0.030)],
)
def test_range_noise_is_that_of_real_sweeps(distance, low, high):
    # In-ring jitter measured on three KITTI sweeps
    back = received(echoes(np.arange(20_000), np.full(20_000, distance), np.full(20_000, 50.0)))
    assert low <= back.range.std() <= high
    assert back.range.mean() == pytest.approx(distance, abs=3e-3)
    assert np.allclose(back.range / 0.002, np.round(back.range / 0.002))


@pytest.mark.parametrize(
    ("policy", "expected"),
    [("strongest", [20.0]), ("last", [60.0]), ("dual", [20.0, 60.0]), ("triple", [20.0, 40.0, 60.0])],
)
def test_policies_choose_among_the_echoes_of_a_pulse(policy, expected):
    back = received(echoes([0, 0, 0, 0], [10.0, 20.0, 40.0, 60.0], [5.0, 50.0, 30.0, 10.0]), policy)
    assert back.range == pytest.approx(expected, abs=0.15)
    assert back.number.tolist() == list(range(1, len(expected) + 1))
    assert (back.count == len(expected)).all()


def test_dual_returns_the_second_strongest_where_the_strongest_is_the_last():
    # Velodyne manuals: if strongest and last are the same, the second strongest is reported
    back = received(echoes([0, 0, 0], [10.0, 20.0, 40.0], [5.0, 30.0, 50.0]), "dual")
    assert back.range == pytest.approx([20.0, 40.0], abs=0.1)


def test_surfaces_within_half_a_pulse_length_merge_and_others_do_not():
    # c tau / 2 = 0.60 m for the 4 ns of the HDL-64E
    for gap in (0.1, 0.3, 0.59):
        one = merged(echoes([0, 0], [20.0, 20.0 + gap], [1.0, 1.0]), 0.60)
        assert one.distance == pytest.approx([20.0 + gap / 2])
    for gap in (0.61, 1.0, 5.0):
        two = merged(echoes([0, 0], [20.0, 20.0 + gap], [1.0, 1.0]), 0.60)
        assert two.distance == pytest.approx([20.0, 20.0 + gap])


def test_nothing_is_reported_outside_the_limits_or_of_nothing():
    back = received(echoes([0, 1, 2], [1.0, 30.0, 90.0], [99.0, 99.0, 99.0]), receiver=replace(RECEIVER, farthest=80.0))
    assert back.echo.tolist() == [1]
    assert len(received(echoes(np.zeros(0, dtype=np.int64), [], [])).range) == 0


def test_beams_are_wrong_by_constant_lengths():
    table = echoes(np.arange(2000), np.full(2000, 10.0), np.full(2000, 50.0))
    ring = (np.arange(2000) % 2).astype(np.uint16)
    back = receiving.receive(
        table,
        ring,
        RECEIVER,
        "strongest",
        1.0,
        generator(0, "bias"),
        receiving.Beams(np.array([0.02, -0.01]), np.zeros(2)),
    )
    assert back.range[::2].mean() - back.range[1::2].mean() == pytest.approx(0.03, abs=1e-3)


def test_kitti_intensity_comes_in_hundredths_and_never_reaches_one():
    random = generator(0, "intensity")
    heard = Heard(
        random.uniform(0, 30, 5000), random.uniform(2, 80, 5000), np.full(5000, 0.1), random.standard_normal((5000, 2))
    )
    said = kitti(heard)
    assert np.allclose(np.round(said * 100), said * 100, atol=1e-9)
    assert said.max() == pytest.approx(0.99)
    assert (said == 0.0).any()


@pytest.mark.parametrize(
    ("distance", "least", "most"), [(10.0, 0.0, 0.07), (30.0, 0.1, 0.35), (42.0, 0.4, 0.65), (55.0, 0.65, 0.88)]
)
def test_far_returns_have_no_intensity_as_often_as_in_kitti(distance, least, most):
    # Shares of zeros on the ground of three KITTI sweeps: 4 % at 10 to 15 m, 16 to 31 % at 25 to 35 m, 53 % at 40 to
    # 45 m, 75 to 86 % at 45 to 60 m; of what stands 7, 10, 52 and 54 to 67 %
    random = generator(0, "far")
    count = 20_000
    heard = Heard(
        np.full(count, 0.1), np.full(count, distance), np.full(count, 0.06), random.standard_normal((count, 2))
    )
    assert least <= (kitti(heard) == 0.0).mean() <= most


def test_units_have_good_beams_and_poor_ones():
    floors = beam_floors("kitti", 64, generator(0, "beams"))
    assert np.median(floors) < 0.09 < 0.25 < floors.max()
    assert (beam_floors("velodyne", 64, generator(0, "beams")) == 0.0).all()


def test_velodyne_intensity_tells_matte_from_retro_reflecting():
    # VLP-16 manual: 0 to 100 for matte surfaces of 0 to 100 %, 101 to 255 for retro-reflectors
    said = 255 * velodyne(Heard(np.array([0.0, 0.505, 1.0, 1.5, 1000.0, 1e6]), *np.ones((2, 6)), np.zeros((6, 2))))
    assert said[:3] == pytest.approx([0, 50, 100])
    assert (said[3:] > 100).all()
    assert said[-1] == 255


# R_max(10 %) = 100 m in clear air, rho exp(-2 alpha R) / R² = const
FOG_TABLE = {
    0.05: (70.71, 59.20, 51.82, 45.06, 29.33, 20.58),
    0.1: (100.0, 78.92, 66.93, 56.71, 35.00, 23.87),
    0.2: (141.42, 103.63, 84.95, 70.13, 41.15, 27.37),
    0.5: (223.61, 144.81, 113.30, 90.48, 49.96, 32.27),
    0.8: (282.84, 169.90, 129.81, 102.00, 54.74, 34.88),
}


@pytest.mark.parametrize("reflectivity", FOG_TABLE)
def test_reach_follows_reflectivity_and_extinction(reflectivity):
    for alpha, reach in zip((0.0, 0.003, 0.006, 0.01, 0.03, 0.06), FOG_TABLE[reflectivity], strict=True):
        solved = brentq(lambda r, a=alpha: receiving.lidar_equation(reflectivity, r, a, 100.0) - 1.0, 1.0, 1000.0)
        assert solved == pytest.approx(reach, abs=0.006)
        assert share_detected(receiving.lidar_equation(reflectivity, reach, alpha, 100.0)) == pytest.approx(
            0.5, abs=0.02
        )
