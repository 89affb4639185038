"""What can be on the road: sizes and dynamics parameters by model name.

Sizes are overall (length, width, height) [m], mirrors included, so that a label's box contains every surface. They are
the averages of current European cars of each class (makers' data sheets, 2020 to 2025).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from roadlab.actors.chassis import (
    BICYCLE,
    BUS,
    CARAVAN,
    ESTATE,
    HATCHBACK,
    MINIBUS,
    MOTORCYCLE,
    PICKUP,
    SCOOTER,
    SEDAN,
    SEMITRAILER,
    SUV,
    TRACTOR,
    TRUCK,
    VAN,
    Chassis,
)

Category = Literal[
    "car", "van", "truck", "bus", "trailer", "motorcyclist", "cyclist", "pedestrian", "cone", "barrel", "barrier",
    "obstacle",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Hitch:
    """Where a vehicle and what it pulls are joined."""

    x: float
    """In the frame of the vehicle, or of the trailer [m]."""
    kind: Literal["fifth_wheel", "ball"]
    """Only two of one kind fit together."""


@dataclass(frozen=True, slots=True)
class VehicleModel:
    """A wheeled vehicle; frame: x forward, y left, z up, origin at the rear axle's centre on the ground."""

    name: str
    category: Category
    length: float
    width: float
    height: float
    wheelbase: float
    rear_overhang: float
    """From the rear axle back to the rear end [m]."""
    track: float
    """Between the centres of the left and right wheels [m]; 0 for two-wheelers."""
    wheel_radius: float
    max_steer: float
    """Road-wheel angle [rad]."""
    max_acceleration: float
    """At low speed [m/s²]."""
    max_deceleration: float
    """Emergency braking on dry asphalt [m/s²]."""
    chassis: Chassis
    """Masses, tyres and springs."""
    hitch: Hitch | None = None
    """None for what neither pulls nor is pulled."""
    trailer: str | None = None
    """Which one it has unless the file says so."""
    rear_axles: tuple[float, ...] = (0.0,)
    """Where the axles are that do not steer, along x [m]; the origin is in their middle."""

    @property
    def box_center(self) -> tuple[float, float, float]:
        """Centre of the bounding box in the vehicle's frame [m]."""
        return (self.length / 2 - self.rear_overhang, 0.0, self.height / 2)

    @property
    def front_arm(self) -> float:
        """From the centre of gravity forward to the front axle [m]."""
        return self.wheelbase * (1.0 - self.chassis.front_share)

    @property
    def rear_arm(self) -> float:
        """From the centre of gravity back to the rear axle [m]."""
        return self.wheelbase * self.chassis.front_share

    @property
    def yaw_inertia(self) -> float:
        """About the vertical through the centre of gravity [kg m²].

        Mass times both arms: a dynamic index of 1. The three cars of the CommonRoad vehicle models have 0.94 to 1.10.
        """
        return self.chassis.mass * self.front_arm * self.rear_arm

    @property
    def switch_speed(self) -> float:
        """Above this the power, not the gearing and grip, bounds the acceleration [m/s]."""
        return self.chassis.power / (self.chassis.mass * self.max_acceleration)

    def pulling(self, trailer: VehicleModel) -> VehicleModel:
        """The same with less power to spare: the trailer takes its share by mass, and brakes itself."""
        share = self.chassis.mass / (self.chassis.mass + trailer.chassis.mass)
        weaker = replace(self.chassis, power=share * self.chassis.power)
        return replace(self, max_acceleration=share * self.max_acceleration, chassis=weaker)


@dataclass(frozen=True, slots=True)
class PersonModel:
    """A pedestrian; frame: x forward, y left, z up, origin on the ground below the hips."""

    name: str
    height: float
    """Standing [m]."""
    shoulder_width: float
    """Across the upper arms [m]."""
    mass: float
    """[kg]"""
    category: Category = "pedestrian"


def _towing(model: VehicleModel) -> VehicleModel:
    """With a ball behind the bumper (UN Regulation 55: 65 mm or more from it)."""
    return replace(model, hitch=Hitch(-model.rear_overhang - 0.07, "ball"))


_CARS = (
    VehicleModel("hatchback", "car", 4.28, 1.96, 1.48, 2.64, 0.78, 1.54, 0.316, 0.61, 3.0, 9.0, HATCHBACK),
    VehicleModel("sedan", "car", 4.76, 2.02, 1.45, 2.85, 1.06, 1.59, 0.330, 0.60, 3.2, 9.0, SEDAN),
    VehicleModel("estate", "car", 4.69, 2.00, 1.49, 2.79, 1.05, 1.57, 0.325, 0.60, 3.0, 9.0, ESTATE),
    VehicleModel("suv", "car", 4.51, 2.04, 1.68, 2.68, 0.93, 1.58, 0.352, 0.60, 3.0, 9.0, SUV),
    VehicleModel("pickup", "car", 5.35, 2.16, 1.80, 3.22, 1.22, 1.58, 0.385, 0.60, 2.6, 8.5, PICKUP),
    VehicleModel("van", "van", 5.30, 2.24, 2.28, 3.30, 1.02, 1.66, 0.345, 0.62, 2.0, 8.0, VAN),
    VehicleModel("minibus", "van", 7.00, 2.45, 2.80, 4.10, 1.90, 1.71, 0.360, 0.64, 1.8, 7.5, MINIBUS),
)
_TRACTOR = VehicleModel(
    "tractor", "truck", 5.95, 2.95, 3.85, 3.80, 0.80, 2.05, 0.500, 0.80, 2.5, 6.5, TRACTOR, Hitch(0.65, "fifth_wheel")
)
VEHICLES: dict[str, VehicleModel] = {
    m.name: m
    for m in (
        *(_towing(car) for car in _CARS),
        VehicleModel("truck", "truck", 8.40, 2.70, 3.45, 4.70, 2.35, 2.00, 0.480, 0.70, 1.2, 6.5, TRUCK),
        _TRACTOR,
        replace(_TRACTOR, name="articulated_truck", trailer="semitrailer"),
        VehicleModel("bus", "bus", 12.00, 3.00, 3.10, 5.90, 3.40, 2.10, 0.480, 0.87, 1.2, 6.5, BUS),
        VehicleModel("motorcycle", "motorcyclist", 2.15, 0.90, 1.73, 1.45, 0.39, 0.0, 0.31, 0.55, 5.0, 8.5, MOTORCYCLE),
        VehicleModel("scooter", "motorcyclist", 1.90, 0.75, 1.71, 1.32, 0.34, 0.0, 0.240, 0.60, 2.5, 7.0, SCOOTER),
        VehicleModel("bicycle", "cyclist", 1.79, 0.66, 1.81, 1.08, 0.365, 0.0, 0.345, 0.70, 1.2, 3.5, BICYCLE),
    )
}
TRAILERS: dict[str, VehicleModel] = {
    m.name: m
    for m in (
        VehicleModel(
            "semitrailer", "trailer", 13.60, 2.55, 4.00, 7.70, 4.30, 2.04, 0.500, 0.0, 0.0, 6.5, SEMITRAILER,
            Hitch(7.70, "fifth_wheel"), rear_axles=(-1.31, 0.0, 1.31),
        ),
        VehicleModel(
            "caravan", "trailer", 7.10, 2.32, 2.60, 4.25, 2.75, 2.06, 0.330, 0.0, 0.0, 8.5, CARAVAN, Hitch(4.25, "ball")
        ),
    )
}  # fmt: skip
"""What others pull; the wheelbase is from the hitch back to the middle of the axles. The semitrailer is 12.00 m long
behind its kingpin, the most that directive 96/53/EC allows, and a tractor with it 16.50 m."""
WHEELED: dict[str, VehicleModel] = VEHICLES | TRAILERS
"""All that can be the model of an actor in a scene log, but for people."""
PEOPLE: dict[str, PersonModel] = {
    m.name: m
    for m in (
        PersonModel("adult", 1.72, 0.46, 75.0),
        PersonModel("tall_adult", 1.86, 0.49, 86.0),
        PersonModel("short_adult", 1.60, 0.43, 63.0),
        PersonModel("senior", 1.66, 0.45, 73.0),
        PersonModel("teenager", 1.55, 0.41, 48.0),
        PersonModel("child", 1.25, 0.33, 25.0),
    )
}
