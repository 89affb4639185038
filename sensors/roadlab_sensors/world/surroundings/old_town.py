"""Streets of old towns: narrow gabled houses wall to wall, at the back of the pavement."""

from __future__ import annotations

import numpy as np

from roadlab_sensors.world.surroundings import stock
from roadlab_sensors.world.surroundings.kerbside import at_kerb
from roadlab_sensors.world.surroundings.site import Frontage, Site

STEPS = 1.45
"""From the back of the pavement to the fronts [m]: room for the steps before the doors."""


def fill(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """Rows of houses, parted now and then by a lane or a small green."""
    u, last = float(rng.uniform(-3.0, 0.0)), 0
    while u < side.length - 3.0:
        last = (last + 1 + int(rng.integers(stock.TERRACED - 1))) % stock.TERRACED
        item, plan = stock.house_of(site, last, terraced=True)
        if rng.random() > 0.6 + 0.4 * density:
            _green(site, side, u, u + plan.width, rng)
        elif not any(site.put(item, side.at(u + plan.width / 2, STEPS + back), site.road) for back in (0.0, 0.2, 0.6)):
            u += 0.5
            continue
        u += plan.width + (2.6 if rng.random() < 0.08 else 0.02)


def _green(site: Site, side: Frontage, start: float, end: float, rng: np.random.Generator) -> None:
    """A lime with a bench."""
    x, y, yaw = side.at(0.5 * (start + end), 4.5)
    site.put(stock.tree_of(site, "lime", int(rng.integers(2)), (x, y)), (x, y, yaw), site.road)
    site.put(stock.furniture_of(site, "bench"), side.at(0.5 * (start + end), 1.8), site.road)


def bollards(site: Site, side: Frontage) -> None:
    """A row of bollards along the kerb."""
    for u in np.arange(3.0, side.length, 3.2):
        at_kerb(site, side, float(u), stock.furniture_of(site, "bollard"))


def back_rows(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """The backs of the next lane's houses, and a few trees in the yards."""
    for u in np.arange(3.0, side.length, 13.0):
        if rng.random() < 0.5 * density:
            x, y, yaw = side.at(float(u), float(rng.uniform(16.0, 21.0)))
            site.put(
                stock.tree_of(site, str(rng.choice(["apple", "birch", "lime"])), 0, (x, y)), (x, y, yaw), site.road
            )
    u = -2.0
    while u < side.length:
        item, plan = stock.house_of(site, int(rng.integers(stock.TERRACED)), terraced=True)
        x, y, yaw = side.at(u + plan.width / 2, 36.0)
        site.put(item, (x, y, yaw + np.pi), site.road)
        u += plan.width + 0.02
