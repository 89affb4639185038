"""How a camera sees each actor: visibility is counted in rays, never guessed from boxes."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.camera.lens import directions, project
from roadlab_sensors.rays.cast import silhouette
from roadlab_sensors.rays.poses import PartName
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.readings import ActorTruth, ActorView, CameraFrame, Pinhole
from roadlab_sensors.truth.boxes import corners_in

Floats = NDArray[np.float64]
Rectangle = tuple[float, float, float, float]

NEAR = 0.2
"""Corners nearer than this to the image plane [m] have no useful projection."""
BEYOND = 3.0
"""How far outside the image a silhouette is followed, in image widths."""
COARSE_RAYS = 20_000
"""Rays spent on the part of a silhouette that is outside the image."""


def actor_views(
    frame: CameraFrame,
    truths: tuple[ActorTruth, ...],
    scene: RayScene,
    poses: Mapping[PartName, Floats],
    actor_index: Mapping[int, int],
) -> tuple[ActorView, ...]:
    """A view of each actor of which at least one pixel is visible.

    `poses` holds every part's pose (1, 4, 4) at the middle of the exposure, `actor_index` the log's index of each
    instance id.
    """
    seen = np.bincount(frame.instance.ravel(), minlength=max(actor_index) + 1)
    views = []
    for truth in truths:
        if seen[truth.instance] > 0:
            own = {part: pose for part, pose in poses.items() if part[0] == actor_index[truth.instance]}
            views.append(_view(frame, truth, scene, own, actor_index[truth.instance]))
    return tuple(views)


def _view(
    frame: CameraFrame, truth: ActorTruth, scene: RayScene, poses: dict[PartName, Floats], actor: int
) -> ActorView:
    visible = frame.instance == truth.instance
    rectangle = _rectangle(frame, truth, visible)
    inside = _clip(rectangle, frame.lens)
    whole = visible[inside[1] : inside[3] + 1, inside[0] : inside[2] + 1].copy()
    v, u = np.nonzero(~whole)
    hidden = _covered(frame, scene, poses, actor, np.stack([u + inside[0], v + inside[1]], axis=1))
    whole[v[hidden], u[hidden]] = True
    count, covered = int(visible.sum()), int(whole.sum())
    outside = _outside(frame, rectangle, scene, poses, actor)
    return ActorView(
        instance=truth.instance,
        box=_tight(visible, (0, 0)),
        amodal_box=_tight(whole, inside[:2]),
        visible_pixels=count,
        occlusion=1.0 - count / covered,
        truncation=outside / (outside + covered),
    )


def _covered(
    frame: CameraFrame, scene: RayScene, poses: dict[PartName, Floats], actor: int, pixels: NDArray[np.generic]
) -> NDArray[np.bool_]:
    """Which pixels (N, 2) the actor alone would cover."""
    rays = directions(frame.lens, pixels) @ frame.world_from_camera[:3, :3].T
    return silhouette(scene, poses, actor, frame.world_from_camera[:3, 3], rays)


def _outside(
    frame: CameraFrame, rectangle: Rectangle, scene: RayScene, poses: dict[PartName, Floats], actor: int
) -> float:
    """Area of the silhouette outside the image [px], counted on a grid over the rectangle."""
    width, height = frame.lens.width - 0.5, frame.lens.height - 0.5
    left, top, right, bottom = rectangle
    if left >= -0.5 and top >= -0.5 and right <= width and bottom <= height:
        return 0.0
    step = max(1.0, float(np.sqrt((right - left) * (bottom - top) / COARSE_RAYS)))
    u, v = np.meshgrid(np.arange(left, right, step) + step / 2.0, np.arange(top, bottom, step) + step / 2.0)
    pixels = np.stack([u.ravel(), v.ravel()], axis=1)
    within = (pixels >= -0.5).all(axis=1) & (pixels[:, 0] <= width) & (pixels[:, 1] <= height)
    return float(_covered(frame, scene, poses, actor, pixels[~within]).sum()) * step**2


def _rectangle(frame: CameraFrame, truth: ActorTruth, visible: NDArray[np.bool_]) -> Rectangle:
    """A rectangle that holds the silhouette, in pixels, at most `BEYOND` image widths outside the image."""
    reach = BEYOND * frame.lens.width
    corners = corners_in(frame.world_from_camera, truth)
    if (corners[:, 2] < NEAR).any():
        return (-reach, -reach, frame.lens.width + reach, frame.lens.height + reach)
    pixels = project(frame.lens, corners)
    seen = _tight(visible, (0, 0))
    low = np.maximum(np.minimum(pixels.min(axis=0) - 1.0, seen[:2]), -reach)
    high = np.minimum(
        np.maximum(pixels.max(axis=0) + 1.0, seen[2:]), [frame.lens.width + reach, frame.lens.height + reach]
    )
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _clip(rectangle: Rectangle, lens: Pinhole) -> tuple[int, int, int, int]:
    """First and last column and row of the image in a rectangle: (left, top, right, bottom)."""
    left, top, right, bottom = rectangle
    return (
        int(np.clip(np.floor(left), 0, lens.width - 1)),
        int(np.clip(np.floor(top), 0, lens.height - 1)),
        int(np.clip(np.ceil(right), 0, lens.width - 1)),
        int(np.clip(np.ceil(bottom), 0, lens.height - 1)),
    )


def _tight(mask: NDArray[np.bool_], origin: tuple[int, int]) -> Rectangle:
    """The box around the true pixels of a mask whose first pixel is `origin`; coordinates as in `ActorView.box`."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return (
        float(columns[0] + origin[0] - 0.5),
        float(rows[0] + origin[1] - 0.5),
        float(columns[-1] + origin[0] + 0.5),
        float(rows[-1] + origin[1] + 0.5),
    )
