"""What inertial sensors share: many small measurements, of which a sample holds all since the sample before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.log import SceneLog
from roadlab.timing import Nanoseconds
from roadlab_sensors.readings import InertialReading
from roadlab_sensors.sensor import Sensor

MotionReader = Callable[[int], InertialReading]


class InertialSensor(Sensor):
    """A sensor whose reading number k is one measurement, at an instant."""

    @property
    def reading_length(self) -> float:
        """Next to nothing [s]."""
        return 0.0

    def times(self, log: SceneLog) -> NDArray[np.int64]:
        """(M,) when it measures [ns], as long as the log lasts."""
        clock = self.timing.clock
        count = clock.count_until(int(log.time[-1]))
        return np.array([clock.trigger(k) for k in range(count)], dtype=np.int64)

    def within(self, after: Nanoseconds | None, until: Nanoseconds) -> range:
        """Measurements after one time (from the first on for None) and no later than another."""
        clock = self.timing.clock
        return range(0 if after is None else clock.count_until(after), clock.count_until(until))


def together(reader: MotionReader, indices: Sequence[int]) -> InertialReading:
    """Several measurements as one reading; at least the first of the scenario, where there is none yet."""
    readings = [reader(index) for index in (indices or [0])]
    first = readings[0]
    series = {f.name for f in fields(first)} - {"sensor", "ego_from_imu", "ego_from_antenna"}
    arrays: dict[str, Any] = {name: np.concatenate([getattr(r, name) for r in readings]) for name in series}
    if not indices:
        arrays = {name: values[:0] for name, values in arrays.items()}
    return replace(first, **arrays)
