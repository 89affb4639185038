"""Joints of people and cyclists, and the poses of their rigid parts.

Every part's frame has its origin at the joint nearest to the trunk and, in the standing pose, the axes of the actor.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from roadlab.actors.body import Floats, Proportions, carried, pose, proportions, rotation
from roadlab.actors.catalog import PEOPLE
from roadlab.actors.cycling import BICYCLE, CYCLIST_JOINTS, CYCLIST_PARTS, GEAR_RATIO, RIDER_PARTS, cyclist_part_poses
from roadlab.actors.gait import PEDESTRIAN_JOINTS, TOE_OUT, pelvis_pose, phase_rate, stance_share, walking_joints

__all__ = [
    "BICYCLE",
    "CYCLIST_JOINTS",
    "CYCLIST_PARTS",
    "GEAR_RATIO",
    "PEDESTRIAN_JOINTS",
    "PEDESTRIAN_PARTS",
    "cyclist_part_poses",
    "pedestrian_part_poses",
    "phase_rate",
    "stance_share",
    "walking_joints",
]

_SIDES = (("l", 1.0), ("r", -1.0))

PEDESTRIAN_PARTS = RIDER_PARTS


def pedestrian_part_poses(person_name: str, joints: ArrayLike) -> dict[str, Floats]:
    """(M, 4, 4) pose of every part in the actor's frame, from joints (M, J) with the columns of `PEDESTRIAN_JOINTS`.

    `person_name` is a key of the catalog's `PEOPLE`; KeyError when it is none.
    """
    body = proportions(PEOPLE[person_name].height)
    values = np.atleast_2d(np.asarray(joints, dtype=np.float64))
    columns = {name: values[:, i] for i, name in enumerate(PEDESTRIAN_JOINTS)}
    pelvis = pelvis_pose(columns, body)
    torso = pose(
        rotation("z", columns["torso_yaw"]) @ rotation("y", columns["torso_lean"]),
        carried(pelvis, (0.0, 0.0, body.waist)),
    )
    head = pose(
        rotation("z", columns["head_yaw"]) @ rotation("y", columns["head_pitch"]), carried(torso, (0.0, 0.0, body.neck))
    )
    parts = {"pelvis": pelvis, "torso": torso, "head": head}
    for side, sign in _SIDES:
        parts |= _leg_poses(side, sign, pelvis, columns, body) | _arm_poses(side, sign, torso, columns, body)
    return {name: parts[name] for name in PEDESTRIAN_PARTS}


def _leg_poses(
    side: str, sign: float, pelvis: Floats, columns: dict[str, Floats], body: Proportions
) -> dict[str, Floats]:
    hip, knee, ankle = columns[f"hip_{side}"], columns[f"knee_{side}"], columns[f"ankle_{side}"]
    aside = rotation("x", sign * columns[f"hip_abduction_{side}"])
    thigh = pose(aside @ rotation("y", -hip), carried(pelvis, (0.0, sign * body.hip_offset, 0.0)))
    shank = pose(aside @ rotation("y", knee - hip), carried(thigh, (0.0, 0.0, -body.thigh)))
    outwards = rotation("z", np.full(len(hip), sign * TOE_OUT))
    pitch = hip - knee + ankle
    foot = pose(outwards @ rotation("y", -pitch), carried(shank, (0.0, 0.0, -body.shank)))
    toes = pose(
        outwards @ rotation("y", -pitch - columns[f"toe_{side}"]), carried(foot, (body.ball, 0.0, -body.ankle_height))
    )
    return {f"thigh_{side}": thigh, f"shank_{side}": shank, f"foot_{side}": foot, f"toes_{side}": toes}


def _arm_poses(
    side: str, sign: float, torso: Floats, columns: dict[str, Floats], body: Proportions
) -> dict[str, Floats]:
    aside = rotation("x", sign * columns[f"shoulder_abduction_{side}"])
    swung = torso[:, :3, :3] @ aside @ rotation("y", -columns[f"shoulder_{side}"])
    upper = pose(swung, carried(torso, (0.0, sign * body.shoulder_offset, body.shoulder_rise)))
    lower = pose(swung @ rotation("y", -columns[f"elbow_{side}"]), carried(upper, (0.0, 0.0, -body.upper_arm)))
    hand = pose(lower[:, :3, :3], carried(lower, (0.0, 0.0, -body.forearm)))
    return {f"upper_arm_{side}": upper, f"forearm_{side}": lower, f"hand_{side}": hand}
