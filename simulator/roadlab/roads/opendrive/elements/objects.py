"""What stands on, beside and over a road."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from roadlab.roads.opendrive.binding import Element, child, children
from roadlab.roads.opendrive.scalars import NonNegative

Orientation = Literal["+", "-", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Validity(Element):
    """The lanes that something applies to, both included."""

    from_lane: int
    to_lane: int


@dataclass(frozen=True, slots=True, kw_only=True)
class CornerRoad(Element):
    """A corner in the road's (s, t)."""

    s: NonNegative
    t: float
    dz: float = 0.0
    height: float = 0.0
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CornerLocal(Element):
    """A corner in the object's own frame."""

    u: float
    v: float
    z: float = 0.0
    height: float = 0.0
    id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outline(Element):
    """A ring of corners of one kind."""

    id: int | None = None
    fill_type: str = ""
    lane_type: str = ""
    outer: bool = True
    closed: bool = False
    corners: tuple[CornerRoad | CornerLocal, ...] = children("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeat(Element):
    """Copies every `distance` along the road from `s` on, or one drawn-out thing where the distance is 0."""

    s: NonNegative
    length: NonNegative
    distance: NonNegative
    t_start: float
    t_end: float
    height_start: float = 0.0
    height_end: float = 0.0
    z_offset_start: float = 0.0
    z_offset_end: float = 0.0
    width_start: float | None = None
    width_end: float | None = None
    length_start: float | None = None
    length_end: float | None = None
    radius_start: float | None = None
    radius_end: float | None = None
    detach_from_reference_line: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CornerReference(Element):
    """A corner of an outline, by its id."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Marking(Element):
    """Dashes along a side of an object or along corners of its outline."""

    line_length: NonNegative
    space_length: NonNegative
    start_offset: float
    stop_offset: float
    side: str = ""
    weight: str = "standard"
    width: NonNegative | None = None
    color: str = "white"
    z_offset: float = 0.0
    corners: tuple[CornerReference, ...] = children("cornerReference")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectBorder(Element):
    """A kerb or frame along an outline."""

    width: NonNegative
    type: str
    outline_id: int
    use_complete_outline: bool = False
    corners: tuple[CornerReference, ...] = children("cornerReference")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectMaterial(Element):
    """What an object is made of."""

    surface: str = ""
    friction: float | None = None
    roughness: float | None = None
    road_mark_color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParkingSpace(Element):
    """Who may park there."""

    access: str = "all"
    restrictions: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadObject(Element):
    """A thing at (s, t); its u axis is turned by `hdg` from the road's direction."""

    id: str
    s: NonNegative
    t: float
    z_offset: float = 0.0
    type: str = "none"
    subtype: str = ""
    name: str = ""
    dynamic: str = "no"
    orientation: Orientation = "none"
    perp_to_road: bool = False
    hdg: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    valid_length: float | None = None
    length: float | None = None
    width: float | None = None
    height: float | None = None
    radius: float | None = None
    repeats: tuple[Repeat, ...] = children("repeat")
    outline: Outline | None = child("outline")
    """Where 1.4 put the only one."""
    outlines: tuple[Outline, ...] = children("outlines/outline")
    materials: tuple[ObjectMaterial, ...] = children("material")
    validities: tuple[Validity, ...] = children("validity")
    parking_space: ParkingSpace | None = child("parkingSpace")
    markings: tuple[Marking, ...] = children("markings/marking")
    borders: tuple[ObjectBorder, ...] = children("borders/border")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectReference(Element):
    """An object of another road that also applies here."""

    id: str
    s: NonNegative
    t: float
    z_offset: float = 0.0
    valid_length: float | None = None
    orientation: Orientation = "none"
    validities: tuple[Validity, ...] = children("validity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Tunnel(Element):
    """A stretch of road inside a hill."""

    id: str
    s: NonNegative
    length: NonNegative
    type: str = "standard"
    name: str = ""
    lighting: float | None = None
    daylight: float | None = None
    validities: tuple[Validity, ...] = children("validity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bridge(Element):
    """A stretch of road with nothing below it."""

    id: str
    s: NonNegative
    length: NonNegative
    type: str = "concrete"
    name: str = ""
    validities: tuple[Validity, ...] = children("validity")
