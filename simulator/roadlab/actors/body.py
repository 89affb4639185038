"""The proportions of a body and the geometry of its limbs.

Segment lengths as shares of the height: Drillis and Contini (1966), as printed in D. Winter, Biomechanics and Motor
Control of Human Movement, 4th ed., figure 4.1; heights include a shoe's sole. A child of seven has a larger head and
shorter legs (Snyder et al. 1977, Anthropometry of Infants, Children and Youths).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

ADULT_HEIGHT = 1.72
CHILD_HEIGHT = 1.25

_SHARES = {  # of the height: adult, child
    "hip_height": (0.525, 0.500),
    "thigh": (0.240, 0.228),
    "ankle_height": (0.0465, 0.0480),
    "hip_offset": (0.051, 0.050),
    "waist": (0.060, 0.058),
    "neck": (0.248, 0.236),
    "shoulder_rise": (0.222, 0.212),
    "shoulder_offset": (0.1035, 0.101),
    "upper_arm": (0.172, 0.166),
    "forearm": (0.146, 0.140),
    "hand": (0.108, 0.106),
    "heel": (0.040, 0.042),
    "ball": (0.076, 0.078),
    "toe": (0.122, 0.125),
}


@dataclass(frozen=True, slots=True)
class Proportions:
    """Distances between the joints of a standing body [m]."""

    height: float
    hip_height: float
    """Of the hip joints above the ground."""
    thigh: float
    """Hip to knee."""
    ankle_height: float
    hip_offset: float
    """Of a hip joint from the midline."""
    waist: float
    """The joint between pelvis and torso, above the hips."""
    neck: float
    """The joint between torso and head, above the waist."""
    shoulder_rise: float
    """The shoulders above the waist."""
    shoulder_offset: float
    """Of a shoulder joint from the midline."""
    upper_arm: float
    forearm: float
    hand: float
    """Wrist to finger tips."""
    heel: float
    """From below the ankle back to the point where the heel touches the ground first."""
    ball: float
    """From below the ankle forward to the joint of the toes."""
    toe: float
    """From below the ankle forward to the tip of the shoe."""

    @property
    def shank(self) -> float:
        """Knee to ankle [m]."""
        return self.hip_height - self.thigh - self.ankle_height

    @property
    def leg(self) -> float:
        """Hip to ankle, stretched [m]."""
        return self.hip_height - self.ankle_height

    @property
    def head(self) -> float:
        """The neck's joint to the top of the head [m]."""
        return self.height - self.hip_height - self.waist - self.neck


def proportions(height: float) -> Proportions:
    """Of a body of this height [m], between the child's and the adult's by height."""
    age = float(np.clip((height - CHILD_HEIGHT) / (ADULT_HEIGHT - CHILD_HEIGHT), 0.0, 1.0))
    shares = {name: height * (child + age * (adult - child)) for name, (adult, child) in _SHARES.items()}
    return Proportions(height=height, **shares)


def rotation(axis: str, angle: ArrayLike) -> Floats:
    """(M, 3, 3) right-handed turns by `angle` (M,) [rad] about the axis x, y or z."""
    values = np.atleast_1d(np.asarray(angle, dtype=np.float64))
    c, s = np.cos(values), np.sin(values)
    first, second = {"x": (1, 2), "y": (2, 0), "z": (0, 1)}[axis]
    turns = np.tile(np.eye(3), (len(values), 1, 1))
    turns[:, first, first], turns[:, second, second] = c, c
    turns[:, first, second], turns[:, second, first] = -s, s
    return turns


def pose(turns: Floats, origin: ArrayLike) -> Floats:
    """(M, 4, 4) rigid transforms from rotations (M, 3, 3) and origins (M, 3) or (3,) [m]."""
    poses = np.tile(np.eye(4), (len(turns), 1, 1))
    poses[:, :3, :3] = turns
    poses[:, :3, 3] = origin
    return poses


def carried(poses: Floats, point: ArrayLike) -> Floats:
    """(M, 3) where `point` (3,) of a part's frame lies under the part's poses (M, 4, 4)."""
    moved: Floats = poses[:, :3, :3] @ np.asarray(point, dtype=np.float64) + poses[:, :3, 3]
    return moved


def two_links(upper: float, lower: float, distance: ArrayLike) -> tuple[Floats, Floats]:
    """Angles (M,) [rad] of a limb of two links whose ends are `distance` (M,) apart [m].

    The first is between the upper link and the line that joins the ends, the second is the flexion at the joint between
    the links, 0 when stretched. A distance out of reach is brought to the nearest one within reach.
    """
    reach = np.clip(np.asarray(distance, dtype=np.float64), abs(upper - lower) + 1e-9, upper + lower)
    at_root = np.arccos(np.clip((upper**2 + reach**2 - lower**2) / (2 * upper * reach), -1.0, 1.0))
    inside = np.arccos(np.clip((upper**2 + lower**2 - reach**2) / (2 * upper * lower), -1.0, 1.0))
    return at_root, np.pi - inside
