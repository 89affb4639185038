"""Two-wheelers: where the parts of a bicycle, motorcycle or scooter and of its rider are.

The bicycle is a city bike for a rider of 1.72 m; angles and lengths are those of makers' geometry tables for frame size
M. The rider's limbs follow the pedals and the grips by inverse kinematics. Ankling: Cruz and Bankoff (2001). On a
motorcycle and on a scooter the feet rest on pegs or on the floor; seat heights, rakes and trails: makers' data sheets
of naked bikes of 600 to 900 cm³ and of scooters of 125 cm³.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

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
    """Points (x, y, z) [m] in the two-wheeler's frame: origin on the ground below the rear axle."""

    rear_axle: tuple[float, float, float]
    front_axle: tuple[float, float, float]
    wheel_radius: float
    bottom_bracket: tuple[float, float, float] = (0.435, 0.0, 0.285)
    crank_length: float = 0.17
    """0 where the feet rest on pegs, which are then at the bottom bracket's height."""
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


def _geometry(model_name: str) -> BicycleGeometry:
    model = VEHICLES[model_name]
    radius = model.wheel_radius
    wheels = BicycleGeometry((0.0, 0.0, radius), (model.wheelbase, 0.0, radius), radius)
    return replace(wheels, **_POWERED.get(model_name, {}))


_POWERED: dict[str, dict[str, Any]] = {
    "motorcycle": {
        "bottom_bracket": (0.50, 0.0, 0.335),
        "crank_length": 0.0,
        "pedal_offset": 0.185,
        "saddle": (0.44, 0.0, 0.815),
        "steering_axis": (1.115, 0.0, 0.93),
        "head_angle": float(np.radians(65.0)),
        "grip": (0.955, 0.345, 1.045),
        "hips": (0.44, 0.0, 0.905),
        "pelvis_lean": float(np.radians(10.0)),
        "torso_lean": float(np.radians(17.0)),
    },
    "scooter": {
        "bottom_bracket": (0.70, 0.0, 0.265),
        "crank_length": 0.0,
        "pedal_offset": 0.13,
        "saddle": (0.30, 0.0, 0.775),
        "steering_axis": (0.985, 0.0, 0.93),
        "head_angle": float(np.radians(64.0)),
        "grip": (0.80, 0.275, 1.0),
        "hips": (0.28, 0.0, 0.865),
        "pelvis_lean": float(np.radians(2.0)),
        "torso_lean": float(np.radians(7.0)),
    },
}

BICYCLE = _geometry("bicycle")
RIDDEN: dict[str, BicycleGeometry] = {
    name: _geometry(name) for name, model in VEHICLES.items() if model.category in ("cyclist", "motorcyclist")
}
"""The geometry of all two-wheelers by model name."""


def cyclist_part_poses(joints: ArrayLike, model_name: str = "bicycle") -> dict[str, Floats]:
    """(M, 4, 4) pose of every part in the two-wheeler's frame, from joints (M, 3) in the columns of `CYCLIST_JOINTS`.

    Origin on the ground below the rear axle. Frame and fork have its axes and their origins at its origin and at its
    `steering_axis`; wheels, crank and pedals turn about their own origins. KeyError for what is no two-wheeler.
    """
    ride = RIDDEN[model_name]
    steering, spin, crank = np.atleast_2d(np.asarray(joints, dtype=np.float64)).T
    if ride.crank_length == 0.0:
        crank = np.full_like(crank, np.pi / 2)
    level = np.tile(np.eye(3), (len(crank), 1, 1))
    tilt = rotation("y", ride.head_angle - np.pi / 2)
    fork = pose(tilt @ rotation("z", steering) @ tilt.transpose(0, 2, 1), ride.steering_axis)
    hub = carried(fork, np.subtract(ride.front_axle, ride.steering_axis))
    turning = pose(rotation("y", crank), ride.bottom_bracket)
    parts = {
        "frame": pose(level, np.zeros(3)),
        "fork": fork,
        "wheel_f": pose(fork[:, :3, :3] @ rotation("y", spin), hub),
        "wheel_r": pose(rotation("y", spin), ride.rear_axle),
        "crank": turning,
    }
    for side, sign in (("l", 1.0), ("r", -1.0)):
        pedal = (sign * ride.crank_length, sign * ride.pedal_offset, 0.0)
        parts[f"pedal_{side}"] = pose(level, carried(turning, pedal))
    parts |= _rider(ride, parts, crank)
    return {name: parts[name] for name in CYCLIST_PARTS}


def _rider(ride: BicycleGeometry, mount: dict[str, Floats], crank: Floats) -> dict[str, Floats]:
    body, one = proportions(ADULT_HEIGHT), np.ones_like(crank)
    pelvis = pose(rotation("y", ride.pelvis_lean * one), ride.hips)
    torso = pose(rotation("y", ride.torso_lean * one), carried(pelvis, (0.0, 0.0, body.waist)))
    head = pose(rotation("y", ride.head_lean * one), carried(torso, (0.0, 0.0, body.neck)))
    parts = {"pelvis": pelvis, "torso": torso, "head": head}
    for side, sign, lag in (("l", 1.0, 0.0), ("r", -1.0, np.pi)):
        parts |= _leg(side, sign, pelvis, mount[f"pedal_{side}"], crank + lag, body)
        parts |= _arm(ride, side, sign, torso, mount["fork"], body)
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


def _arm(
    ride: BicycleGeometry, side: str, sign: float, torso: Floats, fork: Floats, body: Proportions
) -> dict[str, Floats]:
    """The palm lies on the grip: fingers forward and down, thumb inside."""
    fingers = np.array([np.cos(0.45), 0.0, -np.sin(0.45)])
    inwards = np.array([0.0, -sign, 0.0])
    grasp = np.stack([inwards, np.cross(-fingers, inwards), -fingers], axis=1)
    grip = np.subtract(ride.grip, ride.steering_axis) * [1.0, sign, 1.0]
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
