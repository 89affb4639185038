"""Lidar units by name: beam tables and timing."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Unit:
    """A rotating unit; beam 0 is the highest."""

    elevation: NDArray[np.float64]
    """(B,) [rad] above the horizontal."""
    firing_period: float
    """From one column of pulses to the next [s]."""
    emission_order: NDArray[np.int64]
    """(B,) slot of each beam within a column; the slots follow one another at equal times."""
    reach_at_tenth: float
    """Range at which a matte target of 10 % reflectivity is just detected [m]."""


# HDL-64E, University of Texas calibration (ros-drivers/velodyne, 64e_utexas.yaml), degrees.
_HDL64E = """
2.021 1.680 1.339 0.999 0.658 0.318 -0.022 -0.362 -0.702 -1.042 -1.382 -1.722 -2.061 -2.401 -2.741 -3.080 -3.420 -3.759
-4.099 -4.439 -4.778 -5.118 -5.458 -5.798 -6.138 -6.478 -6.818 -7.158 -7.499 -7.839 -8.180 -8.521 -8.950 -9.464 -9.977
-10.490 -11.002 -11.514 -12.025 -12.536 -13.047 -13.557 -14.067 -14.577 -15.087 -15.596 -16.106 -16.615 -17.125 -17.634
-18.144 -18.558 -19.163 -19.673 -20.183 -20.693 -21.204 -21.715 -22.226 -22.738 -23.250 -23.763 -24.276 -24.711
"""


def _interleaved(beams: int) -> NDArray[np.int64]:
    """Upper and lower bank fire in turn."""
    half = beams // 2
    return np.where(np.arange(beams) < half, 2 * np.arange(beams), 2 * (np.arange(beams) - half) + 1)


UNITS: dict[str, Unit] = {
    "hdl64e": Unit(
        elevation=np.radians(np.array(_HDL64E.split(), dtype=np.float64)),
        firing_period=48e-6,  # 0.1728 degrees at 10 turns a second
        emission_order=_interleaved(64),
        reach_at_tenth=60.0,
    )
}
