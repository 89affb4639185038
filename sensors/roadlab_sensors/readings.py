"""What sensors report and what is true at that moment: the values that writers, previews and the viewer read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import Category
from roadlab.timing import Interval, Nanoseconds
from roadlab_sensors.camera.lens import Lens

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
class RoadLine:
    """What a line on the road is."""

    kind: str
    """lane line, road edge, stop line or crosswalk."""
    type: str
    """Of lane lines OpenDRIVE's: solid, broken, solid solid ...; of road edges: kerb or edge; of stop lines: solid, or
    broken where one gives way; of crosswalks: zebra."""
    color: str
    """Empty where nothing is painted."""
    width: float
    """Of the paint, of a crosswalk along the road [m]."""
    road: str
    """Empty for road edges, which run through junctions."""
    lane: int
    """On whose outer boundary a lane line is painted; 0 is the road's middle."""


@dataclass(frozen=True)
class RoadLines:
    """The lines that run through an image, as P points at most half a metre apart; crosswalks are outlines."""

    lines: tuple[RoadLine, ...]
    line: NDArray[np.int32]
    """(P,) index into `lines`."""
    along: NDArray[np.float32]
    """(P,) from the line's beginning [m]; where it grows by more than half a metre, the line left the image."""
    pixels: NDArray[np.float32]
    """(P, 2) u, v through the lens and the shutter [px]; all inside the image."""
    points: NDArray[np.float32]
    """(P, 3) in the camera's frame at the middle of the exposure [m]."""
    visible: NDArray[np.bool_]
    """(P,) whether nothing hides the point."""


@dataclass(frozen=True)
class SignView:
    """How a camera sees a sign or a traffic light of which at least one pixel is visible."""

    kind: str
    """traffic sign or traffic light."""
    code: str
    """The sign's number with its subtype or value, such as `274-50` or `R1-1`; `traffic light`."""
    name: str
    """Of the signal head, as in the log; empty for signs."""
    state: str
    """What the light shows: off, red, red_amber, green or amber; empty for signs."""
    box: tuple[float, float, float, float]
    """Tight around the visible pixels, as `ActorView.box`."""
    whole_box: tuple[float, float, float, float]
    """Around the plate or the light's back board as if nothing hid it, also outside the image [px]."""
    visible_pixels: int
    position: tuple[float, float, float]
    """Of its middle in the camera's frame [m]."""
    size: tuple[float, float]
    """Width and height [m]."""
    angle: float
    """Between its front and the way to the camera [rad]; beyond pi / 2 its back is seen."""


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
    raw: NDArray[np.float32]
    """(N, 3) [m], not compensated: `range` along the pulse, in the lidar frame at each return's own time."""
    return_number: NDArray[np.uint8]
    """(N,) 1 for the nearest return of its pulse that the unit reports, 2 for the next, as in LAS files."""
    return_count: NDArray[np.uint8]
    """(N,) how many returns of the same pulse the unit reports."""
    incidence: NDArray[np.float32]
    """(N,) [rad] between the pulse and the surface's normal, 0 to pi/2; NaN where the air itself returned it."""
    material: NDArray[np.uint8]
    """(N,) indices into `roadlab_sensors.world.materials.MATERIALS`, or a key of `AIRBORNE`."""
    velocity: NDArray[np.float32]
    """(N, 3) [m/s] of the surface at that point, world frame; zeros for the static world and for the air."""


AIRBORNE: dict[int, str] = {250: "mirror image", 251: "exhaust", 252: "spray", 253: "snow", 254: "rain", 255: "fog"}
"""What returned a pulse where there is no surface, by `LidarSweep.material`; its `semantic` is 0, unlabeled.

A mirror image is what a pulse met by way of a mirror, a pane or still water: the point lies behind these.
"""


@dataclass(frozen=True)
class RadarTracks:
    """What the unit's own tracker makes of the detections so far; K tracks in the radar frame at the scan's time."""

    id: NDArray[np.int16]
    """(K,) stays the same from scan to scan."""
    position: NDArray[np.float32]
    """(K, 2) x forward, y left [m]."""
    velocity: NDArray[np.float32]
    """(K, 2) over ground, along the same axes [m/s]."""
    covariance: NDArray[np.float32]
    """(K, 4, 4) of position and velocity."""
    rcs: NDArray[np.float32]
    """(K,) [dBsm], smoothed."""
    age: NDArray[np.uint16]
    """(K,) scans since the track began."""
    instance: NDArray[np.uint16]
    """(K,) truth: the actor that caused most of its detections, 0 for none."""


RADAR_FIELDS: dict[str, str] = {
    "x": "float32",
    "y": "float32",
    "z": "float32",
    "dyn_prop": "int8",
    "id": "int16",
    "rcs": "float32",
    "vx": "float32",
    "vy": "float32",
    "vx_comp": "float32",
    "vy_comp": "float32",
    "is_quality_valid": "int8",
    "ambig_state": "int8",
    "x_rms": "int8",
    "y_rms": "int8",
    "invalid_state": "int8",
    "pdh0": "int8",
    "vx_rms": "int8",
    "vy_rms": "int8",
}
"""NumPy types of nuScenes' 18 radar fields, in the order of its files: the fields of `RadarScan.detections`.

x, y, z [m] in the radar frame (x forward, y left, z up); z is 0 for units that do not measure elevation. rcs [dBsm].
(vx, vy) [m/s] is the range rate, positive when receding, laid along the line of sight; `_comp` is the same with the
ego's own motion taken out. The codes and classes of deviation are those of nuScenes' devkit (`RadarPointCloud`).
"""


@dataclass(frozen=True)
class RadarScan:
    """One measuring cycle of a radar: N detections, and the truth about each."""

    sensor: str
    interval: Interval
    reference: Nanoseconds
    """The middle of the cycle."""
    world_from_radar: NDArray[np.float64]
    """(4, 4) at `reference`; radar frame x forward, y left, z up."""
    detections: NDArray[np.void]
    """(N,) structured, the fields of `RADAR_FIELDS`; includes those that the default filter of nuScenes drops."""
    range: NDArray[np.float32]
    """(N,) [m] as measured."""
    azimuth: NDArray[np.float32]
    """(N,) [rad] as measured, positive to the left."""
    range_rate: NDArray[np.float32]
    """(N,) [m/s] as measured, positive when receding; not compensated."""
    snr: NDArray[np.float32]
    """(N,) [dB]."""
    instance: NDArray[np.uint16]
    """(N,) truth: the actor, 0 for the static world, clutter and ghosts of it."""
    ghost: NDArray[np.bool_]
    """(N,) truth: nothing is where the detection seems to be (mirrored, folded in range or rate, or noise)."""
    tracks: RadarTracks


@dataclass(frozen=True)
class ImuReading:
    """What an inertial unit measured since the sample before; M measurements in its own axes, x forward, y left, z up.

    At rest on level ground it reads the specific force (0, 0, +g).
    """

    sensor: str
    ego_from_imu: NDArray[np.float64]
    """(4, 4)."""
    time: NDArray[np.int64]
    """(M,) [ns]."""
    specific_force: NDArray[np.float64]
    """(M, 3) [m/s²]."""
    angular_rate: NDArray[np.float64]
    """(M, 3) [rad/s]."""
    true_specific_force: NDArray[np.float64]
    """(M, 3) [m/s²] without errors."""
    true_angular_rate: NDArray[np.float64]
    """(M, 3) [rad/s] without errors."""


@dataclass(frozen=True)
class GnssReading:
    """What a satellite receiver reported since the sample before; M fixes, those during outages have `fix` 0."""

    sensor: str
    ego_from_antenna: NDArray[np.float64]
    """(4, 4)."""
    time: NDArray[np.int64]
    """(M,) [ns]."""
    fix: NDArray[np.uint8]
    """(M,) 0 none, 1 single point, 2 differential, 4 RTK fixed, 5 RTK float, as NMEA's GGA sentence."""
    position: NDArray[np.float64]
    """(M, 3) [m] of the antenna, world frame (east, north, up); NaN without fix."""
    geodetic: NDArray[np.float64]
    """(M, 3) latitude, longitude [deg] and ellipsoidal height [m] of `position` on WGS 84; NaN without fix."""
    velocity: NDArray[np.float64]
    """(M, 3) [m/s] world frame; NaN without fix."""
    deviation: NDArray[np.float64]
    """(M, 3) standard deviation of `position` that the receiver states [m]; NaN without fix."""
    true_position: NDArray[np.float64]
    """(M, 3) [m]."""


@dataclass(frozen=True)
class OdometryReading:
    """What the wheels' pulse counters said since the sample before; M measurements."""

    sensor: str
    time: NDArray[np.int64]
    """(M,) [ns]."""
    pulses: NDArray[np.int64]
    """(M, 4) counted since the scenario's start: front left, front right, rear left, rear right."""
    wheel_speed: NDArray[np.float64]
    """(M, 4) [m/s] of the tyres' tread, from the pulses and the nominal radius."""
    speed: NDArray[np.float64]
    """(M,) [m/s] of the rear axle's centre, from the rear wheels."""
    yaw_rate: NDArray[np.float64]
    """(M,) [rad/s] from the difference of the rear wheels."""


InertialReading = ImuReading | GnssReading | OdometryReading


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


@dataclass(frozen=True)
class CameraReading:
    """A frame with its view of each visible actor."""

    frame: CameraFrame
    views: tuple[ActorView, ...]


Reading = CameraReading | LidarSweep | RadarScan | ImuReading | GnssReading | OdometryReading | object
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
    """Readings of plug-in sensors that are none of the kinds above and below."""
    radars: Mapping[str, RadarScan] = field(default_factory=dict)
    inertial: Mapping[str, InertialReading] = field(default_factory=dict)
    """Every measurement after the sample before, up to this one's time."""
