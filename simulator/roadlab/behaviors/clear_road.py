"""Whether the other side of a road is free to overtake on: marks, junctions, sight, and who comes towards.

Sight is that of a driver who looks past the vehicle ahead from the left edge of the lane: bends hide what lies behind a
line of sight that leaves the road by more than `VERGE`, crests what lies below it, from eyes to roofs at the height of
`EYE` (as sight distances are designed with: RAL 2012, 1.0 m over 1.0 m).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.courses import Courses
from roadlab.behaviors.obstacles import Shapes
from roadlab.dynamics.state import State
from roadlab.roads.network import RoadNetwork

Array = NDArray[np.float64]
Index = NDArray[np.int64]
Flags = NDArray[np.bool_]

FARTHEST = 1000.0
"""So far drivers look who want to overtake [m]."""
SPACING = 5.0
"""Between the places on the road that are looked at [m]."""
VERGE = 8.0
"""Beside the middle of the own lane nothing stands so near that it would hide the road [m]."""
EYE = 1.0
"""[m]"""
ASIDE = 0.3
"""Kept free on either side [m]."""


@dataclass(frozen=True)
class Oncoming:
    """Who is met on the other side: arrays of those ahead, their rear ends not passed yet."""

    gap: Array
    """From the own front end to the nearest part [m]; negative beside oneself."""
    towards: Array
    """Speed against one's own direction [m/s]; negative: drives ahead."""

    def soonest(self, speed: float) -> float:
        """When the first of them is met [s] by who drives at `speed` [m/s]; +inf: nobody."""
        closing = speed + self.towards
        time = np.where(closing > 0.1, np.maximum(self.gap, 0.0) / np.maximum(closing, 0.1), np.inf)
        return float(time.min(initial=np.inf))


def permitted(courses: Courses, actor: int, begin: float, end: float) -> bool:
    """Whether the marks allow the other side from station `begin` to `end` [m], with no junction or crosswalk there."""
    paths, facts = courses.paths, courses.facts
    if end > paths.length[actor]:
        return False
    stations = np.arange(begin, end, SPACING)
    who = np.full(len(stations), actor)
    leg = paths.leg(who, stations)
    piece = paths.piece[leg]
    fits = (facts.oncoming[piece] >= 0) & (facts.left[piece] < 0) & (facts.junction[piece] < 0)
    fits &= paths.sample_leg(facts.crossable, leg, stations) > 0.5
    legs = np.unique(leg)
    enter, leave = (paths.start[legs][:, None] + column[paths.piece[legs]] for column in (facts.enter, facts.leave))
    crossed = np.isfinite(enter) & (enter < end) & (np.where(np.isfinite(leave), leave, np.inf) > begin)
    return bool(fits.all()) and not crossed.any()


def sight(courses: Courses, network: RoadNetwork, actor: int, station: float) -> float:
    """How far a driver at `station` sees the oncoming lane [m]; +inf to the end of the map and beyond."""
    paths = courses.paths
    reach = min(FARTHEST, float(paths.length[actor]) - station)
    if reach < 2.0 * SPACING:
        return np.inf
    away = np.linspace(0.0, reach, max(3, int(reach / SPACING)))
    at = paths.frame(np.full(len(away), actor), station + away)
    x, y = at.x, at.y
    level = np.zeros(len(x)) if network.is_flat else network.road_height(np.column_stack([x, y]))
    for k in range(2, len(away)):
        dx, dy = x[k] - x[0], y[k] - y[0]
        length = np.hypot(dx, dy)
        beside = ((x[1:k] - x[0]) * dy - (y[1:k] - y[0]) * dx) / max(length, 1e-9)
        line = level[0] + (level[k] - level[0]) * np.linspace(0.0, 1.0, k + 1)[1:-1]
        if (np.abs(beside) > VERGE).any() or (level[1:k] > line + EYE).any():
            return float(away[k - 1])
    return np.inf if reach < FARTHEST else reach


def oncoming(
    courses: Courses, shapes: Shapes, state: State, actor: int, others: Index, bounds: tuple[float, float]
) -> Oncoming:
    """Those of `others` ahead who are, or drive, between `bounds` beside the actor's path [m], right and left."""
    paths = courses.paths
    front = float(state.station[actor] + shapes.middle[actor] + 0.5 * shapes.size[actor, 0])
    center = shapes.centers(state)
    near = np.hypot(center[others, 0] - state.x[actor], center[others, 1] - state.y[actor]) < FARTHEST
    others = others[near & (others != actor)]
    who = np.full(len(others), actor)
    if not len(others):
        return Oncoming(np.zeros(0), np.zeros(0))
    x, y = center[others, 0], center[others, 1]
    guess = paths.nearest(who, x, y, np.full(len(who), front - 30.0), np.full(len(who), FARTHEST), looks=201)
    station, left = paths.project(who, x, y, guess)
    turn = state.yaw[others] - paths.heading(who, station)
    size = shapes.size[others]
    long = 0.5 * (np.abs(np.cos(turn)) * size[:, 0] + np.abs(np.sin(turn)) * size[:, 1])
    wide = 0.5 * (np.abs(np.cos(turn)) * size[:, 1] + np.abs(np.sin(turn)) * size[:, 0])
    there = (left + wide > bounds[0] - ASIDE) & (left - wide < bounds[1] + ASIDE) & (np.abs(left) < VERGE)
    there &= (station + long > front) & (station - long < paths.length[actor] + FARTHEST)
    return Oncoming((station - long - front)[there], (-state.speed[others] * np.cos(turn))[there])
