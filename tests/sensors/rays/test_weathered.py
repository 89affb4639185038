import numpy as np
import pytest

from roadlab_sensors.rays.weathered import DRY, Weathered, weathered_colors, weathered_roughness
from roadlab_sensors.world.shapes import Style, quad

ROAD = quad([0, 0, 0], [1, 0, 0], [1, 1, 0], [0, 1, 0], Style((0.2, 0.2, 0.2), "asphalt", "road"))
WALL = quad([0, 0, 0], [1, 0, 0], [1, 0, 1], [0, 0, 1], Style((0.5, 0.3, 0.2), "brick", "building"))
CAR = quad([0, 0, 1], [1, 0, 1], [1, 1, 1], [0, 1, 1], Style((0.4, 0.0, 0.0), "car_paint", "car"))


def colors(mesh, state):
    return weathered_colors(mesh, mesh.colors[mesh.faces].mean(axis=1), state)


def test_a_dry_road_looks_as_it_was_painted():
    assert colors(ROAD, DRY) == pytest.approx(np.full((2, 3), 0.2))
    assert weathered_roughness(ROAD, 0.85, DRY) == 0.85


def test_a_wet_road_is_darker_and_smoother_than_a_dry_one():
    # Diffuse reflectance of soaked porous surfaces falls to 0.5 to 0.7 of the dry one.
    wet = colors(ROAD, Weathered(wetness=0.5))
    assert 0.5 <= wet.mean() / 0.2 <= 0.7
    assert weathered_roughness(ROAD, 0.85, Weathered(wetness=0.9)) < 0.3


def test_paint_does_not_take_up_water():
    assert colors(CAR, Weathered(wetness=1.0)) == pytest.approx(colors(CAR, DRY))
    assert weathered_roughness(CAR, 0.4, Weathered(wetness=1.0)) == 0.4


def test_snow_lies_on_what_is_level_and_not_on_walls():
    snowed = Weathered(snow_cover=1.0)
    assert colors(ROAD, snowed).min() > 0.75
    assert colors(WALL, snowed) == pytest.approx(colors(WALL, DRY))
    half = colors(ROAD, Weathered(snow_cover=0.5))
    assert half.max() < colors(ROAD, snowed).min()
    assert half.min() > colors(ROAD, DRY).max()
