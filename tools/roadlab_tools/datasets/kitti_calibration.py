"""KITTI's calibration file: where a lidar point falls in the image.

`pixel = P2 @ R0_rect @ Tr_velo_to_cam @ point`, all homogeneous. There is one camera here, so that all four P are its
own, and it needs no rectification, so that R0_rect is the identity. Tr_imu_to_velo maps the ego's frame (origin on the
ground below the middle of the rear axle) to the lidar's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.errors import OutputError
from roadlab_sensors.camera.lens import Pinhole
from roadlab_sensors.readings import CameraFrame, LidarSweep


@dataclass(frozen=True)
class Calibration:
    """The matrices of one calibration file that a single camera and a lidar need."""

    projection: NDArray[np.float64]
    """(3, 4), P2: pixel from the rectified camera frame."""
    rectification: NDArray[np.float64]
    """(3, 3), R0_rect."""
    camera_from_lidar: NDArray[np.float64]
    """(4, 4), Tr_velo_to_cam."""
    lidar_from_ego: NDArray[np.float64]
    """(4, 4), Tr_imu_to_velo."""

    def __str__(self) -> str:
        projection = _row(self.projection)
        lines = [f"P{i}: {projection}" for i in range(4)]
        lines.append(f"R0_rect: {_row(self.rectification)}")
        lines.append(f"Tr_velo_to_cam: {_row(self.camera_from_lidar[:3])}")
        lines.append(f"Tr_imu_to_velo: {_row(self.lidar_from_ego[:3])}")
        return "\n".join(lines) + "\n\n"

    @property
    def rectified_from_lidar(self) -> NDArray[np.float64]:
        """(4, 4) from the lidar frame to the frame in which labels are given."""
        rectification = np.eye(4)
        rectification[:3, :3] = self.rectification
        product: NDArray[np.float64] = rectification @ self.camera_from_lidar
        return product


def calibration_of(camera: CameraFrame, lidar: LidarSweep, world_from_ego: NDArray[np.float64]) -> Calibration:
    """The calibration of this pair at this instant, from the poses of its readings.

    OutputError unless the camera has a pinhole lens.
    """
    if not isinstance(camera.lens, Pinhole):
        raise OutputError(f"KITTI calibrations are of pinhole cameras; {camera.sensor} is another kind")
    return pair_calibration(camera.lens, camera.world_from_camera, lidar.world_from_lidar, world_from_ego)


def pair_calibration(
    lens: Pinhole,
    world_from_camera: NDArray[np.float64],
    world_from_lidar: NDArray[np.float64],
    world_from_ego: NDArray[np.float64],
) -> Calibration:
    """The calibration of a camera and a lidar in these poses (4, 4)."""
    return Calibration(
        projection=np.hstack([lens.matrix, np.zeros((3, 1))]),
        rectification=np.eye(3),
        camera_from_lidar=np.linalg.inv(world_from_camera) @ world_from_lidar,
        lidar_from_ego=np.linalg.inv(world_from_lidar) @ world_from_ego,
    )


def parse_calibration(text: str) -> Calibration:
    """Reads a calibration file; ValueError when a matrix is missing or has the wrong size."""
    rows = dict(line.split(":", 1) for line in text.splitlines() if ":" in line)
    return Calibration(
        projection=_matrix(rows, "P2", (3, 4)),
        rectification=_matrix(rows, "R0_rect", (3, 3)),
        camera_from_lidar=_pose(_matrix(rows, "Tr_velo_to_cam", (3, 4))),
        lidar_from_ego=_pose(_matrix(rows, "Tr_imu_to_velo", (3, 4))),
    )


def project(projection: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels (N, 2) of points (N, 3) in the rectified camera frame; meaningless for points behind the camera."""
    homogeneous = points @ projection[:, :3].T + projection[:, 3]
    pixels: NDArray[np.float64] = homogeneous[:, :2] / homogeneous[:, 2:]
    return pixels


def _row(matrix: NDArray[np.float64]) -> str:
    # Adding zero turns -0.0 into 0.0.
    return " ".join(f"{value + 0.0:.12e}" for value in matrix.ravel())


def _matrix(rows: dict[str, str], key: str, shape: tuple[int, int]) -> NDArray[np.float64]:
    if key not in rows:
        raise ValueError(f"the calibration has no {key}")
    return np.array([float(value) for value in rows[key].split()]).reshape(shape)


def _pose(matrix: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.vstack([matrix, [0.0, 0.0, 0.0, 1.0]])
