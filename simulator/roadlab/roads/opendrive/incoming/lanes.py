"""The lanes of a road in a file."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from typing import Literal, cast, get_args

from roadlab.roads.cubics import Cubics
from roadlab.roads.lanes import Lane, LaneSection, LaneType, Surface, SurfaceClass
from roadlab.roads.marks import MarkColor, MarkLine, MarkType, RoadMark
from roadlab.roads.opendrive.elements import lanes as file
from roadlab.roads.opendrive.elements.road import Road, Speed
from roadlab.roads.opendrive.incoming.remarks import Remarks

METRES_PER_SECOND = {"m/s": 1.0, "km/h": 1.0 / 3.6, "mph": 0.44704}

_OLD_TYPES = {"mwyEntry": "entry", "mwyExit": "exit"}
_WIDTHS = {"standard": 0.12, "bold": 0.25}
"""Of marks that give none [m] (RMS-1: thin and wide lines of roads that are not motorways)."""
_DASH = 3.0
_GAP = 6.0


def lane_sections(road: Road, remarks: Remarks) -> tuple[LaneSection, ...]:
    """The lane sections of a road without faults."""
    unused = remarks.unused
    befores = (None, *road.sections[:-1])
    return tuple(
        LaneSection(
            s=section.s,
            lanes=tuple(_lane(lane, section.s, _led_to(lane.id, before), unused) for lane in section.sides),
            center_marks=tuple(_mark(mark, section.s, unused) for lane in section.center for mark in lane.marks),
        )
        for before, section in zip(befores, road.sections, strict=True)
    )


def _led_to(lane: int, before: file.LaneSection | None) -> list[int]:
    """Lanes of the section before from which traffic goes on to this one without touching it."""
    return [other.id for other in before.sides if lane in other.onward] if before is not None else []


def metres_per_second(speed: Speed) -> float | None:
    """The limit; +inf where there is none, None where it is undefined."""
    if isinstance(speed.max, float):
        return speed.max * METRES_PER_SECOND[speed.unit]
    return math.inf if speed.max == "no limit" else None


def _lane(lane: file.Lane, start: float, before: Sequence[int], unused: Counter[str]) -> Lane:
    unused["lane/access"] += len(lane.accesses)
    unused["lane/rule"] += sum(not one.is_onward for one in lane.rules)
    uneven = len({value for height in lane.heights for value in (height.inner, height.outer)}) > 1
    unused["lane/height: its largest counts all along the lane"] += uneven
    limits = tuple((start + one.s_offset, one.max * METRES_PER_SECOND[one.unit]) for one in lane.speeds)
    return Lane(
        id=lane.id,
        type=_type(lane, unused),
        widths=_cubics(lane.widths, start),
        marks=tuple(_mark(mark, start, unused) for mark in lane.marks),
        height=max((value for height in lane.heights for value in (height.inner, height.outer)), default=0.0),
        border=_cubics(lane.borders, start) if lane.borders and not lane.widths else None,
        level=lane.level,
        limits=limits,
        surfaces=tuple(_surface(material, start, unused) for material in lane.materials),
        predecessors=tuple(dict.fromkeys((*(ref.id for ref in lane.predecessors), *before))),
        successors=tuple(dict.fromkeys((*(ref.id for ref in lane.successors), *lane.onward))),
        direction=lane.direction,
    )


def _type(lane: file.Lane, unused: Counter[str]) -> LaneType:
    name = _OLD_TYPES.get(lane.type, lane.type)
    if name == "none" and lane.materials and lane.materials[0].surface == "grass":
        return "verge"
    if name in get_args(LaneType):
        return cast(LaneType, name)
    unused[f"lane of the type {name!r}: read as none"] += 1
    return "none"


def _cubics(records: tuple[file.LaneCubic, ...], start: float) -> Cubics:
    return Cubics.of((start + record.s_offset, record.a, record.b, record.c, record.d) for record in records)


def _surface(material: file.Material, start: float, unused: Counter[str]) -> Surface:
    kind = material.surface.lower()
    if kind not in get_args(SurfaceClass):
        unused[f"material of the surface {material.surface!r}: read as asphalt"] += 1
        kind = "asphalt"
    plain = Surface(start + material.s_offset, cast(SurfaceClass, kind))
    friction = material.friction or plain.friction
    roughness = plain.roughness if material.roughness is None else material.roughness
    return Surface(plain.s, plain.kind, friction, roughness)


# --- marks ----------------------------------------------------------------------------------------------------------


def _mark(mark: file.Mark, start: float, unused: Counter[str]) -> RoadMark:
    kind = mark.type
    if kind not in get_args(MarkType):
        unused[f"roadMark of the type {kind!r}: not drawn"] += 1
        kind = "none"
    width = _WIDTHS.get(mark.weight, _WIDTHS["standard"]) if mark.width is None else mark.width
    explicit, repeats = _lines(mark, width)
    drawn = bool(explicit or width > 0.0)
    return RoadMark(
        type=cast(MarkType, kind) if drawn else "none",
        width=width,
        color=_color(mark.color),
        length=_DASH if kind in ("broken", "botts dots") else 0.0,
        space=_GAP if kind in ("broken", "botts dots") else 0.0,
        s=start + mark.s_offset,
        explicit=explicit if kind != "none" else (),
        repeats=repeats,
        change=_change(mark.lane_change),
        material=mark.material,
        height=mark.height or 0.0,
    )


def _lines(mark: file.Mark, width: float) -> tuple[tuple[MarkLine, ...], bool]:
    """The lines that the mark says it consists of, and whether they repeat."""
    if mark.explicit:
        single = [
            MarkLine(width if one.width is None else one.width, one.t_offset, one.length, 0.0, one.s_offset)
            for one in mark.explicit
        ]
        return tuple(line for line in single if line.width > 0.0), False
    if mark.kind is None:
        return (), True
    usual = mark.kind.width or width
    lines = [_line(line, usual) for line in mark.kind.lines]
    return tuple(line for line in lines if line.width > 0.0), True


def _line(line: file.MarkLine, usual: float) -> MarkLine:
    dashed = line.length > 0.0 and line.space > 0.0
    return MarkLine(
        width=usual if line.width is None else line.width,
        t=line.t_offset,
        length=line.length if dashed else 0.0,
        space=line.space if dashed else 0.0,
        s=line.s_offset,
        color=_color(line.color) if line.color else None,
    )


def _color(name: str) -> MarkColor:
    return cast(MarkColor, name) if name in get_args(MarkColor) else "standard"


def _change(name: str) -> Literal["none", "both", "increase", "decrease"]:
    words: dict[str, Literal["none", "both", "increase", "decrease"]] = {
        "none": "none",
        "increase": "increase",
        "decrease": "decrease",
    }
    return words.get(name, "both")
