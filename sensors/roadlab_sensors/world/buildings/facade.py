"""Walls with openings, and the four walls of a body."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely

from roadlab_sensors.world.assembly import pierced, turned
from roadlab_sensors.world.buildings.openings import Opening
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style


def wall(outline: shapely.Polygon, openings: Sequence[Opening], style: Style, recess: float) -> list[Mesh]:
    """A wall over an outline of the plane (x, z), front to -y, with its openings cut and filled.

    Fills stand at `recess` [m] or deeper, which is how deep the sides of the openings reach.
    """
    meshes = pierced(outline, [opening.outline() for opening in openings], recess + 0.06, style)
    for opening in openings:
        meshes += turned(opening.fill, at=(opening.x, 0.0, opening.z))
    return meshes


def around(
    width: float, depth: float, front: list[Mesh], right: list[Mesh], back: list[Mesh], left: list[Mesh]
) -> list[Mesh]:
    """Four walls, each with its lower left corner at its origin, set around a body of width x depth.

    The front lies at y = 0 with its middle at x = 0; the body reaches to y = `depth` [m].
    """
    half = width / 2
    return [
        *turned(front, 0.0, (-half, 0.0, 0.0)),
        *turned(right, np.pi / 2, (half, 0.0, 0.0)),
        *turned(back, np.pi, (half, depth, 0.0)),
        *turned(left, -np.pi / 2, (-half, depth, 0.0)),
    ]


def gable(width: float, eaves: float, rise: float) -> shapely.Polygon:
    """Outline of a wall under a pitched roof: `rise` [m] from eaves to ridge."""
    return shapely.Polygon([(0, 0), (width, 0), (width, eaves), (width / 2, eaves + rise), (0, eaves)])
