"""A cyclist: where the parts of the bicycle and of its rider are.

The bicycle is a city bike for a rider of 1.72 m; angles and lengths are those of makers' geometry tables for frame size
M. The rider's limbs follow the pedals and the grips by inverse kinematics. Ankling: Cruz and Bankoff (2001).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from roadlab.actors.body import ADULT_HEIGHT, Floats, Proportions, carried, pose, proportions, rotation, two_links
from roadlab.actors.catalog import VEHICLES

CYCLIST_JOINTS: tuple[str, ...] = ("steering", "wheel_spin", "crank")
"""Columns of a cyclist's joints [rad]: the front wheel to the left; the wheels rolling forward; the crank pedalling
forward, 0 when the left pedal is in front."""

GEAR_RATIO = 2.1
"""Turns of the wheels per turn of the crank."""

BICYCLE_PARTS: tuple[str, ...] = ("frame", "fork", "wheel_f", "wheel_r", "crank", "pedal_l", "pedal_r")
RIDER_PARTS: tuple[str, ...] = (
    "pelvis", "torso", "head",
    *(f"{part}_{side}" for side in "lr" for part in ("thigh", "shank", "foot", "toes", "upper_arm", "forearm", "hand")),
)  # fmt: skip
CYCLIST_PARTS = BICYCLE_PARTS + RIDER_PARTS


@dataclass(frozen=True, slots=True)
class BicycleGeometry:
    """Points (x, y, z) [m] in the bicycle's frame: origin on the ground below the rear axle."""

    rear_axle: tuple[float, float, float]
    front_axle: tuple[float, float, float]
    wheel_radius: float
    bottom_bracket: tuple[float, float, float] = (0.435, 0.0, 0.285)
    crank_length: float = 0.17
    pedal_offset: float = 0.118
    """Of a pedal's middle from the midline."""
    pedal_thickness: float = 0.024
    saddle: tuple[float, float, float] = (0.215, 0.0, 0.932)
    """Middle of the saddle's top."""
    steering_axis: tuple[float, float, float] = (0.829, 0.0, 0.89)
    """Upper end of the head tube."""
    head_angle: float = float(np.radians(70.0))
    """Of the steering axis above the horizontal."""
    grip: tuple[float, float, float] = (0.775, 0.275, 1.075)
    """Middle of the left grip when steering straight."""
    hips: tuple[float, float, float] = (0.235, 0.0, 1.022)
    """Between the rider's hip joints."""
    pelvis_lean: float = float(np.radians(12.0))
    torso_lean: float = float(np.radians(22.0))
    head_lean: float = float(np.radians(4.0))


def _geometry() -> BicycleGeometry:
    model = VEHICLES["bicycle"]
    radius = model.wheel_radius
    return BicycleGeometry((0.0, 0.0, radius), (model.wheelbase, 0.0, radius), radius)


BICYCLE = _geometry()


def cyclist_part_poses(joints: ArrayLike) -> dict[str, Floats]:
    """(M, 4, 4) pose of every part in the bicycle's frame, from joints (M, 3) with the columns of `CYCLIST_JOINTS`.

    Origin on the ground below the rear axle. Frame and fork have the bicycle's axes and their origins at the bicycle's
    origin and at `BICYCLE.steering_axis`; wheels, crank and pedals turn about their own origins.
    """
    steering, spin, crank = np.atleast_2d(np.asarray(joints, dtype=np.float64)).T
    level = np.tile(np.eye(3), (len(crank), 1, 1))
    tilt = rotation("y", BICYCLE.head_angle - np.pi / 2)
    fork = pose(tilt @ rotation("z", steering) @ tilt.transpose(0, 2, 1), BICYCLE.steering_axis)
    hub = carried(fork, np.subtract(BICYCLE.front_axle, BICYCLE.steering_axis))
    turning = pose(rotation("y", crank), BICYCLE.bottom_bracket)
    parts = {
        "frame": pose(level, np.zeros(3)),
        "fork": fork,
        "wheel_f": pose(fork[:, :3, :3] @ rotation("y", spin), hub),
        "wheel_r": pose(rotation("y", spin), BICYCLE.rear_axle),
        "crank": turning,
    }
    for side, sign in (("l", 1.0), ("r", -1.0)):
        parts[f"pedal_{side}"] = pose(level, carried(turning, _pedal(sign)))
    parts |= _rider(parts, crank)
    return {name: parts[name] for name in CYCLIST_PARTS}


def _pedal(sign: float) -> tuple[float, float, float]:
    """In the crank's frame."""
    return (sign * BICYCLE.crank_length, sign * BICYCLE.pedal_offset, 0.0)


def _rider(bicycle: dict[str, Floats], crank: Floats) -> dict[str, Floats]:
    body, one = proportions(ADULT_HEIGHT), np.ones_like(crank)
    pelvis = pose(rotation("y", BICYCLE.pelvis_lean * one), BICYCLE.hips)
    torso = pose(rotation("y", BICYCLE.torso_lean * one), carried(pelvis, (0.0, 0.0, body.waist)))
    head = pose(rotation("y", BICYCLE.head_lean * one), carried(torso, (0.0, 0.0, body.neck)))
    parts = {"pelvis": pelvis, "torso": torso, "head": head}
    for side, sign, lag in (("l", 1.0, 0.0), ("r", -1.0, np.pi)):
        parts |= _leg(side, sign, pelvis, bicycle[f"pedal_{side}"], crank + lag, body)
        parts |= _arm(side, sign, torso, bicycle["fork"], body)
    return parts


def _leg(side: str, sign: float, pelvis: Floats, pedal: Floats, crank: Floats, body: Proportions) -> dict[str, Floats]:
    pitch = np.radians(-14.0 + 8.0 * np.cos(crank))
    turn = rotation("z", np.full(len(crank), sign * np.radians(4.0))) @ rotation("y", -pitch)
    contact = pedal[:, :3, 3] + [0.0, 0.0, BICYCLE.pedal_thickness / 2]
    ball = np.array([body.ball, 0.0, -body.ankle_height])
    foot = pose(turn, contact - turn @ ball)
    hip = carried(pelvis, (0.0, sign * body.hip_offset, 0.0))
    knee_towards = np.array([1.0, sign * 0.12, 0.3])
    thigh, shank = _limb(hip, foot[:, :3, 3], body.thigh, body.shank, knee_towards, 1.0)
    toes = pose(turn, carried(foot, ball))
    return {f"thigh_{side}": thigh, f"shank_{side}": shank, f"foot_{side}": foot, f"toes_{side}": toes}


def _arm(side: str, sign: float, torso: Floats, fork: Floats, body: Proportions) -> dict[str, Floats]:
    """The palm lies on the grip: fingers forward and down, thumb inside."""
    fingers = np.array([np.cos(0.45), 0.0, -np.sin(0.45)])
    inwards = np.array([0.0, -sign, 0.0])
    grasp = np.stack([inwards, np.cross(-fingers, inwards), -fingers], axis=1)
    grip = np.subtract(BICYCLE.grip, BICYCLE.steering_axis) * [1.0, sign, 1.0]
    palm = grip - 0.075 * fingers + np.array([0.0, 0.0, 0.022])
    hand = pose(fork[:, :3, :3] @ grasp, carried(fork, palm))
    shoulder = carried(torso, (0.0, sign * body.shoulder_offset, body.shoulder_rise))
    elbow_towards = np.array([-0.5, sign * 0.05, -0.6])
    upper, lower = _limb(shoulder, hand[:, :3, 3], body.upper_arm, body.forearm, elbow_towards, -1.0)
    return {f"upper_arm_{side}": upper, f"forearm_{side}": lower, f"hand_{side}": hand}


def _limb(root: Floats, end: Floats, upper: float, lower: float, towards: Floats, bend: float) -> tuple[Floats, Floats]:
    """Poses of a limb's two links from `root` to `end` (M, 3), the joint between them pushed `towards` (3,).

    `bend` is 1 for knees, which lie in front of the limb's own frame, and -1 for elbows.
    """
    line = end - root
    distance = np.linalg.norm(line, axis=1)
    along = line / distance[:, None]
    aside = towards - (along @ towards)[:, None] * along
    x = bend * aside / np.linalg.norm(aside, axis=1, keepdims=True)
    base = np.stack([x, np.cross(-along, x), -along], axis=2)
    at_root, flexion = two_links(upper, lower, distance)
    first = pose(base @ rotation("y", -bend * at_root), root)
    second = pose(first[:, :3, :3] @ rotation("y", bend * flexion), carried(first, (0.0, 0.0, -upper)))
    return first, second
