"""SemanticKITTI: a class and an instance for every point, one sequence a scene.

| file                                | content                                                                   |
|-------------------------------------|---------------------------------------------------------------------------|
| `sequences/00/velodyne/000000.bin`  | the sweep                                                                 |
| `sequences/00/labels/000000.label`  | uint32 a point: class in the lower 16 bits, actor's instance in the upper |
| `sequences/00/poses.txt`            | pose of camera 0 at each sweep in the frame of the first                  |
| `sequences/00/calib.txt`            | P0 to P3, and Tr from the lidar's axes to a camera's                      |
| `sequences/00/times.txt`            | time of each sweep [s]                                                    |
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.errors import OutputError
from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.readings import SEMANTIC_IDS, LidarSweep, Sample
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.item import Loader
from roadlab_tools.datasets.kitti import only, velodyne
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.scene import Scene, SceneEntry

MOVING = 0.2
"""Actors faster than this [m/s] have the classes of moving ones."""
CAMERA_FROM_LIDAR = np.array([[0.0, -1, 0, 0], [0, 0, -1, 0], [1, 0, 0, 0], [0, 0, 0, 1]])
CLASSES: dict[str, int] = {
    "unlabeled": 0,
    "static": 99,
    "ground": 49,
    "road": 40,
    "sidewalk": 48,
    "parking": 44,
    "building": 50,
    "wall": 52,
    "fence": 51,
    "guard rail": 51,
    "pole": 80,
    "traffic light": 99,
    "traffic sign": 81,
    "vegetation": 70,
    "terrain": 72,
    "road marking": 60,
    "ego vehicle": 1,
    "person": 30,
    "rider": 31,
    "car": 10,
    "truck": 18,
    "bus": 13,
    "motorcycle": 15,
    "bicycle": 11,
}
"""SemanticKITTI's classes (semantic-kitti-api, config/semantic-kitti.yaml) of roadlab's; others are 0."""
ACTORS: dict[str, tuple[int, int]] = {
    "car": (10, 252),
    "van": (10, 252),
    "truck": (18, 258),
    "trailer": (18, 258),
    "bus": (13, 257),
    "pedestrian": (30, 254),
    "cyclist": (31, 253),
    "motorcycle": (32, 255),
    "motorcyclist": (32, 255),
    "cone": (99, 99),
    "barrel": (99, 99),
    "barrier": (99, 99),
    "obstacle": (99, 99),
}
"""Class of an actor's points at rest and in motion; of others 20 and 259, other vehicle; 99 is other object."""


class SemanticKittiWriter:
    """For rigs with one lidar; other sensors are left out."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError unless there is exactly one lidar."""
        names = [name for name, sensor in sensors.items() if sensor.type == "lidar"]
        if len(names) != 1:
            raise OutputError(
                f"SemanticKITTI holds exactly one lidar; the scenario's rig has {', '.join(names) or 'none'}"
            )

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """The sweep and its labels."""
        lidar = only(sample.lidars, "lidar")
        frame = scene.entry.indices.index(sample.index)
        speeds = {actor.instance: float(np.linalg.norm(actor.velocity)) for actor in sample.actors}
        return {
            _path(scene.entry, frame, "velodyne", "bin"): velodyne(lidar),
            _path(scene.entry, frame, "labels", "label"): labels(lidar, scene, speeds).tobytes(),
        }

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """Poses, times and calibration of each sequence."""
        for entry in contents.entries:
            documents = [contents.record(number) for number in contents.numbers(entry)]
            if not documents:
                continue
            sweeps = [only(document["lidars"], "lidar") for document in documents]
            poses = np.array([sweep["world_from_lidar"] for sweep in sweeps])
            relative = CAMERA_FROM_LIDAR @ np.linalg.inv(poses[0]) @ poses @ CAMERA_FROM_LIDAR.T
            start = sweeps[0]["reference"]
            folder = f"sequences/{entry.position:02d}"
            yield f"{folder}/poses.txt", "".join(_row(pose[:3]) for pose in relative).encode()
            yield f"{folder}/times.txt", "".join(f"{(s['reference'] - start) / 1e9:.6e}\n" for s in sweeps).encode()
            projections = "".join(f"P{k}: {_row(np.eye(4)[:3])}" for k in range(4))
            yield f"{folder}/calib.txt", f"{projections}Tr: {_row(CAMERA_FROM_LIDAR[:3])}".encode()


class SemanticKittiReader(RecordReader):
    """Points, intensity, instances and SemanticKITTI's classes."""

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """`label` holds SemanticKITTI's classes."""
        entry = next(entry for entry in self.contents.entries if place.number in entry.numbers)
        frame = entry.numbers.index(place.number)

        def rows() -> NDArray[Any]:
            return np.frombuffer(self.contents.read(_path(entry, frame, "velodyne", "bin")), "<f4").reshape(-1, 4)

        def words() -> NDArray[Any]:
            return np.frombuffer(self.contents.read(_path(entry, frame, "labels", "label")), "<u4")

        return {
            "points": lambda: rows()[:, :3],
            "intensity": lambda: rows()[:, 3],
            "instance": lambda: (words() >> 16).astype(np.uint16),
            "label": lambda: (words() & 0xFFFF).astype(np.uint16),
        }

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """That every class is one of SemanticKITTI's."""
        for name in place.record["lidars"]:
            classes = np.unique(self.lidar(Place(place.number, place.record, name))["label"]())
            known = {*CLASSES.values(), *(c for pair in ACTORS.values() for c in pair), 20, 259}
            if not set(classes.tolist()) <= known:
                yield 15, _record(place), f"has classes that SemanticKITTI does not know: {classes.tolist()}"


def labels(lidar: LidarSweep, scene: Scene, speeds: Mapping[int, float]) -> NDArray[np.uint32]:
    """(N,) label of each return."""
    surfaces = np.zeros(256, np.uint32)
    for name, number in SEMANTIC_IDS.items():
        surfaces[number] = CLASSES.get(name, 0)
    actors = np.zeros(max(int(lidar.instance.max(initial=0)), len(scene.log.actors)) + 1, np.uint32)
    for actor in scene.log.actors:
        at_rest, moving = ACTORS.get(actor.category, (20, 259))
        actors[actor.instance] = moving if speeds.get(actor.instance, 0.0) > MOVING else at_rest
        if actor.is_ego:
            actors[actor.instance] = CLASSES["ego vehicle"]
    classes = np.where(lidar.instance > 0, actors[lidar.instance], surfaces[lidar.semantic])
    words: NDArray[np.uint32] = (classes | (lidar.instance.astype(np.uint32) << 16)).astype("<u4")
    return words


def _path(entry: SceneEntry, frame: int, folder: str, suffix: str) -> str:
    return f"sequences/{entry.position:02d}/{folder}/{frame:06d}.{suffix}"


def _record(place: Place) -> str:
    return f"truth/{place.number:06d}.json"


def _row(matrix: NDArray[np.float64]) -> str:
    return " ".join(f"{value + 0.0:.9e}" for value in matrix.ravel()) + "\n"
