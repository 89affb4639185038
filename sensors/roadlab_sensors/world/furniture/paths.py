"""Paved ways from the pavement to doors and garages."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab_sensors.world.assembly import along_x, body, pick
from roadlab_sensors.world.mesh import Model
from roadlab_sensors.world.shapes import Style, srgb

_BANK, _DROP = 0.6, 0.105
"""From the back of a pavement the ground falls by this much over this distance [m]."""


def way(rng: np.random.Generator, width: float, length: float, semantic: str) -> Model:
    """A slab from the back of a pavement, at the origin, to y = `length` [m]; 15 mm above the ground behind."""
    color = pick((srgb("#8d8880"), srgb("#7f766c"), srgb("#97908a"), srgb("#86706a")), rng)
    top = [(0.0, 0.0), (_BANK, -_DROP), (length, -_DROP)]
    section = shapely.Polygon([(0.0, -0.05), (_BANK, -_DROP - 0.05), (length, -_DROP - 0.05), *top[::-1]])
    return body([along_x(section, -width / 2, width / 2, Style(color, "paving", semantic))])
