"""KITTI's tracking layout: one sequence a scene, samples counted from 0 in each.

| file                            | content                                                          |
|---------------------------------|------------------------------------------------------------------|
| `SPLIT/image_02/0000/000000.png`| the picture; SPLIT is `training`, or `testing` for the test split |
| `SPLIT/velodyne/0000/000000.bin`| the sweep                                                        |
| `SPLIT/label_02/0000.txt`       | frame, track, and the object label's columns, with level 0 to 2 for truncation |
| `SPLIT/calib/0000.txt`          | P0 to P3, R_rect, Tr_velo_cam, Tr_imu_velo                       |
| `SPLIT/oxts/0000.txt`           | the ego's place on Earth, attitude and motion                    |
| `SPLIT/evaluate_tracking.seqmap`| sequences and their lengths                                      |
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.scenario.spec import SensorSpec
from roadlab.timing import Interval
from roadlab_sensors.readings import ActorTruth, ActorView, CameraFrame, Sample
from roadlab_tools.datasets import records
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import color_png, read_color
from roadlab_tools.datasets.item import Boxes, Loader
from roadlab_tools.datasets.kitti import check_kitti_rig, check_rectified, check_synchronised, only, velodyne
from roadlab_tools.datasets.kitti_calibration import Calibration, pair_calibration
from roadlab_tools.datasets.kitti_label import Label, label_of, parse_label
from roadlab_tools.datasets.kitti_reader import CATEGORIES, box_of
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene, SceneEntry

EARTH = 6378137.0
"""KITTI's radius of the Earth [m], for its Mercator projection."""
TRUNCATED = (0.0, 0.5)
"""Above these shares of the silhouette outside the image a track counts as partly and as largely truncated."""


class KittiTrackingWriter:
    """For rigs with one camera and one lidar."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError when this layout has no place for all of these sensors."""
        check_kitti_rig(sensors, "KITTI tracking")

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """Picture and sweep."""
        camera, lidar = only(sample.cameras, "camera"), only(sample.lidars, "lidar")
        check_rectified(camera)
        check_synchronised(sample, camera)
        frame = scene.entry.indices.index(sample.index)
        return {
            picture_path(scene.entry, frame): color_png(camera.image),
            sweep_path(scene.entry, frame): velodyne(lidar),
        }

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """Labels, calibration and the ego's motion of each sequence."""
        lengths: dict[str, list[str]] = {}
        for scene in contents.scenes():
            numbers = contents.numbers(scene.entry)
            if not numbers:
                continue
            documents = {scene.entry.numbers.index(number): contents.record(number) for number in numbers}
            split, sequence = split_of(scene.entry), f"{scene.entry.position:04d}"
            labels = [line for frame, document in documents.items() for line in _lines(frame, document)]
            yield f"{split}/label_02/{sequence}.txt", "".join(labels).encode()
            yield f"{split}/calib/{sequence}.txt", _calibration(next(iter(documents.values()))).encode()
            yield f"{split}/oxts/{sequence}.txt", "".join(_oxts(scene, d) for d in documents.values()).encode()
            lengths.setdefault(split, []).append(f"{sequence} empty 000000 {len(scene.entry.indices):06d}\n")
        for split, lines in lengths.items():
            yield f"{split}/evaluate_tracking.seqmap", "".join(lines).encode()


class KittiTrackingReader(RecordReader):
    """Pictures, sweeps and tracks."""

    anchor = -1.0

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents)
        self._labels: dict[str, dict[int, list[tuple[int, Label]]]] = {}

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """The picture."""
        entry, frame = self._frame(place.number)
        return {"image": lambda: read_color(self.contents.read(picture_path(entry, frame)))}

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """Points and intensity."""
        entry, frame = self._frame(place.number)

        def rows() -> NDArray[Any]:
            return np.frombuffer(self.contents.read(sweep_path(entry, frame)), "<f4").reshape(-1, 4)

        return {"points": lambda: rows()[:, :3], "intensity": lambda: rows()[:, 3]}

    def boxes(self, place: Place) -> Boxes:
        """The tracks in this sample; `DontCare` regions are none."""
        world_from_camera = np.array(only(place.record["cameras"], "camera")["world_from_camera"])
        entry, frame = self._frame(place.number)
        rows = self._tracks(entry).get(frame, [])
        return Boxes(
            instance=np.array([track for track, _ in rows], dtype=np.int64),
            category=tuple(CATEGORIES.get(label.type, "other") for _, label in rows),
            world_from_box=np.array([world_from_camera @ box_of(label) for _, label in rows]).reshape(-1, 4, 4),
            size=np.array([(label.length, label.width, label.height) for _, label in rows]).reshape(-1, 3),
        )

    def _tracks(self, entry: SceneEntry) -> dict[int, list[tuple[int, Label]]]:
        path = f"{split_of(entry)}/label_02/{entry.position:04d}.txt"
        if path not in self._labels:
            found: dict[int, list[tuple[int, Label]]] = {}
            for line in self.contents.read(path).decode().splitlines():
                frame, track, rest = line.split(" ", 2)
                if track != "-1":
                    found.setdefault(int(frame), []).append((int(track), parse_label(rest)))
            self._labels[path] = found
        return self._labels[path]

    def _frame(self, number: int) -> tuple[SceneEntry, int]:
        entry = next(entry for entry in self.contents.entries if number in entry.numbers)
        return entry, entry.numbers.index(number)


def split_of(entry: SceneEntry) -> str:
    """KITTI's folder for the scene's split."""
    return "testing" if entry.split == "test" else "training"


def picture_path(entry: SceneEntry, frame: int) -> str:
    """Where a picture is."""
    return f"{split_of(entry)}/image_02/{entry.position:04d}/{frame:06d}.png"


def sweep_path(entry: SceneEntry, frame: int) -> str:
    """Where a sweep is."""
    return f"{split_of(entry)}/velodyne/{entry.position:04d}/{frame:06d}.bin"


def _lines(frame: int, document: Document) -> Iterator[str]:
    name, camera = next(iter(document["cameras"].items()))
    picture = CameraFrame(
        name,
        Interval(camera["interval"]["open"], camera["interval"]["close"]),
        records.join(camera["lens"], _nowhere),
        np.array(camera["world_from_camera"]),
        *(np.zeros(0),) * 4,  # type: ignore[arg-type]
    )
    actors = {actor["instance"]: records.join(actor, _nowhere) for actor in document["actors"]}
    for view in sorted(document["views"][name], key=lambda view: int(view["instance"])):
        yield f"{frame} {_track(actors[view['instance']], records.join(view, _nowhere), picture)}\n"


def _track(actor: ActorTruth, view: ActorView, picture: CameraFrame) -> str:
    label = label_of(actor, view, picture)
    if label.type == "DontCare":
        return f"-1 {label}"
    kind, _, rest = str(label).split(" ", 2)
    level = sum(label.truncated > limit for limit in TRUNCATED)
    return f"{actor.instance} {kind} {level} {rest}"


def _calibration(document: Document) -> str:
    camera, lidar = only(document["cameras"], "camera"), only(document["lidars"], "lidar")
    pair: Calibration = pair_calibration(
        records.join(camera["lens"], _nowhere),
        np.array(camera["world_from_camera"]),
        np.array(lidar["world_from_lidar"]),
        np.array(document["world_from_ego"]),
    )
    names = {"R0_rect:": "R_rect", "Tr_velo_to_cam:": "Tr_velo_cam", "Tr_imu_to_velo:": "Tr_imu_velo"}
    text = str(pair)
    for theirs, ours in names.items():
        text = text.replace(theirs, ours)
    return text.rstrip("\n") + "\n"


def _oxts(scene: Scene, document: Document) -> str:
    log, time = scene.log, document["time"]
    states = log.states_at(np.array([time]))
    x, y, z = states.position[0, log.ego]
    yaw, pitch, roll = states.attitude[0, log.ego]
    tick = log.tick_at(time)
    east, north, up = log.velocity[tick, log.ego]
    forward, left = east * math.cos(yaw) + north * math.sin(yaw), north * math.cos(yaw) - east * math.sin(yaw)
    place = scene.scenario.spec.environment.place
    scale = math.cos(math.radians(place.latitude))
    mercator_y = scale * EARTH * math.log(math.tan(math.radians(90.0 + place.latitude) / 2)) + y
    latitude = math.degrees(2 * math.atan(math.exp(mercator_y / (scale * EARTH)))) - 90.0
    longitude = place.longitude + math.degrees(x / (scale * EARTH))
    acceleration = float(log.acceleration[tick, log.ego])
    rate = _yaw_rate(scene, time)
    values = [latitude, longitude, z, roll, -pitch, math.remainder(yaw, math.tau), north, east, forward, left, up]
    values += [acceleration, 0.0, 9.80665] * 2 + [0.0, 0.0, rate] * 2 + [0.0, 0.0]
    return " ".join(f"{value + 0.0:.12g}" for value in values) + " 4 10 4 4 0\n"


def _yaw_rate(scene: Scene, time: int) -> float:
    log, step = scene.log, 10_000_000
    ends = np.clip([time - step, time + step], log.time[0], log.time[-1])
    yaw = log.states_at(ends).attitude[:, log.ego, 0]
    return float((yaw[1] - yaw[0]) / ((ends[1] - ends[0]) / 1e9))


def _nowhere(name: str) -> NDArray[Any]:
    raise records.RecordError(f"{name} is not in the record")
