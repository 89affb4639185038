"""What a log says of conditions is what the run saw."""

import numpy as np
import pytest

from roadlab.behaviors.storyboard.watching import condition_value
from roadlab.log_file import read_log, write_log
from roadlab.scenario.spec import WhenSpec

EGO = "ego: {model: sedan, at: {road: road, lane: -2, s: 50 m}, speed: 20 m/s, drive: {}}\n"
WRECK = "wreck: {model: van, at: {road: road, lane: -3, s: 140 m}, parked: true}\n"
CONDITIONS = {
    "near": '{"distance": {"between": ["ego", "wreck"], "below": 60, "freespace": true}}',
    "soon": '{"time_to_collision": {"between": ["ego", "wreck"], "below": 3.7}}',
    "slow": '{"speed": {"actor": "ego", "below": 12}}',
    "far gone": '{"travelled": {"actor": "ego", "above": 33}}',
    "both": '{"all": [{"travelled": {"actor": "ego", "above": 20}}, {"speed": {"actor": "ego", "below": 19}}]}',
    "stands": '{"standstill": {"actor": "ego", "duration": 0.4}}',
    "after it": '{"event": {"ended": "brakes", "delay": 0.5}}',
}


@pytest.fixture
def log(run):
    rows = [
        f"- {{name: {name}, when: {when}, do: {{wreck: {{lights: {{beam: low}}}}}}}}"
        for name, when in CONDITIONS.items()
    ]
    rows.append("- {name: brakes, when: {time: {after: 1 s}}, do: {ego: {brake: {deceleration: 6 m/s2}}}}")
    return run(EGO + WRECK, "\n".join(rows), duration=7, step=0.05)


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_holds_in_the_log_from_the_tick_on_which_its_event_started(log, name):
    condition = WhenSpec.model_validate_json(CONDITIONS[name])
    (start,) = log.happened(name)
    k = round(start / 0.05)
    assert condition_value(log.log, condition, k).holds
    assert not condition_value(log.log, condition, k - 1).holds


def test_the_value_stands_beside_its_threshold(log):
    near = WhenSpec.model_validate_json(CONDITIONS["near"])
    reading = condition_value(log.log, near, 0)
    # From the sedan's front (4.76 - 1.06 m ahead of its axle) to the van's rear, 1.02 m behind its axle, one lane
    # of 3.75 m to its right; they are 2.02 m and 2.24 m wide.
    assert reading.value == pytest.approx(np.hypot(140 - 1.02 - 50 - (4.76 - 1.06), 3.75 - (2.02 + 2.24) / 2), abs=1e-6)
    assert (reading.below, reading.above, reading.unit) == (60.0, None, "m")


def test_of_a_group_the_value_is_how_many_hold(log):
    both = WhenSpec.model_validate_json(CONDITIONS["both"])
    values = [condition_value(log.log, both, k).value for k in (0, 22, 60)]
    assert values == [0.0, 1.0, 2.0]


def test_a_log_read_from_a_file_says_the_same(log, tmp_path):
    write_log(log.log, tmp_path / "run.parquet")
    again = read_log(tmp_path / "run.parquet")
    condition = WhenSpec.model_validate_json(CONDITIONS["both"])
    assert [condition_value(again, condition, k) for k in range(0, 140, 20)] == [
        condition_value(log.log, condition, k) for k in range(0, 140, 20)
    ]
