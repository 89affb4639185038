"""What an author adds to a road's cross-section for a while: bays, islands, closures, lanes beside ramps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from roadlab.roads.authored.layout import Column, Layout, Stage, changed, eased
from roadlab.roads.cubics import Cubics
from roadlab.roads.lanes import CAR_LANES, ROAD_LEVEL, Lane, LaneType, Surface
from roadlab.roads.marks import NO_MARK, RoadMark
from roadlab.roads.profiles import KERB_HEIGHT
from roadlab.scenario.spec import BaySpec, IslandSpec, RampSpec, RoadSpec, WorkZoneSpec

Side = str
"""`right` or `left`, seen along s."""

BAY_DEPTH = {"bus": 3.0, "parallel": 2.1, "angled": 4.85, "perpendicular": 5.0}
"""Across the road [m]: parking of 60 degrees and 90 degrees after EAR 05, bus bays after RASt 06."""
BAY_TAPER = {"bus": 15.0, "parallel": 1.0, "angled": 1.0, "perpendicular": 1.0}
_BLOCK = RoadMark("broken", 0.3, length=6.0, space=6.0)
"""Between a motorway's lanes and those that begin or end beside them (RMS-1)."""
_THIN = RoadMark("solid", 0.12)
_BAY_EDGE = RoadMark("broken", 0.12, length=1.0, space=1.0)
_CLOSED = {"de": "yellow", "us": "orange", "none": "yellow"}


@dataclass(frozen=True)
class ExtraLane:
    """A lane beside a ramp's mouth."""

    end: str
    """Of the road, at which it is widest: start or end."""
    side: Side
    type: LaneType
    length: float
    taper: float


def extended(layout: Layout, spec: RoadSpec, length: float, extra: tuple[ExtraLane, ...], country: str) -> Layout:
    """The layout with all that the road's specification, without problems, adds to it, one after the other."""
    layout = eased(layout, length)
    for lane in extra:
        layout = eased(_with_lane(layout, lane, length), length)
    for number, bay in enumerate(spec.bays):
        layout = _with_bay(layout, bay, f"bay{number}")
    for number, island in enumerate(spec.islands):
        layout = _raised(_with_island(layout, island, f"island{number}"), island, f"island{number}")
    for zone in spec.work_zones:
        layout = _with_closure(layout, zone, country)
    return layout


def extra_lane(ramp: RampSpec, kind: LaneType, *, left_hand: bool) -> tuple[str, ExtraLane]:
    """The road, and the lane that a ramp has on it: of type `entry` where it goes on, `exit` where it arrives."""
    road, end = (ramp.onto if kind == "entry" else ramp.main).rsplit(".", 1)
    along = (kind == "entry") == (end == "start")
    side = "right" if along is not left_hand else "left"
    return road, ExtraLane(end, side, kind, ramp.lane, ramp.taper)


def _with_lane(layout: Layout, extra: ExtraLane, length: float) -> Layout:
    def change(stage: Stage) -> Stage:
        side = _side(stage, extra.side)
        place = max((k for k, column in enumerate(side) if column.lane.type in CAR_LANES), default=-1)
        if place < 0:
            return stage
        beside = side[place]
        lane = Lane(0, extra.type, beside.lane.widths, beside.lane.marks, surfaces=beside.lane.surfaces)
        painted = replace(beside, lane=replace(beside.lane, marks=(_BLOCK,)))
        return _with_side(
            stage, extra.side, (*side[:place], painted, Column(f"{extra.type}.{extra.end}", lane), *side[place + 1 :])
        )

    reach = extra.length + extra.taper
    ends = (0.0, reach) if extra.end == "start" else (length - reach, length)
    return changed(layout, *ends, change, extra.taper)


def _with_bay(layout: Layout, bay: BaySpec, name: str) -> Layout:
    kind: LaneType = "stop" if bay.type == "bus" else "parking"
    depth = bay.depth or BAY_DEPTH[bay.type]

    taper = BAY_TAPER[bay.type]
    low, high = bay.s - taper, bay.s + bay.length + taper
    widths = _between(low, high, taper, depth)

    def change(stage: Stage) -> Stage:
        side = _side(stage, bay.side)
        place = next((k for k, column in enumerate(side) if column.lane.type not in ROAD_LEVEL), len(side))
        column = Column(name, Lane(0, kind, widths))
        inner = list(side[:place])
        if inner:
            mark = _BAY_EDGE if bay.type == "bus" else _THIN
            inner[-1] = replace(inner[-1], lane=replace(inner[-1].lane, marks=(mark,)))
        return _with_side(stage, bay.side, (*inner, column, *side[place:]))

    return changed(layout, low, high, change)


def _with_island(layout: Layout, island: IslandSpec, name: str) -> Layout:
    half = 0.5 * island.length + island.taper
    low, high = island.s - half, island.s + half
    widths = _between(low, high, island.taper, 0.5 * island.width)

    def painted(stage: Stage) -> Stage:
        lane = Lane(0, "restricted", widths, (_THIN,))
        right, left = (Column(name + side, lane) for side in ("r", "l"))
        return replace(stage, right=(right, *stage.right), left=(left, *stage.left), center=NO_MARK)

    return changed(layout, low, high, painted)


def _between(low: float, high: float, taper: float, width: float) -> Cubics:
    """A width that grows behind one s and fades before another, whatever else begins and ends there."""
    parts = Cubics.ramp((low, low + taper), (0.0, width)), Cubics.ramp((high - taper, high), (width, 0.0))
    starts, coefficients = ([getattr(part, name) for part in parts] for name in ("starts", "coefficients"))
    return Cubics(np.concatenate(starts), np.concatenate(coefficients))


def _raised(layout: Layout, island: IslandSpec, name: str) -> Layout:
    """What is painted is raised where the island is."""
    beside = (Surface(0.0, "asphalt"),)  # between its noses and the painted lines

    def raised(stage: Stage) -> Stage:
        return _each(
            stage,
            lambda column: (
                replace(column, lane=replace(column.lane, type="median", height=KERB_HEIGHT, surfaces=beside))
                if column.name in (name + "r", name + "l")
                else column
            ),
        )

    half = 0.5 * island.length
    return changed(layout, island.s - half, island.s + half, raised)


def _with_closure(layout: Layout, zone: WorkZoneSpec, country: str) -> Layout:
    names = closed_columns(layout, zone)
    line = RoadMark("solid", 0.15, "orange" if _CLOSED[country] == "orange" else "yellow")

    def change(stage: Stage) -> Stage:
        beside = {
            column.name
            for side in (stage.right, stage.left)
            for column, outer in pairwise(side)
            if outer.name in names and column.name not in names
        }

        edge = {
            column.name
            for side in (stage.right, stage.left)
            for column, outer in pairwise(side)
            if column.name in names and outer.name not in names and outer.lane.type in CAR_LANES
        }

        def one(column: Column) -> Column:
            if column.name in names:
                marks = (line,) if column.name in edge else column.lane.marks
                return replace(column, lane=replace(column.lane, type="roadWorks", marks=marks))
            return replace(column, lane=replace(column.lane, marks=(line,))) if column.name in beside else column

        return _each(stage, one)

    return changed(layout, zone.s, zone.s + zone.length, change)


def closed_columns(layout: Layout, zone: WorkZoneSpec) -> tuple[str, ...]:
    """Names of the columns that a work zone closes, in the order of its lanes; those that there are."""
    stage = [stage for stage in layout if stage.s <= max(zone.s, layout[0].s)][-1]
    ids = {stage.lane_id(name): name for name in stage.names}
    return tuple(ids[lane] for lane in zone.lanes if lane in ids)


def _side(stage: Stage, side: Side) -> tuple[Column, ...]:
    return stage.right if side == "right" else stage.left


def _with_side(stage: Stage, side: Side, columns: tuple[Column, ...]) -> Stage:
    return replace(stage, right=columns) if side == "right" else replace(stage, left=columns)


def _each(stage: Stage, change: Callable[[Column], Column]) -> Stage:
    return replace(
        stage,
        right=tuple(change(column) for column in stage.right),
        left=tuple(change(column) for column in stage.left),
    )
