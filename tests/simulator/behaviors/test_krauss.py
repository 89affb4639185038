"""The Krauss model against SUMO's formula and the worked values of `MSCFModel_KraussOrig1` for b = 4.5, tau = 1."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from roadlab import load, simulate
from roadlab.behaviors.krauss import USUAL, Krauss, safe_speed

CAR = USUAL["car"]
ROAD = """
scenario: Krauss
duration: {duration} s
step: 0.01 s
map:
  roads:
    street: {{profile: urban_2x1, path: [{{line: 900 m}}], speed_limit: 100 km/h}}
actors:
  ego:
    model: sedan
    at: {{road: street, lane: -1, s: 20 m}}
    speed: {speed} m/s
    drive: {{speed: {desired} m/s, driver: {{type: krauss}}}}
  leader: {{model: sedan, at: {{road: street, lane: -1, s: {ahead} m}}{leader}}}
"""


def run(**values):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(ROAD.format(**values))
        return simulate(load(path))


def gaps(log):
    length = log.actors[0].size[0]
    return log.position[:, 1, 0] - log.position[:, 0, 0] - length


@pytest.mark.parametrize(
    ("leader", "gap", "expected"),
    [(0, 0, 0), (0, 10, 6.0), (0, 50, 17.185248), (10, 10, 10.0), (20, 20, 20.0), (20, 5, 17.069655)],
)
def test_the_safe_speed_is_sumos(leader, gap, expected):
    assert safe_speed(leader, gap, 4.5, 1.0) == pytest.approx(expected, abs=5e-7)


def test_who_is_a_headway_behind_drives_as_fast_as_the_leader():
    speed = np.linspace(1.0, 40.0, 20)
    np.testing.assert_allclose(safe_speed(speed, 1.7 * speed, 4.5, 1.7), speed)
    model = Krauss(1.7, 2.6, 4.5, 2.5)
    zero = np.zeros(20)
    still = model.acceleration(speed, np.full(20, 60.0), 2.5 + 1.7 * speed, zero, zero)
    np.testing.assert_allclose(still, 0.0, atol=1e-9)


def test_on_a_free_road_it_speeds_up_evenly_to_the_desired_speed():
    free, zero = np.full(1, np.inf), np.zeros(1)
    for v in (0.0, 10.0, 25.0):
        assert CAR.acceleration(np.full(1, v), np.full(1, 30.0), free, zero, zero)[0] == pytest.approx(2.6)
    assert CAR.acceleration(np.full(1, 30.0), np.full(1, 30.0), free, zero, zero)[0] == pytest.approx(0.0)
    assert CAR.acceleration(np.full(1, 40.0), np.full(1, 30.0), free, zero, zero)[0] == pytest.approx(-4.5)


def test_a_driver_stops_at_its_gap_behind_who_stands_and_brakes_no_harder_than_it_counts_on():
    log = run(duration=16, speed=20, desired=20, ahead=220, leader=", parked: true")
    assert [event for event in log.events if event.kind == "contact"] == []
    assert np.hypot(*log.velocity[-1, 0, :2]) < 0.05
    assert gaps(log)[-1] == pytest.approx(2.5, abs=0.3)
    assert log.acceleration[:, 0].min() > -4.6


def test_a_driver_follows_at_its_headway():
    log = run(duration=30, speed=15, desired=25, ahead=60, leader=", speed: 15 m/s, drive: {speed: 15 m/s}")
    assert np.hypot(*log.velocity[-1, 0, :2]) == pytest.approx(15.0, abs=0.05)
    assert gaps(log)[-1] == pytest.approx(2.5 + 15.0, abs=0.3)
