"""How fast drivers cross speed bumps: so that they are not shaken more than is comfortable."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.paths import Path
from roadlab.roads.bumps import Bump

Array = NDArray[np.float64]

SHAKE = 3.4
"""Vertical acceleration that drivers accept [m/s²]: on a round hump 3.7 m long and 100 mm high it gives 27.5 km/h, the
middle of the 25 to 30 km/h of P. Weber, J. Braaksma, "Towards a North American geometric design standard for speed
humps", ITE Journal, January 2000."""
_AXLES = 3.0
"""The rear axle, whose speed counts, follows so far behind the front one [m]."""


def crossing_speed(bump: Bump) -> float:
    """The speed [m/s] at which a wheel that follows the bump's parabola is accelerated by `SHAKE` at its top."""
    return float(np.sqrt(SHAKE * bump.length**2 / (8.0 * bump.height)))


def bump_allowance(path: Path, bumps: Iterable[Bump]) -> Array:
    """(K,) square of the highest speed [m²/s²] at every sample of a path; +inf away from bumps."""
    allowed = np.full(len(path.x), np.inf)
    before = int(np.ceil(_AXLES / path.spacing))
    for bump in bumps:
        on = np.flatnonzero(bump.lift(np.column_stack([path.x, path.y])) > 0.0)
        if len(on):
            here = slice(max(0, int(on[0]) - before), int(on[-1]) + 1)
            allowed[here] = np.minimum(allowed[here], crossing_speed(bump) ** 2)
    return allowed
