"""What lidars report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.readings.scan import Scan


@dataclass(frozen=True)
class LidarSweep(Scan):
    """One turn; N returns in firing order."""

    world_from_lidar: NDArray[np.float64]
    """(4, 4) at `reference`; lidar frame x forward, y left, z up."""
    points: NDArray[np.float32]
    """(N, 3) [m], ego-motion compensated: where the surface was at its own time, in the lidar frame at `reference`."""
    intensity: NDArray[np.float32]
    """(N,) in [0, 1]."""
    ring: NDArray[np.uint16]
    """(N,) beam index, 0 is the highest."""
    time: NDArray[np.int64]
    """(N,) [ns] when each pulse was fired."""
    range: NDArray[np.float32]
    """(N,) [m] measured from where the lidar was at that time, noise included."""
    instance: NDArray[np.uint16]
    """(N,) actor's instance id, 0 for the static world."""
    semantic: NDArray[np.uint8]
    """(N,) values of `SEMANTIC_IDS`."""
    rays: int
    """Pulses fired, returned or not."""
    raw: NDArray[np.float32]
    """(N, 3) [m], not compensated: `range` along the pulse, in the lidar frame at each return's own time."""
    return_number: NDArray[np.uint8]
    """(N,) 1 for the nearest return of its pulse that the unit reports, 2 for the next, as in LAS files."""
    return_count: NDArray[np.uint8]
    """(N,) how many returns of the same pulse the unit reports."""
    incidence: NDArray[np.float32]
    """(N,) [rad] between the pulse and the surface's normal, 0 to pi/2; NaN where the air itself returned it."""
    material: NDArray[np.uint8]
    """(N,) indices into `roadlab_sensors.world.materials.MATERIALS`, or a key of `AIRBORNE`."""
    velocity: NDArray[np.float32]
    """(N, 3) [m/s] of the surface at that point, world frame; zeros for the static world and for the air."""


AIRBORNE: dict[int, str] = {250: "mirror image", 251: "exhaust", 252: "spray", 253: "snow", 254: "rain", 255: "fog"}
"""What returned a pulse where there is no surface, by `LidarSweep.material`; its `semantic` is 0, unlabeled.

A mirror image is what a pulse met by way of a mirror, a pane or still water: the point lies behind these.
"""
