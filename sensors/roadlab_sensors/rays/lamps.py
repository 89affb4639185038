"""Where lamps are on what carries them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays.gathered import Gathered
from roadlab_sensors.rays.surfaces import Lamp


def lamp_places(gathered: Gathered) -> Mapping[Lamp, NDArray[np.float64]]:
    """(2, 3) the middles of the left and the right half of each lamp of an actor, in its part's frame [m]."""
    row = sum(len(batch.triangles) for batch in (*gathered.static, *gathered.movable))
    points: dict[int, list[NDArray[np.float64]]] = {}
    for batch in gathered.resting:
        lamp = gathered.faces.lamp[row : row + len(batch.triangles)]
        row += len(batch.triangles)
        middles = batch.vertices[batch.triangles[lamp > 0]].mean(axis=1, dtype=np.float64)
        for number in np.unique(lamp[lamp > 0]):
            points.setdefault(int(number), []).append(middles[lamp[lamp > 0] == number])
    return {gathered.lamps[number - 1]: _halves(np.concatenate(found)) for number, found in points.items()}


def _halves(points: NDArray[np.float64]) -> NDArray[np.float64]:
    left, right = points[points[:, 1] >= 0.0], points[points[:, 1] < 0.0]
    return np.stack([(half if len(half) else points).mean(axis=0) for half in (left, right)])
