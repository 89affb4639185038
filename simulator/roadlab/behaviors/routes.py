"""Which lanes lead a driver along its route, and to which side it has to leave its own where that one does not."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, pairwise

import numpy as np

from roadlab.behaviors.legs import Lanes, Leg
from roadlab.roads.network import LaneKey, RoadNetwork

APART = 1.0
"""Lanes of which one begins so far beside the end of the other do not continue it [m]."""
CHANGE = 200.0
"""A lane change is worth this detour [m]."""
MOST = 4
"""So many lanes are looked at to either side of one that ends."""


@dataclass(frozen=True)
class Way:
    """Lanes that follow one another, as far as they lead where the driver means to go."""

    lanes: tuple[LaneKey, ...]
    change: int = 0
    """So many lanes to the left, or, if negative, to the right the driver changes before the last of `lanes` ends."""
    roads: tuple[str, ...] = ()
    """Those of the route that come after the change."""


def way(lanes: Lanes, start: LaneKey, roads: Sequence[str] | None) -> Way:
    """From the lane `start` through `roads`, or straight on; ValueError when no lane change helps either."""
    names = list(roads) if roads else None
    try:
        keys = lanes.network.route(start, names)
    except ValueError as error:
        found = None if names is None or start not in lanes.network.graph else _with_changes(lanes, start, names)
        if found is None:
            raise error
        return found
    return _as_far_as_it_leads(lanes, keys, names)


def check_way(network: RoadNetwork, start: LaneKey, roads: Sequence[str] | None) -> None:
    """ValueError when there is no way from the lane `start` through `roads`, lane changes included."""
    try:
        network.route(start, list(roads) if roads else None)
    except ValueError:
        way(Lanes(network), start, roads)


def _as_far_as_it_leads(lanes: Lanes, keys: Sequence[LaneKey], names: Sequence[str] | None) -> Way:
    for k, (before, after) in enumerate(pairwise(keys)):
        side = _joins(lanes, before, after)
        if side:
            later = dict.fromkeys(key.road for key in keys[k + 1 :] if key.road != before.road)
            rest = tuple(name for name in later if name in lanes.network.roads) if names else ()
            return Way(tuple(keys[: k + 1]), side, rest)
    return Way(tuple(keys), 0 if names else _out_of(lanes, keys[-1]))


def _joins(lanes: Lanes, before: LaneKey, after: LaneKey) -> int:
    """+1 where a lane ends beside another one to its left, which goes on as `after`; -1 right, 0 where it goes on."""
    one, other = lanes.leg(before), lanes.leg(after)
    dx, dy = other.x[0] - one.x[-1], other.y[0] - one.y[-1]
    aside = dy * np.cos(one.heading[-1]) - dx * np.sin(one.heading[-1])
    if abs(aside) < APART:
        return 0
    beside = one.left if aside > 0.0 else one.right
    joined = beside is not None and after in lanes.network.graph.successors(beside)
    return int(np.sign(aside)) if joined else 0


def _out_of(lanes: Lanes, last: LaneKey) -> int:
    """How many lanes beside one that ends another one goes on; 0 when it goes on itself, or none does."""
    if _leads_on(lanes, last):
        return 0
    for number in range(1, MOST + 1):
        for side in (1, -1):
            beside = beside_by(lanes, last, side * number)
            if beside is not None and _leads_on(lanes, beside):
                return side * number
    return 0


def _leads_on(lanes: Lanes, key: LaneKey) -> bool:
    return next(iter(lanes.network.graph.successors(key)), None) is not None


def beside_by(lanes: Lanes, key: LaneKey, number: int) -> LaneKey | None:
    """The lane so many lanes to the left of another one, right if negative; None where there are not so many."""
    found: LaneKey | None = key
    for _ in range(abs(number)):
        if found is None:
            return None
        leg = lanes.leg(found)
        found = leg.left if number > 0 else leg.right
    return found


# --- with lane changes ------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Step:
    """A lane on the way, and how it was reached."""

    key: LaneKey
    reached: int
    """So many roads of the route lie behind."""
    side: int
    """+1 by a change to the left, -1 right, 0 by driving on."""
    before: _Step | None

    def all(self) -> list[_Step]:
        """From the first one to this one."""
        steps = [self]
        while steps[-1].before is not None:
            steps.append(steps[-1].before)
        return steps[::-1]


def _with_changes(lanes: Lanes, start: LaneKey, names: Sequence[str]) -> Way | None:
    roads = tuple(names[1:] if names[0] == start.road else names)
    last = _search(lanes, start, roads)
    if last is None:
        return None
    steps = last.all()
    first = next((k for k, step in enumerate(steps) if step.side), len(steps))
    if first == len(steps):
        return _as_far_as_it_leads(lanes, [step.key for step in steps], names)
    side = steps[first].side
    keys = [step.key for step in steps[:first]]
    here = keys[-1].road
    change = sum(step.side for step in steps[first:] if step.key.road == here and step.side == side)
    return Way(tuple(keys + _rest_of_road(lanes, keys[-1])), change, roads[steps[first].reached :])


def _search(lanes: Lanes, start: LaneKey, roads: tuple[str, ...]) -> _Step | None:
    """Dijkstra's shortest way through the roads, in order; its last step."""
    number = count()
    queue = [(0.0, next(number), _Step(start, 0, 0, None))]
    known = set()
    while queue:
        cost, _, step = heapq.heappop(queue)
        if (step.key, step.reached) in known:
            continue
        known.add((step.key, step.reached))
        if step.reached == len(roads):
            return step
        for key, side, more in _onward(lanes, step.key):
            reached = step.reached + (key.road == roads[step.reached] and side == 0)
            heapq.heappush(queue, (cost + more, next(number), _Step(key, reached, side, step)))
    return None


def _onward(lanes: Lanes, key: LaneKey) -> Iterator[tuple[LaneKey, int, float]]:
    """Lanes that can be reached from one: to which side, and at what cost [m]."""
    graph = lanes.network.graph
    for after in graph.successors(key):
        yield after, 0, float(graph.edges[key, after]["weight"])
    leg = lanes.leg(key)
    for beside, side in ((leg.left, 1), (leg.right, -1)):
        if beside is not None:
            yield beside, side, CHANGE


def _rest_of_road(lanes: Lanes, last: LaneKey) -> list[LaneKey]:
    """The lanes of later sections that continue a lane on its own road."""
    rest = [last]
    while True:
        onward = [key for key in lanes.network.graph.successors(rest[-1]) if key.road == last.road and key not in rest]
        onward = [key for key in onward if not _joins(lanes, rest[-1], key)]
        if not onward:
            return rest[1:]
        rest.append(onward[0])


def usable(leg: Leg) -> float:
    """Station to which drivers can follow a lane that they have to leave [m]."""
    return min(leg.length, leg.closed, leg.stop[0] if leg.stop is not None else np.inf)
