"""What carries a bridge: its slab, the parapets beside it, abutments at its ends and piers between."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.decks import ABUTMENT, Deck
from roadlab.roads.road import Road
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.partition import triangles
from roadlab_sensors.world.roadside.structures import CONCRETE, PARAPETS, bar, parapets

Floats = NDArray[np.float64]
Heights = Callable[[Floats], Floats]

_SLAB = 0.8
"""Thickness of a bridge [m]."""
_OVERHANG = 0.3
"""Of the slab beyond the road's edges [m]."""
_WALL = 0.4
"""Thickness of an abutment [m]."""
_SPAN = 25.0
"""From pier to pier, and without any [m]: what slabs of prestressed concrete bridge without effort."""
_SHIFT = 10.0
"""So far a pier stands aside from where it should, if there is traffic [m]."""
_PIER = 0.5
"""Radius of a pier [m]."""
_CLEAR = 1.0
"""From piers to what is paved below [m]."""
_LOWEST = 2.0
"""Over ground that is nearer than this there are no piers [m]."""
_RIM = (0.3, 1.0)
"""Width and height of parapets [m]."""


def supports(deck: Deck, surface: Heights, below: Heights, paved: shapely.Geometry) -> list[Mesh]:
    """The meshes in the world's frame.

    `surface` and `below` are the heights of the bridge's own surface and of the ground under it at (P, 2); `paved` is
    all on which piers may not stand.
    """
    found = [mesh for road in deck.stretches for mesh in _road(road, below)]
    if not deck.stretches:
        found += _plate(deck, surface)
    return [*found, *_piers(deck, surface, below, paved)]


def _road(road: Road, below: Heights) -> Iterator[Mesh]:
    low, high = road.extent
    inner = road.stations[(road.stations > low) & (road.stations < high)]
    along = np.unique(np.concatenate([np.linspace(low, high, max(2, int(high - low) + 1)), inner]))
    right, left = road.edges[0] - _OVERHANG, road.edges[1] + _OVERHANG
    yield bar(road, along, [(right, -_SLAB), (left, -_SLAB), (left, -0.02), (right, -0.02)], CONCRETE)
    yield from parapets(road, along)
    for end, inwards in ((low, 1.0), (high, -1.0)):
        if 0.0 < end < road.length:
            foot = end + inwards * (ABUTMENT - 0.1)
            wall = np.sort([foot, foot - inwards * _WALL])
            x, y, _ = road.point(foot + inwards * 0.3, np.linspace(right, left, 9))
            depth = float(road.height(foot) - below(np.column_stack([x, y])).min()) + 0.5
            yield bar(road, wall, [(right, -depth), (left, -depth), (left, -0.1), (right, -0.1)], CONCRETE)


def _plate(deck: Deck, surface: Heights) -> Iterator[Mesh]:
    """That of a junction."""
    for part in shapely.get_parts(shapely.segmentize(deck.area, 2.0)):
        yield _prism(part, lambda points: surface(points) - _SLAB, lambda points: surface(points) - 0.25)
    arms = [arm for junction in deck.network.junctions.values() for arm in junction.arms]
    mouths = [shapely.LineString([arm.inbound(t)[:2] for t in arm.pavement]) for arm in arms]
    rim = shapely.difference(deck.area.boundary, shapely.buffer(shapely.union_all(mouths), 0.5, cap_style="flat"))
    strips = shapely.intersection(shapely.buffer(rim, _RIM[0], cap_style="flat"), deck.area)
    for part in shapely.get_parts(shapely.segmentize(strips, 1.0)):
        if part.geom_type == "Polygon":
            yield _prism(part, lambda points: surface(points) - _RIM[0], lambda points: surface(points) + _RIM[1])


def _prism(area: shapely.Polygon, bottom: Heights, top: Heights) -> Mesh:
    """A closed body over an area of the plane."""
    caps, _ = triangles(np.array([area]))
    flat = caps.reshape(-1, 2)
    upper = np.column_stack([flat, top(flat)]).reshape(-1, 3, 3)
    lower = np.column_stack([flat, bottom(flat)]).reshape(-1, 3, 3)[:, ::-1]
    faces = [upper, lower]
    solid = shapely.orient_polygons(area)
    for ring in (solid.exterior, *solid.interiors):
        xy = np.asarray(ring.coords)
        low, high = np.column_stack([xy, bottom(xy)]), np.column_stack([xy, top(xy)])
        faces += [np.stack([low[:-1], low[1:], high[1:]], axis=1), np.stack([low[:-1], high[1:], high[:-1]], axis=1)]
    corners = np.concatenate(faces).reshape(-1, 3)
    return PARAPETS.mesh(corners, np.arange(len(corners)))


# --- piers -----------------------------------------------------------------------------------------------------------


def _piers(deck: Deck, surface: Heights, below: Heights, paved: shapely.Geometry) -> Iterator[Mesh]:
    blocked = paved.buffer(_CLEAR + _PIER)
    shapely.prepare(blocked)
    rows = [row for road in deck.stretches for row in _rows(road, blocked)]
    for places in rows if deck.stretches else _grid(deck, blocked):
        top, foot = surface(places) - 0.5 * _SLAB, below(places)
        if np.all(top - foot > _LOWEST):
            for place, high, low in zip(places, top, foot, strict=True):
                yield _prism(shapely.Point(place).buffer(_PIER, quad_segs=4), _level(low - 0.5), _level(high))


def _level(height: float) -> Heights:
    return lambda points: np.full(len(points), height)


def _rows(road: Road, blocked: shapely.Geometry) -> Iterator[Floats]:
    """Piers side by side under a road, in rows no farther apart than they can be."""
    low, high = road.extent
    count = int(np.ceil((high - low) / _SPAN))
    right, left = road.edges
    t = np.array([right, left]) @ ([[0.75, 0.25], [0.25, 0.75]] if left - right > 10.0 else [[0.5], [0.5]])
    for wanted in np.linspace(low, high, count + 1)[1:-1]:
        for shift in sorted(np.arange(-_SHIFT, _SHIFT + 0.5, 1.0), key=abs):
            x, y, _ = road.point(wanted + shift, t)
            if low + 2.0 < wanted + shift < high - 2.0 and not np.any(shapely.intersects_xy(blocked, x, y)):
                yield np.column_stack([x, y])
                break


def _grid(deck: Deck, blocked: shapely.Geometry) -> list[Floats]:
    """Piers under a junction."""
    x0, y0, x1, y1 = deck.area.bounds
    x, y = np.meshgrid(np.arange(x0, x1, 0.5 * _SPAN), np.arange(y0, y1, 0.5 * _SPAN))
    inner = deck.area.buffer(-1.0)
    free = shapely.intersects_xy(inner, x, y) & ~shapely.intersects_xy(blocked, x, y)
    return [np.array([[px, py]]) for px, py in zip(x[free], y[free], strict=True)]
