"""The models of dynamics as an author chooses them: `dynamics: {type: load_sensitive, drive_lag: 0.3 s}`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from roadlab.actors.catalog import VehicleModel
from roadlab.actors.chassis import Chassis, Tyre
from roadlab.dynamics.actuators import Lags
from roadlab.dynamics.handling import Handling, handling
from roadlab.dynamics.kinematic import Kinematic
from roadlab.dynamics.linear import LinearSingleTrack
from roadlab.dynamics.load_sensitive import LoadSensitiveSingleTrack
from roadlab.dynamics.motion import MotionModel, Vehicles
from roadlab.dynamics.single_track import parameters
from roadlab.scenario.quantities import Duration, Length, Mass
from roadlab.scenario.spec import DynamicsSpec

T = TypeVar("T", Tyre, Chassis)
Lag = Annotated[Duration, Field(le=5.0)]
Stiffness = Annotated[float, Field(ge=1.0, le=100.0)]


class KinematicDynamics(DynamicsSpec):
    """Wheels roll where they point, as far as friction allows."""

    type: Literal["kinematic"] = "kinematic"
    steering_lag: Lag = Field(0.0, description="Time constant of the steering; by default it follows at once.")
    drive_lag: Lag = Field(0.0, description="Time constant of engine and brakes; by default they follow at once.")

    @classmethod
    def together(cls, actors: Sequence[tuple[Self, VehicleModel]]) -> MotionModel:
        """The model of all these actors."""
        return Kinematic(parameters([vehicle for _, vehicle in actors]), _lags([spec for spec, _ in actors]))


class _Handled(DynamicsSpec):
    """What the dynamic models have in common; what is absent is the catalog's for the vehicle."""

    steering_lag: Lag = Field(0.05, description="Time constant of the steering.")
    drive_lag: Lag = Field(0.15, description="Time constant of engine and brakes.")
    mass: Annotated[Mass, Field(ge=100.0, le=60e3)] | None = Field(None, description="With driver and load.")
    front_share: Annotated[float, Field(ge=0.2, le=0.8)] | None = Field(
        None, description="Of the weight on the front axle, at rest."
    )
    gravity_height: Annotated[Length, Field(ge=0.1, le=3.0)] | None = Field(
        None, description="Of the centre of gravity above the ground."
    )
    front_stiffness: Stiffness | None = Field(
        None, description="Cornering stiffness of the front axle over its load, 1/rad; 17.6 for cars."
    )
    rear_stiffness: Stiffness | None = Field(
        None, description="Cornering stiffness of the rear axle over its load, 1/rad; 25.3 for cars."
    )

    def loaded(self, vehicle: VehicleModel) -> VehicleModel:
        """The vehicle with what the author says about it."""
        tyre = _changed(vehicle.chassis.tyre, front_stiffness=self.front_stiffness, rear_stiffness=self.rear_stiffness)
        chassis = _changed(
            vehicle.chassis,
            tyre=tyre,
            mass=self.mass,
            front_share=self.front_share,
            gravity_height=self.gravity_height,
        )
        return replace(vehicle, chassis=chassis)


class LinearDynamics(_Handled):
    """Tyres give forces in proportion to slip and load; understeer, sideslip and a yaw that lags behind the wheel."""

    type: Literal["linear"] = "linear"

    @classmethod
    def together(cls, actors: Sequence[tuple[Self, VehicleModel]]) -> MotionModel:
        """The model of all these actors."""
        models = [spec.loaded(vehicle) for spec, vehicle in actors]
        return LinearSingleTrack(parameters(models), _lags([spec for spec, _ in actors]), handling(models))


class LoadSensitiveDynamics(_Handled):
    """Tyres saturate and share their grip between braking and cornering; loads shift. For skids and limits."""

    type: Literal["load_sensitive"] = "load_sensitive"
    drive_front: Annotated[float, Field(ge=0.0, le=1.0)] | None = Field(
        None, description="Share of the driving force on the front axle: 1 front-wheel drive, 0 rear-wheel drive."
    )

    @classmethod
    def together(cls, actors: Sequence[tuple[Self, VehicleModel]]) -> MotionModel:
        """The model of all these actors."""
        models = [spec.loaded(vehicle) for spec, vehicle in actors]
        values: Handling = handling(models)
        given = [spec.drive_front for spec, _ in actors]
        front = np.array([v if v is not None else u for v, u in zip(given, values.drive_front, strict=True)])
        lags = _lags([spec for spec, _ in actors])
        return LoadSensitiveSingleTrack(parameters(models), lags, replace(values, drive_front=front))


def vehicles(actors: Sequence[tuple[DynamicsSpec | None, VehicleModel]]) -> Vehicles:
    """The vehicles of a run; those whose author says nothing are kinematic."""
    chosen: list[tuple[Any, VehicleModel]] = [(spec or KinematicDynamics(), vehicle) for spec, vehicle in actors]
    kinds = sorted({type(spec) for spec, _ in chosen}, key=lambda cls: (cls.__module__, cls.__qualname__))
    groups = []
    for kind in kinds:
        who: NDArray[np.int64] = np.array([k for k, (spec, _) in enumerate(chosen) if type(spec) is kind])
        groups.append((who, kind.together([chosen[k] for k in who])))
    return Vehicles(len(chosen), tuple(groups))


def _lags(specs: Sequence[Any]) -> Lags:
    return Lags(np.array([spec.steering_lag for spec in specs]), np.array([spec.drive_lag for spec in specs]))


def _changed(values: T, **changes: Any) -> T:
    """`values`, with those of the changes that are not None."""
    return replace(values, **{name: value for name, value in changes.items() if value is not None})
