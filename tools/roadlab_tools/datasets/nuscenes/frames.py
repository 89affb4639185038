"""The files of one sample: pictures, sweeps, scans, and a label for each point."""

from __future__ import annotations

import io

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab.errors import OutputError
from roadlab_sensors.readings import RADAR_FIELDS, LidarSweep, Sample
from roadlab_tools.datasets.images import jpeg_of
from roadlab_tools.datasets.nuscenes.naming import (
    LIDAR_AXES,
    VERSION,
    channels,
    data_path,
    is_key,
    point_classes,
    token,
)
from roadlab_tools.datasets.scene import Scene

_PCD_TYPES = {"float32": ("4", "F"), "int8": ("1", "I"), "int16": ("2", "I")}


def sample_files(sample: Sample, scene: Scene) -> dict[str, bytes]:
    """Everything of one sample that stands outside the tables."""
    names, index, files = channels(scene), sample.index, {}
    for name, frame in sample.cameras.items():
        files[data_path(scene, names[name], index, "jpg")] = jpeg_of(frame)
    for name, sweep in sample.lidars.items():
        files[data_path(scene, names[name], index, "pcd.bin")] = points_bin(sweep)
        if names[name] == "LIDAR_TOP" and is_key(scene, index):
            files |= label_files(sweep, scene, index)
    for name, scan in sample.radars.items():
        files[data_path(scene, names[name], index, "pcd")] = radar_pcd(scan.detections)
    return files


def points_bin(sweep: LidarSweep) -> bytes:
    """float32 x, y, z in nuScenes' lidar frame, intensity 0 to 255, ring."""
    points = sweep.points @ LIDAR_AXES
    return np.column_stack([points, sweep.intensity * 255.0, sweep.ring]).astype("<f4").tobytes()


def label_files(sweep: LidarSweep, scene: Scene, index: int) -> dict[str, bytes]:
    """Lidarseg and panoptic of a key sweep."""
    classes = point_classes(scene, sweep.instance, sweep.semantic)
    if sweep.instance.max(initial=0) >= 1000:
        raise OutputError("nuScenes-panoptic numbers the actors of a scene from 1 to 999; the scenario has more")
    file = io.BytesIO()
    np.savez_compressed(file, data=(classes.astype(np.uint16) * 1000 + sweep.instance).astype(np.uint16))
    name = reading_token(scene, "LIDAR_TOP", index)
    return {
        f"lidarseg/{VERSION}/{name}_lidarseg.bin": classes.tobytes(),
        f"panoptic/{VERSION}/{name}_panoptic.npz": file.getvalue(),
    }


def reading_token(scene: Scene, channel: str, index: int) -> str:
    """Token of a reading in `sample_data`."""
    return token("sample_data", scene.entry.name, channel, index)


def radar_pcd(detections: NDArray[np.void]) -> bytes:
    """The 18 fields of nuScenes' radar files, as its devkit reads them: it wants a byte after the last point, and one
    point that is not a number where there is none.
    """
    kinds = [_PCD_TYPES[kind] for kind in RADAR_FIELDS.values()]
    packed = np.zeros(len(detections), np.dtype([(name, kind) for name, kind in RADAR_FIELDS.items()]))
    for name in RADAR_FIELDS:
        packed[name] = detections[name]
    if len(packed) == 0:
        packed = np.zeros(1, packed.dtype)
        packed["x"] = np.nan
    header = [
        "# .PCD v0.7 - Point Cloud Data file format",
        "VERSION 0.7",
        f"FIELDS {' '.join(RADAR_FIELDS)}",
        f"SIZE {' '.join(size for size, _ in kinds)}",
        f"TYPE {' '.join(kind for _, kind in kinds)}",
        f"COUNT {' '.join('1' for _ in kinds)}",
        f"WIDTH {len(packed)}",
        "HEIGHT 1",
        "VIEWPOINT 0 0 0 1 0 0 0",
        f"POINTS {len(packed)}",
        "DATA binary",
    ]
    return ("\n".join(header) + "\n").encode() + packed.tobytes() + b"\n"


def map_png(mask: NDArray[np.uint8]) -> bytes:
    """A mask as PNG."""
    return bytes(cv2.imencode(".png", mask)[1])
