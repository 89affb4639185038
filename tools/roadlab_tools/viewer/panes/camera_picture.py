"""A camera's picture with what is true of it drawn into it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import box_corners, inverse, move
from roadlab_sensors.readings import PERSON_KEYPOINTS
from roadlab_tools.palette import Color, class_color
from roadlab_tools.preview.truth import depth_colors, instance_colors
from roadlab_tools.viewer.panes.colors import EDGES, FRONT, class_table
from roadlab_tools.viewer.panes.lanes import LaneBorders
from roadlab_tools.viewer.panes.pane import Overlay
from roadlab_tools.viewer.panes.readings import Picture
from roadlab_tools.viewer.strokes import Image, curve, disc, outlined

LANE: Color = (255, 200, 40)
_SKELETON = (
    ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip"), ("left_shoulder", "left_hip"),
    ("right_shoulder", "right_hip"), ("left_shoulder", "left_elbow"), ("left_elbow", "left_wrist"),
    ("right_shoulder", "right_elbow"), ("right_elbow", "right_wrist"), ("left_hip", "left_knee"),
    ("left_knee", "left_ankle"), ("right_hip", "right_knee"), ("right_knee", "right_ankle"), ("nose", "left_shoulder"),
    ("nose", "right_shoulder"),
)  # fmt: skip
_BONES = [(PERSON_KEYPOINTS.index(a), PERSON_KEYPOINTS.index(b)) for a, b in _SKELETON]
_PIECES = np.linspace(0.0, 1.0, 9)
"""An edge is drawn in pieces: through some lenses it is bent."""
_ARROWS = 18.0
"""Between the arrows of the flow [pixel]."""


def missing(picture: Picture) -> frozenset[Overlay]:
    """Overlays for which it has nothing."""
    needs: Mapping[Overlay, str] = {"mask": "instance", "class": "semantic", "depth": "depth", "flow": "flow_forward"}
    gone: set[Overlay] = {overlay for overlay, plane in needs.items() if plane not in picture.planes}
    if not any(view.keypoints is not None and len(view.keypoints) for view in picture.views):
        gone.add("joints")
    if not picture.views:
        gone.add("2D")
    return frozenset(gone)


def camera_picture(
    picture: Picture, overlays: frozenset[Overlay], borders: LaneBorders, size: tuple[int, int]
) -> Image:
    """(H, W, 3) as large as fits into `size` (width, height)."""
    lens = picture.lens
    factor = min(size[0] / lens.width, size[1] / lens.height)
    width, height = max(1, round(lens.width * factor)), max(1, round(lens.height * factor))
    image = _enlarged(picture.planes["image"], (width, height))
    for overlay, colors in _PLANES.items():
        if overlay in overlays - missing(picture):
            name, paint, share = colors
            plane = picture.planes[name]
            painted = _enlarged(paint(plane), (width, height), cv2.INTER_NEAREST)
            image = _mixed(image, painted, share)

    def there(pixels: NDArray[np.float64]) -> NDArray[np.float64]:
        return (pixels + 0.5) * factor - 0.5

    categories = dict(zip(picture.boxes.instance.tolist(), picture.boxes.category, strict=True))
    if "lanes" in overlays:
        _draw_lanes(image, picture, borders, there)
    if "flow" in overlays and "flow_forward" in picture.planes:
        _draw_flow(image, picture.planes["flow_forward"], factor, there)
    if "3D" in overlays:
        _draw_boxes(image, picture, there)
    for view in picture.views:
        color = class_color(categories.get(view.instance, ""))
        left, top, right, bottom = view.box
        if "2D" in overlays:
            corners = there(np.array([(left, top), (right, top), (right, bottom), (left, bottom)]))
            outlined(image, corners, color, 1.0)
        if "joints" in overlays and view.keypoints is not None and len(view.keypoints):
            _draw_joints(image, view.keypoints, there)
    return image


def _enlarged(plane: NDArray[Any], size: tuple[int, int], how: int = cv2.INTER_LINEAR) -> Image:
    if plane.shape[1] > size[0]:
        how = cv2.INTER_AREA if how == cv2.INTER_LINEAR else how
    return np.asarray(cv2.resize(np.ascontiguousarray(plane), size, interpolation=how), dtype=np.uint8)


def _mixed(image: Image, painted: Image, share: float) -> Image:
    """Colours over the picture; what is black in them lets it through."""
    both = np.asarray(cv2.addWeighted(painted, share, image, 1.0 - share, 0.0), dtype=np.uint8)
    return np.where(painted.any(axis=2, keepdims=True), both, image)


def _classes(semantic: NDArray[np.uint8]) -> Image:
    return class_table()[semantic]


_PLANES: Mapping[Overlay, tuple[str, Callable[[NDArray[Any]], Image], float]] = {
    "depth": ("depth", depth_colors, 0.85),
    "class": ("semantic", _classes, 0.6),
    "mask": ("instance", instance_colors, 0.55),
}

Place = Callable[[NDArray[np.float64]], NDArray[np.float64]]


def _draw_boxes(image: Image, picture: Picture, there: Place) -> None:
    """Edges of the boxes, the far ones first; the face that looks ahead is crossed."""
    boxes = picture.boxes
    camera_from_world = inverse(picture.world_from_camera)
    order = np.argsort([-move(camera_from_world, pose[:3, 3])[2] for pose in boxes.world_from_box])
    for k in order:
        corners = move(camera_from_world @ boxes.world_from_box[k], box_corners(boxes.size[k]))
        if (corners[:, 2] > 0.1).any() and np.linalg.norm(corners.mean(axis=0)) < 150.0:
            color = class_color(boxes.category[k])
            for a, b in (*EDGES, (FRONT[0], FRONT[2]), (FRONT[1], FRONT[3])):
                edge = corners[a] + _PIECES[:, None] * (corners[b] - corners[a])
                _draw_seen(image, there(picture.lens.project(edge)), edge, color)


def _draw_seen(image: Image, pixels: NDArray[np.float64], points: NDArray[np.float64], color: Color) -> None:
    """The pieces of a line that the lens can see."""
    good = np.isfinite(pixels).all(axis=1) & (points[:, 2] > 0.05)
    for k in np.flatnonzero(good[:-1] & good[1:]):
        curve(image, pixels[k : k + 2], color, 1)


def _draw_lanes(image: Image, picture: Picture, borders: LaneBorders, there: Place) -> None:
    """Borders of the lanes ahead, where nothing stands before them."""
    camera_from_world = inverse(picture.world_from_camera)
    for border in borders.near(picture.world_from_camera[:3, 3]):
        points = move(camera_from_world, border)
        pixels = picture.lens.project(points)
        good = np.isfinite(pixels).all(axis=1) & (points[:, 2] > 0.5)
        good[good] &= picture.lens.holds(pixels[good])
        if "depth" in picture.planes:
            column, row = np.rint(pixels[good]).astype(int).T
            depth = picture.planes["depth"][row, column]
            good[good] &= depth > points[good, 2] * 0.97 - 0.3
        for k in np.flatnonzero(good[:-1] & good[1:]):
            curve(image, there(pixels[k : k + 2]), LANE, 2)


def _draw_flow(image: Image, flow: NDArray[np.float32], factor: float, there: Place) -> None:
    """Arrows from where things are to where they appear in the next frame."""
    step = max(1, round(_ARROWS / factor))
    v, u = np.mgrid[step // 2 : flow.shape[0] : step, step // 2 : flow.shape[1] : step]
    motion = flow[v, u].astype(np.float64)
    starts = np.stack([u, v], axis=-1).astype(np.float64)
    good = np.isfinite(motion).all(axis=-1) & (np.hypot(motion[..., 0], motion[..., 1]) * factor > 0.7)
    for start, by in zip(starts[good], motion[good], strict=True):
        ends = there(np.stack([start, start + by]))
        curve(image, ends, (20, 20, 20), 3)
        curve(image, ends, (240, 228, 66), 1)
        disc(image, ends[0], 1.6, (240, 228, 66))


def _draw_joints(image: Image, keypoints: NDArray[np.float32], there: Place) -> None:
    """Dots, hollow where they are hidden, and the bones of people."""
    places = there(keypoints[:, :2].astype(np.float64))
    state = keypoints[:, 2]
    bones: Sequence[tuple[int, int]] = _BONES if len(keypoints) == len(PERSON_KEYPOINTS) else ()
    for a, b in bones:
        if state[a] > 0 and state[b] > 0:
            curve(image, places[[a, b]], (86, 180, 233), 1)
    for place, seen in zip(places, state.tolist(), strict=True):
        if seen > 0:
            disc(image, place, 2.2, (240, 228, 66) if seen == 2 else (110, 110, 110), (14, 16, 20))
