"""The KITTI object layout, and beside it the truth for which KITTI has no place.

| file                            | content                                                                          |
|---------------------------------|----------------------------------------------------------------------------------|
| `image_2/000000.png`            | the camera's picture                                                             |
| `velodyne/000000.bin`           | float32 x, y, z [m], intensity of each return, lidar frame                       |
| `label_2/000000.txt`            | one line for each actor with a visible pixel, in order of instance               |
| `calib/000000.txt`              | P0 to P3, R0_rect, Tr_velo_to_cam, Tr_imu_to_velo                                |
| `depth/000000.png`              | uint16, metres along the optical axis = value / 256, 0 is invalid                |
| `instance/000000.png`           | uint16, the actor's instance, 0 where there is none                              |
| `semantic/000000.png`           | uint8, Cityscapes label ids; 34 is road marking                                  |
| `velodyne_truth/000000.parquet` | for each return, in order: ring, time [ns], range [m], instance, semantic        |
| `truth/000000.json`             | times, poses, and each actor's box, velocity, occlusion, truncation, lidar points |

The number in a file's name is the sample's index in the scenario.
"""

from __future__ import annotations

import io
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from roadlab.errors import OutputError
from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.readings import ActorTruth, ActorView, CameraFrame, LidarSweep, Sample
from roadlab_tools.datasets.images import color_png, depth_png, plane_png
from roadlab_tools.datasets.kitti_calibration import calibration_of
from roadlab_tools.datasets.kitti_label import label_of, parse_labels

_EXTENSIONS = {
    "image_2": "png",
    "velodyne": "bin",
    "label_2": "txt",
    "calib": "txt",
    "depth": "png",
    "instance": "png",
    "semantic": "png",
    "velodyne_truth": "parquet",
    # Written last: a frame is there when its truth is.
    "truth": "json",
}


_SYNCHRONOUS = 2_000_000
"""Picture and labels may be this far apart [ns]: 10 cm at 180 km/h."""


class KittiWriter:
    """Turns samples into the files of the KITTI object layout, for rigs with one camera and one lidar."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError when this layout has no place for all of these sensors."""
        for kind in ("camera", "lidar"):
            names = [name for name, sensor in sensors.items() if sensor.type == kind]
            if len(names) != 1:
                found = ", ".join(names) or "none"
                raise OutputError(f"the KITTI layout holds exactly one {kind}; the scenario's rig has {found}")
        others = [name for name, sensor in sensors.items() if sensor.type not in ("camera", "lidar")]
        if others:
            raise OutputError(f"the KITTI layout has no place for {', '.join(others)}; leave it out of the rig")

    def paths(self, index: int) -> tuple[str, ...]:
        """Files of one sample, relative to the dataset's folder, in the order in which they must appear."""
        return tuple(_path(kind, index) for kind in _EXTENSIONS)

    def encode(self, sample: Sample) -> dict[str, bytes]:
        """Content of each of `paths(sample.index)`."""
        camera = _only(sample.cameras, "camera")
        lidar = _only(sample.lidars, "lidar")
        if any(camera.lens.distortion):
            raise OutputError("KITTI holds rectified pictures: the camera must have no lens distortion")
        _check_synchronised(sample, camera)
        views = {view.instance: view for view in sample.views[camera.sensor]}
        contents = (
            color_png(camera.image),
            _velodyne(lidar),
            _labels(sample.actors, views, camera).encode(),
            str(calibration_of(camera, lidar, sample.world_from_ego)).encode(),
            depth_png(camera.depth),
            plane_png(camera.instance),
            plane_png(camera.semantic),
            _returns(lidar),
            _truth(sample, camera, lidar, views).encode(),
        )
        return dict(zip(self.paths(sample.index), contents, strict=True))

    def annotated(self, folder: Path, indices: Sequence[int]) -> dict[str, int]:
        """Label lines by type, in all frames together."""
        texts = [(folder / _path("label_2", index)).read_text() for index in indices]
        labels = [label for text in texts for label in parse_labels(text)]
        return dict(sorted(Counter(label.type for label in labels if label.type != "DontCare").items()))

    def preview(self, folder: Path, indices: Sequence[int]) -> dict[str, bytes]:
        """`preview.mp4` and `preview.png`, made from the written files alone."""
        from roadlab_tools.preview.files import preview_files

        return preview_files(folder, indices)


def _path(kind: str, index: int) -> str:
    return f"{kind}/{index:06d}.{_EXTENSIONS[kind]}"


def _only(readings: Mapping[str, Any], kind: str) -> Any:
    if len(readings) != 1:
        raise OutputError(f"the KITTI layout holds exactly one {kind}; the sample has {', '.join(readings) or 'none'}")
    return next(iter(readings.values()))


def _check_synchronised(sample: Sample, camera: CameraFrame) -> None:
    """KITTI has one label for picture and sweep, so both must be of one instant."""
    late = sample.time - camera.interval.middle
    if abs(late) > _SYNCHRONOUS:
        raise OutputError(
            f"{camera.sensor} is exposed {abs(late) / 1e6:.1f} ms from the instant of the labels, the middle of the "
            f"lidar's turn, but KITTI has one label for both: change the phase of {camera.sensor} by {late / 1e6:g} ms"
        )


def _velodyne(lidar: LidarSweep) -> bytes:
    return np.column_stack([lidar.points, lidar.intensity]).astype("<f4").tobytes()


def _labels(actors: tuple[ActorTruth, ...], views: Mapping[int, ActorView], camera: CameraFrame) -> str:
    visible = sorted((actor for actor in actors if actor.instance in views), key=lambda actor: actor.instance)
    return "".join(f"{label_of(actor, views[actor.instance], camera)}\n" for actor in visible)


def _returns(lidar: LidarSweep) -> bytes:
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = {
        "ring": lidar.ring,
        "time": lidar.time,
        "range": lidar.range,
        "instance": lidar.instance,
        "semantic": lidar.semantic,
    }
    file = io.BytesIO()
    pq.write_table(pa.table(columns), file, use_dictionary=False, compression="zstd")
    return file.getvalue()


def _truth(sample: Sample, camera: CameraFrame, lidar: LidarSweep, views: Mapping[int, ActorView]) -> str:
    document = {
        "index": sample.index,
        "time": sample.time,
        "world_from_ego": sample.world_from_ego.tolist(),
        "camera": {
            "name": camera.sensor,
            "exposure": [camera.interval.open, camera.interval.close],
            "world_from_camera": camera.world_from_camera.tolist(),
        },
        "lidar": {
            "name": lidar.sensor,
            "turn": [lidar.interval.open, lidar.interval.close],
            "reference": lidar.reference,
            "world_from_lidar": lidar.world_from_lidar.tolist(),
            "rays": lidar.rays,
        },
        "actors": [_actor(actor, views.get(actor.instance)) for actor in sample.actors],
    }
    return json.dumps(document) + "\n"


def _actor(actor: ActorTruth, view: ActorView | None) -> dict[str, Any]:
    return {
        "instance": actor.instance,
        "name": actor.name,
        "category": actor.category,
        "size": actor.size,
        "world_from_box": actor.world_from_box.tolist(),
        "velocity": actor.velocity,
        "lidar_points": dict(actor.lidar_points),
        "view": asdict(view) if view else None,
    }
