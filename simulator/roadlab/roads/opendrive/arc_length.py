"""How long a polynomial of a plan view really is, whatever its file says."""

from __future__ import annotations

import numpy as np

from roadlab.roads.curves import PolynomialPiece

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_PANELS = 64


def arc_length(piece: PolynomialPiece) -> float:
    """Over the whole range of its parameter [m], by Gauss's quadrature."""
    u, v = (np.polynomial.Polynomial(part).deriv() for part in (piece.u, piece.v))
    knots = np.linspace(0.0, piece.last, _PANELS + 1)
    half = 0.5 * np.diff(knots)
    p = knots[:-1, None] + half[:, None] * (_NODES + 1.0)
    return float(np.sum(half * (np.hypot(u(p), v(p)) @ _WEIGHTS)))
