"""`index.parquet` and `annotations.parquet`: the whole dataset at a glance, from its records."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from roadlab_tools.datasets.arrays import decode_table, encode_table
from roadlab_tools.datasets.contents import INDEX, Contents
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.splits import splits_of

ANNOTATIONS, SPLITS_FILE = "annotations.parquet", "splits.json"

_INDEX = {"number": "int64", "scene": None, "index": "int64", "time": "int64"}
_ROWS: dict[str, str | None] = {
    "number": "int64",
    "scene": None,
    "instance": "uint16",
    "name": None,
    "category": None,
    "x": "float64",
    "y": "float64",
    "z": "float64",
    "yaw": "float64",
    "length": "float64",
    "width": "float64",
    "height": "float64",
    "velocity_x": "float64",
    "velocity_y": "float64",
    "distance": "float64",
    "lidar_points": "int64",
    "visible_pixels": "int64",
    "box_height": "float64",
    "occlusion": "float64",
    "truncation": "float64",
}
"""Columns of `annotations.parquet`: centre, heading and size of the box in the world [m, rad], the distance of its
centre from the ego [m], and the view of the camera that sees most of it (NaN and 0 where none does)."""


def index_files(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """The tables, and the splits."""
    index: list[tuple[Any, ...]] = []
    rows: list[tuple[Any, ...]] = []
    for entry in contents.entries:
        for number in contents.numbers(entry):
            record = contents.record(number)
            index.append((number, entry.name, record["index"], record["time"]))
            rows += _annotations(number, entry.name, record)
    about = {"roadlab": json.dumps(contents.run), "skipped": json.dumps(sorted(contents.missing))}
    yield INDEX, _table(index, _INDEX, about)
    yield ANNOTATIONS, _table(rows, _ROWS)
    yield SPLITS_FILE, (json.dumps(splits_of(contents.entries), indent=2) + "\n").encode()


def annotation_counts(data: bytes) -> dict[str, int]:
    """How many annotations of each category the camera or the lidar saw, from the content of `annotations.parquet`."""
    table = decode_table(data)
    seen = (table["visible_pixels"] > 0) | (table["lidar_points"] > 0)
    return dict(sorted(Counter(table["category"][seen].tolist()).items()))


def _annotations(number: int, scene: str, record: Document) -> list[tuple[Any, ...]]:
    views: dict[int, Document] = {}
    for camera in record["views"].values():
        for view in camera:
            best = views.get(view["instance"])
            if best is None or view["visible_pixels"] > best["visible_pixels"]:
                views[view["instance"]] = view
    ego = np.array(record["world_from_ego"])[:3, 3]
    return [_row(number, scene, actor, views.get(actor["instance"]), ego) for actor in record["actors"]]


def _row(number: int, scene: str, actor: Document, view: Document | None, ego: Any) -> tuple[Any, ...]:
    pose = np.array(actor["world_from_box"])
    x, y, z = pose[:3, 3].tolist()
    yaw = float(np.arctan2(pose[1, 0], pose[0, 0]))
    who = (number, scene, actor["instance"], actor["name"], actor["category"])
    box = (x, y, z, yaw, *actor["size"], *actor["velocity"][:2], float(np.linalg.norm(pose[:3, 3] - ego)))
    points = sum(actor["lidar_points"].values())
    if view is None:
        return (*who, *box, points, 0, np.nan, np.nan, np.nan)
    tall = view["box"][3] - view["box"][1]
    return (*who, *box, points, view["visible_pixels"], tall, view["occlusion"], view["truncation"])


def _table(
    rows: list[tuple[Any, ...]], columns: dict[str, str | None], about: Mapping[str, str] | None = None
) -> bytes:
    values = list(zip(*rows, strict=True)) or [()] * len(columns)
    arrays = {}
    for (name, dtype), column in zip(columns.items(), values, strict=True):
        arrays[name] = np.array(column, dtype=dtype or object)
    return encode_table(arrays, about)
