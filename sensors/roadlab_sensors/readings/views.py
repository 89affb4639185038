"""How cameras see actors."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

PERSON_KEYPOINTS = (
    "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder", "right_shoulder", "left_elbow",
    "right_elbow", "left_wrist", "right_wrist", "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle",
    "right_ankle",
)  # fmt: skip
"""COCO's, of pedestrians and of riders."""
VEHICLE_KEYPOINTS = (
    *(f"wheel_{end}_{side}" for end in ("front", "rear") for side in ("left", "right")),
    *(f"lamp_{end}_{side}" for end in ("front", "rear") for side in ("left", "right")),
    *(f"corner_{level}_{end}_{side}" for level in ("lower", "upper") for end in ("front", "rear")
      for side in ("left", "right")),
)  # fmt: skip
"""Wheel centres, lamps, and corners of the bounding box."""


@dataclass(frozen=True)
class ActorView:
    """How one camera sees one actor; only actors with a visible pixel have one."""

    instance: int
    box: tuple[float, float, float, float]
    """Tight around the visible pixels, (left, top, right, bottom) in continuous pixel coordinates: a lone pixel (u, v)
    has the box (u - 0.5, v - 0.5, u + 0.5, v + 0.5)."""
    amodal_box: tuple[float, float, float, float]
    """Tight around the silhouette as if nothing else were there, clipped to the image; same coordinates."""
    visible_pixels: int
    occlusion: float
    """1 - visible / silhouette pixels inside the image, counted."""
    truncation: float
    """1 - silhouette inside the image / whole silhouette."""
    keypoints: NDArray[np.float32] | None = None
    """(K, 3) u, v [px] and visibility (0 outside the image, 1 hidden, 2 visible) of `PERSON_KEYPOINTS` for people and
    riders, else of `VEHICLE_KEYPOINTS`; None when the camera was not asked for them."""
    amodal_mask: str | None = None
    """The silhouette inside the image as if nothing else were there: COCO's compressed run lengths over (H, W), as
    `pycocotools.mask` decodes; None when the camera was not asked for it."""
