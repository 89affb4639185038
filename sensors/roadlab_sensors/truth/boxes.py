"""Three-dimensional boxes: what they are, what lies in them, how they project."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.geometry.poses import box_corners, compose, inverse, move, world_from_actor
from roadlab.log import SceneLog
from roadlab.timing import Nanoseconds
from roadlab_sensors.readings import ActorTruth, LidarSweep, RadarScan

Floats = NDArray[np.float64]


def actor_truths(
    log: SceneLog, time: Nanoseconds, sweeps: Iterable[LidarSweep] = (), scans: Iterable[RadarScan] = ()
) -> tuple[ActorTruth, ...]:
    """All actors that are there at `time`, but the ego, with the returns that they caused in each sweep.

    Detections of radars are counted as nuScenes counts them: all that lie in the box, also those marked invalid.
    """
    states = log.states_at(np.array([time]))
    tick = log.tick_at(time)
    counts = {s.sensor: np.bincount(s.instance, minlength=len(log.actors) + 1) for s in sweeps}
    echoes = {scan.sensor: _places(scan) for scan in scans}
    truths = []
    for k, actor in enumerate(log.actors):
        if actor.is_ego or not log.present[tick, k]:
            continue
        world = world_from_actor(states.position[0, k], states.attitude[0, k])
        world_from_box = world @ compose(np.eye(3), actor.box_center)
        truths.append(
            ActorTruth(
                instance=actor.instance,
                name=actor.name,
                category=actor.category,
                size=actor.size,
                world_from_box=world_from_box,
                velocity=(
                    float(log.velocity[tick, k, 0]),
                    float(log.velocity[tick, k, 1]),
                    float(log.velocity[tick, k, 2]),
                ),
                lidar_points={name: int(count[actor.instance]) for name, count in counts.items()},
                radar_points={n: int(_within(world_from_box, actor.size, at).sum()) for n, at in echoes.items()},
            )
        )
    return tuple(truths)


def _places(scan: RadarScan) -> Floats:
    """(N, 3) where the detections are in the world."""
    local = np.stack([scan.detections[axis] for axis in "xyz"], axis=1)
    return np.asarray(move(scan.world_from_radar, local))


def corners_in(camera_or_lidar: ArrayLike, truth: ActorTruth) -> Floats:
    """(8, 3) corners of an actor's box in the frame of `world_from_sensor` (4, 4) [m]."""
    return move(inverse(camera_or_lidar) @ truth.world_from_box, box_corners(truth.size))


def inside(truth: ActorTruth, points: ArrayLike, margin: float = 0.0) -> NDArray[np.bool_]:
    """Which world points (N, 3) lie in the actor's box, grown by `margin` [m] on every side."""
    return _within(truth.world_from_box, truth.size, points, margin)


def _within(world_from_box: Floats, size: ArrayLike, points: ArrayLike, margin: float = 0.0) -> NDArray[np.bool_]:
    local = np.abs(move(inverse(world_from_box), points))
    return np.asarray((local <= np.asarray(size) / 2.0 + margin).all(axis=1))
