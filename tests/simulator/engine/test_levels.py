"""Where a road leads over itself, those on the bridge and those below it have nothing to do with one another."""

import numpy as np
import pytest
import yaml

from roadlab import load, simulate

ARC = 90.0 * np.pi
"""Length of three quarters of a circle of 60 m radius [m]."""
ROAD = {
    "profile": "urban_2x1",
    "path": [{"line": 100.0}, {"arc": {"length": ARC, "radius": 60.0}}, {"line": 120.0}],
    "elevation": [{"s": 0.0, "z": 0.0}, {"s": 60.0, "z": 0.0}, {"s": 330.0, "z": 7.5}, {"s": 470.0, "z": 7.5}],
}
ABOVE = 100.0 + ARC + 60.0
"""S at which it is above s = 40 m."""


def run(tmp_path, actors, duration=4.0):
    file = tmp_path / "levels.yaml"
    map_ = {"roads": {"loop": ROAD}, "surroundings": {"style": "none"}}
    file.write_text(yaml.safe_dump({"scenario": "x", "duration": duration, "map": map_, "actors": actors}))
    return simulate(load(file))


def car(s, **more):
    return {"model": "sedan", "at": {"road": "loop", "lane": -1, "s": s}, "speed": 10.0, **more}


def test_cars_on_two_levels_cross_without_touching(tmp_path):
    log = run(tmp_path, {"ego": car(22.0), "upper": car(ABOVE - 16.5)})
    gap = np.hypot(*(log.position[:, 0, :2] - log.position[:, 1, :2]).T)
    assert gap.min() < 3.0
    assert [event.kind for event in log.events] == []
    apart = log.position[:, 1, 2] - log.position[:, 0, 2]
    assert apart.min() > 7.0
    alone = run(tmp_path, {"ego": car(22.0)})
    assert log.position[:, 0] == pytest.approx(alone.position[:, 0], abs=0.05)  # it has not braked


def test_who_stands_under_a_bridge_is_in_nobodys_way_above(tmp_path):
    parked = {"model": "van", "at": {"road": "loop", "lane": -1, "s": 38.0}, "parked": True}
    log = run(tmp_path, {"ego": car(ABOVE - 45.0), "van": parked}, duration=7.0)
    assert np.hypot(*log.velocity[:, 0, :2].T).min() > 8.0
    assert log.position[-1, 0, 2] == pytest.approx(7.5, abs=0.4)


def test_two_may_start_one_above_the_other(tmp_path):
    log = run(tmp_path, {"ego": car(40.0), "upper": car(ABOVE)}, duration=0.5)
    assert log.position[0, :, 2] == pytest.approx([-0.07, 7.72], abs=0.1)
