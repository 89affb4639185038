"""Drivers without a route go on as long as the roads do: their courses grow ahead of them and are dropped behind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.courses import Course, Courses, way_course
from roadlab.behaviors.legs import Lanes
from roadlab.behaviors.routes import Way, way
from roadlab.roads.network import LaneKey

Array = NDArray[np.float64]
Index = NDArray[np.int64]

REACH = 400.0
"""Courses grow when less than this is left of them [m]."""


def grown(lanes: Lanes, courses: Courses, who: Index, station: Array) -> tuple[Courses, Array]:
    """The courses once those of `who` that end soon go on, where the roads do, and (N,) how much was dropped [m].

    `station` (N,): where the actors are on their paths [m].
    """
    dropped = np.zeros(len(station))
    paths = courses.paths
    soon = who[(paths.length[who] - station[who] < REACH) & (courses.change[who] == 0)]
    soon = soon[courses.facts.leads_on[paths.piece[paths.last[soon]]]]
    changes: dict[int, Course] = {}
    for i in soon.tolist():
        course = courses.each[i]
        keys = course.lanes
        if len(keys) != len(course.legs) or not keys:
            continue
        more = onward(lanes, keys[-1])
        if more.lanes or more.change:
            here = max(0, int(np.searchsorted(course.starts, station[i], side="right")) - 2)
            dropped[i] = course.starts[here]
            changes[i] = way_course(lanes, replace(more, lanes=(*keys[here:], *more.lanes)))
    return (courses.with_courses(changes) if changes else courses), dropped


def onward(lanes: Lanes, last: LaneKey) -> Way:
    """Straight on from a lane as far as the roads go, or until they come back; empty at the end of the map."""
    found = way(lanes, last, None)
    again = tuple(key for key in lanes.network.graph.successors(last) if key == last)
    return replace(found, lanes=found.lanes[1:] or again)
