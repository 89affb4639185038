"""A road's reference line and relief as elements of a file."""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np

from roadlab.roads.cubics import Cubics, Floats, Record
from roadlab.roads.curves import AnyPiece, Piece, PolynomialPiece
from roadlab.roads.opendrive.arc_length import arc_length
from roadlab.roads.opendrive.elements.lanes import RoadCubic
from roadlab.roads.opendrive.elements.plan_view import Arc, Geometry, Line, ParamPoly3, Shape, Spiral
from roadlab.roads.opendrive.elements.road import Crossfall, CrossSection
from roadlab.roads.reference_line import ReferenceLine
from roadlab.roads.relief import Relief

_LENGTH_TOLERANCE = 0.0005
"""By which a polynomial's length may differ from its own arc length [m]: half of what the ASAM checker allows."""


def geometries(line: ReferenceLine) -> tuple[Geometry, ...]:
    """Each piece where it begins; polynomials whose stated length is off in parts that are off by less."""
    table = line.table
    return tuple(
        geometry
        for piece, s, place, heading in zip(line.pieces, line.offsets, table.place, table.heading, strict=True)
        for geometry in _geometries(piece, float(s), complex(place), float(heading))
    )


def _geometries(piece: AnyPiece, s: float, place: complex, heading: float) -> list[Geometry]:
    if not isinstance(piece, PolynomialPiece):
        return [_plain(piece, s, place, heading)]
    off = abs(arc_length(piece) - piece.length)
    parts = 2 ** math.ceil(math.log2(max(off / _LENGTH_TOLERANCE, 1.0)))
    knots = piece.parameters[:: max((len(piece.parameters) - 1) // parts, 1)]
    length = piece.length / (len(knots) - 1)
    return [
        _polynomial(piece, (float(p), float(q)), s + number * length, length, place, heading)
        for number, (p, q) in enumerate(pairwise(knots))
    ]


def _plain(piece: Piece, s: float, place: complex, heading: float) -> Geometry:
    return Geometry(s=s, x=place.real, y=place.imag, hdg=heading, length=piece.length, shape=_shape(piece))


def _shape(piece: Piece) -> Shape:
    if piece.start != piece.end:
        return Spiral(curv_start=piece.start, curv_end=piece.end)
    return Arc(curvature=piece.start) if piece.start else Line()


def _polynomial(
    piece: PolynomialPiece, reach: tuple[float, float], s: float, length: float, place: complex, heading: float
) -> Geometry:
    """A part of the piece, for p from 0 to 1 and in the frame of its own start: aU = aV = bV = 0, as it should be.

    Place and heading are those of the frame of the whole piece.
    """
    whole = np.polynomial.Polynomial(np.array(piece.u) + 1j * np.array(piece.v))
    part = whole(np.polynomial.Polynomial([reach[0], reach[1] - reach[0]]))
    w = np.zeros(4, dtype=np.complex128)
    w[: len(part.coef)] = part.coef
    turn = float(np.angle(w[1])) if w[1] else 0.0
    start = place + complex(w[0]) * complex(np.exp(1j * heading))
    w = w * np.exp(-1j * turn)
    shape = ParamPoly3(
        aU=0.0, bU=w[1].real, cU=w[2].real, dU=w[3].real,
        aV=0.0, bV=0.0, cV=w[2].imag, dV=w[3].imag,
        p_range="normalized",
    )  # fmt: skip
    return Geometry(s=s, x=start.real, y=start.imag, hdg=heading + turn, length=length, shape=shape)


def cubics(values: Cubics) -> tuple[RoadCubic, ...]:
    """Records along the road from s = 0 on; none where the values vanish everywhere."""
    if values.is_zero:
        return ()
    return tuple(RoadCubic(s=s, a=a, b=b, c=c, d=d) for s, a, b, c, d in records(values, 0.0, math.inf))


def records(values: Cubics, start: float, end: float) -> list[Record]:
    """What is valid from `start` to `end`; the first begins at `start`."""
    inside = values.starts[(values.starts > start) & (values.starts < end)]
    cuts = np.concatenate([[start], inside])
    table = np.column_stack([cuts, values.about(cuts)])
    needed = [True, *(not _goes_on(before, after) for before, after in pairwise(table))]
    return [(s, a, b, c, d) for s, a, b, c, d in table[needed].tolist()]


def _goes_on(before: Floats, after: Floats) -> bool:
    """Whether a record says the same as the one before it."""
    h = after[0] - before[0]
    _, a, b, c, d = before
    expected = (a + h * (b + h * (c + h * d)), b + h * (2.0 * c + 3.0 * h * d), c + 3.0 * h * d, d)
    return bool(np.allclose(after[1:], expected, rtol=0.0, atol=1e-15))


def crossfalls(relief: Relief) -> tuple[Crossfall, ...]:
    """Of both sides."""
    sides = (("left", relief.crossfall_left), ("right", relief.crossfall_right))
    return tuple(
        Crossfall(s=one.s, a=one.a, b=one.b, c=one.c, d=one.d, side="left" if side == "left" else "right")
        for side, values in sides
        for one in cubics(values)
    )


def cross_sections(relief: Relief) -> tuple[CrossSection, ...]:
    """The shape of the cross-section."""
    if relief.shape is None:
        return ()
    return tuple(
        CrossSection(s=float(s), t=float(t), a=float(a), b=float(b), c=float(c), d=float(d))
        for s, profile in zip(relief.shape.s, relief.shape.profiles, strict=True)
        for t, (a, b, c, d) in zip(profile.starts, profile.coefficients, strict=True)
    )
