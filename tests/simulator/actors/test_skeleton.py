import numpy as np
import pytest

from roadlab.actors.body import proportions
from roadlab.actors.skeleton import (
    PEDESTRIAN_JOINTS,
    PEDESTRIAN_PARTS,
    pedestrian_box_center,
    pedestrian_part_poses,
    pedestrian_size,
    walking_joints,
)


def standing(**angles):
    joints = np.zeros((1, len(PEDESTRIAN_JOINTS)))
    for name, value in angles.items():
        joints[0, PEDESTRIAN_JOINTS.index(name)] = value
    return {name: pose[0] for name, pose in pedestrian_part_poses("adult", joints).items()}


def test_a_person_with_all_joints_at_zero_stands_upright_on_the_ground():
    parts, body = standing(), proportions(1.72)
    assert tuple(parts) == PEDESTRIAN_PARTS
    assert parts["pelvis"][2, 3] == pytest.approx(body.hip_height)
    assert parts["foot_l"][2, 3] == pytest.approx(body.ankle_height)
    assert parts["toes_r"][2, 3] == pytest.approx(0.0, abs=1e-12)
    assert parts["head"][2, 3] + body.head == pytest.approx(1.72)
    assert parts["hand_l"][1, 3] > 0 > parts["hand_r"][1, 3]


def test_flexion_brings_thigh_and_forearm_forward_and_the_shank_back():
    bent = standing(hip_l=0.5, knee_l=1.0, elbow_r=1.2, shoulder_l=0.4)
    assert bent["shank_l"][0, 3] > 0.1
    assert bent["foot_l"][0, 3] < bent["shank_l"][0, 3]
    assert bent["hand_r"][0, 3] > 0.2
    assert bent["forearm_l"][0, 3] > 0.05


def test_abduction_moves_limbs_outwards_on_both_sides():
    spread = standing(hip_abduction_l=0.3, hip_abduction_r=0.3, shoulder_abduction_l=0.5, shoulder_abduction_r=0.5)
    rest = standing()
    for part in ("foot", "hand"):
        assert spread[f"{part}_l"][1, 3] > rest[f"{part}_l"][1, 3] + 0.1
        assert spread[f"{part}_r"][1, 3] < rest[f"{part}_r"][1, 3] - 0.1


@pytest.mark.parametrize("name", ["adult", "child"])
def test_part_poses_are_rigid_and_bones_keep_their_length(name):
    height = {"adult": 1.72, "child": 1.25}[name]
    parts = pedestrian_part_poses(name, walking_joints(np.linspace(0, 2 * np.pi, 30), 1.5, height))
    for pose in parts.values():
        turn = pose[:, :3, :3]
        assert np.abs(turn @ turn.transpose(0, 2, 1) - np.eye(3)).max() < 1e-12
        assert np.linalg.det(turn) == pytest.approx(np.ones(30))
    body = proportions(height)
    for a, b, length in (
        ("thigh", "shank", body.thigh),
        ("shank", "foot", body.shank),
        ("forearm", "hand", body.forearm),
    ):
        distance = np.linalg.norm(parts[f"{a}_l"][:, :3, 3] - parts[f"{b}_l"][:, :3, 3], axis=1)
        assert distance == pytest.approx(np.full(30, length))


def test_the_box_grows_with_speed_and_stands_on_the_ground():
    length = [pedestrian_size("adult", speed)[0] for speed in (0.0, 1.0, 1.5, 2.0)]
    assert length == sorted(length)
    assert 0.4 < length[0] < 0.6
    for name, tall in (("adult", 1.72), ("child", 1.25)):
        assert pedestrian_size(name)[2] == pytest.approx(tall, abs=0.005)
        assert pedestrian_box_center(name)[2] == pytest.approx(pedestrian_size(name)[2] / 2)
