"""Where one road leads over another: the stretch of the upper one that is a bridge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.network import RoadNetwork
from roadlab.roads.road import Road
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.roadside.structures import CONCRETE, bar, parapets

Floats = NDArray[np.float64]

_APART = 2.5
"""Roads whose heights differ by more lie over one another [m]."""
_ABUTMENT = 1.0
"""From the edge of the lower road to where the bridge begins [m]."""
_SLAB = 0.8
"""Thickness of a bridge [m]."""
_REACH = 15.0
"""So far beside a bridge the land is that of the road below [m]."""


@dataclass(frozen=True, eq=False)
class Deck:
    """A stretch of a road that leads over others."""

    road: Road
    s: tuple[float, float]

    @cached_property
    def area(self) -> shapely.Polygon:
        """In the plane [m]."""
        return self.road.patch(self.s, self.road.edges)

    def over(self, points: Floats) -> NDArray[np.bool_]:
        """(P,) whether `points` (P, 2) lie under the bridge or right beside it, between its abutments."""
        s, t = self.road.locate(points)
        right, left = self.road.edges
        along = (s > self.s[0] + 0.01) & (s < self.s[1] - 0.01)
        return np.asarray(along & (t > right - _REACH) & (t < left + _REACH))

    def body(self) -> list[Mesh]:
        """The slab below the road and the parapets beside it."""
        inner = self.road.stations[(self.road.stations > self.s[0]) & (self.road.stations < self.s[1])]
        steps = np.linspace(*self.s, max(2, int(self.s[1] - self.s[0]) + 1))
        along = np.unique(np.concatenate([steps, inner]))
        right, left = self.road.edges
        section = [(right - 0.3, -_SLAB), (left + 0.3, -_SLAB), (left + 0.3, -0.02), (right - 0.3, -0.02)]
        return [bar(self.road, along, section, CONCRETE), *parapets(self.road, along)]


def decks_of(network: RoadNetwork) -> tuple[Deck, ...]:
    """All bridges of a network; those of a road that leads over itself are not found."""
    if network.is_flat or not network.locator.has_levels:
        return ()
    roads = list(network.every_road.values())
    areas = np.array([_sound(road.patch((0.0, road.length), road.edges)) for road in roads], dtype=object)
    spans: dict[str, list[tuple[float, float]]] = {}
    for a, b in shapely.STRtree(areas).query(areas, predicate="intersects").T:
        if a < b:
            for part in shapely.get_parts(shapely.intersection(areas[a], areas[b])):
                upper = _upper(roads[a], roads[b], part)
                if upper is not None and upper.junction is None:
                    spans.setdefault(upper.name, []).append(_span(upper, part))
    return tuple(Deck(network.every_road[name], span) for name, found in spans.items() for span in _merged(found))


def below(network: RoadNetwork, decks: Sequence[Deck]) -> RoadNetwork:
    """The network without the roads that have bridges."""
    names = {deck.road.name for deck in decks}
    return replace(
        network,
        roads={name: road for name, road in network.roads.items() if name not in names},
        crosswalks=tuple(strip for strip in network.crosswalks if strip.road.name not in names),
    )


def alone(network: RoadNetwork, road: Road) -> RoadNetwork:
    """One road of a network with its crosswalks."""
    own = tuple(strip for strip in network.crosswalks if strip.road.name == road.name)
    return RoadNetwork(roads={road.name: road}, junctions={}, crosswalks=own)


def _upper(one: Road, other: Road, shared: shapely.Geometry) -> Road | None:
    """The one that leads over the other on common ground; None where they lie alike."""
    if shared.geom_type != "Polygon" or shared.area < 1.0:
        return None
    place = np.array(shared.representative_point().coords)
    here, there = (float(road.height(*road.locate(place))[0]) for road in (one, other))
    if abs(here - there) < _APART:
        return None
    return one if here > there else other


def _span(road: Road, shared: shapely.Polygon) -> tuple[float, float]:
    s, _ = road.locate(shapely.get_coordinates(shared))
    return max(float(s.min()) - _ABUTMENT, 0.0), min(float(s.max()) + _ABUTMENT, road.length)


def _merged(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    found: list[tuple[float, float]] = []
    for low, high in sorted(spans):
        if found and low < found[-1][1] + 2.0:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _sound(area: shapely.Polygon) -> shapely.Geometry:
    return area if area.is_valid else shapely.make_valid(area)
