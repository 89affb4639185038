"""Rerun's RRD files: the same content as the MCAP files, on Rerun's own archetypes."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import Any

import numpy as np
import rerun as rr
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab.timing import Nanoseconds
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_tools.datasets.images import color_png
from roadlab_tools.datasets.item import CameraItem, RangeItem
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.palette import SEMANTIC_COLORS, class_color
from roadlab_tools.recordings.content import Moment, View, borders

SUFFIX = ".rrd"
TIMELINE = "time"


class RerunRecording:
    """One scene as an RRD file."""

    def __init__(self, path: Path, key: str) -> None:
        """`key` makes the recording's id: the same scene gets the same one."""
        identity = uuid.uuid5(uuid.NAMESPACE_URL, f"roadlab:{key}")
        self._stream = rr.RecordingStream("roadlab", recording_id=identity, send_properties=False)
        self._stream.save(path)

    def begin(self, scene: Scene) -> None:
        """See `Recording`."""
        self._stream.log("world", rr.ViewCoordinates.RIGHT_HAND_Z_UP, static=True)
        lines = rr.LineStrips3D(borders(scene.scenario.network), colors=[200, 200, 200], radii=0.06)
        self._stream.log("world/map", lines, static=True)
        names = {number: name for name, number in SEMANTIC_IDS.items()}
        classes = [(number, names[number], color) for number, color in SEMANTIC_COLORS.items()]
        self._stream.log("world", rr.AnnotationContext(classes), static=True)
        for event in sorted(scene.log.events, key=lambda event: event.time):
            self._at(event.time)
            text = f"{event.kind}: {event.name}" if event.name else event.kind
            level = rr.TextLogLevel.WARN if event.kind in ("contact", "fault") else rr.TextLogLevel.INFO
            self._stream.log("events", rr.TextLog(text, level=level))

    def add(self, moment: Moment) -> None:
        """See `Recording`."""
        self._at(moment.time)
        item, boxes = moment.item, moment.item.boxes
        self._stream.log("world/ego", _transform(item.world_from_ego))
        quaternions = (
            Rotation.from_matrix(boxes.world_from_box[:, :3, :3]).as_quat() if len(boxes) else np.zeros((0, 4))
        )
        self._stream.log(
            "world/actors",
            rr.Boxes3D(
                half_sizes=boxes.size / 2,
                centers=boxes.world_from_box[:, :3, 3],
                quaternions=quaternions,
                colors=[class_color(category) for category in boxes.category],
                labels=[moment.names.get(int(i), c) for i, c in zip(boxes.instance, boxes.category, strict=True)],
                show_labels=False,
            ),
        )
        for camera in item.cameras.values():
            self._camera(camera, moment.views[camera.name])
        for lidar in item.lidars.values():
            self._lidar(lidar)
        for radar in item.radars.values():
            self._radar(radar)

    def close(self) -> None:
        """See `Recording`."""
        self._stream.flush()
        self._stream.disconnect()

    def _at(self, time: Nanoseconds) -> None:
        self._stream.set_time(TIMELINE, duration=np.timedelta64(time, "ns"))

    def _camera(self, camera: CameraItem, views: tuple[View, ...]) -> None:
        path = f"world/{camera.name}"
        self._stream.log(path, _transform(camera.world_from_camera))
        lens = camera.lens
        if isinstance(lens, Pinhole):
            size = [lens.width, lens.height]
            self._stream.log(
                path, rr.Pinhole(image_from_camera=lens.matrix, resolution=size, camera_xyz=rr.ViewCoordinates.RDF)
            )
        if "image" in camera:
            self._stream.log(
                f"{path}/image", rr.EncodedImage(contents=color_png(camera["image"]), media_type="image/png")
            )
        if "depth" in camera:
            self._stream.log(f"{path}/depth", rr.DepthImage(_finite(camera["depth"]), meter=1.0))
        if "semantic" in camera:
            self._stream.log(f"{path}/semantic", rr.SegmentationImage(camera["semantic"]))
        self._stream.log(
            f"{path}/boxes",
            rr.Boxes2D(
                array=np.array([view.box for view in views]).reshape(-1, 4),
                array_format=rr.Box2DFormat.XYXY,
                colors=[class_color(view.category) for view in views],
            ),
        )

    def _lidar(self, lidar: RangeItem) -> None:
        path = f"world/{lidar.name}"
        self._stream.log(path, _transform(lidar.world_from_sensor))
        classes = lidar["semantic"].astype(np.uint16) if "semantic" in lidar else None
        self._stream.log(f"{path}/points", rr.Points3D(lidar["points"], class_ids=classes))

    def _radar(self, radar: RangeItem) -> None:
        path = f"world/{radar.name}"
        self._stream.log(path, _transform(radar.world_from_sensor))
        points = np.column_stack([radar[axis] if axis in radar else np.zeros(0) for axis in "xyz"])
        self._stream.log(f"{path}/points", rr.Points3D(points, radii=0.2, colors=[225, 125, 190]))


def _transform(world_from_child: NDArray[np.float64]) -> Any:
    return rr.Transform3D(translation=world_from_child[:3, 3], mat3x3=world_from_child[:3, :3])


def _finite(depth: NDArray[np.float32]) -> NDArray[np.float32]:
    """Depth with 0 for what has none, as Rerun wants it."""
    return np.where(np.isfinite(depth), depth, np.float32(0.0))
