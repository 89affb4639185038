"""Open country and forests: what stands beside roads without houses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roadlab_sensors.world.surroundings import stock
from roadlab_sensors.world.surroundings.site import Frontage, Kind, Site

DELINEATORS = 50.0
"""From one to the next [m] (HAV 2021, on straight roads)."""


@dataclass(frozen=True, slots=True)
class Belt:
    """Trees of one depth behind the road."""

    near: float
    far: float
    """From the edge of the road [m]."""
    spacing: float
    """From one to the next along the road where everything grows [m]."""
    species: tuple[str, ...]


FOREST = (
    Belt(4.5, 8.0, 3.6, ("birch", "spruce", "maple", "lime")),
    Belt(8.0, 13.0, 3.0, ("spruce", "spruce", "maple", "birch")),
    Belt(13.0, 22.0, 2.6, ("spruce", "maple", "lime", "spruce")),
)


def rural(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """Meadows with an avenue or a hedgerow, single trees, now and then a farm, woods behind."""
    _posts(site, side)
    _farm(site, side, density, rng)
    if rng.random() < 0.5:
        species = str(rng.choice(["lime", "maple", "apple", "birch"]))
        for u in np.arange(rng.uniform(0.0, 12.0), side.length, 14.0):
            if rng.random() < 0.3 + 0.6 * density:
                _plant(site, side, (species,), float(u), 3.4, rng)
    elif density > 0.0:
        for u in np.arange(6.0, side.length, 12.6):
            if rng.random() < 0.8 * density:
                x, y, yaw = side.at(float(u), float(rng.uniform(5.5, 7.0)))
                site.put(stock.thicket_of(site, int(rng.integers(4))), (x, y, yaw), site.road)
    _grass(site, side, density, rng)
    for u in np.arange(0.0, side.length, 18.0):
        if rng.random() < 0.45 * density:
            _plant(site, side, ("lime", "maple", "birch", "apple"), float(u), float(rng.uniform(16.0, 60.0)), rng)
    for u in np.arange(0.0, side.length, 33.0):
        if rng.random() < 0.5 * density:
            place = side.at(float(u), float(rng.uniform(65.0, 110.0)))
            site.put(stock.grove_of(site, int(rng.integers(3))), place, site.road)


def forest(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """Undergrowth at the edge, then trees ever denser, closed by the wood behind them."""
    _posts(site, side)
    _grass(site, side, density, rng)
    for u in np.arange(3.0, side.length, 4.0):
        if rng.random() < density:
            spot = side.at(float(u + rng.uniform(-2, 2)), float(rng.uniform(3.0, 9.0)))
            site.put(stock.bush_of(site, int(rng.integers(4))), spot, site.road)
    for belt in FOREST:
        if density <= 0.0:
            break
        for u in np.arange(0.0, side.length, belt.spacing / density):
            back = float(rng.uniform(belt.near, belt.far))
            _plant(site, side, belt.species, float(u + rng.uniform(-1.5, 1.5)), back, rng)
    for back, step in ((30.0, 22.0), (46.0, 28.0)):
        for u in np.arange(0.0, side.length + step, step):
            place = side.at(float(u), back + float(rng.uniform(-2.0, 2.0)))
            site.put(stock.grove_of(site, int(rng.integers(3))), place, site.road)


def _plant(
    site: Site, side: Frontage, species: tuple[str, ...], u: float, back: float, rng: np.random.Generator
) -> None:
    x, y, yaw = side.at(u, back)
    chosen = species[int(rng.integers(len(species)))]
    item: Kind = stock.tree_of(site, chosen, int(rng.integers(2)), (x, y))
    site.put(item, (x, y, yaw + float(rng.uniform(0.0, 2.0 * np.pi))), site.road)


def _posts(site: Site, side: Frontage) -> None:
    """Delineators at the edge of the road, opposite one another, each looking at the traffic that passes it."""
    item = stock.furniture_of(site, "delineator")
    for s in np.arange(0.5 * DELINEATORS, side.length, DELINEATORS):
        x, y, yaw = side.at(float(s) if side.left else side.length - float(s), 0.5)
        site.put(item, (x, y, yaw + np.pi / 2), site.road)


def _grass(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    for u in np.arange(1.0, side.length, 2.0):
        if rng.random() < density:
            spot = side.at(float(u + rng.uniform(-1, 1)), float(rng.uniform(0.7, 4.0)))
            site.put(stock.tuft_of(site, int(rng.integers(2))), spot, site.road)


def _farm(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """A house with a barn and a few trees, once in some 250 m."""
    for u in np.arange(rng.uniform(20.0, 180.0), side.length - 20.0, 250.0):
        if rng.random() > density:
            continue
        house, _ = stock.house_of(site, int(rng.integers(stock.HOUSES)), terraced=False)
        x, y, yaw = side.at(float(u), float(rng.uniform(14.0, 24.0)))
        site.put(house, (x, y, yaw + float(rng.choice([0.0, np.pi / 2]))), site.road)
        site.put(stock.garage_of(site, int(rng.integers(3))), side.at(float(u) + 13.0, 20.0), site.road)
        for _ in range(4):
            _plant(site, side, ("apple", "lime"), float(u + rng.uniform(-16, 18)), float(rng.uniform(9.0, 36.0)), rng)
