"""What radars report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.readings.scan import Scan


@dataclass(frozen=True)
class RadarTracks:
    """What the unit's own tracker makes of the detections so far; K tracks in the radar frame at the scan's time."""

    id: NDArray[np.int16]
    """(K,) stays the same from scan to scan."""
    position: NDArray[np.float32]
    """(K, 2) x forward, y left [m]."""
    velocity: NDArray[np.float32]
    """(K, 2) over ground, along the same axes [m/s]."""
    covariance: NDArray[np.float32]
    """(K, 4, 4) of position and velocity."""
    rcs: NDArray[np.float32]
    """(K,) [dBsm], smoothed."""
    age: NDArray[np.uint16]
    """(K,) scans since the track began."""
    instance: NDArray[np.uint16]
    """(K,) truth: the actor that caused most of its detections, 0 for none."""


RADAR_FIELDS: dict[str, str] = {
    "x": "float32",
    "y": "float32",
    "z": "float32",
    "dyn_prop": "int8",
    "id": "int16",
    "rcs": "float32",
    "vx": "float32",
    "vy": "float32",
    "vx_comp": "float32",
    "vy_comp": "float32",
    "is_quality_valid": "int8",
    "ambig_state": "int8",
    "x_rms": "int8",
    "y_rms": "int8",
    "invalid_state": "int8",
    "pdh0": "int8",
    "vx_rms": "int8",
    "vy_rms": "int8",
}
"""NumPy types of nuScenes' 18 radar fields, in the order of its files: the fields of `RadarScan.detections`.

x, y, z [m] in the radar frame (x forward, y left, z up); z is 0 for units that do not measure elevation. rcs [dBsm].
(vx, vy) [m/s] is the range rate, positive when receding, laid along the line of sight; `_comp` is the same with the
ego's own motion taken out. The codes and classes of deviation are those of nuScenes' devkit (`RadarPointCloud`).
"""


@dataclass(frozen=True)
class RadarScan(Scan):
    """One measuring cycle of a radar: N detections, and the truth about each."""

    world_from_radar: NDArray[np.float64]
    """(4, 4) at `reference`; radar frame x forward, y left, z up."""
    detections: NDArray[np.void]
    """(N,) structured, the fields of `RADAR_FIELDS`; includes those that the default filter of nuScenes drops."""
    range: NDArray[np.float32]
    """(N,) [m] as measured."""
    azimuth: NDArray[np.float32]
    """(N,) [rad] as measured, positive to the left."""
    range_rate: NDArray[np.float32]
    """(N,) [m/s] as measured, positive when receding; not compensated."""
    snr: NDArray[np.float32]
    """(N,) [dB]."""
    instance: NDArray[np.uint16]
    """(N,) truth: the actor, 0 for the static world, clutter and ghosts of it."""
    ghost: NDArray[np.bool_]
    """(N,) truth: nothing is where the detection seems to be (mirrored, folded in range or rate, or noise)."""
    tracks: RadarTracks
