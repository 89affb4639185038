"""The inertial measurement unit as an author writes it, and what it measures."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from roadlab.randomness import generator
from roadlab.scenario.quantities import Frequency
from roadlab_sensors.inertial.kinematics import kinematics
from roadlab_sensors.inertial.noise import flicker, walk, white
from roadlab_sensors.inertial.timing import InertialSensor
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import ImuReading
from roadlab_sensors.sensor import Stage, ego_from_sensor

Floats = NDArray[np.float64]
Density = Annotated[float, Field(ge=0.0, le=10.0)]


class Imu(InertialSensor):
    """Three accelerometers and three gyroscopes; errors by the parameters of an Allan deviation.

    The defaults are those of an MPU-6000: 0.30 deg/sqrt(h) and 4.6 deg/h; 0.24 mg as noise over one root hertz.
    """

    type: Literal["imu"] = "imu"
    rate: Annotated[Frequency, Field(ge=1.0, le=2000.0)] = 100.0
    gyro_noise: Density = Field(8.727e-5, description="Angular random walk N [rad/s/sqrt(Hz)].")
    gyro_instability: Density = Field(2.23e-5, description="Bias instability B [rad/s].")
    gyro_walk: Density = Field(1.0e-6, description="Rate random walk K [rad/s²/sqrt(Hz)].")
    gyro_bias: Density = Field(1.0e-3, description="Standard deviation of the constant bias [rad/s].")
    accel_noise: Density = Field(2.353e-3, description="Velocity random walk N [m/s²/sqrt(Hz)].")
    accel_instability: Density = Field(3.5e-4, description="Bias instability B [m/s²].")
    accel_walk: Density = Field(3.0e-5, description="Acceleration random walk K [m/s³/sqrt(Hz)].")
    accel_bias: Density = Field(0.02, description="Standard deviation of the constant bias [m/s²].")

    def rays(self, quality: Quality) -> int:  # noqa: ARG002 - it casts none
        """None."""
        return 0

    def prepare(self, name: str, stage: Stage) -> Callable[[int], ImuReading]:
        """What makes the measurements of tick number k."""
        times = self.times(stage.log)
        ego_from_imu = ego_from_sensor(self.mount)
        truth = kinematics(stage.log, ego_from_imu, times)
        rate = truth.angular_rate + self._errors(name, stage, "gyro", len(times))
        force = truth.specific_force + self._errors(name, stage, "accel", len(times))

        def measure(index: int) -> ImuReading:
            row = slice(index, index + 1)
            return ImuReading(
                sensor=name,
                ego_from_imu=ego_from_imu,
                time=times[row],
                specific_force=force[row],
                angular_rate=rate[row],
                true_specific_force=truth.specific_force[row],
                true_angular_rate=truth.angular_rate[row],
            )

        return measure

    def _errors(self, name: str, stage: Stage, kind: Literal["gyro", "accel"], count: int) -> Floats:
        """(M, 3) of all measurements from the scenario's start."""
        step, shape = 1.0 / self.rate, (count, 3)
        parts = (
            (white, getattr(self, f"{kind}_noise")),
            (flicker, getattr(self, f"{kind}_instability")),
            (walk, getattr(self, f"{kind}_walk")),
        )
        errors = [
            process(size, step, shape, generator(stage.seed, "sensor", name, kind, process.__name__))
            for process, size in parts
        ]
        bias = generator(stage.seed, "sensor", name, kind, "bias").normal(0.0, getattr(self, f"{kind}_bias"), 3)
        total: Floats = np.sum(errors, axis=0) + bias
        return total
