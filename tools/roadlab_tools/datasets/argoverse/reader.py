"""Reads Argoverse 2."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab.geometry.poses import compose, inverse, move
from roadlab_tools.datasets.argoverse.naming import CATEGORIES, camera_names, log_folder, timestamp, track_id
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import read_color
from roadlab_tools.datasets.item import Boxes, Loader
from roadlab_tools.datasets.kitti import only
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.scene import Scene

_ROADLAB = {theirs: ours for ours, theirs in reversed(CATEGORIES.items())}


class ArgoverseReader(RecordReader):
    """Points come back in the lidar's frame, boxes in the world."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents)
        self._scene = cache(contents.scene)
        self._feather = cache(self._read_feather)

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """The picture."""
        scene = self._of(place)
        interval = place.record["cameras"][place.sensor]["interval"]
        time = timestamp(scene.entry, (interval["open"] + interval["close"]) // 2)
        path = f"{log_folder(scene.entry)}/sensors/cameras/{camera_names(scene)[place.sensor]}/{time}.jpg"
        return {"image": lambda: read_color(self.contents.read(path))}

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """Points, intensity 0 to 1, ring, time, actor and class."""
        scene, lidar = self._of(place), place.record["lidars"][place.sensor]
        path = f"{log_folder(scene.entry)}/sensors/lidar/{timestamp(scene.entry, lidar['reference'])}.feather"
        lidar_from_ego = inverse(np.array(lidar["world_from_lidar"])) @ scene.world_from_ego(lidar["reference"])

        def column(name: str) -> NDArray[Any]:
            return _columns(self.contents.read(path))[name]

        def points() -> NDArray[Any]:
            table = _columns(self.contents.read(path))
            where = np.stack([table["x"], table["y"], table["z"]], axis=1).astype(np.float64)
            return move(lidar_from_ego, where).astype(np.float32)

        return {
            "points": points,
            "intensity": lambda: column("intensity").astype(np.float32) / np.float32(255.0),
            "ring": lambda: column("laser_number").astype(np.uint16),
            "time": lambda: column("offset_ns").astype(np.int64) + lidar["reference"],
            "instance": lambda: column("instance"),
            "semantic": lambda: column("semantic"),
        }

    def boxes(self, place: Place) -> Boxes:
        """The cuboids at the time of this sample's sweep."""
        scene = self._of(place)
        table = self._feather(f"{log_folder(scene.entry)}/annotations.feather")
        lidar = only(place.record["lidars"], "lidar")
        own = table["timestamp_ns"] == timestamp(scene.entry, lidar["reference"])
        turns = np.stack([table[name][own] for name in ("qx", "qy", "qz", "qw")], axis=1).reshape(-1, 4)
        places = np.stack([table[name][own] for name in ("tx_m", "ty_m", "tz_m")], axis=1).reshape(-1, 3)
        rotations = Rotation.from_quat(turns).as_matrix() if len(turns) else np.zeros((0, 3, 3))
        names = {track_id(scene.entry, actor.instance): actor.instance for actor in scene.log.actors}
        return Boxes(
            instance=np.array([names.get(track, -1) for track in table["track_uuid"][own]], dtype=np.int64),
            category=tuple(_ROADLAB.get(name, "other") for name in table["category"][own]),
            world_from_box=np.array(place.record["world_from_ego"]) @ compose(rotations, places),
            size=np.stack([table[name][own] for name in ("length_m", "width_m", "height_m")], axis=1).reshape(-1, 3),
        )

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """Counts of points; quaternions of a log, told once, for its first sample."""
        scene = self._of(place)
        yield from self._miscounted(place, scene)
        if place.number != scene.entry.numbers[0]:
            return
        for name in ("annotations", "city_SE3_egovehicle", "calibration/egovehicle_SE3_sensor"):
            path = f"{log_folder(scene.entry)}/{name}.feather"
            table = self._feather(path)
            length = np.sqrt(sum(table[axis] ** 2 for axis in ("qw", "qx", "qy", "qz")))
            if np.abs(length - 1.0).max(initial=0.0) > 1e-6:
                yield 1, path, "has quaternions that are not of length 1"

    def _miscounted(self, place: Place, scene: Scene) -> Iterator[tuple[int, str, str]]:
        path = f"{log_folder(scene.entry)}/annotations.feather"
        table = self._feather(path)
        own = table["timestamp_ns"] == timestamp(scene.entry, only(place.record["lidars"], "lidar")["reference"])
        points = {
            track_id(scene.entry, actor["instance"]): sum(actor["lidar_points"].values())
            for actor in place.record["actors"]
        }
        for track, count in zip(table["track_uuid"][own], table["num_interior_pts"][own].tolist(), strict=True):
            if points.get(track) != count:
                yield 14, path, f"num_interior_pts of {track} is miscounted"

    def _of(self, place: Place) -> Scene:
        return self._scene(next(entry for entry in self.contents.entries if place.number in entry.numbers))

    def _read_feather(self, path: str) -> dict[str, NDArray[Any]]:
        return _columns(self.contents.read(path))

    def __getstate__(self) -> dict[str, Any]:
        return {"contents": self.contents}


def _columns(data: bytes) -> dict[str, NDArray[Any]]:
    import pyarrow as pa
    import pyarrow.feather as pf

    table = pf.read_table(pa.BufferReader(data), use_threads=False)
    return {name: table.column(name).to_numpy() for name in table.column_names}
