"""Tyre forces: the Magic Formula for pure slip, and the circle of friction for combined slip.

Formula: E. Bakker, L. Nyborg, H. B. Pacejka, "Tyre modelling for use in vehicle dynamics studies", SAE 870421.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]


def magic_formula(
    slip: ArrayLike,
    stiffness: ArrayLike,
    peak: ArrayLike,
    shape: ArrayLike,
    curvature: ArrayLike,
    shift: ArrayLike = 0.0,
) -> Array:
    """D sin(C atan(B x - E (B x - atan(B x))) + S): force [N] at `slip` x, with B = stiffness / (C D).

    `stiffness` is the slope at zero slip [N per unit of slip], `peak` D [N], `shape` C, `curvature` E. `shift` S [rad]
    is an angle inside the sine, as in the tyre of the CommonRoad vehicle models; Pacejka adds his S_v [N] outside.
    """
    x, c, d = np.asarray(slip, dtype=np.float64), np.asarray(shape), np.asarray(peak)
    turned = np.asarray(stiffness) / (c * d) * x
    force: Array = d * np.sin(c * np.arctan(turned - np.asarray(curvature) * (turned - np.arctan(turned))) + shift)
    return force


def circle_share(along: Array, across: Array, most: Array) -> Array:
    """By how much a pair of forces has to shrink so that its length is at most `most` [N]: 1 where it already is.

    Both shrink alike: a wheel at its limit pushes against the direction in which its contact patch slides, and the
    control of wheel slip (ABS, traction control) keeps it there.
    """
    share: Array = np.minimum(1.0, most / np.maximum(np.hypot(along, across), 1e-9))
    return share
