"""One scenario's run within a dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import world_from_actor
from roadlab.log import SceneLog
from roadlab.scenario import Scenario
from roadlab.timing import Nanoseconds


@dataclass(frozen=True)
class SceneEntry:
    """Which samples of a scene a dataset holds, and under which numbers."""

    name: str
    """Unique in the dataset; letters, digits, `_` and `-`."""
    title: str
    digest: str
    """Of the decided scenario."""
    seed: int
    first: int
    """Number in the dataset of the scene's sample 0."""
    start: int
    stop: int
    every: int
    position: int = 0
    """Place of the scene in the dataset, from 0."""
    split: str = "train"
    """`train`, `val` or `test`."""

    @property
    def indices(self) -> range:
        """The samples, as the scenario counts them."""
        return range(self.start, self.stop, self.every)

    @property
    def numbers(self) -> range:
        """The samples, as the dataset counts them; the numbers in the names of files."""
        return range(self.first + self.start, self.first + self.stop, self.every)

    def to_json(self) -> dict[str, Any]:
        """As it stands in a manifest."""
        frames = {"start": self.start, "stop": self.stop, "every": self.every}
        named = {"name": self.name, "scenario": self.title, "scenario_digest": self.digest, "seed": self.seed}
        return {**named, "first": self.first, "frames": frames, "position": self.position, "split": self.split}

    @staticmethod
    def from_json(entry: Mapping[str, Any]) -> SceneEntry:
        """The entry of `to_json`."""
        frames, digest = entry["frames"], entry["scenario_digest"]
        limits = (frames["start"], frames["stop"], frames["every"])
        named = (entry["name"], entry["scenario"], digest, entry["seed"], entry["first"])
        return SceneEntry(*named, *limits, entry["position"], entry["split"])


@dataclass(frozen=True)
class Scene:
    """What writers know of the run to which a sample belongs."""

    entry: SceneEntry
    scenario: Scenario
    log: SceneLog

    def number(self, index: int) -> int:
        """The number in the dataset of the scene's sample `index`."""
        return self.entry.first + index

    @cached_property
    def period(self) -> Nanoseconds:
        """Between two samples of the dataset."""
        rate = min(sensor.rate for sensor in self.scenario.spec.sensors.values())
        return round(1e9 / rate) * self.entry.every

    def world_from_ego(self, time: Nanoseconds) -> NDArray[np.float64]:
        """(4, 4) at `time`."""
        states = self.log.states_at(np.array([time]))
        pose: NDArray[np.float64] = world_from_actor(states.position[0, self.log.ego], states.attitude[0, self.log.ego])
        return pose
