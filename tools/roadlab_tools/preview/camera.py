"""The camera's picture with every label drawn into it: the 2D box, and the 3D box through the calibration."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from roadlab_tools.datasets.kitti_frame import KittiFrame
from roadlab_tools.datasets.kitti_label import Label
from roadlab_tools.palette import Color, class_color
from roadlab_tools.preview import canvas
from roadlab_tools.preview.canvas import Image

EDGES = ((0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7))
"""Pairs of `Label.corners`."""
FRONT = (0, 1, 5, 4)
"""The face of `Label.corners` that looks where the actor looks."""
_NEAR = 0.2
"""Edges are cut at this depth [m]: what is behind the camera cannot be projected."""
_TAG_HEIGHT = 17


def camera_picture(frame: KittiFrame) -> Image:
    """The picture with its labels, the nearest actor on top."""
    image = frame.image.copy()
    labels = sorted(frame.labels, key=lambda label: -label.location[2])
    for label in labels:
        if label.type == "DontCare":
            canvas.outline(image, _rectangle(label.box), class_color(label.type))
        else:
            _draw_boxes(image, label, frame.calibration.projection)
    _draw_tags(image, [label for label in reversed(labels) if label.type != "DontCare"])
    return image


def projected_edges(label: Label, projection: NDArray[np.float64]) -> NDArray[np.float64]:
    """(E, 2, 2) [pixel], the edges of the 3D box that are before the camera, cut where they pass it."""
    return _project(_cut(label.corners[np.array(EDGES)]), projection)


def projected_box(label: Label, projection: NDArray[np.float64]) -> tuple[float, float, float, float]:
    """(left, top, right, bottom) [pixel] around the projected 3D box, not clipped to the image."""
    points = projected_edges(label, projection).reshape(-1, 2)
    left, top = points.min(axis=0).tolist()
    right, bottom = points.max(axis=0).tolist()
    return left, top, right, bottom


def _draw_boxes(image: Image, label: Label, projection: NDArray[np.float64]) -> None:
    color = class_color(label.type)
    front = label.corners[list(FRONT)]
    if front[:, 2].min() > _NEAR:
        canvas.filled(image, _project(front, projection), color, opacity=0.35)
    canvas.lines(image, projected_edges(label, projection), color)
    canvas.outline(image, _rectangle(label.box), _paler(color))


def _draw_tags(image: Image, labels: list[Label]) -> None:
    """Type and distance above each box, unless the tag of a nearer actor is there already."""
    taken: list[tuple[int, int, int, int]] = []
    for label in labels:
        text = f"{label.type} {np.hypot(label.location[0], label.location[2]):.0f} m"
        width = canvas.text_width(text) + 8
        left = int(np.clip((label.box[0] + label.box[2] - width) / 2, 0, image.shape[1] - width))
        bottom = int(np.clip(label.box[1] - 2, _TAG_HEIGHT, image.shape[0]))
        place = (left, bottom - _TAG_HEIGHT, left + width, bottom)
        if not any(_overlap(place, other) for other in taken):
            taken.append(place)
            canvas.filled(image, _rectangle(place), (20, 20, 20), opacity=0.75)
            canvas.write(image, text, (left + 4, bottom - 4), class_color(label.type))


def _cut(segments: NDArray[np.float64]) -> NDArray[np.float64]:
    """The parts of segments (E, 2, 3) that are at least `_NEAR` before the camera."""
    segments = segments[(segments[:, :, 2] > _NEAR).any(axis=1)]
    start, end = segments[:, 0], segments[:, 1]
    along = end - start
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = start + along * ((_NEAR - start[:, 2:]) / along[:, 2:])
    return np.stack(
        [np.where(start[:, 2:] < _NEAR, crossing, start), np.where(end[:, 2:] < _NEAR, crossing, end)], axis=1
    )


def _project(points: NDArray[np.float64], projection: NDArray[np.float64]) -> NDArray[np.float64]:
    homogeneous = points @ projection[:, :3].T + projection[:, 3]
    pixels: NDArray[np.float64] = homogeneous[..., :2] / homogeneous[..., 2:]
    return pixels


def _rectangle(box: tuple[float, float, float, float]) -> list[tuple[float, float]]:
    left, top, right, bottom = box
    return [(left, top), (right, top), (right, bottom), (left, bottom)]


def _overlap(a: tuple[int, int, int, int], b: tuple[int, int, int, int]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _paler(color: Color) -> Color:
    red, green, blue = ((channel + 255) // 2 for channel in color)
    return red, green, blue
