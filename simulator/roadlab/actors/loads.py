"""What lies on an open bed: how much there can be of it, and what it does to the vehicle below."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal

from roadlab.actors.catalog import VehicleModel

LoadKind = Literal["crates", "timber", "gravel"]
GRAVEL = 1600.0
"""Bulk density [kg/m³]."""
CRATE = (0.60, 0.40, 0.30, 25.0)
"""Length along the vehicle, width, height [m] and mass [kg] of a full one."""
BEAM = (0.12, 0.12, 500.0)
"""Width and height [m], and density of spruce [kg/m³]."""


@dataclass(frozen=True, slots=True)
class Bed:
    """An open bed, in the vehicle's frame."""

    rear: float
    """x of its rear end [m]."""
    front: float
    half_width: float
    floor: float
    """Above the ground [m]."""
    rim: float
    top: float
    """No load is higher [m]."""
    payload: float
    """[kg]"""

    @property
    def middle(self) -> float:
        """X [m]."""
        return 0.5 * (self.rear + self.front)

    @property
    def per_layer(self) -> dict[LoadKind, int]:
        """Crates and beams side by side."""
        length, width = self.front - self.rear, 2.0 * self.half_width
        return {
            "crates": int(length / (CRATE[0] + 0.01)) * int(width / (CRATE[1] + 0.01)),
            "timber": int(width / (BEAM[0] + 0.005)),
        }

    def depth(self, kind: LoadKind, mass: float) -> float:
        """Height of a load of this mass over the floor [m]."""
        if kind == "gravel":
            return mass / GRAVEL / ((self.front - self.rear) * 2.0 * self.half_width)
        return CRATE[2] * self.layers(kind, mass) if kind == "crates" else BEAM[1] * self.layers(kind, mass)

    def pieces(self, kind: LoadKind, mass: float) -> int:
        """Crates or beams that together have this mass, at least one."""
        return max(1, round(mass / (CRATE[3] if kind == "crates" else self.beam_mass)))

    @property
    def beam_mass(self) -> float:
        """Of a beam as long as the bed [kg]."""
        return BEAM[0] * BEAM[1] * BEAM[2] * (self.front - self.rear)

    def layers(self, kind: LoadKind, mass: float) -> int:
        """Of crates or beams."""
        return math.ceil(self.pieces(kind, mass) / self.per_layer[kind])

    def most(self, kind: LoadKind) -> float:
        """The largest mass that has room, and that the vehicle may carry [kg]."""
        if kind == "gravel":
            room = (self.rim - self.floor) * GRAVEL * (self.front - self.rear) * 2.0 * self.half_width
        else:
            high, piece = (CRATE[2], CRATE[3]) if kind == "crates" else (BEAM[1], self.beam_mass)
            room = int((self.top - self.floor) / high) * self.per_layer[kind] * piece
        return min(self.payload, room)


BEDS: dict[str, Bed] = {"pickup": Bed(-1.05, 0.21, 0.80, 0.71, 1.16, 1.70, 850.0)}
"""By model; the payload is that of current pickups of this size (makers' data sheets, 2020 to 2025)."""


def laden(model: VehicleModel, kind: LoadKind, mass: float) -> VehicleModel:
    """The vehicle with a load: heavier, its centre of gravity higher and further back, slower, softer on its springs.

    KeyError for one without a bed.
    """
    bed, empty = BEDS[model.name], model.chassis
    whole = empty.mass + mass
    share = empty.mass / whole
    rear_arm = (empty.mass * model.rear_arm + mass * bed.middle) / whole
    height = (empty.mass * empty.gravity_height + mass * (bed.floor + 0.5 * bed.depth(kind, mass))) / whole
    springs = replace(
        empty.springs,
        roll_gradient=empty.springs.roll_gradient * whole * height / (empty.mass * empty.gravity_height),
        pitch_gradient=empty.springs.pitch_gradient * whole * height / (empty.mass * empty.gravity_height),
        roll_frequency=empty.springs.roll_frequency * math.sqrt(share),
        ride_frequency=empty.springs.ride_frequency * math.sqrt(share),
    )
    chassis = replace(empty, mass=whole, front_share=rear_arm / model.wheelbase, gravity_height=height, springs=springs)
    return replace(model, chassis=chassis, max_acceleration=share * model.max_acceleration)
