"""Which lamps matter where: for each square of ground the few that bring most light."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from roadlab_sensors.rays.emitters import Emitters
from roadlab_sensors.rays.surfaces import Batch
from roadlab_sensors.world.luminaires import Distribution

Floats = NDArray[np.float64]
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
SIDE = 6.0
"""Of a square, at least [m]."""
MOST_SIDES = 160
"""Squares along each axis, at most."""
MARGIN = 60.0
"""Beyond the outermost lamp [m]."""
KEPT = 14
"""So many lamps light a square; the others, farther away or shining elsewhere, are left out."""
FAINTEST = 1e-3
"""Less light than this counts for nothing [lx]."""
_OFFSETS = np.array(
    [(0.0, 0.0, 0.1), (0.0, 0.0, 1.3), (0.0, 0.0, 4.0), (0.45, 0.45, 0.6), (0.45, -0.45, 0.6), (-0.45, 0.45, 0.6),
     (-0.45, -0.45, 0.6)]
)  # fmt: skip
"""Where in a square light is asked for: shares of its side, and height above the ground [m]."""

Light = tuple[NDArray[np.int64], NDArray[np.int64], Floats]
"""Square, lamp, and the greatest illuminance there [lx]; K each."""


@dataclass(frozen=True)
class Squares:
    """A grid over the ground."""

    low: Floats
    """(2,) its corner [m]."""
    side: float
    columns: int
    rows: int
    height: Floats
    """(rows, columns) of the ground [m]."""

    @classmethod
    def over(cls, places: Floats, ground: tuple[Batch, ...]) -> Squares:
        """Around places (N, 3) where lamps are or come."""
        if not len(places):
            places = np.zeros((1, 3))
        low, high = places[:, :2].min(axis=0) - MARGIN, places[:, :2].max(axis=0) + MARGIN
        side = max(SIDE, float((high - low).max()) / MOST_SIDES)
        columns, rows = np.maximum(np.ceil((high - low) / side), 1).astype(int).tolist()
        return cls(low, side, columns, rows, _heights(low, side, columns, rows, ground))

    @property
    def count(self) -> int:
        """Of squares."""
        return self.columns * self.rows


def _heights(low: Floats, side: float, columns: int, rows: int, ground: tuple[Batch, ...]) -> Floats:
    lowest = np.full(rows * columns, np.inf)
    for batch in ground:
        points = batch.vertices.astype(np.float64)
        column, row = np.floor((points[:, :2] - low) / side).astype(int).T
        inside = (column >= 0) & (column < columns) & (row >= 0) & (row < rows)
        np.minimum.at(lowest, row[inside] * columns + column[inside], points[inside, 2])
    known = np.isfinite(lowest).reshape(rows, columns)
    if not known.any():
        return np.zeros((rows, columns))
    nearest = distance_transform_edt(~known, return_distances=False, return_indices=True)
    return np.asarray(lowest.reshape(rows, columns)[tuple(nearest)])


def reaching(squares: Squares, lamps: Emitters, numbers: NDArray[np.int64], kinds: tuple[Distribution, ...]) -> Light:
    """What lamps in the world bring to the squares around them; `numbers` are what they are called in the result."""
    found: list[Light] = [(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))]
    across = np.cross(lamps.forward, lamps.up)
    strength = lamps.power @ LUMINANCE
    for k, number in enumerate(numbers):
        first = np.floor((lamps.position[k, :2] - lamps.reach[k] - squares.low) / squares.side).astype(int)
        last = np.floor((lamps.position[k, :2] + lamps.reach[k] - squares.low) / squares.side).astype(int)
        (c0, r0), (c1, r1) = np.maximum(first, 0), np.minimum(last, [squares.columns - 1, squares.rows - 1])
        if c1 < c0 or r1 < r0:
            continue
        column, row = (grid.ravel() for grid in np.meshgrid(np.arange(c0, c1 + 1), np.arange(r0, r1 + 1)))
        ground = np.column_stack(
            [squares.low + squares.side * (np.column_stack([column, row]) + 0.5), squares.height[row, column]]
        )
        points = ground[:, None] + _OFFSETS * [squares.side, squares.side, 1.0]
        to = points - lamps.position[k]
        ahead, right, above = to @ lamps.forward[k], to @ across[k], to @ lamps.up[k]
        front = ahead > 0.05
        depth = np.where(front, ahead, 1.0)
        candela = strength[k] * kinds[lamps.kind[k]].at(right / depth, above / depth)
        lux = np.where(front, candela / np.maximum((to**2).sum(axis=-1), 1.0), 0.0).max(axis=1)
        some = lux > FAINTEST
        found.append(((row * squares.columns + column)[some], np.full(some.sum(), number), lux[some]))
    return _joined(found)


def _joined(lights: list[Light]) -> Light:
    square, lamp, lux = (np.concatenate([light[k] for light in lights]) for k in range(3))
    return square, lamp, lux


def brightest(
    squares: Squares, lights: list[Light], always: list[int]
) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    """Where the list of each square begins in the lamps, (count + 2,), and the lamps, brightest first.

    `always` are lamps that light every square, and what lies beyond them all, which is square number `count`.
    """
    square, lamp, lux = _joined(lights)
    order = np.lexsort((lamp, -lux, square))
    square, lamp = square[order], lamp[order]
    starts = np.searchsorted(square, np.arange(squares.count + 1))
    rank = np.arange(len(square)) - starts[square]
    square, lamp = square[rank < KEPT], lamp[rank < KEPT]
    every = np.repeat(np.arange(squares.count + 1), len(always))
    both = np.concatenate([square, every]), np.concatenate([lamp, np.tile(always, squares.count + 1)])
    order = np.argsort(both[0], kind="stable")
    begins = np.searchsorted(both[0][order], np.arange(squares.count + 2))
    return begins.astype(np.uint32), both[1][order].astype(np.uint32)
