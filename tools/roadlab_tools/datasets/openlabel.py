"""ASAM OpenLABEL 1.0: one JSON file a scene, beside the pictures and sweeps that it speaks of.

| file                      | content                                                                    |
|---------------------------|----------------------------------------------------------------------------|
| `openlabel/SCENE.json`    | coordinate systems, streams, frames, and objects with cuboids and 2D boxes |
| `cameras/NAME/000000.png` | the picture                                                                |
| `lidars/NAME/000000.bin`  | float32 x, y, z [m], intensity, lidar frame                                |

Frames are numbered as the samples of the dataset. Cuboids are in the world: x, y, z, quaternion with w last, then
length, width, height. 2D boxes have their centre and size, `bbox` around the visible pixels and `bbox_amodal`
around all.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.readings import Sample
from roadlab_sensors.sensor import ego_from_sensor
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import color_png, read_color
from roadlab_tools.datasets.item import Boxes, Loader
from roadlab_tools.datasets.kitti import velodyne
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene

BODY_FROM_OPTICAL = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])


class OpenLabelWriter:
    """For any rig; sensors other than cameras and lidars are left out."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Every rig is welcome."""

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """Pictures and sweeps."""
        number = scene.number(sample.index)
        pictures = {_path("cameras", name, number): color_png(f.image) for name, f in sample.cameras.items()}
        return pictures | {_path("lidars", name, number): velodyne(sweep) for name, sweep in sample.lidars.items()}

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """The labels of each scene."""
        for scene in contents.scenes():
            records = {number: contents.record(number) for number in contents.numbers(scene.entry)}
            if records:
                document = {"openlabel": _label(scene, records, contents.run["roadlab"])}
                yield label_path(scene.entry.name), (json.dumps(document) + "\n").encode()


class OpenLabelReader(RecordReader):
    """Pictures, points and cuboids."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents)
        self._labels: dict[str, Document] = {}

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """The picture."""
        return {"image": lambda: read_color(self.contents.read(_path("cameras", place.sensor, place.number)))}

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """Points and intensity."""

        def rows() -> NDArray[Any]:
            return np.frombuffer(self.contents.read(_path("lidars", place.sensor, place.number)), "<f4").reshape(-1, 4)

        return {"points": lambda: rows()[:, :3], "intensity": lambda: rows()[:, 3]}

    def boxes(self, place: Place) -> Boxes:
        """The cuboids of a frame."""
        label = self._label(place.number)
        objects = label["frames"][str(place.number)].get("objects", {})
        cuboids = {int(who): one["object_data"]["cuboid"][0]["val"] for who, one in objects.items()}
        poses = np.tile(np.eye(4), (len(cuboids), 1, 1))
        for k, value in enumerate(cuboids.values()):
            poses[k, :3, :3] = Rotation.from_quat(value[3:7]).as_matrix()
            poses[k, :3, 3] = value[:3]
        return Boxes(
            instance=np.array(list(cuboids), dtype=np.int64),
            category=tuple(label["objects"][str(who)]["type"] for who in cuboids),
            world_from_box=poses,
            size=np.array([value[7:] for value in cuboids.values()]).reshape(-1, 3),
        )

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """That quaternions have length 1, and that 2D boxes are the views'."""
        entry = next(entry for entry in self.contents.entries if place.number in entry.numbers)
        for who, one in self._label(place.number)["frames"][str(place.number)].get("objects", {}).items():
            value = one["object_data"]["cuboid"][0]["val"]
            if abs(np.linalg.norm(value[3:7]) - 1.0) > 1e-6:
                yield 1, label_path(entry.name), f"frame {place.number}: the quaternion of {who} is not of length 1"
            boxes = {box["name"]: box["val"] for box in one["object_data"].get("bbox", [])}
            if boxes != _boxes(place.record, int(who)):
                yield 6, label_path(entry.name), f"frame {place.number}: the 2D boxes of {who} are not the views'"

    def _label(self, number: int) -> Document:
        entry = next(entry for entry in self.contents.entries if number in entry.numbers)
        if entry.name not in self._labels:
            self._labels = {entry.name: json.loads(self.contents.read(label_path(entry.name)))["openlabel"]}
        return self._labels[entry.name]


def label_path(scene: str) -> str:
    """Where the labels of a scene are."""
    return f"openlabel/{scene}.json"


def _path(group: str, name: str, number: int) -> str:
    return f"{group}/{name}/{number:06d}.{'png' if group == 'cameras' else 'bin'}"


def _label(scene: Scene, records: dict[int, Document], version: str) -> Document:
    numbers = sorted(records)
    return {
        "metadata": {
            "schema_version": "1.0.0",
            "name": scene.entry.name,
            "comment": scene.entry.title,
            "annotator": f"roadlab {version}, from the simulation itself",
        },
        "coordinate_systems": _systems(scene),
        "streams": _streams(scene, records[numbers[0]]),
        "frame_intervals": _intervals(numbers, scene.entry.every),
        "objects": _objects(scene, records),
        "frames": {str(number): _frame(number, record) for number, record in records.items()},
    }


def _systems(scene: Scene) -> Document:
    sensors = {n: s for n, s in scene.scenario.spec.sensors.items() if s.type in ("camera", "lidar")}
    systems: Document = {
        "world": {"type": "scene_cs", "parent": "", "children": ["ego"]},
        "ego": {"type": "local_cs", "parent": "world", "children": list(sensors)},
    }
    for name, sensor in sensors.items():
        pose = ego_from_sensor(sensor.mount)
        if sensor.type == "camera":
            pose[:3, :3] = pose[:3, :3] @ BODY_FROM_OPTICAL
        matrix = {"matrix4x4": pose.ravel().tolist()}
        systems[name] = {"type": "sensor_cs", "parent": "ego", "children": [], "pose_wrt_parent": matrix}
    return systems


def _streams(scene: Scene, record: Document) -> Document:
    streams: Document = {}
    for name, frame in record["cameras"].items():
        lens = frame["lens"]
        stream: Document = {"type": "camera", "uri": f"cameras/{name}", "description": scene.entry.title}
        if lens["$"] == "Pinhole":
            matrix = [lens["fx"], 0.0, lens["cx"], 0.0, 0.0, lens["fy"], lens["cy"], 0.0, 0.0, 0.0, 1.0, 0.0]
            bent = [float(value) for value in lens["distortion"]]
            pinhole = {"camera_matrix_3x4": matrix, "distortion_coeffs_1xN": bent}
            size = {"width_px": lens["width"], "height_px": lens["height"]}
            stream["stream_properties"] = {"intrinsics_pinhole": {**pinhole, **size}}
        streams[name] = stream
    for name in record["lidars"]:
        streams[name] = {"type": "lidar", "uri": f"lidars/{name}", "description": scene.entry.title}
    return streams


def _objects(scene: Scene, records: dict[int, Document]) -> Document:
    frames: dict[int, list[int]] = {}
    for number, record in sorted(records.items()):
        for actor in record["actors"]:
            frames.setdefault(actor["instance"], []).append(number)
    infos = {actor.instance: actor for actor in scene.log.actors}
    return {
        str(who): {
            "name": infos[who].name,
            "type": infos[who].category,
            "frame_intervals": _intervals(numbers, scene.entry.every),
        }
        for who, numbers in sorted(frames.items())
    }


def _intervals(numbers: list[int], step: int) -> list[Document]:
    """Closed intervals of frames; with gaps where samples are left out."""
    found: list[Document] = []
    for number in numbers:
        if found and step == 1 and number == found[-1]["frame_end"] + 1:
            found[-1]["frame_end"] = number
        else:
            found.append({"frame_start": number, "frame_end": number})
    return found


def _frame(number: int, record: Document) -> Document:
    streams: Document = {}
    for group in ("cameras", "lidars"):
        for name, reading in record[group].items():
            middle = (reading["interval"]["open"] + reading["interval"]["close"]) // 2
            sync = {"timestamp": str(middle), "frame_stream": number}
            streams[name] = {"uri": _path(group, name, number), "stream_properties": {"sync": sync}}
    ego = {"matrix4x4": np.array(record["world_from_ego"]).ravel().tolist()}
    transform = {"ego_to_world": {"src": "ego", "dst": "world", "transform_src_to_dst": ego}}
    views: dict[int, list[tuple[str, Document]]] = {}
    for camera, seen in record["views"].items():
        for view in seen:
            views.setdefault(view["instance"], []).append((camera, view))
    properties = {"timestamp": str(record["time"]), "streams": streams, "transforms": transform}
    objects = {str(a["instance"]): {"object_data": _data(a, views.get(a["instance"], []))} for a in record["actors"]}
    return {"frame_properties": properties, "objects": objects}


def _data(actor: Document, views: list[tuple[str, Document]]) -> Document:
    pose = np.array(actor["world_from_box"])
    turn = Rotation.from_matrix(pose[:3, :3]).as_quat(canonical=True).tolist()
    points = [{"name": f"lidar_points_{name}", "val": count} for name, count in actor["lidar_points"].items()]
    data: Document = {
        "cuboid": [
            {"name": "cuboid", "val": [*pose[:3, 3].tolist(), *turn, *actor["size"]], "coordinate_system": "world"}
        ],
        "vec": [{"name": "velocity", "val": list(actor["velocity"])}],
    }
    if points:
        data["num"] = points
    if views:
        data["bbox"] = [
            {
                "name": f"{name}_{camera}",
                "val": _center_size(view[key]),
                "coordinate_system": camera,
                "attributes": {
                    "num": [
                        {"name": "occlusion", "val": view["occlusion"]},
                        {"name": "truncation", "val": view["truncation"]},
                    ]
                },
            }
            for camera, view in views
            for name, key in (("bbox", "box"), ("bbox_amodal", "amodal_box"))
        ]
    return data


def _boxes(record: Document, instance: int) -> dict[str, list[float]]:
    seen = {camera: view for camera, views in record["views"].items() for view in views if view["instance"] == instance}
    names = (("bbox", "box"), ("bbox_amodal", "amodal_box"))
    return {f"{name}_{camera}": _center_size(view[key]) for camera, view in seen.items() for name, key in names}


def _center_size(box: list[float]) -> list[float]:
    left, top, right, bottom = box
    return [(left + right) / 2, (top + bottom) / 2, right - left, bottom - top]
