"""What each condition measures, on instants whose distances and times are worked out by hand."""

from dataclasses import replace

import numpy as np
import pytest

from roadlab.behaviors.storyboard.conditions import instant, read
from roadlab.behaviors.storyboard.snapshot import Setting, Snapshot, Tale
from roadlab.roads.network import build_network
from roadlab.scenario.spec import MapSpec, WhenSpec

# Two cars of 4 m by 2 m, their reference points 1 m behind their middles.
MAP = """{"roads": {
  "a": {"profile": "urban_2x1", "path": [{"line": 100}]},
  "b": {"profile": "urban_2x1", "start": {"x": 120}, "path": [{"line": 100}]},
  "c": {"profile": "urban_2x1",
        "start": {"x": 110, "y": -110, "heading": 1.5707963267948966}, "path": [{"line": 100}]}},
  "junctions": {"cross": {"connect": ["a.end", "b.start", "c.end"], "signals": {}}}}"""
NETWORK = build_network(MapSpec.model_validate_json(MAP))
HEADS = tuple(head.name for head in NETWORK.junctions["cross"].heads)
SETTING = Setting({"ego": 0, "other": 1}, np.full((2, 2), [4.0, 2.0]), np.ones(2), NETWORK, HEADS)
LANE = -1.75


def now(x=(0, 30), y=(0, 0), yaw=(0, 0), speed=(10, 0), **more):
    arrays = {"x": x, "y": y, "yaw": yaw, "speed": speed, "acceleration": (0, 0), "travelled": (0, 0)}
    arrays |= {name: value for name, value in more.items() if name in arrays}
    rest = {name: value for name, value in more.items() if name not in arrays}
    return Snapshot(
        setting=SETTING,
        **{name: np.array(value, dtype=float) for name, value in arrays.items()},
        **{"time": 0, "present": np.ones(2, dtype=bool), "signals": np.zeros(len(HEADS), dtype=np.uint8),
           "touched": np.zeros((0, 2), dtype=np.int64), "tales": {}} | rest,
    )  # fmt: skip


def value(text, snapshot):
    return read(WhenSpec.model_validate_json(text), snapshot).value


def holds(text, snapshot):
    return read(WhenSpec.model_validate_json(text), snapshot).holds


def distance(measure, snapshot, freespace=False):
    more = f', "measure": "{measure}", "freespace": {"true" if freespace else "false"}'
    return value(f'{{"distance": {{"between": ["ego", "other"], "below": 9{more}}}}}', snapshot)


def test_a_straight_distance_is_between_reference_points_or_outlines():
    assert distance("euclidean", now(x=(0, 30), y=(0, 40))) == pytest.approx(50.0)
    assert distance("euclidean", now(), freespace=True) == pytest.approx(30.0 - 4.0)
    # 3-4-5: the nearest corners are 33 - 4 - ... metres apart along and 4 across.
    assert distance("euclidean", now(x=(0, 7), y=(0, 6)), freespace=True) == pytest.approx(5.0)


def test_distances_along_and_across_the_heading_of_the_first():
    turned = now(x=(0, 3), y=(0, 40), yaw=(np.pi / 2, np.pi / 2))
    assert distance("longitudinal", turned) == pytest.approx(40.0)
    assert distance("lateral", turned) == pytest.approx(3.0)
    assert distance("longitudinal", turned, freespace=True) == pytest.approx(36.0)
    assert distance("lateral", turned, freespace=True) == pytest.approx(1.0)
    assert distance("lateral", now(y=(0, 1.5)), freespace=True) == 0.0


def test_a_distance_along_the_lanes_goes_round_the_bends():
    """From 40 m before the junction to 40 m behind it, straight on through 20 m of junction."""
    straight = now(x=(60, 160), y=(LANE, LANE))
    assert distance("lane", straight) == pytest.approx(100.0, abs=0.1)
    assert distance("lane", straight, freespace=True) == pytest.approx(96.0, abs=0.1)
    assert distance("lane", now(x=(160, 60), y=(LANE, LANE))) == pytest.approx(100.0, abs=0.1)
    # On c, which a right turn leads to; shorter than the corner, longer than the straight line.
    round_the_corner = now(x=(60, 110 - LANE * -1), y=(LANE, -50), yaw=(0, -np.pi / 2))
    way = distance("lane", round_the_corner)
    assert np.hypot(50, 50) < way < 100.0


def test_a_time_headway_is_the_way_to_where_the_other_is_over_the_own_speed():
    text = '{"time_headway": {"actor": "ego", "target": "other", "below": 9, "measure": "longitudinal"%s}}'
    assert value(text % "", now(speed=(20, 30))) == pytest.approx(1.5)
    assert value(text % ', "freespace": true', now(speed=(20, 30))) == pytest.approx(1.3)
    assert value(text % "", now(x=(31, 30))) == np.inf
    assert value(text % "", now(speed=(0, 5))) == np.inf


def test_a_time_to_collision_is_the_distance_over_the_closing_speed():
    text = '{"time_to_collision": {"between": ["ego", "other"], "below": 9%s}}'
    assert value(text % "", now(speed=(20, 5))) == pytest.approx(2.0)
    assert value(text % ', "freespace": true', now(speed=(20, 5))) == pytest.approx(26 / 15)
    assert value(text % "", now(speed=(5, 20))) == np.inf
    assert value(text % ', "measure": "longitudinal"', now(y=(0, 7), speed=(20, 5))) == pytest.approx(2.0)
    head_on = now(yaw=(0, np.pi), speed=(20, 10))
    assert value(text % "", head_on) == pytest.approx(1.0)


def test_a_time_to_reach_runs_until_the_actor_is_abreast():
    text = '{"time_to_reach": {"actor": "ego", "target": "other", "below": 9}}'
    assert value(text, now(y=(0, 17))) == pytest.approx(3.0)
    assert value(text, now(x=(31, 30))) == np.inf


def test_a_place_is_reached_within_its_radius():
    text = '{"reach": {"actor": "ego", "at": {"road": "a", "lane": -1, "s": 50}, "within": 2}}'
    assert not holds(text, now(x=(47.9, 0), y=(LANE, 0)))
    assert holds(text, now(x=(48.0, 0), y=(LANE, 0)))
    assert holds('{"reach": {"actor": "ego", "at": {"x": 3, "y": 4}, "within": 5}}', now())


def test_speeds_absolute_and_relative():
    assert value('{"speed": {"actor": "ego", "above": 1}}', now()) == 10.0
    assert value('{"speed": {"actor": "ego", "above": 1, "relative_to": "other"}}', now(speed=(10, 12))) == -2.0
    both = '{"speed": {"actor": "ego", "above": 9, "below": 11}}'
    assert [holds(both, now(speed=(v, 0))) for v in (9, 10, 11)] == [False, True, False]


def test_acceleration_and_the_way_that_has_been_gone():
    assert value('{"acceleration": {"actor": "ego", "below": -3}}', now(acceleration=(-4, 0))) == -4.0
    assert holds('{"acceleration": {"actor": "ego", "below": -3}}', now(acceleration=(-4, 0)))
    assert holds('{"travelled": {"actor": "ego", "above": 99}}', now(travelled=(100, 0)))


def test_standing_and_being_off_the_road():
    still = WhenSpec.model_validate_json('{"standstill": {"actor": "ego", "duration": 2}}')
    assert [instant(still, now(speed=(v, 0))) for v in (0.04, 0.06)] == [True, False]
    off = WhenSpec.model_validate_json('{"off_road": {"actor": "ego"}}')
    edge = NETWORK.roads["a"].carriageway[0]
    assert [instant(off, now(y=(edge + d, 0), x=(50, 0))) for d in (0.1, -0.1)] == [False, True]


def test_being_in_a_lane_of_this_road_or_of_any():
    text = '{"lane": {"actor": "ego", "lane": -1%s}}'
    assert holds(text % "", now(x=(50, 0), y=(LANE, 0)))
    assert not holds(text % "", now(x=(50, 0), y=(-LANE, 0)))
    assert holds(text % ', "road": "b"', now(x=(150, 0), y=(LANE, 0)))
    assert not holds(text % ', "road": "a"', now(x=(150, 0), y=(LANE, 0)))


def test_contacts_with_one_or_anybody():
    touching = now(touched=np.array([[0, 1]]))
    assert holds('{"collision": {"actor": "ego", "other": "other"}}', touching)
    assert holds('{"collision": {"actor": "other"}}', touching)
    assert not holds('{"collision": {"actor": "ego"}}', now())


def test_what_a_signal_shows():
    text = f'{{"signal": {{"head": "{HEADS[1]}", "shows": "green"}}}}'
    assert [holds(text, now(signals=np.array([1, k, 1], dtype=np.uint8))) for k in (1, 3)] == [False, True]


def test_what_another_event_has_done():
    tales = {"cuts in": Tale("complete", 7_000_000_000, (5_000_000_000,), (7_000_000_000,))}
    at = replace(now(tales=tales), time=8_000_000_000)
    for key, expected in (("started", 1), ("ended", 1), ("complete", 1), ("running", 0), ("standby", 0)):
        assert value(f'{{"event": {{"{key}": "cuts in"}}}}', at) == expected
    assert [holds(f'{{"event": {{"ended": "cuts in", "delay": {d}}}}}', at) for d in (1.0, 1.01)] == [True, False]


def test_nothing_holds_of_who_is_not_there():
    gone = now(present=np.array([True, False]))
    reading = read(WhenSpec.model_validate_json('{"distance": {"between": ["ego", "other"], "above": 1}}'), gone)
    assert np.isnan(reading.value)
    assert not reading.holds
