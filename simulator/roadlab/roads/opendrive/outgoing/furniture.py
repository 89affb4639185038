"""What stands along a road as elements of a file."""

from __future__ import annotations

import math
from typing import get_args

from roadlab.roads.furniture import Corner, Outline, Repeat, RoadObject, RoadSignal, Validity
from roadlab.roads.lanes import LaneType
from roadlab.roads.opendrive.elements import objects as file
from roadlab.roads.opendrive.elements.signals import PositionInertial, Signal
from roadlab.roads.road import Road

OBJECT_TYPES = (
    "none", "obstacle", "car", "pole", "tree", "vegetation", "barrier", "building", "parkingSpace", "patch", "railing",
    "trafficIsland", "crosswalk", "streetLamp", "gantry", "soundBarrier", "van", "bus", "trailer", "bike", "motorbike",
    "tram", "train", "pedestrian", "wind", "roadMark", "roadSurface",
)  # fmt: skip
"""Those of 1.8; others are written as subtypes of `none`."""
_UNITS = ("m", "km", "ft", "mile", "m/s", "mph", "km/h", "kg", "t", "%")
_COUNTRIES = ("OpenDRIVE", "Austria", "Brazil", "China", "France", "Germany", "Italy", "Switzerland", "USA")
_STRETCHES = ("tunnel", "bridge")


def objects(things: tuple[RoadObject, ...]) -> tuple[file.RoadObject, ...]:
    """All but tunnels and bridges."""
    return tuple(_object(thing) for thing in things if thing.type not in _STRETCHES)


def tunnels(things: tuple[RoadObject, ...]) -> tuple[file.Tunnel, ...]:
    """The tunnels among them."""
    return tuple(
        file.Tunnel(
            id=one.id,
            s=one.s,
            length=one.length,
            type=one.subtype if one.subtype == "underpass" else "standard",
            name=one.name,
            validities=_validities(one.validity),
        )
        for one in things
        if one.type == "tunnel"
    )


def bridges(things: tuple[RoadObject, ...]) -> tuple[file.Bridge, ...]:
    """The bridges among them."""
    return tuple(
        file.Bridge(
            id=one.id,
            s=one.s,
            length=one.length,
            type=one.subtype if one.subtype in ("steel", "brick", "wood") else "concrete",
            name=one.name,
            validities=_validities(one.validity),
        )
        for one in things
        if one.type == "bridge"
    )


def _object(thing: RoadObject) -> file.RoadObject:
    known = thing.type in OBJECT_TYPES
    return file.RoadObject(
        id=thing.id,
        s=thing.s,
        t=thing.t,
        z_offset=thing.z,
        type=thing.type if known else "none",
        subtype=thing.subtype if known else thing.type,
        name=thing.name,
        dynamic="yes" if thing.dynamic else "no",
        orientation=thing.facing,
        hdg=thing.heading,
        pitch=thing.pitch,
        roll=thing.roll,
        length=thing.length or None,
        width=thing.width or None,
        height=thing.height or None,
        radius=thing.radius or None,
        repeats=tuple(_repeat(repeat) for repeat in thing.repeats),
        outlines=tuple(_outline(number, outline) for number, outline in enumerate(thing.outlines)),
        validities=_validities(thing.validity),
    )


def _outline(number: int, outline: Outline) -> file.Outline:
    corner = _corner_local if outline.local else _corner_road
    return file.Outline(
        id=number,
        lane_type=outline.lane_type if outline.lane_type in get_args(LaneType) else "",
        closed=outline.closed,
        corners=tuple(corner(place, one) for place, one in enumerate(outline.corners)),
    )


def _corner_local(number: int, corner: Corner) -> file.CornerLocal:
    return file.CornerLocal(u=corner.a, v=corner.b, z=corner.z, height=corner.height, id=number)


def _corner_road(number: int, corner: Corner) -> file.CornerRoad:
    return file.CornerRoad(s=corner.a, t=corner.b, dz=corner.z, height=corner.height, id=number)


def _repeat(repeat: Repeat) -> file.Repeat:
    return file.Repeat(
        s=repeat.s,
        length=repeat.length,
        distance=repeat.distance,
        t_start=repeat.t[0],
        t_end=repeat.t[1],
        height_start=repeat.height[0],
        height_end=repeat.height[1],
        z_offset_start=repeat.z[0],
        z_offset_end=repeat.z[1],
        width_start=repeat.width[0] or None,
        width_end=repeat.width[1] or None,
        length_start=repeat.object_length[0] or None,
        length_end=repeat.object_length[1] or None,
        radius_start=repeat.radius[0] or None,
        radius_end=repeat.radius[1] or None,
    )


def signals(road: Road) -> tuple[Signal, ...]:
    """Its signs and lights."""
    return tuple(_signal(one, road) for one in road.signals)


def inertial_place(road: Road, s: float, t: float, z: float, turn: float, *, against: bool) -> PositionInertial | None:
    """Where something beyond the ends of its road stands, which (s, t) of a file cannot say; None within the road.

    It faces along the road, or `against` s, turned by `turn`.
    """
    if 0.0 <= s <= road.length:
        return None
    x, y, heading = road.point(s, t)
    facing = float(heading) + turn + (math.pi if against else 0.0)
    return PositionInertial(x=float(x), y=float(y), z=float(road.height(s, t)) + z, hdg=facing)


def _signal(one: RoadSignal, road: Road) -> Signal:
    return Signal(
        id=one.id,
        s=min(max(one.s, 0.0), road.length),
        t=one.t,
        name=one.name,
        dynamic="yes" if one.dynamic else "no",
        orientation=one.facing,
        z_offset=one.z,
        country=_country(one.country),
        type=one.type,
        subtype=one.subtype or "-1",
        value=one.value,
        unit=one.unit if one.unit in _UNITS and one.value is not None else "",
        height=one.height or None,
        width=one.width or None,
        text=one.text,
        h_offset=one.heading,
        pitch=one.pitch,
        roll=one.roll,
        validities=_validities(one.validity),
        position=inertial_place(road, one.s, one.t, one.z, one.heading, against=one.facing == "+"),
    )


def _country(name: str) -> str:
    """A code of two letters or one of the names of old; else nothing, since the schema takes no other."""
    if len(name) == 2 and name.isascii() and name.isalpha():
        return name.upper()
    return name if name in _COUNTRIES else ""


def _validities(records: tuple[Validity, ...]) -> tuple[file.Validity, ...]:
    return tuple(file.Validity(from_lane=one.first, to_lane=one.last) for one in records)
