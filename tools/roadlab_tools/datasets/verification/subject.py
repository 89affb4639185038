"""What the rules look at: a sample, its record and the scene that it is of."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import compose, inverse, move, world_from_actor
from roadlab_tools.datasets.contents import record_path
from roadlab_tools.datasets.item import Item
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene


@dataclass(frozen=True)
class Subject:
    """One sample under examination."""

    item: Item
    record: Document
    scene: Scene
    anchor: float = 0.0
    """See `roadlab_tools.datasets.reader.Reader`."""

    @property
    def path(self) -> str:
        """Of the record."""
        return record_path(self.item.number)

    @cached_property
    def actors(self) -> dict[int, int]:
        """Index in the log of each instance."""
        return {actor.instance: k for k, actor in enumerate(self.scene.log.actors)}

    def ego_at(self, times: NDArray[np.int64]) -> NDArray[np.float64]:
        """(M, 4, 4) world_from_ego at `times`, from the log; its ends outside it."""
        log = self.scene.log
        states = log.states_at(np.clip(times, log.time[0], log.time[-1]))
        poses: NDArray[np.float64] = world_from_actor(states.position[:, log.ego], states.attitude[:, log.ego])
        return poses

    def box_from_world(self, instance: int, times: NDArray[np.int64]) -> NDArray[np.float64]:
        """(M, 4, 4) of an actor's box at `times`, from the log."""
        k = self.actors[instance]
        distinct, back = np.unique(times, return_inverse=True)
        states = self.scene.log.states_at(distinct)
        world = world_from_actor(states.position[:, k], states.attitude[:, k])
        boxes: NDArray[np.float64] = inverse(world @ compose(np.eye(3), self.scene.log.actors[k].box_center))[back]
        return boxes

    def outside(self, instance: int, points: NDArray[np.float64], times: NDArray[np.int64]) -> NDArray[np.float64]:
        """(M,) how far points (M, 3) of the world are outside the actor's box at their times [m]."""
        local = move(self.box_from_world(instance, times), points)
        half = np.array(self.scene.log.actors[self.actors[instance]].size) / 2
        beyond: NDArray[np.float64] = np.linalg.norm(np.maximum(np.abs(local) - half, 0.0), axis=-1)
        return beyond
