"""How the image moves: where the surface seen by each pixel appears in another frame, and whether it is seen there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.camera.gaze import ROUNDS, Gaze
from roadlab_sensors.camera.lens import pixel_grid
from roadlab_sensors.camera.sight import Seen
from roadlab_sensors.rays.bundles import Bundles, cast_bundles
from roadlab_sensors.rays.cast import cast
from roadlab_sensors.rays.motion import Motion, carried_along, placed
from roadlab_sensors.rays.scene import RayScene

Floats = NDArray[np.float64]
SKY = 1e7
"""How far away what has no surface is taken to be [m]."""


@dataclass(frozen=True)
class Frame:
    """One exposure of a camera: where it looks, and how everything moves meanwhile."""

    gaze: Gaze
    motion: Motion


@dataclass(frozen=True)
class Flow:
    """For each of P pixels."""

    pixels: NDArray[np.float32]
    """(P, 2) from the pixel to where its surface appears in the other frame [px]; NaN where that has no image."""
    visible: NDArray[np.bool_]
    """(P,) whether it lies in the other image and nothing hides it there."""
    points: Floats
    """(P, 3) where the surface is when the other frame sees it [m, world]."""


def flow(scene: RayScene, here: Frame, seen: Seen, there: Frame) -> Flow:
    """Optical flow from one frame of a camera to another; the scene's movers may be somewhere else afterwards."""
    lens = there.gaze.lens
    points = _points(seen)
    times = np.full(len(points), there.gaze.middle)
    for _ in range(1 if there.gaze.at_once else ROUNDS):
        moved = carried_along(scene, seen.part, points, (here.motion, seen.rays.times), (there.motion, times))
        images = _images(there.gaze, moved, times)
        times = np.where(np.isfinite(images[:, 0]), there.gaze.times(np.nan_to_num(images)), times)
    inside = lens.holds(images)
    visible = np.zeros(len(points), dtype=bool)
    visible[inside] = _unhidden(scene, there, moved[inside], times[inside], np.isfinite(seen.distance[inside]))
    grid = pixel_grid(lens).reshape(-1, 2)
    return Flow((images - grid).astype(np.float32), visible, moved)


def _points(seen: Seen) -> Floats:
    reach = np.where(np.isfinite(seen.distance), seen.distance, SKY)
    found: Floats = seen.rays.origins + reach[:, None] * seen.rays.directions
    return found


def _images(gaze: Gaze, points: Floats, times: NDArray[np.int64]) -> Floats:
    if gaze.at_once:
        return gaze.lens.project(gaze.turned(points - gaze.pose[:3, 3], times))
    pose = gaze.poses_at(times)
    return gaze.lens.project(np.einsum("nji,nj->ni", pose[:, :3, :3], points - pose[:, :3, 3]))


def _unhidden(
    scene: RayScene, there: Frame, points: Floats, times: NDArray[np.int64], solid: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Which points nothing hides from the camera at `times`; those that are not solid must have nothing before them.

    The movers may be somewhere else afterwards.
    """
    if len(points) == 0:
        return np.zeros(0, dtype=bool)
    gaze = there.gaze
    origins = gaze.pose[:3, 3] if gaze.at_once else gaze.poses_at(times)[:, :3, 3]
    offset = points - origins
    distance = np.linalg.norm(offset, axis=1)
    directions = offset / distance[:, None]
    if gaze.at_once:
        scene.place(placed(there.motion, gaze.middle))
        met = cast(scene, origins, directions).distance
    else:
        met = cast_bundles(scene, there.motion, Bundles(origins, directions, times)).distance[:, 0]
    return np.where(solid, met > distance * (1.0 - 2e-3) - 0.02, np.isinf(met))


def scene_flow(here: Frame, seen: Seen, moved: Floats) -> NDArray[np.float32]:
    """(P, 3) how far each pixel's surface moves until the other frame sees it [m], along this camera's axes.

    NaN where there is no surface.
    """
    shift = np.where(np.isfinite(seen.distance)[:, None], moved - _points(seen), np.nan)
    return here.gaze.turned(shift, seen.rays.times).astype(np.float32)
