"""Clothoids through points.

Between two points with headings there is one clothoid without loops: E. Bertolazzi, M. Frego, "G1 fitting with
clothoids", Mathematical Methods in the Applied Sciences 38 (2015) 881. The headings at the points are those at which
the curvature does not jump, as in their "Interpolating clothoid splines with curvature continuity", ibid. 41 (2018)
1723.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.linalg import solve_banded

from roadlab.roads.curves import Piece
from roadlab.roads.reference_line import ReferenceLine

Floats = NDArray[np.float64]

_NODES, _WEIGHTS = (part for part in np.polynomial.legendre.leggauss(40))
_T, _W = 0.5 * (_NODES + 1.0), 0.5 * _WEIGHTS
_STEP = 1e-6
"""Of headings, for derivatives [rad]."""


@dataclass(frozen=True, eq=False)
class Clothoids:
    """K clothoids, each from one point to the next; arrays of K."""

    length: Floats
    start: Floats
    """Curvature where each begins [1/m]."""
    end: Floats


def clothoids_between(points: ArrayLike, heading: ArrayLike) -> Clothoids:
    """The clothoids (K,) through points (K + 1, 2) [m] with given headings (K + 1,) [rad]; ValueError where none is."""
    chord = np.diff(np.asarray(points, dtype=np.float64), axis=0)
    reach, bearing = np.hypot(*chord.T), np.arctan2(chord[:, 1], chord[:, 0])
    heading = np.asarray(heading, dtype=np.float64)
    first, last = _wrapped(heading[:-1] - bearing), _wrapped(heading[1:] - bearing)
    return _fitted(reach, first, last)


def _fitted(reach: Floats, first: Floats, last: Floats) -> Clothoids:
    """Over chords of these lengths, for headings against the chord at both ends."""
    turn = last - first
    bend = 3.0 * (first + last)  # exact for small angles
    for _ in range(30):
        angle = bend[:, None] * (_T**2 - _T) + turn[:, None] * _T + first[:, None]
        off = np.sin(angle) @ _W
        slope = (np.cos(angle) * (_T**2 - _T)) @ _W
        step = off / np.where(np.abs(slope) > 1e-9, slope, 1e-9)
        bend = bend - np.clip(step, -2.0, 2.0)
        if np.max(np.abs(step), initial=0.0) < 1e-14:
            break
    angle = bend[:, None] * (_T**2 - _T) + turn[:, None] * _T + first[:, None]
    share = np.cos(angle) @ _W
    off = np.sin(angle) @ _W
    if np.any(share <= 0.01) or np.any(np.abs(off) > 1e-9):
        raise ValueError("no clothoid without loops leads from one point to the next")
    length = reach / share
    return Clothoids(length, (turn - bend) / length, (turn + bend) / length)


def headings_through(points: ArrayLike) -> Floats:
    """(N,) headings at N points (N, 2) [m] with which the clothoids between them join without a jump of curvature.

    The curve begins and ends straight. ValueError when the points turn too sharply for it.
    """
    points = np.asarray(points, dtype=np.float64)
    chord = np.diff(points, axis=0)
    bearing = np.unwrap(np.arctan2(chord[:, 1], chord[:, 0]))
    if len(points) == 2:
        return np.repeat(bearing, 2)
    reach = np.hypot(*chord.T)
    heading = _of_circles(bearing, reach)
    for _ in range(40):
        jump = _jumps(points, heading)
        if np.max(np.abs(jump * np.mean(reach))) < 1e-12:
            return heading
        heading = heading - np.clip(_newton_step(points, heading, jump), -0.3, 0.3)
    if np.max(np.abs(_jumps(points, heading) * np.mean(reach))) < 1e-7:
        return heading
    raise ValueError("the points turn too sharply to lay clothoids through them")


def _of_circles(bearing: Floats, reach: Floats) -> Floats:
    """Headings of the circles through three points each, as a first guess."""
    turn = np.diff(bearing)
    inner = bearing[:-1] + turn * reach[:-1] / (reach[:-1] + reach[1:])
    return np.concatenate([[1.5 * bearing[0] - 0.5 * inner[0]], inner, [1.5 * bearing[-1] - 0.5 * inner[-1]]])


def _jumps(points: Floats, heading: Floats) -> Floats:
    """(N,) jumps of curvature at the points; at the ends the curvature itself [1/m]."""
    fit = clothoids_between(points, heading)
    return np.concatenate([[fit.start[0]], fit.start[1:] - fit.end[:-1], [fit.end[-1]]])


def _newton_step(points: Floats, heading: Floats, jump: Floats) -> Floats:
    """Each jump depends on three neighbouring headings: three differences give the whole tridiagonal Jacobian."""
    count = len(heading)
    bands = np.zeros((3, count))
    for color in range(3):
        moved = heading.copy()
        moved[color::3] += _STEP
        slope = (_jumps(points, moved) - jump) / _STEP
        for k in range(count):
            near = next((j for j in (k - 1, k, k + 1) if 0 <= j < count and j % 3 == color), None)
            if near is not None:
                bands[1 + k - near, near] = slope[k]
    return np.asarray(solve_banded((1, 1), bands, jump))


def line_through(points: ArrayLike) -> ReferenceLine:
    """A reference line of clothoids through points (N, 2) [m], without a jump of heading or curvature.

    ValueError when two points that follow one another are the same, or turn too sharply.
    """
    points = np.asarray(points, dtype=np.float64)
    if np.any(np.hypot(*np.diff(points, axis=0).T) < 1e-3):
        raise ValueError("two points that follow one another are the same")
    heading = headings_through(points)
    fit = clothoids_between(points, heading)
    pieces = tuple(Piece(float(n), float(a), float(b)) for n, a, b in zip(fit.length, fit.start, fit.end, strict=True))
    return ReferenceLine(pieces, float(points[0, 0]), float(points[0, 1]), float(heading[0]))


def _wrapped(angle: Floats) -> Floats:
    return np.asarray((angle + np.pi) % (2.0 * np.pi) - np.pi)
