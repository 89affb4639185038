"""A speed bump lifts and tips what rolls over it."""

import numpy as np
import pytest
import yaml

from roadlab import load, simulate
from roadlab.behaviors.speed_bumps import crossing_speed
from roadlab.roads.bumps import Bump
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec

LENGTH, HEIGHT, MIDDLE = 3.7, 0.1, 50.0
MAP = {
    "roads": {
        "street": {
            "profile": "urban_2x1",
            "path": [{"line": 100.0}],
            "speed_limit": 1.0,
            "bumps": [{"s": MIDDLE, "length": LENGTH, "height": HEIGHT}],
        }
    }
}


def test_the_road_is_as_high_as_the_bump():
    network = build_network(MapSpec.model_validate({**MAP, "surroundings": {"style": "none"}}))
    s = np.array([47.0, 49.075, 50.0, 50.925, 52.0])
    lift = network.bump_lift(np.column_stack([s, np.full(5, -1.75)]))
    assert lift == pytest.approx([0.0, 0.075, 0.1, 0.075, 0.0])  # a parabola: 3/4 of its height half way up
    assert network.bump_lift([[50.0, -8.0]])[0] == 0.0  # on the pavement


def test_a_slow_car_rises_with_its_rear_axle_and_tips_as_its_axles_do(tmp_path):
    """So slowly that its springs have little to say."""
    car = {"model": "sedan", "at": {"road": "street", "lane": -1, "s": 44.0}, "speed": 1.0, "drive": {}}
    file = tmp_path / "bump.yaml"
    file.write_text(yaml.safe_dump({"scenario": "x", "duration": 10.0, "map": MAP, "actors": {"ego": car}}))
    log = simulate(load(file))
    x, z, pitch = log.position[:, 0, 0], log.position[:, 0, 2], log.attitude[:, 0, 1]
    expected = HEIGHT * np.clip(1.0 - (2.0 * (x - MIDDLE) / LENGTH) ** 2, 0.0, None)
    assert x[-1] > MIDDLE + LENGTH
    assert z == pytest.approx(expected, abs=0.02)
    front = x[np.argmin(pitch)]  # nose up most when the front axle is near the top
    assert MIDDLE - 3.4 < front < MIDDLE - 2.0
    assert pitch.min() == pytest.approx(-np.arctan(HEIGHT / 2.7), abs=0.006)
    assert pitch.max() == pytest.approx(np.arctan(HEIGHT / 2.7), abs=0.006)


def crossing(tmp_path, length, height, speed=50.0 / 3.6):
    """Speeds [m/s] over s of a car that comes along a street with a hump at s = 100 m."""
    street = {"profile": "urban_2x1", "path": [{"line": 300.0}], "bumps": [{"s": 100.0, "length": length,
              "height": height}]}  # fmt: skip
    car = {"model": "sedan", "at": {"road": "street", "lane": -1, "s": 10.0}, "speed": speed, "drive": {}}
    file = tmp_path / "hump.yaml"
    map_ = {"roads": {"street": street}, "surroundings": {"style": "none"}}
    file.write_text(yaml.safe_dump({"scenario": "x", "duration": 16.0, "map": map_, "actors": {"ego": car}}))
    log = simulate(load(file))
    return log.position[:, 0, 0], np.hypot(*log.velocity[:, 0, :2].T)


def test_drivers_slow_down_for_a_round_hump_of_the_common_size(tmp_path):
    """3.7 m long and 100 mm high: most vehicles cross it at 25 to 30 km/h (Weber and Braaksma, ITE Journal 2000)."""
    x, speed = crossing(tmp_path, 3.7, 0.1)
    over = (x > 100.0 - 1.85) & (x < 100.0 + 1.85)
    assert 25.0 < speed[over].mean() * 3.6 < 30.0
    assert speed[x < 60.0].min() * 3.6 > 45.0  # they brake late enough
    assert speed[(x > 150.0) & (x < 180.0)].max() * 3.6 > 40.0  # and drive on
    braking = -np.diff(speed[x < 100.0]) / 0.01
    assert braking.max() < 3.0


def test_a_hump_of_the_belgian_road_research_centre_is_crossed_as_they_have_measured():
    """12 cm high and 4.8 m long: 85 of 100 drivers cross it at 30 km/h or less."""
    bump = Bump(0.0, 0.0, 0.0, 0.0, 4.8, 6.0, 0.12)
    assert crossing_speed(bump) * 3.6 == pytest.approx(30.0, rel=0.1)


def test_a_long_low_table_hardly_slows_anybody_and_a_short_bump_stops_them_nearly(tmp_path):
    _, flat = crossing(tmp_path, 9.0, 0.05)
    x, sharp = crossing(tmp_path, 1.0, 0.075)
    assert flat[:600].min() * 3.6 > 45.0
    assert 5.0 < sharp[(x > 99.5) & (x < 100.5)].min() * 3.6 < 15.0  # 5 mph, as in parking lots
