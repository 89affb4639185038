"""Plots of a suburb: houses behind front gardens, with fences, hedges, ways, garages and garden trees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roadlab_sensors.world.buildings.house import House
from roadlab_sensors.world.surroundings import stock
from roadlab_sensors.world.surroundings.site import Frontage, Kind, Site, beside

BOUNDARY = 0.95
"""From the back of the pavement to a plot's fence or hedge [m]; the ground is level there."""
_STYLES = ("low hedge", "picket fence", "garden wall", "metal fence", "high hedge", "open")
_SHARES = (0.38, 0.1, 0.08, 0.08, 0.3, 0.06)


@dataclass(frozen=True, slots=True)
class Plot:
    """A stretch of a frontage, from `start` to `end` along it [m]."""

    side: Frontage
    start: float
    end: float
    style: str
    setback: float
    """From the back of the pavement to the front wall [m]."""


def fill(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """Plots along a whole side of a road."""
    if rng.random() < density:
        _bus_stop(site, side, float(rng.uniform(0.3, 0.7)) * side.length)
    u = float(rng.uniform(-2.0, 1.0))
    last = -1
    while u < side.length - 4.0:
        if rng.random() < 0.28:
            u = _terrace(site, side, u, density, rng)
            continue
        width = float(rng.uniform(15.0, 18.5))
        number = (last + 1 + int(rng.integers(stock.HOUSES - 1))) % stock.HOUSES
        last = number
        if rng.random() < np.sqrt(density):
            _detached(site, _plot(side, u, u + width, rng), number, density, rng)
        u += width


def _bus_stop(site: Site, side: Frontage, u: float) -> None:
    """A shelter and a bin behind the pavement, where the ground is level."""
    place = side.at(u, 1.5)
    site.put(stock.furniture_of(site, "bus shelter"), place, site.road)
    site.put(stock.furniture_of(site, "litter bin"), beside(place, 2.7, -0.4), site.road)


def _plot(side: Frontage, start: float, end: float, rng: np.random.Generator) -> Plot:
    style = str(rng.choice(_STYLES, p=_SHARES))
    return Plot(side, start, end, style, float(rng.choice([4.5, 5.0, 5.5, 6.0, 7.0])))


def _detached(site: Site, plot: Plot, number: int, density: float, rng: np.random.Generator) -> None:
    """A house, mostly with a garage at its side."""
    item, plan = stock.house_of(site, number, terraced=False)
    garage_left = bool(rng.random() < 0.5)
    shift = (1.0 if garage_left else -1.0) * 1.6
    middle = 0.5 * (plot.start + plot.end) + shift
    house = plot.side.at(middle, plot.setback)
    if not site.put(item, house, site.road):
        _meadow(site, plot, density, rng)
        return
    gaps = [_door_way(site, plan, middle, house, plot.setback, number)]
    beside_house = -(plan.width / 2 + 1.75) if garage_left else plan.width / 2 + 1.75
    if rng.random() < 0.75:
        place = beside(house, beside_house, 0.8)
        if site.put(stock.garage_of(site, number % 3), place, site.road):
            gaps.append(_drive(site, plot, middle + beside_house, number))
            bin_place = beside(house, beside_house + (-1.0 if garage_left else 1.0) * 1.95, 0.3)
            site.put(
                stock.furniture_of(site, str(rng.choice(["wheelie bin", "wheelie bin 2", "wheelie bin 3"]))),
                bin_place,
                site.road,
            )
    _boundary(site, plot, [gap for gap in gaps if gap is not None], number)
    _garden(site, plot, house, plan, density, rng)


def _terrace(site: Site, side: Frontage, u: float, density: float, rng: np.random.Generator) -> float:
    """Three to five houses wall to wall; returns where they end."""
    setback = float(rng.choice([4.5, 5.0, 6.0]))
    style = str(rng.choice(_STYLES, p=_SHARES))
    first = int(rng.integers(stock.TERRACED))
    u += 2.0
    for k in range(int(rng.integers(3, 6))):
        number = (first + k) % stock.TERRACED
        item, plan = stock.house_of(site, number, terraced=True)
        middle = u + plan.width / 2 + 0.01
        plot = Plot(side, u, u + plan.width + 0.02, style, setback)
        house = side.at(middle, setback)
        if site.put(item, house, site.road):
            gap = _door_way(site, plan, middle, house, setback, number)
            _boundary(site, plot, [gap], first)
            _garden(site, plot, house, plan, density, rng)
        u += plan.width + 0.02
    return u + 2.0


def _door_way(
    site: Site, plan: House, middle: float, house: tuple[float, float, float], setback: float, number: int
) -> tuple[float, float]:
    """The way to the door; returns the stretch of the frontage that it needs."""
    steps = 0.95 + 0.3 * (round(plan.plinth / 0.17) - 1)
    length = setback - steps - 0.05
    item = stock.way_of(site, 1.3, length, number % 3)
    site.put(item, beside(house, plan.door, -setback + 0.02), site.road)
    return middle + plan.door - 0.75, middle + plan.door + 0.75


def _drive(site: Site, plot: Plot, middle: float, number: int) -> tuple[float, float]:
    """The drive to a garage that stands 0.8 m behind the house's front."""
    item = stock.way_of(site, 3.0, plot.setback + 0.7, number % 3)
    site.put(item, plot.side.at(middle, 0.02), site.road)
    return middle - 1.65, middle + 1.65


def _boundary(site: Site, plot: Plot, gaps: list[tuple[float, float]], number: int) -> None:
    """Fence, hedge or wall along the pavement with gaps for ways, and between this plot and the next."""
    if plot.style == "open":
        return
    edges = [plot.start + 0.05, *(x for gap in sorted(gaps) for x in gap), plot.end - 0.05]
    for a, b in zip(edges[::2], edges[1::2], strict=True):
        _run(site, plot, plot.style, number % 2, a, b)
    side_style = "high hedge" if plot.style in ("low hedge", "high hedge", "garden wall") else plot.style
    depth = BOUNDARY + 0.6
    while depth < plot.setback + 7.0:
        x, y, yaw = plot.side.at(plot.end, depth)
        site.put(stock.run_of(site, side_style, number % 2, 4.0), (x, y, yaw + np.pi / 2), site.road)
        depth += 4.02


def _run(site: Site, plot: Plot, style: str, number: int, start: float, end: float) -> None:
    """Straight pieces of 4, 2 and 1 m one after another from `start` towards `end`."""
    u = start
    for length in (4.0, 2.0, 1.0):
        while end - u > length:
            x, y, yaw = plot.side.at(u + length / 2, BOUNDARY)
            item = stock.run_of(site, style, number, length)
            site.put(item, beside((x, y, yaw), -length / 2, 0.0), site.road)
            u += length + 0.005


def _garden(
    site: Site, plot: Plot, house: tuple[float, float, float], plan: House, density: float, rng: np.random.Generator
) -> None:
    """Bushes at the house and in the garden, perhaps a small tree in front, rarely a cabinet at the pavement."""
    if rng.random() < 0.15 * density:
        site.put(stock.furniture_of(site, "cabinet"), plot.side.at(plot.start + 1.0, 0.33), site.road)
    for _ in range(int(rng.poisson(6.0 * density))):
        x = float(rng.uniform(-0.5, 0.5)) * (plan.width + 1.0)
        place = beside(house, x, float(rng.choice([-1.1, -0.55 * plot.setback])), float(rng.uniform(0, 2 * np.pi)))
        site.put(stock.bush_of(site, int(rng.integers(4))), place, site.road)
    if rng.random() < 0.8 * density and plot.setback > 4.4:
        species = str(rng.choice(["apple", "birch"]))
        x = float(rng.uniform(-0.5, 0.5)) * (plot.end - plot.start)
        place = beside(house, x, -0.62 * plot.setback, float(rng.uniform(0, 2 * np.pi)))
        site.put(stock.tree_of(site, species, int(rng.integers(2)), place), place, site.road)


def _meadow(site: Site, plot: Plot, density: float, rng: np.random.Generator) -> None:
    """A plot where no house fits: shrubs and trees."""
    for _ in range(round(7 * density)):
        u, back = float(rng.uniform(plot.start, plot.end)), float(rng.uniform(1.5, 16.0))
        x, y, yaw = plot.side.at(u, back)
        tall = back > 4.0 and rng.random() < 0.5
        item: Kind = (
            stock.tree_of(site, str(rng.choice(["birch", "maple", "lime"])), 0, (x, y))
            if tall
            else stock.bush_of(site, int(rng.integers(4)))
        )
        site.put(item, (x, y, yaw + float(rng.uniform(0, 2 * np.pi))), site.road)


def backyards(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """Tall trees behind the houses and between them, then the next street's houses."""
    for u in np.arange(2.0, side.length, 7.0):
        if rng.random() < density:
            x, y, yaw = side.at(float(u + rng.uniform(-2, 2)), float(rng.uniform(15.0, 30.0)))
            species = str(rng.choice(["lime", "maple", "birch", "apple", "spruce"], p=[0.25, 0.25, 0.2, 0.15, 0.15]))
            site.put(
                stock.tree_of(site, species, int(rng.integers(2)), (x, y)),
                (x, y, yaw + float(rng.uniform(0, 2 * np.pi))),
                site.road,
            )
    for u in np.arange(6.0, side.length, 17.0):
        if rng.random() < np.sqrt(density):
            item, _ = stock.house_of(site, int(rng.integers(stock.HOUSES)), terraced=False)
            x, y, yaw = side.at(float(u), float(rng.uniform(42.0, 47.0)))
            site.put(item, (x, y, yaw + np.pi * float(rng.integers(2))), site.road)
