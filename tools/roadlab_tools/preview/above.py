"""The sweep seen from above, forward to the right, with the labelled boxes on the ground."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_tools.datasets.kitti_frame import KittiFrame
from roadlab_tools.datasets.kitti_label import Label
from roadlab_tools.palette import CLASS_COLORS, EGO_COLOR, class_color
from roadlab_tools.preview import canvas
from roadlab_tools.preview.canvas import Image

BEHIND = 14.0
"""How far the view reaches behind the lidar [m]."""
AHEAD = 66.0
"""How far it reaches ahead [m]."""
_BACKGROUND = (16, 18, 24)
_RING = (58, 64, 76)
_TEXT = (168, 176, 190)
_HEIGHTS = (-1.9, 2.1)
"""Heights [m] above the lidar between which the colour changes: the road to the eaves."""
_EGO = ((-1.0, -0.95), (3.2, -0.95), (3.6, -0.5), (3.6, 0.5), (3.2, 0.95), (-1.0, 0.95))
"""A car's outline [m] around the middle of its rear axle, x forward."""


def sweep_from_above(frame: KittiFrame, width: int, height: int) -> Image:
    """A picture (height, width, 3) of the sweep; the lidar is at the same place in all of them."""
    image = np.full((height, width, 3), _BACKGROUND, np.uint8)
    scale = width / (BEHIND + AHEAD)

    def pixels(points: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.stack([(points[:, 0] + BEHIND) * scale, height / 2 - points[:, 1] * scale], axis=1)

    _draw_rings(image, pixels(np.zeros((1, 2)))[0], scale)
    _draw_points(image, pixels(frame.points.astype(np.float64)), _colors(frame))
    lidar_from_camera = np.linalg.inv(frame.calibration.rectified_from_lidar)
    for label in frame.labels:
        if label.type != "DontCare":
            corners = label.corners[:4] @ lidar_from_camera[:3, :3].T + lidar_from_camera[:3, 3]
            _draw_actor(image, pixels(corners), label)
    ego = np.column_stack([np.array(_EGO), np.zeros((len(_EGO), 1))])
    pose = frame.calibration.lidar_from_ego
    canvas.outline(image, pixels(ego @ pose[:3, :3].T + pose[:3, 3]), EGO_COLOR, 2)
    _draw_legend(image, frame)
    return image


def _draw_rings(image: Image, center: NDArray[np.float64], scale: float) -> None:
    x, y = center.tolist()
    for distance in range(10, int(AHEAD) + 10, 10):
        canvas.circle(image, (x, y), distance * scale, _RING)
        canvas.write(image, f"{distance} m", (x + distance * scale + 4, y - 4), _TEXT, 12)


def _draw_points(image: Image, pixels: NDArray[np.float64], colors: NDArray[np.uint8]) -> None:
    """Two by two pixels for each return, higher ones over lower ones."""
    height, width = image.shape[:2]
    corner = np.floor(pixels).astype(int)
    inside = (corner >= 0).all(axis=1) & (corner[:, 0] < width - 1) & (corner[:, 1] < height - 1)
    column, row = corner[inside].T
    for down, right in ((0, 0), (0, 1), (1, 0), (1, 1)):
        image[row + down, column + right] = colors[inside]


def _colors(frame: KittiFrame) -> NDArray[np.uint8]:
    """(N, 3): the class's colour inside a labelled box, elsewhere by height."""
    low, high = _HEIGHTS
    share = np.clip((frame.points[:, 2] - low) / (high - low), 0.0, 1.0)
    levels = np.rint(60 + share * 195).astype(np.uint8)  # the map's first quarter drowns in the background
    colors: NDArray[np.uint8] = cv2.applyColorMap(levels[:, None], cv2.COLORMAP_CIVIDIS)[:, 0, ::-1].copy()
    rectified = frame.calibration.rectified_from_lidar
    points = frame.points @ rectified[:3, :3].T + rectified[:3, 3]
    for label in frame.labels:
        if label.type != "DontCare":
            colors[points_in_box(points, label)] = class_color(label.type)
    return colors


def points_in_box(points: NDArray[np.float64], label: Label) -> NDArray[np.bool_]:
    """Which of points (N, 3), camera frame, lie in the label's 3D box."""
    pose = label.camera_from_base
    x, y, z = ((points - pose[:3, 3]) @ pose[:3, :3]).T
    inside: NDArray[np.bool_] = (
        (abs(x) <= label.length / 2) & (y <= 0) & (y >= -label.height) & (abs(z) <= label.width / 2)
    )
    return inside


def _draw_actor(image: Image, corners: NDArray[np.float64], label: Label) -> None:
    """The box on the ground with a line from its middle through its front."""
    color = class_color(label.type)
    canvas.filled(image, corners, color, opacity=0.18)
    canvas.outline(image, corners, color, 2)
    middle, nose = corners.mean(axis=0), corners[:2].mean(axis=0)
    canvas.lines(image, [[middle, nose + (nose - middle) * 0.4]], color, 2)


def _draw_legend(image: Image, frame: KittiFrame) -> None:
    height = image.shape[0]
    count = f"{len(frame.points):,}".replace(",", " ")
    title = f"lidar from above, frame {frame.index:06d}, {count} points"
    canvas.write(image, title, (12, 24), (225, 228, 235), 16)
    x = 12.0
    for name, color in CLASS_COLORS.items():
        if name != "dontcare":
            canvas.filled(
                image, [(x, height - 22), (x + 12, height - 22), (x + 12, height - 10), (x, height - 10)], color
            )
            canvas.write(image, name, (x + 18, height - 11), _TEXT, 14)
            x += 34 + canvas.text_width(name)
