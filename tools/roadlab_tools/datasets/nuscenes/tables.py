"""The tables, from the records and logs."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab_sensors.sensor import ego_from_sensor
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.nuscenes.frames import reading_token
from roadlab_tools.datasets.nuscenes.naming import (
    ATTRIBUTES,
    CATEGORIES,
    LIDAR_AXES,
    VERSION,
    attribute_name,
    category_name,
    channels,
    data_path,
    is_key,
    microseconds,
    offset_of,
    token,
)
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.datasets.splits import splits_of

Rows = dict[str, list[Document]]
_KINDS = {"cameras": ("camera", "jpg"), "lidars": ("lidar", "pcd.bin"), "radars": ("radar", "pcd")}
_VISIBILITY = (("1", "v0-40", 0.4), ("2", "v40-60", 0.6), ("3", "v60-80", 0.8), ("4", "v80-100", 1.0))
BODY_FROM_OPTICAL = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])


def tables(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """Each table as a file."""
    rows = _fixed_rows()
    for position, scene in enumerate(contents.scenes()):
        numbers = contents.numbers(scene.entry)
        if numbers:
            _SceneRows(contents, scene, position, rows).add(numbers)
    _add_sensors(rows)
    for name, table in rows.items():
        yield f"{VERSION}/{name}.json", _json(table)
    yield f"{VERSION}/splits.json", _json(_splits(contents))


def scene_name(position: int) -> str:
    """NuScenes' name of a scene."""
    return f"scene-{position + 1:04d}"


def _fixed_rows() -> Rows:
    names = ("category", "attribute", "visibility", "instance", "sensor", "calibrated_sensor", "ego_pose", "log")
    more = ("scene", "sample", "sample_data", "sample_annotation", "map", "lidarseg", "panoptic")
    rows: Rows = {name: [] for name in (*names, *more)}
    rows["category"] = [
        {"token": token("category", name), "name": name, "description": "", "index": index}
        for name, index in CATEGORIES.items()
    ]
    rows["attribute"] = [{"token": token("attribute", name), "name": name, "description": ""} for name in ATTRIBUTES]
    rows["visibility"] = [
        {"token": level, "level": name, "description": f"visible up to {share:.0%}"}
        for level, name, share in _VISIBILITY
    ]
    return rows


def _add_sensors(rows: Rows) -> None:
    channels = sorted({row["filename"].split("/")[1] for row in rows["sample_data"]})
    kinds = {"CAM": "camera", "LIDAR": "lidar", "RADAR": "radar"}
    for channel in channels:
        kind = kinds[channel.partition("_")[0]]
        rows["sensor"].append({"token": token("sensor", channel), "channel": channel, "modality": kind})


@dataclass
class _SceneRows:
    """Adds the rows of one scene."""

    contents: Contents
    scene: Scene
    position: int
    rows: Rows
    readings: dict[str, Document] = field(default_factory=dict)
    """The last reading of each channel."""
    annotations: dict[int, Document] = field(default_factory=dict)
    """The last annotation of each actor."""
    sample: Document | None = None

    def add(self, numbers: list[int]) -> None:
        """All rows of the scene."""
        self._add_rig()
        first = len(self.rows["sample"])
        for number in numbers:
            self._add_sample(self.contents.record(number))
        samples = self.rows["sample"][first:]
        entry = self.scene.entry
        log = self._token("log")
        self.rows["scene"].append(
            {
                "token": self._token("scene"),
                "log_token": log,
                "nbr_samples": len(samples),
                "first_sample_token": samples[0]["token"],
                "last_sample_token": samples[-1]["token"],
                "name": scene_name(self.position),
                "description": f"{entry.name}: {entry.title}",
            }
        )
        self.rows["log"].append(
            {
                "token": log,
                "logfile": entry.name,
                "vehicle": "roadlab",
                "date_captured": str(self.scene.scenario.spec.environment.date),
                "location": location_of(self.scene),
            }
        )
        name = f"maps/{location_of(self.scene)}.png"
        maps = {row["filename"]: row for row in self.rows["map"]}
        if name in maps:
            maps[name]["log_tokens"].append(log)
        else:
            row = {"token": token("map", name), "log_tokens": [log], "category": "semantic_prior", "filename": name}
            self.rows["map"].append(row)

    def _add_rig(self) -> None:
        sensors = self.scene.scenario.spec.sensors
        for name, channel in channels(self.scene).items():
            pose = ego_from_sensor(sensors[name].mount)
            lens = getattr(sensors[name], "lens", None)
            if channel.startswith("CAM_"):
                pose[:3, :3] = pose[:3, :3] @ BODY_FROM_OPTICAL
            if channel.startswith("LIDAR_"):
                pose[:3, :3] = pose[:3, :3] @ LIDAR_AXES
            row = {"token": self._token("calibrated_sensor", channel), "sensor_token": token("sensor", channel)}
            intrinsic = [] if lens is None else lens.matrix.tolist()
            self.rows["calibrated_sensor"].append({**row, **_pose(pose), "camera_intrinsic": intrinsic})

    def _add_sample(self, record: Document) -> None:
        index = record["index"]
        if is_key(self.scene, index):
            sample = self._key_sample(index, record)
            _link(self.sample, sample)
            self.sample = sample
            self.rows["sample"].append(sample)
            self._annotate(sample, record)
        for group, (_, suffix) in _KINDS.items():
            for name, reading in record.get(group, {}).items():
                self._add_reading(name, reading, index, suffix)

    def _key_sample(self, index: int, record: Document) -> Document:
        time = microseconds(self.position, record["time"])
        row = {"token": self._token("sample", index), "timestamp": time, "prev": "", "next": ""}
        return {**row, "scene_token": self._token("scene")}

    def _add_reading(self, name: str, reading: Document, index: int, suffix: str) -> None:
        channel = channels(self.scene)[name]
        interval = reading["interval"]
        middle = reading.get("reference", (interval["open"] + interval["close"]) // 2)
        time = microseconds(self.position, middle)
        own = reading_token(self.scene, channel, index)
        pose = self.scene.world_from_ego(middle)
        pose[:2, 3] += offset_of(self.scene)
        lens = reading.get("lens")
        key = is_key(self.scene, index)
        row = {
            "token": own,
            "sample_token": self.sample["token"] if self.sample else "",
            "ego_pose_token": own,
            "calibrated_sensor_token": self._token("calibrated_sensor", channel),
            "timestamp": time,
            "fileformat": "jpg" if suffix == "jpg" else "pcd",
            "is_key_frame": key,
            "height": lens["height"] if lens else 0,
            "width": lens["width"] if lens else 0,
            "filename": data_path(self.scene, channel, index, suffix),
            "prev": "",
            "next": "",
        }
        _link(self.readings.get(channel), row)
        self.readings[channel] = row
        self.rows["ego_pose"].append({"token": own, "timestamp": time, **_pose(pose)})
        self.rows["sample_data"].append(row)
        if channel == "LIDAR_TOP" and key:
            for task, ending in (("lidarseg", "bin"), ("panoptic", "npz")):
                path = f"{task}/{VERSION}/{own}_{task}.{ending}"
                self.rows[task].append({"token": own, "sample_data_token": own, "filename": path})

    def _annotate(self, sample: Document, record: Document) -> None:
        shares = visible_shares(record)
        infos = {actor.instance: actor for actor in self.scene.log.actors}
        for actor in record["actors"]:
            who, points = actor["instance"], sum(actor["lidar_points"].values())
            echoes = sum(actor.get("radar_points", {}).values())
            if who not in shares and points + echoes == 0:
                continue
            info = infos[who]
            speed = float(np.linalg.norm(actor["velocity"]))
            attribute = attribute_name(info.category, speed, parked=info.parked)
            pose = np.array(actor["world_from_box"])
            pose[:2, 3] += offset_of(self.scene)
            length, width, height = actor["size"]
            row = {
                "token": self._token("sample_annotation", who, record["index"]),
                "sample_token": sample["token"],
                "instance_token": self._token("instance", who),
                "visibility_token": _level(shares.get(who, 0.0)),
                "attribute_tokens": [token("attribute", attribute)] if attribute else [],
                **_pose(pose),
                "size": [width, length, height],
                "prev": "",
                "next": "",
                "num_lidar_pts": points,
                "num_radar_pts": echoes,
            }
            before = self.annotations.get(who)
            _link(before, row)
            self.annotations[who] = row
            self.rows["sample_annotation"].append(row)
            if before is None:
                category = token("category", category_name(info.category, info.model))
                ends = {"first_annotation_token": row["token"], "last_annotation_token": row["token"]}
                own = {"token": row["instance_token"], "category_token": category, "nbr_annotations": 1}
                self.rows["instance"].append({**own, **ends})
            else:
                instance = next(i for i in reversed(self.rows["instance"]) if i["token"] == row["instance_token"])
                instance["nbr_annotations"] += 1
                instance["last_annotation_token"] = row["token"]

    def _token(self, kind: str, *key: object) -> str:
        return token(kind, self.scene.entry.name, *key)


def location_of(scene: Scene) -> str:
    """Name of the scene's map; scenes on the same roads that are moved alike share one."""
    return f"roadlab-{token(scene.scenario.spec.map.model_dump_json(), *offset_of(scene))[:12]}"


def visible_shares(record: Document) -> dict[int, float]:
    """Which share of each actor that a camera sees is visible, over all cameras together."""
    seen: dict[int, float] = {}
    whole: dict[int, float] = {}
    for views in record["views"].values():
        for view in views:
            who, pixels = view["instance"], view["visible_pixels"]
            seen[who] = seen.get(who, 0.0) + pixels
            whole[who] = whole.get(who, 0.0) + pixels / (1.0 - view["occlusion"])
    return {who: seen[who] / whole[who] for who in seen}


def _level(share: float) -> str:
    return next(level for level, _, upper in _VISIBILITY if share <= upper or upper == 1.0)


def _link(before: Document | None, row: Document) -> None:
    if before is not None:
        before["next"], row["prev"] = row["token"], before["token"]


def _pose(pose: NDArray[np.float64]) -> Document:
    turned = Rotation.from_matrix(pose[:3, :3]).as_quat(canonical=True, scalar_first=True)
    return {"translation": pose[:3, 3].tolist(), "rotation": turned.tolist()}


def _splits(contents: Contents) -> dict[str, list[str]]:
    place = {entry.name: scene_name(k) for k, entry in enumerate(contents.entries)}
    named = {
        f"roadlab_{split}": [place[name] for name in names] for split, names in splits_of(contents.entries).items()
    }
    return {**named, "roadlab_all": list(place.values())}


def _json(document: Any) -> bytes:
    return (json.dumps(document, indent=0) + "\n").encode()
