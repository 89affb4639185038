"""Those who walk together stay together.

Groups walk abreast, adapt their speeds, and wait for one another (M. Moussaid et al., "The walking behaviour of
pedestrian social groups and its impact on crowd dynamics", PLoS ONE 5 (2010)).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

ABREAST = 0.3
"""Who is less than this ahead of or behind the middle of the group is beside the others [m]."""
ADAPTATION = 0.8
"""Share of the speed that is given up for each metre further ahead, and gained for each metre behind [1/m]."""
SLOWEST, FASTEST = 0.2, 1.2
"""Bounds of that, as shares of the own speed."""


def company(group: Index, place: Array, aim: Array, pace: Array) -> Array:
    """(M,) desired speeds [m/s] of people at `place` (M, 2) who go in the directions `aim` (M, 2), given their own.

    `group` (M,) numbers groups; -1 walks alone.
    """
    rows = np.flatnonzero((group >= 0) & (pace > 0.0))
    if not len(rows):
        return pace
    which, number = np.unique(group[rows], return_inverse=True)
    count = np.bincount(number, minlength=len(which))
    middle = np.column_stack([np.bincount(number, place[rows, k]) / count for k in (0, 1)])
    slowest = np.full(len(which), np.inf)
    np.minimum.at(slowest, number, pace[rows])
    ahead = np.einsum("pi,pi->p", place[rows] - middle[number], aim[rows])
    beyond = np.sign(ahead) * np.maximum(np.abs(ahead) - ABREAST, 0.0)
    adapted = pace.copy()
    adapted[rows] = np.minimum(slowest[number], pace[rows]) * np.clip(1.0 - ADAPTATION * beyond, SLOWEST, FASTEST)
    return adapted
