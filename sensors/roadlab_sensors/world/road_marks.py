"""What is painted on roads: lines along lanes, stop lines, crosswalks. After the German RMS-1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.junction import Junction, StopLine
from roadlab.roads.marks import MarkColor, MarkLine, RoadMark
from roadlab.roads.network import Road, RoadNetwork, Strip
from roadlab_sensors.world.outlines import outline_area

Floats = NDArray[np.float64]
_BAR, _BAR_GAP = 0.5, 0.5
_GIVE_WAY_DASH, _GIVE_WAY_GAP = 0.5, 0.25
_SOLID_APPROACH = 18.0
"""Before a stop line the middle of the road may not be crossed [m]."""
_SPACE_LINE = 0.06
"""Half the width of a line between parking spaces [m]."""
_CLEAR = 0.4
"""Lines along the road end this far before a crosswalk [m]."""


@dataclass(frozen=True)
class Painted:
    """Something painted on the road."""

    area: shapely.Polygon
    color: MarkColor = "white"


@dataclass(frozen=True)
class Stretch:
    """A mark along a lane's outer boundary, or along the middle of the road, over some length."""

    road: Road
    section: int
    boundary: int
    """Id of the lane; 0 is the middle."""
    mark: RoadMark
    span: tuple[float, float]
    """From and to which s [m]."""

    def t(self, s: Floats) -> Floats:
        """T of the boundary at each `s` [m]."""
        if self.boundary == 0:
            return np.asarray(self.road.lane_offset(np.clip(s, 0.0, self.road.length)))
        return self.road.lane_edges(s, self.boundary, self.section)[0 if self.boundary < 0 else 1]


def stretches(network: RoadNetwork) -> list[Stretch]:
    """Where which marks run along roads."""
    found = [stretch for road in network.roads.values() for stretch in _lines(network, road)]
    return found + [s for road in network.connecting.values() for s in _along_road(road, [road.extent])]


def road_marks(network: RoadNetwork) -> list[Painted]:
    """All marks; they may touch but lie within the paved area of their road."""
    lines = [painted for stretch in stretches(network) for painted in _painted(stretch)]
    across = (
        *(_bars(strip) for strip in network.crosswalks),
        *(
            line_across(line, solid=junction.stops_at(line))
            for junction in network.junctions.values()
            for line in junction.stop_lines
        ),
    )
    outlined = [painted for road in network.every_road.values() for painted in _outlined(road)]
    return [*lines, *outlined, *(Painted(polygon) for polygons in across for polygon in polygons)]


def _outlined(road: Road) -> Iterator[Painted]:
    """Arrows and other marks that a map outlines, and lines around parking spaces."""
    low, high = road.extent
    for thing in road.objects:
        reach = max(thing.length, thing.width)
        if thing.type in ("parkingSpace", "roadMark") and low - reach < thing.s < high + reach:
            for outline in thing.outlines:
                ring = outline_area(road, thing, outline)
                if not ring.is_valid or ring.area < 0.05:
                    continue
                if thing.type == "parkingSpace":
                    ring = ring.difference(ring.buffer(-2 * _SPACE_LINE, join_style="mitre"))
                yield Painted(ring)


def _lines(network: RoadNetwork, road: Road) -> Iterator[Stretch]:
    free, solid = _stretches(network, road), _approaches(network, road)
    for number, boundary, mark in _marks(road):
        ends = _reach(road, number, boundary, mark)
        if boundary == 0 and mark.type == "broken" and solid:
            line = replace(mark, type="solid", length=0.0)
            for low, high in _clipped(free, ends):
                for part, span in _with_solid_ends(line, mark, (low, high), solid):
                    yield Stretch(road, number, boundary, part, span)
        else:
            for span in _clipped(free, ends):
                yield Stretch(road, number, boundary, mark, span)


def _along_road(road: Road, free: list[tuple[float, float]]) -> Iterator[Stretch]:
    for number, boundary, mark in _marks(road):
        for span in _clipped(free, _reach(road, number, boundary, mark)):
            yield Stretch(road, number, boundary, mark, span)


def _marks(road: Road) -> Iterator[tuple[int, int, RoadMark]]:
    """What is painted along the road: lane section, lane on whose outer boundary (0: the middle), and what."""
    for number, section in enumerate(road.sections):
        yield from ((number, 0, mark) for mark in section.center_marks)
        yield from ((number, lane.id, mark) for lane in section.lanes for mark in lane.marks)


def _reach(road: Road, number: int, boundary: int, mark: RoadMark) -> tuple[float, float]:
    """From and to which s a mark is painted: to the next one of its boundary, or the end of the lane section [m]."""
    section = road.sections[number]
    low, high = road.section_range(number)
    own = section.center_marks if boundary == 0 else section.lane(boundary).marks
    low = road.paved[0] if number == 0 and mark is own[0] else max(low, mark.s, road.paved[0])
    high = road.paved[1] if number == len(road.sections) - 1 else min(high, road.paved[1])
    return low, min([high, *(other.s for other in own if other.s > mark.s)])


def _clipped(free: list[tuple[float, float]], ends: tuple[float, float]) -> list[tuple[float, float]]:
    found = [(max(low, ends[0]), min(high, ends[1])) for low, high in free]
    return [(low, high) for low, high in found if high - low > 0.05]


def _painted(stretch: Stretch) -> Iterator[Painted]:
    for line in stretch.mark.lines(stretch.boundary):
        color = line.color or stretch.mark.color
        for span in _dashes(stretch.mark, line, stretch.span):
            yield Painted(_ribbon(stretch, line, span), color)


def _dashes(mark: RoadMark, line: MarkLine, span: tuple[float, float]) -> list[tuple[float, float]]:
    """From and to which s the line is painted; a dash that does not fit is left out."""
    low, high = span
    if line.length == 0.0:
        return [span]
    first = mark.s + line.s
    if not mark.repeats:
        return [(first, first + line.length)] if low <= first and first + line.length <= high else []
    period = line.length + line.space
    starts = first + period * np.arange(np.ceil((low - first) / period), np.ceil((high - line.length - first) / period))
    return [(float(start), float(start) + line.length) for start in starts]


def _ribbon(stretch: Stretch, line: MarkLine, span: tuple[float, float]) -> shapely.Polygon:
    road = stretch.road
    inner = road.stations[(road.stations > span[0] + 1e-3) & (road.stations < span[1] - 1e-3)]
    along = np.concatenate([[span[0]], inner, [span[1]]])
    t = stretch.t(along)
    right, left = t + line.t - line.width / 2, t + line.t + line.width / 2
    x, y, _ = road.point(np.concatenate([along, along[::-1]]), np.concatenate([right, left[::-1]]))
    return shapely.Polygon(np.column_stack([x, y]))


def _with_solid_ends(
    line: RoadMark, mark: RoadMark, span: tuple[float, float], solid: list[tuple[float, float]]
) -> Iterator[tuple[RoadMark, tuple[float, float]]]:
    low, high = span
    for start, end in solid:
        start, end = max(start, low), min(end, high)
        if end - start > 1.0:
            yield line, (start, end)
            low, high = (end + mark.space / 2, high) if start <= low else (low, start - mark.space / 2)
    if high > low:
        yield mark, (low, high)


def _stretches(network: RoadNetwork, road: Road) -> list[tuple[float, float]]:
    """Where lines run along the road: from stop line to stop line, but not over crosswalks [m]."""
    low, high = road.paved
    for junction in network.junctions.values():
        for line in _own_lines(junction, road):
            stop = line.arm.s(line.ahead)
            low, high = (low, stop) if line.arm.end == "end" else (stop, high)
    edges = [low]
    own = sorted(strip.s for strip in network.crosswalks if strip.road.name == road.name)
    for start, end in own:
        if start - _CLEAR > low and end + _CLEAR < high:
            edges += [start - _CLEAR, end + _CLEAR]
        elif start - _CLEAR <= low:
            edges[0] = max(edges[0], end + _CLEAR if end > low else low)
        else:
            high = min(high, start - _CLEAR)
    edges.append(high)
    return [(a, b) for a, b in zip(edges[::2], edges[1::2], strict=True) if b - a > 0.5]


def _approaches(network: RoadNetwork, road: Road) -> list[tuple[float, float]]:
    """Stretches before the road's signalled stop lines [m]."""
    found = []
    for junction in network.junctions.values():
        for line in _own_lines(junction, road):
            if line.signal is not None and road.length > 3 * _SOLID_APPROACH:
                stop = line.arm.s(line.ahead)
                found.append(tuple(sorted((stop, stop - line.arm.inward * _SOLID_APPROACH))))
    return [(a, b) for a, b in found]


def _own_lines(junction: Junction, road: Road) -> list[StopLine]:
    return [line for line in junction.stop_lines if line.arm.road.name == road.name]


def _bars(strip: Strip) -> Iterator[shapely.Polygon]:
    low, high = strip.t
    count = int((high - low + _BAR_GAP - 0.3) / (_BAR + _BAR_GAP))
    first = 0.5 * (low + high) - 0.5 * (count * (_BAR + _BAR_GAP) - _BAR_GAP)
    for k in range(count):
        t = first + k * (_BAR + _BAR_GAP)
        yield strip.road.patch(strip.s, (t, t + _BAR))


def line_across(line: StopLine, *, solid: bool) -> Iterator[shapely.Polygon]:
    """A stop line (StVO, sign 294), or else the dashes of a line at which to give way (sign 341)."""
    strip = line.strip
    inner = 0.08  # clear of the line in the middle of the road and of the kerb
    low, high = strip.t[0] + inner, strip.t[1] - inner
    if solid:
        yield strip.road.patch(strip.s, (low, high))
        return
    for t in np.arange(low, high - _GIVE_WAY_DASH, _GIVE_WAY_DASH + _GIVE_WAY_GAP):
        yield strip.road.patch(strip.s, (float(t), float(t) + _GIVE_WAY_DASH))
