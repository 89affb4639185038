"""How the lanes of a road come and go along s.

A layout is a list of stages, each with the columns that stand beside one another there. A column keeps its name from
stage to stage, so that a lane that moves outwards, because another one comes between, is still the same lane.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from roadlab.roads.cubics import Cubics
from roadlab.roads.lanes import CAR_LANES, Lane, LaneSection
from roadlab.roads.marks import RoadMark
from roadlab.roads.profiles import Profile

_TRAVELLED = (*CAR_LANES, "biking")
"""Lanes whose traffic goes on in a neighbour where they end."""
_SHORTEST = 0.1
"""Stage [m]."""
_LEFT = 0.05
"""Of a stage at least, before the columns that end with it begin to fade."""


@dataclass(frozen=True, eq=False)
class Column:
    """A lane of one stage."""

    name: str
    lane: Lane
    """Without id and links; its width where it is neither growing nor fading."""


@dataclass(frozen=True, eq=False)
class Stage:
    """A stretch on which the columns stay the same."""

    s: float
    right: tuple[Column, ...]
    """From the reference line outwards."""
    left: tuple[Column, ...]
    center: RoadMark
    taper: float = 0.0
    """Over which columns that are not here fade before it, and those that were not before it grow [m]."""
    eases: bool = False
    """Whether widths go over from those of the stage before."""
    growing: tuple[str, ...] = ()
    """Columns whose width rises from 0 over the stage."""
    fading: tuple[str, ...] = ()
    """Columns whose width falls to 0 over the stage."""

    @property
    def columns(self) -> tuple[Column, ...]:
        """Of both sides."""
        return (*self.right, *self.left)

    @property
    def names(self) -> tuple[str, ...]:
        """Of all columns."""
        return tuple(column.name for column in self.columns)

    def column(self, name: str) -> Column | None:
        """The column of this name, if it is here."""
        return next((column for column in self.columns if column.name == name), None)

    def lane_id(self, name: str) -> int:
        """Of a column that is here; ValueError else."""
        right = [column.name for column in self.right]
        if name in right:
            return -1 - right.index(name)
        return 1 + [column.name for column in self.left].index(name)

    def side(self, name: str) -> tuple[Column, ...]:
        """All columns on the side of this one."""
        return self.right if any(column.name == name for column in self.right) else self.left


Layout = tuple[Stage, ...]


def stage_of(profile: Profile, s: float, taper: float = 0.0) -> Stage:
    """A stage with the columns of a cross-section, named `r1`, `r2` ... and `l1`, `l2` ... from the middle outwards."""
    right = tuple(Column(f"r{-lane.id}", lane) for lane in reversed(profile.lanes) if lane.id < 0)
    left = tuple(Column(f"l{lane.id}", lane) for lane in profile.lanes if lane.id > 0)
    return Stage(s, right, left, profile.center_mark, taper)


def layout_of(profiles: Sequence[tuple[float, Profile, float]]) -> Layout:
    """Of cross-sections that hold from some s on, with their tapers; lanes of one type continue from the inside."""
    stages: list[Stage] = []
    for number, (s, profile, taper) in enumerate(profiles):
        stage = stage_of(profile, s, taper)
        if stages:
            right = _renamed(stages[-1].right, stage.right, f"@{number}")
            left = _renamed(stages[-1].left, stage.left, f"@{number}")
            stage = replace(stage, right=right, left=left)
        stages.append(stage)
    return tuple(stages)


def _renamed(before: Sequence[Column], after: Sequence[Column], suffix: str) -> tuple[Column, ...]:
    """The columns of `after` with the names of those that they continue: the longest common sequence of types."""
    length = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in range(len(before) - 1, -1, -1):
        for j in range(len(after) - 1, -1, -1):
            same = before[i].lane.type == after[j].lane.type
            length[i][j] = 1 + length[i + 1][j + 1] if same else max(length[i + 1][j], length[i][j + 1])
    found, i, j = [], 0, 0
    while j < len(after):
        if i < len(before) and before[i].lane.type == after[j].lane.type:
            found.append(replace(after[j], name=before[i].name))
            i, j = i + 1, j + 1
        elif i < len(before) and length[i + 1][j] >= length[i][j + 1]:
            i += 1
        else:
            found.append(replace(after[j], name=after[j].name + suffix))
            j += 1
    return tuple(found)


def changed(layout: Layout, low: float, high: float, change: Callable[[Stage], Stage], taper: float = 0.0) -> Layout:
    """The layout with its stages between two s changed, over tapers inside of them; cut there where it has to be."""
    found: list[Stage] = []
    for number, stage in enumerate(layout):
        end = layout[number + 1].s if number + 1 < len(layout) else float("inf")
        first, last = max(stage.s, low), min(end, high)
        if last - first < _SHORTEST:
            behind = abs(stage.s - high) < _SHORTEST
            found.append(replace(stage, taper=max(stage.taper, taper)) if behind else stage)
            continue
        if first > stage.s + _SHORTEST:
            found.append(stage)
            found.append(replace(change(stage), s=first, taper=taper))
        else:
            found.append(replace(change(stage), taper=max(stage.taper, taper if first == low else 0.0)))
        if last < end - _SHORTEST:
            found.append(replace(stage, s=last, taper=taper))
    return tuple(found)


# --- lane sections ---------------------------------------------------------------------------------------------------


def eased(layout: Layout, length: float) -> Layout:
    """The same layout of a road of this length [m] with the widths of all that grows and fades in its columns.

    What is added to it later may cut it anywhere, and the tapers run on.
    """
    stages = _tapered([stage for stage in layout if stage.s < length - _SHORTEST or stage is layout[0]], length)
    ends = [*(stage.s for stage in stages[1:]), length]
    return tuple(
        Stage(
            stage.s,
            tuple(_shaped(stages, number, end, column) for column in stage.right),
            tuple(_shaped(stages, number, end, column) for column in stage.left),
            stage.center,
        )
        for number, (stage, end) in enumerate(zip(stages, ends, strict=True))
    )


def sections_of(layout: Layout, length: float) -> tuple[LaneSection, ...]:
    """The lane sections of a road of this length [m], linked."""
    stages = eased(layout, length)
    links = [_links(before, after) for before, after in pairwise(stages)]
    return tuple(
        LaneSection(
            stage.s,
            tuple(sorted((_lane(stage, column, links, number) for column in stage.columns), key=lambda lane: lane.id)),
            () if stage.center.type == "none" else (replace(stage.center, s=max(stage.s, stage.center.s)),),
        )
        for number, stage in enumerate(stages)
    )


def _lane(stage: Stage, column: Column, links: Sequence[Sequence[tuple[int, int]]], number: int) -> Lane:
    own = stage.lane_id(column.name)
    return replace(
        column.lane,
        id=own,
        marks=tuple(replace(mark, s=max(stage.s, mark.s)) for mark in column.lane.marks),
        successors=_others(links, number, own, 0),
        predecessors=_others(links, number - 1, own, 1),
    )


def _others(links: Sequence[Sequence[tuple[int, int]]], number: int, lane: int, mine: int) -> tuple[int, ...]:
    if not 0 <= number < len(links):
        return ()
    return tuple(link[1 - mine] for link in links[number] if link[mine] == lane)


def _tapered(layout: Sequence[Stage], length: float) -> list[Stage]:
    """The stages, with stages of their own in which columns fade and grow."""
    found = [layout[0]]
    ends = [*(stage.s for stage in layout[1:]), length]
    for number, after in enumerate(layout[1:], 1):
        before = found[-1]
        lost = tuple(name for name in before.names if name not in after.names)
        gained = tuple(name for name in after.names if name not in before.names)
        if lost and after.taper > 0.0:
            start = max(after.s - after.taper, before.s + _LEFT * (after.s - before.s))
            found.append(replace(before, s=start, fading=lost))
        moved = any(_width(before, name, after.s) != _width(after, name, after.s) for name in after.names)
        if (gained or moved) and after.taper > 0.0:
            stop = min(after.s + after.taper, 0.5 * (after.s + ends[number]))
            found.append(replace(after, eases=True, growing=gained))
            found.append(replace(after, s=stop))
        else:
            found.append(after)
    return found


def _width(stage: Stage, name: str, s: float) -> float:
    column = stage.column(name)
    return float(column.lane.widths(s)) if column is not None else 0.0


def _shaped(stages: Sequence[Stage], number: int, end: float, column: Column) -> Column:
    """A column with its width over its stage, which reaches to `end`."""
    stage, lane = stages[number], column.lane
    widths, kind = lane.widths, lane.type
    if column.name in stage.fading:
        widths = Cubics.ramp((stage.s, end), (float(widths(stage.s)), 0.0))
    elif stage.eases:
        first = 0.0 if column.name in stage.growing else _width(stages[number - 1], column.name, stage.s)
        if first != float(widths(stage.s)):
            widths = Cubics.ramp((stage.s, end), (first, float(widths(end))))
    if column.name in (*stage.fading, *stage.growing) and kind in _TRAVELLED:
        kind = "border"
    return replace(column, lane=replace(lane, type=kind, widths=widths))


def _links(before: Stage, after: Stage) -> list[tuple[int, int]]:
    """Pairs of lane ids that follow one another by s; where a lane for traffic ends or begins, its neighbour's too."""
    found = []
    for column in before.columns:
        there = after.column(column.name)
        if there is not None and _travelled(column) == _travelled(there):
            found.append((before.lane_id(column.name), after.lane_id(column.name)))
    onward = {first for first, _ in found}
    back = {second for _, second in found}
    merges = []
    for column in before.columns:
        first = before.lane_id(column.name)
        if _travelled(column) and first not in onward:
            second = _beside(before, after, column.name)
            merges += [(first, second)] if second is not None else []
    for column in after.columns:
        second = after.lane_id(column.name)
        if _travelled(column) and second not in back:
            origin = _beside(after, before, column.name)
            merges += [(origin, second)] if origin is not None else []
    return [*found, *(pair for number, pair in enumerate(merges) if pair not in merges[:number])]


def _travelled(column: Column) -> bool:
    return column.lane.type in _TRAVELLED


def _beside(stage: Stage, other: Stage, name: str) -> int | None:
    """Id in the other stage of the nearest lane for traffic on the same side; of equally near ones the inner one."""
    side = stage.side(name)
    place = [column.name for column in side].index(name)
    for k in sorted(range(len(side)), key=lambda k: (abs(k - place), k)):
        there = other.column(side[k].name)
        if k != place and there is not None and _travelled(there) and _travelled(side[k]):
            return other.lane_id(there.name)
    return None
