"""Reads nuScenes: readings from their files, annotations from the tables."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab_sensors.readings import RADAR_FIELDS
from roadlab_tools.datasets.arrays import read_npy
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import read_color
from roadlab_tools.datasets.item import Boxes, Loader
from roadlab_tools.datasets.nuscenes.frames import reading_token
from roadlab_tools.datasets.nuscenes.naming import LIDAR_AXES, VERSION, channels, data_path, is_key, offset_of, token
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene

_ROADLAB = {
    "human.pedestrian.adult": "pedestrian",
    "human.pedestrian.child": "pedestrian",
    "vehicle.bicycle": "cyclist",
    "vehicle.car": "car",
    "vehicle.truck": "truck",
    "vehicle.bus.rigid": "bus",
    "vehicle.motorcycle": "motorcyclist",
    "vehicle.trailer": "trailer",
    "animal": "animal",
}
_CHAINED = ("sample", "sample_data", "sample_annotation")


class NuscenesReader(RecordReader):
    """Only key samples have annotations; the boxes of the others are none."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents)
        self._scene = cache(self._read_scene)

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """The picture."""
        path = self._path(place, "jpg")
        return {"image": lambda: read_color(self.contents.read(path))}

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """Points in roadlab's lidar frame, intensity 0 to 1, ring; for key samples the actor and the class of each."""
        path = self._path(place, "pcd.bin")

        def rows() -> NDArray[Any]:
            return np.frombuffer(self.contents.read(path), "<f4").reshape(-1, 5)

        loaders: dict[str, Loader] = {
            "points": lambda: rows()[:, :3] @ LIDAR_AXES.T.astype(np.float32),
            "intensity": lambda: rows()[:, 3] / np.float32(255.0),
            "ring": lambda: rows()[:, 4].astype(np.uint16),
        }
        scene = self._scene(place.number)
        index = place.record["index"]
        if channels(scene)[place.sensor] == "LIDAR_TOP" and is_key(scene, index):
            panoptic = f"panoptic/{VERSION}/{reading_token(scene, 'LIDAR_TOP', index)}_panoptic.npz"
            loaders["instance"] = lambda: self._panoptic(panoptic) % 1000
            loaders["lidarseg"] = lambda: (self._panoptic(panoptic) // 1000).astype(np.uint8)
        return loaders

    def radar(self, place: Place) -> Mapping[str, Loader]:
        """The 18 fields."""
        path = self._path(place, "pcd")
        return {name: lambda name=name: self._scan(path)[name] for name in RADAR_FIELDS}  # type: ignore[misc]

    def boxes(self, place: Place) -> Boxes:
        """The annotations of a key sample."""
        scene = self._scene(place.number)
        sample = token("sample", scene.entry.name, place.record["index"])
        rows = self._annotations.get(sample, [])
        names = {token("instance", scene.entry.name, a.instance): a.instance for a in scene.log.actors}
        poses = np.tile(np.eye(4), (len(rows), 1, 1))
        for k, row in enumerate(rows):
            poses[k, :3, :3] = Rotation.from_quat(row["rotation"], scalar_first=True).as_matrix()
            poses[k, :3, 3] = np.array(row["translation"]) - [*offset_of(scene), 0.0]
        sizes = np.array([row["size"] for row in rows]).reshape(-1, 3)
        categories = [self._category[row["instance_token"]] for row in rows]
        return Boxes(
            instance=np.array([names.get(row["instance_token"], -1) for row in rows], dtype=np.int64),
            category=tuple(_ROADLAB.get(name, "other") for name in categories),
            world_from_box=poses,
            size=sizes[:, [1, 0, 2]],
        )

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """Counts and classes of points; chains, quaternions and counts of the tables, told for the first sample."""
        yield from self._point_faults(place)
        if place.number != self.contents.numbers()[0]:
            return
        for name in _CHAINED:
            yield from ((4, f"{VERSION}/{name}.json", what) for what in broken_chains(self._table(name)))
        for name in ("ego_pose", "calibrated_sensor", "sample_annotation"):
            turns = np.array([row["rotation"] for row in self._table(name)]).reshape(-1, 4)
            if np.abs(np.linalg.norm(turns, axis=1) - 1.0).max(initial=0.0) > 1e-6:
                yield 1, f"{VERSION}/{name}.json", "has quaternions that are not of length 1"
        before: dict[str, int] = {}
        for row in self._table("sample_data"):
            calibrated, time = row["calibrated_sensor_token"], row["timestamp"]
            if time <= before.get(calibrated, time - 1):
                yield 2, f"{VERSION}/sample_data.json", f"time does not go forward to {row['token']}"
            before[calibrated] = time
        counts = {row["token"]: row["nbr_annotations"] for row in self._table("instance")}
        for row in self._table("sample_annotation"):
            counts[row["instance_token"]] -= 1
        if any(counts.values()):
            yield 4, f"{VERSION}/instance.json", "nbr_annotations is not how many there are"

    def _point_faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        scene, index = self._scene(place.number), place.record["index"]
        if not is_key(scene, index):
            return
        sweep = reading_token(scene, "LIDAR_TOP", index)
        panoptic = self._panoptic(f"panoptic/{VERSION}/{sweep}_panoptic.npz")
        path = f"lidarseg/{VERSION}/{sweep}_lidarseg.bin"
        if not np.array_equal(np.frombuffer(self.contents.read(path), np.uint8), panoptic // 1000):
            yield 15, path, "has other classes, or of other points, than the panoptic labels"
        names = {token("instance", scene.entry.name, a.instance): a.instance for a in scene.log.actors}
        points = {actor["instance"]: sum(actor["lidar_points"].values()) for actor in place.record["actors"]}
        for row in self._annotations.get(token("sample", scene.entry.name, index), []):
            if row["num_lidar_pts"] != points.get(names.get(row["instance_token"], -1)):
                yield 14, f"{VERSION}/sample_annotation.json", f"num_lidar_pts of {row['token']} is miscounted"

    @cached_property
    def _annotations(self) -> dict[str, list[Document]]:
        found: dict[str, list[Document]] = {}
        for row in self._table("sample_annotation"):
            found.setdefault(row["sample_token"], []).append(row)
        return found

    @cached_property
    def _category(self) -> dict[str, str]:
        names = {row["token"]: row["name"] for row in self._table("category")}
        return {row["token"]: names[row["category_token"]] for row in self._table("instance")}

    def _table(self, name: str) -> list[Document]:
        rows: list[Document] = json.loads(self.contents.read(f"{VERSION}/{name}.json"))
        return rows

    def _path(self, place: Place, suffix: str) -> str:
        scene = self._scene(place.number)
        return data_path(scene, channels(scene)[place.sensor], place.record["index"], suffix)

    def _read_scene(self, number: int) -> Scene:
        entry = next(entry for entry in self.contents.entries if number in entry.numbers)
        scene: Scene = self._entry_scene(entry.name)
        return scene

    @cached_property
    def _entry_scene(self) -> Any:
        entries = {entry.name: entry for entry in self.contents.entries}
        return cache(lambda name: self.contents.scene(entries[name]))

    def _panoptic(self, path: str) -> NDArray[np.uint16]:
        data: NDArray[np.uint16] = read_npy(self.contents.read(path))["data"]
        return data

    def _scan(self, path: str) -> NDArray[np.void]:
        data = self.contents.read(path)
        start = data.index(b"DATA binary\n") + len(b"DATA binary\n")
        rows = np.frombuffer(data[start:-1], np.dtype([(name, kind) for name, kind in RADAR_FIELDS.items()]))
        found: NDArray[np.void] = rows[~np.isnan(rows["x"])]
        return found


def broken_chains(rows: list[Document]) -> list[str]:
    """What is wrong with the `prev` and `next` of a table: they must be each other's reverse, and never go round."""
    by_token = {row["token"]: row for row in rows}
    faults = []
    for row in rows:
        after = by_token.get(row["next"])
        if row["next"] and (after is None or after["prev"] != row["token"]):
            faults.append(f"next of {row['token']} does not lead back to it")
        if row["prev"] and row["prev"] not in by_token:
            faults.append(f"prev of {row['token']} leads nowhere")
    reached, frontier = 0, [row for row in rows if not row["prev"]]
    while frontier:
        reached += len(frontier)
        frontier = [by_token[row["next"]] for row in frontier if row["next"] in by_token]
        if reached > len(rows):
            break
    if reached != len(rows):
        faults.append("some rows are not reached from the first of their chain")
    return faults
