"""Roads whose end joins nothing run on a while, so that no street ends in a field before the reader's eyes.

What lies beyond an end is surface only: there are no lanes to drive on and no s of the map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import shapely

from roadlab.roads.junction import Arm
from roadlab.roads.road import Road

REACHES = (300.0, 150.0, 80.0, 40.0)
"""Tried in this order [m]; the first that meets nothing else is taken."""
_MARGIN = 3.0
"""To other roads [m]."""


def with_open_ends(roads: Mapping[str, Road], junctions: Sequence[Sequence[Arm]]) -> dict[str, Road]:
    """The roads with a surface `beyond` the ends that join none of the junctions, given by their arms."""
    joined = {arm.name for arms in junctions for arm in arms}
    taken = {name: [road.patch((0.0, road.length), road.edges)] for name, road in roads.items()}
    middles = [shapely.MultiPoint([arm.inbound(0.0)[:2] for arm in arms]).convex_hull for arms in junctions]
    extended = {}
    for name, road in roads.items():
        beyond = {"start": 0.0, "end": 0.0}
        for end in beyond:
            if f"{name}.{end}" in joined:
                continue
            others = [*middles, *(area for other, areas in taken.items() if other != name for area in areas)]
            reach = _reach(road, end, shapely.union_all(others), shapely.union_all(taken[name]))
            beyond[end] = reach
            if reach > 0.0:
                taken[name].append(_beyond(road, end, 0.0, reach))
        extended[name] = replace(road, beyond=(beyond["start"], beyond["end"]))
    return extended


def _reach(road: Road, end: str, others: shapely.Geometry, own: shapely.Geometry) -> float:
    for reach in REACHES:
        near_others = shapely.dwithin(_beyond(road, end, 0.0, reach), others, _MARGIN)
        if not near_others and not shapely.dwithin(_beyond(road, end, 1.0, reach), own, 0.5):
            return reach
    return 0.0


def _beyond(road: Road, end: str, start: float, reach: float) -> shapely.Polygon:
    s = (road.length + start, road.length + reach) if end == "end" else (-reach, -start)
    return road.patch(s, road.edges)
