"""Who goes first where two lanes lead through one junction, and what ground they share.

Traffic rules: StVO section 8 (right before left, priority and stop signs) and 9 (who turns gives way to oncoming and
parallel traffic); all-way stops as in the MUTCD, section 2B.07. Where one keeps to the left, left and right change
places.
"""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
import shapely

from roadlab.roads.connecting import wrapped
from roadlab.roads.connections import ConnectingLane
from roadlab.roads.junction import Junction
from roadlab.roads.lanes import LaneKey
from roadlab.scenario.spec.junctions import Control

Precedence = Literal["first", "second", "first come"]
_NARROW = 0.01
"""Shared ground of less area than this is none [m²]."""


def precedence(
    mine: ConnectingLane, other: ConnectingLane, control: Control, priority_roads: tuple[str, ...] = ()
) -> Precedence:
    """Whether who takes `mine` goes before who takes `other`, or who comes first, when their ways meet."""
    if control == "all_way_stop":
        return "first come"
    ranks = [lane.origin.road in priority_roads for lane in (mine, other)]
    if ranks[0] != ranks[1]:
        return "first" if ranks[0] else "second"
    return "second" if _gives_way(mine, other, signalled=control == "signals") else "first"


def _gives_way(mine: ConnectingLane, other: ConnectingLane, *, signalled: bool) -> bool:
    """Where signals say who goes, or nothing does."""
    across = "right" if mine.road.left_hand else "left"
    side = -1.0 if mine.road.left_hand else 1.0
    turn = side * wrapped(other.start[2] - mine.start[2])  # positive: it comes from the side that goes first
    if abs(turn) > 0.75 * math.pi:
        return mine.turn == across and other.turn != across
    if abs(turn) < 0.25 * math.pi:
        return mine.turn != "straight" and other.turn == "straight"
    return turn > 0.0 and not signalled


def conflict_zones(junction: Junction, width: float = 2.0) -> dict[tuple[LaneKey, LaneKey], shapely.Geometry]:
    """The ground that vehicles of a `width` [m] on two lanes through a junction both need, by pairs in order.

    Lanes that part from the same one have no conflict.
    """
    lanes = junction.connections
    bands = shapely.buffer([_middle(lane) for lane in lanes], 0.5 * width, cap_style="flat")
    pairs = shapely.STRtree(bands).query(bands, predicate="intersects").T
    pairs = np.array([(i, j) for i, j in pairs if i < j and lanes[i].origin != lanes[j].origin]).reshape(-1, 2)
    shared = shapely.intersection(bands[pairs[:, 0]], bands[pairs[:, 1]])
    found = {
        (lanes[i].key, lanes[j].key): zone
        for (i, j), zone in zip(pairs, shared, strict=True)
        if shapely.area(zone) > _NARROW
    }
    return dict(sorted(found.items()))


def _middle(lane: ConnectingLane) -> shapely.LineString:
    road, key = lane.road, lane.key
    s = road.stations
    x, y, _ = road.point(s, road.lane_center(s, key.lane, key.section))
    there = np.isfinite(x)
    return shapely.LineString(np.column_stack([x[there], y[there]]))
