"""Wheel odometry as an author writes it, and what the counters say."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from roadlab.actors.catalog import VEHICLES, VehicleModel
from roadlab.errors import RoadlabError
from roadlab.randomness import generator
from roadlab.scenario.quantities import Frequency
from roadlab_sensors.inertial.kinematics import Kinematics, kinematics
from roadlab_sensors.inertial.timing import InertialSensor
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import OdometryReading
from roadlab_sensors.sensor import Stage

Floats = NDArray[np.float64]

SLIP = 0.004
"""Share by which driven wheels turn faster for each m/s² (a slip stiffness of 25 times the load); less when braking."""


class Odometry(InertialSensor):
    """A pulse counter at each wheel of a two-track vehicle."""

    type: Literal["odometry"] = "odometry"
    rate: Annotated[Frequency, Field(ge=1.0, le=1000.0)] = 50.0
    pulses_per_turn: Annotated[int, Field(ge=1, le=10_000)] = Field(96, description="Of a wheel.")
    radius_error: Annotated[float, Field(ge=0.0, le=0.1)] = Field(
        0.005, description="Standard deviation of the true radii, as a share of the nominal one."
    )

    def rays(self, quality: Quality) -> int:  # noqa: ARG002 - it casts none
        """None."""
        return 0

    def prepare(self, name: str, stage: Stage) -> Callable[[int], OdometryReading]:
        """What makes measurement number k."""
        model = _two_tracks(name, stage)
        times = self.times(stage.log)
        error = generator(stage.seed, "sensor", name, "radii").normal(0.0, self.radius_error, 4)
        turned = np.stack([_rolled(stage, place, times) for place in _wheels(model)], axis=1)
        turned /= model.wheel_radius * (1.0 + error)
        pulses = np.floor(turned / (2.0 * np.pi) * self.pulses_per_turn + 1e-9).astype(np.int64)
        tread = 2.0 * np.pi * model.wheel_radius / self.pulses_per_turn
        speed = np.diff(pulses, axis=0, prepend=pulses[:1]) * tread * self.rate

        def measure(index: int) -> OdometryReading:
            row = slice(index, index + 1)
            left, right = speed[row, 2], speed[row, 3]
            return OdometryReading(
                sensor=name,
                time=times[row],
                pulses=pulses[row],
                wheel_speed=speed[row],
                speed=(left + right) / 2.0,
                yaw_rate=(right - left) / model.track,
            )

        return measure


def _two_tracks(name: str, stage: Stage) -> VehicleModel:
    ego = stage.log.actors[stage.log.ego]
    model = VEHICLES.get(ego.model)
    if model is None or model.track <= 0.0:
        raise RoadlabError(f"sensors.{name}: odometry needs an ego with four wheels, and {ego.model} has not")
    return model


def _wheels(model: VehicleModel) -> list[tuple[float, float, bool]]:
    """x, y and whether it is driven and steered, front left, front right, rear left, rear right."""
    side = model.track / 2.0
    return [(model.wheelbase, side, True), (model.wheelbase, -side, True), (0.0, side, False), (0.0, -side, False)]


def _rolled(stage: Stage, place: tuple[float, float, bool], times: NDArray[np.int64]) -> Floats:
    """(M,) [m] that the tread of a wheel has run since the log began."""
    x, y, driven = place
    log = stage.log
    grid = np.arange(int(log.time[0]), int(log.time[-1]) + 1, 2_000_000)
    mount = np.eye(4)
    mount[:2, 3] = x, y
    motion: Kinematics = kinematics(log, mount, grid)
    # Front wheels point along their own way; rear wheels along the vehicle.
    speed = np.linalg.norm(motion.velocity[:, :2], axis=1)
    if driven:
        speed = speed * (1.0 + SLIP * motion.specific_force[:, 0])
    run = np.r_[0.0, np.cumsum((speed[1:] + speed[:-1]) / 2.0 * np.diff(grid) * 1e-9)]
    rolled: Floats = np.interp(times, grid, run)
    return rolled
