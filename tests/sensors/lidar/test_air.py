"""Fog, rain and snow between the unit and the world."""

from dataclasses import replace

import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab.weather import Weather
from roadlab_sensors.lidar import air
from roadlab_sensors.lidar.units import UNITS

RECEIVER = UNITS["hdl64e"].receiver
PULSES = 100_000


@pytest.mark.parametrize(
    ("alpha", "peak", "at"),
    # Peaks of the published look-up table (MartinHahner/LiDAR_fog_sim)
    [(0.005, 4.56799e-9, 4.7), (0.01, 4.49278e-9, None), (0.02, 4.34657e-9, None), (0.03, 4.20578e-9, None),
     (0.06, 3.81564e-9, 4.6), (0.1, 3.36208e-9, None), (0.12, 3.15843e-9, None), (0.15, 2.87856e-9, None),
     (0.2, 2.47599e-9, 4.5)],
)  # fmt: skip
def test_the_soft_return_of_fog_peaks_as_published(alpha, peak, at):
    found, distance = air.fog_response(alpha)
    assert found == pytest.approx(peak, rel=1e-3)
    assert at is None or distance == pytest.approx(at, abs=0.051)


def test_extinction_is_that_of_visibility_and_rain():
    # Koschmieder, 5 %: 2.99573 / MOR; Ulbrich and Atlas at 10 mm/h: 1.457e-3 1/m
    assert air.extinction(Weather(visibility=100.0)) == pytest.approx(0.0299573, rel=1e-4)
    clear = air.extinction(Weather())
    for rate, alpha in ((1, 3.34e-4), (10, 1.457e-3), (25, 2.620e-3), (50, 4.082e-3)):
        assert air.extinction(Weather(rain=rate)) - clear == pytest.approx(alpha, rel=2e-3)


def test_fog_piles_up_soft_returns_at_four_to_five_metres():
    table = air.fog_echoes(Weather(visibility=60.0), RECEIVER, PULSES, generator(0, "fog"))
    strong = table.distance[table.power > 1.0]
    assert len(strong) > 0.5 * PULSES
    assert 4.0 < np.median(strong) < 5.2
    assert (table.airborne == 255).all()


def test_haze_returns_nothing_that_is_detected():
    assert air.fog_power(Weather(visibility=10_000.0), RECEIVER) < 0.1
    assert len(air.fog_echoes(Weather(), RECEIVER, PULSES, generator(0, "clear"))) == 0
    assert air.fog_power(Weather(visibility=50.0), RECEIVER) > air.fog_power(Weather(visibility=200.0), RECEIVER) > 0.1


def drops(weather, receiver=RECEIVER):
    (particles,) = air.particles_in(weather, receiver.wavelength)
    return air.particle_echoes(particles, receiver, PULSES, generator(0, "drops"))


def test_more_rain_means_more_drops_seen_and_only_near_by():
    light, heavy = drops(Weather(rain=2.0)), drops(Weather(rain=50.0))
    assert len(light) < len(heavy) < 0.1 * PULSES
    assert len(heavy) > 50
    assert np.percentile(heavy.distance, 95) < 15.0
    assert (heavy.power >= 0.999).all()


def test_snow_clutters_more_than_rain_of_the_same_water_and_less_at_1550_nanometres():
    snow = drops(Weather(snow=1.0))
    assert len(snow) > 5 * len(drops(Weather(rain=1.0)))
    assert len(drops(Weather(snow=1.0), replace(RECEIVER, wavelength=1550))) < 0.7 * len(snow)


def test_the_number_of_drops_is_that_of_marshall_and_palmer():
    # Without a threshold, the beam of a unit that sees every drop holds volume x 8000 / slope of them a metre
    sharp = replace(RECEIVER, reach=1e6)
    (rain,) = air.particles_in(Weather(rain=10.0), 905)
    distance = np.array([3.0])
    beam = air.APERTURE + 0.002 * 3.0
    assert rain.rate(distance, sharp)[0] == pytest.approx(np.pi / 4 * beam**2 * 8000 / (4.1 * 10**-0.21), rel=1e-3)
