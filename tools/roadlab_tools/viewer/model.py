"""What there is to see: the map's areas, and the actors and signals at an instant. Knows no pixel."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.log import LAMPS, SIGNAL_STATES, ActorInfo, Event, Kind, SceneLog
from roadlab.roads.network import RoadNetwork
from roadlab.roads.signals import SignalHead, WalkHead
from roadlab.scenario import Scenario
from roadlab.timing import nanoseconds, seconds
from roadlab_tools.viewer.ground import Area, areas_of
from roadlab_tools.viewer.writing.handles import Handle
from roadlab_tools.viewer.writing.sliders import Slider

Points = NDArray[np.float64]

TRAIL = 3.0
"""How far back a trail goes [s]."""


@dataclass(frozen=True)
class ShownActor:
    """An actor at an instant."""

    name: str
    index: int
    """In the log."""
    instance: int
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

    name: str
    x: float
    y: float
    heading: float
    """Where its lenses look [rad]."""
    state: str
    """One of `SIGNAL_STATES`."""
    on_foot: bool = False
    """Whether it is for people on foot."""


@dataclass(frozen=True)
class Scene:
    """A log and the map on which it happened."""

    scenario: Scenario
    log: SceneLog
    frames: tuple[float, ...] = field(default=())
    """Times of the samples [s after the first tick]; empty where there are none."""
    handles: tuple[Handle, ...] = ()
    """Places that can be dragged; only of scenario files."""
    sliders: tuple[Slider, ...] = ()
    """Parameters that can be changed; only of scenario files."""

    @property
    def title(self) -> str:
        """Of the scenario."""
        return self.scenario.spec.scenario

    @property
    def network(self) -> RoadNetwork:
        """The map."""
        return self.scenario.network

    @cached_property
    def areas(self) -> tuple[Area, ...]:
        """The whole map, in the order of drawing."""
        return tuple(areas_of(self.network))

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

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """What happened, in order of time."""
        return tuple(sorted(self.log.events, key=lambda event: event.time))

    def event_time(self, event: Event) -> float:
        """[s after the first tick]."""
        return seconds(event.time - int(self.log.time[0]))

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

    def trail(self, index: int, time: float) -> Points:
        """(P, 2) where an actor has been in the last `TRAIL` seconds, since it appeared last [m]."""
        last = self.tick_at(time)
        first = self.tick_at(max(time - TRAIL, 0.0))
        absent = np.flatnonzero(~self.log.present[first : last + 1, index])
        first += int(absent[-1]) + 1 if len(absent) else 0
        ticks = np.append(np.arange(first, last, 5), last) if first <= last else np.zeros(0, dtype=int)
        return self.log.position[ticks, index, :2]

    def signals_at(self, time: float) -> tuple[ShownSignal, ...]:
        """Every signal head of the map that the log knows."""
        states = self.log.signals[self.tick_at(time)].tolist()
        return tuple(
            ShownSignal(
                name,
                self._heads[name].x,
                self._heads[name].y,
                self._heads[name].heading,
                SIGNAL_STATES[state],
                isinstance(self._heads[name], WalkHead),
            )
            for name, state in zip(self.log.signal_names, states, strict=True)
            if name in self._heads
        )

    @cached_property
    def _heads(self) -> dict[str, SignalHead | WalkHead]:
        heads: list[SignalHead | WalkHead] = []
        for junction in self.network.junctions.values():
            heads += [*junction.heads, *junction.walk_heads]
        return {head.name: head for head in heads}

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
        index=index,
        instance=actor.instance,
        kind=actor.kind,
        category=actor.category,
        is_ego=actor.is_ego,
        footprint=local @ np.array([[c, s], [-s, c]]) + position[:2],
        heading=yaw,
        velocity=(vx, vy),
        lamps=frozenset(lamp for k, lamp in enumerate(LAMPS) if bits >> k & 1),
        present=bool(log.present[tick, index]),
    )
