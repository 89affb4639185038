"""Where a camera is while it exposes, from the log."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab_tools.datasets.item import CameraItem
from roadlab_tools.datasets.verification.subject import Subject


def delays(subject: Subject, camera: CameraItem, pixels: NDArray[Any]) -> NDArray[np.int64]:
    """(N,) how long after the middle of the exposure each of `pixels` (N, 2) is exposed [ns]."""
    shutter = getattr(subject.scene.scenario.spec.sensors[camera.name], "shutter", None)
    if shutter is None:
        return np.zeros(len(pixels), dtype=np.int64)
    late: NDArray[np.int64] = shutter.delay(pixels, camera.lens.width, camera.lens.height)
    return late


def poses(subject: Subject, camera: CameraItem, times: NDArray[np.int64]) -> NDArray[np.float64]:
    """(N, 4, 4) of the camera at `times`: rigid with the ego since the middle of its exposure."""
    distinct, back = np.unique(times, return_inverse=True)
    ego_from_camera = np.linalg.inv(subject.scene.world_from_ego(camera.interval.middle)) @ camera.world_from_camera
    found: NDArray[np.float64] = (subject.ego_at(distinct) @ ego_from_camera)[back]
    return found
