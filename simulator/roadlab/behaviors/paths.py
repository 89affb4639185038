"""Paths that actors follow: chains of densely sampled curves, all of them in one set of flat arrays.

A curve that many paths share, such as the centre of a lane, is kept once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Index = NDArray[np.int64]

_SPAN = 1e7
"""Longer than any path [m]: path number times this plus station is one sorted number for all paths."""


@dataclass(frozen=True, eq=False)
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

    @cached_property
    def samples(self) -> Array:
        """(K, 4) x, y, heading, curvature."""
        return np.column_stack([self.x, self.y, self.heading, self.curvature])


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
class Pieces:
    """S different curves that paths are made of."""

    each: tuple[Path, ...]
    first: Index
    """(S,) index of each curve's first sample."""
    count: Index
    """(S,) number of samples, at least 2."""
    spacing: Array
    length: Array
    """(S,) [m]"""
    samples: Array
    """(K, 4) x, y, heading and curvature of all samples of all curves."""

    @classmethod
    def of(cls, curves: Sequence[Path]) -> Pieces:
        """These curves, in this order."""
        count = np.array([len(p.x) for p in curves], dtype=np.int64)
        return cls(
            each=tuple(curves),
            first=np.cumsum(count) - count,
            count=count,
            spacing=np.array([p.spacing for p in curves], dtype=np.float64),
            length=np.array([p.length for p in curves], dtype=np.float64),
            samples=np.concatenate([np.zeros((0, 4)), *(p.samples for p in curves)]),
        )

    @cached_property
    def headings(self) -> Array:
        """(K,) [rad]"""
        return np.ascontiguousarray(self.samples[:, 2])

    @cached_property
    def curvatures(self) -> Array:
        """(K,) [1/m]"""
        return np.ascontiguousarray(self.samples[:, 3])

    @cached_property
    def number(self) -> dict[int, int]:
        """Place of each curve, by identity."""
        return {id(curve): k for k, curve in enumerate(self.each)}

    def with_curves(self, curves: Sequence[Path]) -> Pieces:
        """With those of `curves` that are not among them yet, at the end."""
        fresh = list({id(c): c for c in curves if id(c) not in self.number}.values())
        return Pieces.of([*self.each, *fresh]) if fresh else self


@dataclass(frozen=True)
class Paths:
    """P paths side by side; the functions take which path (an index array) and where on it (an array)."""

    pieces: Pieces
    first: Index
    """(P,) index of each path's first leg."""
    last: Index
    """(P,) index of its last one."""
    start: Array
    """(L,) station at which each leg begins [m]; the legs of a path follow each other."""
    piece: Index
    """(L,) which curve each leg is."""
    owner: Index
    """(L,) whose leg it is."""
    key: Array
    """(L,) sorted: `owner` and `start` in one number."""
    length: Array
    """(P,) [m]"""

    @classmethod
    def of(cls, paths: Sequence[Path | Sequence[Path]]) -> Paths:
        """These paths, in this order; a path is a curve or consecutive curves."""
        none = np.zeros(0, dtype=np.int64)
        empty = cls(Pieces.of([]), none, none, np.zeros(0), none, none, np.zeros(0), np.zeros(0))
        return empty.with_paths(dict(enumerate(paths)))

    def with_paths(self, changes: Mapping[int, Path | Sequence[Path]]) -> Paths:
        """The same, with other paths in some places, or further paths at the end."""
        chains = {which: [path] if isinstance(path, Path) else list(path) for which, path in changes.items()}
        pieces = self.pieces.with_curves([curve for chain in chains.values() for curve in chain])
        kept = ~np.isin(self.owner, list(chains))
        starts, numbers, owners = [self.start[kept]], [self.piece[kept]], [self.owner[kept]]
        for which, chain in chains.items():
            mine = np.array([pieces.number[id(curve)] for curve in chain], dtype=np.int64)
            ends = np.cumsum(pieces.length[mine])
            starts.append(np.concatenate([[0.0], ends[:-1]]))
            numbers.append(mine)
            owners.append(np.full(len(mine), which))
        start, piece, owner = np.concatenate(starts), np.concatenate(numbers), np.concatenate(owners)
        key = owner * _SPAN + start
        order = np.argsort(key, kind="stable")
        start, piece, owner, key = start[order], piece[order], owner[order], key[order]
        count = max(len(self.first), max(chains, default=-1) + 1)
        last = np.searchsorted(owner, np.arange(count), side="right") - 1
        first = np.searchsorted(owner, np.arange(count), side="left")
        return replace(
            self, pieces=pieces, first=first, last=last, start=start, piece=piece, owner=owner, key=key,
            length=start[last] + pieces.length[piece[last]] if len(last) else np.zeros(0),
        )  # fmt: skip

    def knowing(self, curves: Sequence[Path]) -> Paths:
        """The same, with further curves among the pieces, which no path uses yet."""
        pieces = self.pieces.with_curves(curves)
        return self if pieces is self.pieces else replace(self, pieces=pieces)

    def leg(self, which: Index, station: Array) -> Index:
        """Index of the leg at `station` [m]; the first or last one beyond the ends."""
        if len(self.key) == len(self.first):
            return np.broadcast_to(which, np.broadcast_shapes(np.shape(which), station.shape))
        found = np.searchsorted(self.key, which * _SPAN + station, side="right") - 1
        return np.minimum(np.maximum(found, self.first[which]), self.last[which])

    def sample(self, values: Array, which: Index, station: Array) -> Array:
        """Linear interpolation in `values`, (K,) or (K, columns), one row a sample; the end values beyond the ends."""
        return self.sample_leg(values, self.leg(which, station), station)

    def sample_leg(self, values: Array, leg: Index, station: Array) -> Array:
        """The same where the leg at `station` is known."""
        piece = self.piece[leg]
        last = self.pieces.count[piece] - 1
        place = np.minimum(np.maximum((station - self.start[leg]) / self.pieces.spacing[piece], 0.0), last)
        before = np.minimum(place.astype(np.int64), last - 1)
        k = self.pieces.first[piece] + before
        low, weight = values[k], place - before
        if low.ndim > weight.ndim:
            weight = weight[..., None]
        mixed: Array = low + weight * (values[k + 1] - low)
        return mixed

    def frame(self, which: Index, station: Array) -> Frame:
        """The moving frame at `station` [m]."""
        row = self.sample(self.pieces.samples, which, station)
        x, y, heading, curvature = row[..., 0], row[..., 1], row[..., 2], row[..., 3]
        beyond = station - np.minimum(np.maximum(station, 0.0), self.length[which])
        if beyond.any():
            x, y = x + beyond * np.cos(heading), y + beyond * np.sin(heading)
            curvature = np.where(beyond == 0.0, curvature, 0.0)
        return Frame(x, y, heading, curvature)

    def heading(self, which: Index, station: Array) -> Array:
        """[rad] at `station`; that of the end beyond the ends."""
        return self.sample_leg(self.pieces.headings, self.leg(which, station), station)

    def heading_and_bend(self, which: Index, station: Array, later: Array) -> tuple[Array, Array]:
        """`heading` at `station` and `curvature` at `later`, at the cost of one of them."""
        both = np.concatenate([station, later])
        found = self.sample(self.pieces.samples[:, 2:], np.concatenate([which, which]), both)
        bend = np.where(later > self.length[which], 0.0, found[len(station) :, 1])
        return found[: len(station), 0], bend

    def curvature(self, which: Index, station: Array) -> Array:
        """[1/m] at `station`; 0 beyond the end."""
        found = self.sample_leg(self.pieces.curvatures, self.leg(which, station), station)
        return np.where(station > self.length[which], 0.0, found)

    def project(self, which: Index, x: Array, y: Array, guess: Array) -> tuple[Array, Array]:
        """Station of the nearest point of the path and the distance to its left [m], by Newton steps from `guess`."""
        station = guess
        for _ in range(2):
            frame = self.frame(which, station)
            ahead, left = frame.local(x, y)
            station = station + ahead / np.maximum(1.0 - frame.curvature * left, 0.3)
        _, left = self.frame(which, station).local(x, y)
        return station, left

    def track(self, which: Index, x: Array, y: Array, guess: Array) -> tuple[Array, Array]:
        """Like `project`, where `guess` is off by no more than a tick's error: one Newton step does."""
        frame = self.frame(which, guess)
        ahead, left = frame.local(x, y)
        return guess + ahead / np.maximum(1.0 - frame.curvature * left, 0.3), left - 0.5 * frame.curvature * ahead**2

    def nearest(self, which: Index, x: Array, y: Array, low: Array, reach: Array, looks: int) -> Array:
        """A coarse guess for `project`: the nearest of `looks` stations between `low` and `low + reach`."""
        rows = np.broadcast_to(which[:, None], (len(which), looks))
        stations = low[:, None] + reach[:, None] * np.linspace(0.0, 1.0, looks)
        stations = np.minimum(np.maximum(stations, 0.0), self.length[rows])
        leg = self.leg(rows, stations)
        piece = self.piece[leg]
        place = ((stations - self.start[leg]) / self.pieces.spacing[piece]).astype(np.int64)
        k = self.pieces.first[piece] + np.minimum(place, self.pieces.count[piece] - 1)
        dx, dy = self.pieces.samples[k, 0] - x[:, None], self.pieces.samples[k, 1] - y[:, None]
        best = np.argmin(dx * dx + dy * dy, axis=1)
        found: Array = stations[np.arange(len(best)), best]
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
