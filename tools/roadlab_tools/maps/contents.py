"""What a plan of a network shows, in painting order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import shapely

from roadlab.roads.decks import layers
from roadlab.roads.lanes import CAR_LANES, Lane, LaneKey
from roadlab.roads.marks import RoadMark
from roadlab.roads.network import RoadNetwork
from roadlab.roads.road import Road
from roadlab_sensors.world.road_marks import line_across
from roadlab_tools.maps.plan import Area, Dot, Floats, Plan, Shape, Stroke, Word
from roadlab_tools.palette import Color

_CAR_LANE: Color = (112, 114, 118)
_JUNCTION: Color = (124, 126, 130)
_LANES: dict[str, Color] = {
    "sidewalk": (205, 200, 190),
    "walking": (205, 200, 190),
    "biking": (176, 106, 96),
    "parking": (132, 136, 150),
    "stop": (120, 130, 150),
    "verge": (178, 204, 150),
    "none": (178, 204, 150),
    "median": (160, 186, 130),
    "border": (134, 134, 134),
    "shoulder": (134, 134, 134),
    "restricted": (134, 134, 134),
    "roadWorks": (196, 150, 90),
    "curb": (190, 186, 178),
}
_OBJECTS: dict[str, Color] = {
    "trafficIsland": (205, 200, 190),
    "barrier": (214, 90, 40),
    "building": (150, 120, 110),
    "roadSurface": (70, 70, 76),
    "roadMark": (245, 245, 245),
}
_MARKS: dict[str, Color] = {
    "standard": (245, 245, 245),
    "yellow": (250, 205, 60),
    "orange": (245, 140, 40),
    "red": (200, 50, 50),
    "blue": (60, 90, 200),
    "green": (60, 150, 80),
    "violet": (130, 80, 170),
    "black": (30, 30, 30),
}
_PATH: Color = (90, 150, 230)
_ARROW: Color = (225, 225, 225)
_INK: Color = (24, 30, 60)
_LIGHT: Color = (250, 250, 210)
_STATION: Color = (150, 30, 30)
_SIGNAL: Color = (210, 40, 40)
_SIGN: Color = (30, 90, 190)
_MARGIN = 12.0
_EVERY = (10.0, 20.0, 50.0, 100.0, 200.0, 500.0, 1000.0, 2000.0, 5000.0)
"""Distances between s-marks [m]."""


def plan_of(network: RoadNetwork, longest: int) -> Plan:
    """The plan of a network for a picture whose longer side has `longest` pixels: words only where there is room."""
    bounds = _bounds(network)
    west, south, east, north = bounds
    pixel = max(east - west, north - south) / longest
    upwards = (
        shape
        for layer in layers(network)
        for part in (_surfaces(layer), _paint(layer, pixel), _things(layer))
        for shape in part
    )
    return Plan([*upwards, *_travel(network, pixel), *_signals(network), *_words(network, pixel)], bounds)


def _bounds(network: RoadNetwork) -> tuple[float, float, float, float]:
    parts = [road.patch((0.0, road.length), road.edges) for road in network.every_road.values()]
    areas = [junction.polygon for junction in network.junctions.values()]
    low_x, low_y, high_x, high_y = shapely.total_bounds(np.array([*parts, *areas], dtype=object))
    return low_x - _MARGIN, low_y - _MARGIN, high_x + _MARGIN, high_y + _MARGIN


# --- areas -----------------------------------------------------------------------------------------------------------


def _surfaces(network: RoadNetwork) -> Iterator[Shape]:
    for road in network.connecting.values():
        yield from _lanes(road, paved=False)
    for junction in network.junctions.values():
        for corner in junction.corners:
            yield from _areas(corner.pavement, _LANES["sidewalk"])
        yield from _areas(junction.polygon, _JUNCTION)
    for road in network.connecting.values():
        yield from _lanes(road, paved=True)
    for road in network.roads.values():
        yield from _lanes(road, paved=False)
        yield from _lanes(road, paved=True)


def _lanes(road: Road, *, paved: bool) -> Iterator[Shape]:
    for number, section in enumerate(road.sections):
        for lane in section.lanes:
            if (lane.type in CAR_LANES) is paved:
                low, high = _range(road, number)
                if high <= low:
                    continue
                ring = _lane_ring(road, lane.id, number, (low, high))
                yield Area((ring,), _LANES.get(lane.type, _CAR_LANE if road.junction is None else _JUNCTION))


def _range(road: Road, section: int) -> tuple[float, float]:
    """From and to which s a lane section reaches on a part of a road; empty where the first is more [m]."""
    first, last = road.section_range(section)
    return max(first, road.extent[0]), min(last, road.extent[1])


def _lane_ring(road: Road, lane_id: int, section: int, s: tuple[float, float]) -> Floats:
    along = _stations(road, s)
    right, left = road.lane_edges(along, lane_id, section)
    x, y, _ = road.point(np.concatenate([along, along[::-1]]), np.concatenate([right, left[::-1]]))
    return np.column_stack([x, y])


def _areas(geometry: shapely.Geometry, color: Color) -> Iterator[Shape]:
    for part in shapely.get_parts(geometry):
        if part.geom_type == "Polygon" and not part.is_empty:
            rings = [part.exterior, *part.interiors]
            yield Area(tuple(np.asarray(ring.coords)[:, :2] for ring in rings), color)


def _stations(road: Road, s: tuple[float, float]) -> Floats:
    inner = road.stations[(road.stations > s[0] + 1e-3) & (road.stations < s[1] - 1e-3)]
    return np.concatenate([[s[0]], inner, [s[1]]])


# --- paint -----------------------------------------------------------------------------------------------------------


def _paint(network: RoadNetwork, pixel: float) -> Iterator[Shape]:
    for road in network.every_road.values():
        for number, section in enumerate(road.sections):
            bounds = _range(road, number)
            yield from _marks(road, number, None, section.center_marks, bounds, pixel)
            for lane in section.lanes:
                yield from _marks(road, number, lane, lane.marks, bounds, pixel)
    for strip in network.crosswalks:
        yield from _bars(strip.road, strip.s, strip.t)
    for junction in network.junctions.values():
        for line in junction.stop_lines:
            for area in line_across(line, solid=junction.stops_at(line)):
                yield from _areas(area, _MARKS["standard"])


def _marks(
    road: Road,
    section: int,
    lane: Lane | None,
    marks: tuple[RoadMark, ...],
    bounds: tuple[float, float],
    pixel: float,
) -> Iterator[Shape]:
    ends = [mark.s for mark in marks[1:]] + [bounds[1]] * bool(marks)
    for mark, end in zip(marks, ends, strict=True):
        start, stop = max(mark.s, bounds[0]), min(end, bounds[1])
        for line in mark.lines(lane.id if lane is not None else 0):
            color = _MARKS.get(line.color or mark.color, _MARKS["standard"])
            for low, high in _dashes(start + line.s, stop, line.length, line.space, pixel):
                s = _stations(road, (low, high))
                x, y, _ = road.point(s, _boundary(road, s, lane, section) + line.t)
                yield Stroke(np.column_stack([x, y]), color, line.width)


def _dashes(start: float, stop: float, length: float, space: float, pixel: float) -> Iterator[tuple[float, float]]:
    if stop - start < 1e-6:
        return
    if length <= 0.0 or space <= 0.0 or space < 1.5 * pixel:
        yield start, stop
        return
    for low in np.arange(start, stop, length + space):
        yield float(low), float(min(low + length, stop))


def _boundary(road: Road, s: Floats, lane: Lane | None, section: int) -> Floats:
    if lane is None:
        return road.lane_offset(s)
    right, left = road.lane_edges(s, lane.id, section)
    return left if lane.id > 0 else right


def _bars(road: Road, s: tuple[float, float], t: tuple[float, float]) -> Iterator[Shape]:
    for low in np.arange(t[0] + 0.25, t[1] - 0.25, 1.0):
        yield from _areas(road.patch(s, (float(low), float(min(low + 0.5, t[1])))), _MARKS["standard"])


# --- things ----------------------------------------------------------------------------------------------------------


def _things(network: RoadNetwork) -> Iterator[Shape]:
    for road in network.every_road.values():
        here = [thing for thing in road.objects if road.extent[0] <= thing.s <= road.extent[1]]
        for thing in here:
            color = _OBJECTS.get(thing.type, (130, 120, 140))
            for outline in thing.outlines:
                places = np.array([(corner.a, corner.b) for corner in outline.corners])
                if outline.local:
                    places = _turned(places, thing.heading) + np.array([thing.s, thing.t])
                x, y, _ = road.point(places[:, 0], places[:, 1])
                ring = np.column_stack([x, y])
                if thing.type in ("parkingSpace", "crosswalk") or not outline.closed:
                    yield Stroke(np.vstack([ring, ring[:1]]), _MARKS["standard"], 0.12)
                else:
                    yield Area((ring,), color)
            for repeat in thing.repeats:
                step = repeat.distance or 2.0
                share = np.linspace(0.0, 1.0, max(2, int(repeat.length / step) + 1))
                t = repeat.t[0] + share * (repeat.t[1] - repeat.t[0])
                x, y, _ = road.point(repeat.s + share * repeat.length, t)
                yield from (Dot(float(a), float(b), color, 1.5) for a, b in zip(x, y, strict=True))
            if not thing.outlines and not thing.repeats:
                x, y, _ = road.point(thing.s, thing.t)
                yield Dot(float(x), float(y), color, 2.0)


def _turned(places: Floats, angle: float) -> Floats:
    cosine, sine = np.cos(angle), np.sin(angle)
    return np.asarray(places @ np.array([[cosine, sine], [-sine, cosine]]))


# --- travel ----------------------------------------------------------------------------------------------------------


def _travel(network: RoadNetwork, pixel: float) -> Iterator[Shape]:
    for path in network.connections.values():
        along = _stations(path.road, (0.0, path.road.length))
        x, y, _ = path.road.point(along, path.road.lane_center(along, path.key.lane, path.key.section))
        yield Stroke(np.column_stack([x, y]), _PATH, 0.12)
        if pixel < 0.5:
            yield _arrow(path.road, path.key, 0.5 * path.road.length, network.lane_direction(path.key), _PATH)
    for road, number, lane, s in _labelled(network, pixel):
        if lane.type in (*CAR_LANES, "biking"):
            key = LaneKey(road.name, lane.id, number)
            ahead = min(s + 14.0 * pixel, road.section_range(number)[1])
            yield _arrow(road, key, ahead, network.lane_direction(key), _ARROW)


def _labelled(network: RoadNetwork, pixel: float) -> Iterator[tuple[Road, int, Lane, float]]:
    """Lanes, and where their ids are written: wherever they are wide enough to read them."""
    for road in network.roads.values():
        for number, section in enumerate(road.sections):
            low, high = road.section_range(number)
            count = max(1, round((high - low) / (300.0 * pixel)))
            for k in range(count if high - low > 12.0 * pixel else 0):
                s = low + (k + 0.5) * (high - low) / count
                for lane in section.lanes:
                    if float(road.lane_width(s, lane.id, number)) > 5.0 * pixel:
                        yield road, number, lane, s


def _arrow(road: Road, key: LaneKey, s: float, direction: int, color: Color) -> Area:
    x, y, along = road.point(s, road.lane_center(s, key.lane, key.section))
    heading = complex(np.exp(1j * (float(along) + (0.0 if direction > 0 else np.pi))))
    tips = np.array([1.6, -0.8 + 0.6j, -0.8 - 0.6j]) * heading + complex(x, y)
    return Area((np.column_stack([tips.real, tips.imag]),), color)


# --- words -----------------------------------------------------------------------------------------------------------


def _signals(network: RoadNetwork) -> Iterator[Shape]:
    for road in network.every_road.values():
        for signal in road.signals:
            x, y, _ = road.point(signal.s, signal.t)
            yield Dot(float(x), float(y), _SIGNAL if signal.dynamic else _SIGN, 3.0)
    for junction in network.junctions.values():
        for head in junction.heads:
            look = np.array(
                [[head.x, head.y], [head.x + 2.0 * np.cos(head.heading), head.y + 2.0 * np.sin(head.heading)]]
            )
            yield Stroke(look, _SIGNAL, 0.2)
            yield Dot(head.x, head.y, _SIGNAL, 3.5)


def _words(network: RoadNetwork, pixel: float) -> Iterator[Shape]:
    yield from _stationing(network, pixel)
    for road, _, lane, s in _labelled(network, pixel):
        if float(road.lane_width(s, lane.id)) > 10.0 * pixel:
            x, y, _ = road.point(s, road.lane_center(s, lane.id))
            yield Word(float(x), float(y), str(lane.id), _LIGHT if lane.type in CAR_LANES else _INK)
    for road in network.roads.values():
        if road.length > 9.0 * len(road.name) * pixel:
            x, y, _ = road.point(0.5 * road.length, road.edges[1] + 9.0 * pixel)
            yield Word(float(x), float(y), road.name, _INK, 13)
    for junction in network.junctions.values():
        middle = junction.polygon.centroid
        if not middle.is_empty and np.sqrt(junction.polygon.area) > 5.0 * len(junction.name) * pixel:
            yield Word(middle.x, middle.y, junction.name, _INK, 13)
    for road in network.roads.values():
        if pixel < 0.25:
            yield from _sign_words(road, pixel)


def _sign_words(road: Road, pixel: float) -> Iterator[Shape]:
    for signal in road.signals:
        if signal.type:
            x, y, _ = road.point(signal.s, signal.t + (9.0 if signal.t > 0.0 else -9.0) * pixel)
            value = f" {signal.value:g}" if signal.value is not None else ""
            yield Word(float(x), float(y), signal.type + value, _SIGN, 9)


def _stationing(network: RoadNetwork, pixel: float) -> Iterator[Shape]:
    step = next((every for every in _EVERY if every > 45.0 * pixel), _EVERY[-1])
    for road in network.roads.values():
        right = road.edges[0]
        for s in np.arange(0.0, road.length + 1e-9, step):
            x, y, _ = road.point(s, np.array([right + 4.0 * pixel, right - 2.0 * pixel]))
            yield Stroke(np.column_stack([x, y]), _STATION, 0.05)
            if road.length > 25.0 * pixel:
                x, y, _ = road.point(s, right - 7.0 * pixel)
                yield Word(float(x), float(y), f"{s:g}", _STATION, 9)
