"""Reads the files of the KITTI object layout as samples."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab_tools.datasets.arrays import decode_table
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import read_color, read_depth, read_plane
from roadlab_tools.datasets.item import Boxes, Loader
from roadlab_tools.datasets.kitti import only
from roadlab_tools.datasets.kitti_calibration import parse_calibration
from roadlab_tools.datasets.kitti_label import Label, occlusion_level, parse_labels, wrapped
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.records import Document

CATEGORIES = {"Car": "car", "Van": "van", "Truck": "truck", "Pedestrian": "pedestrian", "Cyclist": "cyclist"}
"""By label type, where it tells the category."""
ANGLE, PIXEL, METRE = 2e-4, 0.011, 2e-4
"""Half of the last digit that a label has, twice over for what is computed of two of them."""


class KittiReader(RecordReader):
    """Pictures, sweeps and labels from their own files; times and poses from the records.

    A label has no pitch and no roll: where the camera or the actor has, the box's centre is not quite the actor's.
    """

    anchor = -1.0

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """The picture, depth to 1/256 m, and the ids of actors and classes."""
        files = {"image": read_color, "depth": read_depth, "instance": read_plane, "semantic": read_plane}
        folders = {"image": "image_2"}
        paths = {array: f"{folders.get(array, array)}/{place.number:06d}.png" for array in files}
        return {array: _decoded(self.contents, paths[array], decode) for array, decode in files.items()}

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """Points and intensity, and the truth that stands beside them."""
        sweep = f"velodyne/{place.number:06d}.bin"
        truth = f"velodyne_truth/{place.number:06d}.parquet"

        def points() -> NDArray[Any]:
            return np.frombuffer(self.contents.read(sweep), "<f4").reshape(-1, 4)

        def column(array: str) -> Loader:
            return lambda: decode_table(self.contents.read(truth))[array]

        columns = {array: column(array) for array in ("ring", "time", "range", "instance", "semantic")}
        return {"points": lambda: points()[:, :3], "intensity": lambda: points()[:, 3], **columns}

    def boxes(self, place: Place) -> Boxes:
        """The labelled actors; `DontCare` regions are none."""
        camera = only(place.record["cameras"], "camera")
        world_from_camera = np.array(camera["world_from_camera"])
        labels = self._labels(place.number)
        instances = self._instances(place.record)
        if len(instances) != len(labels):  # then nobody can say whose label is whose; `faults` reports it
            labels = ()
            instances = []
        rows = [(i, label) for i, label in zip(instances, labels, strict=True) if label.type != "DontCare"]
        return Boxes(
            instance=np.array([instance for instance, _ in rows], dtype=np.int64),
            category=tuple(CATEGORIES.get(label.type, "other") for _, label in rows),
            world_from_box=np.array([world_from_camera @ box_of(label) for _, label in rows]).reshape(-1, 4, 4),
            size=np.array([(label.length, label.width, label.height) for _, label in rows]).reshape(-1, 3),
        )

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """The calibration's rotations, and what the label's columns must have to do with each other."""
        path = f"calib/{place.number:06d}.txt"
        calibration = parse_calibration(self.contents.read(path).decode())
        for name in ("camera_from_lidar", "lidar_from_ego"):
            rotation = getattr(calibration, name)[:3, :3]
            if np.abs(rotation @ rotation.T - np.eye(3)).max() > 1e-6:
                yield 1, path, f"{name} is no rotation"
        path = f"label_2/{place.number:06d}.txt"
        text = self.contents.read(path).decode()
        labels = self._labels(place.number)
        if "".join(f"{label}\n" for label in labels) != text:
            yield 19, path, "is not what its own labels are written as"
        if len(labels) != len(self._instances(place.record)):
            yield 10, path, f"has {len(labels)} lines for {len(self._instances(place.record))} actors in sight"
            return
        views = {view["instance"]: view for view in only(place.record["views"], "camera")}
        for instance, label in zip(self._instances(place.record), labels, strict=True):
            for rule, what in _label_faults(label, views[instance]):
                yield rule, path, f"actor {instance}: {what}"

    def _labels(self, number: int) -> tuple[Label, ...]:
        return parse_labels(self.contents.read(f"label_2/{number:06d}.txt").decode())

    def _instances(self, record: Document) -> list[int]:
        return sorted(view["instance"] for view in only(record["views"], "camera"))


def _label_faults(label: Label, view: Document) -> Iterator[tuple[int, str]]:
    left, top, right, bottom = view["box"]
    seen = (max(left, 0.0), max(top, 0.0), right, bottom)
    if any(abs(a - b) > 0.5 + PIXEL for a, b in zip(label.box, seen, strict=True)):
        yield 6, f"2D box {label.box} is not the one around the pixels, {seen}"
    if label.type == "DontCare":
        return
    if label.occluded != occlusion_level(view["occlusion"]):
        yield 7, f"occlusion level {label.occluded} for {view['occlusion']:.3f} hidden"
    if abs(label.truncated - view["truncation"]) > 0.005 + 1e-9:
        yield 7, f"truncation {label.truncated} for {view['truncation']:.4f} outside the picture"
    x, _, z = label.location
    if abs(wrapped(label.alpha - (label.rotation_y - math.atan2(x, z)))) > ANGLE:
        yield 6, f"alpha {label.alpha} does not follow from rotation_y and location"


def box_of(label: Label) -> NDArray[np.float64]:
    """(4, 4) from the box's own axes, x forward, y left, z up, origin in its centre, to the camera frame."""
    base_from_box = np.array([[1.0, 0, 0, 0], [0, 0, -1, -label.height / 2], [0, 1, 0, 0], [0, 0, 0, 1]])
    pose: NDArray[np.float64] = label.camera_from_base @ base_from_box
    return pose


def _decoded(contents: Contents, path: str, decode: Any) -> Loader:
    return lambda: decode(contents.read(path))
