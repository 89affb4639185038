"""Paths that actors follow: densely sampled curves, all actors' curves in one set of flat arrays."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]


@dataclass(frozen=True)
class Path:
    """A curve in the plane, sampled at equal distances along it; straight on beyond its ends."""

    spacing: float
    """[m]"""
    x: Array
    """(K,) [m]"""
    y: Array
    heading: Array
    """(K,) [rad], unwrapped."""
    curvature: Array
    """(K,) [1/m], positive to the left."""

    @property
    def length(self) -> float:
        """[m]"""
        return self.spacing * (len(self.x) - 1)


@dataclass(frozen=True)
class Frame:
    """The moving frame of a path at some stations; arrays of one shape."""

    x: Array
    y: Array
    heading: Array
    curvature: Array

    def local(self, x: Array, y: Array) -> tuple[Array, Array]:
        """How far ahead along the tangent and how far to its left the points (x, y) lie [m]."""
        dx, dy = x - self.x, y - self.y
        c, s = np.cos(self.heading), np.sin(self.heading)
        return c * dx + s * dy, c * dy - s * dx


@dataclass(frozen=True)
class Paths:
    """Many paths side by side; the functions take which path (an index array) and where on it (an array)."""

    first: Index
    """(P,) index of each path's first sample."""
    count: Index
    """(P,) number of samples, at least 2."""
    spacing: Array
    length: Array
    samples: Array
    """(K, 4) x, y, heading and curvature of all samples of all paths."""

    @classmethod
    def of(cls, paths: Sequence[Path]) -> Paths:
        """These paths, in this order."""
        count = np.array([len(p.x) for p in paths], dtype=np.int64)
        columns = [np.column_stack([p.x, p.y, p.heading, p.curvature]) for p in paths]
        return cls(
            first=np.cumsum(count) - count,
            count=count,
            spacing=np.array([p.spacing for p in paths]),
            length=np.array([p.length for p in paths]),
            samples=np.concatenate([np.zeros((0, 4)), *columns]),
        )

    def sample(self, values: Array, which: Index, station: Array) -> Array:
        """Linear interpolation in `values`, (K,) or (K, columns), one row a sample; the end values beyond the ends."""
        last = self.count[which] - 1
        place = np.minimum(np.maximum(station / self.spacing[which], 0.0), last)
        before = np.minimum(place.astype(np.int64), last - 1)
        k = self.first[which] + before
        low, weight = values[k], place - before
        if low.ndim > weight.ndim:
            weight = weight[..., None]
        mixed: Array = low + weight * (values[k + 1] - low)
        return mixed

    def frame(self, which: Index, station: Array) -> Frame:
        """The moving frame at `station` [m]."""
        row = self.sample(self.samples, which, station)
        x, y, heading, curvature = row[..., 0], row[..., 1], row[..., 2], row[..., 3]
        beyond = station - np.minimum(np.maximum(station, 0.0), self.length[which])
        if beyond.any():
            x, y = x + beyond * np.cos(heading), y + beyond * np.sin(heading)
            curvature = np.where(beyond == 0.0, curvature, 0.0)
        return Frame(x, y, heading, curvature)

    def project(self, which: Index, x: Array, y: Array, guess: Array) -> tuple[Array, Array]:
        """Station of the nearest point of the path and the distance to its left [m], by Newton steps from `guess`."""
        station = guess
        for _ in range(2):
            frame = self.frame(which, station)
            ahead, left = frame.local(x, y)
            station = station + ahead / np.maximum(1.0 - frame.curvature * left, 0.3)
        _, left = self.frame(which, station).local(x, y)
        return station, left

    def nearest(self, which: Index, x: Array, y: Array, low: Array, reach: Array, looks: int) -> Array:
        """A coarse guess for `project`: the nearest of `looks` stations between `low` and `low + reach`."""
        rows = which[:, None]
        stations = low[:, None] + reach[:, None] * np.linspace(0.0, 1.0, looks)
        place = np.minimum(np.maximum(stations / self.spacing[rows], 0), self.count[rows] - 1).astype(np.int64)
        near = self.samples[self.first[rows] + place, :2]
        best = np.argmin((near[..., 0] - x[:, None]) ** 2 + (near[..., 1] - y[:, None]) ** 2, axis=1)
        found: Array = place[np.arange(len(best)), best] * self.spacing[which]
        return found


def resampled(x: Array, y: Array, heading: Array, curvature: Array, spacing: float) -> Path:
    """A path through the given samples (K,), which may lie at any distances."""
    heading = np.unwrap(heading)
    chord = np.hypot(np.diff(x), np.diff(y))
    bend = 0.5 * np.diff(heading)
    arc = chord / np.sinc(bend / np.pi)
    station = np.concatenate([[0.0], np.cumsum(arc)])
    count = max(2, round(station[-1] / spacing) + 1)
    stations = np.linspace(0.0, station[-1], count)
    return Path(
        spacing=float(station[-1]) / (count - 1),
        x=np.interp(stations, station, x),
        y=np.interp(stations, station, y),
        heading=np.interp(stations, station, heading),
        curvature=np.interp(stations, station, curvature),
    )


def standstill(x: float, y: float, heading: float) -> Path:
    """The path of somebody who goes nowhere."""
    at = np.array([0.0, 1e-3])
    c, s = np.cos(heading), np.sin(heading)
    return Path(1e-3, x + at * c, y + at * s, np.full(2, heading), np.zeros(2))
