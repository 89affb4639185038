"""One turn of a rotating lidar: every pulse leaves from where the unit is at that instant."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.timing import Interval, nanoseconds
from roadlab_sensors.lidar.units import Unit

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Pulses:
    """P pulses in firing order."""

    ring: NDArray[np.uint16]
    """(P,) beam, 0 is the highest."""
    time: NDArray[np.int64]
    """(P,) [ns]."""
    direction: Floats
    """(P, 3) unit vectors in the lidar frame."""


def pulses(unit: Unit, interval: Interval) -> Pulses:
    """All pulses of one turn. The unit turns clockwise from the rear, and looks forward half-way."""
    period = nanoseconds(unit.firing_period)
    columns = (interval.close - interval.open) // period
    beams = len(unit.elevation)
    order = np.argsort(unit.emission_order)
    offset = np.arange(columns)[:, None] * period + np.arange(beams)[None, :] * (period // beams)
    azimuth = np.pi - 2.0 * np.pi * offset / (interval.close - interval.open)
    elevation = np.broadcast_to(unit.elevation[order], azimuth.shape)
    direction = np.stack(
        [np.cos(elevation) * np.cos(azimuth), np.cos(elevation) * np.sin(azimuth), np.sin(elevation)], axis=-1
    )
    return Pulses(
        ring=np.broadcast_to(order.astype(np.uint16), azimuth.shape).ravel(),
        time=(interval.open + offset).ravel(),
        direction=direction.reshape(-1, 3),
    )
