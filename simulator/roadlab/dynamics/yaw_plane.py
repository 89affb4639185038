"""Two coupled linear equations, such as sideslip and yaw rate on tyres of frozen stiffness, over one step.

At low speed tyres make them arbitrarily stiff, and the answer must then be that of wheels that roll where they point:
an L-stable method gives it at any step. It is the two-stage, second-order SDIRK of R. Alexander, "Diagonally implicit
Runge-Kutta methods for stiff ODEs", SIAM J. Numer. Anal. 14 (1977).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

_GAMMA = 1.0 - np.sqrt(0.5)


@dataclass(frozen=True, slots=True)
class Linear:
    """u' = a u + b w + c, w' = d u + e w + f for N vehicles; arrays of N."""

    a: Array
    b: Array
    c: Array
    d: Array
    e: Array
    f: Array

    def rate(self, u: Array, w: Array) -> tuple[Array, Array]:
        """Those of u and w."""
        return self.a * u + self.b * w + self.c, self.d * u + self.e * w + self.f

    def after(self, u: Array, w: Array, step: float | Array) -> tuple[Array, Array]:
        """Both after a step."""
        first = self._stage(u, w, step)
        second = self._stage(u + (1.0 - _GAMMA) * step * first[0], w + (1.0 - _GAMMA) * step * first[1], step)
        return (
            u + step * ((1.0 - _GAMMA) * first[0] + _GAMMA * second[0]),
            w + step * ((1.0 - _GAMMA) * first[1] + _GAMMA * second[1]),
        )

    def _stage(self, u: Array, w: Array, step: float | Array) -> tuple[Array, Array]:
        """The k for which k = rate((u, w) + gamma step k)."""
        p, q = self.rate(u, w)
        h = _GAMMA * step
        left, right = 1.0 - h * self.a, 1.0 - h * self.e
        determinant = left * right - h * self.b * h * self.d
        return (right * p + h * self.b * q) / determinant, (left * q + h * self.d * p) / determinant
