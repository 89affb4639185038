"""Smooth courses of which only every few ticks are kept; those between lie on a curve through these knots.

The curve is the cubic of E. Catmull and R. Rom, "A class of local interpolating splines" (1974), in whole numbers, so
that everybody who reads the knots has the same numbers to the last bit. Each block of ticks has knots of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Whole = NDArray[np.int64]
Index = NDArray[np.int64]
Number = TypeVar("Number", np.int64, np.float64)

BLOCK = 257
"""Ticks in a block: all strides that are powers of two up to 256 reach from its first tick to its last one."""


def groups(strides: Sequence[int]) -> list[tuple[int, Index]]:
    """Each stride and the columns that have it, in order."""
    return [(stride, np.flatnonzero(np.asarray(strides) == stride)) for stride in sorted(set(strides))]


def blocks(ticks: int) -> Iterator[slice]:
    """All blocks of a course of so many ticks."""
    return (slice(first, min(first + BLOCK, ticks)) for first in range(0, ticks, BLOCK))


def settled(values: Array, strides: Sequence[int], quantum: float) -> Array:
    """The courses (T, C), multiples of the quantum, with what lies between knots moved onto the curves."""
    result, sorts = values.copy(), groups(strides)
    for block in blocks(len(values)):
        for stride, columns in sorts:
            if stride > 1:
                whole = np.rint(values[block][:, columns] / quantum).astype(np.int64)
                result[block, columns] = filled(kept(whole, stride), stride, len(whole)) * quantum
    return result


def is_settled(values: Array, strides: Sequence[int], quantum: float) -> bool:
    """Whether `settled` would change nothing."""
    for block in blocks(len(values)):
        part = values[block]
        if not np.array_equal(settled(part, strides, quantum), part):
            return False
    return True


def kept(whole: NDArray[Number], stride: int) -> NDArray[Number]:
    """(K, C) the knots of a block (T, C), and the ticks after the last one."""
    last = (len(whole) - 1) // stride * stride
    return np.concatenate([whole[: last + 1 : stride], whole[last + 1 :]])


def count(stride: int, ticks: int) -> int:
    """How many are kept of so many ticks."""
    return (ticks - 1) // stride + 1 + (ticks - 1) % stride


def filled(few: Whole, stride: int, ticks: int) -> Whole:
    """(T, C) the block again, of what `kept` made of it."""
    knots = (ticks - 1) // stride + 1
    if stride == 1 or knots < 2:
        return few
    return np.concatenate([_curve(few[:knots], stride), few[knots:]])


def _curve(knots: Whole, stride: int) -> Whole:
    """((K - 1) stride + 1, C) through the knots (K, C)."""
    before, after = _beyond(knots), _beyond(knots[::-1])
    p = np.concatenate([before[None], knots, after[None]])
    result = np.zeros(((len(knots) - 1) * stride + 1, knots.shape[1]), dtype=np.int64)
    result[::stride] = knots
    s, doubled = stride, 2 * stride**3
    for j in range(1, stride):
        weights = (-(j**3) + 2 * j**2 * s - j * s**2, 3 * j**3 - 5 * j**2 * s + doubled,
                   -3 * j**3 + 4 * j**2 * s + j * s**2, j**3 - j**2 * s)  # fmt: skip
        total = sum(weight * p[k : len(p) - 3 + k] for k, weight in enumerate(weights))
        result[j::stride] = (total + stride**3) // doubled
    return result


def _beyond(knots: Whole) -> Whole:
    """(C,) where the knot before the first one would be."""
    if len(knots) < 3:
        return np.asarray(2 * knots[0] - knots[1])
    return np.asarray(3 * knots[0] - 3 * knots[1] + knots[2])
