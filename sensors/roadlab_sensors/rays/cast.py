"""What does this ray hit, at this instant? The one question that camera, lidar and labels ask."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.log import SceneLog
from roadlab_sensors.rays.bundles import Bundles, cast_bundles
from roadlab_sensors.rays.motion import Motion, between, motion
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.rays.tracing import FAR, Hits, cast_at_part, trace

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class TimedHits(Hits):
    """Hits of rays that each had their own time."""

    cosine: Floats
    """(R,) of the angle between the ray and the surface's normal, 0 to 1; 0 where nothing was hit."""
    part: NDArray[np.int64]
    """(R,) row of the atlas of the moving part that was hit; -1 for the static world and where nothing was hit."""


def cast(scene: RayScene, origins: Floats, directions: Floats) -> Hits:
    """Rays (R, 3) against the world with all actors where they were last placed; directions are unit vectors."""
    starts = np.broadcast_to(origins, directions.shape).T
    static = trace(scene.static, scene, starts, directions.T, FAR)
    moved = trace(scene.movers, scene, starts, directions.T, np.minimum(static.distance, FAR))
    nearer = moved.face >= 0
    return Hits(np.where(nearer, moved.distance, static.distance), np.where(nearer, moved.face, static.face))


def cast_in_time(
    scene: RayScene,
    log: SceneLog,
    origins: Floats,
    directions: Floats,
    times: NDArray[np.int64],
    *,
    skip: int | None = None,
) -> TimedHits:
    """Ray k (world frame, unit direction) against the world as it was at `times[k]` [ns].

    `skip` is the index of an actor that rays pass through: the one that carries the sensor.
    """
    moving = motion(log, int(times.min()), int(times.max()))
    hits = cast_bundles(scene, moving, Bundles(origins, directions, times), skip)
    return TimedHits(hits.distance[:, 0], hits.face[:, 0], hits.cosine[:, 0].astype(np.float64), hits.part[:, 0])


def silhouettes(scene: RayScene, motion: Motion, wanted: Sequence[tuple[int, Bundles]]) -> list[NDArray[np.bool_]]:
    """For each (actor, rays), which of the rays meet this actor, at their own times, when nothing else is there.

    All are cast at once, because each cast costs as much as 10,000 rays.
    """
    rays, parts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    starts, headings = [np.zeros((0, 3))], [np.zeros((0, 3))]
    first = np.cumsum([0, *(len(asked.times) for _, asked in wanted)])
    numbers = _parts_of(scene)
    for (actor, asked), offset in zip(wanted, first[:-1], strict=True):
        for number in numbers.get(actor, ()):
            poses = motion.poses[scene.atlas.parts[number]]
            near = _may_hit(scene, number, poses, asked)
            start, local = _seen_from(poses, motion.moments, asked, near)
            rays.append(near + offset)
            parts.append(np.full(len(near), number))
            starts.append(start)
            headings.append(local)
    hits = cast_at_part(scene, np.concatenate(parts), np.concatenate(starts).T, np.concatenate(headings).T)
    hit = np.zeros(first[-1], dtype=bool)
    hit[np.concatenate(rays)[hits.face >= 0]] = True
    return np.split(hit, first[1:])[:-1]


def _seen_from(
    poses: Floats, moments: NDArray[np.int64], rays: Bundles, rows: NDArray[np.int64]
) -> tuple[Floats, Floats]:
    """Origins and directions (R, 3) of some of the rays in the frame of a part with these poses."""
    origins, directions, times = rays.origins[rows], rays.directions[rows], rays.times[rows]
    if len(rows) == 0:
        return np.zeros((0, 3)), np.zeros((0, 3))
    if (times == times[0]).all():
        pose = between(poses, moments, times[:1])[0]
        return (origins - pose[:3, 3]) @ pose[:3, :3], directions @ pose[:3, :3]
    pose = between(poses, moments, times)
    turn = pose[:, :3, :3]
    return (
        np.einsum("rji,rj->ri", turn, origins - pose[:, :3, 3]),
        np.einsum("rji,rj->ri", turn, directions),
    )


def _parts_of(scene: RayScene) -> dict[int, list[int]]:
    """Numbers of each actor's parts."""
    numbers: dict[int, list[int]] = {}
    for number, (actor, _) in enumerate(scene.atlas.parts):
        numbers.setdefault(actor, []).append(number)
    return numbers


def _may_hit(scene: RayScene, part: int, poses: Floats, rays: Bundles) -> NDArray[np.int64]:
    """Rays that pass the sphere around a part ahead of them, wherever the part is meanwhile."""
    if len(rays.times) == 0:
        return np.zeros(0, dtype=np.int64)
    centers = poses[:, :3, :3] @ scene.atlas.center[part] + poses[:, :3, 3]
    middle = (centers.min(axis=0) + centers.max(axis=0)) / 2.0
    radius = float(scene.atlas.radius[part] + np.linalg.norm(centers - middle, axis=1).max())
    to_center = middle - rays.origins
    along = (to_center * rays.directions).sum(axis=1)
    apart = (to_center * to_center).sum(axis=1) - along**2
    return np.flatnonzero((apart <= radius**2) & (along > -radius))
