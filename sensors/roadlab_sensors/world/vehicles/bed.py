"""The open bed of a pickup: an opening in the deck with its lined tub."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, quad
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.skin import Array, Skin, rounded, signed_distance

DEPTH = 0.48
"""Of the floor below the rim [m]."""
CAP = 0.045
"""Width of the plastic on the rim [m]."""


def open_bed(skin: Skin, shape: Proportions, bed: tuple[float, float], finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The skin with its deck open between `bed` (rear and front x), and the tub below with the rim's cap."""
    half = shape.body_width / 2 - 0.11
    outline = rounded([(bed[0], -half), (bed[1], -half), (bed[1], half), (bed[0], half)], 0.03)

    def within(inset: float, part: Skin) -> Array:
        low = curve(shape.shoulder, part.x) - 0.012 - part.z
        return np.maximum(signed_distance(outline.buffer(-inset), part.x, part.points[:, 1]), low)

    skin = skin.refined(lambda s: within(0.0, s), 0.12)
    rim, skin = skin.split(within(-CAP, skin))
    _, rim = rim.split(within(0.0, rim))
    top = float(curve(shape.shoulder, np.array(bed)).min())
    return skin, [rim.moved(np.array([0.0, 0.0, 0.006])).mesh(finish.plastic), *_tub(outline, top, finish.plastic)]


def _tub(outline: shapely.Polygon, top: float, style: Style) -> list[Mesh]:
    """Walls and floor, seen from within; the floor is ribbed."""
    left, right, front, rear = outline.bounds[3], outline.bounds[1], outline.bounds[2], outline.bounds[0]
    low = top - DEPTH
    corners = [(front, left), (rear, left), (rear, right), (front, right)]
    walls = [
        quad((*a, low), (*a, top), (*b, top), (*b, low), style)
        for a, b in zip(corners, [*corners[1:], corners[0]], strict=True)
    ]
    floor = quad((rear, right, low), (front, right, low), (front, left, low), (rear, left, low), style)
    high = low + 0.012
    ribs = [
        quad((rear, y, high), (front, y, high), (front, y + 0.05, high), (rear, y + 0.05, high), style)
        for y in np.arange(right + 0.08, left - 0.1, 0.13)
    ]
    return [*walls, floor, *ribs]
