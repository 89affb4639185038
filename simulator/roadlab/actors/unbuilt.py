"""Vehicles that can move and cannot be seen yet: complete but for a mesh.

Nobody can write these into a scenario: a model moves to `catalog.VEHICLES` together with its mesh. Sizes and powers:
makers' data sheets of common European models; masses half laden; the rest as in `chassis`. The tractor's trailer is
that of vehicle 4 of the CommonRoad vehicle models (13.6 m long, 8.1 m from the hitch to its axle).
"""

from __future__ import annotations

from dataclasses import dataclass

from roadlab.actors.catalog import VehicleModel
from roadlab.actors.chassis import DEGREES_PER_G, Chassis, Springs, Tyre

_TRUCK_TYRE = Tyre(5.7, 6.6)

TRACTOR = Chassis(7800.0, 0.60, 1.05, 300e3, 27.0, 0.0, _TRUCK_TYRE, Springs(3.0 * DEGREES_PER_G, 0.002, 1.0, 1.5))

UNBUILT: dict[str, VehicleModel] = {
    m.name: m
    for m in (VehicleModel("tractor", "truck", 6.00, 2.95, 3.85, 3.80, 0.80, 2.05, 0.500, 0.80, 1.5, 6.5, TRACTOR),)
}
"""Categories are the nearest of today's."""


@dataclass(frozen=True, slots=True)
class TrailerModel:
    """A semitrailer; frame: x forward, origin at its axles' middle on the ground."""

    name: str
    length: float
    width: float
    height: float
    wheelbase: float
    """From the hitch back to the middle of its axles [m]."""
    rear_overhang: float
    """From the middle of its axles back to the rear end [m]."""
    mass: float
    """[kg]"""


TRAILERS: dict[str, TrailerModel] = {"semitrailer": TrailerModel("semitrailer", 13.60, 2.55, 4.00, 8.10, 3.90, 20e3)}


@dataclass(frozen=True, slots=True)
class PropModel:
    """Something that stands on the road and can be hit; sizes [m], mass [kg]."""

    name: str
    length: float
    width: float
    height: float
    mass: float


PROPS: dict[str, PropModel] = {
    m.name: m
    for m in (
        PropModel("cone", 0.39, 0.39, 0.75, 4.0),  # TL-Leitkegel, 75 cm
        PropModel("barrel", 0.60, 0.60, 1.00, 18.0),  # traffic drum, FHWA MUTCD 6F.67
        PropModel("barrier", 2.00, 0.60, 0.81, 1600.0),  # New Jersey profile, 2 m of concrete
        PropModel("box", 0.60, 0.40, 0.40, 12.0),  # a removal box
    )
}
