"""What stands along a road in the road's own coordinates: signals, signs and objects, as OpenDRIVE tells of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Facing = Literal["+", "-", "none"]
"""Valid for traffic along s, against s, or both."""


@dataclass(frozen=True, slots=True)
class Validity:
    """For which lanes something counts: all ids from one to another."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class RoadSignal:
    """A sign or a traffic light."""

    id: str
    name: str
    s: float
    t: float
    z: float
    """Above the road's surface [m]."""
    facing: Facing
    dynamic: bool
    """Whether it changes, as a traffic light does."""
    type: str
    subtype: str = ""
    country: str = ""
    value: float | None = None
    unit: str = ""
    text: str = ""
    heading: float = 0.0
    """Against the direction it faces [rad]."""
    pitch: float = 0.0
    roll: float = 0.0
    width: float = 0.0
    height: float = 0.0
    validity: tuple[Validity, ...] = ()
    """Empty: for all lanes of its direction."""
    controllers: tuple[str, ...] = ()
    """Ids of the controllers that switch it."""


@dataclass(frozen=True, slots=True)
class Corner:
    """A corner of an outline: (s, t) of the road, or (u, v) in the object's own frame [m]."""

    a: float
    b: float
    z: float
    """Above the road's surface, or above the object's origin [m]."""
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Outline:
    """A polygon on the ground with heights."""

    corners: tuple[Corner, ...]
    local: bool
    """Whether its corners are (u, v) of the object; else (s, t) of the road."""
    closed: bool = True
    lane_type: str = ""


@dataclass(frozen=True, slots=True)
class Repeat:
    """The same object again and again, or drawn out along the road where the distance is 0."""

    s: float
    length: float
    distance: float
    t: tuple[float, float]
    """At its start and its end; linear between [m]."""
    z: tuple[float, float]
    width: tuple[float, float]
    height: tuple[float, float]
    object_length: tuple[float, float] = (0.0, 0.0)
    radius: tuple[float, float] = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class RoadObject:
    """A thing on or beside a road, such as a pole, a crosswalk, a parking space, a tunnel or a bridge."""

    id: str
    name: str
    type: str
    s: float
    t: float
    z: float
    """Above the road's surface [m]."""
    subtype: str = ""
    heading: float = 0.0
    """Against the road's [rad]."""
    pitch: float = 0.0
    roll: float = 0.0
    length: float = 0.0
    width: float = 0.0
    height: float = 0.0
    radius: float = 0.0
    facing: Facing = "none"
    dynamic: bool = False
    outlines: tuple[Outline, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    validity: tuple[Validity, ...] = ()
