"""What people on foot hold, push or sit in: umbrellas, prams, wheelchairs, and how they hold themselves for it.

Sizes: umbrellas of 1 m across; prams after EN 1888 and makers' data sheets; wheelchairs of 24 inch, within ISO 7193.
All grow with the person.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from roadlab.actors.body import ADULT_HEIGHT, Floats, Proportions, carried, pose, rotation, two_links

Gear = Literal["", "umbrella", "pram", "wheelchair"]

ROLLING = ("pram", "wheelchair")
"""Gear with wheels, whose angle is one more joint."""
WHEEL_SPIN = "wheel_spin"
GEAR_PARTS: dict[str, tuple[str, ...]] = {
    "": (),
    "umbrella": ("umbrella",),
    "pram": ("pram", "pram_axle_f", "pram_axle_r"),
    "wheelchair": ("chair", "chair_wheels"),
}
"""Parts of a pedestrian with this gear besides those of the body."""

PALM = 0.075
"""From the wrist to what a fist holds, on an adult [m]."""


@dataclass(frozen=True, slots=True)
class Umbrella:
    """Open, in the frame of its part: the fist at the origin, the shaft along z [m]."""

    radius: float = 0.50
    rim: float = 0.60
    """Height of the canopy's edge above the fist."""
    rise: float = 0.17
    """Of the canopy's middle above its edge."""
    tip: float = 0.06
    """Of the spike above the canopy."""
    handle: float = 0.10
    """Below the fist."""
    shaft: float = 0.006
    """Radius."""


@dataclass(frozen=True, slots=True)
class Pram:
    """In the frame of whoever pushes it [m]."""

    handle: tuple[float, float] = (0.42, 1.02)
    """Ahead and up."""
    grip: float = 0.20
    """Of each hand from the middle."""
    axles: tuple[float, float] = (0.52, 1.02)
    """The rear and the front one, ahead."""
    wheel: float = 0.13
    """Radius."""
    width: float = 0.58
    front: float = 1.24
    hood: float = 1.08
    """Height of the hood."""


@dataclass(frozen=True, slots=True)
class Wheelchair:
    """In the frame of whoever sits in it [m]."""

    hips: float = 0.575
    """Height of the hip joints."""
    axle: tuple[float, float] = (-0.03, 0.305)
    """Ahead, and up: also the wheels' radius."""
    track: float = 0.54
    """From one wheel's middle to the other's."""
    rim: float = 0.03
    """Width of a wheel with its hand rim."""
    back: float = -0.36
    """The rearmost point, of wheels and push handles."""
    front: float = 0.66
    """The foremost, of the footrest."""


UMBRELLA, PRAM, WHEELCHAIR = Umbrella(), Pram(), Wheelchair()


def scale_of(height: float) -> float:
    """Of gear for a person of this height [m] against an adult's."""
    return height / ADULT_HEIGHT


def held(columns: dict[str, Floats], gear: str, phase: Floats, speed: Floats, body: Proportions) -> dict[str, Floats]:
    """The columns of a pedestrian's joints, with the limbs where the gear wants them.

    `phase` (M,) [rad] is that of the gait, which is also that of the strokes on a wheelchair's rims; `speed` in m/s.
    """
    one = np.ones_like(phase)
    if gear == "umbrella":
        arm = {"shoulder": 10.0, "shoulder_abduction": 9.0, "elbow": 97.0}
        return columns | {f"{name}_r": np.radians(angle) * one for name, angle in arm.items()}
    if gear == "pram":
        return columns | _pushing(columns, body)
    if gear == "wheelchair":
        return columns | _sitting(body, phase, np.clip(speed / 0.4, 0.0, 1.0))
    return columns


def _pushing(columns: dict[str, Floats], body: Proportions) -> dict[str, Floats]:
    """Both fists stay on the bar while the body goes up and down."""
    k, one, lean = scale_of(body.height), np.ones_like(columns["pelvis_height"]), np.radians(4.0)
    ahead, up = k * PRAM.handle[0], k * PRAM.handle[1] - (body.hip_height + columns["pelvis_height"] + body.waist)
    x, z = ahead * np.cos(lean) - up * np.sin(lean), ahead * np.sin(lean) + up * np.cos(lean)
    down = body.shoulder_rise - z
    at_root, flexion = two_links(body.upper_arm, body.forearm + k * PALM, np.hypot(x, down))
    arm = {"shoulder": np.arctan2(x, down) - at_root, "shoulder_abduction": np.radians(2.0) * one, "elbow": flexion}
    arms = {f"{name}_{side}": value for side in "lr" for name, value in arm.items()}
    return arms | {"torso_yaw": 0.0 * one, "torso_lean": lean * one}


def _sitting(body: Proportions, phase: Floats, moving: Floats) -> dict[str, Floats]:
    """Knees bent, feet on the rest, both arms pushing the rims together."""
    one, stroke = np.ones_like(phase), moving * np.sin(phase)
    angles = {"hip": 84.0, "hip_abduction": 4.0, "knee": 78.0, "ankle": -6.0, "toe": 0.0, "shoulder_abduction": 15.0}
    legs = {f"{name}_{side}": np.radians(angle) * one for name, angle in angles.items() for side in "lr"}
    arms = {
        f"{name}_{side}": np.radians(mean + swing * stroke)
        for name, mean, swing in (("shoulder", -20.0, 20.0), ("elbow", 60.0, -16.0))
        for side in "lr"
    }
    still = dict.fromkeys(("pelvis_sway", "pelvis_yaw", "pelvis_list", "torso_yaw", "head_yaw"), 0.0 * one)
    height = scale_of(body.height) * WHEELCHAIR.hips - body.hip_height
    lean = {"torso_lean": np.radians(-4.0 + 5.0 * stroke), "head_pitch": np.radians(2.0) * one}
    return still | legs | arms | lean | {"pelvis_height": height * one}


def gear_poses(gear: str, hand: Floats, spin: Floats, height: float) -> dict[str, Floats]:
    """(M, 4, 4) poses of the gear's parts in the actor's frame, from the right hand's and the wheels' `spin` [rad]."""
    k, level = scale_of(height), np.tile(np.eye(3), (len(spin), 1, 1))
    turning = rotation("y", spin)
    if gear == "umbrella":
        # A fist holds along its own x, which points up when the forearm points forward.
        upright = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [-1.0, 0.0, 0.0]])
        return {"umbrella": pose(hand[:, :3, :3] @ upright, carried(hand, (0.0, 0.022 * k, -PALM * k)))}
    if gear == "pram":
        rear, front = (pose(turning, (k * x, 0.0, k * PRAM.wheel)) for x in PRAM.axles)
        return {"pram": pose(level, np.zeros(3)), "pram_axle_f": front, "pram_axle_r": rear}
    if gear == "wheelchair":
        x, z = WHEELCHAIR.axle
        return {"chair": pose(level, np.zeros(3)), "chair_wheels": pose(turning, (k * x, 0.0, k * z))}
    return {}


def wheel_radius(gear: str, height: float) -> float:
    """Of the wheels whose angle is the joint `wheel_spin` [m]; KeyError for gear without any."""
    return scale_of(height) * {"pram": PRAM.wheel, "wheelchair": WHEELCHAIR.axle[1]}[gear]


def outermost(gear: str, height: float) -> dict[str, Floats]:
    """(K, 3) outermost points of the gear's parts in their own frames [m]; of turning ones the whole circles."""
    k, angle = scale_of(height), np.linspace(0.0, 2 * np.pi, 48, endpoint=False)
    if gear == "umbrella":
        rim = np.column_stack([np.cos(angle), np.sin(angle), 0 * angle]) * UMBRELLA.radius + [0.0, 0.0, UMBRELLA.rim]
        end = UMBRELLA.rim + UMBRELLA.rise + UMBRELLA.tip
        tip = [[-UMBRELLA.shaft, 0.0, end], [UMBRELLA.shaft, 0.0, end], [0.0, 0.0, -UMBRELLA.handle]]
        return {"umbrella": k * np.concatenate([rim, tip])}
    if gear == "pram":
        half = PRAM.width / 2
        corners = [[x, y, z] for x in (PRAM.handle[0], PRAM.front) for y in (-half, half) for z in (0.0, PRAM.hood)]
        return {"pram": k * np.array(corners)}
    if gear == "wheelchair":
        half = (WHEELCHAIR.track + WHEELCHAIR.rim) / 2
        corners = [[x, y, 0.0] for x in (WHEELCHAIR.back, WHEELCHAIR.front) for y in (-half, half)]
        return {"chair": k * np.array(corners)}
    return {}
