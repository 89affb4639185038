"""Edges, delays and combinations of conditions over time, as OpenSCENARIO has them."""

from dataclasses import replace

import numpy as np

from roadlab.behaviors.storyboard.snapshot import Setting, Snapshot, Tale
from roadlab.behaviors.storyboard.triggers import Memory, judge
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec, WhenSpec
from roadlab.timing import nanoseconds

NETWORK = build_network(
    MapSpec.model_validate_json('{"roads": {"a": {"profile": "urban_2x1", "path": [{"line": 100}]}}}')
)
SETTING = Setting({"ego": 0}, np.ones((1, 2)), np.zeros(1), NETWORK, ())
FAST = '"speed": {"actor": "ego", "above": 5}'
TICK = 0.1


def instant(number, speed, **more):
    row = {name: np.array([0.0]) for name in ("x", "y", "yaw", "acceleration", "travelled")}
    rest = {"present": np.array([True]), "signals": np.zeros(0, dtype=np.uint8), "tales": {}}
    none = np.zeros((0, 2), dtype=np.int64)
    return Snapshot(
        SETTING, nanoseconds(number * TICK), speed=np.array([float(speed)]), touched=none, **(row | rest | more)
    )


def over_time(text, speeds, tales=None):
    """On which ticks a condition counts while the ego has these speeds."""
    when, memory, counts = WhenSpec.model_validate_json("{" + text + "}"), Memory(), []
    for number, speed in enumerate(speeds):
        now = instant(number, speed)
        now = replace(now, tales=tales[number]) if tales else now
        result, memory = judge(when, memory, now)
        counts += [number] if result else []
    return counts


SPEEDS = [9, 9, 0, 0, 9, 9, 0]


def test_without_an_edge_a_condition_counts_as_long_as_it_holds():
    assert over_time(FAST, SPEEDS) == [0, 1, 4, 5]


def test_an_edge_counts_on_the_tick_of_the_change_and_never_on_the_first():
    assert over_time(FAST + ', "edge": "rising"', SPEEDS) == [4]
    assert over_time(FAST + ', "edge": "falling"', SPEEDS) == [2, 6]
    assert over_time(FAST + ', "edge": "either"', SPEEDS) == [2, 4, 6]


def test_a_delay_shifts_the_result_edges_included():
    assert over_time(FAST + ', "delay": 0.2', SPEEDS) == [2, 3, 6]
    assert over_time(FAST + ', "edge": "rising", "delay": 0.2', SPEEDS) == [6]
    assert over_time(FAST + ', "edge": "falling", "delay": 0.1', SPEEDS) == [3]


def test_a_condition_does_not_hold_before_its_time():
    assert over_time(FAST + ', "after": 0.45', SPEEDS) == [5]
    assert over_time(FAST + ', "after": 0.1, "edge": "rising"', SPEEDS) == [1, 4]


def test_combinations_and_their_edges():
    early = '{"time": {"before": 0.15}}'
    assert over_time('"all": [{' + FAST + "}, " + early + "]", SPEEDS) == [0, 1]
    assert over_time('"any": [{' + FAST + "}, " + early + "]", SPEEDS) == [0, 1, 4, 5]
    assert over_time('"none": [{' + FAST + "}, " + early + "]", SPEEDS) == [2, 3, 6]
    assert over_time('"none": [{' + FAST + '}], "edge": "rising"', SPEEDS) == [2, 6]
    assert over_time('"all": [{"any": [{' + FAST + '}]}, {"none": [' + early + "]}]", SPEEDS) == [4, 5]


def test_standing_has_to_last():
    still = '"standstill": {"actor": "ego", "duration": 0.2}'
    assert over_time(still, [0, 0, 0, 9, 0, 0, 0, 0]) == [2, 6, 7]


def test_every_start_of_a_repeated_event_is_an_edge_of_its_own():
    starts = (nanoseconds(0.2), nanoseconds(0.4))
    tales = [{"a": Tale(started=tuple(s for s in starts if s <= nanoseconds(k * TICK)))} for k in range(6)]
    text = '"event": {"started": "a"}'
    assert over_time(text, [0] * 6, tales) == [2, 3, 4, 5]
    assert over_time(text + ', "edge": "rising"', [0] * 6, tales) == [2, 4]
