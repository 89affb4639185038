"""Crosswalks that a network made, as objects of a file."""

from __future__ import annotations

from collections.abc import Iterator

from roadlab.roads.junction import Strip
from roadlab.roads.network import RoadNetwork
from roadlab.roads.opendrive.elements.objects import CornerLocal, Outline, RoadObject


def crosswalk_objects(network: RoadNetwork, fresh: Iterator[str]) -> dict[str, list[RoadObject]]:
    """By road, but for those that the road's own objects tell of."""
    found: dict[str, list[RoadObject]] = {}
    for strip in network.crosswalks:
        road = strip.road
        if any(strip.name == f"{road.name}/{thing.id}" for thing in road.objects):
            continue
        found.setdefault(road.name, []).append(_object(next(fresh), strip))
    return found


def _object(name: str, strip: Strip) -> RoadObject:
    """In its own frame, since it may lie beyond the end of its road."""
    (low, high), (right, left) = strip.s, strip.t
    s, t = min(max(0.5 * (low + high), 0.0), strip.road.length), 0.5 * (right + left)
    corners = [(low - s, right - t), (high - s, right - t), (high - s, left - t), (low - s, left - t)]
    outline = Outline(
        id=0,
        closed=True,
        corners=tuple(CornerLocal(u=u, v=v, z=0.0, height=0.0, id=place) for place, (u, v) in enumerate(corners)),
    )
    return RoadObject(
        id=name,
        s=s,
        t=t,
        type="crosswalk",
        name=strip.name,
        orientation="none",
        length=high - low,
        width=left - right,
        outlines=(outline,),
    )
