"""A lidar's points in space, seen from an orbit around the sensor."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import box_corners, inverse, move
from roadlab_tools.palette import Color, class_color
from roadlab_tools.viewer.panes.colors import EDGES, FRONT, NOTHING, cloud_colors
from roadlab_tools.viewer.panes.pane import Coloring, Orbit
from roadlab_tools.viewer.panes.readings import Cloud
from roadlab_tools.viewer.strokes import Image, curve

BACKGROUND: Color = (16, 18, 24)
FIELD_OF_VIEW = math.radians(60.0)
"""From left to right."""
_RING: Color = (52, 58, 70)
_RINGS = (10.0, 20.0, 40.0, 80.0)
"""Radii of the circles on the ground [m]."""
_NEAR = 0.3
_STEPS = 1 << 16


class Eye:
    """Projects points of the sensor's frame onto a picture of `size` (width, height)."""

    def __init__(self, orbit: Orbit, size: tuple[int, int]) -> None:
        c, s = math.cos(orbit.elevation), math.sin(orbit.elevation)
        back = np.array([c * math.cos(orbit.azimuth), c * math.sin(orbit.azimuth), s])
        right = np.array([-math.sin(orbit.azimuth), math.cos(orbit.azimuth), 0.0])
        self._rotation = np.stack([right, np.cross(right, back), -back]).astype(np.float32)
        self._place = (np.array([*orbit.center, 0.0]) + orbit.distance * back).astype(np.float32)
        self._focal = np.float32(0.5 * size[0] / math.tan(0.5 * FIELD_OF_VIEW))
        self._middle = np.array(size, dtype=np.float32) / 2

    def pixels(self, points: NDArray[np.floating]) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """(N, 2) pixels and (N,) depths [m] of points (N, 3); what is behind the eye has a depth below 0."""
        x, y, z = (points[:, k].astype(np.float32) - self._place[k] for k in range(3))
        # Written out: for so small a matrix the threads of a BLAS cost more than the sums.
        across, down, depth = (row[0] * x + row[1] * y + row[2] * z for row in self._rotation)
        scale = self._focal / np.maximum(depth, np.float32(_NEAR))
        return np.stack([across * scale + self._middle[0], down * scale + self._middle[1]], axis=-1), depth


def cloud_picture(cloud: Cloud, coloring: Coloring, orbit: Orbit, size: tuple[int, int]) -> Image:
    """(H, W, 3) points, the boxes of the actors, and circles on the ground."""
    image = np.full((size[1], size[0], 3), BACKGROUND, np.uint8)
    eye = Eye(orbit, size)
    ground = -float(cloud.world_from_lidar[2, 3])
    _draw_rings(image, eye, ground)
    _draw_points(image, eye, cloud.points, _point_colors(cloud, coloring))
    lidar_from_world = inverse(cloud.world_from_lidar)
    for pose, extent, category in zip(cloud.boxes.world_from_box, cloud.boxes.size, cloud.boxes.category, strict=True):
        corners = move(lidar_from_world @ pose, box_corners(extent))
        if np.hypot(*corners[0, :2]) < 150.0:
            _draw_box(image, eye, corners, class_color(category))
    return image


@lru_cache(maxsize=4)
def _point_colors(cloud: Cloud, coloring: Coloring) -> NDArray[np.uint32]:
    """(N,) as `_packed`; kept while a cloud is turned."""
    colors = cloud_colors(cloud, coloring)
    return _packed(np.full((len(cloud.points), 3), NOTHING, np.uint8) if colors is None else colors)


def _draw_points(image: Image, eye: Eye, points: NDArray[np.float32], colors: NDArray[np.uint32]) -> None:
    """Two by two pixels a point, the far ones first."""
    height, width = image.shape[:2]
    pixels, depth = eye.pixels(points)
    column, row = np.floor(pixels[:, 0]), np.floor(pixels[:, 1])
    inside = (depth > _NEAR) & (column >= 0) & (row >= 0) & (column < width - 1) & (row < height - 1)
    chosen = np.flatnonzero(inside)
    # Of 16-bit numbers NumPy sorts so many in a millisecond.
    far = np.minimum(depth[chosen] * np.float32(_STEPS / 400.0), np.float32(_STEPS - 1)).astype(np.uint16)
    chosen = chosen[np.argsort(far, kind="stable")[::-1]]
    cell = row[chosen].astype(np.int32) * width + column[chosen].astype(np.int32)
    packed, canvas = colors[chosen], _packed(image.reshape(-1, 3))
    for shift in (0, 1, width, width + 1):
        canvas[cell + shift] = packed
    image.reshape(-1, 3)[:] = canvas.view(np.uint8).reshape(-1, 4)[:, :3]


def _packed(colors: NDArray[np.uint8]) -> NDArray[np.uint32]:
    """(N,) one number a colour (N, 3), which moves faster than three."""
    four = np.zeros((len(colors), 4), np.uint8)
    four[:, :3] = colors
    return four.view(np.uint32).ravel()


def _draw_rings(image: Image, eye: Eye, ground: float) -> None:
    angles = np.linspace(0.0, 2.0 * np.pi, 91)
    for radius in _RINGS:
        points = np.column_stack([radius * np.cos(angles), radius * np.sin(angles), np.full(91, ground)])
        _draw_line(image, eye, points, _RING)
    _draw_line(image, eye, np.array([[0.0, 0.0, ground], [3.0, 0.0, ground]]), (230, 233, 238))
    _draw_line(image, eye, np.array([[0.0, 0.0, ground], [0.0, 0.0, 0.0]]), (230, 233, 238))


def _draw_box(image: Image, eye: Eye, corners: NDArray[np.float64], color: Color) -> None:
    for a, b in (*EDGES, (FRONT[0], FRONT[2]), (FRONT[1], FRONT[3])):
        _draw_line(image, eye, corners[[a, b]], color)


def _draw_line(image: Image, eye: Eye, points: NDArray[np.float64], color: Color) -> None:
    pixels, depth = eye.pixels(points)
    good = depth > _NEAR
    if good.all():
        curve(image, pixels, color)
        return
    for k in np.flatnonzero(good[:-1] & good[1:]):
        curve(image, pixels[k : k + 2], color)
