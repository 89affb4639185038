"""What closes the view: woods around the map, and greens beyond the ends of roads."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab_sensors.world.surroundings import stock
from roadlab_sensors.world.surroundings.site import Site, beside

_RINGS = (170.0, 300.0)
"""Distances of the far woods from the roads [m]."""


def rings(site: Site, density: float, rng: np.random.Generator) -> None:
    """Woods on two rings around all roads, with gaps on the nearer one."""
    hull = shapely.convex_hull(site.road)
    for number, distance in enumerate(_RINGS):
        line = hull.buffer(distance).exterior
        # A wood of 90 m lies on the chord; the ring's curve takes a little of its length.
        count = int(line.length // 96.0)
        for k in range(count):
            if number == 0 and rng.random() > 0.25 + 0.6 * density:
                continue
            a, b = (line.interpolate(share * line.length / count) for share in (k, k + 1))
            yaw = float(np.arctan2(b.y - a.y, b.x - a.x))
            site.put(stock.far_wood_of(site, k % 3), (0.5 * (a.x + b.x), 0.5 * (a.y + b.y), yaw), site.road)


def ends(site: Site, rng: np.random.Generator) -> None:
    """A wood's edge across each free end of a road, with bushes before it."""
    joined = {(arm.road.name, arm.end) for junction in site.network.junctions.values() for arm in junction.arms}
    for road in site.network.roads.values():
        for end, s, sign in (("start", 0.0, -1.0), ("end", road.length, 1.0)):
            if (road.name, end) in joined:
                continue
            x, y, heading = (float(v) for v in road.point(s, 0.0))
            # Looking back along the road: a model at this place looks at whoever comes to the end.
            place = (x, y, heading + (-np.pi / 2 if sign > 0 else np.pi / 2))
            for across, away in ((0.0, 45.0), (-31.0, 52.0), (31.0, 50.0)):
                site.put(stock.grove_of(site, int(rng.integers(3))), beside(place, across, away), site.road)
            for _ in range(8):
                spot = beside(
                    place, float(rng.uniform(-14, 14)), float(rng.uniform(10.0, 24.0)), float(rng.uniform(0, 6.28))
                )
                site.put(stock.bush_of(site, int(rng.integers(4))), spot, site.road)
