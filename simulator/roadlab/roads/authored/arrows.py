"""Arrows on the lanes before junctions that say where they lead."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace

from roadlab.roads.authored.drafting import Draft, arms_among
from roadlab.roads.connections import Turn
from roadlab.roads.furniture import Corner, Outline, RoadObject
from roadlab.roads.junction import Arm, turn_of
from roadlab.roads.junction_lanes import lane_pairs
from roadlab.roads.road import Road
from roadlab.scenario.spec import JunctionSpec

_BEFORE = (12.0, 37.0)
"""From an arrow's middle to the road's end [m]."""
_LENGTH = 5.0
"""Of an arrow in towns [m] (RMS-1)."""
_TURNS: tuple[Turn, ...] = ("left", "straight", "right")
_SHAFT = ((-2.5, -0.08), (1.0, -0.08), (1.0, 0.08), (-2.5, 0.08))
_AHEAD = ((1.0, -0.35), (2.5, 0.0), (1.0, 0.35))
_BRANCH = ((0.7, 0.0), (1.0, 0.0), (1.55, 0.55), (1.35, 0.75))
_TIP = ((1.9, 0.4), (1.75, 1.15), (1.0, 0.9))


def with_arrows(roads: Mapping[str, Road], draft: Draft) -> dict[str, Road]:
    """The roads with arrows where several lanes for cars lead into one junction that is none of a roundabout."""
    found = dict(roads)
    for junction in draft.junctions.values():
        arms = arms_among(junction, found)
        round_about = any("/ring_" in arm.name for arm in arms)
        for arm in arms:
            if junction.connect and not round_about and len(arm.lanes("driving", entering=True)) > 1:
                road = found[arm.road.name]
                own = tuple(_arrows(arm, _turns_of(junction, arm, arms), len(road.objects)))
                found[road.name] = replace(road, objects=(*road.objects, *own))
    return found


def _turns_of(junction: JunctionSpec, arm: Arm, arms: list[Arm]) -> dict[int, list[Turn]]:
    found: dict[int, set[Turn]] = {}
    for target in arms:
        if target is not arm:
            for lane, _ in lane_pairs(junction, arm, target):
                found.setdefault(lane.id, set()).add(turn_of(arm, target))
    return {lane: [turn for turn in _TURNS if turn in turns] for lane, turns in found.items()}


def _arrows(arm: Arm, turns: Mapping[int, list[Turn]], taken: int) -> Iterator[RoadObject]:
    lanes = {lane.id for lane in arm.lanes("driving", entering=True)}
    places = [before for before in _BEFORE if before + _LENGTH < arm.road.length]
    number = taken
    for before in places:
        s = arm.s(-before)
        section = int(arm.road.section_at(s))
        for lane, ways in turns.items():
            if lane in lanes and section == arm.section:
                number += 1
                yield RoadObject(
                    id=str(number),
                    name=f"arrow {' '.join(ways)}",
                    type="roadMark",
                    s=s,
                    t=arm.road.lane_center_t(lane, s),
                    z=0.0,
                    subtype="arrow",
                    heading=0.0 if arm.inward > 0 else math.pi,
                    length=_LENGTH,
                    width=1.0,
                    facing="+" if arm.inward > 0 else "-",
                    outlines=tuple(_outlines(ways)),
                )


def _outlines(ways: list[Turn]) -> Iterator[Outline]:
    parts: list[tuple[tuple[float, float], ...]] = [_SHAFT]
    for way in ways:
        side = -1.0 if way == "right" else 1.0
        shapes = (_AHEAD,) if way == "straight" else (_BRANCH, _TIP)
        parts += [tuple((u, side * v) for u, v in shape) for shape in shapes]
    for part in parts:
        yield Outline(tuple(Corner(u, v, 0.0) for u, v in part), local=True)
