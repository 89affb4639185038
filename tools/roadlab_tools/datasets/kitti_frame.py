"""Reads back what `KittiWriter` wrote; the KITTI files alone of any other KITTI dataset read the same."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab_tools.datasets.images import read_color, read_depth, read_plane
from roadlab_tools.datasets.kitti_calibration import Calibration, parse_calibration
from roadlab_tools.datasets.kitti_label import Label, parse_labels


@dataclass(frozen=True)
class KittiFrame:
    """One frame of KITTI's object layout."""

    index: int
    image: NDArray[np.uint8]
    """(H, W, 3), red first."""
    points: NDArray[np.float32]
    """(N, 3) [m], lidar frame."""
    intensity: NDArray[np.float32]
    """(N,)."""
    labels: tuple[Label, ...]
    calibration: Calibration


@dataclass(frozen=True)
class PixelTruth:
    """What every pixel shows; see `roadlab_sensors.readings.CameraFrame`."""

    depth: NDArray[np.float32]
    """(H, W) [m] along the optical axis; +inf where unknown."""
    instance: NDArray[Any]
    """(H, W)."""
    semantic: NDArray[Any]
    """(H, W)."""


def read_kitti_frame(folder: Path, index: int) -> KittiFrame:
    """Frame `index` of the dataset in `folder`."""
    name = f"{index:06d}"
    sweep = np.frombuffer((folder / "velodyne" / f"{name}.bin").read_bytes(), "<f4").reshape(-1, 4)
    return KittiFrame(
        index=index,
        image=read_color((folder / "image_2" / f"{name}.png").read_bytes()),
        points=sweep[:, :3],
        intensity=sweep[:, 3],
        labels=parse_labels((folder / "label_2" / f"{name}.txt").read_text()),
        calibration=parse_calibration((folder / "calib" / f"{name}.txt").read_text()),
    )


def read_pixel_truth(folder: Path, index: int) -> PixelTruth:
    """The per-pixel truth that stands beside frame `index`."""
    name = f"{index:06d}.png"
    return PixelTruth(
        depth=read_depth((folder / "depth" / name).read_bytes()),
        instance=read_plane((folder / "instance" / name).read_bytes()),
        semantic=read_plane((folder / "semantic" / name).read_bytes()),
    )
