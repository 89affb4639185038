"""How high people are who walk over kerbs and ramps."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.roads.network import RoadNetwork

Array = NDArray[np.float64]

KERB_STEP = 0.4
"""Over this length somebody who walks climbs a kerb [m]."""
SPACING = 0.04


def walked_height(network: RoadNetwork, x: Array, y: Array) -> Array:
    """(T,) height [m] under somebody who is at x, y (T,) over time; kerbs are climbed over `KERB_STEP`."""
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    if walked[-1] < 2 * SPACING:
        return np.full(len(x), network.ground_height([[x[0], y[0]]])[0])
    places = np.linspace(0.0, walked[-1], int(np.ceil(walked[-1] / SPACING)) + 1)
    raw = network.ground_height(np.column_stack([np.interp(places, walked, x), np.interp(places, walked, y)]))
    reach = round(0.5 * KERB_STEP / SPACING)
    window = np.full(2 * reach + 1, 1.0 / (2 * reach + 1))
    smooth = np.convolve(np.pad(raw, reach, mode="edge"), window, mode="valid")
    height: Array = np.interp(walked, places, smooth)
    return height
