"""A sweep as a picture: one row a beam, one column an azimuth; ahead is in the middle, left is left."""

from __future__ import annotations

import cv2
import numpy as np

from roadlab_tools.viewer.panes.cloud_picture import BACKGROUND
from roadlab_tools.viewer.panes.colors import NOTHING, cloud_colors
from roadlab_tools.viewer.panes.pane import Coloring
from roadlab_tools.viewer.panes.readings import Cloud
from roadlab_tools.viewer.strokes import Image

_ROWS = 64
"""Of a sweep that does not say which beam each return is of."""
_COLUMNS = 1024
_FEWEST = 64


def range_picture(cloud: Cloud, coloring: Coloring, size: tuple[int, int]) -> Image:
    """(H, W, 3) the nearest return of each cell."""
    distance = np.linalg.norm(cloud.points, axis=1)
    colors = cloud_colors(cloud, coloring)
    if colors is None:
        colors = np.full((len(distance), 3), NOTHING, np.uint8)
    row = _rows(cloud, distance)
    azimuth = np.arctan2(cloud.points[:, 1], cloud.points[:, 0])
    rows = int(row.max(initial=0)) + 1
    # No more columns than each beam has returns, or there would be gaps between them.
    columns = min(_COLUMNS, size[0], max(_FEWEST, len(distance) // rows))
    column = np.floor((0.5 - azimuth / (2.0 * np.pi)) * columns).astype(np.int64) % columns
    order = np.argsort(-distance, kind="stable")
    image = np.full((rows, columns, 3), BACKGROUND, np.uint8)
    image[row[order], column[order]] = colors[order]
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_NEAREST), dtype=np.uint8)


def _rows(
    cloud: Cloud, distance: np.ndarray[tuple[int, ...], np.dtype[np.float32]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """(N,) the beam of each return, or its elevation in equal steps; 0 is the highest."""
    if "ring" in cloud.columns:
        return np.asarray(cloud.columns["ring"], dtype=np.int64)
    if not len(distance):
        return np.zeros(0, dtype=np.int64)
    elevation = np.arcsin(np.clip(cloud.points[:, 2] / np.maximum(distance, 1e-6), -1.0, 1.0))
    low, high = np.quantile(elevation, (0.001, 0.999))
    share = (high - elevation) / max(float(high - low), 1e-9)
    return np.asarray(np.clip(np.floor(share * _ROWS), 0, _ROWS - 1), dtype=np.int64)
