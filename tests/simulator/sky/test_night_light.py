"""How bright nights are, and where the moon stands, against almanacs."""

import datetime as dt

import numpy as np
import pytest

from roadlab.scenario.spec import EnvironmentSpec, MapSpec
from roadlab.sky.illuminance import AIRGLOW, ambient, from_moon, from_sun, skyglow
from roadlab.sky.moon import Moon, moon_at, moon_of
from roadlab.sky.sun import sun_at
from roadlab.weather import Weather


@pytest.mark.parametrize(
    ("elevation", "lux"),
    # Sunset 400 lx (Schlyter, "Radiometry and photometry in astronomy"); civil, nautical and astronomical twilight end
    # at 3.4, 0.008 and 0.0006 lx (U.S. Naval Observatory, Explanatory Supplement).
    [(-0.833, 400.0), (-6.0, 3.4), (-12.0, 0.008), (-18.0, 0.00065)],
)
def test_twilight_falls_as_the_almanac_says(elevation, lux):
    assert from_sun(np.radians(elevation)) == pytest.approx(lux, rel=0.15)


def test_twilight_falls_without_steps():
    degrees = np.arange(-18.0, 30.0, 0.05)
    lux = np.array([from_sun(np.radians(d)) for d in degrees])
    assert (np.diff(lux) > 0.0).all()
    assert (lux[1:] / lux[:-1]).max() < 1.1


def test_the_full_moon_brings_a_quarter_of_a_lux_and_half_a_moon_a_tenth_of_that():
    full, half = (from_moon(Moon(0.0, np.pi / 2, phase)) for phase in (0.0, np.pi / 2))
    assert 0.2 < full < 0.3
    assert half / full == pytest.approx(0.1, abs=0.03)  # Krisciunas and Schaefer 1991: 0.09
    assert from_moon(Moon(0.0, np.radians(-5.0), 0.0)) == 0.0


def test_the_moon_stands_before_the_sun_in_an_eclipse():
    # Total in Mazatlan (23.25 N, 106.4 W) on 8 April 2024 at 18:10 UTC (NASA).
    moment = dt.datetime(2024, 4, 8, 18, 10, tzinfo=dt.UTC)
    sun = sun_at(moment, 23.25, -106.4)
    moon = moon_at(moment, 23.25, -106.4, sun)
    assert np.degrees(np.arccos(sun.direction @ moon.direction)) < 0.4
    assert np.degrees(moon.phase) > 179.0


def test_the_moon_is_full_when_the_calendar_says_so():
    # 25 December 2026 at 01:28 UTC, high in the sky over Central Europe in winter.
    moment = dt.datetime(2026, 12, 24, 0, 30, tzinfo=dt.UTC)
    moon = moon_at(moment, 49.0, 8.4, sun_at(moment, 49.0, 8.4))
    assert np.degrees(moon.phase) < 15.0
    assert np.degrees(moon.elevation) > 50.0


def night(**given):
    return EnvironmentSpec.model_validate({"sun": {"elevation": "-30 deg"}, **given})


def test_a_moonless_night_in_the_country_has_airglow_and_little_more():
    spec = MapSpec.model_validate(
        {"roads": {"a": {"profile": "country_1x1", "path": [{"line": 50}]}}, "surroundings": {"style": "rural"}}
    )
    assert AIRGLOW <= ambient(night(), spec, Weather()) < 2.0 * AIRGLOW
    moonlit = night(moon={"elevation": "60 deg"})
    assert ambient(moonlit, spec, Weather()) == pytest.approx(0.25, abs=0.08)


def test_clouds_throw_the_light_of_towns_back():
    clear, clouded = (skyglow(night(), "city", cloud) for cloud in (0.0, 1.0))
    assert clouded / clear == pytest.approx(10.1)  # Kyba et al. 2011, in the middle of Berlin
    assert skyglow(night(skyglow=0.02), "city", 1.0) == 0.02


def test_a_sun_put_by_hand_brings_no_moon_along():
    assert moon_of(night()).elevation < 0.0
    assert moon_of(night(moon={"elevation": "20 deg", "lit": 0.5})).phase == pytest.approx(np.pi / 2)
