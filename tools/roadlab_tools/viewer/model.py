"""What there is to see from above: the map's areas, and the actors and signals at an instant. Knows no pixel."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.log import LAMPS, SIGNAL_STATES, ActorInfo, Event, Kind, SceneLog
from roadlab.roads.lanes import LaneType
from roadlab.roads.network import Junction, RoadNetwork, Strip
from roadlab.roads.profiles import RoadMark
from roadlab.roads.road import Road
from roadlab.timing import nanoseconds, seconds

AreaKind = Literal[
    "verge", "sidewalk", "driving", "parking", "biking", "shoulder", "border", "junction", "stripe", "white", "yellow"
]
Points = NDArray[np.float64]

_KINDS: dict[LaneType, AreaKind] = {
    "verge": "verge",
    "none": "verge",
    "median": "verge",
    "sidewalk": "sidewalk",
    "walking": "sidewalk",
    "parking": "parking",
    "biking": "biking",
    "shoulder": "shoulder",
    "border": "border",
    "curb": "border",
}
"""How lanes are drawn that nobody drives on."""
_STRIPE = 0.5
"""Width of a crosswalk's stripes and of the gaps between them [m] (German sign 293)."""


@dataclass(frozen=True)
class Area:
    """A polygon of the map, drawn over those before it."""

    kind: AreaKind
    outline: Points
    """(P, 2) [m], world."""


@dataclass(frozen=True)
class ShownActor:
    """An actor at an instant."""

    name: str
    kind: Kind
    category: Category
    is_ego: bool
    footprint: Points
    """(4, 2) [m]: left front, right front, right rear, left rear."""
    heading: float
    """Counter-clockwise from east [rad]."""
    velocity: tuple[float, float]
    """[m/s], world."""
    lamps: frozenset[str]
    """Those of `LAMPS` that are lit."""
    present: bool = True
    """Whether it is there at all."""

    @property
    def middle(self) -> tuple[float, float]:
        """Of the footprint [m]."""
        x, y = self.footprint.mean(axis=0).tolist()
        return x, y

    @property
    def speed(self) -> float:
        """[m/s]."""
        return math.hypot(*self.velocity)


@dataclass(frozen=True)
class ShownSignal:
    """A signal head at an instant."""

    x: float
    y: float
    heading: float
    """Where its lenses look [rad]."""
    state: str
    """One of `SIGNAL_STATES`."""


@dataclass(frozen=True)
class Scene:
    """A log and the map on which it happened."""

    title: str
    network: RoadNetwork
    log: SceneLog

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The whole map, in the order of drawing."""
        return tuple(_areas(self.network))

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north end of the map [m]."""
        points = np.concatenate([area.outline for area in self.areas])
        west, south = points.min(axis=0).tolist()
        east, north = points.max(axis=0).tolist()
        return west, south, east, north

    @property
    def duration(self) -> float:
        """Of the log [s]."""
        return self.log.duration

    @property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order of time."""
        return tuple(sorted(self.log.events, key=lambda event: event.time))

    def tick_at(self, time: float) -> int:
        """The tick whose lamps and signals are shown at `time` [s after the first tick]."""
        return self.log.tick_at(self._instant(time))

    def time_of(self, tick: int) -> float:
        """When a tick is [s after the first]; ticks beyond the log's ends are the ends."""
        tick = min(max(tick, 0), len(self.log.time) - 1)
        return seconds(int(self.log.time[tick] - self.log.time[0]))

    def actors_at(self, time: float) -> tuple[ShownActor, ...]:
        """Everybody at `time` [s after the first tick], between ticks interpolated."""
        states = self.log.states_at(np.array([self._instant(time)]))
        tick = self.tick_at(time)
        return tuple(
            _shown(actor, states.position[0, i], float(states.attitude[0, i, 0]), self.log, tick, i)
            for i, actor in enumerate(self.log.actors)
        )

    def signals_at(self, time: float) -> tuple[ShownSignal, ...]:
        """Every signal head of the map that the log knows."""
        heads = {head.name: head for junction in self.network.junctions.values() for head in junction.heads}
        states = self.log.signals[self.tick_at(time)].tolist()
        return tuple(
            ShownSignal(heads[name].x, heads[name].y, heads[name].heading, SIGNAL_STATES[state])
            for name, state in zip(self.log.signal_names, states, strict=True)
            if name in heads
        )

    def _instant(self, time: float) -> int:
        last = int(self.log.time[-1])
        return min(max(int(self.log.time[0]) + nanoseconds(time), int(self.log.time[0])), last)


def _shown(actor: ActorInfo, position: Points, yaw: float, log: SceneLog, tick: int, index: int) -> ShownActor:
    length, width, _ = actor.size
    local = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]]) * (length / 2, width / 2) + actor.box_center[:2]
    c, s = math.cos(yaw), math.sin(yaw)
    vx, vy, _ = log.velocity[tick, index].tolist()
    bits = int(log.lamps[tick, index])
    return ShownActor(
        name=actor.name,
        kind=actor.kind,
        category=actor.category,
        is_ego=actor.is_ego,
        footprint=local @ np.array([[c, s], [-s, c]]) + position[:2],
        heading=yaw,
        velocity=(vx, vy),
        lamps=frozenset(lamp for k, lamp in enumerate(LAMPS) if bits >> k & 1),
        present=bool(log.present[tick, index]),
    )


def _areas(network: RoadNetwork) -> Iterator[Area]:
    """Wide and low things first, paint last."""
    for road in network.roads.values():
        for lane in sorted(road.lanes, key=lambda lane: -abs(lane.id)):
            yield Area(_KINDS.get(lane.type, "driving"), _outline(road.lane_patch(lane.id, (0.0, road.length))))
    for junction in network.junctions.values():
        yield from _junction_areas(junction)
    for road in network.roads.values():
        yield from _marks(road)
    for crosswalk in network.crosswalks:
        yield from _stripes(crosswalk)
    for junction in network.junctions.values():
        for line in junction.stop_lines:
            yield Area("white", _outline(line.strip.polygon))


def _junction_areas(junction: Junction) -> Iterator[Area]:
    for corner in junction.corners:
        for part in shapely.get_parts(corner.pavement):
            if not part.is_empty:
                yield Area("sidewalk", _outline(part))
    yield Area("junction", _outline(junction.polygon))


def _marks(road: Road) -> Iterator[Area]:
    yield from _mark(road, road.center_mark, 0.0)
    for lane in road.lanes:
        right, left = road.lane_bounds(lane.id)
        yield from _mark(road, lane.mark, left if lane.id > 0 else right)


def _mark(road: Road, mark: RoadMark, t: float) -> Iterator[Area]:
    if mark.type == "none":
        return
    sides = (t - mark.width / 2, t + mark.width / 2)
    starts = [0.0] if mark.length == 0.0 else np.arange(0.0, road.length, mark.length + mark.space).tolist()
    for start in starts:
        end = road.length if mark.length == 0.0 else min(start + mark.length, road.length)
        yield Area("yellow" if mark.color == "yellow" else "white", _outline(road.patch((start, end), sides)))


def _stripes(crosswalk: Strip) -> Iterator[Area]:
    right, left = crosswalk.t
    for edge in np.arange(right + _STRIPE / 2, left - _STRIPE, 2 * _STRIPE).tolist():
        yield Area("stripe", _outline(crosswalk.road.patch(crosswalk.s, (edge, edge + _STRIPE))))


def _outline(polygon: shapely.Polygon) -> Points:
    return np.asarray(polygon.exterior.coords[:-1], dtype=np.float64)
