"""MOBIL: its identities, and what it does on a motorway."""

import tempfile
from pathlib import Path

import numpy as np
import pytest

from roadlab import load, simulate
from roadlab.behaviors.lane_changes import SAFE_BRAKING, incentive
from roadlab.log import LAMPS

MOTORWAY = """
scenario: A motorway
duration: {duration} s
step: 0.02 s
map:
  roads:
    a: {{profile: motorway_3, path: [{{line: 1500 m}}], speed_limit: 130 km/h}}
actors:
{actors}
"""
CHANGING = "driver: {type: idm, change_lanes: true}"


def motorway(*actors, duration=15):
    """Of (name, model, lane, s, speed, desired speed, driver)."""
    rows = [
        f"  {name}: {{model: {model}, at: {{road: a, lane: {lane}, s: {s} m}}, speed: {v} m/s, "
        f"drive: {{speed: {wish} m/s, {driver}}}}}"
        for name, model, lane, s, v, wish, driver in actors
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(MOTORWAY.format(duration=duration, actors="\n".join(rows)))
        scenario = load(path)
    return scenario, simulate(scenario)


def lanes(run, name):
    scenario, log = run
    return scenario.network.locate(log.position[:, log.index(name), :2]).lane


def calm(driver="driver: {type: idm}"):
    return driver


def test_without_politeness_only_ones_own_advantage_counts():
    own, new, old = np.array([0.5, -0.2]), np.array([-3.0, 5.0]), np.array([-1.0, 4.0])
    np.testing.assert_array_equal(incentive(own, new, old, np.zeros(2)), own)
    np.testing.assert_allclose(incentive(own, new, old, np.full(2, 0.5)), [0.5 - 2.0, -0.2 + 4.5])


def test_a_change_and_its_reverse_have_opposite_advantages():
    own, new, old = np.array([0.7]), np.array([-0.4]), np.array([0.9])
    there, back = incentive(own, new, old, np.full(1, 0.3)), incentive(-own, -old, -new, np.full(1, 0.3))
    np.testing.assert_allclose(there, -back)


def test_a_fast_car_overtakes_a_lorry_on_the_left_and_comes_back():
    run = motorway(
        ("ego", "sedan", -3, 100, 30, 33, CHANGING),
        ("lorry", "truck", -3, 190, 22, 22, calm()),
        duration=30,
    )
    on = lanes(run, "ego")
    assert on[0] == -3
    assert -2 in on
    assert on[-1] == -3
    _, log = run
    assert log.position[-1, 0, 0] > log.position[-1, 1, 0] + 20.0
    assert log.acceleration[:, 0].min() > -2.5
    assert [event for event in log.events if event.kind == "contact"] == []
    left = (log.lamps[:, 0] >> LAMPS.index("left")) & 1
    right = (log.lamps[:, 0] >> LAMPS.index("right")) & 1
    assert left.any()
    assert right.any()
    assert np.argmax(left) < np.argmax(right)


def test_nobody_changes_in_front_of_somebody_who_would_have_to_brake_hard():
    run = motorway(
        ("ego", "sedan", -3, 100, 22, 33, CHANGING),
        ("lorry", "truck", -3, 130, 22, 22, calm()),
        ("fast", "sedan", -2, 78, 36, 36, calm()),
        duration=8,
    )
    _, log = run
    assert log.acceleration[:, log.index("fast")].min() > -SAFE_BRAKING
    assert [event for event in log.events if event.kind == "contact"] == []
    change = int(np.argmax(np.abs(np.gradient(log.position[:, 0, 1])) > 1e-3))
    assert log.position[change, log.index("fast"), 0] > log.position[change, 0, 0]


def test_a_lane_that_is_no_faster_attracts_nobody():
    row = [("ego", "sedan", -3, 100, 22, 33, CHANGING), ("lorry", "truck", -3, 160, 22, 22, calm())]
    wall = [(f"w{k}", "truck", -2, 60 + 45 * k, 22, 22, calm()) for k in range(8)]
    on = lanes(motorway(*row, *wall, duration=12), "ego")
    assert set(on) == {-3}


def test_who_is_not_told_to_change_lanes_stays():
    run = motorway(("ego", "sedan", -3, 100, 30, 33, calm()), ("lorry", "truck", -3, 190, 22, 22, calm()), duration=15)
    assert set(lanes(run, "ego")) == {-3}


def test_mirrored_situations_are_decided_alike():
    def run(order):
        rows = [
            ("ego", "sedan", -3, 100, 30, 33, CHANGING),
            ("lorry", "truck", -3, 190, 22, 22, calm()),
            ("other", "sedan", -2, 300, 25, 28, CHANGING),
        ]
        return motorway(*(rows[k] for k in order), duration=12)[1]

    one, two = run([0, 1, 2]), run([2, 0, 1])
    for name in ("ego", "lorry", "other"):
        np.testing.assert_array_equal(one.position[:, one.index(name)], two.position[:, two.index(name)])


@pytest.mark.parametrize("gap", [12.0, 20.0, 40.0])
def test_two_never_take_the_same_gap(gap):
    run = motorway(
        ("ego", "sedan", -3, 100, 28, 33, CHANGING),
        ("left", "sedan", -1, 100 + gap / 4, 28, 33, CHANGING),
        ("slow", "truck", -3, 150, 22, 22, calm()),
        ("slower", "truck", -1, 155, 22, 22, calm()),
        duration=12,
    )
    _, log = run
    assert [event.name for event in log.events if event.kind == "contact"] == []
