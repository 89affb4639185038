"""What years leave on a road: repairs, sealed cracks, manhole covers, gullies, kerbstones of many shades."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely

from roadlab.randomness import generator
from roadlab.roads.network import Junction, Road, RoadNetwork
from roadlab.roads.profiles import KERB_WIDTH
from roadlab_sensors.world.ground_looks import ASPHALT, CONCRETE, IRON, KERB, SEALANT, Patch, tinted
from roadlab_sensors.world.partition import overlaps

_STONE = 1.0
"""Length of a kerbstone [m] (DIN EN 1340)."""
_STONE_SHADES = (0.86, 0.93, 1.0, 1.07)


def worn_asphalt(network: RoadNetwork) -> list[Patch]:
    """Repairs, then what lies in or on them."""
    roads = list(network.roads.values())
    found = [patch for road in roads for patch in (*_repairs(road), *_cracks(road))]
    for road in roads:
        if road.pavements:
            found += [*_manholes(road), *_gullies(road)]
    found += [patch for junction in network.junctions.values() for patch in _junction_wear(junction)]
    # Nothing of it leaves what is paved.
    areas = overlaps(np.array([patch.area for patch in found], dtype=object), network.drivable)
    return [replace(patch, area=area) for patch, area in zip(found, areas, strict=True) if not area.is_empty]


def kerbstones(road: Road, kerbs: shapely.Geometry) -> Iterator[Patch]:
    """The road's kerbs stone by stone."""
    rng = generator(0, "kerbstones", road.name)
    low, high = road.paved
    for right, left in road.pavements:
        inner = left if left <= 0.0 else right
        t = (inner - KERB_WIDTH, inner) if left <= 0.0 else (inner, inner + KERB_WIDTH)
        starts = np.arange(low, min(high, road.length + 60.0), _STONE)
        shades = rng.integers(len(_STONE_SHADES), size=len(starts))
        shown = [k for k, shade in enumerate(shades) if _STONE_SHADES[shade] != 1.0]  # else the plain kerb shows
        stones = road.patches([(starts[k], min(starts[k] + _STONE, high)) for k in shown], t)
        near = shapely.clip_by_rect(kerbs, *shapely.buffer(road.patch((low, high), t), _STONE).bounds)
        for k, stone in zip(shown, overlaps(stones, near), strict=True):
            if not stone.is_empty:
                yield Patch(stone, tinted(KERB, _STONE_SHADES[shades[k]]), "pavement")


def _repairs(road: Road) -> Iterator[Patch]:
    """Rectangles of newer or older asphalt, as road works leave them: about one every 35 m."""
    rng = generator(0, "road repairs", road.name)
    right, left = road.carriageway
    for _ in range(rng.poisson(road.length / 35.0)):
        s, length, width = rng.uniform(0.0, road.length), rng.uniform(1.5, 14.0), rng.uniform(0.7, 2.6)
        t = rng.uniform(right + 0.1, left - 0.1 - width)
        area, shade = road.patch((s, min(s + length, road.length)), (t, t + width)), rng.uniform(0.65, 1.2)
        if _is_here(road, s):
            yield Patch(area, tinted(ASPHALT, shade), "road")


def _cracks(road: Road) -> Iterator[Patch]:
    """Cracks sealed with bitumen, across the road and along it: about one every 18 m."""
    rng = generator(0, "sealed cracks", road.name)
    right, left = road.carriageway
    for _ in range(rng.poisson(road.length / 18.0)):
        s, t = rng.uniform(0.0, road.length), rng.uniform(right + 0.3, left - 0.3)
        x, y, heading = road.point(s, t)
        along = rng.uniform() < 0.35
        length = rng.uniform(3.0, 12.0) if along else rng.uniform(0.3, 0.95) * (left - right)
        crack = _sealed(rng, (float(x), float(y)), float(heading) + (0.0 if along else np.pi / 2), length)
        if _is_here(road, s):
            yield crack


def _is_here(road: Road, s: float) -> bool:
    """Whether it is on this part of the road."""
    return road.extent[0] <= s <= road.extent[1]


def _junction_wear(junction: Junction) -> Iterator[Patch]:
    """Cracks in any direction, and the cover where the sewers of the roads meet."""
    if junction.polygon.is_empty:
        return
    rng = generator(0, "junction wear", junction.name)
    x0, y0, x1, y1 = junction.polygon.bounds
    for _ in range(rng.poisson(junction.polygon.area / 90.0)):
        place = (rng.uniform(x0, x1), rng.uniform(y0, y1))
        yield _sealed(rng, place, rng.uniform(0.0, 2.0 * np.pi), rng.uniform(2.0, 9.0))
    middle = junction.polygon.centroid
    yield from _manhole((middle.x + rng.uniform(-1.5, 1.5), middle.y + rng.uniform(-1.5, 1.5)))


def _sealed(rng: np.random.Generator, place: tuple[float, float], heading: float, length: float) -> Patch:
    steps = np.arange(0.0, max(length, 1.0), 0.35)
    local = steps + 1j * np.cumsum(rng.normal(0.0, 0.07, len(steps)))
    points = complex(*place) + local * np.exp(1j * heading)
    line = shapely.LineString(np.column_stack([points.real, points.imag]))
    return Patch(line.buffer(rng.uniform(0.018, 0.035), quad_segs=1), SEALANT, "road")


def _manholes(road: Road) -> Iterator[Patch]:
    """Round covers of iron and concrete, clear opening 625 mm (DIN EN 124), along the sewer: one every 45 m or so."""
    if not {-1, 1} <= set(road.sections[0].lane_ids):
        return
    rng = generator(0, "manholes", road.name)
    t = rng.uniform(0.4, 0.6) * (road.lane_center_t(1) - road.lane_center_t(-1)) + road.lane_center_t(-1) - 0.9
    for s in np.arange(rng.uniform(8.0, 30.0), road.length, 45.0):
        x, y, _ = road.point(float(s) + rng.uniform(-3.0, 3.0), t)
        if _is_here(road, float(s)):
            yield from _manhole((float(x), float(y)))


def _manhole(place: tuple[float, float]) -> Iterator[Patch]:
    center = shapely.Point(place)
    for radius, style in ((0.385, IRON), (0.31, CONCRETE), (0.12, IRON)):
        yield Patch(center.buffer(radius, quad_segs=6), style, "road")


def _gullies(road: Road) -> Iterator[Patch]:
    """Gratings of 300 by 500 mm against either kerb, one every 28 m."""
    rng = generator(0, "gullies", road.name)
    for inner, sign in zip(road.carriageway, (1, -1), strict=True):
        starts = [s for s in np.arange(rng.uniform(3.0, 25.0), road.length - 1.0, 28.0) if _is_here(road, s)]
        near, far = sorted((inner + sign * 0.01, inner + sign * 0.34))
        yield from (Patch(area, IRON, "road") for area in road.patches([(s, s + 0.5) for s in starts], (near, far)))
        near, far = sorted((inner + sign * 0.05, inner + sign * 0.30))
        slots = [(s + 0.05 + 0.075 * k, s + 0.08 + 0.075 * k) for s in starts for k in range(6)]  # between the bars
        yield from (Patch(area, SEALANT, "road") for area in road.patches(slots, (near, far)))
