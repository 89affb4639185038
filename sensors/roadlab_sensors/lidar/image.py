"""A sweep as a picture: one row a beam, one column an azimuth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.readings import LidarSweep


@dataclass(frozen=True)
class RangeImage:
    """What each of H beams saw in each of W columns; column 0 looks to the rear, and the middle ahead."""

    range: NDArray[np.float32]
    """(H, W) [m]; 0 where nothing returned."""
    row: NDArray[np.int64]
    """(H, W) of the return in the sweep; -1 where there is none."""

    def of(self, values: NDArray[np.generic], nothing: float = 0.0) -> NDArray[np.generic]:
        """(H, W) of one of the sweep's fields (N,), `nothing` where there is no return."""
        whole: NDArray[np.generic] = np.append(values, np.asarray(nothing, dtype=values.dtype))[self.row]
        return whole


def range_image(sweep: LidarSweep, rings: int, columns: int) -> RangeImage:
    """The nearest return in each cell, by the azimuths at which the unit was when it fired.

    A sweep seen by its raw points has no distortion by the ego's motion along its rows.
    """
    azimuth = np.arctan2(sweep.raw[:, 1], sweep.raw[:, 0])
    column = np.floor((0.5 - azimuth / (2.0 * np.pi)) * columns).astype(np.int64) % columns
    cell = sweep.ring.astype(np.int64) * columns + column
    order = np.lexsort((sweep.range, cell))
    first = order[np.r_[True, cell[order][1:] != cell[order][:-1]]] if len(order) else order
    row = np.full(rings * columns, -1, dtype=np.int64)
    row[cell[first]] = first
    distance = np.append(sweep.range, np.float32(0.0))[row]
    return RangeImage(distance.reshape(rings, columns), row.reshape(rings, columns))
