"""Height and tilt of a road's surface over (s, t)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from roadlab.roads.cubics import ZERO, Cubics, Floats

_STEP = 1e-3


@dataclass(frozen=True, eq=False)
class Shape:
    """The cross-section's height as cubics of t at some s, linear in s between them (OpenDRIVE's `shape`)."""

    s: Floats
    """(K,) ascending [m]."""
    profiles: Sequence[Cubics]
    """K heights over t [m]."""

    def __call__(self, s: Floats, t: Floats) -> Floats:
        """Height [m] at (s, t), which have one shape."""
        heights = np.stack([profile(t) for profile in self.profiles])
        place = np.interp(s, self.s, np.arange(len(self.s)))
        low = np.clip(place.astype(np.intp), 0, max(len(self.s) - 2, 0))
        high = np.minimum(low + 1, len(self.s) - 1)
        share = place - low
        below, above = (np.take_along_axis(heights, k[None], axis=0)[0] for k in (low, high))
        return np.asarray((1.0 - share) * below + share * above)


@dataclass(frozen=True, eq=False)
class Relief:
    """Elevation and lateral profile of one road."""

    elevation: Cubics = ZERO
    """Of the reference line [m]."""
    superelevation: Cubics = ZERO
    """Turn of the cross-section about the reference line [rad]; positive: the left is higher."""
    crossfall_left: Cubics = ZERO
    """Fall to the outside [rad] (dropped from OpenDRIVE with 1.6)."""
    crossfall_right: Cubics = ZERO
    shape: Shape | None = None

    @cached_property
    def is_flat(self) -> bool:
        """Whether all of it lies at z = 0."""
        lateral = (self.superelevation, self.crossfall_left, self.crossfall_right)
        return self.elevation.is_zero and self.shape is None and all(part.is_zero for part in lateral)

    @cached_property
    def is_level_across(self) -> bool:
        """Whether z does not depend on t."""
        lateral = (self.superelevation, self.crossfall_left, self.crossfall_right)
        return self.shape is None and all(part.is_zero for part in lateral)

    def section(self, s: ArrayLike, t: ArrayLike) -> tuple[Floats, Floats]:
        """How far to the left of the reference line, in the horizontal, and how high the surface is at (s, t) [m].

        t is measured along the tilted cross-section, so that lanes keep their widths and look narrower from above.
        """
        s, t = np.broadcast_arrays(np.asarray(s, dtype=np.float64), np.asarray(t, dtype=np.float64))
        elevation = self.elevation(s) if not self.elevation.is_zero else np.zeros(s.shape)
        if self.is_level_across:
            return t, elevation
        above = np.zeros(s.shape) if self.shape is None else self.shape(s, t)
        fall = np.where(t > 0.0, self.crossfall_left(s), self.crossfall_right(s))
        above = above - np.abs(t) * np.tan(fall)
        tilt = self.superelevation(s)
        return t * np.cos(tilt) - above * np.sin(tilt), elevation + t * np.sin(tilt) + above * np.cos(tilt)

    def slopes(self, s: ArrayLike, t: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
        """Derivatives of `section`: aside by s and t, height by s and t."""
        s, t = np.broadcast_arrays(np.asarray(s, dtype=np.float64), np.asarray(t, dtype=np.float64))
        if self.is_level_across:
            return np.zeros(s.shape), np.ones(s.shape), self.elevation.slope(s), np.zeros(s.shape)
        before, behind = self.section(s - _STEP, t), self.section(s + _STEP, t)
        right, left = self.section(s, t - _STEP), self.section(s, t + _STEP)
        aside_s, height_s = ((b - a) / (2.0 * _STEP) for a, b in zip(before, behind, strict=True))
        aside_t, height_t = ((b - a) / (2.0 * _STEP) for a, b in zip(right, left, strict=True))
        return aside_s, aside_t, height_s, height_t


FLAT = Relief()
