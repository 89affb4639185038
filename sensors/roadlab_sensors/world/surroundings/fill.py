"""Fills the space beside the roads in the style that the scenario asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from roadlab.randomness import generator
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.spec import SurroundingsSpec
from roadlab_sensors.world.mesh import Prop
from roadlab_sensors.world.plants.seasons import Season
from roadlab_sensors.world.surroundings import city, country, horizon, industrial, kerbside, motorway, old_town, suburb
from roadlab_sensors.world.surroundings.site import Frontage, Site

_ARM = 2.6
"""Reach of the signal arms in a city [m]: over the middle of the lane beside the kerb."""


def surroundings(
    network: RoadNetwork,
    spec: SurroundingsSpec,
    seed: int,
    season: Season = "summer",
    taken: Sequence[tuple[float, float, float]] = (),
) -> tuple[Prop, ...]:
    """Everything that stands beside the roads in a season, and a signal for each head under the head's name.

    `taken` are circles (x, y, radius) [m] on which something stands already.
    """
    signals = kerbside.signal_props(network, _ARM if spec.style == "city" else 0.0)
    if spec.style == "none":
        return tuple(signals)
    site = Site(network, seed)
    for x, y, radius in taken:
        site.reserve_around(x, y, radius)
    for head in (head for junction in network.junctions.values() for head in junction.heads):
        site.reserve_around(head.x, head.y, 0.6)
    STYLES[spec.style](site, spec.density, seed)
    horizon.ends(site, generator(seed, "surroundings", "ends"))
    horizon.rings(site, spec.density, generator(seed, "surroundings", "rings"))
    return (*signals, *site.props(season))


Step = tuple[str, Callable[[Site, Frontage, float, np.random.Generator], object]]
"""What is done along one side of a road, and the key of its randomness."""


def _along(*rounds: Sequence[Step]) -> Callable[[Site, float, int], None]:
    """Goes along all sides of all roads, once for each round, and takes the round's steps on each."""

    def fill(site: Site, density: float, seed: int) -> None:
        sides = [Frontage(road, left) for road in site.network.roads.values() for left in (False, True)]
        for steps in rounds:
            for side in sides:
                for key, step in steps:
                    step(site, side, density, generator(seed, "surroundings", key, side.name))

    return fill


def _furnished(kind: kerbside.Kerbside) -> Step:
    return "kerb", lambda site, side, density, rng: kerbside.furnish(site, side, kind, density, rng)


def _motorway(site: Site, density: float, seed: int) -> None:
    for road in site.network.roads.values():
        motorway.fill(site, road, density, generator(seed, "surroundings", "motorway", road.name))


STYLES: dict[str, Callable[[Site, float, int], None]] = {
    "suburb": _along([("plots", suburb.fill)], [_furnished(kerbside.SUBURB), ("backyards", suburb.backyards)]),
    "city": _along(
        [("fronts", city.fill)],
        [("second row", lambda site, side, _, rng: city.second_row(site, side, rng))],
        [_furnished(kerbside.CITY), ("courtyards", city.courtyards)],
    ),
    "old_town": _along(
        [("fronts", old_town.fill)],
        [
            _furnished(kerbside.OLD_TOWN),
            ("bollards", lambda site, side, *_: old_town.bollards(site, side)),
            ("second row", old_town.back_rows),
        ],
    ),
    "industrial": _along(
        [("estates", industrial.fill)], [_furnished(kerbside.ESTATE), ("second row", industrial.behind)]
    ),
    "motorway": _motorway,
    "rural": _along([("country", country.rural)]),
    "forest": _along([("country", country.forest)]),
}
