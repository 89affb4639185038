"""Cityscapes' layout: a picture and its pixel classes for each camera and sample.

| file                                                          | content                                           |
|---------------------------------------------------------------|---------------------------------------------------|
| `leftImg8bit/SPLIT/SCENE/SCENE_00_000000_leftImg8bit.png`     | the picture; the middle number counts the cameras |
| `gtFine/SPLIT/SCENE/..._gtFine_labelIds.png`                  | label ids; road markings are road                 |
| `gtFine/SPLIT/SCENE/..._gtFine_labelTrainIds.png`             | the nineteen classes that are trained, else 255   |
| `gtFine/SPLIT/SCENE/..._gtFine_instanceIds.png`               | uint16: 1000 * id + actor where countable, else id |
| `gtFine/SPLIT/SCENE/..._gtFine_color.png`                     | to look at                                        |
| `camera/SPLIT/SCENE/..._camera.json`                          | intrinsics, and the camera's place on the vehicle |
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab.errors import OutputError
from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.readings import SEMANTIC_IDS, CameraFrame, Sample
from roadlab_sensors.sensor import ego_from_sensor
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import color_png, plane_png, read_color, read_plane
from roadlab_tools.datasets.item import Loader
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.scene import Scene, SceneEntry
from roadlab_tools.palette import SEMANTIC_COLORS

TRAIN_IDS = {7: 0, 8: 1, 11: 2, 12: 3, 13: 4, 17: 5, 19: 6, 20: 7, 21: 8, 22: 9, 23: 10, 24: 11, 25: 12, 26: 13, 27: 14}
TRAIN_IDS |= {28: 15, 31: 16, 32: 17, 33: 18}
"""Of the label ids that are trained (cityscapesScripts, labels.py)."""
COUNTABLE = tuple(range(24, 34))


class CityscapesWriter:
    """For rigs with at least one camera; other sensors are left out."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError for a rig without a camera."""
        if not any(sensor.type == "camera" for sensor in sensors.values()):
            raise OutputError("Cityscapes is about pictures, and the scenario's rig has no camera")

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """Pictures, planes and calibrations."""
        files = {}
        for k, (name, frame) in enumerate(sample.cameras.items()):
            stem = frame_stem(scene.entry, k, scene.number(sample.index))
            ids = label_ids(frame.semantic)
            files[_path("leftImg8bit", stem, "leftImg8bit.png")] = color_png(frame.image)
            files[_path("gtFine", stem, "gtFine_labelIds.png")] = plane_png(ids)
            files[_path("gtFine", stem, "gtFine_labelTrainIds.png")] = plane_png(train_ids(ids))
            files[_path("gtFine", stem, "gtFine_instanceIds.png")] = plane_png(instance_ids(ids, frame.instance))
            files[_path("gtFine", stem, "gtFine_color.png")] = color_png(_colors(ids))
            files[_path("camera", stem, "camera.json")] = _camera(frame, scene.scenario.spec.sensors[name])
        return files

    def gather(self, _contents: Contents) -> Iterator[tuple[str, bytes]]:
        """Nothing: each picture speaks for itself."""
        yield from ()


class CityscapesReader(RecordReader):
    """Pictures, classes and actors; there are no boxes, so those are the records'."""

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """`semantic` counts road markings as road."""
        entry = next(entry for entry in self.contents.entries if place.number in entry.numbers)
        stem = frame_stem(entry, list(place.record["cameras"]).index(place.sensor), place.number)

        def instances() -> NDArray[np.uint16]:
            plane = read_plane(self.contents.read(_path("gtFine", stem, "gtFine_instanceIds.png")))
            return np.where(plane >= 1000, plane % 1000, 0).astype(np.uint16)

        return {
            "image": lambda: read_color(self.contents.read(_path("leftImg8bit", stem, "leftImg8bit.png"))),
            "semantic": lambda: read_plane(self.contents.read(_path("gtFine", stem, "gtFine_labelIds.png"))),
            "instance": instances,
        }

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """That train ids follow from label ids."""
        entry = next(entry for entry in self.contents.entries if place.number in entry.numbers)
        for k, name in enumerate(place.record["cameras"]):
            ids = self.camera(Place(place.number, place.record, name))["semantic"]()
            path = _path("gtFine", frame_stem(entry, k, place.number), "gtFine_labelTrainIds.png")
            if not np.array_equal(read_plane(self.contents.read(path)), train_ids(ids)):
                yield 11, path, "does not follow from the label ids"


def frame_stem(entry: SceneEntry, camera: int, number: int) -> str:
    """Split, city and the beginning of a picture's file name."""
    city = entry.name.replace("_", "-")
    return f"{entry.split}/{city}/{city}_{camera:02d}_{number:06d}"


def label_ids(semantic: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W) Cityscapes' ids."""
    table = np.arange(256, dtype=np.uint8)
    table[SEMANTIC_IDS["road marking"]] = SEMANTIC_IDS["road"]
    return table[semantic]


def train_ids(ids: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(H, W) 0 to 18, 255 for what is not trained."""
    table = np.full(256, 255, np.uint8)
    for label, number in TRAIN_IDS.items():
        table[label] = number
    return table[ids]


def instance_ids(ids: NDArray[np.uint8], instance: NDArray[np.uint16]) -> NDArray[np.uint16]:
    """(H, W) of countable classes with the actor."""
    if instance.max(initial=0) >= 1000:
        raise OutputError("Cityscapes numbers the actors of a scene from 1 to 999; the scenario has more")
    counted = np.isin(ids, COUNTABLE) & (instance > 0)
    return np.where(counted, ids.astype(np.uint16) * 1000 + instance, ids).astype(np.uint16)


def _path(kind: str, stem: str, ending: str) -> str:
    return f"{kind}/{stem}_{ending}"


def _colors(ids: NDArray[np.uint8]) -> NDArray[np.uint8]:
    table = np.zeros((256, 3), np.uint8)
    for label, color in SEMANTIC_COLORS.items():
        table[label] = color
    return table[ids]


def _camera(frame: CameraFrame, sensor: SensorSpec) -> bytes:
    pose = ego_from_sensor(sensor.mount)
    yaw, pitch, roll = Rotation.from_matrix(pose[:3, :3]).as_euler("ZYX").tolist()
    x, y, z = pose[:3, 3].tolist()
    extrinsic = {"baseline": 0.0, "pitch": pitch, "roll": roll, "x": x, "y": y, "yaw": yaw, "z": z}
    intrinsic: dict[str, float] = {}
    if isinstance(frame.lens, Pinhole):
        intrinsic = {"fx": frame.lens.fx, "fy": frame.lens.fy, "u0": frame.lens.cx, "v0": frame.lens.cy}
    return (json.dumps({"extrinsic": extrinsic, "intrinsic": intrinsic}) + "\n").encode()
