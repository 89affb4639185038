"""Resolutions, ambiguities and strengths of chirps."""

from dataclasses import replace

import numpy as np
import pytest

from roadlab_sensors.radar.waveform import WAVEFORMS, coherent, trihedral

LONG = WAVEFORMS["long"]


def test_echoes_lose_twelve_decibels_when_range_doubles():
    weaker = LONG.signal_to_noise(np.array([10.0, 10.0]), np.array([40.0, 80.0]))
    assert 10 * np.log10(weaker[0] / weaker[1]) == pytest.approx(12.041, abs=1e-3)


@pytest.mark.parametrize(("bandwidth", "cell"), [(150e6, 0.9993), (300e6, 0.4997), (1e9, 0.1499), (4e9, 0.0375)])
def test_range_resolution_is_that_of_the_bandwidth(bandwidth, cell):
    assert replace(LONG, bandwidth=bandwidth).range_resolution == pytest.approx(cell, abs=5e-5)


@pytest.mark.parametrize(("frame", "cell"), [(0.01, 0.1959), (0.02, 0.0980), (0.04, 0.0490)])
def test_rate_resolution_is_that_of_the_frame(frame, cell):
    assert LONG.wavelength == pytest.approx(3.918856e-3, rel=1e-6)
    assert replace(LONG, frame=frame).speed_resolution == pytest.approx(cell, abs=5e-5)


def test_rates_beyond_a_quarter_wave_a_chirp_fold_over():
    assert LONG.fastest == pytest.approx(48.99, abs=0.005)
    assert LONG.folded(np.array([10.0, 50.0, -60.0])) == pytest.approx(
        [10.0, 50.0 - 2 * 48.986, -60.0 + 2 * 48.986], abs=0.01
    )


@pytest.mark.parametrize(("elements", "degrees"), [(8, 14.3), (12, 9.5), (192, 0.60)])
def test_azimuth_resolution_is_that_of_the_array(elements, degrees):
    assert np.degrees(replace(LONG, elements=elements).azimuth_resolution) == pytest.approx(degrees, abs=0.05)


def test_a_trihedral_of_ten_centimetres_has_its_cross_section():
    assert trihedral(0.1, LONG.wavelength) == pytest.approx(27.275, rel=1e-4)
    # Its aperture along the axis is a² / sqrt(3)
    assert coherent(0.1**2 / np.sqrt(3.0), LONG.wavelength) == pytest.approx(27.275, rel=1e-4)


def test_a_car_is_seen_at_the_end_of_the_long_range_and_a_person_is_not():
    # 10 dBsm and -8 dBsm at 250 m, against 13 dB
    car, person = 10 * np.log10(LONG.signal_to_noise(np.array([10.0, 0.16]), np.array([250.0, 250.0])))
    assert car > 13.0 > person
