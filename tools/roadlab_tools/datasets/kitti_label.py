"""KITTI's label line (object development kit, readme.txt): fifteen columns for each thing that the camera sees.

The box is in 0-based pixels and clipped to the centres of the outermost pixels. `location` is the centre of the box's
bottom face in the camera frame (x right, y down, z forward); `rotation_y` turns about the camera's y axis and is 0
when the actor faces the camera's +x. KITTI knows no other rotation: an actor's pitch and roll are not in the label.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab_sensors.readings import ActorTruth, ActorView, CameraFrame

TYPES: dict[Category, str] = {
    "car": "Car",
    "van": "Van",
    "truck": "Truck",
    "trailer": "Truck",
    "pedestrian": "Pedestrian",
    "cyclist": "Cyclist",
    "bus": "Misc",
    "motorcyclist": "Misc",
    "cone": "Misc",
    "barrel": "Misc",
    "barrier": "Misc",
    "obstacle": "Misc",
}
"""KITTI has no class for buses, motorcycles and what stands on roads: Misc is what fits nowhere else (readme of the
object devkit). Its trucks are labelled with their trailers."""
PARTLY_OCCLUDED = 0.1
"""From this hidden share of the silhouette on an actor counts as partly occluded (level 1)."""
LARGELY_OCCLUDED = 0.5
"""From this hidden share of the silhouette on an actor counts as largely occluded (level 2)."""
LABELLED_PIXELS = 20
"""An actor with fewer visible pixels is a `DontCare` region: nobody could tell what it is, so nobody is asked to."""


@dataclass(frozen=True, slots=True)
class Label:
    """One line of a label file."""

    type: str
    truncated: float
    """0 to 1, the share of the silhouette outside the image."""
    occluded: int
    """0 visible, 1 partly, 2 largely occluded, 3 unknown."""
    alpha: float
    """Observation angle [rad]."""
    box: tuple[float, float, float, float]
    """(left, top, right, bottom) [pixel]."""
    height: float
    width: float
    length: float
    location: tuple[float, float, float]
    """Centre of the bottom face [m], camera frame."""
    rotation_y: float
    """[rad], in [-pi, pi]."""

    def __str__(self) -> str:
        left, top, right, bottom = self.box
        if self.type == "DontCare":
            return f"DontCare -1 -1 -10 {left:.2f} {top:.2f} {right:.2f} {bottom:.2f} -1 -1 -1 -1000 -1000 -1000 -10"
        x, y, z = self.location
        return (
            f"{self.type} {self.truncated:.2f} {self.occluded} {self.alpha:.4f} "
            f"{left:.2f} {top:.2f} {right:.2f} {bottom:.2f} {self.height:.3f} {self.width:.3f} {self.length:.3f} "
            f"{x:.4f} {y:.4f} {z:.4f} {self.rotation_y:.4f}"
        )

    @property
    def camera_from_base(self) -> NDArray[np.float64]:
        """(4, 4) from the box's base frame (x along its length, y down, z along its width) to the camera frame."""
        c, s = math.cos(self.rotation_y), math.sin(self.rotation_y)
        pose = np.eye(4)
        pose[:3, :3] = [[c, 0.0, s], [0.0, 1.0, 0.0], [-s, 0.0, c]]
        pose[:3, 3] = self.location
        return pose

    @property
    def corners(self) -> NDArray[np.float64]:
        """(8, 3) [m], camera frame: the four of the bottom face, then the four above; 0 and 1 are in front."""
        x = np.array([1, 1, -1, -1, 1, 1, -1, -1]) * self.length / 2
        y = np.array([0, 0, 0, 0, -1, -1, -1, -1]) * self.height
        z = np.array([1, -1, -1, 1, 1, -1, -1, 1]) * self.width / 2
        pose = self.camera_from_base
        corners: NDArray[np.float64] = np.stack([x, y, z], axis=1) @ pose[:3, :3].T + pose[:3, 3]
        return corners


def label_of(actor: ActorTruth, view: ActorView, camera: CameraFrame) -> Label:
    """The line of `actor` as `camera` sees it."""
    camera_from_box = np.linalg.inv(camera.world_from_camera) @ actor.world_from_box
    length, width, height = actor.size
    x, y, z = (camera_from_box @ [0.0, 0.0, -height / 2, 1.0])[:3].tolist()
    forward = camera_from_box[:3, 0]
    rotation_y = math.atan2(-forward[2], forward[0])
    return Label(
        type=TYPES[actor.category] if view.visible_pixels >= LABELLED_PIXELS else "DontCare",
        truncated=view.truncation,
        occluded=occlusion_level(view.occlusion),
        alpha=wrapped(rotation_y - math.atan2(x, z)),
        box=clipped(view.box, camera.lens.width, camera.lens.height),
        height=height,
        width=width,
        length=length,
        location=(x, y, z),
        rotation_y=rotation_y,
    )


def occlusion_level(occlusion: float) -> int:
    """KITTI's level for the hidden share of a silhouette."""
    return int(occlusion >= PARTLY_OCCLUDED) + int(occlusion >= LARGELY_OCCLUDED)


def clipped(box: tuple[float, float, float, float], width: int, height: int) -> tuple[float, float, float, float]:
    """The box inside the image, whose corners are the centres of its outermost pixels, as in KITTI's labels."""
    left, top, right, bottom = box
    return max(left, 0.0), max(top, 0.0), min(right, width - 1.0), min(bottom, height - 1.0)


def wrapped(angle: float) -> float:
    """The same angle in [-pi, pi]."""
    return math.remainder(angle, math.tau)


def parse_label(line: str) -> Label:
    """One line of a label file; ValueError when it is not one. A sixteenth column, a detector's score, is ignored."""
    kind, *columns = line.split() or [""]
    if len(columns) not in (14, 15):
        raise ValueError(f"a KITTI label has 15 columns, not {len(line.split())}: {line!r}")
    truncated, occluded, alpha, left, top, right, bottom, height, width, length, x, y, z, rotation_y = map(
        float, columns[:14]
    )
    return Label(
        kind, truncated, int(occluded), alpha, (left, top, right, bottom), height, width, length, (x, y, z), rotation_y
    )


def parse_labels(text: str) -> tuple[Label, ...]:
    """Every line of a label file, `DontCare` included."""
    return tuple(parse_label(line) for line in text.splitlines() if line.strip())
