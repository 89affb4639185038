"""Crosswalks among the objects of a file."""

from __future__ import annotations

import math
from collections.abc import Iterable

from roadlab.roads.furniture import Outline, RoadObject
from roadlab.roads.junction import Strip
from roadlab.roads.road import Road

_USUAL_WIDTH = 4.0
"""Along the road, where a file draws a line instead of an area [m] (R-FGÜ: 4 m)."""
_LEAST_WIDTH = 1.0


def crosswalks(roads: Iterable[Road]) -> list[Strip]:
    """The smallest rectangle in (s, t) round each crosswalk, named `road/id`."""
    return [
        _strip(road, thing, outline)
        for road in roads
        for thing in road.objects
        if thing.type == "crosswalk"
        for outline in thing.outlines[:1] or (None,)
    ]


def _strip(road: Road, thing: RoadObject, outline: Outline | None) -> Strip:
    corners = _corners(thing, outline)
    s, t = (sorted(values) for values in zip(*corners, strict=True))
    low, high = s[0], s[-1]
    if high - low < _LEAST_WIDTH:
        low, high = 0.5 * (low + high - _USUAL_WIDTH), 0.5 * (low + high + _USUAL_WIDTH)
    return Strip(f"{road.name}/{thing.id}", road, (low, high), (t[0], t[-1]))


def _corners(thing: RoadObject, outline: Outline | None) -> list[tuple[float, float]]:
    if outline is not None and not outline.local:
        return [(corner.a, corner.b) for corner in outline.corners]
    cosine, sine = math.cos(thing.heading), math.sin(thing.heading)
    u, v = 0.5 * (thing.length or _USUAL_WIDTH), 0.5 * thing.width
    local = [(-u, -v), (u, -v), (u, v), (-u, v)] if outline is None else [(c.a, c.b) for c in outline.corners]
    return [(thing.s + a * cosine - b * sine, thing.t + a * sine + b * cosine) for a, b in local]
