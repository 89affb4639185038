"""Objects and signals along a road in a file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace

from roadlab.roads.connecting import wrapped
from roadlab.roads.furniture import Corner, Outline, Repeat, RoadObject, RoadSignal, Validity
from roadlab.roads.opendrive.elements import objects as file
from roadlab.roads.opendrive.elements.road import Road
from roadlab.roads.opendrive.elements.signals import PositionInertial, PositionRoad, Signal
from roadlab.roads.opendrive.incoming.remarks import Remarks
from roadlab.roads.reference_line import ReferenceLine


def road_objects(road: Road, remarks: Remarks) -> tuple[RoadObject, ...]:
    """Its objects, then its tunnels and bridges, which begin at their s."""
    remarks.unused["objects/objectReference"] += len(road.object_references)
    stretches = [(tunnel, "tunnel") for tunnel in road.tunnels] + [(bridge, "bridge") for bridge in road.bridges]
    return (
        *(_object(thing, remarks.unused) for thing in road.objects),
        *(_stretch(thing, kind) for thing, kind in stretches),
    )


def road_signals(
    road: Road, line: ReferenceLine, controllers: Mapping[str, tuple[str, ...]], remarks: Remarks
) -> tuple[RoadSignal, ...]:
    """Its signals; `controllers` names those of each signal."""
    remarks.unused["signals/signalReference"] += len(road.signal_references)
    found = []
    for signal in road.signals:
        made = _signal(signal, controllers.get(signal.id, ()), remarks.unused)
        place = signal.position
        found.append(_placed(made, place, line) if isinstance(place, PositionInertial) else made)
    return tuple(found)


def _placed(signal: RoadSignal, place: PositionInertial, line: ReferenceLine) -> RoadSignal:
    """The signal where it stands in the world, as far beside or beyond its road as that may be."""
    s, t = (float(value) for value in line.locate([place.x, place.y]))
    _, _, heading = line.point(s)
    facing = float(heading) + (math.pi if signal.facing == "+" else 0.0)
    return replace(signal, s=s, t=t, heading=wrapped(place.hdg - facing), pitch=place.pitch, roll=place.roll)


def _object(thing: file.RoadObject, unused: Counter[str]) -> RoadObject:
    unused["object/@perpToRoad"] += thing.perp_to_road
    unused["object/@validLength"] += bool(thing.valid_length)
    unused["object/material"] += len(thing.materials)
    unused["object/markings"] += len(thing.markings)
    unused["object/borders"] += len(thing.borders)
    unused["object/parkingSpace"] += thing.parking_space is not None
    unused["object/repeat/@detachFromReferenceLine"] += sum(one.detach_from_reference_line for one in thing.repeats)
    unnamed = thing.type == "none" and bool(thing.subtype)  # how a type beyond the standard's is written
    outlines = (*thing.outlines, *((thing.outline,) if thing.outline else ()))
    unused["object/outlines: inner ones"] += sum(not outline.outer for outline in outlines)
    return RoadObject(
        id=thing.id,
        name=thing.name,
        type=thing.subtype if unnamed else thing.type,
        s=thing.s,
        t=thing.t,
        z=thing.z_offset,
        subtype="" if unnamed else thing.subtype,
        heading=thing.hdg,
        pitch=thing.pitch,
        roll=thing.roll,
        length=thing.length or 0.0,
        width=thing.width or 0.0,
        height=thing.height or 0.0,
        radius=thing.radius or 0.0,
        facing=thing.orientation,
        dynamic=thing.dynamic == "yes",
        outlines=tuple(_outline(outline) for outline in outlines if outline.outer and len(outline.corners) > 1),
        repeats=tuple(_repeat(repeat) for repeat in thing.repeats),
        validity=_validity(thing.validities),
    )


def _outline(outline: file.Outline) -> Outline:
    local = isinstance(outline.corners[0], file.CornerLocal)
    corners = []
    for corner in outline.corners:
        if isinstance(corner, file.CornerLocal):
            corners.append(Corner(corner.u, corner.v, corner.z, corner.height))
        else:
            corners.append(Corner(corner.s, corner.t, corner.dz, corner.height))
    return Outline(tuple(corners), local, outline.closed, outline.lane_type)


def _repeat(repeat: file.Repeat) -> Repeat:
    return Repeat(
        s=repeat.s,
        length=repeat.length,
        distance=repeat.distance,
        t=(repeat.t_start, repeat.t_end),
        z=(repeat.z_offset_start, repeat.z_offset_end),
        width=(repeat.width_start or 0.0, repeat.width_end or 0.0),
        height=(repeat.height_start, repeat.height_end),
        object_length=(repeat.length_start or 0.0, repeat.length_end or 0.0),
        radius=(repeat.radius_start or 0.0, repeat.radius_end or 0.0),
    )


def _stretch(thing: file.Tunnel | file.Bridge, kind: str) -> RoadObject:
    validity = _validity(thing.validities)
    return RoadObject(
        thing.id, thing.name, kind, thing.s, 0.0, 0.0, subtype=thing.type, length=thing.length, validity=validity
    )


def _signal(signal: Signal, controllers: tuple[str, ...], unused: Counter[str]) -> RoadSignal:
    unused["signal/dependency"] += len(signal.dependencies)
    unused["signal/reference"] += len(signal.references)
    unused["signal/positionRoad"] += isinstance(signal.position, PositionRoad)
    return RoadSignal(
        id=signal.id,
        name=signal.name,
        s=signal.s,
        t=signal.t,
        z=signal.z_offset,
        facing=signal.orientation,
        dynamic=signal.dynamic == "yes",
        type=signal.type,
        subtype=signal.subtype,
        country=signal.country,
        value=signal.value,
        unit=signal.unit,
        text=signal.text,
        heading=signal.h_offset,
        pitch=signal.pitch,
        roll=signal.roll,
        width=signal.width or 0.0,
        height=signal.height or 0.0,
        validity=_validity(signal.validities),
        controllers=controllers,
    )


def _validity(records: tuple[file.Validity, ...]) -> tuple[Validity, ...]:
    return tuple(Validity(one.from_lane, one.to_lane) for one in records)
