"""How a camera sees each actor: visibility is counted in rays, never guessed from boxes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.camera.lens import directions, project
from roadlab_sensors.rays.cast import silhouettes
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
    outlines = [_outline(frame, truth) for truth in truths if seen[truth.instance] > 0]
    wanted = [(actor_index[o.instance], _rays(frame, o.questions)) for o in outlines]
    answers = silhouettes(scene, poses, frame.world_from_camera[:3, 3], wanted)
    return tuple(_view(outline, answer) for outline, answer in zip(outlines, answers, strict=True))


@dataclass(frozen=True)
class _Outline:
    """What is visible of an actor, and where else it may be."""

    instance: int
    visible: NDArray[np.bool_]
    """The rectangle of the image that holds the silhouette's part inside the image."""
    origin: tuple[int, int]
    """(column, row) of that rectangle's first pixel."""
    hidden: NDArray[np.int64]
    """(N, 2) row and column in `visible` of each pixel that shows something else."""
    outside: Floats
    """(M, 2) points of a grid over the silhouette's rectangle outside the image, (u, v)."""
    step: float
    """Width of that grid [px]."""

    @property
    def questions(self) -> Floats:
        """(N + M, 2) pixels (u, v) that the actor may cover."""
        return np.concatenate([self.hidden[:, ::-1] + self.origin, self.outside])


def _outline(frame: CameraFrame, truth: ActorTruth) -> _Outline:
    visible = frame.instance == truth.instance
    rectangle = _rectangle(frame, truth, visible)
    inside = _clip(rectangle, frame.lens)
    part = visible[inside[1] : inside[3] + 1, inside[0] : inside[2] + 1]
    outside, step = _outside(frame.lens, rectangle)
    return _Outline(truth.instance, part, inside[:2], np.argwhere(~part), outside, step)


def _view(outline: _Outline, covered: NDArray[np.bool_]) -> ActorView:
    inside, outside = covered[: len(outline.hidden)], covered[len(outline.hidden) :]
    whole = outline.visible.copy()
    whole[tuple(outline.hidden[inside].T)] = True
    count, silhouette = int(outline.visible.sum()), int(whole.sum())
    beyond = float(outside.sum()) * outline.step**2
    return ActorView(
        instance=outline.instance,
        box=_tight(outline.visible, outline.origin),
        amodal_box=_tight(whole, outline.origin),
        visible_pixels=count,
        occlusion=1.0 - count / silhouette,
        truncation=beyond / (beyond + silhouette),
    )


def _rays(frame: CameraFrame, pixels: Floats) -> Floats:
    """(N, 3) directions in the world."""
    rays: Floats = directions(frame.lens, pixels) @ frame.world_from_camera[:3, :3].T
    return rays


def _outside(lens: Pinhole, rectangle: Rectangle) -> tuple[Floats, float]:
    """A grid over the part of a rectangle outside the image: points (M, 2) and their distance [px]."""
    width, height = lens.width - 0.5, lens.height - 0.5
    left, top, right, bottom = rectangle
    if left >= -0.5 and top >= -0.5 and right <= width and bottom <= height:
        return np.zeros((0, 2)), 1.0
    step = max(1.0, float(np.sqrt((right - left) * (bottom - top) / COARSE_RAYS)))
    u, v = np.meshgrid(np.arange(left, right, step) + step / 2.0, np.arange(top, bottom, step) + step / 2.0)
    pixels = np.stack([u.ravel(), v.ravel()], axis=1)
    within = (pixels >= -0.5).all(axis=1) & (pixels[:, 0] <= width) & (pixels[:, 1] <= height)
    return pixels[~within], step


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
