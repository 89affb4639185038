"""Where parts are between ticks, how fast their surfaces move and which way these face."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.log import SceneLog
from roadlab.timing import Nanoseconds
from roadlab_sensors.rays.poses import PartName, poses_at, sunk
from roadlab_sensors.rays.scene import RayScene

Floats = NDArray[np.float64]
STEP: Nanoseconds = 1_000_000
"""Poses are worked out this often; a wheel at 130 km/h turns 0.1 rad meanwhile, whose chord is 0.4 mm off its arc."""


@dataclass(frozen=True)
class Motion:
    """Poses of all parts, often enough that motion between them is as good as straight."""

    moments: NDArray[np.int64]
    """(M,) [ns], at most `STEP` apart."""
    poses: Mapping[PartName, Floats]
    """(M, 4, 4) of each part in the world."""
    present: NDArray[np.bool_]
    """(M, N) whether each actor of the log is in the world."""


def motion(log: SceneLog, first: Nanoseconds, last: Nanoseconds) -> Motion:
    """All motion from `first` to `last` [ns]."""
    moments = instants(first, max(last, first + 1))
    within = np.clip(moments, log.time[0], log.time[-1])
    return Motion(moments, poses_at(log, within), log.present_at(within))


def placed(motion: Motion, time: Nanoseconds) -> dict[PartName, Floats]:
    """World poses (4, 4) of all parts at `time`; those of actors that are not there lie far below ground."""
    there = motion.present[max(int(np.searchsorted(motion.moments, time, side="right")) - 1, 0)]
    poses = {part: between(pose, motion.moments, np.array([time]))[0] for part, pose in motion.poses.items()}
    return {part: pose if there[part[0]] else sunk(pose) for part, pose in poses.items()}


def instants(first: Nanoseconds, last: Nanoseconds) -> NDArray[np.int64]:
    """Times at most `STEP` apart from `first` to `last` [ns], between which motion is as good as straight."""
    return np.linspace(first, last, max(2, int(np.ceil((last - first) / STEP)) + 1)).round().astype(np.int64)


def between(matrices: Floats, moments: NDArray[np.int64], times: NDArray[np.int64]) -> Floats:
    """(R, 4, 4) poses at `times`, linear between the poses (M, 4, 4) at `moments`."""
    after = np.clip(np.searchsorted(moments, times), 1, len(moments) - 1)
    span = np.maximum(moments[after] - moments[after - 1], 1)
    weight = ((times - moments[after - 1]) / span)[:, None, None]
    mixed: Floats = np.take(matrices[1:] - matrices[:-1], after - 1, axis=0)
    mixed *= weight
    mixed += np.take(matrices, after - 1, axis=0)
    return mixed


def surface_velocity(
    scene: RayScene, motion: Motion, part: NDArray[np.int64], points: Floats, times: NDArray[np.int64]
) -> Floats:
    """(R, 3) [m/s] of the material at points (R, 3) of parts (R,) of the atlas at `times`; part -1 stands still.

    The difference over the span of poses around each time, so that it is the mean over 1 ms.
    """
    velocity = np.zeros((len(part), 3))
    moments = motion.moments
    after = np.clip(np.searchsorted(moments, times), 1, len(moments) - 1)
    for number, mine in each_part(part):
        pose = motion.poses[scene.atlas.parts[number]]
        now = between(pose, moments, times[mine])
        local = np.einsum("rji,rj->ri", now[:, :3, :3], points[mine] - now[:, :3, 3])
        change = (pose[1:] - pose[:-1])[after[mine] - 1]
        moved = np.einsum("rij,rj->ri", change[:, :3, :3], local) + change[:, :3, 3]
        velocity[mine] = moved / (moments[after[mine]] - moments[after[mine] - 1])[:, None] * 1e9
    return velocity


def carried_along(
    scene: RayScene,
    part: NDArray[np.int64],
    points: Floats,
    then: tuple[Motion, NDArray[np.int64]],
    later: tuple[Motion, NDArray[np.int64]],
) -> Floats:
    """(R, 3) where points (R, 3) of parts (R,) are at other times; each of `then`, `later` is a motion and times (R,).

    Part -1 stands still.
    """
    moved = np.array(points, dtype=np.float64)
    for number, mine in each_part(part):
        name = scene.atlas.parts[number]
        before, after = (between(m.poses[name], m.moments, times[mine]) for m, times in (then, later))
        local = np.einsum("rji,rj->ri", before[:, :3, :3], points[mine] - before[:, :3, 3])
        moved[mine] = np.einsum("rij,rj->ri", after[:, :3, :3], local) + after[:, :3, 3]
    return moved


def world_normals(
    scene: RayScene, motion: Motion, part: NDArray[np.int64], face: NDArray[np.int64], times: NDArray[np.int64]
) -> Floats:
    """(R, 3) normals of faces (R,) in the world at `times`."""
    normals = scene.faces.normal[face].astype(np.float64)
    for number, mine in each_part(part):
        pose = between(motion.poses[scene.atlas.parts[number]], motion.moments, times[mine])
        normals[mine] = np.einsum("rij,rj->ri", pose[:, :3, :3], normals[mine])
    return normals


def each_part(part: NDArray[np.int64]) -> list[tuple[int, NDArray[np.int64]]]:
    """Each moving part that occurs, with its rows."""
    moving = np.flatnonzero(part >= 0)
    order = moving[np.argsort(part[moving], kind="stable")]
    numbers, starts = np.unique(part[order], return_index=True)
    return list(zip(numbers.tolist(), np.split(order, starts[1:]), strict=True)) if len(numbers) else []
