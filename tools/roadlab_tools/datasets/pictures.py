"""Sample pictures for a dataset's card: what cameras saw, with the dataset's boxes drawn through the calibration."""

from __future__ import annotations

import base64

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import box_corners, inverse, move
from roadlab_tools.datasets.images import jpeg
from roadlab_tools.datasets.item import Item
from roadlab_tools.datasets.reading import Dataset
from roadlab_tools.palette import class_color

COUNT = 6
WIDTH = 480
FARTHEST = 80.0
"""Boxes farther away are not drawn [m]."""
_EDGES = ((0, 1), (1, 2), (2, 3), (3, 0), (4, 5), (5, 6), (6, 7), (7, 4), (0, 4), (1, 5), (2, 6), (3, 7))


def sample_pictures(dataset: Dataset) -> list[tuple[str, str]]:
    """Caption and data URL of some samples, spread over the dataset; none where the format keeps no pictures."""
    chosen = np.unique(np.linspace(0, len(dataset) - 1, min(COUNT, len(dataset))).astype(int)).tolist()
    pictures = []
    for item in (dataset[position] for position in chosen):
        for name, camera in list(item.cameras.items())[:1]:
            if "image" in camera:
                data = base64.b64encode(jpeg(_drawn(item, name), quality=80)).decode()
                pictures.append((f"{item.scene}, sample {item.number}, {name}", f"data:image/jpeg;base64,{data}"))
    return pictures


def _drawn(item: Item, name: str) -> NDArray[np.uint8]:
    camera = item.cameras[name]
    scale = WIDTH / camera.lens.width
    size = (WIDTH, max(1, round(camera.lens.height * scale)))
    image = np.ascontiguousarray(cv2.resize(camera["image"], size, interpolation=cv2.INTER_AREA))
    for row, pose in enumerate(item.boxes.world_from_box):
        corners = move(inverse(camera.world_from_camera) @ pose, box_corners(item.boxes.size[row]))
        if corners[:, 2].min() < 0.5 or corners[:, 2].mean() > FARTHEST:
            continue
        pixels = camera.lens.project(corners) * scale
        for a, b in _EDGES:
            if np.isfinite(pixels[[a, b]]).all() and np.abs(pixels[[a, b]]).max() < 4 * WIDTH:
                ends = [tuple(np.rint(pixels[k]).astype(int).tolist()) for k in (a, b)]
                cv2.line(image, ends[0], ends[1], class_color(item.boxes.category[row]), 1, cv2.LINE_AA)
    return image.astype(np.uint8)
