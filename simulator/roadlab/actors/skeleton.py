"""Joints of people and cyclists, and the poses of their rigid parts.

Every part's frame has its origin at the joint nearest to the trunk and, in the standing pose, the axes of the actor.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import ArrayLike

from roadlab.actors.body import ADULT_HEIGHT, Floats, Proportions, carried, pose, proportions, rotation
from roadlab.actors.catalog import PEOPLE
from roadlab.actors.cycling import BICYCLE, CYCLIST_JOINTS, CYCLIST_PARTS, GEAR_RATIO, RIDER_PARTS, cyclist_part_poses
from roadlab.actors.gait import (
    PEDESTRIAN_JOINTS,
    RUN_SPEED,
    TOE_OUT,
    pelvis_pose,
    phase_rate,
    stance_share,
    walking_joints,
)
from roadlab.actors.gear import GEAR_PARTS, ROLLING, gear_poses, outermost

__all__ = [
    "BICYCLE",
    "CYCLIST_JOINTS",
    "CYCLIST_PARTS",
    "GEAR_RATIO",
    "PEDESTRIAN_JOINTS",
    "PEDESTRIAN_PARTS",
    "cyclist_part_poses",
    "pedestrian_box_center",
    "pedestrian_part_poses",
    "pedestrian_size",
    "phase_rate",
    "stance_share",
    "walking_joints",
]

_SIDES = (("l", 1.0), ("r", -1.0))

PEDESTRIAN_PARTS = RIDER_PARTS


def pedestrian_part_poses(person_name: str, joints: ArrayLike, gear: str = "") -> dict[str, Floats]:
    """(M, 4, 4) pose of every part in the actor's frame, from joints (M, J) with the columns of `PEDESTRIAN_JOINTS`.

    With gear that rolls, one more column is the angle of its wheels.

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
    spin = values[:, -1] if gear in ROLLING else np.zeros(len(values))
    parts |= gear_poses(gear, parts["hand_r"], spin, body.height)
    return {name: parts[name] for name in (*PEDESTRIAN_PARTS, *GEAR_PARTS[gear])}


def pedestrian_size(person_name: str, top_speed: float = RUN_SPEED, gear: str = "") -> tuple[float, float, float]:
    """(length, width, height) [m] of the box that holds every surface in all phases of all speeds up to `top_speed`.

    `top_speed` is in m/s. The box lies around `pedestrian_box_center`; clothes, bags and gear are inside. KeyError for
    an unknown person.
    """
    low, high = _bounds(person_name, top_speed, gear)
    length, width, height = (high - low).tolist()
    return (length, width, height)


def pedestrian_box_center(person_name: str, top_speed: float = RUN_SPEED, gear: str = "") -> tuple[float, float, float]:
    """Centre (x, y, z) [m] in the actor's frame of the box whose size `pedestrian_size` gives."""
    x, y, z = _bounds(person_name, top_speed, gear).mean(axis=0).tolist()
    return (x, y, z)


def reach(body: Proportions) -> dict[str, tuple[tuple[float, float, float, float], ...]]:
    """Spheres (x, y, z, radius) [m] in the frames of the outermost parts; all surfaces stay within what they span."""
    adult = body.height / ADULT_HEIGHT
    head = 0.11 * adult**0.45
    spheres: dict[str, tuple[tuple[float, float, float, float], ...]] = {
        "torso": ((-0.225 * adult, 0.0, 0.18 * adult, 0.058),),
        "head": ((0.0, 0.0, body.head - head, head),),
    }
    for side, _ in _SIDES:
        spheres[f"upper_arm_{side}"] = ((0.0, 0.0, -0.3 * body.upper_arm, 0.071 * adult),)
        spheres[f"forearm_{side}"] = ((0.0, 0.0, 0.0, 0.071 * adult), (0.0, 0.0, -body.forearm, 0.062 * adult))
        spheres[f"hand_{side}"] = ((0.0, 0.0, 0.015 - body.hand, 0.030 * adult),)
        spheres[f"foot_{side}"] = ((-body.heel, 0.0, 0.020 - body.ankle_height, 0.020),)
        spheres[f"toes_{side}"] = ((body.toe - body.ball - 0.020, 0.0, 0.020, 0.020),)
    return spheres


@cache
def _bounds(person_name: str, top_speed: float, gear: str) -> Floats:
    """(2, 3) least and greatest coordinates over the strides [m]."""
    body = proportions(PEOPLE[person_name].height)
    phase, speed = np.meshgrid(np.arange(96) * (2 * np.pi / 96), np.linspace(0.0, top_speed, 11))
    joints = walking_joints(phase.ravel(), speed.ravel(), body.height, gear=gear)
    poses = pedestrian_part_poses(person_name, joints, gear)
    points = {name: np.array(spheres) for name, spheres in reach(body).items()}
    points |= {name: np.pad(rim, ((0, 0), (0, 1))) for name, rim in outermost(gear, body.height).items()}
    low, high = [], []
    for name, spheres in points.items():
        for *center, radius in spheres.tolist():
            path = carried(poses[name], center)
            low.append(path.min(axis=0) - radius)
            high.append(path.max(axis=0) + radius)
    least, greatest = np.min(low, axis=0), np.max(high, axis=0)
    return np.stack([np.append(least[:2], 0.0), greatest])


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
