"""Vehicles that stand in the way of people: they are walked round, never through."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Array = NDArray[np.float64]
Index = NDArray[np.int64]

BERTH = 0.25
"""People who walk round a vehicle keep so far from it [m]."""
SIGHT = 5.0
"""They begin to walk round it so far before it [m]."""


@dataclass(frozen=True)
class Standing:
    """V vehicles that stand."""

    center: Array
    """(V, 2) [m]"""
    yaw: Array
    half: Array
    """(V, 2) half of the length and of the width [m]."""

    def near(self, places: Array) -> tuple[Index, Index]:
        """Pairs (person, vehicle) of people at `places` (M, 2) who have to heed vehicles."""
        size = np.hypot(self.half[:, 0], self.half[:, 1])
        if not len(size) or not len(places):
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        reach = SIGHT + float(size.max())
        found = cKDTree(places).sparse_distance_matrix(cKDTree(self.center), reach, output_type="ndarray")
        found = found[np.lexsort((found["j"], found["i"]))]
        found = found[found["v"] < SIGHT + size[found["j"]]]
        return found["i"], found["j"]

    def seen_from(self, vehicle: Index, places: Array) -> Array:
        """(P, 2) `places` (P, 2) in the frames of vehicles (P,) [m]."""
        return _turned(places - self.center[vehicle], -self.yaw[vehicle])

    def in_world(self, vehicle: Index, local: Array) -> Array:
        """(P, 2) back from there."""
        return _turned(local, self.yaw[vehicle]) + self.center[vehicle]


def detours(
    standing: Standing, places: Array, targets: Array, goals: Array, radius: Array
) -> tuple[Array, NDArray[np.bool_]]:
    """(M, 2) where people at `places` who make for `targets` (M, 2) go first, and (M,) who has to go round something.

    They go round it on the side that is shorter to their `goals` (M, 2), which lie beyond it.
    `radius` (M,) is half of the room that each takes [m].
    """
    person, vehicle = standing.near(places)
    here, there = standing.seen_from(vehicle, places[person]), standing.seen_from(vehicle, targets[person])
    body = standing.half[vehicle] + radius[person, None]
    share = entered(here, there, body + 0.5 * BERTH)
    hit = np.flatnonzero(np.isfinite(share))
    order = hit[np.lexsort((share[hit], person[hit]))]
    who, first = np.unique(person[order], return_index=True)
    row = order[first]
    around, turned = targets.copy(), np.zeros(len(places), dtype=bool)
    turned[who] = True
    corner = _corner(here[row], standing.seen_from(vehicle[row], goals[who]), body[row])
    around[who] = standing.in_world(vehicle[row], corner)
    return around, turned


def kept_out(standing: Standing, places: Array, radius: Array, near: tuple[Index, Index]) -> Array:
    """(M, 2) `places` (M, 2) moved out of vehicles, and `radius` (M,) further, by the shortest way [m].

    `near` has the pairs (person, vehicle) that matter.
    """
    person, vehicle = near
    local = standing.seen_from(vehicle, places[person])
    depth = standing.half[vehicle] + radius[person, None] - np.abs(local)
    moved = places.copy()
    for k in np.flatnonzero((depth > 0.0).all(axis=1)):
        axis, at = int(np.argmin(depth[k])), local[k].copy()
        at[axis] += (1.0 if at[axis] >= 0.0 else -1.0) * depth[k, axis]
        moved[person[k]] = standing.in_world(vehicle[[k]], at[None])[0]
    return moved


def entered(here: Array, there: Array, half: Array) -> Array:
    """(P,) share of the way from `here` to `there` (P, 2) at which boxes round the origin of half sizes `half` are met.

    +inf where the way leads past.
    """
    way = there - here
    slope = np.where(np.abs(way) < 1e-9, 1e-9, way)
    one, other = (-half - here) / slope, (half - here) / slope
    enter, leave = np.minimum(one, other).max(axis=1), np.maximum(one, other).min(axis=1)
    met = (enter < leave) & (leave > 0.0) & (enter < 1.0)
    return np.where(met, np.maximum(enter, 0.0), np.inf)


def _corner(here: Array, there: Array, body: Array) -> Array:
    """(P, 2) the corner round which the way is shortest and free, from here on."""
    reach = body + BERTH
    signs = np.array([[1.0, 1.0], [-1.0, 1.0], [-1.0, -1.0], [1.0, -1.0]])
    corners = signs[None] * reach[:, None]
    way = np.hypot(*(corners - here[:, None]).transpose(2, 0, 1)) + np.hypot(
        *(corners - there[:, None]).transpose(2, 0, 1)
    )
    blocked = np.column_stack([np.isfinite(entered(here, corners[:, k], body)) for k in range(4)])
    reached = np.hypot(*(corners - here[:, None]).transpose(2, 0, 1)) < 0.2
    best = np.argmin(np.where(blocked | reached, np.inf, way), axis=1)
    chosen: Array = corners[np.arange(len(here)), best]
    return chosen


def _turned(vectors: Array, angle: Array) -> Array:
    c, s = np.cos(angle), np.sin(angle)
    return np.column_stack([c * vectors[:, 0] - s * vectors[:, 1], s * vectors[:, 0] + c * vectors[:, 1]])
