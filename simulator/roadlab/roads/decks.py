"""Where roads lead over others: what lies on the ground, and the stretches and junctions above it, bridge by bridge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.junction import Junction, Strip, paved_by
from roadlab.roads.levels import LEVELS, shared_ground
from roadlab.roads.network import RoadNetwork
from roadlab.roads.road import Road

Floats = NDArray[np.float64]
Span = tuple[float, float]

ABUTMENT = 1.5
"""From the edge of the lower road to where the bridge begins [m]."""
_NEXT = 20.0
"""Bridges of one road with less ground between them are one [m]."""
_SLIVER = 0.01
_REST = 2.0
"""Of a road before or behind a bridge: what is shorter belongs to it [m]."""


@dataclass(frozen=True, eq=False)
class Deck:
    """A bridge: a part of a road, or a junction, or the ways of one that lead over others."""

    network: RoadNetwork
    """What it carries, in the coordinates of the whole."""

    @cached_property
    def area(self) -> shapely.Geometry:
        """In the plane, without slivers between kerbs and pavements [m]."""
        area = shapely.union_all([self.network.drivable, self.network.pavement, *map(_whole, self.stretches)])
        return area.buffer(_SLIVER, join_style="mitre").buffer(-_SLIVER, join_style="mitre")

    @cached_property
    def stretches(self) -> tuple[Road, ...]:
        """The parts of roads outside junctions."""
        return tuple(self.network.roads.values())


def parted(network: RoadNetwork) -> tuple[RoadNetwork, tuple[Deck, ...]]:
    """What lies on the ground, and all bridges."""
    spans = {} if network.is_flat or not network.locator.has_levels else _spans(network)
    if not spans:
        return network, ()
    high = [j for j in network.junctions.values() if j.corners and any(name in spans for name in _ways(network, j))]
    for junction in high:
        spans |= {name: [(0.0, road.length)] for name, road in _ways(network, junction).items()}
    low = {j.name: _without_bridges(network, j, spans) for j in network.junctions.values() if j not in high}
    roads, connecting = (_grounded(every, spans) for every in (network.roads, network.connecting))
    return _carried(network, roads, connecting, low), tuple(_decks(network, spans, high))


def layers(network: RoadNetwork) -> tuple[RoadNetwork, ...]:
    """The network in parts none of which lies over itself: what is on the ground, then what each bridge carries."""
    ground, decks = parted(network)
    return (ground, *(deck.network for deck in decks))


def _decks(network: RoadNetwork, spans: Mapping[str, Sequence[Span]], high: Sequence[Junction]) -> Iterator[Deck]:
    for key, part in _bridges(network.roads, spans).items():
        yield Deck(_carried(network, {key: part}, {}, {}))
    for junction in network.junctions.values():
        own = _bridges(_ways(network, junction), spans)
        if own:
            above = junction if junction in high else replace(junction, polygon=paved_by(own.values()))
            yield Deck(_carried(network, {}, own, {junction.name: above}))


# --- which stretches -------------------------------------------------------------------------------------------------


def _spans(network: RoadNetwork) -> dict[str, list[Span]]:
    """From and to which s roads are bridges."""
    roads = list(network.every_road.values())
    found = shared_ground(roads, None)
    spans: dict[str, list[Span]] = {}
    for k in np.flatnonzero(np.abs(found.rise) > LEVELS):
        upper = int(found.rise[k] > 0.0)
        low, high = found.s[k, upper]
        spans.setdefault(roads[found.road[k, upper]].name, []).append((low - ABUTMENT, high + ABUTMENT))
    return {name: _merged(own, network.every_road[name].length) for name, own in spans.items()}


def _merged(spans: Sequence[Span], length: float) -> list[Span]:
    found: list[Span] = []
    for low, high in sorted(spans):
        low, high = (0.0 if low < _REST else low), (length if high > length - _REST else high)
        if found and low < found[-1][1] + _NEXT:
            found[-1] = (found[-1][0], max(found[-1][1], high))
        else:
            found.append((low, high))
    return found


def _bridges(roads: Mapping[str, Road], spans: Mapping[str, Sequence[Span]]) -> dict[str, Road]:
    """The parts of roads that are bridges, under names of their own."""
    return {
        f"{name}[{number}]": road.part(*span)
        for name, road in roads.items()
        for number, span in enumerate(spans.get(name, ()))
    }


def _grounded(roads: Mapping[str, Road], spans: Mapping[str, Sequence[Span]]) -> dict[str, Road]:
    """The roads, and of those with bridges the parts before, between and behind them."""
    found: dict[str, Road] = {}
    for name, road in roads.items():
        edges = [0.0, *(s for span in spans.get(name, ()) for s in span), road.length]
        parts = [(low, high) for low, high in zip(edges[::2], edges[1::2], strict=True) if high > low]
        found |= {f"{name}({k})": road.part(*span) for k, span in enumerate(parts)} if name in spans else {name: road}
    return found


def _ways(network: RoadNetwork, junction: Junction) -> dict[str, Road]:
    return {name: road for name, road in network.connecting.items() if road.junction == junction.name}


def _without_bridges(network: RoadNetwork, junction: Junction, spans: Mapping[str, Sequence[Span]]) -> Junction:
    ways = _ways(network, junction)
    if not any(name in spans for name in ways):
        return junction
    return replace(junction, polygon=paved_by(_grounded(ways, spans).values()))


# --- what belongs to them --------------------------------------------------------------------------------------------


def _carried(
    network: RoadNetwork, roads: Mapping[str, Road], connecting: Mapping[str, Road], own: Mapping[str, Junction]
) -> RoadNetwork:
    """A part of a network, with the crosswalks and stop lines that are on it."""
    here = [strip for strip in network.crosswalks if _is_on(strip, roads.values(), own.values())]
    beside = {name: _lines_alone(one, roads.values()) for name, one in network.junctions.items() if name not in own}
    stopped = {name: one for name, one in beside.items() if one.stop_lines}
    return RoadNetwork(roads=roads, junctions={**own, **stopped}, crosswalks=tuple(here), connecting=connecting)


def _lines_alone(junction: Junction, roads: Iterable[Road]) -> Junction:
    """Nothing of a junction but its stop lines on some roads."""
    here = tuple(line for line in junction.stop_lines if _is_on(line.strip, roads, ()))
    return replace(junction, connections=(), corners=(), polygon=shapely.Polygon(), crosswalks=(), stop_lines=here)


def _is_on(strip: Strip, roads: Iterable[Road], junctions: Iterable[Junction]) -> bool:
    if any(strip in junction.crosswalks for junction in junctions):
        return True
    low, high = (min(max(s, 0.0), strip.road.length) for s in strip.s)
    return any(road.name == strip.road.name and road.extent[0] <= high and low <= road.extent[1] for road in roads)


def _whole(road: Road) -> shapely.Geometry:
    area = road.patch(road.extent, road.edges)
    return area if area.is_valid else shapely.make_valid(area)
