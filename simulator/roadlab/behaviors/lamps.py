"""Which lamps of a vehicle are on."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.log import LAMPS

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

BRAKING = 0.7
"""Brake lamps light from this deceleration on [m/s²]; UN Regulation 13-H asks for it by 1.3 m/s²."""
BLINK_RATE = 1.5
"""Flashes a second; UN Regulation 48 allows 60 to 120 a minute."""
NOTICE = 2.5
"""How long before they turn or change lanes drivers signal it [s]."""


def lamps(
    driving: Flags, acceleration: Array, rest: Array, side: NDArray[np.int64], signalled_for: Array
) -> NDArray[np.uint8]:
    """(N,) bits of `LAMPS`: daytime head lamps, brake lamps and indicators of the vehicles that are `driving`.

    `side`: +1 signals left, -1 right, 0 neither; `signalled_for`: since when [s].
    """
    flash = (signalled_for * BLINK_RATE) % 1.0 < 0.5
    on = {
        "head": driving,
        "brake": driving & ((acceleration < -BRAKING) | (rest > 0.0)),
        "left": driving & flash & (side > 0),
        "right": driving & flash & (side < 0),
    }
    bits = np.zeros(len(driving), dtype=np.uint8)
    for k, name in enumerate(LAMPS):
        if name in on:
            bits |= (on[name].astype(np.uint8) << k).astype(np.uint8)
    return bits
