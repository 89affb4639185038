"""Where the rigid parts of an actor are, given its joints: one door for every kind of actor."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.articulation_vehicle import vehicle_part_poses
from roadlab.actors.skeleton import cyclist_part_poses, pedestrian_part_poses
from roadlab.log import ActorInfo


def part_poses(actor: ActorInfo, joints: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """For each part its (M, 4, 4) poses in the actor's frame, from joints (M, J) as `actor.joint_names` orders them."""
    if actor.kind == "vehicle":
        return vehicle_part_poses(actor.model, joints)
    if actor.kind == "prop":
        return {"body": np.tile(np.eye(4), (len(joints), 1, 1))}
    if actor.kind == "cyclist":
        return cyclist_part_poses(joints, actor.model)
    return pedestrian_part_poses(actor.model, joints, actor.gear)
