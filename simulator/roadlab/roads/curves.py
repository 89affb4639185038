"""The plane curves of OpenDRIVE, evaluated for many points on many pieces at once.

A table holds K pieces as arrays, so that a road, or a whole town, is evaluated without a loop over its pieces.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import fresnel

Floats = NDArray[np.float64]
Complex = NDArray[np.complex128]
Index = NDArray[np.intp]
Quad = tuple[float, float, float, float]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(32)
_KNOTS = 128
"""Intervals of the table from arc length to the parameter of a polynomial."""


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

    @property
    def sharpest(self) -> float:
        """Largest curvature, without its sign [1/m]."""
        return max(abs(self.start), abs(self.end))


@dataclass(frozen=True)
class PolynomialPiece:
    """A stretch (u(p), v(p)) of cubic polynomials, `length` [m] long, for p from 0 to `last`.

    s runs along it in proportion to its arc length and reaches `length` where p reaches `last`, also when the length
    that a file states differs a little from the curve's own.
    """

    length: float
    u: Quad
    v: Quad
    last: float

    @classmethod
    def param_poly3(cls, length: float, u: Quad, v: Quad, *, normalized: bool) -> PolynomialPiece:
        """OpenDRIVE's `paramPoly3`: p runs to 1 when normalized, else to the length."""
        return cls(length, u, v, 1.0 if normalized else length)

    @classmethod
    def poly3(cls, length: float, v: Quad) -> PolynomialPiece:
        """OpenDRIVE's `poly3`: v is a polynomial of u, which ends where the arc length is reached."""
        from scipy.optimize import brentq  # slow to import, and few scenarios need it

        u = (0.0, 1.0, 0.0, 0.0)

        def excess(last: float) -> float:
            return float(_arc_lengths(u, v, np.linspace(0.0, last, _KNOTS + 1))[-1]) - length

        return cls(length, u, v, float(brentq(excess, 0.0, length, xtol=1e-13)) if excess(length) > 0.0 else length)

    @cached_property
    def parameters(self) -> Floats:
        """(`_KNOTS` + 1,) p at equal steps of s."""
        knots = np.linspace(0.0, self.last, 4 * _KNOTS + 1)
        arc = _arc_lengths(self.u, self.v, knots)
        wanted = np.linspace(0.0, arc[-1], _KNOTS + 1)
        p = np.interp(wanted, arc, knots)
        for _ in range(3):
            k = np.clip(np.searchsorted(knots, p, side="right") - 1, 0, len(knots) - 2)
            off = arc[k] + _stretch(self.u, self.v, knots[k], p) - wanted
            p = np.clip(p - off / np.maximum(_speed(self.u, self.v, p), 1e-12), 0.0, self.last)
        return p

    @cached_property
    def sharpest(self) -> float:
        """Largest curvature, without its sign, of those at the knots [1/m]."""
        return float(np.max(np.abs(_polynomial_at(np.array(self.u), np.array(self.v), self.parameters)[2])))


AnyPiece = Piece | PolynomialPiece


@dataclass(frozen=True, eq=False)
class CurveTable:
    """K pieces; (K,) arrays unless stated."""

    place: Complex
    """Start x + iy [m]."""
    heading: Floats
    """Start heading [rad]."""
    length: Floats
    start: Floats
    """Curvature at the start [1/m]; of polynomials 0."""
    rate: Floats
    """Change of curvature [1/m²]; of polynomials 0."""
    polynomial: NDArray[np.intp]
    """Row of the arrays below; -1 for lines, arcs and clothoids."""
    u: Floats
    """(Q, 4)"""
    v: Floats
    """(Q, 4)"""
    parameters: Floats
    """(Q, `_KNOTS` + 1) p at equal steps of s."""

    @classmethod
    def of(cls, pieces: Sequence[AnyPiece], place: ArrayLike, heading: ArrayLike) -> CurveTable:
        """Pieces with their start points and headings."""
        cubic = [piece for piece in pieces if isinstance(piece, PolynomialPiece)]
        kinds = np.array([isinstance(piece, PolynomialPiece) for piece in pieces], dtype=bool)
        bends = [(p.start, p.rate) if isinstance(p, Piece) else (0.0, 0.0) for p in pieces]
        return cls(
            place=np.asarray(place, dtype=np.complex128),
            heading=np.asarray(heading, dtype=np.float64),
            length=np.array([piece.length for piece in pieces]),
            start=np.array([bend[0] for bend in bends]),
            rate=np.array([bend[1] for bend in bends]),
            polynomial=np.where(kinds, np.cumsum(kinds) - 1, -1),
            u=np.array([piece.u for piece in cubic]).reshape(-1, 4),
            v=np.array([piece.v for piece in cubic]).reshape(-1, 4),
            parameters=np.array([piece.parameters for piece in cubic]).reshape(-1, _KNOTS + 1),
        )

    @classmethod
    def joined(cls, tables: Sequence[CurveTable]) -> CurveTable:
        """The pieces of all tables in order."""
        before = np.cumsum([0, *(len(table.u) for table in tables)])
        shifted = [np.where(t.polynomial < 0, -1, t.polynomial + k) for t, k in zip(tables, before, strict=False)]
        names = [field.name for field in fields(cls) if field.name != "polynomial"]
        arrays = {name: np.concatenate([getattr(table, name) for table in tables]) for name in names}
        return cls(**arrays, polynomial=np.concatenate(shifted))

    def at(self, index: Index, ds: Floats) -> tuple[Complex, Floats, Floats]:
        """Points x + iy [m], headings [rad], curvatures [1/m] (P,) at `ds` (P,) from the starts of pieces `index`."""
        start, rate = self.start[index], self.rate[index]
        local = np.zeros(len(index), dtype=np.complex128)
        turn = ds * (start + 0.5 * rate * ds)
        curvature = start + rate * ds
        row = self.polynomial[index]
        plain = np.abs(rate) * self.length[index] ** 2 < 1e-15  # the heading differs from an arc's by its rounding
        far = start**2 > 2e3 * np.abs(rate)  # far from the clothoid's origin its Fresnel integrals cancel
        for chosen, curve in ((plain & (row < 0), _arc), (~plain & far, _quadrature), (~plain & ~far, _clothoid)):
            k = np.flatnonzero(chosen)
            if len(k):
                local[k] = curve(start[k], rate[k], ds[k])
        k = np.flatnonzero(row >= 0)
        if len(k):
            p = self._parameter(row[k], ds[k] / self.length[index[k]])
            local[k], turn[k], curvature[k] = _polynomial_at(self.u[row[k]], self.v[row[k]], p)
        angle = self.heading[index]
        return self.place[index] + np.exp(1j * angle) * local, angle + turn, curvature

    def _parameter(self, row: Index, share: Floats) -> Floats:
        """P at a share of the length: cubics between knots at which dp/ds is known."""
        x = np.clip(share, 0.0, 1.0) * _KNOTS
        k = np.minimum(x.astype(np.intp), _KNOTS - 1)
        x = x - k
        p0, p1 = self.parameters[row, k], self.parameters[row, k + 1]
        m0, m1 = self._pace[row, k], self._pace[row, k + 1]
        rise = p1 - p0
        return np.asarray(p0 + x * (m0 + x * ((3.0 * rise - 2.0 * m0 - m1) + x * (m0 + m1 - 2.0 * rise))))

    @cached_property
    def _pace(self) -> Floats:
        """(Q, `_KNOTS` + 1) dp per knot."""
        speed = np.abs(_derivative(self.u[:, None, :], self.v[:, None, :], self.parameters)[0])
        # Where the curve halts (a cusp), the arc length says nothing about p: fall back to the neighbours' mean.
        step = np.gradient(self.parameters, axis=1) if len(speed) else speed
        width = np.diff(self.parameters, axis=1)
        total = np.sum(0.5 * (speed[:, 1:] + speed[:, :-1]) * width, axis=1, keepdims=True)
        pace = np.where(speed > 1e-9, total / _KNOTS / np.maximum(speed, 1e-9), step)
        return np.asarray(np.where(np.abs(pace - step) > np.abs(step), step, pace))


def local_points(start: Floats, rate: Floats, length: Floats) -> Complex:
    """U + iv (P,) at the ends of lines, arcs and clothoids of these lengths, in the frames where they begin [m]."""
    local = np.zeros(len(start), dtype=np.complex128)
    plain = np.abs(rate) * length**2 < 1e-15
    far = start**2 > 2e3 * np.abs(rate)
    for chosen, curve in ((plain, _arc), (~plain & far, _quadrature), (~plain & ~far, _clothoid)):
        if chosen.any():
            local[chosen] = curve(start[chosen], rate[chosen], length[chosen])
    return local


def _derivative(u: Floats, v: Floats, p: Floats) -> tuple[Complex, Complex]:
    """First and second derivative of u + iv by p."""
    w = np.asarray(u + 1j * v, dtype=np.complex128)
    b, c, d = w[..., 1], w[..., 2], w[..., 3]
    return np.asarray(b + p * (2.0 * c + 3.0 * p * d)), np.asarray(2.0 * c + 6.0 * p * d)


def _polynomial_at(u: Floats, v: Floats, p: Floats) -> tuple[Complex, Floats, Floats]:
    """Points, headings and curvatures at p."""
    w = np.asarray(u + 1j * v, dtype=np.complex128)
    point = w[..., 0] + p * (w[..., 1] + p * (w[..., 2] + p * w[..., 3]))
    first, second = _derivative(u, v, p)
    speed = np.maximum(np.abs(first), 1e-12)
    return np.asarray(point), np.angle(first), np.imag(np.conj(first) * second) / speed**3


def _speed(u: Quad, v: Quad, p: Floats) -> Floats:
    return np.asarray(np.abs(_derivative(np.array(u), np.array(v), p)[0]))


def _stretch(u: Quad, v: Quad, low: Floats, high: Floats) -> Floats:
    """Arc lengths between parameters [m]."""
    nodes, weights = np.polynomial.legendre.leggauss(8)
    half = 0.5 * (high - low)
    p = low[:, None] + half[:, None] * (nodes + 1.0)
    return np.asarray(half * (_speed(u, v, p) @ weights))


def _arc_lengths(u: Quad, v: Quad, knots: Floats) -> Floats:
    """Arc length from the first knot to each [m]."""
    return np.concatenate([[0.0], np.cumsum(_stretch(u, v, knots[:-1], knots[1:]))])


def _arc(curvature: Floats, _: Floats, s: Floats) -> Complex:
    half = 0.5 * curvature * s  # the chord spans half the turn: stable for any curvature
    return np.asarray(s * np.sinc(half / np.pi) * np.exp(1j * half), dtype=np.complex128)


def _clothoid(start: Floats, rate: Floats, s: Floats) -> Complex:
    scale = np.sqrt(np.pi / np.abs(rate))
    origin = start / rate

    def integral(u: Floats) -> Complex:
        sine, cosine = fresnel(u / scale)
        return np.asarray(scale * (cosine + 1j * np.sign(rate) * sine), dtype=np.complex128)

    phase = -0.5 * start * origin
    return np.asarray((integral(origin + s) - integral(origin)) * np.exp(1j * phase), dtype=np.complex128)


def _quadrature(start: Floats, rate: Floats, s: Floats) -> Complex:
    most = np.max(np.abs(s * (start + 0.5 * rate * s)), initial=0.0)
    panels = max(1, int(np.ceil(most / 8.0)))
    width = s[:, None] / panels
    total = np.zeros(s.shape, dtype=np.complex128)
    for k in range(panels):
        u = width * (k + 0.5 * (_NODES + 1.0))
        turn = u * (start[:, None] + 0.5 * rate[:, None] * u)
        total += np.sum(_WEIGHTS * np.exp(1j * turn), axis=-1) * 0.5 * width[:, 0]
    return total
