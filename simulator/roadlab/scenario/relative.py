"""Places relative to somebody, by geometry alone: when a scenario is decided, and again while its story is told."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from roadlab.roads.lane_path import LanePath
from roadlab.roads.network import RoadNetwork
from roadlab.roads.road import Road
from roadlab.scenario.spec import LanePosition, Position, WorldPosition
from roadlab.scenario.spec.positions import AheadPlace, BehindPlace, BesidePlace, RelativePlace

Pose = tuple[float, float, float]
"""x, y [m] and yaw [rad] in the world."""


class NowhereError(Exception):
    """A place that is none."""

    def __init__(self, message: str, *path: str, hint: str = "") -> None:
        self.message, self.path, self.hint = message, path, hint
        super().__init__(message)


@dataclass(frozen=True)
class Body:
    """How much room somebody takes on the ground."""

    length: float
    """[m]"""
    width: float
    """[m]"""
    middle: float
    """From the reference point forward to the middle [m]."""

    @property
    def front(self) -> float:
        """From the reference point to the front end [m]."""
        return 0.5 * self.length + self.middle

    @property
    def back(self) -> float:
        """From the reference point to the rear end [m]."""
        return 0.5 * self.length - self.middle


@dataclass(frozen=True)
class Standing:
    """Somebody somewhere, to whom a place is relative."""

    name: str
    body: Body
    pose: Pose
    lane: LanePosition | None = None
    """Where on the lanes it is; found by its pose when it is not said."""


def other_of(place: RelativePlace) -> tuple[str, str]:
    """Whom a place is relative to, and the key that says so."""
    if isinstance(place, AheadPlace):
        return place.ahead_of, "ahead_of"
    if isinstance(place, BehindPlace):
        return place.behind, "behind"
    return place.beside, "beside"


def relative_position(network: RoadNetwork, place: RelativePlace, other: Standing, one: Body) -> Position:
    """Where `one` is when it is there; NowhereError when there is no such place."""
    if isinstance(place, BesidePlace):
        return _beside(network, place, other, one)
    if (place.by is None) == (place.gap is None):
        raise NowhereError("expected exactly one of by and gap")
    if place.by is not None:
        return _in_lane(network, place, other, place.by)
    first, second = (other.body, one) if isinstance(place, AheadPlace) else (one, other.body)
    return _in_lane(network, place, other, first.front + (place.gap or 0.0) + second.back)


def on_path(network: RoadNetwork, path: LanePath, along: float, heading: float = 0.0) -> Position:
    """So far along the middle of lanes [m], turned by `heading` [rad]."""
    if along > path.length:
        raise NowhereError(f"{along:g} m is beyond the end of the way, which is {path.length:g} m long")
    x, y = (float(np.interp(along, path.s, path.points[:, k])) for k in (0, 1))
    yaw = float(np.interp(along, path.s, path.heading)) + heading
    if heading == 0.0:
        found = network.locate(np.array([[x, y]]))
        name = network.road_names[int(found.road[0])] if found.road[0] >= 0 else ""
        if name in network.roads and found.lane[0] != 0 and found.junction[0] < 0:
            return LanePosition(road=name, lane=int(found.lane[0]), s=float(found.s[0]))
    return WorldPosition(x=x, y=y, heading=math.remainder(yaw, 2 * math.pi))


def _lane_of(network: RoadNetwork, other: Standing) -> LanePosition:
    if other.lane is not None:
        return other.lane
    found = network.locate(np.array([other.pose[:2]]))
    if found.road[0] < 0 or found.lane[0] == 0:
        raise NowhereError(f"{other.name} stands on no lane")
    road = network.road_names[int(found.road[0])]
    return LanePosition(road=road, lane=int(found.lane[0]), s=float(found.s[0]))


def _in_lane(network: RoadNetwork, place: AheadPlace | BehindPlace, other: Standing, distance: float) -> Position:
    start, ahead = _lane_of(network, other), isinstance(place, AheadPlace)
    road = network.every_road[start.road]
    facing = _facing(road, start.s, other.pose[2])
    lane = _neighbour(road, start.lane, place.lanes * facing)
    s = start.s + facing * distance * (1 if ahead else -1)
    if 0.0 <= s <= road.length:
        return LanePosition(road=start.road, lane=lane, s=s, offset=place.offset, heading=place.heading)
    if not ahead or place.offset or road.lane_direction(lane) != facing:
        raise NowhereError(f"s = {s:g} m is not on {start.road}, which goes from 0 to {road.length:g} m")
    left = distance - ((road.length - start.s) if facing > 0 else start.s)
    keys = network.route((start.road, lane))
    own = network.lane_path(keys[:1]).length
    return on_path(network, network.lane_path(keys), own + left, place.heading)


def _facing(road: Road, s: float, yaw: float) -> int:
    """1 for who looks along the road, -1 for who looks back along it."""
    return 1 if math.cos(yaw - float(road.point(s)[2])) >= 0.0 else -1


def _neighbour(road: Road, lane: int, steps: int) -> int:
    """The lane so many lanes to the left, seen along the road."""
    ids = list(road.lane_ids)
    place = ids.index(lane) + steps
    if not 0 <= place < len(ids):
        side = "left" if steps > 0 else "right"
        raise NowhereError(f"there is no lane {abs(steps)} to the {side} of lane {lane}", "lanes")
    return ids[place]


def _beside(network: RoadNetwork, place: BesidePlace, other: Standing, one: Body) -> Position:
    x, y, yaw = other.pose
    side = {"left": 1.0, "right": -1.0}.get(place.side) or _kerb_side(network, other, place.side)
    turn = place.heading
    half = 0.5 * (abs(one.length * math.sin(turn)) + abs(one.width * math.cos(turn)))
    across = side * (0.5 * other.body.width + place.gap + half)
    along = other.body.middle + place.along
    cx, cy = x + along * math.cos(yaw) - across * math.sin(yaw), y + along * math.sin(yaw) + across * math.cos(yaw)
    heading = yaw + turn
    return WorldPosition(
        x=cx - one.middle * math.cos(heading),
        y=cy - one.middle * math.sin(heading),
        heading=math.remainder(heading, 2 * math.pi),
    )


def _kerb_side(network: RoadNetwork, other: Standing, side: str) -> float:
    x, y, yaw = other.pose
    found = network.locate(np.array([[x, y]]))
    if found.road[0] < 0:
        raise NowhereError(f"{other.name} stands on no road, and has no {side} side", "side")
    road = network.every_road[network.road_names[int(found.road[0])]]
    outwards = math.copysign(1.0, float(found.t[0]))
    return outwards * _facing(road, float(found.s[0]), yaw) * (1.0 if side == "kerb" else -1.0)
