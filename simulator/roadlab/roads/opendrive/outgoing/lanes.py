"""A road's lanes as elements of a file."""

from __future__ import annotations

import math
from typing import Literal

from roadlab.roads.cubics import Cubics
from roadlab.roads.lanes import Lane, Surface
from roadlab.roads.marks import MarkLine, RoadMark
from roadlab.roads.opendrive.elements import lanes as file
from roadlab.roads.opendrive.outgoing.geometry import records
from roadlab.roads.road import Road

Direction = Literal["standard", "reversed", "both"]
_VERGE = Surface(0.0, "grass")
"""What a verge is written as: a lane of the type none, of grass."""


def lane_sections(road: Road, told: Road) -> tuple[file.LaneSection, ...]:
    """The lane sections with their lanes from left to right; `told` is the road with all its links."""
    found = []
    for number, section in enumerate(road.sections):
        reach = road.section_range(number)
        lanes = [
            _lane(lane, reach, _direction(road, lane, number), _onward(lane, told, number))
            for lane in reversed(section.lanes)
        ]
        found.append(
            file.LaneSection(
                s=section.s,
                left=tuple(lane for lane in lanes if lane.id > 0),
                center=(file.CenterLane(id=0, marks=_marks(section.s, section.center_marks, 0)),),
                right=tuple(lane for lane in lanes if lane.id < 0),
            )
        )
    return tuple(found)


def _onward(lane: Lane, told: Road, section: int) -> list[int]:
    """Lanes of the next section onto which traffic goes, with which the standard has no link."""
    if section + 1 == len(told.sections):
        return []
    there = told.sections[section + 1].lane_ids
    return [
        other
        for other in told.sections[section].lane(lane.id).successors
        if other in there and other not in lane.successors
    ]


def _direction(road: Road, lane: Lane, section: int) -> Direction:
    """Against what the side of the road says; all lanes of one-way roads run along s."""
    if lane.direction == "both":
        return "both"
    usual = 1 if (lane.id < 0) is not road.left_hand else -1
    return "standard" if road.lane_direction(lane.id, section) == usual else "reversed"


def _lane(lane: Lane, reach: tuple[float, float], direction: Direction, onward: list[int]) -> file.Lane:
    start = reach[0]
    surfaces = lane.surfaces or ((_VERGE,) if lane.type == "verge" else ())
    return file.Lane(
        id=lane.id,
        type="none" if lane.type == "verge" else lane.type,
        level=lane.level,
        direction=direction,
        predecessors=tuple(file.LaneRef(id=other) for other in lane.predecessors),
        successors=tuple(file.LaneRef(id=other) for other in lane.successors),
        widths=_cubics(lane.widths, reach) if lane.border is None else (),
        borders=_cubics(lane.border, reach) if lane.border is not None else (),
        marks=_marks(start, lane.marks, lane.id),
        materials=tuple(_material(surface, start) for surface in surfaces),
        speeds=tuple(file.LaneSpeed(s_offset=max(s - start, 0.0), max=v) for s, v in lane.limits if math.isfinite(v)),
        heights=(file.Height(s_offset=0.0, inner=lane.height, outer=lane.height),) if lane.height else (),
        rules=tuple(file.LaneRule(s_offset=0.0, value=f"{file.ONWARD}{other}") for other in onward),
    )


def _cubics(values: Cubics, reach: tuple[float, float]) -> tuple[file.LaneCubic, ...]:
    return tuple(file.LaneCubic(s_offset=s - reach[0], a=a, b=b, c=c, d=d) for s, a, b, c, d in records(values, *reach))


def _material(surface: Surface, start: float) -> file.Material:
    return file.Material(
        s_offset=max(surface.s - start, 0.0),
        friction=surface.friction,
        surface=surface.kind,
        roughness=surface.roughness,
    )


# --- marks ----------------------------------------------------------------------------------------------------------


def _marks(start: float, marks: tuple[RoadMark, ...], lane_id: int) -> tuple[file.Mark, ...]:
    return tuple(_mark(mark, max(mark.s - start, 0.0), lane_id) for mark in marks)


def _mark(mark: RoadMark, s_offset: float, lane_id: int) -> file.Mark:
    lines = mark.lines(lane_id)
    kind = file.MarkType(name=mark.type, width=_whole_width(lines), lines=tuple(_line(line) for line in lines))
    return file.Mark(
        s_offset=s_offset,
        type=mark.type,
        weight="bold" if mark.width >= 0.2 else "standard",
        color=mark.color,
        material=mark.material,
        width=mark.width,
        lane_change=mark.change,
        height=mark.height or None,
        kind=kind if lines and mark.repeats else None,
        explicit=() if mark.repeats else tuple(_single(line) for line in lines),
    )


def _whole_width(lines: tuple[MarkLine, ...]) -> float:
    return max((line.width for line in lines), default=0.0)


def _line(line: MarkLine) -> file.MarkLine:
    return file.MarkLine(
        length=line.length,
        space=line.space,
        t_offset=line.t,
        s_offset=line.s,
        width=line.width,
        color=line.color or "",
    )


def _single(line: MarkLine) -> file.ExplicitLine:
    return file.ExplicitLine(length=line.length, t_offset=line.t, s_offset=line.s, width=line.width)
