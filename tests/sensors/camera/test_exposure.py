"""How bright pictures become: by hand, by the light, and by the camera itself over time."""

import numpy as np
import pytest

from roadlab_sensors.camera.exposure import Exposure, by_hand, by_itself, by_level, followed, history
from roadlab_sensors.camera.imager import MIDDLE_GREY, Imager
from roadlab_sensors.camera.optics import Optics

CHIP, LENS = Imager(), Optics()


def test_a_grey_card_in_100_klx_exposes_to_ev_15_and_a_half():
    # L = 0.18 * 100 000 / pi = 5729.58 cd/m²; EV = log2(100 L / 12.5) = 15.484 (ISO 2720)
    assert by_level(Exposure(), 0.18 * 100_000.0 / np.pi).exposure_value == pytest.approx(15.484, abs=0.001)


def test_by_hand_the_card_that_becomes_grey_gives_as_many_electrons_as_the_sensor_model_says():
    exposure = Exposure(metering="manual", time=0.004, gain=6.0)
    level = by_hand(exposure, CHIP, LENS).level
    # E = pi / 4 L T / N²: 2000 cd/m² through f/2 and 0.9 are 353.43 lx.
    assert Optics(aperture=2.0).sensor_illuminance(2000.0) == pytest.approx(353.43, abs=0.01)
    electrons = CHIP.quantum_efficiency * CHIP.photons(LENS.sensor_illuminance(level), 0.004)
    assert CHIP.gain(6.0) * electrons == pytest.approx(MIDDLE_GREY * (CHIP.white - CHIP.black_level))


def test_a_stop_less_time_needs_a_stop_more_light():
    levels = [by_hand(Exposure(metering="manual", time=t), CHIP, LENS).level for t in (0.004, 0.002)]
    assert levels[1] == pytest.approx(2.0 * levels[0])


def test_auto_exposure_shortens_the_time_in_light_and_raises_the_gain_in_the_dark():
    exposure = Exposure(metering="auto", time=0.005, gain=18.0, shortest=5e-5)
    base = by_itself(exposure, CHIP, LENS, 1000.0)
    bright, dark, night = (by_itself(exposure, CHIP, LENS, level) for level in (10_000.0, 100.0, 0.02))
    assert (base.level, bright.level, dark.level) == pytest.approx((1000.0, 10_000.0, 100.0))
    assert bright.gain == 0.0
    assert bright.time < base.time <= 0.005
    assert dark.time == 0.005
    assert 0.0 < dark.gain < 18.0
    assert (night.time, night.gain) == (0.005, 18.0)
    assert night.level > 0.02  # underexposed: neither time nor gain are left


def stops(luminances, rate, constant):
    """What is exposed for in each frame, in stops."""
    indices = [history(Exposure(metering="auto", response=constant), rate, k) for k in range(len(luminances))]
    return np.log2([followed([luminances[i] for i in span], rate, constant) for span in indices])


@pytest.mark.parametrize("rate", [10.0, 15.0, 30.0])
@pytest.mark.parametrize("factor", [1000.0, 1e-3])
def test_after_a_tunnel_the_exposure_settles_within_a_second_and_does_not_oscillate(rate, factor):
    # From 5 cd/m² to a thousand times as much at frame 20; within 1/3 EV of the new level in less than 1 s.
    luminances = np.where(np.arange(90) < 20, 5.0, 5.0 * factor)
    found = stops(luminances, rate, 0.2)
    wanted = np.log2(5.0 * factor)
    settled = np.flatnonzero(np.abs(found - wanted) < 1.0 / 3.0)[0]
    assert (settled - 20) / rate < 1.0
    assert np.abs(found[settled:] - wanted).max() < 1.0 / 3.0
    assert (np.diff(found) * np.sign(factor - 1.0) >= -1e-12).all()  # never back
    assert found[20] == pytest.approx(np.log2(5.0))  # the change is seen one frame late


def test_a_scene_that_stands_still_does_not_flicker():
    assert np.ptp(stops(np.full(40, 321.0), 10.0, 0.2)) == pytest.approx(0.0, abs=1e-12)


def test_what_is_long_past_does_not_count():
    luminances = np.geomspace(1.0, 2.0**20, 200)
    whole = followed(luminances, 10.0, 0.2)
    recent = followed(luminances[history(Exposure(metering="auto"), 10.0, 199)], 10.0, 0.2)
    assert np.log2(recent / whole) == pytest.approx(0.0, abs=2e-3)
