import numpy as np
import pytest

from roadlab.engine import simulate
from roadlab.measures.rules import violations
from roadlab.scenario.load import load

STREET = """
scenario: A street
duration: 5 s
step: 0.02 s
map:
  roads:
    street: {profile: urban_2x1, path: [{line: 300 m}], speed_limit: 50 km/h}
actors:
  ego: {model: hatchback, at: {road: street, lane: -1, s: 20 m%s}, speed: %s, drive: {%s}}
%s
"""

CROSS = """
scenario: A crossing
duration: 9 s
step: 0.02 s
map:
  roads:
    south: {profile: urban_2x1, start: {y: -95 m, heading: 90 deg}, path: [{line: 80 m}]}
    north: {profile: urban_2x1, start: {y: 15 m, heading: 90 deg}, path: [{line: 80 m}]}
    west: {profile: urban_2x1, start: {x: -95 m}, path: [{line: 80 m}]}
    east: {profile: urban_2x1, start: {x: 15 m}, path: [{line: 80 m}]}
  junctions:
    cross:
      connect: [south.end, north.start, west.end, east.start]
      signals: {first: %s, green: 20 s, amber: 3 s, all_red: 2 s}
actors:
  ego: {model: hatchback, at: {road: south, lane: -1, s: 40 m}, speed: 10 m/s, drive: {route: [south, north]}}
story:
- {when: {time: {after: 0 s}}, do: {ego: {brake: {deceleration: 0.01 m/s2}}}}
"""


@pytest.fixture
def run(tmp_path):
    def simulated(text):
        path = tmp_path / "scenario.yaml"
        path.write_text(text)
        scenario = load(path)
        log = simulate(scenario)
        return log, violations(log, scenario.network, log.ego)

    return simulated


def test_a_lawful_driver_breaks_no_rule(run):
    _, broken = run(STREET % ("", "13 m/s", "", ""))
    for rule in ("speeding", "red_light", "off_road", "wrong_way"):
        assert not getattr(broken, rule).any(), rule


def test_who_drives_70_where_50_is_allowed_is_speeding(run):
    log, broken = run(STREET % ("", "70 km/h", "speed: 70 km/h", "story:\n- {when: {time: {after: 0 s}}, "
                                "do: {ego: {brake: {deceleration: 2 m/s2}}}}"))  # fmt: skip
    fast = np.hypot(*log.velocity[:, 0, :2].T) > 50 / 3.6 * 1.05
    np.testing.assert_array_equal(broken.speeding, fast)
    assert fast[0]
    assert not fast[-1]


def test_who_drives_blindly_through_red_is_noticed_once_and_at_green_not_at_all(run):
    log, broken = run(CROSS % "west")
    assert broken.red_light.sum() == 1
    front = log.position[int(np.argmax(broken.red_light)), 0, 1] + 3.5
    assert -19.0 < front < -14.0
    assert not run(CROSS % "south")[1].red_light.any()


def test_two_wheels_on_the_pavement_are_off_the_road(run):
    _, broken = run(STREET % (", offset: -1.2 m", "8 m/s", "", ""))
    assert broken.off_road.mean() > 0.9


def test_driving_on_the_left_is_the_wrong_way(run):
    _, broken = run(STREET % (", offset: 3 m", "8 m/s", "", ""))
    assert broken.wrong_way.mean() > 0.9
