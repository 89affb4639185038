"""The shipped rigs, against what the makers of the datasets published."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

import roadlab
from roadlab.geometry.poses import world_from_actor

RIGS = ["kitti", "nuscenes", "argoverse2", "waymo"]
BODY_FROM_CAMERA = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])


@pytest.fixture
def rig(street, write):
    """The sensors of a rig, included into a street."""
    sensors = street[street.index("sensors:") :]
    return lambda name: roadlab.load(write(f"include: rigs/{name}.yaml\n" + street.replace(sensors, ""))).spec.sensors


@pytest.mark.parametrize("name", RIGS)
def test_a_rig_can_be_included(rig, name):
    sensors = rig(name)
    assert any(sensor.type == "lidar" for sensor in sensors.values())
    assert any(sensor.type == "camera" for sensor in sensors.values())


@pytest.mark.parametrize(
    ("camera", "quaternion"),
    [  # w, x, y, z of calibrated_sensor.json, nuScenes v1.0-mini, scene-0061
        ("cam_front", (0.4998015430569128, -0.5030316162024876, 0.4997798114386805, -0.49737083824542755)),
        ("cam_front_left", (0.6757265034669446, -0.6736266522251881, 0.21214015046209478, -0.21122827103904068)),
        ("cam_back", (0.5037872666382278, -0.49740249788611096, -0.4941850223835201, 0.5045496097725578)),
        ("cam_back_left", (0.6924185592174665, -0.7031619420114925, -0.11648342771943819, 0.11203317912370753)),
    ],
)
def test_nuscenes_cameras_look_where_theirs_do(rig, camera, quaternion):
    mount = rig("nuscenes")[camera].mount
    ours = world_from_actor([0, 0, 0], [mount.yaw, mount.pitch, mount.roll])[:3, :3] @ BODY_FROM_CAMERA
    theirs = Rotation.from_quat(np.roll(quaternion, -1)).as_matrix()
    apart = Rotation.from_matrix(ours @ theirs.T).magnitude()
    assert math.degrees(apart) < 0.01


def test_nuscenes_has_the_rates_of_its_car(rig):
    rates = {sensor.type: sensor.rate for sensor in rig("nuscenes").values()}
    assert rates == {"camera": 12.0, "lidar": 20.0, "radar": 13.0}


def test_argoverse_lidars_look_in_opposite_directions_and_have_32_beams_each(rig):
    sensors = rig("argoverse2")
    assert [len(sensors[name].beams) for name in ("up_lidar", "down_lidar")] == [32, 32]
    assert sensors["down_lidar"].mount.yaw - sensors["up_lidar"].mount.yaw == pytest.approx(math.pi)
    cameras = [sensor for sensor in sensors.values() if sensor.type == "camera"]
    assert len(cameras) == 7
    # Together they see all around (Wilson et al. 2021): no direction is further than half a field of view from an axis.
    axes = np.array([camera.mount.yaw for camera in cameras])
    half = np.array([math.atan(camera.image.width / 2 / camera.intrinsics.fx) for camera in cameras])
    around = np.linspace(-np.pi, np.pi, 721)
    off = np.abs((around[:, None] - axes + np.pi) % (2 * np.pi) - np.pi)
    assert (off < half).any(axis=1).all()


def test_waymo_cameras_have_the_published_field_of_view(rig):
    for name, sensor in rig("waymo").items():
        if sensor.type == "camera":
            half = math.degrees(math.atan(sensor.image.width / 2 / sensor.intrinsics.fx))
            assert half == pytest.approx(25.2, abs=0.05), name
    top = rig("waymo")["top"]
    assert (math.degrees(top.beams[0].elevation), math.degrees(top.beams[-1].elevation)) == (
        pytest.approx(2.4),
        pytest.approx(-17.6),
    )
