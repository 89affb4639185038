"""Fog, rain and snow between the scene and the lens; clouds over both."""

import numpy as np
import pytest

from roadlab.randomness import generator
from roadlab.weather import CLEAR_VISIBILITY, Weather
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.camera.weather import airlight, fallen, veiled
from roadlab_sensors.rays import engine
from roadlab_sensors.world.sun import Sun

engine.start()

import mitsuba as mi  # noqa: E402

from roadlab_sensors.rays.daylight import LUMINANCE, daylight, illuminance  # noqa: E402

LIGHT = np.array([1.0, 1.0, 1.0])
LENS = Pinhole(320, 180, 250.0, 250.0, 159.5, 89.5)


@pytest.mark.parametrize("visibility", [50.0, 300.0, 1000.0])
def test_at_the_optical_range_a_black_target_has_5_percent_contrast(visibility):
    # WMO: the meteorological optical range is where contrast has fallen to 5 %.
    air = airlight(LIGHT)
    black = veiled(np.zeros((1, 1, 3), dtype=np.float32), np.array([[visibility]]), Weather(visibility=visibility), air)
    assert (air - black[0, 0]) / air == pytest.approx(np.full(3, 0.05), abs=0.002)


def test_fog_hides_the_sky_and_leaves_what_is_near():
    air = airlight(LIGHT)
    picture = np.full((1, 2, 3), 0.9, dtype=np.float32)
    seen = veiled(picture, np.array([[1.0, np.inf]]), Weather(visibility=100.0), air)
    assert seen[0, 1] == pytest.approx(air, rel=1e-4)
    assert seen[0, 0] == pytest.approx(picture[0, 0], rel=0.05)


@pytest.mark.parametrize(("rate", "range_"), [(10.0, 2060.0), (50.0, 730.0)])
def test_rain_is_as_clear_as_its_drops_allow(rate, range_):
    # Ulbrich and Atlas: 1.45 R^0.64 dB/km.
    clear = veiled(np.ones((1, 1, 3), dtype=np.float32), np.array([[range_]]), Weather(rain=rate), np.zeros(3))
    air_alone = np.exp(-np.log(20.0) * range_ / CLEAR_VISIBILITY)
    assert clear[0, 0, 0] / air_alone == pytest.approx(0.05, rel=0.02)


def streaks(rain, exposure, speed=0.0):
    black = np.zeros((180, 320, 3), dtype=np.float32)
    return fallen(black, LENS, Weather(rain=rain), exposure, speed, generator(1, "rain"), LIGHT)[..., 0]


def test_more_rain_leaves_more_streaks_and_longer_exposure_fainter_ones():
    assert streaks(20.0, 0.005).mean() > 1.5 * streaks(2.0, 0.005).mean() > 0.0
    short, long = (streaks(5.0, time).max() for time in (0.001, 0.01))
    assert long < 0.5 * short


def test_streaks_are_upright_when_the_camera_stands():
    bright = streaks(5.0, 0.01)
    along, across = np.abs(np.diff(bright, axis=0)).mean(), np.abs(np.diff(bright, axis=1)).mean()
    assert across > 2.0 * along


def test_the_same_random_numbers_make_the_same_rain():
    np.testing.assert_array_equal(streaks(5.0, 0.01, 10.0), streaks(5.0, 0.01, 10.0))


@pytest.mark.parametrize(("cloud", "share"), [(0.0, 1.0), (0.5, 0.9289), (1.0, 0.25)])
def test_clouds_keep_back_as_much_light_as_measured(cloud, share):
    # Kasten and Czeplak 1980: 1 - 0.75 N^3.4 with N the share of the sky covered.
    sun = Sun(azimuth=2.5, elevation=0.8)
    lux = [
        float(illuminance(mi.load_dict({"type": "scene", "sky": dict(daylight(sun, 3.0, c).emitter)})) @ LUMINANCE)
        for c in (0.0, cloud)
    ]
    assert lux[1] / lux[0] == pytest.approx(share, rel=0.03)


def test_under_an_overcast_sky_the_zenith_is_brightest_and_the_sun_is_gone():
    # CIE 110-1994: the zenith is three times as bright as the horizon.
    from roadlab_sensors.rays.daylight import radiance_towards

    sun = Sun(azimuth=2.5, elevation=0.8)
    sky = mi.load_dict({"type": "scene", "sky": dict(daylight(sun, 3.0, 1.0).emitter)}).environment()
    level = np.array([[1.0, 0.0, 0.01], [0.0, 1.0, 0.01]])
    zenith, *horizon = radiance_towards(sky, np.vstack([[0.0, 0.0, 1.0], level, sun.direction])) @ LUMINANCE
    assert zenith / horizon[0] == pytest.approx(3.0, rel=0.05)
    assert horizon[0] == pytest.approx(horizon[1], rel=0.02)
    assert horizon[2] < zenith
