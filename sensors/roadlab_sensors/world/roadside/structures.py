"""Tunnels and bridges that a map tells of, along the stretch of road that they belong to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roadlab.roads.furniture import RoadObject
from roadlab.roads.road import Road
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, srgb

Floats = NDArray[np.float64]
Section = Sequence[tuple[float, float]]

CLEAR_HEIGHT = 4.5
"""Between the road and a tunnel's ceiling [m] (RABT 2006)."""
BESIDE = 1.0
"""From the outermost lane to a tunnel's wall: an emergency walkway [m] (RABT 2006)."""
_THICK = 0.5
_PARAPET = (0.3, 1.0)
"""Width and height of the parapets of a bridge [m]."""
_STEP = 5.0
_FOOT = 0.3
"""How far walls reach into the ground [m]."""
CONCRETE = Style(srgb("#8f8b84"), "concrete", "wall")
PARAPETS = Style(srgb("#9a968e"), "concrete", "wall")


def structure(road: Road, thing: RoadObject) -> list[Mesh]:
    """The meshes of a tunnel or a bridge in the world's frame; nothing where its stretch lies beyond the road."""
    low, high = max(thing.s, 0.0), min(thing.s + thing.length, road.length)
    if high - low < 0.1:
        return []
    inner = road.stations[(road.stations > low) & (road.stations < high)]
    along = np.unique(np.concatenate([np.linspace(low, high, max(2, int((high - low) / _STEP) + 1)), inner]))
    if thing.type == "tunnel":
        right, left = road.carriageway
        return _tunnel(road, along, right - BESIDE, left + BESIDE)
    return parapets(road, along)


def parapets(road: Road, along: Floats) -> list[Mesh]:
    """Walls along both edges of a road, through values of s [m]."""
    (right, left), (width, height) = road.edges, _PARAPET
    walls = ((right - width, right), (left, left + width))
    return [bar(road, along, [(a, -_FOOT), (b, -_FOOT), (b, height), (a, height)], PARAPETS) for a, b in walls]


def _tunnel(road: Road, along: Floats, right: float, left: float) -> list[Mesh]:
    top = CLEAR_HEIGHT + _THICK
    walls = [(right - _THICK, right), (left, left + _THICK)]
    bars = [[(a, -_FOOT), (b, -_FOOT), (b, CLEAR_HEIGHT), (a, CLEAR_HEIGHT)] for a, b in walls]
    bars.append([(right - _THICK, CLEAR_HEIGHT), (left + _THICK, CLEAR_HEIGHT), (left + _THICK, top),
                 (right - _THICK, top)])  # fmt: skip
    return [bar(road, along, section, CONCRETE) for section in bars]


def bar(road: Road, along: Floats, section: Section, style: Style) -> Mesh:
    """A closed body whose cross-section (t, z above the road) runs counter-clockwise seen against s."""
    t, z = np.array(section, dtype=np.float64).T
    ring = road.position(along[:, None], t[None, :])
    ring[..., 2] += z
    rows, corners = ring.shape[:2]
    k, j = (part.ravel() for part in np.meshgrid(np.arange(rows - 1), np.arange(corners), indexing="ij"))
    a, b = k * corners + j, k * corners + (j + 1) % corners
    sides = np.concatenate([np.stack([a, b, b + corners], axis=1), np.stack([a, b + corners, a + corners], axis=1)])
    fan = np.array([(0, i, i + 1) for i in range(1, corners - 1)])
    caps = np.concatenate([fan[:, ::-1], fan + (rows - 1) * corners])
    return style.mesh(ring.reshape(-1, 3), np.concatenate([sides, caps]))
