"""Piecewise cubic polynomials of s: widths, borders, offsets, elevation, superelevation."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

Record = tuple[float, float, float, float, float]
"""s at which it begins, then a, b, c, d of a + b ds + c ds² + d ds³ with ds measured from that s."""


@dataclass(frozen=True, eq=False)
class Cubics:
    """K polynomials, each valid from its start to the next one's; before the first start the value stays constant."""

    starts: Floats
    """(K,) ascending s of the road [m], also for what OpenDRIVE measures from a lane section."""
    coefficients: Floats
    """(K, 4) a, b, c, d."""

    @classmethod
    def of(cls, records: Iterable[Record]) -> Cubics:
        """Of records in order of s; of several at one s the last counts; 0 everywhere when there is none."""
        kept = {record[0]: record for record in records}
        table = np.array([kept[s] for s in sorted(kept)] or [(0.0,) * 5], dtype=np.float64)
        return cls(table[:, 0], table[:, 1:])

    @classmethod
    def constant(cls, value: float) -> Cubics:
        """The same everywhere."""
        return cls.of([(0.0, value, 0.0, 0.0, 0.0)])

    @classmethod
    def ramp(cls, s: tuple[float, float], values: tuple[float, float]) -> Cubics:
        """From one value to another between two s, level at both ends, constant before and behind."""
        length, rise = s[1] - s[0], values[1] - values[0]
        if rise == 0.0 or length <= 0.0:
            return cls.constant(values[1])
        bend = (s[0], values[0], 0.0, 3.0 * rise / length**2, -2.0 * rise / length**3)
        return cls.of([bend, (s[1], values[1], 0.0, 0.0, 0.0)])

    @property
    def is_zero(self) -> bool:
        """Whether it vanishes everywhere."""
        return not self.coefficients.any()

    @property
    def is_constant(self) -> bool:
        """Whether it has the same value everywhere."""
        return not self.coefficients[:, 1:].any() and np.ptp(self.coefficients[:, 0]) == 0.0

    def __call__(self, s: ArrayLike) -> Floats:
        """Value at each `s`."""
        index, ds = self._at(s)
        a, b, c, d = np.moveaxis(self.coefficients[index], -1, 0)
        return np.asarray(a + ds * (b + ds * (c + ds * d)))

    def slope(self, s: ArrayLike) -> Floats:
        """First derivative at each `s`; 0 before the first start."""
        index, ds = self._at(s)
        _, b, c, d = np.moveaxis(self.coefficients[index], -1, 0)
        return np.where(np.asarray(s) < self.starts[0], 0.0, b + ds * (2.0 * c + ds * 3.0 * d))

    def bend(self, s: ArrayLike) -> Floats:
        """Second derivative at each `s`; 0 before the first start."""
        index, ds = self._at(s)
        return np.where(
            np.asarray(s) < self.starts[0],
            0.0,
            2.0 * self.coefficients[index, 2] + 6.0 * ds * self.coefficients[index, 3],
        )

    def about(self, s: ArrayLike) -> Floats:
        """(..., 4) the coefficients of the polynomial that is valid at each `s`, in ds measured from there."""
        index, h = self._at(s)
        a, b, c, d = np.moveaxis(self.coefficients[index], -1, 0)
        moved = np.stack([a + h * (b + h * (c + h * d)), b + h * (2.0 * c + 3.0 * h * d), c + 3.0 * h * d, d], axis=-1)
        early = (np.asarray(s) < self.starts[0])[..., None] & (np.arange(4) > 0)
        return np.where(early, 0.0, moved)

    def _at(self, s: ArrayLike) -> tuple[NDArray[np.intp], Floats]:
        s = np.asarray(s, dtype=np.float64)
        index = np.clip(np.searchsorted(self.starts, s, side="right") - 1, 0, len(self.starts) - 1)
        return index, np.maximum(s - self.starts[index], 0.0)


ZERO = Cubics.constant(0.0)
