"""From where each picture element looks while the shutter is open, and what its middle sees."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import distance_transform_edt

from roadlab.geometry.poses import inverse, move
from roadlab.timing import Nanoseconds
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.camera.lens import Lens, pixel_grid
from roadlab_sensors.rays.bundles import Bundles, cast_bundles
from roadlab_sensors.rays.cast import cast
from roadlab_sensors.rays.motion import Motion, between
from roadlab_sensors.rays.picture import NO_MOVER, Sightlines
from roadlab_sensors.rays.scene import RayScene

Floats = NDArray[np.float64]
STILL = 0.3
"""Motion of less than this many pixels during an exposure needs no care at the edges of what moves."""
WIDEST_BLUR = 48
"""Blur beyond an actor's edge is followed over this many pixels."""


@dataclass(frozen=True)
class Seen:
    """What the centre of each pixel sees in the middle of its own exposure; P pixels, row by row."""

    rays: Bundles
    distance: Floats
    """(P,) [m]; +inf where nothing was hit."""
    face: NDArray[np.int64]
    """(P,) row of the scene's table of faces; -1 where nothing was hit."""
    part: NDArray[np.int64]
    """(P,) row of the atlas of the moving part; -1 for the static world and nothing."""

    @property
    def points(self) -> Floats:
        """(P, 3) [m] in the world; infinite where nothing was hit."""
        with np.errstate(invalid="ignore"):
            found: Floats = self.rays.origins + self.distance[:, None] * self.rays.directions
        return found


@dataclass(frozen=True)
class Grid:
    """The centres of all pixels of a lens, row by row."""

    pixels: Floats
    """(P, 2) u, v."""
    directions: Floats
    """(P, 3) unit rays in the camera's frame; NaN where the lens does not look."""
    whole: bool
    """Whether the lens looks through every pixel."""

    @classmethod
    def of(cls, lens: Lens) -> Grid:
        """Of a lens."""
        pixels = pixel_grid(lens).reshape(-1, 2)
        directions = np.asfortranarray(lens.directions(pixels))  # column by column, as the ray engine wants them
        return cls(pixels, directions, bool(np.isfinite(directions[:, 0]).all()))


def look(scene: RayScene, gaze: Gaze, motion: Motion, grid: Grid) -> Seen:
    """What every pixel sees; the movers must be placed as they are at `gaze.middle`."""
    rays = gaze.rays(grid.pixels, grid.directions)
    if grid.whole:
        return Seen(rays, *_hits(scene, gaze, motion, rays))
    looks = np.isfinite(grid.directions[:, 0])
    found = _hits(scene, gaze, motion, Bundles(rays.origins[looks], rays.directions[looks], rays.times[looks]))
    whole = np.full(len(looks), np.inf), np.full(len(looks), -1), np.full(len(looks), -1)
    for values, some in zip(whole, found, strict=True):
        values[looks] = some
    return Seen(rays, *whole)


def _hits(
    scene: RayScene, gaze: Gaze, motion: Motion, rays: Bundles
) -> tuple[Floats, NDArray[np.int64], NDArray[np.int64]]:
    """Distance, face and moving part that rays meet."""
    if gaze.at_once:
        hits = cast(scene, gaze.pose[:3, 3], rays.directions)
        return hits.distance, hits.face, scene.part_of_face[hits.face].astype(np.int64)
    each = cast_bundles(scene, motion, rays)
    return each.distance[:, 0], each.face[:, 0], each.part[:, 0]


def sightlines(
    scene: RayScene, gaze: Gaze, motion: Motion, seen: Seen, exposure: Nanoseconds, block: int
) -> Sightlines:
    """Sightlines of squares of `block` pixels a side; the movers are placed as they are at `gaze.middle`.

    Rays to the movers are right for the one that is seen, or that comes nearest while the shutter is open.
    """
    element = elements(gaze.lens, block)
    pixel = element[..., 1].ravel() * gaze.lens.width + element[..., 0].ravel()
    lines, line = _lines(gaze, seen.rays.times[pixel])
    ends = lines - exposure // 2, lines + exposure // 2
    opened, closed = (gaze.poses_at(times) for times in ends)
    part, moving = seen.part[pixel], line if gaze.at_once else np.full(len(line), NO_MOVER)
    if (part >= 0).any():
        blur = _blur(scene, gaze, motion, seen, pixel[part >= 0], exposure)
        reach = min(int(np.ceil(blur / block)), WIDEST_BLUR) if blur > STILL else int(len(lines) > 1)
        part = _spread(part.reshape(element.shape[:2]), reach).ravel()
        keys, pair = np.unique((part + 1) * len(lines) + line, return_inverse=True)
        pairs = keys // len(lines) - 1, keys % len(lines)
        own = pairs[0] >= 0
        opened, closed = (
            np.concatenate([poses, remapped(scene, gaze, motion, pairs[0][own], times[pairs[1][own]])])
            for poses, times in zip((opened, closed), ends, strict=True)
        )
        row = np.where(own, len(lines) + np.cumsum(own) - 1, pairs[1] if gaze.at_once else NO_MOVER)
        moving = row[pair]
    return Sightlines(opened[:, :3], closed[:, :3], line.astype(np.uint32), moving.astype(np.uint32))


def _lines(gaze: Gaze, times: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Times at which lines are exposed, and which of them each of `times` is."""
    if gaze.at_once:
        return np.array([gaze.middle]), np.zeros(len(times), dtype=np.int64)
    lines, line = np.unique(times, return_inverse=True)
    return lines, line


def elements(lens: Lens, block: int) -> NDArray[np.int64]:
    """(rows, columns, 2) the pixel (u, v) in the middle of each square of `block` pixels a side."""
    u = np.minimum(np.arange(0, lens.width, block) + (block - 1) // 2, lens.width - 1)
    v = np.minimum(np.arange(0, lens.height, block) + (block - 1) // 2, lens.height - 1)
    return np.stack(np.meshgrid(u, v), axis=-1)


def remapped(scene: RayScene, gaze: Gaze, motion: Motion, parts: NDArray[np.int64], times: NDArray[np.int64]) -> Floats:
    """(N, 4, 4) poses from which the camera would see parts (N,) at the middle as it sees them at `times` (N,)."""
    poses = gaze.poses_at(times).copy()
    for part in np.unique(parts):
        mine = np.flatnonzero(parts == part)
        pose = motion.poses[scene.atlas.parts[part]]
        then = between(pose, motion.moments, times[mine])
        middle = between(pose, motion.moments, np.array([gaze.middle]))[0]
        poses[mine] = middle @ np.linalg.inv(then) @ poses[mine]
    return poses


def _blur(
    scene: RayScene, gaze: Gaze, motion: Motion, seen: Seen, pixels: NDArray[np.int64], exposure: Nanoseconds
) -> float:
    """How far the image of something that moves runs while it is exposed, at most [px]; one pixel a part is asked."""
    parts, first = np.unique(seen.part[pixels], return_index=True)
    chosen = pixels[first]
    points, times = seen.points[chosen], seen.rays.times[chosen]
    ends = []
    for shift in (-(exposure // 2), exposure // 2):
        images = np.zeros((len(parts), 2))
        for k, part in enumerate(parts):
            pose = between(
                motion.poses[scene.atlas.parts[part]], motion.moments, np.array([times[k], times[k] + shift])
            )
            moved = move(pose[1] @ np.linalg.inv(pose[0]), points[k])
            images[k] = gaze.lens.project(move(inverse(gaze.poses_at(times[k : k + 1] + shift)[0]), moved))
        ends.append(images)
    return float(np.nan_to_num(np.linalg.norm(ends[1] - ends[0], axis=1)).max())


def _spread(parts: NDArray[np.int64], reach: int) -> NDArray[np.int64]:
    """Each pixel's part, or else the nearest part that is at most `reach` away; -1 for none."""
    if reach == 0:
        return parts
    rows, columns = np.nonzero(parts >= 0)
    window = (
        slice(max(rows.min() - reach, 0), rows.max() + reach + 1),
        slice(max(columns.min() - reach, 0), columns.max() + reach + 1),
    )
    spread = parts.copy()
    apart, nearest = distance_transform_edt(parts[window] < 0, return_indices=True)
    spread[window] = np.where(apart <= reach, parts[window][tuple(nearest)], -1)
    return spread
