"""How large the values of a document may be: what lies beyond is a mistake, or meant to exhaust the machine."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from roadlab.roads.opendrive.binding import Element, Fault
from roadlab.roads.opendrive.elements.lanes import LaneCubic, RoadCubic
from roadlab.roads.opendrive.elements.plan_view import Arc, ParamPoly3, Poly3, Spiral
from roadlab.roads.opendrive.elements.road import Road

LONGEST = 100_000.0
"""A road [m]."""
FARTHEST = 1e8
"""A coordinate [m]: grid coordinates have seven digits."""
TIGHTEST = 10.0
"""Curvature of a reference line [1/m]."""
WIDEST = 1000.0
"""A lane, and the way from a reference line to a lane [m]."""
HIGHEST = 20_000.0
"""Above or below the plane [m]."""
STEEPEST = 1.5
"""Tilt of a cross-section [rad]."""
THIN = 1e-3
"""By how much a width may fall below 0 [m]: what rounded coefficients of a lane that ends give."""
MOST_COPIES = 10_000
"""Of an object that repeats."""

Extreme = tuple[float, float]
"""A value, and ds where it is."""


def bound_faults(road: Road, here: str) -> Iterator[Fault]:
    """What is too large about a road's line, relief, offset and objects."""
    if road.length > LONGEST:
        yield Fault(road.place, here, f"its length is {road.length:g} m; at most {LONGEST:g} m are read")
    for geometry in road.geometries:
        if max(abs(geometry.x), abs(geometry.y)) > FARTHEST or abs(geometry.hdg) > FARTHEST:
            yield Fault(
                geometry.place, here, f"a geometry starts at ({geometry.x:g}, {geometry.y:g}), {geometry.hdg:g}"
            )
        if any(abs(value) > FARTHEST for value in _coefficients(geometry.shape)):
            yield Fault(geometry.place, here, f"a polynomial with a coefficient beyond {FARTHEST:g}")
        bend = _bend(geometry.shape)
        if bend > TIGHTEST:
            yield Fault(geometry.place, here, f"a curvature of {bend:g} 1/m; at most {TIGHTEST:g} 1/m is read")
    for records, what, most in (
        (road.lane_offsets, "laneOffset", WIDEST),
        (road.elevations, "elevation", HIGHEST),
        (road.superelevations, "superelevation", STEEPEST),
        (road.crossfalls, "crossfall", STEEPEST),
    ):
        yield from _size_faults(records, road.length, f"{here}, {what}", most)
    for one in road.shapes:
        if max(abs(value) for value in (one.a, one.b, one.c, one.d, one.t)) > HIGHEST:
            yield Fault(one.place, f"{here}, shape", f"a value beyond {HIGHEST:g}")
    for thing in road.objects:
        for repeat in thing.repeats:
            if repeat.distance > 0.0 and repeat.length / repeat.distance > MOST_COPIES:
                count = repeat.length / repeat.distance
                message = f"{count:.0f} copies; at most {MOST_COPIES}"
                yield Fault(repeat.place, f"{here}, object {thing.id}, repeat", message)


def width_faults(records: Sequence[LaneCubic], length: float, here: str) -> Iterator[Fault]:
    """Where a lane's width is negative or too large; `length` is that of its section."""
    for index, record in enumerate(records):
        end = records[index + 1].s_offset if index + 1 < len(records) else length
        (least, low), (most, high) = extremes(record, min(end, length) - record.s_offset)
        if least < -THIN:
            yield Fault(
                record.place, here, f"its width is {least:.3f} m at {record.s_offset + low:.2f} m into the section"
            )
        elif most > WIDEST:
            yield Fault(
                record.place, here, f"its width is {most:g} m at {record.s_offset + high:.2f} m into the section"
            )


def border_faults(records: Sequence[LaneCubic], length: float, here: str) -> Iterator[Fault]:
    """Where a border is too far from the reference line."""
    for index, record in enumerate(records):
        end = records[index + 1].s_offset if index + 1 < len(records) else length
        (least, _), (most, _) = extremes(record, min(end, length) - record.s_offset)
        if max(-least, most) > WIDEST:
            yield Fault(record.place, here, f"its border is {max(-least, most):g} m from the reference line")


def extremes(cubic: RoadCubic | LaneCubic, length: float) -> tuple[Extreme, Extreme]:
    """The least and the largest value for 0 <= ds <= length; of a record that reaches nowhere 0."""
    if length < 0.0:
        return (0.0, 0.0), (0.0, 0.0)
    places = (0.0, *(ds for ds in _turning(cubic) if 0.0 < ds < length), length)
    values = [(cubic.a + ds * (cubic.b + ds * (cubic.c + ds * cubic.d)), ds) for ds in places]
    return min(values), max(values)


def _turning(cubic: RoadCubic | LaneCubic) -> tuple[float, ...]:
    """Where the slope b + 2c ds + 3d ds² vanishes."""
    a, b, c = 3.0 * cubic.d, 2.0 * cubic.c, cubic.b
    inside = b * b - 4.0 * a * c
    if not inside >= 0.0:
        return ()
    q = -0.5 * (b + math.copysign(math.sqrt(inside), b))  # the sum that does not cancel
    return tuple(top / bottom for top, bottom in ((q, a), (c, q)) if bottom != 0.0)


def _bend(shape: object) -> float:
    match shape:
        case Arc():
            return abs(shape.curvature)
        case Spiral():
            return max(abs(shape.curv_start), abs(shape.curv_end))
        case _:
            return 0.0


def _coefficients(shape: object) -> tuple[float, ...]:
    match shape:
        case Poly3():
            return shape.a, shape.b, shape.c, shape.d
        case ParamPoly3():
            return shape.aU, shape.bU, shape.cU, shape.dU, shape.aV, shape.bV, shape.cV, shape.dV
        case _:
            return ()


def _size_faults(records: Sequence[RoadCubic], length: float, here: str, most: float) -> Iterator[Fault]:
    for index, record in enumerate(records):
        end = records[index + 1].s if index + 1 < len(records) else length
        (least, _), (largest, _) = extremes(record, min(end, length) - record.s)
        size = max(-least, largest)
        if not size <= most:
            yield _too_large(record, here, size, most)


def _too_large(record: Element, here: str, size: float, most: float) -> Fault:
    return Fault(record.place, here, f"it reaches {size:g}; at most {most:g} is read")
