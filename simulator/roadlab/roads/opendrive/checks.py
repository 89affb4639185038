"""What a document must say to be a road network, beyond the kinds of its values."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

from roadlab.roads.opendrive.binding import Element, Fault
from roadlab.roads.opendrive.bounds import border_faults, bound_faults, width_faults
from roadlab.roads.opendrive.document import Document
from roadlab.roads.opendrive.elements.junctions import Connection, Junction
from roadlab.roads.opendrive.elements.lanes import Lane, LaneSection
from roadlab.roads.opendrive.elements.road import Road, RoadRef

_CLOSE = 1e-2
"""How far two values of s may differ that should be the same [m]; the ASAM checker's tolerance for gaps."""


def faults_of(document: Document) -> Iterator[Fault]:
    """Everything wrong with the document that can be told without computing where its roads run."""
    roads = {road.id: road for road in document.roads}
    junctions = {junction.id: junction for junction in document.junctions}
    if not roads:
        yield Fault(document.header.place, "", "there is no road in this file")
    for kind, elements in (("road", document.roads), ("junction", document.junctions)):
        yield from _twice(f"a second {kind} with this id", elements)
    for road in document.roads:
        yield from _road_faults(road)
        yield from _link_faults(road, roads, junctions)
    for junction in document.junctions:
        for connection in junction.connections:
            yield from _connection_faults(junction, connection, roads)


def label(road: Road, section: LaneSection | None = None, lane: Lane | None = None) -> str:
    """Such as `road 3, section at s 12.5, lane -2`; the section is named where there are several."""
    parts = [f"road {road.id}"]
    if section is not None and len(road.sections) > 1:
        parts.append(f"section at s {section.s:g}")
    if lane is not None:
        parts.append(f"lane {lane.id}")
    return ", ".join(parts)


def section_length(road: Road, section: LaneSection) -> float:
    """From the section's start to the next one or the road's end [m]."""
    later = [other.s for other in road.sections if other.s > section.s]
    return min([*later, road.length]) - section.s


def _twice(message: str, elements: Iterable[Road] | Iterable[Junction]) -> Iterator[Fault]:
    seen: set[str] = set()
    for element in elements:
        if element.id in seen:
            yield Fault(element.place, f"{type(element).__name__.lower()} {element.id}", message)
        seen.add(element.id)


# --- one road -------------------------------------------------------------------------------------------------------


def _road_faults(road: Road) -> Iterator[Fault]:
    here = label(road)
    if not road.geometries:
        yield Fault(road.place, here, "its planView has no geometry")
    if not road.sections:
        yield Fault(road.place, here, "it has no lane section")
    yield from _plan_faults(road)
    yield from bound_faults(road, here)
    for records, what in (
        (road.elevations, "elevation"),
        (road.superelevations, "superelevation"),
        (road.lane_offsets, "laneOffset"),
        (road.sections, "laneSection"),
        (road.types, "type"),
    ):
        yield from _order_faults([(record, record.s) for record in records], f"{here}, {what}")
    if road.sections and road.sections[0].s > _CLOSE:
        yield Fault(
            road.sections[0].place, here, f"its first lane section starts at s {road.sections[0].s:g}, not at 0"
        )
    for section in road.sections:
        if section.s > road.length:
            message = f"a lane section at s {section.s:g} on a road {road.length:g} m long"
            yield Fault(section.place, here, message)
        else:
            yield from _section_faults(road, section)


def _plan_faults(road: Road) -> Iterator[Fault]:
    here = label(road)
    s = 0.0
    for geometry in road.geometries:
        if geometry.shape is None:
            message = "a geometry without shape"
            yield Fault(geometry.place, here, message, "expected line, spiral, arc, poly3 or paramPoly3")
        if abs(geometry.s - s) > _CLOSE:
            yield Fault(geometry.place, here, f"a geometry at s {geometry.s:g} where the one before ends at {s:g}")
        s = geometry.s + geometry.length
    if road.geometries and abs(s - road.length) > _CLOSE:
        message = f"its length is {road.length:g} m, but its geometries end at s {s:g}"
        yield Fault(road.place, here, message)


def _order_faults(records: Sequence[tuple[Element, float]], path: str) -> Iterator[Fault]:
    for (_, before), (record, s) in pairwise(records):
        if s < before:
            yield Fault(record.place, path, f"starts at {s:g}, before the record above it, at {before:g}")


def _section_faults(road: Road, section: LaneSection) -> Iterator[Fault]:
    for lanes, sign, side in ((section.left, 1, "left"), (section.right, -1, "right")):
        ids = sorted(lane.id * sign for lane in lanes)
        if ids != list(range(1, len(ids) + 1)):
            found = ", ".join(str(lane.id) for lane in lanes)
            expected = ", ".join(str(sign * n) for n in range(1, len(ids) + 1))
            here = label(road, section)
            yield Fault(section.place, here, f"the lanes on the {side} are {found}", f"expected {expected}")
    for lane in (*section.left, *section.right):
        here = label(road, section, lane)
        for records, what in (
            (lane.widths, "width"),
            (lane.borders, "border"),
            (lane.marks, "roadMark"),
            (lane.heights, "height"),
            (lane.speeds, "speed"),
        ):
            yield from _order_faults([(record, record.s_offset) for record in records], f"{here}, {what}")
        if not lane.widths and not lane.borders:
            yield Fault(lane.place, here, "it has neither width nor border")
        length = section_length(road, section)
        yield from width_faults(lane.widths, length, here)
        yield from border_faults(lane.borders, length, here)


# --- links ----------------------------------------------------------------------------------------------------------


def _link_faults(road: Road, roads: dict[str, Road], junctions: dict[str, Junction]) -> Iterator[Fault]:
    for what, ref in (("predecessor", road.predecessor), ("successor", road.successor)):
        if ref is None:
            continue
        known = roads if ref.element_type == "road" else junctions
        if ref.element_id not in known:
            message = f"its {what} is {ref.element_type} {ref.element_id}, which is not in this file"
            yield Fault(ref.place, label(road), message)
        elif ref.element_type == "road" and ref.contact_point is None and ref.element_s is None:
            yield Fault(ref.place, label(road), f"its {what} has no contactPoint", "expected start or end")
    if road.junction not in ("-1", "") and road.junction not in junctions:
        yield Fault(road.place, label(road), f"it belongs to junction {road.junction}, which is not in this file")
    yield from _lane_link_faults(road, roads)


def _lane_link_faults(road: Road, roads: dict[str, Road]) -> Iterator[Fault]:
    last = len(road.sections) - 1
    for index, section in enumerate(road.sections):
        before = road.sections[index - 1] if index else _linked_section(road.predecessor, roads)
        after = road.sections[index + 1] if index < last else _linked_section(road.successor, roads)
        for lane in (*section.left, *section.right):
            for what, refs, other in (
                ("predecessor", lane.predecessors, before),
                ("successor", lane.successors, after),
            ):
                ids = None if other is None else {0, *(one.id for one in (*other.left, *other.right))}
                for ref in refs:
                    if ids is not None and ref.id not in ids:
                        here = label(road, section, lane)
                        yield Fault(ref.place, here, f"its {what} is lane {ref.id}, which is not there")


def _linked_section(ref: RoadRef | None, roads: dict[str, Road]) -> LaneSection | None:
    if ref is None or ref.element_type != "road" or ref.element_id not in roads or ref.contact_point is None:
        return None
    sections = roads[ref.element_id].sections
    return (sections[0] if ref.contact_point == "start" else sections[-1]) if sections else None


def _connection_faults(junction: Junction, connection: Connection, roads: dict[str, Road]) -> Iterator[Fault]:
    here = f"junction {junction.id}, connection {connection.id}"
    ends = [
        ("incomingRoad", connection.incoming_road),
        ("connectingRoad", connection.connecting_road),
        ("linkedRoad", connection.linked_road),
    ]
    for what, road in ends:
        if road and road not in roads:
            yield Fault(connection.place, here, f"its {what} is {road}, which is not in this file")
    if junction.type == "virtual":
        return
    far = connection.connecting_road or connection.linked_road
    if not connection.incoming_road or not far:
        expected = "linkedRoad" if junction.type == "direct" else "connectingRoad"
        yield Fault(
            connection.place, here, "it does not say which roads it connects", f"expected incomingRoad, {expected}"
        )
    elif connection.contact_point is None:
        yield Fault(connection.place, here, "contactPoint is missing", "expected start or end")
    elif far in roads and roads[far].sections:
        section = roads[far].sections[0 if connection.contact_point == "start" else -1]
        ids = {lane.id for lane in (*section.left, *section.right)}
        for link in connection.lane_links:
            if link.to not in ids:
                yield Fault(link.place, here, f"it leads to lane {link.to} of road {far}, which is not there")
