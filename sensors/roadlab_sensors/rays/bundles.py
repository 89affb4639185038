"""Bundles of rays in time: each goes to the world as it was when its pulse was fired."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays.motion import Motion, between
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.rays.tracing import FAR, cast_at_part, trace

Floats = NDArray[np.float64]
Rays = NDArray[np.float32]
SLACK = 0.1
"""Spheres around actors are larger by what a part can move between two poses [m]."""
SECTORS = 720
"""Rays are sorted into this many sectors of azimuth, to find those near an actor."""


@dataclass(frozen=True)
class Bundles:
    """R bundles of K rays each; the rays of a bundle share origin and time and lie around its axis."""

    origins: Floats
    """(R, 3) [m], world."""
    directions: Floats
    """(R, 3) unit vectors, world."""
    times: NDArray[np.int64]
    """(R,) [ns]."""
    spread: tuple[tuple[float, float], ...] = ((0.0, 0.0),)
    """K tangents of the angles from the axis: to the left and up."""

    def rays(self, rows: NDArray[np.int64] | slice = slice(None)) -> Rays:
        """(3, rows, K) unit vectors."""
        axis = self.directions[rows].T.astype(np.float32)
        if self.spread == ((0.0, 0.0),):
            return axis[:, :, None]
        level = np.maximum(np.hypot(axis[0], axis[1]), np.float32(1e-6))
        left = np.stack([-axis[1] / level, axis[0] / level, np.zeros_like(level)])
        up = np.stack([-axis[2] * left[1], axis[2] * left[0], axis[0] * left[1] - axis[1] * left[0]])
        a, b = np.array(self.spread, dtype=np.float32).T
        return (axis[:, :, None] + left[:, :, None] * a + up[:, :, None] * b) / np.sqrt(1.0 + a * a + b * b)


@dataclass(frozen=True)
class BundleHits:
    """The first surface on each of R x K rays."""

    distance: Floats
    """(R, K) [m]; +inf where nothing was hit."""
    face: NDArray[np.int64]
    """(R, K) row of the scene's table of faces; -1, its last row, where nothing was hit."""
    cosine: Rays
    """(R, K) of the angle between the ray and the surface's normal, 0 to 1; 0 where nothing was hit."""
    part: NDArray[np.int64]
    """(R, K) row of the atlas of the moving part that was hit; -1 for the static world and where nothing was hit."""


def cast_bundles(scene: RayScene, motion: Motion, bundles: Bundles, skip: int | None = None) -> BundleHits:
    """All rays of all bundles against the world as it was at each bundle's time.

    `skip` is the index of an actor that rays pass through: the one that carries the sensor.
    """
    shape = (len(bundles.times), len(bundles.spread))
    rays = bundles.rays()
    flat = rays.reshape(3, -1)
    origins = np.repeat(bundles.origins.T.astype(np.float32), shape[1], axis=1)
    static = trace(scene.static, scene, origins, flat, FAR)
    hits = BundleHits(
        static.distance.reshape(shape),
        static.face.reshape(shape),
        cosines(scene, static.face, flat).reshape(shape),
        np.full(shape, -1),
    )
    which, parts = _candidates(scene, motion, bundles, hits.distance.max(axis=1), skip)
    if len(which):
        _meet(scene, motion, bundles, hits, (which, parts))
    return hits


def cosines(scene: RayScene, face: NDArray[np.int64], directions: Rays) -> Rays:
    """(N,) cosines of incidence on faces (N,) along directions (3, N) in the frame in which their meshes are given."""
    normal = scene.faces.normal[face].T
    total: Rays = np.abs(normal[0] * directions[0] + normal[1] * directions[1] + normal[2] * directions[2])
    return total


def _meet(
    scene: RayScene,
    motion: Motion,
    bundles: Bundles,
    hits: BundleHits,
    pairs: tuple[NDArray[np.int64], NDArray[np.int64]],
) -> None:
    """Puts what rays meet of moving actors, where that is nearer, into `hits`; `pairs` are of a bundle and a part."""
    which, parts = pairs
    count = len(bundles.spread)
    origins, rays = _into_parts(scene, motion, bundles, which, parts)
    part = np.repeat(parts, count)
    on_parts = cast_at_part(scene, part, np.repeat(origins, count, axis=1), rays.reshape(3, -1))
    ray = (which[:, None] * count + np.arange(count)).ravel()
    met = np.flatnonzero(on_parts.distance < hits.distance.ravel()[ray])
    if len(met) == 0:
        return
    order = met[np.lexsort((part[met], on_parts.distance[met], ray[met]))]
    first = order[np.r_[True, ray[order][1:] != ray[order][:-1]]]
    rows = np.unravel_index(ray[first], hits.distance.shape)
    hits.distance[rows], hits.face[rows] = on_parts.distance[first], on_parts.face[first]
    hits.part[rows] = part[first]
    hits.cosine[rows] = cosines(scene, on_parts.face[first], rays.reshape(3, -1)[:, first])


def _candidates(
    scene: RayScene, motion: Motion, bundles: Bundles, reach: Floats, skip: int | None
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pairs of a bundle and a part that its rays may meet before `reach` (R,), in order of the parts."""
    atlas = scene.atlas
    sectors = _Sectors.of(bundles)
    moment = np.searchsorted(motion.moments, bundles.times)
    widening = float(np.hypot(*np.abs(np.array(bundles.spread)).max(axis=0)))
    found_rays, found_parts = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for actor in scene.moving:
        there = motion.present[:, actor]
        if actor == skip or not there.any():
            continue
        own = [i for i, name in enumerate(atlas.parts) if name[0] == actor]
        poses = np.stack([motion.poses[atlas.parts[i]] for i in own])
        centers = np.einsum("pmij,pj->pmi", poses[..., :3, :3], atlas.center[own]) + poses[..., :3, 3]
        middle = centers.mean(axis=0)
        around = float((np.linalg.norm(centers - middle, axis=2) + atlas.radius[own][:, None]).max()) + SLACK
        near = sectors.towards(middle, around + widening * 250.0)
        near = near[there[moment[near]]]
        near = near[_may_hit(bundles, reach, near, middle[moment[near]], (around, widening))]
        if len(near) == 0:
            continue
        for i, center in zip(own, centers, strict=True):
            radius = float(atlas.radius[i])
            chosen = near[_may_hit(bundles, reach, near, center[moment[near]], (radius, widening))]
            found_rays.append(chosen)
            found_parts.append(np.full(len(chosen), i))
    return np.concatenate(found_rays), np.concatenate(found_parts)


@dataclass(frozen=True)
class _Sectors:
    """Bundles sorted by azimuth."""

    order: NDArray[np.int64]
    """(R,) bundles, sector by sector."""
    start: NDArray[np.int64]
    """(SECTORS + 1,) first of each sector in `order`."""
    origin: Floats
    """(2,) somewhere among the origins."""
    apart: float
    """No origin is farther from there [m]."""

    @staticmethod
    def of(bundles: Bundles) -> _Sectors:
        level_directions = bundles.directions[:, :2].astype(np.float32)
        azimuth = np.arctan2(level_directions[:, 1], level_directions[:, 0])
        sector = np.clip((azimuth / (2.0 * np.pi) + 0.5) * SECTORS, 0, SECTORS - 1).astype(np.uint16)
        start = np.r_[0, np.cumsum(np.bincount(sector, minlength=SECTORS))]
        level = bundles.origins[:, :2]
        origin = (level.min(axis=0) + level.max(axis=0)) / 2.0
        apart = float(np.linalg.norm(level.max(axis=0) - level.min(axis=0))) / 2.0
        return _Sectors(np.argsort(sector, kind="stable"), start, origin, apart)

    def towards(self, centers: Floats, radius: float) -> NDArray[np.int64]:
        """Bundles that, seen from above, may pass within `radius` of one of the points (M, 3)."""
        offset = centers[:, :2] - self.origin
        distance = np.hypot(offset[:, 0], offset[:, 1])
        if (distance <= radius + self.apart).any():
            return np.arange(len(self.order))
        azimuth = np.unwrap(np.arctan2(offset[:, 1], offset[:, 0]))
        width = np.arcsin((radius + self.apart) / distance)
        low, high = ((np.array([(azimuth - width).min(), (azimuth + width).max()])) / (2.0 * np.pi) + 0.5) * SECTORS
        first, last = int(np.floor(low)), int(np.floor(high))
        if last - first >= SECTORS - 1:
            return np.arange(len(self.order))
        sectors = np.arange(first, last + 1) % SECTORS
        return np.concatenate([self.order[self.start[s] : self.start[s + 1]] for s in sectors])


def _into_parts(
    scene: RayScene, motion: Motion, bundles: Bundles, which: NDArray[np.int64], parts: NDArray[np.int64]
) -> tuple[Rays, Rays]:
    """Origins (3, N) and rays (3, N, K) of bundles in the frames of parts, as these were at each bundle's time."""
    origins = np.zeros((3, len(which)), dtype=np.float32)
    rays = np.zeros((3, len(which), len(bundles.spread)), dtype=np.float32)
    bounds = np.flatnonzero(np.r_[True, parts[1:] != parts[:-1], True])
    for first, end in pairwise(bounds.tolist()):
        mine = which[first:end]
        pose = between(motion.poses[scene.atlas.parts[parts[first]]], motion.moments, bundles.times[mine])
        turn = pose[:, :3, :3]
        origins[:, first:end] = np.einsum("rji,rj->ir", turn, bundles.origins[mine] - pose[:, :3, 3])
        rays[:, first:end] = np.einsum("rji,jrk->irk", turn.astype(np.float32), bundles.rays(mine))
    return origins, rays


def _may_hit(
    bundles: Bundles, reach: Floats, rows: NDArray[np.int64], centers: Floats, size: tuple[float, float]
) -> NDArray[np.int64]:
    """Which of `rows` pass a sphere nearer than what they already hit; `size` is its radius and the bundles' spread."""
    radius, widening = size
    to_center = centers - bundles.origins[rows]
    along = np.einsum("ij,ij->i", to_center, bundles.directions[rows])
    apart = np.einsum("ij,ij->i", to_center, to_center) - along**2
    wide = radius + widening * np.maximum(along, 0.0)
    return np.flatnonzero((apart <= wide**2) & (along > -radius) & (along - radius < reach[rows]))
