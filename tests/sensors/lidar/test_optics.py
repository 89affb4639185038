"""How much of a pulse surfaces throw back."""

import numpy as np
import pytest

from roadlab.weather import Weather
from roadlab_sensors.lidar.optics import Optics, backscatter, fresnel, mirrored
from roadlab_sensors.world.materials import MATERIALS


def test_matte_targets_dim_with_the_cosine():
    # Range factor sqrt(cos): 45° 0.841, 60° 0.707, 75° 0.509, 85° 0.295
    angles = np.radians([45, 60, 75, 85])
    assert np.sqrt(backscatter(np.cos(angles), 0.0)) == pytest.approx([0.841, 0.707, 0.509, 0.295], abs=6e-4)


def test_rough_ground_still_returns_light_at_grazing_incidence():
    # Oren and Nayar (1994): towards the source, a rough matte surface hardly darkens
    assert backscatter(np.array([1.0]), 0.5)[0] == pytest.approx(1.0)
    assert 0.3 < backscatter(np.array([0.05]), 0.5)[0] < 0.6


@pytest.mark.parametrize(
    ("angle", "reflectance"),
    [(0, 0.02006), (45, 0.02752), (60, 0.05913), (75, 0.21143), (80, 0.34692), (85, 0.58273), (88, 0.80362)],
)
def test_water_reflects_as_fresnel_says(angle, reflectance):
    # Fresnel's equations for unpolarised light and an index of 1.33
    assert fresnel(np.cos(np.radians(angle)), 1.33) == pytest.approx(reflectance, abs=2e-5)


def test_only_coated_surfaces_mirror():
    assert mirrored(np.array([0.05, 1.0]), np.array([0.0, 0.0])).tolist() == [0.0, 0.0]
    assert mirrored(np.array([1.0, 0.0]), np.array([0.08, 0.08])) == pytest.approx([0.08, 1.0])


class _Faces:
    material = np.array([list(MATERIALS).index(n) for n in ("asphalt", "sign_face", "car_paint", "car_paint")])
    lightness = np.array([30, 200, 6, 220], dtype=np.uint8)
    normal = np.array([[0, 0, 1], [1, 0, 0], [1, 0, 0], [1, 0, 0]], dtype=np.float32)


def returned(face, cosine=1.0, weather=Weather(), wavelength=905):  # noqa: B008
    optics = Optics.at(wavelength)
    return float(optics.reflectivity(_Faces, np.array([face]), np.array([cosine], np.float32), weather)[0])


def test_signs_outshine_white_walls_a_hundred_times():
    # EN 12899-1: R_A of 250 cd/(lx m²); a white matte surface has 1/pi
    assert returned(1) == pytest.approx(250 * np.pi, rel=0.01)


def test_black_paint_returns_little_and_white_paint_much():
    assert returned(2) < 0.1
    assert returned(3) > 0.6


def test_wet_roads_throw_pulses_away_and_most_at_grazing_incidence():
    wet = Weather(wetness=0.5)
    steep, grazing = (returned(0, c, wet) / returned(0, c) for c in (0.9, 0.08))
    assert steep == pytest.approx(0.6 * 0.96, rel=0.03)
    assert grazing < 0.2


def test_snow_is_bright_at_905_and_dark_at_1550_nanometres():
    white = Weather(snow_cover=1.0)
    assert returned(0, weather=white) == pytest.approx(0.85, rel=0.05)
    assert returned(0, weather=white, wavelength=1550) == pytest.approx(0.08, rel=0.05)
