"""Beside a motorway: guard rails, delineators, signs, bushes and woods."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab.roads.network import Road
from roadlab_sensors.world.furniture import signs
from roadlab_sensors.world.furniture.barriers import guard_rail
from roadlab_sensors.world.surroundings import stock
from roadlab_sensors.world.surroundings.site import Frontage, Kind, Site, kind

_RAIL = 0.75
"""From the edge of the shoulder to the guard rail's posts [m]."""


def fill(site: Site, road: Road, density: float, rng: np.random.Generator) -> None:
    """Everything along one carriageway."""
    _gantry(site, road, rng)
    for left in (False, True):
        _rail(site, road, left)
        _posts(site, road, left)
    _boards(site, road, rng)
    if rng.random() < density:
        _noise_walls(site, road, rng)
    for left in (False, True):
        _green(site, Frontage(road, left), density, rng)


def _edge(road: Road, left: bool, out: float) -> float:
    """The t of what stands `out` beyond the shoulder [m]."""
    return road.carriageway[1] + out if left else road.carriageway[0] - out


def _towards_traffic(road: Road, s: float, t: float) -> tuple[float, float, float]:
    """A place at (s, t) for a model that looks at the traffic which comes along s."""
    x, y, heading = road.point(s, t)
    return float(x), float(y), float(heading) - np.pi / 2


def _rail(site: Site, road: Road, left: bool) -> None:
    s = np.linspace(0.0, road.length, max(2, round(road.length / 4.0)) + 1)
    x, y, _ = road.point(s, _edge(road, left, _RAIL))
    path = np.column_stack([x, y]) - np.array([x[0], y[0]])
    model = guard_rail(path, traffic_left=not left)
    ribbon = shapely.LineString(path).buffer(0.22, cap_style="flat")
    name = f"guard rail {road.name} {'left' if left else 'right'}"
    site.put(Kind(name, model, ribbon), (float(x[0]), float(y[0]), 0.0), site.carriageway)


def _posts(site: Site, road: Road, left: bool) -> None:
    """Delineators every 50 m just behind the rail, and the kilometre every 500 m."""
    item = stock.furniture_of(site, "delineator")
    for s in np.arange(25.0, road.length, 50.0):
        site.put(item, _towards_traffic(road, float(s), _edge(road, left, _RAIL + 0.45)), site.carriageway)
    for number, s in enumerate(np.arange(110.0, road.length, 500.0)):
        post = _kilometre(site, str(12 + number))
        site.put(post, _towards_traffic(road, float(s), _edge(road, left, _RAIL + 0.75)), site.carriageway)


def _kilometre(site: Site, number: str) -> Kind:
    name = f"kilometre {number}"
    return site.made(name, lambda _: kind(name, signs.kilometre_post(number)))


def _countdown(site: Site, bars: int) -> Kind:
    name = f"countdown {bars}"
    return site.made(name, lambda _: kind(name, signs.sign(signs.exit_countdown(bars), 1.6, f"450-{bars}")))


def _gantry(site: Site, road: Road, rng: np.random.Generator) -> None:
    """A sign bridge at a third of the way, with a board over each half of the carriageway."""
    if road.length < 150.0:
        return
    right, left = _edge(road, False, _RAIL + 1.3), _edge(road, True, _RAIL + 1.3)
    span, width = left - right, 0.32 * (left - right)
    boards = [
        (x * span, signs.direction(width, 0.55 * width, signs.BLUE, rows, rng)) for x, rows in ((-0.2, 2), (0.2, 3))
    ]
    model = signs.gantry(span, boards, code="332")
    # Only its two posts take ground; the outline of one piece would lie across the road.
    at = _towards_traffic(road, road.length / 3.0, 0.5 * (right + left))
    site.span(Kind(f"gantry {road.name}", model, shapely.box(-0.3, -0.3, 0.3, 0.3)), at, (-span / 2, span / 2))


def _boards(site: Site, road: Road, rng: np.random.Generator) -> None:
    """On the right: the countdown to an exit and a direction board."""
    if road.length < 300.0:
        return
    t = _edge(road, False, _RAIL + 2.6)
    for bars, s in ((3, 0.45), (2, 0.45 + 100.0 / road.length), (1, 0.45 + 200.0 / road.length)):
        item = _countdown(site, bars)
        site.put(item, _towards_traffic(road, s * road.length, t), site.road)
    layers = signs.direction(4.2, 2.8, signs.BLUE, 3, rng)
    large = kind(f"direction board {road.name}", signs.board(layers, 4.2, 2.0, "332"))
    site.put(large, _towards_traffic(road, 0.2 * road.length, t - 1.4), site.road)


def _noise_walls(site: Site, road: Road, rng: np.random.Generator) -> None:
    """A noise wall along a third of one side."""
    side = Frontage(road, bool(rng.random() < 0.5))
    item = stock.run_of(site, "noise wall", 0, 16.0)
    start = float(rng.uniform(0.3, 0.5)) * side.length
    for u in np.arange(start, start + side.length / 3.0, 16.02):
        site.put(item, side.at(float(u), 5.0), site.road)


def _green(site: Site, side: Frontage, density: float, rng: np.random.Generator) -> None:
    """Bushes, then trees, then woods, further and further away."""
    if density <= 0.0:
        return
    for u in np.arange(6.0, side.length, 12.0):
        x, y, yaw = side.at(float(u), float(rng.uniform(5.0, 8.0)))
        turn = float(rng.normal(0.0, 0.08)) + np.pi * float(rng.integers(2))
        if rng.random() < density:
            site.put(stock.thicket_of(site, int(rng.integers(4))), (x, y, yaw + turn), site.road)
        for _ in range(int(rng.poisson(1.5 * density))):
            spot = side.at(float(u + rng.uniform(-6, 6)), float(rng.uniform(0.8, 4.0)))
            site.put(stock.tuft_of(site, int(rng.integers(2))), spot, site.road)
    for u in np.arange(0.0, side.length, 8.0 / density):
        x, y, yaw = side.at(float(u + rng.uniform(-4, 4)), float(rng.uniform(9.0, 22.0)))
        species = str(rng.choice(["lime", "maple", "birch", "spruce"], p=[0.25, 0.3, 0.2, 0.25]))
        site.put(
            stock.tree_of(site, species, int(rng.integers(2)), (x, y)),
            (x, y, yaw + float(rng.uniform(0, 2 * np.pi))),
            site.road,
        )
    for u in np.arange(0.0, side.length, 33.0):
        if rng.random() < density:
            place = side.at(float(u), float(rng.uniform(30.0, 42.0)))
            site.put(stock.grove_of(site, int(rng.integers(3))), place, site.road)
