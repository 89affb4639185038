"""Who touches whom: exact between oriented footprints, and at every instant between two ticks, so nothing tunnels.

Between two ticks an actor's centre and yaw change evenly. Two rectangles are apart as long as the normal of some edge
separates their shadows; how fast that gap can close is bounded by how they move, so the time for which they are
certainly still apart can be skipped (conservative advancement: B. Mirtich, "Timewarp rigid body simulation", SIGGRAPH
2000). This is repeated until the gap is `NEAR` or the tick is over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from roadlab.dynamics.footprint import corners, overlap

Array = NDArray[np.float64]
Index = NDArray[np.int64]

NEAR = 1e-4
"""Two actors nearer than this touch [m]."""
LEVELS = 2.5
"""Ground whose heights differ by more lies under different actors, one over the other [m]."""
MOST_ADVANCES = 200
"""Who is not past each other after so many touches: by then the gap is hardly more than `NEAR`."""


@dataclass(frozen=True, slots=True)
class Footprints:
    """Where N actors stand, seen from above."""

    center: Array
    """(N, 2) [m]"""
    yaw: Array
    """(N,) [rad], unwrapped."""
    size: Array
    """(N, 2) length, width [m]."""
    level: Array | None = None
    """(N,) height of the ground below [m]; without, it is the same for all."""

    def between(self, later: Footprints, share: Array, who: Index) -> Array:
        """(P, 4, 2) corners of the actors `who` (P,) when `share` (P,) of the way to `later` has passed."""
        center = self.center[who] + share[:, None] * (later.center[who] - self.center[who])
        yaw = self.yaw[who] + share * (later.yaw[who] - self.yaw[who])
        return corners(center, yaw, self.size[who])


@dataclass(frozen=True, slots=True)
class Contact:
    """A touch of two actors between two ticks."""

    first: int
    second: int
    share: float
    """Of the tick that had passed."""
    place: tuple[float, float]
    """Middle of where they touch [m]."""
    normal: tuple[float, float]
    """Unit vector from the first towards the second, square to the edges that meet."""


def contacts(before: Footprints, after: Footprints, known: Index, yielding: Index | None = None) -> list[Contact]:
    """First touches while N actors move from `before` to `after`, in order of index.

    Pairs in `known` (K, 2), the lower index first, are left out, and those of two with the same number above 0 in
    `yielding` (N,): people, who turn their shoulders where rectangles would touch, and props that stand together.
    """
    near = _near_pairs(before, after)
    if yielding is not None:
        near = near[(yielding[near[:, 0]] == 0) | (yielding[near[:, 0]] != yielding[near[:, 1]])]
    return touches(before, after, _without(_meeting(before, after, near), known, len(before.yaw)))


def touches(before: Footprints, after: Footprints, pairs: Index) -> list[Contact]:
    """First touches of the given pairs (P, 2)."""
    if not len(pairs):
        return []
    share = _time_of_touch(before, after, pairs)
    return [
        _contact(before, after, int(a), int(b), float(s))
        for (a, b), s in zip(pairs, share, strict=True)
        if np.isfinite(s)
    ]


def pressing(prints: Footprints, pairs: Index) -> list[Contact]:
    """Those of the pairs (P, 2) that touch where they stand, at the end of the tick."""
    return [replace(contact, share=1.0) for contact in touches(prints, prints, pairs)]


def overlapping(prints: Footprints) -> list[tuple[int, int]]:
    """Pairs that overlap where they stand, in order of index."""
    pairs = _near_pairs(prints, prints)
    shapes = corners(prints.center, prints.yaw, prints.size)
    meet = overlap(shapes[pairs[:, 0]], shapes[pairs[:, 1]])
    return [(int(a), int(b)) for a, b in pairs[meet]]


def _without(pairs: Index, known: Index, count: int) -> Index:
    if not len(known) or not len(pairs):
        return pairs
    return pairs[~np.isin(pairs[:, 0] * count + pairs[:, 1], known[:, 0] * count + known[:, 1])]


def _near_pairs(before: Footprints, after: Footprints) -> Index:
    """(P, 2) pairs whose circles, widened by how far they moved, meet; in order of index."""
    if len(before.yaw) < 2:
        return np.zeros((0, 2), dtype=np.int64)
    middle = 0.5 * (before.center + after.center)
    radius = 0.5 * np.hypot(*before.size.T) + 0.5 * np.hypot(*(after.center - before.center).T)
    pairs = cKDTree(middle).query_pairs(2.0 * float(radius.max()), output_type="ndarray").astype(np.int64)
    gap = np.hypot(*(middle[pairs[:, 0]] - middle[pairs[:, 1]]).T)
    if after.level is not None:
        alike = np.abs(after.level[pairs[:, 0]] - after.level[pairs[:, 1]]) < LEVELS
        pairs, gap = pairs[alike], gap[alike]
    pairs = np.sort(pairs[gap < radius[pairs[:, 0]] + radius[pairs[:, 1]]], axis=1)
    return pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]


def _meeting(before: Footprints, after: Footprints, pairs: Index) -> Index:
    """Those of the pairs (P, 2) whose rectangles, widened by how far any of their corners moved, overlap."""
    if not len(pairs):
        return pairs
    step, swing = after.center - before.center, np.abs(after.yaw - before.yaw) * 0.5 * np.hypot(*before.size.T)
    reach = np.hypot(step[:, 0], step[:, 1]) + swing + NEAR
    wide = corners(before.center, before.yaw, before.size + 2.0 * reach[:, None])
    return pairs[overlap(wide[pairs[:, 0]], wide[pairs[:, 1]])]


def _time_of_touch(before: Footprints, after: Footprints, pairs: Index) -> Array:
    """(P,) share of the tick that has passed at the first touch; +inf without one."""
    a, b = pairs.T
    step = after.center - before.center
    closing = step[a] - step[b]
    swing = np.abs(after.yaw - before.yaw) * 0.5 * np.hypot(*before.size.T)
    turning = swing[a] + swing[b]
    share, result = np.zeros(len(pairs)), np.full(len(pairs), np.inf)
    going = np.arange(len(pairs))
    for _ in range(MOST_ADVANCES):
        gap, axis = _gaps(before, after, pairs[going], share[going])
        touching = gap.max(axis=1) <= NEAR
        result[going[touching]] = share[going[touching]]
        pace = np.einsum("pki,pi->pk", axis, closing[going]) + turning[going, None]
        with np.errstate(divide="ignore", invalid="ignore"):
            free = np.where(gap > NEAR, np.where(pace > 0.0, (gap - 0.5 * NEAR) / pace, np.inf), 0.0)
        share[going] += free.max(axis=1)
        going = going[~touching & (share[going] < 1.0)]
        if not len(going):
            return result
    result[going] = share[going]
    return result


def _gaps(before: Footprints, after: Footprints, pairs: Index, share: Array) -> tuple[Array, Array]:
    """(P, 8) gaps between the shadows [m], negative where they overlap, and (P, 8, 2) the axes, from first to second.

    The axes are the outward normals of the first's edges and the inward ones of the second's.
    """
    first = before.between(after, share, pairs[:, 0])
    second = before.between(after, share, pairs[:, 1])
    axis = np.concatenate([_outward(first), -_outward(second)], axis=1)
    shadow_a = np.einsum("pki,pci->pkc", axis, first).max(axis=2)
    shadow_b = np.einsum("pki,pci->pkc", axis, second).min(axis=2)
    return shadow_b - shadow_a, axis


def _outward(shape: Array) -> Array:
    """(P, 4, 2) unit normals of the edges of rectangles (P, 4, 2), counter-clockwise."""
    along = np.roll(shape, -1, axis=1) - shape
    along = along / np.linalg.norm(along, axis=-1, keepdims=True)
    return np.stack([along[..., 1], -along[..., 0]], axis=-1)


def _contact(before: Footprints, after: Footprints, a: int, b: int, share: float) -> Contact:
    at, pair = np.array([share]), np.array([[a, b]])
    gap, axis = _gaps(before, after, pair, at)
    normal = axis[0, int(np.argmax(gap[0]))]
    shapes = [shapely.Polygon(before.between(after, at, np.array([who]))[0]).buffer(2.0 * NEAR) for who in (a, b)]
    place = shapely.centroid(shapely.intersection(*shapes))
    return Contact(a, b, share, (float(place.x), float(place.y)), (float(normal[0]), float(normal[1])))
