"""Courses kept by their knots, and what that makes of a log of people."""

import tempfile
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roadlab import load, simulate
from roadlab.knots import BLOCK, blocks, count, filled, is_settled, kept, settled
from roadlab.log import ARRAYS, QUANTA, STRIDES, joint_strides
from roadlab.log_file import LogFile, read_log, write_log

SQUARE = """
scenario: square
duration: 12 s
seed: 5
map:
  roads:
    west: {profile: urban_2x1, start: {x: -115 m, y: 0 m, heading: 0 deg}, path: [{line: 100 m}]}
    east: {profile: urban_2x1, start: {x: 15 m, y: 0 m, heading: 0 deg}, path: [{line: 100 m}]}
    south: {profile: urban_2x1, start: {x: 0 m, y: -115 m, heading: 90 deg}, path: [{line: 100 m}]}
    north: {profile: urban_2x1, start: {x: 0 m, y: 15 m, heading: 90 deg}, path: [{line: 100 m}]}
  junctions:
    square: {connect: [west.end, east.start, south.end, north.start], crosswalks: true, signals: {}}
  surroundings: {style: none}
actors:
  ego: {model: sedan, at: {road: west, lane: -1, s: 5 m}, parked: true}
pedestrians:
  - {count: 20}
"""


@pytest.fixture(scope="module")
def people():
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "scenario.yaml"
        path.write_text(SQUARE)
        return simulate(load(path))


@given(st.lists(st.integers(-(2**40), 2**40), min_size=1, max_size=70), st.sampled_from([1, 2, 4, 8]))
def test_what_is_kept_stays_and_the_rest_follows_from_it(values, stride):
    whole = np.array(values, dtype=np.int64)[:, None]
    few = kept(whole, stride)
    assert len(few) == count(stride, len(whole))
    once = filled(few, stride, len(whole))
    assert (kept(once, stride) == few).all()
    assert (filled(kept(once, stride), stride, len(whole)) == once).all()


def test_parabolas_lie_on_the_curve_through_their_knots():
    # Catmull and Rom's cubics reproduce polynomials of degree 2; numbers divisible by 64 leave nothing to round
    t = np.arange(BLOCK, dtype=np.int64)
    parabola = np.column_stack([64 * (t * t - 30 * t + 7), -64 * t, np.full(BLOCK, 5)])
    for stride in (2, 4, 8):
        assert (filled(kept(parabola, stride), stride, BLOCK) == parabola).all()


def test_a_swing_is_kept_as_it_is_to_a_thousandth():
    time = np.arange(600) * 0.01
    swing = (np.sin(2.0 * np.pi * 0.9 * time) * 2.0**20)[:, None]
    curve = settled(np.rint(swing), [8], 1.0)
    assert np.abs(curve - swing).max() < 6e-3 * 2.0**20  # at the ends of blocks, where no knot lies beyond
    inner = slice(16, BLOCK - 16)
    assert np.abs(curve - swing)[inner].max() < 2.5e-3 * 2.0**20
    assert is_settled(curve, [8], 1.0)
    assert not is_settled(np.rint(swing), [8], 1.0)


def test_blocks_share_nothing():
    draw = np.random.Generator(np.random.PCG64(1))
    values = np.rint(1000.0 * draw.normal(size=(3 * BLOCK + 5, 3)))
    whole = settled(values, [1, 2, 8], 1.0)
    parts = [settled(values[block], [1, 2, 8], 1.0) for block in blocks(len(values))]
    assert (np.concatenate(parts) == whole).all()


def test_the_engine_decides_joints_at_their_knots(people):
    strides = joint_strides(people.actors)
    assert set(strides) == {1, 2, 8}
    assert is_settled(people.joints, strides, QUANTA["joints"])
    walker = people.actors[3]
    assert set(STRIDES) <= set(walker.joint_names)


def test_a_log_of_people_is_read_back_to_the_bit_whole_and_in_parts(people, tmp_path):
    write_log(people, tmp_path / "log")
    again = read_log(tmp_path / "log")
    for name in ARRAYS:
        assert getattr(again, name).tobytes() == getattr(people, name).tobytes()
    part = LogFile(tmp_path / "log").between(5_000_000_000, 5_500_000_000)
    first = int(np.searchsorted(people.time, part.time[0]))
    assert (part.joints == people.joints[first : first + len(part.time)]).all()


def test_two_hundred_people_take_less_than_a_hundred_megabytes_in_ten_minutes(people, tmp_path):
    write_log(people, tmp_path / "log")
    names = len(people.scenario)
    bytes_a_person_and_second = ((tmp_path / "log").stat().st_size - names) / 20 / people.duration
    assert 200 * 600 * bytes_a_person_and_second < 100e6
