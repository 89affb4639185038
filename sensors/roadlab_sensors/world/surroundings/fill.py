"""Fills the space beside the roads in the style that the scenario asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence

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


def _frontages(network: RoadNetwork) -> list[Frontage]:
    return [Frontage(road, left) for road in network.roads.values() for left in (False, True)]


def _suburb(site: Site, density: float, seed: int) -> None:
    sides = _frontages(site.network)
    for side in sides:
        suburb.fill(site, side, density, generator(seed, "surroundings", "plots", side.name))
    for side in sides:
        kerbside.furnish(site, side, kerbside.SUBURB, density, generator(seed, "surroundings", "kerb", side.name))
        suburb.backyards(site, side, density, generator(seed, "surroundings", "backyards", side.name))


def _city(site: Site, density: float, seed: int) -> None:
    sides = _frontages(site.network)
    for side in sides:
        city.fill(site, side, density, generator(seed, "surroundings", "fronts", side.name))
    for side in sides:
        city.second_row(site, side, generator(seed, "surroundings", "second row", side.name))
    for side in sides:
        kerbside.furnish(site, side, kerbside.CITY, density, generator(seed, "surroundings", "kerb", side.name))
        city.courtyards(site, side, density, generator(seed, "surroundings", "courtyards", side.name))


def _motorway(site: Site, density: float, seed: int) -> None:
    for road in site.network.roads.values():
        motorway.fill(site, road, density, generator(seed, "surroundings", "motorway", road.name))


def _industrial(site: Site, density: float, seed: int) -> None:
    sides = _frontages(site.network)
    for side in sides:
        industrial.fill(site, side, density, generator(seed, "surroundings", "estates", side.name))
    for side in sides:
        kerbside.furnish(site, side, kerbside.ESTATE, density, generator(seed, "surroundings", "kerb", side.name))
        industrial.behind(site, side, density, generator(seed, "surroundings", "second row", side.name))


def _old_town(site: Site, density: float, seed: int) -> None:
    sides = _frontages(site.network)
    for side in sides:
        old_town.fill(site, side, density, generator(seed, "surroundings", "fronts", side.name))
    for side in sides:
        kerbside.furnish(site, side, kerbside.OLD_TOWN, density, generator(seed, "surroundings", "kerb", side.name))
        old_town.bollards(site, side)
        old_town.back_rows(site, side, density, generator(seed, "surroundings", "second row", side.name))


def _rural(site: Site, density: float, seed: int) -> None:
    for side in _frontages(site.network):
        country.rural(site, side, density, generator(seed, "surroundings", "country", side.name))


def _forest(site: Site, density: float, seed: int) -> None:
    for side in _frontages(site.network):
        country.forest(site, side, density, generator(seed, "surroundings", "forest", side.name))


STYLES: dict[str, Callable[[Site, float, int], None]] = {
    "suburb": _suburb,
    "city": _city,
    "old_town": _old_town,
    "industrial": _industrial,
    "motorway": _motorway,
    "rural": _rural,
    "forest": _forest,
}
