"""How a camera sees each actor: visibility is counted in rays, never guessed from boxes."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import inverse, move
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.camera.lens import Lens, Pinhole
from roadlab_sensors.rays.bundles import Bundles
from roadlab_sensors.rays.cast import silhouettes
from roadlab_sensors.rays.motion import Motion
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.readings import ActorView

Floats = NDArray[np.float64]
Rectangle = tuple[float, float, float, float]

NEAR = 0.2
"""Corners nearer than this to the image plane [m] have no useful projection."""
BEYOND = 3.0
"""How far outside the image a silhouette is followed, in image widths."""
COARSE_RAYS = 20_000
"""Rays spent on the part of a silhouette that is outside the image."""
_EDGE = np.linspace(-0.5, 0.5, 9)
_SURFACE = np.array([p for p in itertools.product(_EDGE, repeat=3) if max(map(abs, p)) == 0.5])
"""Points on the surface of a box of size 1, dense enough that what a lens bends between them is less than a pixel."""


def actor_views(
    instance: NDArray[np.uint16],
    gaze: Gaze,
    scene: RayScene,
    motion: Motion,
    boxes: Mapping[int, Floats],
    *,
    masks: bool = False,
) -> tuple[ActorView, ...]:
    """A view of each actor of which at least one pixel is visible.

    `instance` (H, W) holds ids, `motion` where the parts are during the exposure, and `boxes` by instance id the poses
    (M, 4, 4) of the actor's box, scaled to its size, from the beginning to the end of the exposure. With `masks` the
    views hold their amodal masks.
    """
    seen = np.bincount(instance.ravel(), minlength=max(boxes, default=0) + 1)
    index_of = {actor.instance: k for k, actor in enumerate(scene.actors)}
    outlines = [_outline(instance, gaze, number, poses) for number, poses in boxes.items() if seen[number] > 0]
    asked = [gaze.rays(outline.questions) for outline in outlines]
    looks = [np.isfinite(rays.directions[:, 0]) for rays in asked]
    wanted = [
        (index_of[outline.instance], Bundles(rays.origins[some], rays.directions[some], rays.times[some]))
        for outline, rays, some in zip(outlines, asked, looks, strict=True)
    ]
    views = []
    for outline, some, answer in zip(outlines, looks, silhouettes(scene, motion, wanted), strict=True):
        covered = np.zeros(len(some), dtype=bool)
        covered[some] = answer
        view = _view(outline, covered)
        views.append(replace(view, amodal_mask=_mask(outline, covered, gaze.lens)) if masks else view)
    return tuple(views)


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


def _outline(instance: NDArray[np.uint16], gaze: Gaze, number: int, boxes: Floats) -> _Outline:
    visible = instance == number
    rectangle = _rectangle(gaze, boxes, visible)
    inside = _clip(rectangle, gaze.lens)
    part = visible[inside[1] : inside[3] + 1, inside[0] : inside[2] + 1]
    outside, step = _outside(gaze.lens, rectangle)
    return _Outline(number, part, inside[:2], np.argwhere(~part), outside, step)


def _view(outline: _Outline, covered: NDArray[np.bool_]) -> ActorView:
    outside, whole = covered[len(outline.hidden) :], _silhouette(outline, covered)
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


def _silhouette(outline: _Outline, covered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    whole = outline.visible.copy()
    whole[tuple(outline.hidden[covered[: len(outline.hidden)]].T)] = True
    return whole


def _mask(outline: _Outline, covered: NDArray[np.bool_], lens: Lens) -> str:
    from pycocotools import mask as run_lengths

    whole = np.zeros((lens.height, lens.width), dtype=np.uint8, order="F")
    (left, top), part = outline.origin, _silhouette(outline, covered)
    whole[top : top + part.shape[0], left : left + part.shape[1]] = part
    encoded: bytes = run_lengths.encode(whole)["counts"]
    return encoded.decode("ascii")


def _outside(lens: Lens, rectangle: Rectangle) -> tuple[Floats, float]:
    """A grid over the part of a rectangle outside the image: points (M, 2) and their distance [px]."""
    width, height = lens.width - 0.5, lens.height - 0.5
    left, top, right, bottom = rectangle
    if left >= -0.5 and top >= -0.5 and right <= width and bottom <= height:
        return np.zeros((0, 2)), 1.0
    step = max(1.0, float(np.sqrt((right - left) * (bottom - top) / COARSE_RAYS)))
    u, v = np.meshgrid(np.arange(left, right, step) + step / 2.0, np.arange(top, bottom, step) + step / 2.0)
    pixels = np.stack([u.ravel(), v.ravel()], axis=1)
    within = (pixels >= -0.5).all(axis=1) & (pixels[:, 0] <= width) & (pixels[:, 1] <= height)
    beyond = pixels[~within]
    rays = lens.directions(beyond)
    with np.errstate(invalid="ignore"):
        real = np.abs(lens.project(rays) - beyond).max(axis=1, initial=0.0) < 0.5
    return beyond[real], step


def _rectangle(gaze: Gaze, boxes: Floats, visible: NDArray[np.bool_]) -> Rectangle:
    """A rectangle that holds the silhouette, in pixels, at most `BEYOND` image widths outside the image."""
    reach = BEYOND * gaze.lens.width
    surfaces = [move(inverse(camera) @ box, _SURFACE) for camera in gaze.world_from_camera[[0, -1]] for box in boxes]
    points = np.concatenate(surfaces)
    pixels = gaze.lens.project(points)
    near = points[:, 2] < NEAR if isinstance(gaze.lens, Pinhole) else np.zeros(len(points), dtype=bool)
    known = pixels[np.isfinite(pixels[:, 0])]
    if near.any() or not len(known):
        return (-reach, -reach, gaze.lens.width + reach, gaze.lens.height + reach)
    seen = _tight(visible, (0, 0))
    low = np.maximum(np.minimum(known.min(axis=0) - 1.0, seen[:2]), -reach)
    high = np.minimum(
        np.maximum(known.max(axis=0) + 1.0, seen[2:]), [gaze.lens.width + reach, gaze.lens.height + reach]
    )
    return (float(low[0]), float(low[1]), float(high[0]), float(high[1]))


def _clip(rectangle: Rectangle, lens: Lens) -> tuple[int, int, int, int]:
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
