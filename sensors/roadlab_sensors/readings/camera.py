"""What cameras report, pixel by pixel."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from roadlab.timing import Interval
from roadlab_sensors.camera.lens import Lens
from roadlab_sensors.readings.roadside import RoadLines, SignView
from roadlab_sensors.readings.views import ActorView

PIXEL_LABELS = {
    "distance": "(H, W) float32: length of the ray [m]; +inf where nothing was hit",
    "normal": "(H, W, 3) float32: of the surface, towards the camera, along the camera's axes; 0 for the sky",
    "albedo": "(H, W, 3) float32: diffuse reflectance of the surface, linear sRGB; 0 for the sky",
    "flow_forward": "(H, W, 2) float32: to where the surface appears in the next frame [px]; NaN where it does not",
    "flow_forward_visible": "(H, W) bool: whether it lies in the next image, and nothing hides it there",
    "flow_backward": "(H, W, 2) float32: the same for the frame before",
    "flow_backward_visible": "(H, W) bool",
    "raw": "(H, W) uint16: numbers of the imager under its colour filters [DN]; (H, W, 3) without filters; uint32 "
    "where merged exposures need it",
    "jpeg": "(N,) uint8: the JPEG file whose picture `image` is",
    "hdr": "(H, W, 3) float32: linear sRGB whose luminance is in cd/m², at the lens, without noise of the imager",
    "scene_flow": "(H, W, 3) float32: motion of the surface until the next frame [m], along the camera's axes",
}
"""What a camera may be asked for beside depth, instance and semantic class."""


@dataclass(frozen=True)
class Capture:
    """How a frame was taken, and what its raw numbers mean."""

    exposure_time: float
    """Of each pixel [s]."""
    gain: float
    """Of the imager [dB]."""
    exposure_value: float
    """At ISO 100, of the luminance L that becomes middle grey: log2(100 L / 12.5) (ISO 2720)."""
    mosaic: str = "none"
    """Colour filters of the first two rows, such as `rggb`."""
    bits: int = 8
    black_level: int = 0
    """Number of a dark pixel [DN]."""
    white_level: int = 255
    """The largest number [DN]."""


@dataclass(frozen=True)
class CameraFrame:
    """One exposure and its per-pixel truth."""

    sensor: str
    interval: Interval
    """The exposure."""
    lens: Lens
    world_from_camera: NDArray[np.float64]
    """(4, 4) at the middle of the exposure; camera frame x right, y down, z forward."""
    image: NDArray[np.uint8]
    """(H, W, 3) sRGB, red first."""
    depth: NDArray[np.float32]
    """(H, W) [m] along the optical axis; +inf where nothing was hit."""
    instance: NDArray[np.uint16]
    """(H, W) actor's instance id, 0 where there is none."""
    semantic: NDArray[np.uint8]
    """(H, W) values of `SEMANTIC_IDS`."""
    labels: Mapping[str, NDArray[np.generic]] = field(default_factory=dict)
    """Those of `PIXEL_LABELS` that the camera was asked for."""
    lines: RoadLines | None = None
    """None when the camera was not asked for them."""
    signs: tuple[SignView, ...] | None = None
    """None when the camera was not asked for them."""
    capture: Capture | None = None


@dataclass(frozen=True)
class CameraReading:
    """A frame with its view of each visible actor."""

    frame: CameraFrame
    views: tuple[ActorView, ...]
