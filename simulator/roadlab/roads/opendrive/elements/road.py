"""A road: its line in the plane, its heights, its lanes and all that belongs to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from roadlab.roads.opendrive.binding import Element, child, children
from roadlab.roads.opendrive.elements.junctions import ContactPoint
from roadlab.roads.opendrive.elements.lanes import LaneSection, RoadCubic, SpeedUnit
from roadlab.roads.opendrive.elements.objects import Bridge, ObjectReference, RoadObject, Tunnel
from roadlab.roads.opendrive.elements.plan_view import Geometry
from roadlab.roads.opendrive.elements.signals import Signal, SignalReference
from roadlab.roads.opendrive.scalars import NonNegative, Positive


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadRef(Element):
    """What follows at an end of a road."""

    element_type: Literal["road", "junction"]
    element_id: str
    contact_point: ContactPoint | None = None
    element_s: NonNegative | None = None
    element_dir: Literal["+", "-"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Speed(Element):
    """A limit; in m/s where no unit is given."""

    max: NonNegative | Literal["no limit", "undefined"]
    unit: SpeedUnit = "m/s"


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadType(Element):
    """The class of the road from `s` on."""

    s: NonNegative
    type: str
    country: str = ""
    speed: Speed | None = child()


@dataclass(frozen=True, slots=True, kw_only=True)
class Crossfall(RoadCubic):
    """Inclination of one or both sides, positive when falling outwards [rad] (until 1.5)."""

    side: Literal["left", "right", "both"] = "both"


@dataclass(frozen=True, slots=True, kw_only=True)
class CrossSection(Element):
    """Height above the reference line at `s` from `t` on to the left, until the next record: a + b dt + ... [m]."""

    s: NonNegative
    t: float
    a: float
    b: float
    c: float
    d: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Road(Element):
    """A road; `junction` is -1 or the id of the junction that it is a connecting road of."""

    id: str
    length: Positive
    name: str = ""
    junction: str = "-1"
    rule: Literal["RHT", "LHT"] = "RHT"
    predecessor: RoadRef | None = child("link/predecessor")
    successor: RoadRef | None = child("link/successor")
    types: tuple[RoadType, ...] = children("type")
    geometries: tuple[Geometry, ...] = children("planView/geometry")
    elevations: tuple[RoadCubic, ...] = children("elevationProfile/elevation")
    superelevations: tuple[RoadCubic, ...] = children("lateralProfile/superelevation")
    crossfalls: tuple[Crossfall, ...] = children("lateralProfile/crossfall")
    shapes: tuple[CrossSection, ...] = children("lateralProfile/shape")
    lane_offsets: tuple[RoadCubic, ...] = children("lanes/laneOffset")
    sections: tuple[LaneSection, ...] = children("lanes/laneSection")
    objects: tuple[RoadObject, ...] = children("objects/object")
    object_references: tuple[ObjectReference, ...] = children("objects/objectReference")
    tunnels: tuple[Tunnel, ...] = children("objects/tunnel")
    bridges: tuple[Bridge, ...] = children("objects/bridge")
    signals: tuple[Signal, ...] = children("signals/signal")
    signal_references: tuple[SignalReference, ...] = children("signals/signalReference")
