"""Signs, traffic lights and who switches them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from roadlab.roads.opendrive.binding import Element, child, children
from roadlab.roads.opendrive.elements.objects import Orientation, Validity
from roadlab.roads.opendrive.scalars import NonNegative


@dataclass(frozen=True, slots=True, kw_only=True)
class Dependency(Element):
    """A signal that this one limits or explains."""

    id: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference(Element):
    """A thing that belongs to a signal, such as its stop line."""

    element_id: str
    element_type: Literal["object", "signal"]
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionInertial(Element):
    """Where it stands, in the file's own coordinates."""

    x: float
    y: float
    z: float
    hdg: float
    pitch: float = 0.0
    roll: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionRoad(Element):
    """Where it stands, if beside another road."""

    road_id: str
    s: NonNegative
    t: float
    z_offset: float
    h_offset: float
    pitch: float = 0.0
    roll: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal(Element):
    """A sign, a light or a mark that tells traffic something; `type` and `subtype` are the country's numbers."""

    id: str
    s: NonNegative
    t: float
    name: str = ""
    dynamic: Literal["yes", "no"] = "no"
    orientation: Orientation = "none"
    z_offset: float = 0.0
    country: str = ""
    country_revision: str = ""
    type: str = "-1"
    subtype: str = "-1"
    value: float | None = None
    unit: str = ""
    height: float | None = None
    width: float | None = None
    length: float | None = None
    text: str = ""
    h_offset: float = 0.0
    pitch: float = 0.0
    roll: float = 0.0
    validities: tuple[Validity, ...] = children("validity")
    dependencies: tuple[Dependency, ...] = children("dependency")
    references: tuple[Reference, ...] = children("reference")
    position: PositionInertial | PositionRoad | None = child()


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalReference(Element):
    """A signal of another road that also applies here."""

    id: str
    s: NonNegative
    t: float
    orientation: Orientation = "none"
    validities: tuple[Validity, ...] = children("validity")


@dataclass(frozen=True, slots=True, kw_only=True)
class Control(Element):
    """A signal of a controller."""

    signal_id: str
    type: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Controller(Element):
    """Signals that show the same at all times."""

    id: str
    name: str = ""
    sequence: int | None = None
    controls: tuple[Control, ...] = children("control")
