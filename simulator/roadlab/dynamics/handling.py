"""What the dynamic models know of a vehicle beyond its limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import VehicleModel
from roadlab.dynamics.motion import GRAVITY

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Handling:
    """Parameters of N vehicles (or of one, as floats)."""

    mass: Array
    """[kg]"""
    front_arm: Array
    """From the centre of gravity forward to the front axle [m]."""
    rear_arm: Array
    """From the centre of gravity back to the rear axle [m]."""
    yaw_inertia: Array
    """[kg m²]"""
    gravity_height: Array
    """[m]"""
    front_stiffness: Array
    """Cornering stiffness over load [1/rad]."""
    rear_stiffness: Array
    shape: Array
    """C of the Magic Formula."""
    curvature: Array
    """E of the Magic Formula."""
    load_sensitivity: Array
    track: Array
    """[m]"""
    drive_front: Array
    """Share of the driving force on the front axle."""

    @property
    def wheelbase(self) -> Array:
        """[m]"""
        return self.front_arm + self.rear_arm

    def loads(self, acceleration: Array) -> tuple[Array, Array]:
        """Weight on the front and the rear axle [N] while the vehicle accelerates along its heading [m/s²].

        No axle lifts off: a twentieth of the weight stays on either.
        """
        weight, shifted = self.mass * GRAVITY, self.mass * acceleration * self.gravity_height / self.wheelbase
        front = weight * self.rear_arm / self.wheelbase - shifted
        front = np.minimum(np.maximum(front, 0.05 * weight), 0.95 * weight)
        return front, weight - front


def handling(models: Sequence[VehicleModel]) -> Handling:
    """Of vehicles of the catalog, in the order of `models`."""
    rows = [
        (
            m.chassis.mass, m.front_arm, m.rear_arm, m.yaw_inertia, m.chassis.gravity_height,
            m.chassis.tyre.front_stiffness, m.chassis.tyre.rear_stiffness, m.chassis.tyre.shape,
            m.chassis.tyre.curvature, m.chassis.tyre.load_sensitivity, m.track, m.chassis.drive_front,
        )
        for m in models
    ]  # fmt: skip
    return Handling(*np.array(rows, dtype=np.float64).reshape(len(rows), -1).T)
