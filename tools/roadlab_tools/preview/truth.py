"""Depth, instances and semantics in colours, side by side."""

from __future__ import annotations

import colorsys

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_tools.datasets.kitti_frame import PixelTruth
from roadlab_tools.palette import SEMANTIC_COLORS
from roadlab_tools.preview import canvas
from roadlab_tools.preview.canvas import Image

_NEAREST = 3.0
"""Depth [m] that gets the brightest colour; the furthest is `_FURTHEST`."""
_FURTHEST = 100.0
_GOLDEN = 0.618033988749895


def truth_strip(truth: PixelTruth, width: int) -> Image:
    """A picture of this width with the three planes, each a third of it."""
    edges = np.rint(np.linspace(0, width, 4)).astype(int)
    height = round(width / 3 * truth.depth.shape[0] / truth.depth.shape[1])
    planes = {
        "depth": depth_colors(truth.depth),
        "instance": instance_colors(truth.instance),
        "semantic": semantic_colors(truth.semantic),
    }
    panels = []
    for (name, picture), left, right in zip(planes.items(), edges[:-1], edges[1:], strict=True):
        panel = cv2.resize(picture, (int(right - left), height), interpolation=cv2.INTER_AREA)
        canvas.filled(
            panel,
            [(4, 4), (16 + canvas.text_width(name), 4), (16 + canvas.text_width(name), 23), (4, 23)],
            (20, 20, 20),
            0.75,
        )
        canvas.write(panel, name, (10, 18), (235, 235, 235))
        panels.append(panel)
    return np.hstack(panels)


def depth_colors(depth: NDArray[np.float32]) -> Image:
    """Near is bright, far is dark, unknown is black; equal ratios of depth get equal steps."""
    span = np.log(_FURTHEST / _NEAREST)
    near = 1.0 - np.clip(np.log(np.maximum(depth, _NEAREST) / _NEAREST) / span, 0.0, 1.0)
    colors: Image = cv2.applyColorMap(np.rint(near * 255).astype(np.uint8), cv2.COLORMAP_CIVIDIS)[..., ::-1].copy()
    colors[~np.isfinite(depth)] = 0
    return colors


def instance_colors(instance: NDArray[np.uint16]) -> Image:
    """A hue of its own for each actor, the same in every frame."""
    ids = np.arange(int(instance.max(initial=0)) + 1)
    hues = [colorsys.hsv_to_rgb(i * _GOLDEN % 1.0, 0.55 + 0.3 * (i % 2), 1.0) for i in ids.tolist()]
    table = np.rint(np.array(hues) * 255).astype(np.uint8)
    table[0] = 0
    colors: Image = table[instance]
    return colors


def semantic_colors(semantic: NDArray[np.uint8]) -> Image:
    """The colours in which Cityscapes shows its classes."""
    table = np.zeros((256, 3), np.uint8)
    for number, color in SEMANTIC_COLORS.items():
        table[number] = color
    colors: Image = table[semantic]
    return colors
