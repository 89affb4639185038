"""Who made the file, and where its origin is on Earth."""

from __future__ import annotations

from dataclasses import dataclass

from roadlab.roads.opendrive.binding import Element, child, text


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset(Element):
    """From the file's coordinates to those of its projection: rotate by `hdg`, then move [m, rad]."""

    x: float
    y: float
    z: float
    hdg: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Header(Element):
    """The first element of every file."""

    rev_major: int
    rev_minor: int
    name: str = ""
    version: str = ""
    date: str = ""
    north: float | None = None
    south: float | None = None
    east: float | None = None
    west: float | None = None
    vendor: str = ""
    geo_reference: str = text("geoReference")
    """A PROJ string or WKT."""
    offset: Offset | None = child()
