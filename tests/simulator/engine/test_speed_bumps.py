"""A speed bump lifts and tips what rolls over it."""

import numpy as np
import pytest
import yaml

from roadlab import load, simulate
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
