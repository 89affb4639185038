import numpy as np
import pytest

from roadlab.actors.articulation_vehicle import VEHICLE_PARTS, vehicle_part_poses, wheel_mounts
from roadlab.actors.catalog import VEHICLES
from roadlab.randomness import generator


def moved(pose: np.ndarray, point: tuple[float, float, float]) -> np.ndarray:
    place: np.ndarray = pose[:3, :3] @ point + pose[:3, 3]
    return place


def test_wheels_stand_on_the_ground_a_wheelbase_and_a_track_apart() -> None:
    model, mounts = VEHICLES["sedan"], wheel_mounts("sedan")
    assert np.subtract(mounts["wheel_fl"], mounts["wheel_rl"]) == pytest.approx((model.wheelbase, 0.0, 0.0))
    assert np.subtract(mounts["wheel_fl"], mounts["wheel_fr"]) == pytest.approx((0.0, model.track, 0.0))
    assert {z for _, _, z in mounts.values()} == {model.wheel_radius}


def test_steering_left_points_the_front_wheels_left_and_leaves_the_rear_ones() -> None:
    poses = vehicle_part_poses("hatchback", [[0.3, 0.0]])
    for part in VEHICLE_PARTS[1:]:
        heading = poses[part][0, :3, :3] @ [1.0, 0.0, 0.0]
        angle = 0.3 if part.startswith("wheel_f") else 0.0
        assert heading == pytest.approx((np.cos(angle), np.sin(angle), 0.0))


def test_a_quarter_turn_forwards_brings_the_top_of_the_tyre_to_the_front() -> None:
    radius = VEHICLES["van"].wheel_radius
    for part, mount in wheel_mounts("van").items():
        top = moved(vehicle_part_poses("van", [[0.0, np.pi / 2]])[part][0], (0.0, 0.0, radius))
        assert top == pytest.approx(np.add(mount, (radius, 0.0, 0.0)))


def test_rolling_without_slip_keeps_the_contact_point_at_rest() -> None:
    radius, step = VEHICLES["suv"].wheel_radius, 1e-6
    poses = vehicle_part_poses("suv", [[0.0, 0.0], [0.0, step / radius]])["wheel_rl"]
    contact = (0.0, 0.0, -radius)
    travelled = moved(poses[1], contact) - moved(poses[0], contact) + [step, 0.0, 0.0]
    assert travelled == pytest.approx((0.0, 0.0, 0.0), abs=1e-11)


def test_poses_are_rigid_for_any_joints() -> None:
    joints = generator(1, "joints").uniform(-3, 3, (20, 2))
    for part, poses in vehicle_part_poses("truck", joints).items():
        rotation = poses[:, :3, :3]
        assert rotation @ rotation.transpose(0, 2, 1) == pytest.approx(np.tile(np.eye(3), (20, 1, 1))), part
        assert np.linalg.det(rotation) == pytest.approx(np.ones(20))


def test_a_bicycle_has_no_wheels_left_and_right() -> None:
    with pytest.raises(ValueError, match="bicycle"):
        wheel_mounts("bicycle")
