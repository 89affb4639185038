"""From a document to a road network."""

from __future__ import annotations

import math
from collections.abc import Mapping

from roadlab.roads.connections import Connection
from roadlab.roads.junction import Arm, Junction, junction_of
from roadlab.roads.lanes import RoadLink
from roadlab.roads.network import RoadNetwork, network_of
from roadlab.roads.open_ends import with_open_ends
from roadlab.roads.opendrive.binding import Fault
from roadlab.roads.opendrive.checks import label
from roadlab.roads.opendrive.document import Document
from roadlab.roads.opendrive.elements import junctions as file
from roadlab.roads.opendrive.elements.road import Road as FileRoad
from roadlab.roads.opendrive.elements.road import RoadRef
from roadlab.roads.opendrive.incoming.crosswalks import crosswalks
from roadlab.roads.opendrive.incoming.furniture import road_objects, road_signals
from roadlab.roads.opendrive.incoming.geometry import cubics, reference_line, relief
from roadlab.roads.opendrive.incoming.lanes import lane_sections, metres_per_second
from roadlab.roads.opendrive.incoming.precedence import with_precedence
from roadlab.roads.opendrive.incoming.remarks import Remarks
from roadlab.roads.opendrive.incoming.signals import signalled
from roadlab.roads.road import Road

_LIMITS = {"motorway": 130 / 3.6, "rural": 100 / 3.6, "lowSpeed": 30 / 3.6, "pedestrian": 7 / 3.6}
"""Where a file gives none, by type of road [m/s] (StVO: § 3, richtgeschwindigkeit of motorways)."""
_USUAL_LIMIT = 50 / 3.6
_MOST_CHORDS = 200_000
"""Of one road."""
_PARTS_OF_ROADS = ("default", "direct")


def road_network(document: Document, remarks: Remarks) -> RoadNetwork | None:
    """The network; None, with faults in `remarks`, where the document's roads cannot be built."""
    controllers = _controllers(document)
    joined = {junction.id for junction in document.junctions if junction.type in _PARTS_OF_ROADS}
    built = [_road(road, joined, controllers, remarks) for road in document.roads]
    if document.header.offset is not None:
        remarks.unused["header/offset: coordinates stay those of the file"] += 1
    if remarks.faults:
        return None
    roads = {road.name: road for road in built if road is not None}
    roads = {**roads, **with_open_ends(_outside(roads), _joints(_outside(roads)))}
    junctions = [
        with_precedence(signalled(_junction(one, roads, remarks), document.controllers))
        for one in _used(document, remarks)
    ]
    return network_of(roads.values(), junctions, crosswalks(roads.values()))


def _controllers(document: Document) -> dict[str, tuple[str, ...]]:
    """Ids of the controllers of each signal."""
    found: dict[str, tuple[str, ...]] = {}
    for controller in document.controllers:
        for control in controller.controls:
            found[control.signal_id] = (*found.get(control.signal_id, ()), controller.id)
    return found


# --- roads ----------------------------------------------------------------------------------------------------------


def _road(
    road: FileRoad, junctions: set[str], controllers: Mapping[str, tuple[str, ...]], remarks: Remarks
) -> Road | None:
    line = reference_line(road, remarks)
    if line is None:
        return None
    kinds = tuple((one.s, one.type) for one in road.types)
    stated = [(one.s, metres_per_second(one.speed)) for one in road.types if one.speed is not None]
    built = Road(
        name=road.id,
        reference_line=line,
        sections=lane_sections(road, remarks),
        speed_limit=_LIMITS.get(kinds[0][1], _USUAL_LIMIT) if kinds else _USUAL_LIMIT,
        lane_offset=cubics(road.lane_offsets),
        relief=relief(road),
        left_hand=road.rule == "LHT",
        junction=road.junction if road.junction in junctions else None,
        predecessor=_link(road.predecessor, junctions, remarks),
        successor=_link(road.successor, junctions, remarks),
        limits=tuple((s, limit) for s, limit in stated if limit is not None),
        objects=road_objects(road, remarks),
        signals=road_signals(road, line, controllers, remarks),
        kinds=kinds,
    )
    count = _chords(built)
    if count > _MOST_CHORDS:
        message = f"so long, bent and wide that it takes {count:.2g} chords of 5 mm sagitta; at most {_MOST_CHORDS:g}"
        remarks.faults.append(Fault(road.place, label(road), message))
        return None
    return built


def _chords(road: Road) -> float:
    """About how many chords follow the road's edges: ds² κ (1 + κ|t|) / 8 is the sagitta of one."""
    reach = max(abs(t) for t in road.edges)
    bends = [(piece.length, piece.sharpest) for piece in road.reference_line.pieces]
    return sum(length * math.sqrt(bend * (1.0 + bend * reach) / 0.04) for length, bend in bends)


def _link(ref: RoadRef | None, junctions: set[str], remarks: Remarks) -> RoadLink | None:
    if ref is None:
        return None
    if ref.element_type == "junction":
        return RoadLink("junction", ref.element_id) if ref.element_id in junctions else None
    if ref.contact_point is None:
        remarks.unused["road/link with elementS: a link into the middle of a road"] += 1
        return None
    return RoadLink("road", ref.element_id, ref.contact_point)


def _outside(roads: Mapping[str, Road]) -> dict[str, Road]:
    return {name: road for name, road in roads.items() if road.junction is None}


def _joints(roads: Mapping[str, Road]) -> list[list[Arm]]:
    """The road ends that join something."""
    starts = [Arm(road, "start") for road in roads.values() if road.predecessor is not None]
    ends = [Arm(road, "end") for road in roads.values() if road.successor is not None]
    return [[arm] for arm in (*starts, *ends)]


# --- junctions ------------------------------------------------------------------------------------------------------


def _used(document: Document, remarks: Remarks) -> list[file.Junction]:
    used = [junction for junction in document.junctions if junction.type in _PARTS_OF_ROADS]
    for junction in document.junctions:
        remarks.unused[f"junction of the type {junction.type!r}"] += junction.type not in _PARTS_OF_ROADS
    return used


def _junction(junction: file.Junction, roads: Mapping[str, Road], remarks: Remarks) -> Junction:
    unused = remarks.unused
    unused["junction/connection/laneLink/@overlapZone"] += sum(
        link.overlap_zone is not None for one in junction.connections for link in one.lane_links
    )
    links = [_connection(one, remarks) for one in junction.connections]
    return junction_of(
        junction.id,
        [link for link in links if link is not None],
        roads,
        priorities=[(one.high, one.low) for one in junction.priorities],
        kind="direct" if junction.type == "direct" else "default",
        controllers=[one.id for one in junction.controllers],
    )


def _connection(one: file.Connection, remarks: Remarks) -> Connection | None:
    if one.type != "default":
        remarks.unused[f"junction/connection of the type {one.type!r}"] += 1
        return None
    links = tuple((link.from_, link.to) for link in one.lane_links)
    return Connection(
        incoming=one.incoming_road,
        onward=one.connecting_road or one.linked_road,
        contact=one.contact_point or "start",
        links=links,
    )
