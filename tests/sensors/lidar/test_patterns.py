"""Which pulses each unit fires: beams, timing, and the rings they draw on flat ground."""

import numpy as np
import pytest

from roadlab.timing import Interval
from roadlab_sensors.lidar.units import UNITS, os1_128

TURN = Interval(0, 100_000_000)


def fired(name, interval=TURN, lock=0.0):
    return UNITS[name].pattern.pulses(interval, lock)


def azimuths(pulses, ring):
    direction = pulses.direction[pulses.ring == ring]
    return np.arctan2(direction[:, 1], direction[:, 0])


@pytest.mark.parametrize(
    ("name", "a_second"),
    # Manuals of the HDL-64E and VLP-16; 32 / 46.08 us; 64 beams at 0.2 degrees; OS1-128 1024x10; Livox Mid-40
    [("hdl64e", 1e6 / 0.75), ("hdl32e", 694_444), ("vlp16", 289_352), ("pandar64", 1.152e6), ("os1_128", 1_310_720),
     ("rosette", 100_000), ("raster", 750_000)],
)  # fmt: skip
def test_each_unit_fires_as_often_as_its_maker_says(name, a_second):
    second = sum(len(fired(name, Interval(k * 100_000_000, (k + 1) * 100_000_000)).ring) for k in range(10))
    assert second == pytest.approx(a_second, rel=2e-5)


def test_a_turn_of_nuscenes_lidar_has_its_published_number_of_points():
    # HDL-32E at 20 Hz: 1085.07 firings of 32 beams
    counts = [len(fired("hdl32e", Interval(k * 50_000_000, (k + 1) * 50_000_000)).ring) for k in range(20)]
    assert np.mean(counts) == pytest.approx(34_722, abs=1)
    one = np.degrees(-np.diff(azimuths(fired("hdl32e", Interval(0, 50_000_000)), 7)))
    assert one == pytest.approx(0.331776, abs=1e-6)


@pytest.mark.parametrize(("name", "step"), [("hdl64e", 0.1728), ("vlp16", 0.1990656), ("pandar64", 0.2)])
def test_azimuth_steps_at_ten_turns_a_second(name, step):
    assert np.degrees(-np.diff(np.unwrap(azimuths(fired(name), 5)))) == pytest.approx(step, abs=5e-6)


@pytest.mark.parametrize("name", list(UNITS))
def test_pulses_are_fired_in_order_within_their_turn(name):
    interval = Interval(312_345_678, 412_345_678)
    pulses = fired(name, interval)
    assert (np.diff(pulses.time) >= 0).all()
    assert interval.open <= pulses.time[0]
    assert pulses.time[-1] < interval.close
    assert np.linalg.norm(pulses.direction, axis=1) == pytest.approx(1.0)


def test_the_pulses_clock_runs_through_from_turn_to_turn():
    times = np.concatenate([fired("hdl64e", Interval(k * 10**8, (k + 1) * 10**8)).time for k in range(3)])
    assert set(np.diff(times).tolist()) == {750}


def test_units_turn_clockwise_and_look_along_their_phase_lock_half_way():
    pulses = fired("hdl32e", lock=0.3)
    azimuth = np.arctan2(pulses.direction[:, 1], pulses.direction[:, 0])
    assert azimuth[np.abs(pulses.time - 50_000_000).argmin()] == pytest.approx(0.3, abs=1e-3)
    assert azimuth[np.abs(pulses.time - 40_000_000).argmin()] == pytest.approx(0.3 + 0.2 * np.pi, abs=1e-3)


def test_the_firing_orders_are_those_of_the_drivers():
    # ros-drivers/velodyne 32db.yaml and VLP16db.yaml: laser ids in firing order
    first = {name: np.degrees(np.arcsin(fired(name).direction[:6, 2])) for name in ("hdl32e", "vlp16")}
    assert first["hdl32e"] == pytest.approx([-30.67, -9.33, -29.33, -8.0, -28.0, -6.67], abs=0.01)
    assert first["vlp16"] == pytest.approx([-15, 1, -13, 3, -11, 5])


def test_pandar64_fires_its_pairs_at_the_times_of_its_correction_file():
    # HesaiLidar_SDK_2.0, Pandar64_Firetime: channels 51 and 61 at -3.62 us, 12 and 40 at -54.668 us
    slot = UNITS["pandar64"].pattern.slot
    assert slot[[50, 60]] == pytest.approx(0.0)
    assert slot[[11, 39]] == pytest.approx(54_668 - 3_620)
    assert slot[[23, 32]] == pytest.approx(25_148 - 3_620)


@pytest.mark.parametrize(
    ("name", "height", "elevation", "radius"),
    # h / tan|e|: KITTI's mounting height of 1.73 m, nuScenes' of 1.84 m
    [("hdl64e", 1.73, -24.8, 3.744), ("hdl64e", 1.73, -10.0, 9.811), ("hdl64e", 1.73, -5.0, 19.774),
     ("hdl64e", 1.73, -2.0, 49.541), ("hdl32e", 1.84, -30.67, 3.103), ("hdl32e", 1.84, -10.67, 9.766),
     ("hdl32e", 1.84, -5.33, 19.722), ("hdl32e", 1.84, -1.33, 79.252)],
)  # fmt: skip
def test_rings_on_flat_ground_have_the_published_radii(name, height, elevation, radius):
    pulses = fired(name)
    tilts = np.degrees(UNITS[name].pattern.elevation)
    beam = np.abs(tilts - elevation).argmin()
    direction = pulses.direction[pulses.ring == beam]
    drawn = height * np.hypot(direction[:, 0], direction[:, 1]) / -direction[:, 2]
    assert np.ptp(drawn) < 1e-9
    # The published radius belongs to a round elevation; the beam next to it is at most half a step away.
    slope = height / np.sin(np.radians(elevation)) ** 2
    assert abs(drawn.mean() - radius) <= slope * np.radians(abs(tilts[beam] - elevation)) * 1.1 + 1e-3


def test_the_hdl64e_says_azimuths_in_steps_of_its_encoder():
    # KITTI's sweeps: median step 0.18 degrees, the tenth percentile 0.09
    pulses = fired("hdl64e")
    said = pulses.reported[pulses.ring == 9]
    steps = np.degrees(-np.diff(np.unwrap(np.arctan2(said[:, 1], said[:, 0]))))
    assert set(np.round(steps, 6)) == {0.09, 0.18}
    assert np.median(steps) == pytest.approx(0.18)
    assert np.abs(pulses.reported - pulses.direction).max() < np.radians(0.046)


def test_beams_of_the_os1_leave_beside_its_axis():
    # ouster-sdk: lidar_origin_to_beam_origin_mm 15.806
    pulses = os1_128(1024, 10.0).pulses(TURN, 0.0)
    assert np.linalg.norm(pulses.origin, axis=1) == pytest.approx(0.015806)
    assert np.bincount(pulses.ring).tolist() == [1024] * 128


def test_the_rosette_fills_its_circle_and_does_not_repeat():
    # Livox Mid-40: 38.4 degrees circular
    pulses = fired("rosette")
    off_axis = np.degrees(np.arccos(np.clip(pulses.direction[:, 0], -1, 1)))
    assert off_axis.max() == pytest.approx(19.2, abs=0.1)
    later = fired("rosette", Interval(10**8, 2 * 10**8))
    assert np.abs(pulses.direction - later.direction).max() > 0.1


def test_the_raster_covers_its_field_row_by_row():
    pulses = fired("raster")
    direction = pulses.direction.reshape(125, 600, 3)
    azimuth = np.degrees(np.arctan2(direction[..., 1], direction[..., 0]))
    assert azimuth[0, [0, -1]] == pytest.approx([59.9, -59.9])
    assert np.degrees(np.arcsin(direction[[0, -1], 0, 2])) == pytest.approx([12.4, -12.4])


def test_a_rate_that_gives_no_whole_columns_is_refused_in_words():
    assert os1_128(1024, 10.0).problem(10.0) is None
    problem = os1_128(1024, 10.0).problem(15.0)
    assert "682.67 columns" in problem
    assert "10, 16" in problem
