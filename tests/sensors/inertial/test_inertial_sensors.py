"""What inertial sensors report of motions whose physics is known."""

from dataclasses import dataclass

import numpy as np
import pytest

from roadlab.geometry.poses import world_from_actor
from roadlab.log import ActorInfo, SceneLog
from roadlab.weather import Weather
from roadlab_sensors.inertial.geodesy import earth_fixed, geodetic_of
from roadlab_sensors.inertial.gnss import Gnss
from roadlab_sensors.inertial.imu import Imu
from roadlab_sensors.inertial.kinematics import kinematics
from roadlab_sensors.inertial.odometry import Odometry
from roadlab_sensors.inertial.timing import together

SECOND = 1_000_000_000


def logged(position, attitude, seconds):
    """A log of one hatchback; position (T, 3) and attitude (T, 3) every 10 ms."""
    ticks = len(position)
    ego = ActorInfo("ego", 1, "vehicle", "car", "hatchback", (4.0, 1.8, 1.5), (1.3, 0, 0.75), (), is_ego=True)
    nothing = np.zeros((ticks, 1))
    return SceneLog(
        "", "", 0, "", (ego,), (), (), np.arange(ticks) * 10_000_000, position[:, None], attitude[:, None],
        np.gradient(position, 0.01, axis=0)[:, None], nothing, nothing.astype(np.uint8), np.zeros((ticks, 0)),
        np.zeros((ticks, 0), np.uint8), np.tile(Weather().row(), (ticks, 1)), np.ones((ticks, 1), dtype=bool),
    )  # fmt: skip


def circle(radius=20.0, speed=10.0, seconds=6.0):
    time = np.arange(round(seconds * 100) + 1) * 0.01
    yaw = speed / radius * time
    place = radius * np.stack([np.sin(yaw), 1.0 - np.cos(yaw), 0.0 * yaw], axis=1)
    return logged(place, np.stack([yaw, 0 * yaw, 0 * yaw], axis=1), seconds)


def resting(seconds=6.0):
    ticks = round(seconds * 100) + 1
    return logged(np.zeros((ticks, 3)), np.zeros((ticks, 3)), seconds)


@dataclass
class Still:
    log: SceneLog
    seed: int = 3

    def ego_at(self, times):
        states = self.log.states_at(times)
        return world_from_actor(states.position[:, 0], states.attitude[:, 0])


def all_of(sensor, log):
    reader = sensor.prepare("sensor", Still(log))
    return together(reader, sensor.within(None, int(log.time[-1])))


def test_a_resting_accelerometer_reads_gravity_upwards():
    reading = all_of(Imu(type="imu"), resting())
    assert reading.true_specific_force == pytest.approx(np.tile([0, 0, 9.80665], (601, 1)), abs=1e-9)
    assert reading.specific_force.mean(axis=0) == pytest.approx([0, 0, 9.80665], abs=0.1)
    assert np.abs(reading.angular_rate).max() < 0.01


def test_a_circle_has_its_centripetal_acceleration_and_yaw_rate():
    log = circle()
    motion = kinematics(log, np.eye(4), np.arange(1, 6) * SECOND)
    assert motion.angular_rate == pytest.approx(np.tile([0, 0, 0.5], (5, 1)), abs=1e-6)
    assert motion.specific_force == pytest.approx(np.tile([0, 5.0, 9.80665], (5, 1)), abs=1e-3)


def test_a_unit_off_the_axle_feels_its_lever_arm():
    # At 2 m ahead, the way is a circle of hypot(20, 2) m: 5 m/s² to the left and 0.5 m/s² backwards
    mount = np.eye(4)
    mount[0, 3] = 2.0
    motion = kinematics(circle(), mount, np.array([3 * SECOND]))
    assert motion.specific_force[0, :2] == pytest.approx([-0.5, 5.0], abs=1e-3)
    assert np.linalg.norm(motion.velocity[0]) == pytest.approx(0.5 * np.hypot(20, 2), abs=1e-6)


def test_a_tilted_unit_feels_gravity_along_its_axes():
    reading = all_of(Imu(type="imu", mount={"pitch": np.radians(30)}), resting())
    assert reading.true_specific_force[0] == pytest.approx([-9.80665 * 0.5, 0, 9.80665 * np.cos(np.pi / 6)], abs=1e-6)


def test_integrating_the_true_readings_gives_the_way_driven():
    reading = all_of(Imu(type="imu"), circle())
    heading = np.cumsum(reading.true_angular_rate[:, 2]) * 0.01
    assert heading[-1] == pytest.approx(3.0, abs=0.02)


def test_gnss_errors_have_the_size_of_their_fix_and_wander():
    log = resting(60.0)
    sensor = Gnss(type="gnss", rate=10.0, correlation=2.0)
    reading = all_of(sensor, log)
    error = reading.position - reading.true_position
    assert (reading.fix == 1).all()
    assert error[:, :2].std() == pytest.approx(2.0, rel=0.3)
    assert np.corrcoef(error[:-1, 0], error[1:, 0])[0, 1] > 0.9
    rtk = all_of(Gnss(type="gnss", mode="rtk", base_line=0.0), log)
    assert np.abs(rtk.position - rtk.true_position)[:, :2].max() < 0.06
    assert (rtk.fix == 4).all()


def test_outages_leave_no_position():
    reading = all_of(Gnss(type="gnss", outages=30.0, outage_length=1.0), resting(60.0))
    lost = reading.fix == 0
    assert 0.05 < lost.mean() < 0.8
    assert np.isnan(reading.position[lost]).all()
    assert np.isfinite(reading.position[~lost]).all()


def test_the_origin_of_the_world_is_its_place_on_earth():
    there = geodetic_of(np.array([[0.0, 0.0, 0.0], [0.0, 1000.0, 0.0], [1000.0, 0.0, 50.0]]), 49.0, 8.4)
    assert there[0] == pytest.approx([49.0, 8.4, 0.0], abs=1e-8)
    # A minute of latitude is 1853.2 m at 49 degrees (WGS 84: 111.2 km a degree)
    assert there[1, 0] - 49.0 == pytest.approx(1000 / 111_209, rel=1e-3)
    assert there[2, 2] == pytest.approx(50.0 + 1000**2 / 2 / 6.39e6, abs=0.01)
    assert np.linalg.norm(earth_fixed(0.0, 0.0, 0.0)) == pytest.approx(6_378_137.0)
    assert earth_fixed(90.0, 0.0, 0.0)[2] == pytest.approx(6_356_752.3142, abs=1e-3)


def test_wheels_count_the_way_driven_and_inner_wheels_less():
    log = circle()
    reading = all_of(Odometry(type="odometry", radius_error=0.0), log)
    from roadlab.actors.catalog import VEHICLES

    model = VEHICLES["hatchback"]
    way = reading.pulses[-1] * 2 * np.pi * model.wheel_radius / 96
    half = model.track / 2
    assert way[2] == pytest.approx(60.0 * (20 - half) / 20, abs=0.05)
    assert way[3] == pytest.approx(60.0 * (20 + half) / 20, abs=0.05)
    assert way[0] == pytest.approx(3.0 * np.hypot(20 - half, model.wheelbase), rel=0.01)
    assert reading.yaw_rate[50:].mean() == pytest.approx(0.5, abs=0.02)
    assert reading.speed[50:].mean() == pytest.approx(10.0, abs=0.05)


def test_measurements_belong_to_the_sample_that_follows_them():
    sensor = Imu(type="imu", rate=100.0)
    first, second = sensor.within(None, 50_000_000), sensor.within(50_000_000, 150_000_000)
    assert list(first) == [0, 1, 2, 3, 4, 5]
    assert list(second) == list(range(6, 16))
