"""Trading estates: halls behind yards and fences."""

from __future__ import annotations

import numpy as np

from roadlab_sensors.world.surroundings import stock
from roadlab_sensors.world.surroundings.site import Frontage, Site, beside

FENCE = 1.1
"""From the back of the pavement to the fence [m]."""


def fill(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """One estate after the other along a road, with a little green between them."""
    u, last = float(rng.uniform(1.0, 6.0)), 0
    while u < side.length - 8.0:
        last = (last + 1 + int(rng.integers(stock.HALLS - 1))) % stock.HALLS
        item = stock.hall_of(site, last)
        low, _, high, _ = item.footprint.bounds
        width = high - low
        if rng.random() < np.sqrt(density):
            place = side.at(u + width / 2, float(rng.uniform(11.0, 17.0)))
            if site.put(item, place, site.road):
                _fence(site, side, u - 1.5, u + width + 1.5, rng)
                _yard(site, place, width, density, rng)
        else:
            _green(site, side, u, u + 20.0, density, rng)
            width = 20.0
        u += width + float(rng.uniform(5.0, 12.0))


def _fence(site: Site, side: Frontage, start: float, end: float, rng: np.random.Generator) -> None:
    """A fence with a gate's gap of 8 m."""
    gate = float(rng.uniform(0.45, 0.8)) * (end - start) + start
    number = int(rng.integers(2))
    for u in np.arange(start, end - 4.0, 4.01):
        if not gate - 8.0 < u < gate + 4.0:
            place = side.at(float(u) + 2.0, FENCE)
            site.put(stock.run_of(site, "metal fence", number, 4.0), beside(place, -2.0, 0.0), site.road)


def _yard(
    site: Site,
    place: tuple[float, float, float],
    width: float,
    density: float,
    rng: np.random.Generator,
) -> None:
    """Bins and cabinets at the wall, bushes and young trees along the fence."""
    for _ in range(int(rng.poisson(3.0 * density))):
        x = float(rng.uniform(-0.5, 0.5)) * width
        name = str(rng.choice(["wheelie bin", "wheelie bin 2", "cabinet"]))
        site.put(stock.furniture_of(site, name), beside(place, x, -4.2), site.road)
    for _ in range(int(rng.poisson(6.0 * density))):
        x, away = float(rng.uniform(-0.5, 0.5)) * width, float(rng.uniform(-9.0, -6.5))
        item = (
            stock.tree_of(site, str(rng.choice(["birch", "maple"])), int(rng.integers(2)), beside(place, x, away))
            if rng.random() < 0.35
            else stock.bush_of(site, int(rng.integers(4)))
        )
        site.put(item, beside(place, x, away, float(rng.uniform(0.0, 6.28))), site.road)


def _green(site: Site, side: Frontage, start: float, end: float, density: float, rng: np.random.Generator) -> None:
    """Waste ground."""
    for _ in range(round(14 * density)):
        x, y, yaw = side.at(float(rng.uniform(start, end)), float(rng.uniform(1.5, 16.0)))
        item = (
            stock.bush_of(site, int(rng.integers(4))) if rng.random() < 0.7 else stock.tree_of(site, "birch", 0, (x, y))
        )
        site.put(item, (x, y, yaw), site.road)


def behind(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """The next row of halls, and trees between the rows."""
    for u in np.arange(0.0, side.length, 9.0):
        if rng.random() < 0.6 * density:
            x, y, yaw = side.at(float(u), float(rng.uniform(47.0, 54.0)))
            site.put(stock.tree_of(site, str(rng.choice(["lime", "birch"])), 0, (x, y)), (x, y, yaw), site.road)
    for u in np.arange(18.0, side.length, 46.0):
        site.put(stock.hall_of(site, int(rng.integers(stock.HALLS))), side.at(float(u), 60.0), site.road)
