"""Where every part of every actor is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.articulation import part_poses
from roadlab.geometry.poses import world_from_actor
from roadlab.log import SceneLog
from roadlab.timing import Nanoseconds

PartName = tuple[int, str]
"""Index of an actor in the log, and its part's name."""
UNDERGROUND = 10_000.0
"""How far below their place actors are put that are not there [m]."""


def poses_at(log: SceneLog, times: NDArray[np.int64]) -> dict[PartName, NDArray[np.float64]]:
    """World poses (M, 4, 4) of every part of every actor at `times` (M,) [ns], there or not."""
    states = log.states_at(times)
    poses: dict[PartName, NDArray[np.float64]] = {}
    for k, actor in enumerate(log.actors):
        world = world_from_actor(states.position[:, k], states.attitude[:, k])
        poses |= {(k, name): world @ part for name, part in part_poses(actor, states.joints[k]).items()}
    return poses


def placed_at(log: SceneLog, time: Nanoseconds) -> dict[PartName, NDArray[np.float64]]:
    """World poses (4, 4) of every part at one instant; those of actors that are not there lie far below ground."""
    instant = np.array([time])
    there, poses = log.present_at(instant)[0], poses_at(log, instant)
    return {(k, name): pose[0] if there[k] else sunk(pose[0]) for (k, name), pose in poses.items()}


def sunk(pose: NDArray[np.float64]) -> NDArray[np.float64]:
    """A pose (4, 4) far below the ground."""
    moved = pose.copy()
    moved[2, 3] -= UNDERGROUND
    return moved
