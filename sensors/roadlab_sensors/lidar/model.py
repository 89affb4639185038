"""The lidar as an author writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import model_validator

from roadlab.scenario.quantities import Length, PositiveLength
from roadlab_sensors.lidar.sweep import pulses
from roadlab_sensors.lidar.units import UNITS
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import LidarSweep
from roadlab_sensors.sensor import Sensor, Stage


class Lidar(Sensor):
    """A rotating lidar; turns clockwise seen from above and looks forward in the middle of each turn."""

    type: Literal["lidar"] = "lidar"
    model: Literal["hdl64e"] = "hdl64e"
    range_min: PositiveLength = 1.4
    range_max: PositiveLength = 80.0
    range_noise: Length = 0.01

    @model_validator(mode="after")
    def _range_is_an_interval(self) -> Lidar:
        if self.range_min >= self.range_max:
            raise ValueError(f"range_min {self.range_min:g} m must be less than range_max {self.range_max:g} m")
        if self.range_noise < 0.0:
            raise ValueError("range_noise must not be negative")
        if not 5.0 <= self.rate <= 20.0:
            raise ValueError(f"a rotating lidar turns 5 to 20 times a second, not {self.rate:g}")
        return self

    @property
    def reading_length(self) -> float:
        """One turn [s]."""
        return 1.0 / self.rate

    def rays(self, quality: Quality) -> int:  # noqa: ARG002 - of every quality
        """Pulses of one turn; the same for every quality."""
        return len(pulses(UNITS[self.model], self.timing.interval(0)).ring)

    def prepare(self, name: str, stage: Stage) -> Callable[[int], LidarSweep]:
        """What makes sweep number k."""
        from roadlab_sensors.lidar.scan import scans

        return scans(name, self, stage)
