"""Reference lines of lines, arcs and clothoids, evaluated exactly.

The frame is OpenDRIVE's: s along the line, t to its left, heading counter-clockwise from +x, curvature positive to
the left.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree
from scipy.special import fresnel

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch whose curvature [1/m] changes linearly from `start` to `end`: a line, an arc or a clothoid."""

    length: float
    start: float = 0.0
    end: float = 0.0

    @property
    def rate(self) -> float:
        """Change of curvature per metre [1/m²]."""
        return (self.end - self.start) / self.length

    def turn(self, s: ArrayLike) -> Floats:
        """Change of heading from the piece's start to `s` [rad]."""
        s = np.asarray(s, dtype=np.float64)
        return np.asarray(self.start * s + 0.5 * self.rate * s * s, dtype=np.float64)

    def local(self, s: ArrayLike) -> NDArray[np.complex128]:
        """Points x + iy in the frame of the piece's start, whose heading is 0 [m]."""
        s = np.asarray(s, dtype=np.float64)
        rate = self.rate
        if abs(rate) * self.length**2 < 1e-15:  # the heading differs from an arc's by less than its rounding
            return _arc(self.start, s)
        if self.start**2 > 2e3 * abs(rate):  # far from the clothoid's origin its Fresnel integrals cancel
            return _quadrature(self, s)
        return _clothoid(self.start, rate, s)


def _arc(curvature: float, s: Floats) -> NDArray[np.complex128]:
    half = 0.5 * curvature * s  # the chord spans half the turn: stable for any curvature
    chord = s * np.sinc(half / np.pi)
    return np.asarray(chord * np.exp(1j * half), dtype=np.complex128)


def _clothoid(start: float, rate: float, s: Floats) -> NDArray[np.complex128]:
    scale = np.sqrt(np.pi / abs(rate))
    origin = start / rate

    def integral(u: ArrayLike) -> NDArray[np.complex128]:
        sine, cosine = fresnel(np.asarray(u) / scale)
        return np.asarray(scale * (cosine + 1j * np.sign(rate) * sine), dtype=np.complex128)

    phase = -0.5 * start * origin
    return np.asarray((integral(origin + s) - integral(origin)) * np.exp(1j * phase), dtype=np.complex128)


def _quadrature(piece: Piece, s: Floats) -> NDArray[np.complex128]:
    panels = max(1, int(np.ceil(np.max(np.abs(piece.turn(s)), initial=0.0) / 8.0)))
    width = s[..., None] / panels
    total = np.zeros(s.shape, dtype=np.complex128)
    for k in range(panels):
        u = width * (k + 0.5 * (_NODES + 1.0))
        total += np.sum(_WEIGHTS * np.exp(1j * piece.turn(u)), axis=-1) * 0.5 * width[..., 0]
    return total


@dataclass(frozen=True)
class ReferenceLine:
    """Pieces joined end to end from a start pose; beyond either end the line goes straight on."""

    pieces: tuple[Piece, ...]
    x: float = 0.0
    y: float = 0.0
    heading: float = 0.0

    @cached_property
    def length(self) -> float:
        """Along the line [m]."""
        return float(self._starts[-1])

    @cached_property
    def _starts(self) -> Floats:
        """(K + 1,) s at which the pieces start, and the total length."""
        return np.concatenate([[0.0], np.cumsum([piece.length for piece in self.pieces])])

    @cached_property
    def _joints(self) -> tuple[NDArray[np.complex128], Floats]:
        """Point and heading at the start of each piece and at the end of the last."""
        points, headings = [complex(self.x, self.y)], [self.heading]
        for piece in self.pieces:
            points.append(points[-1] + np.exp(1j * headings[-1]) * complex(piece.local(piece.length)))
            headings.append(headings[-1] + float(piece.turn(piece.length)))
        return np.array(points), np.array(headings)

    def point(self, s: ArrayLike, t: ArrayLike = 0.0) -> tuple[Floats, Floats, Floats]:
        """World x, y [m] and unwrapped heading [rad] at (s, t), broadcast against each other."""
        s, t = np.broadcast_arrays(np.asarray(s, dtype=np.float64), np.asarray(t, dtype=np.float64))
        shape = s.shape
        flat = s.ravel()
        inside = np.clip(flat, 0.0, self.length)
        joints, headings = self._joints
        index = self._piece_at(inside)
        points = np.zeros(len(flat), dtype=np.complex128)
        heading = np.zeros(len(flat))
        for k, piece in enumerate(self.pieces):
            here = np.flatnonzero(index == k)
            if len(here):
                u = inside[here] - self._starts[k]
                points[here] = joints[k] + np.exp(1j * headings[k]) * piece.local(u)
                heading[here] = headings[k] + piece.turn(u)
        points += np.exp(1j * heading) * ((flat - inside) + 1j * t.ravel())
        return points.real.reshape(shape), points.imag.reshape(shape), heading.reshape(shape)

    def curvature(self, s: ArrayLike) -> Floats:
        """Curvature at `s` [1/m]; 0 beyond the ends."""
        s = np.asarray(s, dtype=np.float64)
        index = self._piece_at(np.clip(s, 0.0, self.length))
        starts = np.array([piece.start for piece in self.pieces])
        rates = np.array([piece.rate for piece in self.pieces])
        value = starts[index] + rates[index] * (s - self._starts[index])
        return np.where((s < 0.0) | (s > self.length), 0.0, value)

    def locate(self, points: ArrayLike) -> tuple[Floats, Floats]:
        """(s, t) of the place on the line nearest to each of `points` (..., 2); beyond the ends s < 0 or > length."""
        points = np.asarray(points, dtype=np.float64)
        z = points[..., 0].ravel() + 1j * points[..., 1].ravel()
        tree, stations = self._seeds
        s = stations[tree.query(np.column_stack([z.real, z.imag]))[1]]
        step_limit = 2.0 * float(np.max(np.diff(stations)))
        for _ in range(30):
            along, across = self._offset(z, s)
            slope = np.maximum(1.0 - self.curvature(s) * across, 0.1)
            beyond = (s <= 0) & (along < 0) | (s >= self.length) & (along > 0)
            step = np.where(beyond, along, np.clip(along / slope, -step_limit, step_limit))
            s = s + step
            if np.max(np.abs(step), initial=0.0) < 1e-12 * max(1.0, self.length):
                break
        return s.reshape(points.shape[:-1]), self._offset(z, s)[1].reshape(points.shape[:-1])

    def stations(self, tolerance: float = 0.005, reach: float = 0.0, longest: float = np.inf) -> Floats:
        """Values of s, joints of pieces included, whose chords stray by at most `tolerance` [m] at |t| <= `reach`."""
        parts = []
        for start, piece in zip(self._starts, self.pieces, strict=False):
            bend = max(abs(piece.start), abs(piece.end))
            # sagitta of a chord over ds at offset t: ds² κ (1 + κ|t|) / 8
            step = np.sqrt(8.0 * tolerance / (bend * (1.0 + bend * reach))) if bend > 0.0 else np.inf
            count = max(1, int(np.ceil(piece.length / min(step, longest))))
            parts.append(start + piece.length * np.arange(count) / count)
        return np.concatenate([*parts, [self.length]])

    def _piece_at(self, s: Floats) -> NDArray[np.intp]:
        return np.clip(np.searchsorted(self._starts, s, side="right") - 1, 0, len(self.pieces) - 1)

    @cached_property
    def _seeds(self) -> tuple[cKDTree, Floats]:
        stations = self.stations(tolerance=0.05, longest=5.0)
        x, y, _ = self.point(stations)
        return cKDTree(np.column_stack([x, y])), stations

    def _offset(self, z: NDArray[np.complex128], s: Floats) -> tuple[Floats, Floats]:
        """Components of `z` minus the line's point at `s`: along and to the left of its heading."""
        x, y, heading = self.point(s)
        local = (z - (x + 1j * y)) * np.exp(-1j * heading)
        return local.real, local.imag
