"""The map from above: areas in the order of drawing, wide and low things first, paint last. Knows no pixel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.furniture import Outline, RoadObject
from roadlab.roads.lanes import CAR_LANES, Lane, LaneType
from roadlab.roads.marks import RoadMark
from roadlab.roads.network import RoadNetwork, Strip
from roadlab.roads.road import Road

AreaKind = Literal[
    "verge", "sidewalk", "driving", "bus", "parking", "biking", "rail", "works", "shoulder", "border", "junction",
    "island", "building", "barrier", "sign", "stripe", "white", "yellow", "orange", "red", "blue", "green", "violet",
    "black",
]  # fmt: skip
Points = NDArray[np.float64]

_KINDS: dict[LaneType, AreaKind] = {
    "verge": "verge",
    "none": "verge",
    "median": "verge",
    "sidewalk": "sidewalk",
    "walking": "sidewalk",
    "parking": "parking",
    "stop": "parking",
    "biking": "biking",
    "bus": "bus",
    "taxi": "bus",
    "HOV": "bus",
    "tram": "rail",
    "rail": "rail",
    "roadWorks": "works",
    "shoulder": "shoulder",
    "restricted": "shoulder",
    "border": "border",
    "curb": "border",
}
"""How lanes are drawn that are not for everybody who drives."""
_PAINT: dict[str, AreaKind] = {
    "standard": "white",
    "white": "white",
    "yellow": "yellow",
    "orange": "orange",
    "red": "red",
    "blue": "blue",
    "green": "green",
    "violet": "violet",
    "black": "black",
}
_THINGS: dict[str, AreaKind] = {
    "trafficIsland": "island",
    "building": "building",
    "barrier": "barrier",
    "roadMark": "white",
    "roadSurface": "shoulder",
}
"""How objects are drawn that have an outline; others are not."""
_STRIPE = 0.5
"""Width of a crosswalk's stripes and of the gaps between them [m] (German sign 293)."""


@dataclass(frozen=True, eq=False)
class Area:
    """A polygon of the map, drawn over those before it."""

    kind: AreaKind
    outline: Points
    """(P, 2) [m], world."""


def areas_of(network: RoadNetwork) -> Iterator[Area]:
    """All that there is to see of a network, authored or imported."""
    for road in network.connecting.values():
        yield from _lanes(road, paved=False)
    for junction in network.junctions.values():
        for corner in junction.corners:
            yield from _parts("sidewalk", corner.pavement)
        yield from _parts("junction", junction.polygon)
    for road in network.connecting.values():
        yield from _lanes(road, paved=True)
    for paved in (False, True):
        for road in network.roads.values():
            yield from _lanes(road, paved=paved)
    for road in network.every_road.values():
        yield from _marks(road)
    for crosswalk in network.crosswalks:
        yield from _stripes(crosswalk)
    for junction in network.junctions.values():
        for line in junction.stop_lines:
            yield from _parts("white", line.strip.polygon)
    for road in network.every_road.values():
        for thing in road.objects:
            yield from _thing(road, thing)
        yield from _signs(road)


def _lanes(road: Road, *, paved: bool) -> Iterator[Area]:
    for number, section in enumerate(road.sections):
        for lane in sorted(section.lanes, key=lambda lane: -abs(lane.id)):
            if (lane.type in CAR_LANES) is paved:
                along = _stations(road, road.section_range(number))
                yield _between(_kind(road, lane), road, along, *road.lane_edges(along, lane.id, number))


def _kind(road: Road, lane: Lane) -> AreaKind:
    return _KINDS.get(lane.type, "driving" if road.junction is None else "junction")


def _parts(kind: AreaKind, geometry: shapely.Geometry) -> Iterator[Area]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon" and not part.is_empty:
            yield Area(kind, np.asarray(part.exterior.coords)[:-1, :2])


def _between(kind: AreaKind, road: Road, along: Points, right: Points, left: Points) -> Area:
    x, y, _ = road.point(np.concatenate([along, along[::-1]]), np.concatenate([right, left[::-1]]))
    return Area(kind, np.column_stack([x, y]))


def _stations(road: Road, s: tuple[float, float]) -> Points:
    inner = road.stations[(road.stations > s[0] + 1e-3) & (road.stations < s[1] - 1e-3)]
    return np.concatenate([[s[0]], inner, [s[1]]])


# --- paint -----------------------------------------------------------------------------------------------------------


def _marks(road: Road) -> Iterator[Area]:
    for number, section in enumerate(road.sections):
        yield from _along_boundary(road, number, None, section.center_marks)
        for lane in section.lanes:
            yield from _along_boundary(road, number, lane, lane.marks)


def _along_boundary(road: Road, section: int, lane: Lane | None, marks: tuple[RoadMark, ...]) -> Iterator[Area]:
    first, last = road.section_range(section)
    ends = [mark.s for mark in marks[1:]] + [last] * bool(marks)
    for mark, end in zip(marks, ends, strict=True):
        for line in mark.lines(lane.id if lane is not None else 0):
            kind = _PAINT.get(line.color or mark.color, "white")
            dashes = _dashes(max(mark.s, first) + line.s, min(end, last), line.length, line.space)
            for dash in dashes:
                along = _stations(road, dash)
                t = _boundary(road, along, lane, section) + line.t
                yield _between(kind, road, along, t - line.width / 2, t + line.width / 2)


def _dashes(start: float, stop: float, length: float, space: float) -> list[tuple[float, float]]:
    if stop - start < 1e-6:
        return []
    if length <= 0.0 or space <= 0.0:
        return [(start, stop)]
    return [(low, min(low + length, stop)) for low in np.arange(start, stop, length + space).tolist()]


def _boundary(road: Road, s: Points, lane: Lane | None, section: int) -> Points:
    if lane is None:
        return road.lane_offset(s)
    right, left = road.lane_edges(s, lane.id, section)
    return left if lane.id > 0 else right


def _stripes(crosswalk: Strip) -> Iterator[Area]:
    right, left = crosswalk.t
    for edge in np.arange(right + _STRIPE / 2, left - _STRIPE, 2 * _STRIPE).tolist():
        yield from _parts("stripe", crosswalk.road.patch(crosswalk.s, (edge, edge + _STRIPE)))


# --- things beside the road ------------------------------------------------------------------------------------------


def _thing(road: Road, thing: RoadObject) -> Iterator[Area]:
    kind = _THINGS.get(thing.type)
    for outline in thing.outlines:
        if kind is not None and outline.closed and len(outline.corners) > 2:
            yield Area(kind, _outline(road, thing, outline))


def _outline(road: Road, thing: RoadObject, outline: Outline) -> Points:
    places = np.array([(corner.a, corner.b) for corner in outline.corners])
    if not outline.local:
        x, y, _ = road.point(places[:, 0], places[:, 1])
        return np.column_stack([x, y])
    x0, y0, along = road.point(thing.s, thing.t)
    turned = (places[:, 0] + 1j * places[:, 1]) * np.exp(1j * (float(along) + thing.heading))
    return np.column_stack([turned.real + float(x0), turned.imag + float(y0)])


def _signs(road: Road) -> Iterator[Area]:
    """Signs and signals of the road as small diamonds; heads that change are drawn with what they show."""
    for signal in road.signals:
        x, y, _ = road.point(signal.s, signal.t)
        corners = np.array([[0.5, 0.0], [0.0, 0.5], [-0.5, 0.0], [0.0, -0.5]])
        yield Area("sign", corners + np.array([float(x), float(y)]))
