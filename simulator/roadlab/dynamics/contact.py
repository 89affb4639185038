"""Who touches whom: exact between oriented footprints, and between two ticks too, so that nothing tunnels."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.dynamics.footprint import corners, overlap

Array = NDArray[np.float64]

FINEST = 0.05
"""Between two looks at a pair neither moves further than this against the other [m]."""
MOST_LOOKS = 400


@dataclass(frozen=True, slots=True)
class Footprints:
    """Where N actors stand, seen from above."""

    center: Array
    """(N, 2) [m]"""
    yaw: Array
    """(N,) [rad], unwrapped."""
    size: Array
    """(N, 2) length, width [m]."""

    def between(self, later: Footprints, share: Array, who: NDArray[np.int64]) -> Array:
        """(P, 4, 2) corners of the actors `who` (P,) when `share` (P,) of the way to `later` has passed."""
        center = self.center[who] + share[:, None] * (later.center[who] - self.center[who])
        yaw = self.yaw[who] + share * (later.yaw[who] - self.yaw[who])
        return corners(center, yaw, self.size[who])


@dataclass(frozen=True, slots=True)
class Contact:
    """The first touch of two actors between two ticks."""

    first: int
    second: int
    share: float
    """Of the tick that had passed."""
    place: tuple[float, float]
    """Middle of the overlap [m]."""


def contacts(before: Footprints, after: Footprints, known: NDArray[np.bool_]) -> list[Contact]:
    """First touches while N actors move from `before` to `after`; pairs in `known` (N, N) are left out."""
    found = []
    for a, b in _meeting(before, after, _near_pairs(before, after, known)):
        contact = _first_touch(before, after, int(a), int(b))
        if contact is not None:
            found.append(contact)
    return found


def overlapping(prints: Footprints) -> list[tuple[int, int]]:
    """Pairs that overlap where they stand, in order of index."""
    nobody = np.zeros((len(prints.yaw), len(prints.yaw)), dtype=bool)
    pairs = _near_pairs(prints, prints, nobody)
    shapes = corners(prints.center, prints.yaw, prints.size)
    return [(int(a), int(b)) for a, b in pairs if overlap(shapes[a], shapes[b])]


def _meeting(before: Footprints, after: Footprints, pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the pairs (P, 2) whose rectangles, widened by how far any of their corners moved, overlap."""
    step, swing = after.center - before.center, np.abs(after.yaw - before.yaw) * 0.5 * np.hypot(*before.size.T)
    reach = np.hypot(step[:, 0], step[:, 1]) + swing
    if not len(pairs):
        return pairs
    wide = corners(before.center, before.yaw, before.size + 2.0 * reach[:, None])
    return pairs[overlap(wide[pairs[:, 0]], wide[pairs[:, 1]])]


def _near_pairs(before: Footprints, after: Footprints, known: NDArray[np.bool_]) -> NDArray[np.int64]:
    """(P, 2) pairs whose circles, widened by how far they moved, meet."""
    moved = np.hypot(*(after.center - before.center).T)
    radius = 0.5 * np.hypot(*before.size.T) + moved
    x, y = before.center.T
    distance = np.hypot(x[:, None] - x, y[:, None] - y)
    near = np.triu(distance < radius[:, None] + radius, k=1) & ~known
    return np.argwhere(near)


def _first_touch(before: Footprints, after: Footprints, a: int, b: int) -> Contact | None:
    looks = _looks(before, after, a, b)
    share = np.arange(1, looks + 1) / looks
    shape_a = before.between(after, share, np.full(looks, a))
    shape_b = before.between(after, share, np.full(looks, b))
    touching = overlap(shape_a, shape_b)
    if not touching.any():
        return None
    k = int(np.argmax(touching))
    place = shapely.centroid(shapely.intersection(shapely.Polygon(shape_a[k]), shapely.Polygon(shape_b[k])))
    return Contact(a, b, float(share[k]), (float(place.x), float(place.y)))


def _looks(before: Footprints, after: Footprints, a: int, b: int) -> int:
    """Enough that no corner moves further than `FINEST` against the other's between two looks."""
    step = after.center - before.center
    swing = np.abs(after.yaw - before.yaw) * 0.5 * np.hypot(*before.size.T)
    travel = np.hypot(*(step[a] - step[b])) + swing[a] + swing[b]
    return int(np.clip(np.ceil(travel / FINEST), 1, MOST_LOOKS))
