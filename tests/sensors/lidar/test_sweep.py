"""The turn of an HDL-64E: beams, timing, and the rings it draws on flat ground."""

import numpy as np
import pytest

from roadlab.timing import Interval
from roadlab_sensors.lidar.sweep import pulses
from roadlab_sensors.lidar.units import UNITS

HDL64E = UNITS["hdl64e"]
TURN = Interval(0, 100_000_000)


def test_a_turn_has_the_units_number_of_pulses():
    fired = pulses(HDL64E, TURN)
    assert len(fired.ring) == pytest.approx(1.333e6 / 10, rel=0.002)  # HDL-64E manual: 1.333 M points a second
    assert np.bincount(fired.ring).tolist() == [2083] * 64


def test_pulses_are_fired_in_order_within_their_turn():
    interval = Interval(300_000_000, 400_000_000)
    time = pulses(HDL64E, interval).time
    assert (np.diff(time) > 0).all()
    assert time[0] == interval.open
    assert time[-1] < interval.close


def test_the_unit_turns_clockwise_and_looks_forward_half_way():
    fired = pulses(HDL64E, TURN)
    azimuth = np.arctan2(fired.direction[:, 1], fired.direction[:, 0])
    middle = np.abs(fired.time - 50_000_000).argmin()
    assert azimuth[middle] == pytest.approx(0.0, abs=1e-4)
    quarter = np.abs(fired.time - 25_000_000).argmin()
    assert azimuth[quarter] == pytest.approx(np.pi / 2, abs=1e-4)  # left
    one_beam = azimuth[fired.ring == 5]
    assert np.degrees(-np.diff(one_beam)) == pytest.approx(0.1728, abs=1e-4)


@pytest.mark.parametrize(("elevation", "radius"), [(-24.8, 3.744), (-10.0, 9.811), (-5.0, 19.774), (-2.0, 49.541)])
def test_rings_on_flat_ground_have_the_published_radii(elevation, radius):
    # h / tan|e| at KITTI's mounting height of 1.73 m
    fired = pulses(HDL64E, TURN)
    beam = np.abs(np.degrees(HDL64E.elevation) - elevation).argmin()
    direction = fired.direction[fired.ring == beam]
    drawn = 1.73 * np.hypot(direction[:, 0], direction[:, 1]) / -direction[:, 2]
    tilt = np.degrees(HDL64E.elevation[beam])
    assert drawn == pytest.approx(1.73 / np.tan(np.radians(-tilt)), rel=1e-9)
    # The published radius belongs to a round elevation; the beam next to it is at most half a step away.
    slope = 1.73 / np.sin(np.radians(elevation)) ** 2
    assert abs(drawn.mean() - radius) <= slope * np.radians(abs(tilt - elevation)) * 1.1 + 1e-3
