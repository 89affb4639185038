"""How high the ground is where people walk: pavements lie above the carriageway."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.network import RoadNetwork
from roadlab.roads.profiles import KERB_HEIGHT

Array = NDArray[np.float64]

KERB_STEP = 0.4
"""Over this length somebody who walks climbs a kerb [m]."""
SPACING = 0.02


def ground_height(network: RoadNetwork, points: Array) -> Array:
    """(P,) height [m] at `points` (P, 2) of the world."""
    place = network.locate(points)
    height = np.zeros(len(points))
    for k, (road, lane) in enumerate(zip(place.road, place.lane, strict=True)):
        if road >= 0 and lane != 0:
            height[k] = network.roads[network.road_names[road]].lane(int(lane)).height
    for junction in network.junctions.values():
        for corner in junction.corners:
            height[shapely.intersects_xy(corner.pavement, points[:, 0], points[:, 1])] = KERB_HEIGHT
    return height


def walked_height(network: RoadNetwork, x: Array, y: Array) -> Array:
    """(T,) height [m] under somebody who is at x, y (T,) over time; kerbs are climbed over `KERB_STEP`."""
    walked = np.concatenate([[0.0], np.cumsum(np.hypot(np.diff(x), np.diff(y)))])
    if walked[-1] < 2 * SPACING:
        return np.full(len(x), ground_height(network, np.array([[x[0], y[0]]]))[0])
    places = np.linspace(0.0, walked[-1], int(np.ceil(walked[-1] / SPACING)) + 1)
    raw = ground_height(network, np.column_stack([np.interp(places, walked, x), np.interp(places, walked, y)]))
    reach = round(0.5 * KERB_STEP / SPACING)
    window = np.full(2 * reach + 1, 1.0 / (2 * reach + 1))
    smooth = np.convolve(np.pad(raw, reach, mode="edge"), window, mode="valid")
    height: Array = np.interp(walked, places, smooth)
    return height
