"""Where people look who wait at a kerb: to the left, to the right, and again."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.people.kerbs import BEFORE_KERB
from roadlab.behaviors.people.ways import Way

Array = NDArray[np.float64]

WIDEST = float(np.radians(55.0))
"""How far the head turns [rad]."""
PERIOD = 3.0
"""From one look to the left to the next [s]."""
ONSET = 0.4
"""Over this time the head begins and ends to turn [s]."""
STILL = 0.1
"""Who is slower stands [m/s]."""
AT_KERB = 0.3
"""Who stands this near to where people wait does so for the road [m]."""


def glances(way: Way, time: Array, station: Array, speed: Array) -> Array:
    """(T,) how far to the left somebody turns the head [rad] who is at `station` (T,) [m] at `time` (T,) [s]."""
    waits = np.zeros(len(time), dtype=bool)
    for crossing in way.crossings:
        waits |= (np.abs(station - crossing.enter + BEFORE_KERB) < AT_KERB) & (np.abs(speed) < STILL)
    if not waits.any() or len(time) < 2:
        return np.zeros(len(time))
    begins = waits & ~np.concatenate([[False], waits[:-1]])
    since = time - time[np.maximum.accumulate(np.where(begins, np.arange(len(time)), 0))]
    window = max(1, round(ONSET / float(time[1] - time[0])))
    strength = np.convolve(waits, np.full(window, 1.0 / window))[: len(time)]
    turned: Array = WIDEST * strength * np.sin(2.0 * np.pi * since / PERIOD)
    return turned
