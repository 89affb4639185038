"""What sensors report and what is true at that moment: the values that writers, previews and the viewer read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.timing import Interval, Nanoseconds

SEMANTIC_IDS: dict[str, int] = {
    "unlabeled": 0,
    "ego vehicle": 1,
    "static": 4,
    "ground": 6,
    "road": 7,
    "sidewalk": 8,
    "parking": 9,
    "building": 11,
    "wall": 12,
    "fence": 13,
    "guard rail": 14,
    "pole": 17,
    "traffic light": 19,
    "traffic sign": 20,
    "vegetation": 21,
    "terrain": 22,
    "sky": 23,
    "person": 24,
    "rider": 25,
    "car": 26,
    "truck": 27,
    "bus": 28,
    "motorcycle": 32,
    "bicycle": 33,
    "road marking": 34,
}
"""Cityscapes label ids (cityscapesScripts, labels.py); 34 is ours, Cityscapes counts markings as road."""


@dataclass(frozen=True)
class Pinhole:
    """Intrinsics of a pinhole camera; pixel (0, 0) has its centre at u = v = 0."""

    width: int
    height: int
    fx: float
    fy: float
    cx: float
    cy: float
    distortion: tuple[float, ...] = (0.0, 0.0, 0.0, 0.0, 0.0)
    """Brown-Conrady k1, k2, p1, p2, k3 in OpenCV's order."""

    @property
    def matrix(self) -> NDArray[np.float64]:
        """(3, 3) camera matrix."""
        return np.array([[self.fx, 0.0, self.cx], [0.0, self.fy, self.cy], [0.0, 0.0, 1.0]])


@dataclass(frozen=True)
class CameraFrame:
    """One exposure and its per-pixel truth."""

    sensor: str
    interval: Interval
    """The exposure."""
    lens: Pinhole
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


@dataclass(frozen=True)
class LidarSweep:
    """One turn; N returns in firing order."""

    sensor: str
    interval: Interval
    reference: Nanoseconds
    """The instant in whose lidar frame `points` are given; the middle of the turn."""
    world_from_lidar: NDArray[np.float64]
    """(4, 4) at `reference`; lidar frame x forward, y left, z up."""
    points: NDArray[np.float32]
    """(N, 3) [m], ego-motion compensated: where the surface was at its own time, in the lidar frame at `reference`."""
    intensity: NDArray[np.float32]
    """(N,) in [0, 1]."""
    ring: NDArray[np.uint16]
    """(N,) beam index, 0 is the highest."""
    time: NDArray[np.int64]
    """(N,) [ns] when each pulse was fired."""
    range: NDArray[np.float32]
    """(N,) [m] measured from where the lidar was at that time, noise included."""
    instance: NDArray[np.uint16]
    """(N,) actor's instance id, 0 for the static world."""
    semantic: NDArray[np.uint8]
    """(N,) values of `SEMANTIC_IDS`."""
    rays: int
    """Pulses fired, returned or not."""


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


@dataclass(frozen=True)
class CameraReading:
    """A frame with its view of each visible actor."""

    frame: CameraFrame
    views: tuple[ActorView, ...]


Reading = CameraReading | LidarSweep | object
"""What a sensor reports; plug-in sensors may report anything, which is handed on as it is."""


@dataclass(frozen=True)
class ActorTruth:
    """Where one actor is at the sample's time; the ego is not among them."""

    instance: int
    name: str
    category: Category
    size: tuple[float, float, float]
    """(length, width, height) [m]."""
    world_from_box: NDArray[np.float64]
    """(4, 4), origin at the box's centre, x forward, y left, z up."""
    velocity: tuple[float, float, float]
    """[m/s], world frame."""
    lidar_points: Mapping[str, int]
    """For each lidar, how many returns of the sweep this actor caused."""


@dataclass(frozen=True)
class Sample:
    """All readings of one instant, with labels."""

    index: int
    """Counts the rig's synchronised triggers from 0."""
    time: Nanoseconds
    world_from_ego: NDArray[np.float64]
    """(4, 4)."""
    cameras: Mapping[str, CameraFrame]
    lidars: Mapping[str, LidarSweep]
    actors: tuple[ActorTruth, ...]
    views: Mapping[str, tuple[ActorView, ...]]
    """For each camera, the actors of which it sees at least one pixel."""
    others: Mapping[str, object] = field(default_factory=dict)
    """Readings of plug-in sensors that are neither cameras nor lidars."""
