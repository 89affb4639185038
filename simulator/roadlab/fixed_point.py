"""Numbers as whole multiples of a quantum, and how few bytes a smooth course of them needs.

What moves does so smoothly: at ticks of 10 ms the third differences of places and angles are a few quanta, so that
a byte holds each and most of its bits are zero. Quanta are powers of two, hence multiples of them are exact.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ORDER = 3
"""So often differences are taken along time."""
LARGEST = 2.0**50
"""Multiples smaller than this survive the differences in 64 bits."""


def rounded(values: Array, quantum: float) -> Array:
    """The nearest multiples of the quantum; what is no finite number stays as it is."""
    result: Array = values / quantum
    np.rint(result, out=result)
    result *= quantum
    result += 0.0  # turns -0 into 0
    return result


def is_fixed(values: Array, quantum: float) -> bool:
    """Whether all are such multiples, so that `encoded` keeps every bit."""
    if not values.size:
        return True
    with np.errstate(invalid="ignore", over="ignore"):
        whole = values / quantum
        exact = (np.abs(whole) < LARGEST) & (whole == np.rint(whole)) & ~(np.signbit(values) & (values == 0.0))
    return bool(exact.all())


def encoded(values: Array, quantum: float) -> NDArray[np.uint64]:
    """(C, T) small numbers for the courses (T, C) of multiples of the quantum; see `decoded`."""
    whole = np.ascontiguousarray(np.rint(values / quantum).astype(np.int64).T)
    for _ in range(ORDER):
        whole = np.diff(whole, axis=1, prepend=0)
    return ((whole << 1) ^ (whole >> 63)).view(np.uint64)


def decoded(small: NDArray[np.uint64], quantum: float) -> Array:
    """(T, C) the courses again, of what `encoded` made of them (C, T)."""
    values: Array = np.multiply(np.ascontiguousarray(accumulated(small).T), quantum, dtype=np.float64)
    return values


def accumulated(small: NDArray[np.uint64]) -> NDArray[np.int64]:
    """(C, T) the multiples that `encoded` counted.

    An even number 2 k stands for the difference k, an odd one 2 k - 1 for -k; the first of a course for itself.
    """
    whole = (small >> np.uint64(1)).view(np.int64) ^ -(small & np.uint64(1)).view(np.int64)
    for _ in range(ORDER):
        whole = np.cumsum(whole, axis=1)
    return whole
