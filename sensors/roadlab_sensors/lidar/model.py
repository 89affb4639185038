"""The lidar as an author writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, field_validator, model_validator

from roadlab.scenario.quantities import Angle, Frequency, Length, PositiveDuration, PositiveLength, SignedDuration
from roadlab.scenario.spec.base import Spec
from roadlab_sensors.lidar.patterns import Spinning
from roadlab_sensors.lidar.receive import Policy
from roadlab_sensors.lidar.units import UNITS, Receiver, Unit, os1_128
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import LidarSweep
from roadlab_sensors.sensor import Sensor, Stage

Model = Literal["hdl64e", "hdl32e", "vlp16", "pandar64", "os1_128", "rosette", "raster"]
RIGHT_ANGLE = np.pi / 2.0
MOST_PULSES = 2_000_000
"""Of one turn; more would not fit into memory with all their labels."""


class Beam(Spec):
    """One beam of a table; in CSV the columns ring, elevation, azimuth and time, of which elevation must be there."""

    ring: Annotated[int, Field(ge=0, le=511)] | None = Field(None, description="Counts from 0, the highest.")
    elevation: Annotated[Angle, Field(gt=-RIGHT_ANGLE, lt=RIGHT_ANGLE)]
    azimuth: Annotated[Angle, Field(ge=-np.pi, le=np.pi)] = Field(
        0.0, description="From where the rotor looks, positive to the left."
    )
    time: Annotated[SignedDuration, Field(ge=0.0, le=1e-3)] = Field(
        0.0, description="After the start of its column, such as 1.152 us."
    )


class Lidar(Sensor):
    """A lidar by its maker's name, or a spinning one with a table of beams of one's own.

    Spinning units turn clockwise seen from above; all of them look along `phase_lock` in the middle of each turn.
    """

    type: Literal["lidar"] = "lidar"
    model: Model = Field("hdl64e", description="hdl64e, hdl32e, vlp16, pandar64, os1_128, rosette or raster.")
    beams: Annotated[list[Beam], Field(min_length=1, max_length=512)] | None = Field(
        None, description="Beams of one's own, or the name of a CSV file with them; the rest is as for the model."
    )
    columns_per_second: Annotated[Frequency, Field(ge=100.0, le=1e6)] | None = Field(
        None, description="How often all beams of one's own are fired; must give whole columns a turn."
    )
    columns: Literal[512, 1024, 2048] = Field(1024, description="Columns a turn of an os1_128.")
    phase_lock: Annotated[Angle, Field(ge=-2.0 * np.pi, le=2.0 * np.pi)] = Field(
        0.0, description="Where the unit looks in the middle of each turn, positive to the left."
    )
    returns: Policy = Field("strongest", description="strongest, last, dual (both) or triple (up to three).")
    physics: Literal["full", "simple"] | None = Field(
        None,
        description="full: beams have a width and weather counts; simple: one thin ray a pulse in clear air. By "
        "default full, but simple at draft quality.",
    )
    wavelength: Literal[865, 905, 1550] | None = Field(None, description="In nm; by default the model's.")
    reach: PositiveLength | None = Field(None, description="At which half of the pulses on a 10 % target return.")
    divergence: Annotated[Angle, Field(ge=0.0, le=0.1)] | None = Field(None, description="Full angle of a round beam.")
    pulse: Annotated[PositiveDuration, Field(ge=1e-10, le=1e-7)] | None = Field(None, description="Such as 0.004 us.")
    range_min: PositiveLength | None = Field(None, description="By default the model's.")
    range_max: PositiveLength | None = Field(None, description="By default the model's.")
    range_noise: Annotated[Length, Field(ge=0.0, le=10.0)] | None = Field(
        None, description="Standard deviation near by; it grows with range."
    )

    @field_validator("beams")
    @classmethod
    def _rings_in_order(cls, beams: list[Beam] | None) -> list[Beam] | None:
        """Beams from the highest down, each at a place of its own."""
        seen: dict[tuple[float, float], int] = {}
        for number, beam in enumerate(beams or []):
            place = (beam.elevation, beam.azimuth)
            if place in seen:
                raise ValueError(f"beam {number} is the same as beam {seen[place]}: {np.degrees(beam.elevation):g} deg")
            if beam.ring is not None and beam.ring != number:
                raise ValueError(f"ring {beam.ring} is out of order: beam {number} of the table must be ring {number}")
            if number and beams and beam.elevation > beams[number - 1].elevation:
                raise ValueError(
                    f"beam {number} is higher than beam {number - 1}; rings count from 0, the highest, downwards"
                )
            seen[place] = number
        return beams

    @model_validator(mode="after")
    def _fits_together(self) -> Lidar:
        if (self.beams is None) != (self.columns_per_second is None):
            raise ValueError("beams and columns_per_second belong together: give both, or none for the model's own")
        if self.columns != 1024 and (self.model != "os1_128" or self.beams is not None):
            raise ValueError("columns is for model os1_128; other models fire by a clock of their own")
        receiver = self.unit.receiver
        if receiver.nearest >= receiver.farthest:
            raise ValueError(f"range_min {receiver.nearest:g} m must be less than range_max {receiver.farthest:g} m")
        if not 5.0 <= self.rate <= 20.0:
            raise ValueError(f"a lidar turns 5 to 20 times a second, not {self.rate:g}")
        if (
            self.model == "os1_128"
            and self.beams is None
            and (self.rate not in (10.0, 20.0) or self.columns * self.rate > 20480)
        ):
            raise ValueError(
                f"an os1_128 has the modes 512x10, 1024x10, 2048x10, 512x20 and 1024x20, "
                f"not {self.columns}x{self.rate:g}"
            )
        problem = self.unit.pattern.problem(self.rate)
        if problem is not None:
            raise ValueError(problem)
        if self.unit.pattern.count(self.timing.interval(0)) > MOST_PULSES:
            raise ValueError(
                f"{self.unit.pattern.count(self.timing.interval(0))} pulses a turn are more than {MOST_PULSES}"
            )
        return self

    @property
    def unit(self) -> Unit:
        """The model with what the author changed."""
        unit = UNITS[self.model]
        pattern = os1_128(self.columns, self.rate) if self.model == "os1_128" else unit.pattern
        if self.beams is not None and self.columns_per_second is not None:
            pattern = Spinning(
                elevation=np.array([beam.elevation for beam in self.beams]),
                azimuth=np.array([beam.azimuth for beam in self.beams]),
                slot=np.array([beam.time * 1e9 for beam in self.beams]),
                column_period=1e9 / self.columns_per_second,
                synchronous=True,
            )
        return Unit(pattern, self._receiver(unit.receiver))

    def _receiver(self, receiver: Receiver) -> Receiver:
        changes: dict[str, Any] = {
            "wavelength": self.wavelength,
            "reach": self.reach,
            "divergence": None if self.divergence is None else (self.divergence, self.divergence),
            "pulse": self.pulse,
            "nearest": self.range_min,
            "farthest": self.range_max,
            "range_noise": self.range_noise,
        }
        return replace(receiver, **{name: value for name, value in changes.items() if value is not None})

    @property
    def reading_length(self) -> float:
        """One turn [s]."""
        return 1.0 / self.rate

    def physics_at(self, quality: Quality) -> Literal["full", "simple"]:
        """The model of its physics that counts."""
        return self.physics or quality.physics

    def rays(self, quality: Quality) -> int:
        """Rays of one turn."""
        return self.unit.pattern.count(self.timing.interval(0)) * (7 if self.physics_at(quality) == "full" else 1)

    def prepare(self, name: str, stage: Stage) -> Callable[[int], LidarSweep]:
        """What makes sweep number k."""
        from roadlab_sensors.lidar.scan import scans

        return scans(name, self, stage)
