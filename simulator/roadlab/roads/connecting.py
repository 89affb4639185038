"""Smooth curves between two poses: the paths through a junction and the kerbs round its corners."""

from __future__ import annotations

import math

import numpy as np

from roadlab.roads.reference_line import Piece, ReferenceLine

Pose = tuple[float, float, float]
"""x, y [m], heading [rad]."""

_STRAIGHT = 1e-9
_TIGHT = 1.0 / 5.0
"""A turn sharper than this is avoided where clothoids alone bend less [1/m]."""


def wrapped(angle: float) -> float:
    """The same angle in [-pi, pi)."""
    return (angle + math.pi) % (2.0 * math.pi) - math.pi


def connecting_curve(start: Pose, end: Pose, radius: float, *, easing: float) -> ReferenceLine | None:
    """A curve that leaves `start` and arrives at `end` along their headings; None when none was found.

    Where the tangents meet ahead of `start` and behind `end`, it is a line, a turn and a line; the turn leaves the
    tangents where an arc of `radius` [m] would, or as late as there is room. `easing` is the share of the turn's angle
    that is spent on clothoids: 0 gives a plain arc, more gives continuous curvature. Elsewhere, and where an eased turn
    has too little room, it is three clothoids with continuous curvature, 0 at both ends.
    """
    turn = wrapped(end[2] - start[2])
    lengths = _tangents(start, end)
    if lengths is None or min(lengths) < -1e-6 or abs(turn) > 2.8:
        return _three_clothoids(start, end)
    before, after = max(lengths[0], 0.0), max(lengths[1], 0.0)
    if abs(turn) < _STRAIGHT:
        return ReferenceLine((Piece(before + after),), *start)
    tangent = min(before, after, radius * math.tan(0.5 * abs(turn)))
    if tangent < 1e-3:
        return None
    pieces = [Piece(before - tangent), *_turn(turn, tangent, easing), Piece(after - tangent)]
    turned = ReferenceLine(tuple(p for p in pieces if p.length > 1e-9), *start)
    if easing == 0.0 or _sharpest(turned) < _TIGHT:
        return turned
    winding = _three_clothoids(start, end)
    return winding if winding is not None and _sharpest(winding) < _sharpest(turned) else turned


def _sharpest(line: ReferenceLine) -> float:
    return max(piece.sharpest for piece in line.pieces)


def _tangents(start: Pose, end: Pose) -> tuple[float, float] | None:
    """From `start` forwards and from `end` backwards to where their tangents meet [m]; None when they are parallel."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    ahead = dx * math.cos(start[2]) + dy * math.sin(start[2])
    aside = -dx * math.sin(start[2]) + dy * math.cos(start[2])
    turn = wrapped(end[2] - start[2])
    if abs(turn) < 1e-6:
        return (0.5 * ahead, 0.5 * ahead) if abs(aside) < 1e-6 else None
    if abs(math.sin(turn)) < 0.02:
        return None
    after = aside / math.sin(turn)
    return ahead - after * math.cos(turn), after


def _turn(turn: float, tangent: float, easing: float) -> list[Piece]:
    """Clothoid, arc, clothoid through `turn` [rad] between tangents of length `tangent` [m]."""
    eased = easing * abs(turn)
    unit = [Piece(eased, 0.0, 1.0)] if eased > 0.0 else []
    unit.append(Piece(abs(turn) - eased, 1.0, 1.0))
    unit += [Piece(eased, 1.0, 0.0)] if eased > 0.0 else []
    x, y, _ = ReferenceLine(tuple(unit)).point(sum(p.length for p in unit))
    scale = tangent / (float(x) - float(y) / math.tan(abs(turn)))  # its own tangents meet at x - y cot(turn)
    bend = math.copysign(1.0 / scale, turn)
    return [Piece(p.length * scale, p.start * bend, p.end * bend) for p in unit]


def _three_clothoids(start: Pose, end: Pose) -> ReferenceLine | None:
    """Curvature 0, k1, k2, 0 at the ends of three equal stretches, solved for the end pose."""
    from scipy.optimize import least_squares  # slow to import, and few scenarios need it

    dx, dy = end[0] - start[0], end[1] - start[1]
    reach = math.hypot(dx, dy)
    if reach < 1e-6:
        return None
    turn = wrapped(end[2] - start[2])

    def line(unknown: np.ndarray) -> ReferenceLine:
        k1, k2, length = unknown[0] / reach, unknown[1] / reach, unknown[2] * reach / 3.0
        return ReferenceLine((Piece(length, 0.0, k1), Piece(length, k1, k2), Piece(length, k2, 0.0)), *start)

    def miss(unknown: np.ndarray) -> list[float]:
        curve = line(unknown)
        x, y, heading = curve.point(curve.length)
        return [(float(x) - end[0]) / reach, (float(y) - end[1]) / reach, float(heading) - start[2] - turn]

    bearing = wrapped(math.atan2(dy, dx) - start[2])
    bounds = (np.array([-30.0, -30.0, 0.9]), np.array([30.0, 30.0, 6.0]))
    guess = np.array([9.0 * bearing - 3.0 * turn, 6.0 * turn - 9.0 * bearing, 1.0 + 0.05 * turn**2])
    guess = np.clip(guess, bounds[0] + 0.05, bounds[1] - 0.05)
    found = least_squares(miss, guess, bounds=bounds, xtol=1e-14, ftol=1e-14, gtol=1e-14)
    return line(found.x) if float(np.max(np.abs(found.fun))) < 1e-8 else None
