"""Colours of what sensors report, that people with any kind of colour vision can tell apart."""

from __future__ import annotations

from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_tools.palette import CLASS_COLORS, Color
from roadlab_tools.preview.truth import instance_colors
from roadlab_tools.viewer.panes.pane import Coloring
from roadlab_tools.viewer.panes.readings import Cloud
from roadlab_tools.viewer.strokes import Image

EDGES = ((0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7))
"""Of `roadlab.geometry.poses.box_corners`."""
FRONT = (0, 3, 7, 4)
"""The corners of the face that looks ahead, around it."""

_CLASSES: dict[str, Color] = {
    "ego vehicle": (245, 245, 245),
    "static": (200, 170, 120),
    "ground": (92, 92, 96),
    "road": (104, 108, 118),
    "sidewalk": (150, 148, 160),
    "parking": (122, 126, 140),
    "building": (150, 122, 110),
    "wall": (160, 140, 130),
    "fence": (170, 150, 130),
    "guard rail": (176, 176, 186),
    "pole": (196, 196, 204),
    "traffic light": (255, 220, 110),
    "traffic sign": (170, 215, 255),
    "vegetation": (60, 110, 80),
    "terrain": (84, 98, 70),
    "sky": (0, 0, 0),
    "person": CLASS_COLORS["pedestrian"],
    "rider": CLASS_COLORS["cyclist"],
    "car": CLASS_COLORS["car"],
    "truck": CLASS_COLORS["truck"],
    "bus": (250, 240, 150),
    "motorcycle": (200, 90, 160),
    "bicycle": (240, 170, 215),
    "road marking": (235, 235, 235),
}
"""What moves in the colours of the map's actors; what stands still is dull and differs in brightness."""
_HEIGHTS = (-2.0, 4.0)
"""Between which the colour changes [m] above the sensor."""
NOTHING: Color = (120, 120, 120)


@lru_cache(maxsize=1)
def class_table() -> Image:
    """(256, 3) colours by semantic id."""
    table = np.zeros((256, 3), np.uint8)
    for name, color in _CLASSES.items():
        table[SEMANTIC_IDS[name]] = color
    return table


def scale(values: NDArray[np.generic], low: float, high: float) -> Image:
    """(N, 3) dark blue to yellow for values (N,) from `low` to `high`; never so dark as the background."""
    share = np.clip((np.asarray(values, dtype=np.float32) - low) / max(high - low, 1e-9), 0.0, 1.0)
    found: Image = _ramp()[(share * 255).astype(np.uint8)]
    return found


@lru_cache(maxsize=1)
def _ramp() -> NDArray[np.uint8]:
    levels = np.rint(np.linspace(50, 255, 256)).astype(np.uint8)
    colored = cv2.applyColorMap(levels[:, None], cv2.COLORMAP_CIVIDIS)
    return np.ascontiguousarray(colored[:, 0, ::-1])


def range_colors(distance: NDArray[np.floating]) -> Image:
    """(N, 3) near is bright; equal ratios of the distance [m] get equal steps."""
    return scale(-np.log(np.maximum(distance, 1.0)), -np.log(100.0), -np.log(3.0))


def cloud_colors(cloud: Cloud, coloring: Coloring) -> Image | None:
    """(N, 3) colours of its points; None where the dataset does not say what they would be by."""
    if coloring == "height":
        return scale(cloud.points[:, 2], *_HEIGHTS)
    if coloring == "range":
        return range_colors(np.linalg.norm(cloud.points, axis=1))
    name = {"class": "semantic"}.get(coloring, coloring)
    if name not in cloud.columns:
        return None
    values = cloud.columns[name]
    if coloring == "class":
        return np.asarray(class_table()[values])
    if coloring == "instance":
        colors = instance_colors(values.astype(np.uint16))
        colors[values == 0] = (96, 100, 110)
        return colors
    if coloring == "intensity":
        return scale(np.sqrt(np.clip(values, 0.0, 1.0)), 0.0, 1.0)
    if not len(values):
        return np.zeros((0, 3), np.uint8)
    numbers = (values - values.min()).astype(np.float32)
    return scale(numbers, 0.0, float(numbers.max()))
