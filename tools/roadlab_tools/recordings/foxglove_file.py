"""MCAP files with Foxglove's own messages: transforms, pictures, calibrations, boxes, points, the map, events.

| topic                 | message                       | frame                                            |
|-----------------------|-------------------------------|--------------------------------------------------|
| `/tf`                 | FrameTransforms               | `world` to `ego` and to every sensor             |
| `/map`                | SceneUpdate, once             | `world`                                          |
| `/actors`             | SceneUpdate: boxes and names  | `world`                                          |
| `/events`             | Log                           |                                                  |
| `/CAMERA/image`       | CompressedImage (PNG)         | the camera's: x right, y down, z forward         |
| `/CAMERA/depth`       | RawImage (32FC1) [m]          | the same                                         |
| `/CAMERA/calibration` | CameraCalibration             | the same; not for panoramas                      |
| `/CAMERA/boxes`       | ImageAnnotations              | pixels                                           |
| `/LIDAR/points`       | PointCloud                    | the lidar's at the sweep's reference             |
| `/RADAR/points`       | PointCloud                    | the radar's: positions of the detections         |
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from foxglove import Context, channels, messages, open_mcap
from foxglove.mcap import MCAPWriteOptions
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab.timing import Nanoseconds
from roadlab_sensors.camera.lens import Fisheye, Lens, Pinhole
from roadlab_tools.datasets.images import color_png
from roadlab_tools.datasets.item import CameraItem, RangeItem
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.palette import class_color
from roadlab_tools.recordings.content import Moment, View, borders, structured

SUFFIX = ".mcap"
_NUMBERS = messages.PackedElementFieldNumericType
_TYPES = {"<f4": _NUMBERS.Float32, "<u2": _NUMBERS.Uint16, "|u1": _NUMBERS.Uint8, "|i1": _NUMBERS.Int8}
_SECOND = 1_000_000_000


class FoxgloveRecording:
    """One scene as an MCAP file."""

    def __init__(self, path: Path) -> None:
        self._context = Context()
        # One thread: the bytes do not depend on the machine.
        options = MCAPWriteOptions(compression_threads=0)
        self._file = open_mcap(path, allow_overwrite=True, context=self._context, writer_options=options)
        self._channels: dict[str, Any] = {}

    def begin(self, scene: Scene) -> None:
        """See `Recording`."""
        start = int(scene.log.time[0])
        lines = [
            messages.LinePrimitive(
                type=messages.LinePrimitiveLineType.LineStrip,
                thickness=0.12,
                points=[messages.Point3(x=x, y=y, z=z) for x, y, z in line.tolist()],
                color=messages.Color(r=0.8, g=0.8, b=0.8, a=1.0),
            )
            for line in borders(scene.scenario.network)
        ]
        roads = messages.SceneEntity(timestamp=_stamp(start), frame_id="world", id="lanes", lines=lines)
        self._log("/map", messages.SceneUpdate(entities=[roads]), start)
        for event in sorted(scene.log.events, key=lambda event: event.time):
            text = f"{event.kind}: {event.name}" if event.name else event.kind
            level = messages.LogLevel.Warning if event.kind in ("contact", "fault") else messages.LogLevel.Info
            message = messages.Log(timestamp=_stamp(event.time), level=level, message=text, name="roadlab")
            self._log("/events", message, event.time)

    def add(self, moment: Moment) -> None:
        """See `Recording`."""
        item = moment.item
        transforms = [_transform("ego", item.world_from_ego, moment.time)]
        for camera in item.cameras.values():
            transforms.append(_transform(camera.name, camera.world_from_camera, moment.time))
            self._camera(camera, moment.views[camera.name], moment.time)
        for ranging in (*item.lidars.values(), *item.radars.values()):
            transforms.append(_transform(ranging.name, ranging.world_from_sensor, moment.time))
        for lidar in item.lidars.values():
            self._points(lidar.name, structured(lidar), moment.time)
        for radar in item.radars.values():
            self._points(radar.name, _detections(radar), moment.time)
        self._log("/tf", messages.FrameTransforms(transforms=transforms), moment.time)
        self._log("/actors", _actors(moment), moment.time)

    def close(self) -> None:
        """See `Recording`."""
        self._file.close()

    def _camera(self, camera: CameraItem, views: tuple[View, ...], time: Nanoseconds) -> None:
        name, stamp = camera.name, _stamp(time)
        if "image" in camera:
            picture = messages.CompressedImage(
                timestamp=stamp, frame_id=name, data=color_png(camera["image"]), format="png"
            )
            self._log(f"/{name}/image", picture, time)
        if "depth" in camera:
            depth = np.ascontiguousarray(camera["depth"], dtype="<f4")
            height, width = depth.shape
            plane = messages.RawImage(
                timestamp=stamp, frame_id=name, width=width, height=height, encoding="32FC1", step=4 * width,
                data=depth.tobytes(),
            )  # fmt: skip
            self._log(f"/{name}/depth", plane, time)
        calibration = _calibration(camera.lens, name, time)
        if calibration is not None:
            self._log(f"/{name}/calibration", calibration, time)
        self._log(f"/{name}/boxes", _annotations(views, time), time)

    def _points(self, name: str, points: NDArray[np.void], time: Nanoseconds) -> None:
        kind = points.dtype
        fields = [
            messages.PackedElementField(name=column, offset=offset, type=_TYPES[part.str])
            for column, (part, offset, *_) in (kind.fields or {}).items()
        ]
        cloud = messages.PointCloud(
            timestamp=_stamp(time), frame_id=name, pose=_pose(np.eye(4)), point_stride=kind.itemsize, fields=fields,
            data=points.tobytes(),
        )  # fmt: skip
        self._log(f"/{name}/points", cloud, time)

    def _log(self, topic: str, message: Any, time: Nanoseconds) -> None:
        if topic not in self._channels:
            kind = getattr(channels, f"{type(message).__name__}Channel")
            self._channels[topic] = kind(topic, context=self._context)
        self._channels[topic].log(message, log_time=time)


def _stamp(time: Nanoseconds) -> Any:
    return messages.Timestamp(sec=time // _SECOND, nsec=time % _SECOND)


def _pose(matrix: NDArray[np.float64]) -> Any:
    x, y, z = matrix[:3, 3].tolist()
    return messages.Pose(position=messages.Vector3(x=x, y=y, z=z), orientation=_quaternion(matrix))


def _quaternion(matrix: NDArray[np.float64]) -> Any:
    x, y, z, w = Rotation.from_matrix(matrix[:3, :3]).as_quat().tolist()
    return messages.Quaternion(x=x, y=y, z=z, w=w)


def _transform(child: str, world_from_child: NDArray[np.float64], time: Nanoseconds) -> Any:
    x, y, z = world_from_child[:3, 3].tolist()
    return messages.FrameTransform(
        timestamp=_stamp(time),
        parent_frame_id="world",
        child_frame_id=child,
        translation=messages.Vector3(x=x, y=y, z=z),
        rotation=_quaternion(world_from_child),
    )


def _calibration(lens: Lens, frame: str, time: Nanoseconds) -> Any:
    """None for lenses that no message describes."""
    if not isinstance(lens, Pinhole | Fisheye):
        return None
    distortion = [float(value) for value in lens.distortion]
    model = "plumb_bob" if len(distortion) == 5 else "rational_polynomial"
    return messages.CameraCalibration(
        timestamp=_stamp(time),
        frame_id=frame,
        width=lens.width,
        height=lens.height,
        distortion_model="kannala_brandt" if isinstance(lens, Fisheye) else model,
        D=distortion,
        K=[lens.fx, 0.0, lens.cx, 0.0, lens.fy, lens.cy, 0.0, 0.0, 1.0],
        R=[1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0],
        P=[lens.fx, 0.0, lens.cx, 0.0, 0.0, lens.fy, lens.cy, 0.0, 0.0, 0.0, 1.0, 0.0],
    )


def _annotations(views: tuple[View, ...], time: Nanoseconds) -> Any:
    outlines = []
    for view in views:
        left, top, right, bottom = view.box
        corners = ((left, top), (right, top), (right, bottom), (left, bottom))
        outlines.append(
            messages.PointsAnnotation(
                timestamp=_stamp(time),
                type=messages.PointsAnnotationType.LineLoop,
                points=[messages.Point2(x=x, y=y) for x, y in corners],
                outline_color=_color(view.category),
                thickness=2.0,
            )
        )
    return messages.ImageAnnotations(points=outlines)


def _actors(moment: Moment) -> Any:
    """Every box of the sample; those of the sample before go."""
    boxes, entities = moment.item.boxes, []
    for k, category in enumerate(boxes.category):
        length, width, height = boxes.size[k].tolist()
        pose = _pose(boxes.world_from_box[k])
        instance = int(boxes.instance[k])
        name = moment.names.get(instance, category)
        above = np.array(boxes.world_from_box[k])
        above[2, 3] += height / 2 + 0.4
        label = messages.TextPrimitive(
            pose=_pose(above), billboard=True, font_size=14.0, scale_invariant=True, color=_color(category), text=name
        )
        cube = messages.CubePrimitive(
            pose=pose, size=messages.Vector3(x=length, y=width, z=height), color=_color(category, 0.5)
        )
        key = str(instance) if instance >= 0 else f"box {k}"
        about = [messages.KeyValuePair(key="category", value=category), messages.KeyValuePair(key="name", value=name)]
        entities.append(
            messages.SceneEntity(
                timestamp=_stamp(moment.time), frame_id="world", id=key, metadata=about, cubes=[cube], texts=[label]
            )
        )
    gone = messages.SceneEntityDeletion(timestamp=_stamp(moment.time), type=messages.SceneEntityDeletionType.All)
    return messages.SceneUpdate(deletions=[gone], entities=entities)


def _color(category: str, opacity: float = 1.0) -> Any:
    red, green, blue = class_color(category)
    return messages.Color(r=red / 255, g=green / 255, b=blue / 255, a=opacity)


def _detections(radar: RangeItem) -> NDArray[np.void]:
    """(N,) x, y, z of a radar's detections, with their cross-section and rates."""
    kept = [name for name in ("x", "y", "z", "rcs", "vx_comp", "vy_comp") if name in radar]
    count = len(radar[kept[0]]) if kept else 0
    points = np.zeros(count, np.dtype([(name, "<f4") for name in kept or ("x", "y", "z")]))
    for name in kept:
        points[name] = radar[name]
    return points
