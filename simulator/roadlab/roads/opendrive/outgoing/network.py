"""A road network as a document."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from roadlab.roads.connections import Connection
from roadlab.roads.junction import Junction
from roadlab.roads.lanes import RoadLink
from roadlab.roads.network import RoadNetwork
from roadlab.roads.opendrive.document import Document
from roadlab.roads.opendrive.elements import junctions as file
from roadlab.roads.opendrive.elements.header import Header
from roadlab.roads.opendrive.elements.objects import RoadObject as FileObject
from roadlab.roads.opendrive.elements.road import Road as FileRoad
from roadlab.roads.opendrive.elements.road import RoadRef, RoadType, Speed
from roadlab.roads.opendrive.elements.signals import Control, Controller, Signal
from roadlab.roads.opendrive.outgoing.crosswalks import crosswalk_objects
from roadlab.roads.opendrive.outgoing.furniture import bridges, objects, signals, tunnels
from roadlab.roads.opendrive.outgoing.geometry import cross_sections, crossfalls, cubics, geometries
from roadlab.roads.opendrive.outgoing.lanes import lane_sections
from roadlab.roads.opendrive.outgoing.links import sound_connections, with_sound_links
from roadlab.roads.opendrive.outgoing.signals import stop_line_signals, traffic_lights
from roadlab.roads.opendrive.outgoing.unique_ids import fresh_ids, with_unique_ids
from roadlab.roads.road import Road

_TYPES = (
    "unknown", "rural", "motorway", "town", "lowSpeed", "pedestrian", "bicycle", "townExpressway", "townCollector",
    "townArterial", "townPrivate", "townLocal", "townPlayStreet",
)  # fmt: skip
Ids = Mapping[str, str]


def document_of(network: RoadNetwork, name: str, geo_reference: str) -> Document:
    """The document of version 1.8 of a network; ids are numbers, and names are kept where they are not."""
    every = with_sound_links(with_unique_ids(network.every_road))
    roads, junctions = ids_of(every), ids_of(network.junctions)
    fresh = iter(fresh_ids(signal.id for road in every.values() for signal in road.signals))
    lights, switched = traffic_lights(network, fresh)
    added = _merged(lights, stop_line_signals(network, fresh))
    used = [thing.id for road in every.values() for thing in road.objects]
    crossing = crosswalk_objects(network, iter(fresh_ids(used)))
    controllers = _controllers(network, every.values(), switched)
    return Document(
        header=_header(network, name, geo_reference),
        roads=tuple(
            _road(road, network.every_road[key], roads, junctions, (added.get(key, ()), crossing.get(key, ())))
            for key, road in every.items()
        ),
        controllers=tuple(controller for owned in controllers.values() for controller in owned),
        junctions=tuple(_junction(one, every, roads, junctions, controllers) for one in network.junctions.values()),
    )


def ids_of(names: Iterable[str]) -> dict[str, str]:
    """The names themselves where all are numbers, else numbers from 1 on: the ASAM checker reads no other ids."""
    names = list(names)
    if all(name.isdecimal() and name.isascii() for name in names):
        return {name: name for name in names}
    return {name: str(number) for number, name in enumerate(names, 1)}


def _merged(*parts: Mapping[str, Sequence[Signal]]) -> dict[str, tuple[Signal, ...]]:
    keys = {key: None for part in parts for key in part}
    return {key: tuple(signal for part in parts for signal in part.get(key, ())) for key in keys}


def _header(network: RoadNetwork, name: str, geo_reference: str) -> Header:
    points = [np.stack(road.point(road.stations)[:2]) for road in network.every_road.values()]
    every = np.concatenate(points, axis=1)
    west, south = (float(value) for value in every.min(axis=1))
    east, north = (float(value) for value in every.max(axis=1))
    return Header(
        rev_major=1,
        rev_minor=8,
        name=name,
        north=north,
        south=south,
        east=east,
        west=west,
        vendor="roadlab",
        geo_reference=geo_reference,
    )


# --- roads ----------------------------------------------------------------------------------------------------------


def _road(
    road: Road, told: Road, roads: Ids, junctions: Ids, besides: tuple[Sequence[Signal], Sequence[FileObject]]
) -> FileRoad:
    added, crossing = besides
    return FileRoad(
        id=roads[road.name],
        name=road.name,
        length=road.length,
        junction=junctions.get(road.junction or "", "-1"),
        rule="LHT" if road.left_hand else "RHT",
        predecessor=_ref(road.predecessor, roads, junctions),
        successor=_ref(road.successor, roads, junctions),
        types=_road_types(road),
        geometries=geometries(road.reference_line),
        elevations=cubics(road.relief.elevation),
        superelevations=cubics(road.relief.superelevation),
        crossfalls=crossfalls(road.relief),
        shapes=cross_sections(road.relief),
        lane_offsets=cubics(road.lane_offset),
        sections=lane_sections(road, told),
        objects=(*objects(road.objects), *crossing),
        tunnels=tunnels(road.objects),
        bridges=bridges(road.objects),
        signals=(*signals(road), *added),
    )


def _ref(link: RoadLink | None, roads: Ids, junctions: Ids) -> RoadRef | None:
    if link is None or link.name not in (roads if link.kind == "road" else junctions):
        return None
    if link.kind == "junction":
        return RoadRef(element_type="junction", element_id=junctions[link.name])
    return RoadRef(element_type="road", element_id=roads[link.name], contact_point=link.contact)


def _road_types(road: Road) -> tuple[RoadType, ...]:
    """A record wherever the type or the limit changes."""
    kinds, limits = dict(road.kinds), {0.0: road.speed_limit, **dict(road.limits)}
    found, kind, limit = [], "unknown", road.speed_limit
    for s in sorted({0.0, *kinds, *limits}):
        kind, limit = kinds.get(s, kind), limits.get(s, limit)
        speed = Speed(max=limit if math.isfinite(limit) else "no limit")
        found.append(RoadType(s=s, type=kind if kind in _TYPES else "unknown", speed=speed))
    return tuple(found)


# --- junctions ------------------------------------------------------------------------------------------------------


def _junction(
    junction: Junction,
    every: Mapping[str, Road],
    roads: Ids,
    junctions: Ids,
    controllers: Mapping[str, Sequence[Controller]],
) -> file.Junction:
    direct = junction.kind == "direct"
    links = sound_connections(junction.links, every, direct=direct)
    return file.Junction(
        id=junctions[junction.name],
        name=junction.name,
        type="direct" if direct else "default",
        connections=tuple(_connection(number, link, roads, direct=direct) for number, link in enumerate(links)),
        priorities=tuple(
            file.Priority(high=roads[high], low=roads[low])
            for high, low in junction.priorities
            if high in roads and low in roads
        ),
        controllers=tuple(
            file.JunctionController(id=one.id, sequence=number)
            for number, one in enumerate(controllers.get(junction.name, ()))
        ),
    )


def _connection(number: int, link: Connection, roads: Ids, *, direct: bool) -> file.Connection:
    return file.Connection(
        id=str(number),
        type="",
        incoming_road=roads[link.incoming],
        connecting_road="" if direct else roads[link.onward],
        linked_road=roads[link.onward] if direct else "",
        contact_point=link.contact,
        lane_links=tuple(file.LaneLink(from_=first, to=second) for first, second in link.links),
    )


def _controllers(
    network: RoadNetwork, roads: Iterable[Road], switched: Mapping[str, Sequence[Sequence[str]]]
) -> dict[str, list[Controller]]:
    """Those that the roads' own signals name, then one for each stage of other lights; by junction, '' for none."""
    of: dict[str, list[str]] = {}
    for road in roads:
        for signal in road.signals:
            for controller in signal.controllers:
                of.setdefault(controller, []).append(signal.id)
    owner = {one: junction.name for junction in network.junctions.values() for one in junction.controllers}
    found: dict[str, list[Controller]] = {name: [] for name in ("", *network.junctions)}
    for controller, ids in of.items():
        found[owner.get(controller, "")].append(_controller(controller, ids))
    fresh = iter(fresh_ids(of))
    for junction, stages in switched.items():
        found[junction] += [_controller(next(fresh), ids) for ids in stages]
    return found


def _controller(name: str, ids: Sequence[str]) -> Controller:
    return Controller(id=name, controls=tuple(Control(signal_id=one) for one in ids))
