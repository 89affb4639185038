"""What does this ray hit, at this instant? The one question that camera, lidar and labels ask."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.log import SceneLog
from roadlab.timing import Nanoseconds
from roadlab_sensors.rays.poses import PartName, poses_at
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.rays.surfaces import owned

Floats = NDArray[np.float64]
FAR = 5000.0
"""Nothing is farther than this [m]."""
STEP: Nanoseconds = 1_000_000
"""Poses are worked out this often; a wheel at 130 km/h turns 0.1 rad meanwhile, whose chord is 0.4 mm off its arc."""
SLACK = 0.1
"""Spheres around parts are larger by what a part can move between two such times [m]."""


@dataclass(frozen=True)
class Hits:
    """The first surface on each of R rays."""

    distance: Floats
    """(R,) [m]; +inf where nothing was hit."""
    face: NDArray[np.int64]
    """(R,) row of the scene's table of faces; -1, its last row, where nothing was hit."""


@dataclass(frozen=True)
class TimedHits(Hits):
    """Hits of rays that each had their own time."""

    cosine: Floats
    """(R,) of the angle between the ray and the surface's normal, 0 to 1; 0 where nothing was hit."""
    part: NDArray[np.int64]
    """(R,) row of the atlas of the moving part that was hit; -1 for the static world and where nothing was hit."""


def cast(scene: RayScene, origins: Floats, directions: Floats) -> Hits:
    """Rays (R, 3) against the world with all actors where they were last placed; directions are unit vectors."""
    static = _trace(scene.static, scene, origins, directions, FAR)
    moved = _trace(scene.movers, scene, origins, directions, np.minimum(static.distance, FAR))
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
    static = _trace(scene.static, scene, origins, directions, FAR)
    hits = TimedHits(
        static.distance, static.face, _cosine(scene, static.face, directions), np.full(len(static.face), -1)
    )
    moments = instants(int(times.min()), int(times.max()))
    poses = poses_at(log, moments)
    rays, parts = _candidates(scene, poses, np.searchsorted(moments, times), (origins, directions, hits.distance), skip)
    if len(rays) == 0:
        return hits
    local_origins, local_directions = _into_parts(
        scene, poses, parts, (moments, times[rays]), origins[rays], directions[rays]
    )
    on_parts = _cast_at_part(scene, parts, local_origins, local_directions)
    cosine = _cosine(scene, on_parts.face, local_directions)
    order = np.lexsort((parts, on_parts.distance, rays))
    first = order[np.r_[True, rays[order][1:] != rays[order][:-1]]]
    nearer = first[on_parts.distance[first] < hits.distance[rays[first]]]
    chosen = rays[nearer]
    hits.distance[chosen], hits.face[chosen], hits.cosine[chosen], hits.part[chosen] = (
        on_parts.distance[nearer],
        on_parts.face[nearer],
        cosine[nearer],
        parts[nearer],
    )
    return hits


def surface_velocity(
    scene: RayScene, log: SceneLog, part: NDArray[np.int64], points: Floats, times: NDArray[np.int64]
) -> Floats:
    """(R, 3) [m/s] of the material at points (R, 3) of parts (R,) of the atlas at `times`; part -1 stands still.

    The difference over the span of poses around each time, so that it is the mean over 1 ms.
    """
    velocity = np.zeros((len(part), 3))
    moving = np.flatnonzero(part >= 0)
    if len(moving) == 0:
        return velocity
    moments = instants(int(times[moving].min()), max(int(times[moving].max()), int(times[moving].min()) + 1))
    poses = poses_at(log, np.clip(moments, log.time[0], log.time[-1]))
    after = np.clip(np.searchsorted(moments, times), 1, len(moments) - 1)
    for number in np.unique(part[moving]):
        mine = np.flatnonzero(part == number)
        pose = poses[scene.atlas.parts[number]]
        now = between(pose, moments, times[mine])
        local = np.einsum("rji,rj->ri", now[:, :3, :3], points[mine] - now[:, :3, 3])
        change = pose[after[mine]] - pose[after[mine] - 1]
        moved = np.einsum("rij,rj->ri", change[:, :3, :3], local) + change[:, :3, 3]
        velocity[mine] = moved / (moments[after[mine]] - moments[after[mine] - 1])[:, None] * 1e9
    return velocity


def silhouette(
    scene: RayScene, poses: Mapping[PartName, Floats], actor: int, origin: Floats, directions: Floats
) -> NDArray[np.bool_]:
    """Which rays (R, 3) from one origin meet this actor when nothing else is there, in `poses` (1, 4, 4)."""
    rays, parts, starts, headings = [], [], [], []
    for number, name in enumerate(scene.atlas.parts):
        if name[0] == actor:
            pose = poses[name][0]
            local = directions @ pose[:3, :3]
            start = np.broadcast_to((origin - pose[:3, 3]) @ pose[:3, :3], local.shape)
            far = np.full(len(local), np.inf)
            near = _may_hit(start, local, far, scene.atlas.center[number], float(scene.atlas.radius[number]))
            rays.append(near)
            parts.append(np.full(len(near), number))
            starts.append(start[near])
            headings.append(local[near])
    hits = _cast_at_part(scene, np.concatenate(parts), np.concatenate(starts), np.concatenate(headings))
    hit = np.zeros(len(directions), dtype=bool)
    hit[np.concatenate(rays)[hits.face >= 0]] = True
    return hit


def instants(first: Nanoseconds, last: Nanoseconds) -> NDArray[np.int64]:
    """Times at most `STEP` apart from `first` to `last` [ns], between which motion is as good as straight."""
    return np.linspace(first, last, max(2, int(np.ceil((last - first) / STEP)) + 1)).round().astype(np.int64)


def between(matrices: Floats, moments: NDArray[np.int64], times: NDArray[np.int64]) -> Floats:
    """(R, 4, 4) poses at `times`, linear between the poses (M, 4, 4) at `moments`."""
    after = np.clip(np.searchsorted(moments, times), 1, len(moments) - 1)
    span = np.maximum(moments[after] - moments[after - 1], 1)
    weight = ((times - moments[after - 1]) / span)[:, None, None]
    mixed: Floats = matrices[after - 1] * (1.0 - weight) + matrices[after] * weight
    return mixed


def _trace(mitsuba_scene: Any, scene: RayScene, origins: Floats, directions: Floats, reach: float | Floats) -> Hits:
    if len(directions) == 0:
        return Hits(np.zeros(0), np.zeros(0, dtype=np.int64))
    hit, distance, mesh, triangle = scene.intersect(
        mitsuba_scene,
        [owned(column) for column in np.broadcast_to(origins, directions.shape).T],
        [owned(column) for column in directions.T],
        owned(np.broadcast_to(reach, len(directions))),
    )
    valid = np.array(hit, dtype=bool)
    first = scene.first_face[np.where(valid, np.array(mesh), 0)]
    return Hits(
        distance=np.where(valid, np.array(distance, dtype=np.float64), np.inf),
        face=np.where(valid, first + np.array(triangle, dtype=np.int64), -1),
    )


def _cosine(scene: RayScene, face: NDArray[np.int64], directions: Floats) -> Floats:
    cosine: Floats = np.abs(np.einsum("ij,ij->i", scene.faces.normal[face].astype(np.float64), directions))
    return cosine


def _cast_at_part(scene: RayScene, part: NDArray[np.int64], origins: Floats, directions: Floats) -> Hits:
    """Ray k (given in the frame of part `part[k]`) against that part alone."""
    atlas = scene.atlas
    along = np.einsum("ij,ij->i", atlas.center[part] - origins, directions)
    enter = np.maximum(along - atlas.radius[part], 0.0)
    start = origins + enter[:, None] * directions + atlas.cell[part]
    hits = _trace(atlas.scene, scene, start, directions, along + atlas.radius[part] - enter)
    return Hits(hits.distance + enter, hits.face)


def _candidates(
    scene: RayScene,
    poses: Mapping[PartName, Floats],
    moment: NDArray[np.int64],
    rays: tuple[Floats, Floats, Floats],
    skip: int | None,
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of a ray (origin, direction, distance so far) and a part that it may meet before that distance."""
    origins, directions, reach = rays
    atlas = scene.atlas
    found_rays, found_parts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for actor in scene.moving:
        if actor == skip:
            continue
        own = [i for i, name in enumerate(atlas.parts) if name[0] == actor]
        centers = np.stack(
            [poses[atlas.parts[i]][:, :3, :3] @ atlas.center[i] + poses[atlas.parts[i]][:, :3, 3] for i in own]
        )
        middle = centers.mean(axis=0)
        around = float((np.linalg.norm(centers - middle, axis=2) + atlas.radius[own][:, None]).max()) + SLACK
        near = _may_hit(origins, directions, reach, middle[moment], around)
        for i, center in zip(own, centers, strict=True):
            chosen = near[
                _may_hit(origins[near], directions[near], reach[near], center[moment[near]], float(atlas.radius[i]))
            ]
            found_rays.append(chosen)
            found_parts.append(np.full(len(chosen), i))
    return np.concatenate(found_rays), np.concatenate(found_parts)


def _into_parts(
    scene: RayScene,
    poses: Mapping[PartName, Floats],
    parts: NDArray[np.int64],
    times: tuple[NDArray[np.int64], NDArray[np.int64]],
    origins: Floats,
    directions: Floats,
) -> tuple[Floats, Floats]:
    """Rays in the frames of their parts, as these were at each ray's time; `times` are the poses' and the rays'."""
    moments, time = times
    local_origins, local_directions = np.zeros_like(origins), np.zeros_like(directions)
    for number in np.unique(parts):
        mine = np.flatnonzero(parts == number)
        pose = between(poses[scene.atlas.parts[number]], moments, time[mine])
        local_origins[mine] = np.einsum("rji,rj->ri", pose[:, :3, :3], origins[mine] - pose[:, :3, 3])
        local_directions[mine] = np.einsum("rji,rj->ri", pose[:, :3, :3], directions[mine])
    return local_origins, local_directions


def _may_hit(origins: Floats, directions: Floats, reach: Floats, centers: Floats, radius: float) -> NDArray[np.int64]:
    """Rays that pass a sphere nearer than what they already hit."""
    to_center = centers - origins
    along = np.einsum("ij,ij->i", to_center, directions)
    apart = np.einsum("ij,ij->i", to_center, to_center) - along**2
    return np.flatnonzero((apart <= radius**2) & (along > -radius) & (along - radius < reach))
