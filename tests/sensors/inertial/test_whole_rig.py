"""A rig with sensors of every kind: what a sample holds of each."""

import numpy as np
import pytest

SCENARIO = """
scenario: All kinds of sensors
duration: 2 s
seed: 5
map:
  roads: {lane: {profile: urban_2x1, path: [line: 120 m]}}
  surroundings: {style: none}
actors:
  ego: {model: hatchback, at: {road: lane, lane: -1, s: 12 m}, speed: 36 km/h, drive: {}}
  ahead: {model: sedan, at: {road: lane, lane: -1, s: 40 m}, speed: 54 km/h, drive: {speed: 54 km/h}}
sensors:
  lidar: {type: lidar, model: vlp16, mount: {x: 1.44 m, z: 1.73 m}, physics: simple}
  radar: {type: radar, mount: {x: 3.9 m, z: 0.5 m}}
  imu: {type: imu, rate: 100 Hz}
  gnss: {type: gnss, rate: 5 Hz, mount: {z: 1.5 m}}
  wheels: {type: odometry, rate: 50 Hz}
"""

pytestmark = pytest.mark.xdist_group("rig")


@pytest.fixture(scope="module")
def observer(tmp_path_factory):
    from roadlab import load, simulate
    from roadlab_sensors.observe import Observer

    file = tmp_path_factory.mktemp("rig") / "rig.yaml"
    file.write_text(SCENARIO)
    scenario = load(file)
    return Observer(scenario, simulate(scenario), "draft")


def test_samples_follow_the_sensors_that_see(observer):
    assert observer.count == 20


def test_every_sensor_reports_in_its_own_place(observer):
    sample = observer.sample(10)
    assert set(sample.lidars) == {"lidar"}
    assert set(sample.radars) == {"radar"}
    assert set(sample.inertial) == {"imu", "gnss", "wheels"}
    assert not sample.others


def test_samples_one_after_another_hold_every_measurement_once(observer):
    times = np.concatenate([observer.sample(k).inertial["imu"].time for k in range(5)])
    assert (np.diff(times) == 10_000_000).all()
    assert times[0] == 0
    assert len(observer.sample(7).inertial["gnss"].time) in (0, 1)


def test_the_radar_measures_the_car_ahead(observer):
    scan = observer.sample(5).radars["radar"]
    log = observer.stage.log
    ego, ahead = log.velocity[log.tick_at(scan.reference), :, 0]
    own = (scan.instance == 2) & ~scan.ghost
    # Wheels turn: what is at their top and bottom is faster and slower than the car.
    assert np.abs(scan.range_rate[own] - (ahead - ego)).min() < 0.2
    assert np.abs(scan.detections["vx_comp"][own] - ahead).min() < 0.2


def test_the_same_sample_is_the_same_whatever_came_before(observer):
    first = observer.sample(9)
    observer.sample(2)
    again = observer.sample(9)
    assert first.radars["radar"].detections.tobytes() == again.radars["radar"].detections.tobytes()
    assert first.radars["radar"].tracks.position.tobytes() == again.radars["radar"].tracks.position.tobytes()
    assert first.inertial["imu"].angular_rate.tobytes() == again.inertial["imu"].angular_rate.tobytes()


def test_the_ego_drives_as_fast_as_its_wheels_and_satellites_say(observer):
    sample = observer.sample(15)
    assert sample.inertial["wheels"].speed.mean() == pytest.approx(10.0, abs=0.4)
    fixes = observer.sample(14).inertial["gnss"], sample.inertial["gnss"]
    speed = np.concatenate([f.velocity for f in fixes])
    assert np.linalg.norm(speed, axis=1) == pytest.approx(10.0, abs=0.3)
