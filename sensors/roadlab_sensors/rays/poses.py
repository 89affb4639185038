"""Where every part of every actor is."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.articulation import part_poses
from roadlab.geometry.poses import world_from_actor
from roadlab.log import SceneLog

PartName = tuple[int, str]
"""Index of an actor in the log, and its part's name."""


def poses_at(log: SceneLog, times: NDArray[np.int64]) -> dict[PartName, NDArray[np.float64]]:
    """World poses (M, 4, 4) of every part of every actor at `times` (M,) [ns]."""
    states = log.states_at(times)
    poses: dict[PartName, NDArray[np.float64]] = {}
    for k, actor in enumerate(log.actors):
        world = world_from_actor(states.position[:, k], states.attitude[:, k])
        poses |= {(k, name): world @ part for name, part in part_poses(actor, states.joints[k]).items()}
    return poses
