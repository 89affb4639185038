"""Reference lines of lines, arcs, clothoids and cubic polynomials.

The frame is OpenDRIVE's: s along the line, t to its left, heading counter-clockwise from +x, curvature positive to
the left.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.spatial import cKDTree

from roadlab.roads.curves import AnyPiece, CurveTable, Floats, Piece, PolynomialPiece, local_points

__all__ = ["Piece", "PolynomialPiece", "Pose", "ReferenceLine"]

Pose = tuple[float, float, float]
"""x, y [m], heading [rad]."""


@dataclass(frozen=True)
class ReferenceLine:
    """Pieces joined end to end from a start pose; beyond either end the line goes straight on."""

    pieces: tuple[AnyPiece, ...]
    x: float = 0.0
    y: float = 0.0
    heading: float = 0.0
    starts: tuple[Pose, ...] = ()
    """Where each piece begins, as files state it; empty: where the piece before it ends."""
    stated: tuple[float, ...] = ()
    """s at which each piece begins, as files state it; empty: the sum of the lengths before it [m]."""

    @classmethod
    def placed(
        cls, pieces: tuple[AnyPiece, ...], starts: tuple[Pose, ...], stated: tuple[float, ...] = ()
    ) -> ReferenceLine:
        """Pieces that begin where a file says, so that its gaps stay measurable."""
        return cls(pieces, *starts[0], starts, stated)

    @cached_property
    def length(self) -> float:
        """Along the line [m]."""
        return float(self._offsets[-1])

    @cached_property
    def _offsets(self) -> Floats:
        """(K + 1,) s at which the pieces start, and the total length."""
        if self.stated:
            return np.array([*self.stated, self.stated[-1] + self.pieces[-1].length])
        return np.concatenate([[0.0], np.cumsum([piece.length for piece in self.pieces])])

    @cached_property
    def table(self) -> CurveTable:
        """The pieces at their places, with unwrapped headings."""
        places, headings = [complex(self.x, self.y)], [self.heading]
        for number, piece in enumerate(self.pieces):
            if self.starts:
                x, y, heading = self.starts[number]
                turns = round((headings[-1] - heading) / (2.0 * math.pi))
                places[-1], headings[-1] = complex(x, y), heading + 2.0 * math.pi * turns
            place, heading = _end(piece, places[-1], headings[-1])
            places.append(place)
            headings.append(heading)
        return CurveTable.of(self.pieces, places[:-1], headings[:-1])

    @property
    def offsets(self) -> Floats:
        """(K,) s at which the pieces start [m]."""
        return self._offsets[:-1]

    def gaps(self) -> tuple[Floats, Floats]:
        """(K - 1,) distances [m] and (K - 1,) turns in [0, pi] [rad] from each piece's end to the next one's start."""
        table, last = self.table, len(self.pieces) - 1
        place, heading, _ = table.at(np.arange(last), table.length[:last])
        turn = table.heading[1:] - heading
        return np.abs(table.place[1:] - place), np.abs((turn + np.pi) % (2.0 * np.pi) - np.pi)

    def point(self, s: ArrayLike, t: ArrayLike = 0.0) -> tuple[Floats, Floats, Floats]:
        """World x, y [m] and unwrapped heading [rad] at (s, t), broadcast against each other."""
        s, t = np.broadcast_arrays(np.asarray(s, dtype=np.float64), np.asarray(t, dtype=np.float64))
        points, heading, _ = self._at(s.ravel())
        points = points + 1j * np.exp(1j * heading) * t.ravel()
        return points.real.reshape(s.shape), points.imag.reshape(s.shape), heading.reshape(s.shape)

    def curvature(self, s: ArrayLike) -> Floats:
        """Curvature at `s` [1/m]; 0 beyond the ends."""
        s = np.asarray(s, dtype=np.float64)
        value = self._at(s.ravel())[2].reshape(s.shape)
        return np.where((s < 0.0) | (s > self.length), 0.0, value)

    def locate(self, points: ArrayLike) -> tuple[Floats, Floats]:
        """(s, t) of the place on the line nearest to each of `points` (..., 2); beyond the ends s < 0 or > length."""
        points = np.asarray(points, dtype=np.float64)
        z = points[..., 0].ravel() + 1j * points[..., 1].ravel()
        tree, stations = self._seeds
        s = stations[tree.query(np.column_stack([z.real, z.imag]))[1]]
        step_limit = 2.0 * float(np.max(np.diff(stations)))
        for _ in range(30):
            along, across, bend = self._offset(z, s)
            slope = np.maximum(1.0 - bend * across, 0.1)
            beyond = (s <= 0) & (along < 0) | (s >= self.length) & (along > 0)
            step = np.where(beyond, along, np.clip(along / slope, -step_limit, step_limit))
            s = s + step
            if np.max(np.abs(step), initial=0.0) < 1e-12 * max(1.0, self.length):
                break
        return s.reshape(points.shape[:-1]), self._offset(z, s)[1].reshape(points.shape[:-1])

    def stations(self, tolerance: float = 0.005, reach: float = 0.0, longest: float = np.inf) -> Floats:
        """Values of s, joints of pieces included, whose chords stray by at most `tolerance` [m] at |t| <= `reach`."""
        parts = []
        for start, end, piece in zip(self._offsets[:-1], self._offsets[1:], self.pieces, strict=True):
            bend = piece.sharpest
            # sagitta of a chord over ds at offset t: ds² κ (1 + κ|t|) / 8
            step = np.sqrt(8.0 * tolerance / (bend * (1.0 + bend * reach))) if bend > 0.0 else np.inf
            count = max(1, int(np.ceil((end - start) / min(step, longest))))
            parts.append(start + (end - start) * np.arange(count) / count)
        return np.concatenate([*parts, [self.length]])

    def _at(self, s: Floats) -> tuple[NDArray[np.complex128], Floats, Floats]:
        inside = np.clip(s, 0.0, self.length)
        index = np.clip(np.searchsorted(self._offsets, inside, side="right") - 1, 0, len(self.pieces) - 1)
        points, heading, bend = self.table.at(index, inside - self._offsets[index])
        return points + np.exp(1j * heading) * (s - inside), heading, bend

    @cached_property
    def _seeds(self) -> tuple[cKDTree, Floats]:
        stations = self.stations(tolerance=0.05, longest=5.0)
        x, y, _ = self.point(stations)
        return cKDTree(np.column_stack([x, y])), stations

    def _offset(self, z: NDArray[np.complex128], s: Floats) -> tuple[Floats, Floats, Floats]:
        """Components of `z` minus the line's point at `s`, along and to the left of its heading; curvature there."""
        point, heading, bend = self._at(s)
        local = (z - point) * np.exp(-1j * heading)
        return local.real, local.imag, np.where((s < 0.0) | (s > self.length), 0.0, bend)


def _end(piece: AnyPiece, place: complex, heading: float) -> tuple[complex, float]:
    """Where a piece ends that begins at a place, and its heading there."""
    if isinstance(piece, Piece):
        local = complex(local_points(np.array([piece.start]), np.array([piece.rate]), np.array([piece.length]))[0])
        turn = piece.length * (piece.start + 0.5 * piece.rate * piece.length)
        return complex(place + np.exp(1j * heading) * local), heading + turn
    table = CurveTable.of([piece], [place], [heading])
    point, angle, _ = table.at(np.array([0]), np.array([piece.length]))
    return complex(point[0]), float(angle[0])
