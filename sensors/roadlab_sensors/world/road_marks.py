"""What is painted on roads: lines along lanes, stop lines, crosswalks. After the German RMS-1."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import shapely

from roadlab.roads.junction import Junction, StopLine
from roadlab.roads.network import Road, RoadNetwork, Strip
from roadlab.roads.profiles import RoadMark

_BAR, _BAR_GAP = 0.5, 0.5
_GIVE_WAY_DASH, _GIVE_WAY_GAP = 0.5, 0.25
_SOLID_APPROACH = 18.0
"""Before a stop line the middle of the road may not be crossed [m]."""
_CLEAR = 0.4
"""Lines along the road end this far before a crosswalk [m]."""


def road_marks(network: RoadNetwork) -> list[shapely.Polygon]:
    """All marks; they may touch but lie within the paved area of their road."""
    return [polygon for road in network.roads.values() for polygon in _lines(network, road)] + [
        polygon
        for polygons in (
            *(_bars(strip) for strip in network.crosswalks),
            *(_stop_line(line) for junction in network.junctions.values() for line in junction.stop_lines),
        )
        for polygon in polygons
    ]


def _lines(network: RoadNetwork, road: Road) -> Iterator[shapely.Polygon]:
    stretches = _stretches(network, road)
    solid = _approaches(network, road)
    for t, mark in _marks(road):
        if mark.type == "none":
            continue
        for low, high in stretches:
            if t == 0.0 and mark.type == "broken" and solid:
                yield from _with_solid_ends(road, t, mark, (low, high), solid)
            else:
                yield from _line(road, t, mark, (low, high))


def _marks(road: Road) -> Iterator[tuple[float, RoadMark]]:
    """What is painted along the road, and at which t."""
    yield 0.0, road.center_mark
    for lane in road.lanes:
        bounds = road.lane_bounds(lane.id)
        yield bounds[0] if lane.id < 0 else bounds[1], lane.mark


def _line(road: Road, t: float, mark: RoadMark, span: tuple[float, float]) -> Iterator[shapely.Polygon]:
    across = (t - mark.width / 2, t + mark.width / 2)
    if mark.length == 0.0:
        yield road.patch(span, across)
        return
    period = mark.length + mark.space
    for start in np.arange(np.ceil(span[0] / period) * period, span[1] - mark.length, period):
        yield road.patch((float(start), float(start) + mark.length), across)


def _with_solid_ends(
    road: Road, t: float, mark: RoadMark, span: tuple[float, float], solid: list[tuple[float, float]]
) -> Iterator[shapely.Polygon]:
    low, high = span
    line = replace(mark, type="solid", length=0.0)
    for start, end in solid:
        start, end = max(start, low), min(end, high)
        if end - start > 1.0:
            yield from _line(road, t, line, (start, end))
            low, high = (end + mark.space / 2, high) if start <= low else (low, start - mark.space / 2)
    yield from _line(road, t, mark, (low, high))


def _stretches(network: RoadNetwork, road: Road) -> list[tuple[float, float]]:
    """Where lines run along the road: from stop line to stop line, but not over crosswalks [m]."""
    low, high = road.paved
    for junction in network.junctions.values():
        for line in _own_lines(junction, road):
            stop = line.arm.s(line.ahead)
            low, high = (low, stop) if line.arm.end == "end" else (stop, high)
    edges = [low]
    own = sorted(strip.s for strip in network.crosswalks if strip.road is road)
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
    return [line for line in junction.stop_lines if line.arm.road is road]


def _bars(strip: Strip) -> Iterator[shapely.Polygon]:
    low, high = strip.t
    count = int((high - low + _BAR_GAP - 0.3) / (_BAR + _BAR_GAP))
    first = 0.5 * (low + high) - 0.5 * (count * (_BAR + _BAR_GAP) - _BAR_GAP)
    for k in range(count):
        t = first + k * (_BAR + _BAR_GAP)
        yield strip.road.patch(strip.s, (t, t + _BAR))


def _stop_line(line: StopLine) -> Iterator[shapely.Polygon]:
    """Solid where signals govern it, else the dashes of a line at which to give way."""
    strip = line.strip
    inner = 0.08  # clear of the line in the middle of the road and of the kerb
    low, high = strip.t[0] + inner, strip.t[1] - inner
    if line.signal is not None:
        yield strip.road.patch(strip.s, (low, high))
        return
    for t in np.arange(low, high - _GIVE_WAY_DASH, _GIVE_WAY_DASH + _GIVE_WAY_GAP):
        yield strip.road.patch(strip.s, (float(t), float(t) + _GIVE_WAY_DASH))
