"""The satellite receiver as an author writes it, and what it reports."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from roadlab.log import SceneLog
from roadlab.randomness import generator
from roadlab.scenario.quantities import Frequency, Length, PositiveDuration, Speed
from roadlab.scenario.spec import PlaceSpec
from roadlab_sensors.inertial.geodesy import geodetic_of
from roadlab_sensors.inertial.kinematics import kinematics
from roadlab_sensors.inertial.noise import gauss_markov
from roadlab_sensors.inertial.timing import InertialSensor
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import GnssReading
from roadlab_sensors.sensor import Stage, ego_from_sensor

Floats = NDArray[np.float64]
Mode = Literal["single", "differential", "rtk_float", "rtk"]

HORIZONTAL: dict[Mode, float] = {"single": 2.0, "differential": 0.7, "rtk_float": 0.3, "rtk": 0.01}
"""Typical standard deviation of each kind of fix in the horizontal plane [m]; 1 ppm of the base line comes on top."""
QUALITY: dict[Mode, int] = {"single": 1, "differential": 2, "rtk_float": 5, "rtk": 4}
"""As in NMEA's GGA sentence."""
VERTICAL = 1.8
"""Vertical errors are this many times the horizontal ones."""


class Gnss(InertialSensor):
    """A receiver whose errors wander slowly, and which now and then has no fix at all."""

    type: Literal["gnss"] = "gnss"
    rate: Annotated[Frequency, Field(ge=0.1, le=100.0)] = 10.0
    mode: Mode = Field("single", description="single, differential, rtk_float or rtk.")
    horizontal: Annotated[Length, Field(ge=0.0, le=100.0)] | None = Field(
        None, description="Standard deviation of east and north; by default the mode's."
    )
    correlation: PositiveDuration = Field(120.0, description="After which errors have changed by most of their size.")
    jitter: Annotated[Length, Field(ge=0.0, le=10.0)] = Field(0.005, description="Standard deviation from fix to fix.")
    speed_noise: Annotated[Speed, Field(le=10.0)] = Field(0.03, description="Standard deviation of each velocity.")
    base_line: Annotated[Length, Field(ge=0.0, le=1e5)] = Field(
        5000.0, description="To the reference station, for rtk."
    )
    outages: Annotated[float, Field(ge=0.0, le=60.0)] = Field(0.0, description="How many outages a minute, on average.")
    outage_length: PositiveDuration = Field(3.0, description="Of an outage, on average.")

    @property
    def deviation(self) -> Floats:
        """(3,) standard deviation of east, north and up [m]."""
        level = HORIZONTAL[self.mode] if self.horizontal is None else self.horizontal
        level += 1e-6 * self.base_line if self.mode == "rtk" and self.horizontal is None else 0.0
        return np.array([level, level, VERTICAL * level])

    def rays(self, quality: Quality) -> int:  # noqa: ARG002 - it casts none
        """None."""
        return 0

    def prepare(self, name: str, stage: Stage) -> Callable[[int], GnssReading]:
        """What makes fix number k."""
        times = self.times(stage.log)
        ego_from_antenna = ego_from_sensor(self.mount)
        truth = kinematics(stage.log, ego_from_antenna, times)
        fixed = ~self.lost(times, generator(stage.seed, "sensor", name, "outages"))
        nothing = np.where(fixed, 0.0, np.nan)[:, None]
        shape, key = (len(times), 3), (stage.seed, "sensor", name)
        wander = gauss_markov(1.0, self.correlation, 1.0 / self.rate, shape, generator(*key, "wander"))
        error = self.deviation * wander + self.jitter * generator(*key, "jitter").standard_normal(shape)
        position = truth.position + error + nothing
        geodetic = geodetic_of(position, *_origin(stage.log))
        velocity = truth.velocity + self.speed_noise * generator(*key, "velocity").standard_normal(shape) + nothing
        stated = np.hypot(self.deviation, self.jitter) + nothing

        def fix(index: int) -> GnssReading:
            row = slice(index, index + 1)
            return GnssReading(
                sensor=name,
                ego_from_antenna=ego_from_antenna,
                time=times[row],
                fix=np.where(fixed[row], QUALITY[self.mode], 0).astype(np.uint8),
                position=position[row],
                geodetic=geodetic[row],
                velocity=velocity[row],
                deviation=stated[row],
                true_position=truth.position[row],
            )

        return fix

    def lost(self, times: NDArray[np.int64], random: np.random.Generator) -> NDArray[np.bool_]:
        """(M,) whether there is an outage; these begin independently of one another and last exponentially long."""
        lost = np.zeros(len(times), dtype=bool)
        if self.outages == 0.0 or len(times) == 0:
            return lost
        at = times[0] * 1e-9
        while at < times[-1] * 1e-9:
            at += random.exponential(60.0 / self.outages)
            length = random.exponential(self.outage_length)
            lost |= (times * 1e-9 >= at) & (times * 1e-9 < at + length)
            at += length
        return lost


def _origin(log: SceneLog) -> tuple[float, float]:
    """Latitude and longitude [deg] of the world's origin."""
    environment = json.loads(log.scenario).get("environment", {}) if log.scenario else {}
    place = PlaceSpec.model_validate(environment.get("place", {}))
    return place.latitude, place.longitude
