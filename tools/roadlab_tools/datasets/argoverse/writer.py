"""Writes Argoverse 2."""

from __future__ import annotations

import io
import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab.errors import OutputError
from roadlab.geometry.poses import inverse, move
from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.readings import LidarSweep, Sample
from roadlab_sensors.sensor import ego_from_sensor
from roadlab_tools.datasets.argoverse.city import map_files
from roadlab_tools.datasets.argoverse.naming import (
    CATEGORIES,
    camera_names,
    log_folder,
    named,
    timestamp,
    track_id,
)
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.images import jpeg_of
from roadlab_tools.datasets.kitti import only
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene

BODY_FROM_OPTICAL = np.array([[0.0, 0, 1], [-1, 0, 0], [0, -1, 0]])


class ArgoverseWriter:
    """For rigs with one lidar and at most seven undistorted cameras; other sensors are left out."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError for a rig that Argoverse 2 has no place for."""
        lidars = [name for name, sensor in sensors.items() if sensor.type == "lidar"]
        if len(lidars) != 1:
            raise OutputError(
                f"Argoverse 2 holds exactly one lidar; the scenario's rig has {', '.join(lidars) or 'none'}"
            )
        for name, sensor in sensors.items():
            lens = getattr(sensor, "lens", None)
            if lens is not None and (not isinstance(lens, Pinhole) or any(lens.distortion)):
                raise OutputError(f"Argoverse 2 holds undistorted pictures: {name} must have a pinhole lens")
        named({name: math.degrees(s.mount.yaw) for name, s in sensors.items() if s.type == "camera"})

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """Sweep and pictures."""
        lidar = only(sample.lidars, "lidar")
        folder, names = f"{log_folder(scene.entry)}/sensors", camera_names(scene)
        files = {f"{folder}/lidar/{timestamp(scene.entry, lidar.reference)}.feather": _sweep(lidar, scene)}
        for name, frame in sample.cameras.items():
            time = timestamp(scene.entry, frame.interval.middle)
            files[f"{folder}/cameras/{names[name]}/{time}.jpg"] = jpeg_of(frame)
        return files

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """Annotations, poses, calibration and map of each log."""
        for scene in contents.scenes():
            documents = [contents.record(number) for number in contents.numbers(scene.entry)]
            if not documents:
                continue
            folder = log_folder(scene.entry)
            yield f"{folder}/annotations.feather", feather(_annotations(scene, documents))
            yield f"{folder}/city_SE3_egovehicle.feather", feather(_poses(scene, documents))
            yield f"{folder}/calibration/egovehicle_SE3_sensor.feather", feather(_extrinsics(scene))
            yield f"{folder}/calibration/intrinsics.feather", feather(_intrinsics(scene))
            for name, content in map_files(scene).items():
                yield f"{folder}/map/{name}", content


def feather(columns: Mapping[str, Any]) -> bytes:
    """Columns as a Feather file, written by this thread alone."""
    import pyarrow as pa

    table, file = pa.table(dict(columns)), io.BytesIO()
    options = pa.ipc.IpcWriteOptions(compression="zstd", use_threads=False)
    with pa.ipc.new_file(file, table.schema, options=options) as writer:
        writer.write_table(table, max_chunksize=1 << 16)
    return file.getvalue()


def _sweep(lidar: LidarSweep, scene: Scene) -> bytes:
    ego_from_lidar = inverse(scene.world_from_ego(lidar.reference)) @ lidar.world_from_lidar
    points = move(ego_from_lidar, lidar.points.astype(np.float64)).astype(np.float32)
    return feather(
        {
            "x": points[:, 0],
            "y": points[:, 1],
            "z": points[:, 2],
            "intensity": np.rint(lidar.intensity * 255.0).astype(np.uint8),
            "laser_number": np.minimum(lidar.ring, 255).astype(np.uint8),
            "offset_ns": (lidar.time - lidar.reference).astype(np.int32),
            "instance": lidar.instance,
            "semantic": lidar.semantic,
        }
    )


def _annotations(scene: Scene, documents: list[Document]) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for document in documents:
        lidar = only(document["lidars"], "lidar")
        ego_from_world = inverse(np.array(document["world_from_ego"]))
        time = timestamp(scene.entry, lidar["reference"])
        seen = {view["instance"] for views in document["views"].values() for view in views}
        for actor in document["actors"]:
            points = sum(actor["lidar_points"].values())
            known = actor["category"] in CATEGORIES
            if not known or (not points and actor["instance"] not in seen):
                continue
            pose = ego_from_world @ np.array(actor["world_from_box"])
            length, width, height = actor["size"]
            rows.append(
                {
                    "timestamp_ns": time,
                    "track_uuid": track_id(scene.entry, actor["instance"]),
                    "category": CATEGORIES[actor["category"]],
                    "length_m": length,
                    "width_m": width,
                    "height_m": height,
                    **_pose_columns(pose),
                    "num_interior_pts": points,
                }
            )
    names = ("timestamp_ns", "track_uuid", "category", "length_m", "width_m", "height_m")
    placed = ("qw", "qx", "qy", "qz", "tx_m", "ty_m", "tz_m", "num_interior_pts")
    return {name: [row[name] for row in rows] for name in (*names, *placed)}


def _poses(scene: Scene, documents: list[Document]) -> dict[str, Any]:
    times = set()
    for document in documents:
        times.add(only(document["lidars"], "lidar")["reference"])
        times |= {(c["interval"]["open"] + c["interval"]["close"]) // 2 for c in document["cameras"].values()}
    rows = [
        {"timestamp_ns": timestamp(scene.entry, time), **_pose_columns(scene.world_from_ego(time))}
        for time in sorted(times)
    ]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _extrinsics(scene: Scene) -> dict[str, Any]:
    names, rows = camera_names(scene), []
    for name, sensor in scene.scenario.spec.sensors.items():
        pose = ego_from_sensor(sensor.mount)
        if name in names:
            pose[:3, :3] = pose[:3, :3] @ BODY_FROM_OPTICAL
            rows.append({"sensor_name": names[name], **_pose_columns(pose)})
        elif sensor.type == "lidar":
            # Argoverse's own car has two lidars above each other; ours stands for both.
            rows += [{"sensor_name": one, **_pose_columns(pose)} for one in ("up_lidar", "down_lidar")]
    return {name: [row[name] for row in rows] for name in rows[0]}


def _intrinsics(scene: Scene) -> dict[str, Any]:
    names = ("sensor_name", "fx_px", "fy_px", "cx_px", "cy_px", "k1", "k2", "k3", "height_px", "width_px")
    columns: dict[str, list[Any]] = {name: [] for name in names}
    for name, ring in camera_names(scene).items():
        lens = scene.scenario.spec.sensors[name].lens  # type: ignore[attr-defined]
        values = (ring, lens.fx, lens.fy, lens.cx, lens.cy, 0.0, 0.0, 0.0, lens.height, lens.width)
        for column, value in zip(names, values, strict=True):
            columns[column].append(value)
    return columns


def _pose_columns(pose: NDArray[np.float64]) -> dict[str, float]:
    w, x, y, z = Rotation.from_matrix(pose[:3, :3]).as_quat(canonical=True, scalar_first=True).tolist()
    tx, ty, tz = pose[:3, 3].tolist()
    return {"qw": w, "qx": x, "qy": y, "qz": z, "tx_m": tx, "ty_m": ty, "tz_m": tz}
