"""Where a vehicle's moving parts are: wheels that steer and spin about their mounts."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.actors.catalog import WHEELED
from roadlab.geometry.poses import inverse, world_from_actor

VEHICLE_PARTS = ("body", "wheel_fl", "wheel_fr", "wheel_rl", "wheel_rr")


def wheel_mounts(model_name: str) -> dict[str, tuple[float, float, float]]:
    """Wheel centres in the vehicle frame [m], by part; ValueError for what has no two tracks.

    Trailers have rear wheels alone, from the last axle on: `wheel_rl`, `wheel_rr`, `wheel_rl1` and so on.
    """
    model = WHEELED[model_name]
    if model.track <= 0.0:
        raise ValueError(f"{model_name} has no wheels left and right")
    side, height = model.track / 2, model.wheel_radius
    if model.category == "trailer":
        ends = (("l", side), ("r", -side))
        axles = enumerate(model.rear_axles)
        return {f"wheel_r{end}{k or ''}": (x, y, height) for k, x in axles for end, y in ends}
    return {
        "wheel_fl": (model.wheelbase, side, height),
        "wheel_fr": (model.wheelbase, -side, height),
        "wheel_rl": (0.0, side, height),
        "wheel_rr": (0.0, -side, height),
    }


def vehicle_part_poses(model_name: str, joints: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Pose (M, 4, 4) of each part in the vehicle frame at joints (M, 5), see `joints.VEHICLE_JOINTS`.

    Steering turns the front wheels about z, positive to the left, equally on both sides. Spin turns all wheels about
    their axle, positive rolling forwards. The frame moves with the body; the wheels keep to the road below it. Columns
    from the third on may be left out: the body is at rest on its springs.
    """
    given = np.atleast_2d(np.asarray(joints, dtype=np.float64))
    values = np.pad(given, ((0, 0), (0, 5 - given.shape[1])))
    ground = inverse(world_from_actor(_lifted(values[:, 2]), np.pad(values[:, 3:5], ((0, 0), (1, 0)))))
    poses = {"body": np.tile(np.eye(4), (len(values), 1, 1))}
    rolling = _about_y(values[:, 1])
    steered = _about_z(values[:, 0]) @ rolling
    for part, mount in wheel_mounts(model_name).items():
        pose = np.tile(np.eye(4), (len(values), 1, 1))
        pose[:, :3, :3] = steered if part.startswith("wheel_f") else rolling
        pose[:, :3, 3] = mount
        poses[part] = ground @ pose
    return poses


def _lifted(height: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.stack([np.zeros_like(height), np.zeros_like(height), height], axis=-1)


def _about_y(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    c, s, one, zero = np.cos(angle), np.sin(angle), np.ones_like(angle), np.zeros_like(angle)
    return np.stack([c, zero, s, zero, one, zero, -s, zero, c], axis=-1).reshape(-1, 3, 3)


def _about_z(angle: NDArray[np.float64]) -> NDArray[np.float64]:
    c, s, one, zero = np.cos(angle), np.sin(angle), np.ones_like(angle), np.zeros_like(angle)
    return np.stack([c, -s, zero, s, c, zero, zero, zero, one], axis=-1).reshape(-1, 3, 3)
