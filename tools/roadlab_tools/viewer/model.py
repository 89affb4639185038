"""What there is to see: the map's areas, and the actors and signals at an instant. Knows no pixel."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.log import LAMPS, SIGNAL_STATES, Event, Kind, SceneLog
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
    middle: tuple[float, float]
    """Of the footprint [m]."""
    heading: float
    """Counter-clockwise from east [rad]."""
    velocity: tuple[float, float]
    """[m/s], world."""
    lamps: frozenset[str]
    """Those of `LAMPS` that are lit."""
    present: bool = True
    """Whether it is there at all."""

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
        return self._actors(time, range(len(self.log.actors)))

    def actor_at(self, index: int, time: float) -> ShownActor:
        """One actor, by its index in the log."""
        return self._actors(time, (index,))[0]

    def _actors(self, time: float, indices: Sequence[int]) -> tuple[ShownActor, ...]:
        states, tick, log = self.log.states_at(np.array([self._instant(time)])), self.tick_at(time), self.log
        chosen = np.asarray(indices)
        yaw = states.attitude[0, chosen, 0]
        forward = np.stack([np.cos(yaw), np.sin(yaw)], axis=-1)[:, None]
        left = forward[..., ::-1] * (-1.0, 1.0)
        local = self._outlines[chosen]
        footprints = states.position[0, chosen, None, :2] + local[..., :1] * forward + local[..., 1:] * left
        rows = zip(
            indices,
            footprints,
            footprints.mean(axis=1).tolist(),
            yaw.tolist(),
            log.velocity[tick, chosen, :2].tolist(),
            log.lamps[tick, chosen].tolist(),
            log.present[tick, chosen].tolist(),
            strict=True,
        )
        return tuple(
            ShownActor(
                name=(actor := log.actors[k]).name,
                index=k,
                instance=actor.instance,
                kind=actor.kind,
                category=actor.category,
                is_ego=actor.is_ego,
                footprint=footprint,
                middle=(x, y),
                heading=heading,
                velocity=(vx, vy),
                lamps=_lamps(bits),
                present=present,
            )
            for k, footprint, (x, y), heading, (vx, vy), bits, present in rows
        )

    @cached_property
    def _outlines(self) -> Points:
        """(A, 4, 2) footprints in the actors' own frames [m]."""
        corners = np.array([[1, 1], [1, -1], [-1, -1], [-1, 1]])
        return np.array([corners * (np.array(a.size[:2]) / 2) + a.box_center[:2] for a in self.log.actors])

    def trail_ticks(self, time: float, count: int) -> NDArray[np.int64]:
        """At most `count` ticks of the last `TRAIL` seconds, the last one that of `time`."""
        last, first = self.tick_at(time), self.tick_at(max(time - TRAIL, 0.0))
        # On a fixed grid, so that a trail stays as it is while it grows.
        step = max(1, math.ceil((self.tick_at(TRAIL) + 1) / count))
        return np.append(np.arange(-(-first // step) * step, last, step), last)

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


@lru_cache(maxsize=256)
def _lamps(bits: int) -> frozenset[str]:
    return frozenset(lamp for k, lamp in enumerate(LAMPS) if bits >> k & 1)
