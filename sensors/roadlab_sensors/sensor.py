"""What every sensor is to the observer: something with a clock that turns the stage into readings."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import Matrices, world_from_actor
from roadlab.log import LAMPS, SIGNAL_STATES, SceneLog
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.spec import MountSpec, SensorSpec
from roadlab.timing import Clock, Interval, Nanoseconds, nanoseconds
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import Reading

if TYPE_CHECKING:
    from roadlab_sensors.rays.scene import RayScene


@dataclass(frozen=True)
class Stage:
    """All that a sensor can know of: what happens, and the world in which it happens."""

    log: SceneLog
    scene: RayScene
    quality: Quality
    seed: int
    illuminance: NDArray[np.float64]
    """(3,) light on level, open ground by red, green and blue, in the ray engine's units; by night also of lamps."""
    candela: float
    """One cd/m² in the ray engine's units."""
    network: RoadNetwork | None = None
    """The roads; None where a stage has none."""
    sun: NDArray[np.float64] | None = None
    """(3,) towards the sun, in the world; None where a stage has none."""
    alight: frozenset[tuple[str, str]] = frozenset()
    """Lamps of the scene that are on whatever happens, such as street lamps."""
    ambient: NDArray[np.float64] | None = None
    """(3,) light that falls on the air; None where that is `illuminance`."""

    @property
    def air(self) -> NDArray[np.float64]:
        """(3,) light that falls on the air."""
        return self.illuminance if self.ambient is None else self.ambient

    def ego_at(self, times: NDArray[np.int64]) -> Matrices:
        """(M, 4, 4) poses of the ego in the world at `times` (M,) [ns]."""
        states = self.log.states_at(times)
        return world_from_actor(states.position[:, self.log.ego], states.attitude[:, self.log.ego])

    def lit(self, time: Nanoseconds) -> NDArray[np.bool_]:
        """Which of the scene's lamps shine at `time`, by number; number 0 never does."""
        tick = self.log.tick_at(time)
        shining = {
            (actor.name, lamp)
            for actor, bits in zip(self.log.actors, self.log.lamps[tick], strict=True)
            for bit, lamp in enumerate(LAMPS)
            if bits >> bit & 1
        }
        shining |= {
            (name, lamp)
            for name, state in zip(self.log.signal_names, self.log.signals[tick], strict=True)
            for lamp in SIGNAL_STATES[state].split("_")
        } | self.alight
        return np.array([False, *(lamp in shining for lamp in self.scene.lamps)])


@dataclass(frozen=True, slots=True)
class Timing:
    """When the readings of a sensor are taken."""

    clock: Clock
    length: Nanoseconds
    """How long one reading lasts."""

    def interval(self, index: int) -> Interval:
        """What reading `index` covers."""
        opened = self.clock.trigger(index)
        return Interval(opened, opened + self.length)

    def count(self, end: Nanoseconds) -> int:
        """How many readings are complete by `end`."""
        return self.clock.count_until(end - self.length) if end >= self.length else 0

    def nearest(self, time: Nanoseconds, end: Nanoseconds) -> int:
        """The reading, complete by `end`, whose middle is nearest to `time`."""
        guess = round((time - self.length // 2 - self.clock.phase) * self.clock.rate / 1e9)
        return int(np.clip(guess, 0, max(self.count(end) - 1, 0)))


class Sensor(SensorSpec):
    """Base of the sensors that roadlab can simulate; a plug-in registers its own under `roadlab.sensors`."""

    @property
    @abstractmethod
    def reading_length(self) -> float:
        """How long one reading lasts [s]."""

    @abstractmethod
    def rays(self, quality: Quality) -> int:
        """Rays cast for one reading."""

    @abstractmethod
    def prepare(self, name: str, stage: Stage) -> Callable[[int], Reading]:
        """What makes reading number k of the sensor called `name`: a pure function of k."""

    @property
    def timing(self) -> Timing:
        """When the readings are taken."""
        return Timing(Clock(self.rate, nanoseconds(self.phase)), nanoseconds(self.reading_length))


def ego_from_sensor(mount: MountSpec) -> Matrices:
    """(4, 4) pose of a sensor's body axes (x forward, y left, z up) in the ego's frame."""
    return world_from_actor([mount.x, mount.y, mount.z], [mount.yaw, mount.pitch, mount.roll])
