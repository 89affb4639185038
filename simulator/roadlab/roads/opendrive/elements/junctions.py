"""Where roads meet and lanes may lead to several others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from roadlab.roads.opendrive.binding import Element, children
from roadlab.roads.opendrive.scalars import Positive

ContactPoint = Literal["start", "end"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneLink(Element):
    """From a lane of the incoming road to one of the connecting (or, in a direct junction, linked) road."""

    from_: int
    to: int
    overlap_zone: Positive | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection(Element):
    """A way into the junction; `contact_point` is the end of the connecting or linked road that it meets."""

    id: str
    type: str = "default"
    incoming_road: str = ""
    connecting_road: str = ""
    linked_road: str = ""
    contact_point: ContactPoint | None = None
    lane_links: tuple[LaneLink, ...] = children("laneLink")


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority(Element):
    """Two connecting roads, and whose traffic goes first."""

    high: str = ""
    low: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JunctionController(Element):
    """A controller of the junction's signals."""

    id: str
    type: str = ""
    sequence: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Junction(Element):
    """A junction; in a `direct` one roads are linked without connecting roads."""

    id: str
    name: str = ""
    type: Literal["default", "direct", "virtual", "crossing"] = "default"
    connections: tuple[Connection, ...] = children("connection")
    priorities: tuple[Priority, ...] = children("priority")
    controllers: tuple[JunctionController, ...] = children("controller")
