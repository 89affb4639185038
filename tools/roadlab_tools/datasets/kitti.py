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

The number in a file's name is the sample's in the dataset: in the scenario, where there is but one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from roadlab.errors import OutputError
from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.readings import ActorTruth, ActorView, CameraFrame, LidarSweep, Sample
from roadlab_tools.datasets.arrays import encode_table
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import color_png, depth_png, plane_png
from roadlab_tools.datasets.kitti_calibration import calibration_of
from roadlab_tools.datasets.kitti_label import label_of
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.datasets.splits import splits_of

_EXTENSIONS = {
    "image_2": "png",
    "velodyne": "bin",
    "label_2": "txt",
    "calib": "txt",
    "depth": "png",
    "instance": "png",
    "semantic": "png",
    "velodyne_truth": "parquet",
}


_SYNCHRONOUS = 2_000_000
"""Picture and labels may be this far apart [ns]: 10 cm at 180 km/h."""


class KittiWriter:
    """Turns samples into the files of the KITTI object layout, for rigs with one camera and one lidar."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError when this layout has no place for all of these sensors."""
        check_kitti_rig(sensors, "KITTI")

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """The files of one sample."""
        return kitti_files(sample, scene.number(sample.index))

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """`ImageSets/`: the numbers of each split."""
        for split, names in splits_of(contents.entries).items():
            kept = [entry for entry in contents.entries if entry.name in names]
            numbers = [number for entry in kept for number in contents.numbers(entry)]
            yield f"ImageSets/{split}.txt", "".join(f"{number:06d}\n" for number in numbers).encode()


def kitti_files(sample: Sample, number: int) -> dict[str, bytes]:
    """The files of one sample under this number."""
    camera = only(sample.cameras, "camera")
    lidar = only(sample.lidars, "lidar")
    check_rectified(camera)
    check_synchronised(sample, camera)
    views = {view.instance: view for view in sample.views[camera.sensor]}
    contents = (
        color_png(camera.image),
        velodyne(lidar),
        _labels(sample.actors, views, camera).encode(),
        str(calibration_of(camera, lidar, sample.world_from_ego)).encode(),
        depth_png(camera.depth),
        plane_png(camera.instance),
        plane_png(camera.semantic),
        _returns(lidar),
    )
    return dict(zip(kitti_paths(number), contents, strict=True))


def kitti_paths(number: int) -> tuple[str, ...]:
    """Files of one sample."""
    return tuple(_path(kind, number) for kind in _EXTENSIONS)


def check_kitti_rig(sensors: Mapping[str, SensorSpec], layout: str) -> None:
    """Raises OutputError unless the rig is one camera and one lidar."""
    for kind in ("camera", "lidar"):
        names = [name for name, sensor in sensors.items() if sensor.type == kind]
        if len(names) != 1:
            found = ", ".join(names) or "none"
            raise OutputError(f"the {layout} layout holds exactly one {kind}; the scenario's rig has {found}")
    others = [name for name, sensor in sensors.items() if sensor.type not in ("camera", "lidar")]
    if others:
        raise OutputError(f"the {layout} layout has no place for {', '.join(others)}; leave it out of the rig")


def _path(kind: str, index: int) -> str:
    return f"{kind}/{index:06d}.{_EXTENSIONS[kind]}"


def only(readings: Mapping[str, Any], kind: str) -> Any:
    """The one reading; OutputError when there are more or none."""
    if len(readings) != 1:
        raise OutputError(f"the KITTI layout holds exactly one {kind}; the sample has {', '.join(readings) or 'none'}")
    return next(iter(readings.values()))


def check_rectified(camera: CameraFrame) -> None:
    """Raises OutputError for a distorted picture."""
    if not isinstance(camera.lens, Pinhole) or any(camera.lens.distortion):
        raise OutputError("KITTI holds rectified pictures: the camera must have no lens distortion")


def check_synchronised(sample: Sample, camera: CameraFrame) -> None:
    """KITTI has one label for picture and sweep, so both must be of one instant."""
    late = sample.time - camera.interval.middle
    if abs(late) > _SYNCHRONOUS:
        raise OutputError(
            f"{camera.sensor} is exposed {abs(late) / 1e6:.1f} ms from the instant of the labels, the middle of the "
            f"lidar's turn, but KITTI has one label for both: change the phase of {camera.sensor} by {late / 1e6:g} ms"
        )


def velodyne(lidar: LidarSweep) -> bytes:
    """float32 x, y, z, intensity of each return."""
    return np.column_stack([lidar.points, lidar.intensity]).astype("<f4").tobytes()


def _labels(actors: tuple[ActorTruth, ...], views: Mapping[int, ActorView], camera: CameraFrame) -> str:
    visible = sorted((actor for actor in actors if actor.instance in views), key=lambda actor: actor.instance)
    return "".join(f"{label_of(actor, views[actor.instance], camera)}\n" for actor in visible)


def _returns(lidar: LidarSweep) -> bytes:
    return encode_table({name: getattr(lidar, name) for name in ("ring", "time", "range", "instance", "semantic")})
