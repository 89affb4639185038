"""Closed block fronts at the back of the pavements, with their corners at junctions."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab_sensors.world.surroundings import stock
from roadlab_sensors.world.surroundings.site import Frontage, Site

_LINE = 0.03
"""From the back of the pavement to the fronts [m]."""
_CORNER = 16.0


def fill(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """A row of buildings wall to wall; corner buildings where the road meets others."""
    start, end = _extent(site, side)
    junction_left, junction_right = (
        start < 0.0 or _near_junction(site, side, 0.0),
        _near_junction(site, side, side.length),
    )
    u = start
    if junction_left and _build(site, side, u, _CORNER, (True, False), 0):
        u += _CORNER
    if junction_right and _build(site, side, end - _CORNER, _CORNER, (False, True), 1):
        end -= _CORNER
    last = 0
    while end - u > 9.0:
        width = _next_width(end - u, rng)
        last = (last + 1 + int(rng.integers(2))) % 3
        if rng.random() > density + 0.4:
            _gap(site, side, u, width, rng)
        elif not _build(site, side, u, width, (False, False), last):
            u += 0.5
            continue
        u += width


def _next_width(room: float, rng: np.random.Generator) -> float:
    """A width of the pool, or all the room that is left when what would remain is too narrow."""
    width = float(rng.choice(stock.BLOCK_WIDTHS))
    if room < 20.0:
        return round(room - 0.01, 2)
    return width if room - width > 9.5 else stock.BLOCK_WIDTHS[0]


def _near_junction(site: Site, side: Frontage, u: float) -> bool:
    s = u if side.left else side.length - u
    x, y, _ = side.road.point(min(max(s, 0.0), side.length), 0.0)
    spot = shapely.Point(float(x), float(y))
    return any(spot.distance(junction.polygon) < 0.5 for junction in site.network.junctions.values())


def _extent(site: Site, side: Frontage) -> tuple[float, float]:
    """How far a building line reaches: to the cross streets' pavements, or a little beyond a free end."""
    ends = []
    for u, step in ((0.0, -1.0), (side.length, 1.0)):
        if not _near_junction(site, side, u):
            ends.append(u + 12.0 * step)
            continue
        reach = 12.0
        while reach > -30.0 and site.road.intersects(_strip(side, u + step * (reach - 6.0), u + step * reach)):
            reach -= 0.1
        ends.append(u + step * reach)
    return ends[0], ends[1]


def _strip(side: Frontage, a: float, b: float) -> shapely.Polygon:
    """The ground of a front from u = a to b, 12 m deep."""
    corners = [side.at(u, back)[:2] for u, back in ((a, _LINE), (b, _LINE), (b, 12.0), (a, 12.0))]
    return shapely.Polygon(corners)


def _build(site: Site, side: Frontage, u: float, width: float, open_sides: tuple[bool, bool], number: int) -> bool:
    """A building from u to u + width, moved back a little where the road bends."""
    item = stock.block_of(site, number, width, open_sides)
    return any(site.put(item, side.at(u + width / 2, _LINE + back), site.road) for back in (0.0, 0.15, 0.4, 0.8))


def _gap(site: Site, side: Frontage, u: float, width: float, rng: np.random.Generator) -> None:
    """A gap between the buildings: a small green with a bench, trees and bushes."""
    site.put(stock.furniture_of(site, "bench"), side.at(u + width / 2, 1.6), site.road)
    for _ in range(5):
        x, y, yaw = side.at(u + float(rng.uniform(2.0, width - 2.0)), float(rng.uniform(2.0, 10.0)))
        item = stock.tree_of(site, str(rng.choice(["lime", "maple", "birch"])), int(rng.integers(2)), (x, y))
        site.put(item, (x, y, yaw + float(rng.uniform(0, 2 * np.pi))), site.road)
    for _ in range(6):
        x, y, yaw = side.at(u + float(rng.uniform(1.0, width - 1.0)), float(rng.uniform(1.5, 3.0)))
        site.put(stock.bush_of(site, int(rng.integers(4))), (x, y, yaw), site.road)


def second_row(site: Site, side: Frontage, rng: np.random.Generator) -> None:
    """The backs of the next street's buildings."""
    u = 0.0
    while u < side.length:
        width = float(rng.choice(stock.BLOCK_WIDTHS))
        site.put(stock.rear_block_of(site, int(rng.integers(2)), width), side.at(u + width / 2, 46.0), site.road)
        u += width + 0.05


def courtyards(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """Trees between the buildings and the next street's."""
    for u in np.arange(4.0, side.length, 11.0):
        if rng.random() < density:
            x, y, yaw = side.at(float(u), float(rng.uniform(19.0, 26.0)))
            item = stock.tree_of(site, str(rng.choice(["lime", "maple"])), int(rng.integers(2)), (x, y))
            site.put(item, (x, y, yaw + float(rng.uniform(0, 2 * np.pi))), site.road)
