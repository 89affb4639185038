"""Where each pixel of one exposure looks, from where, and when."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.timing import Nanoseconds
from roadlab_sensors.camera.lens import Lens
from roadlab_sensors.camera.shutter import Shutter
from roadlab_sensors.rays.bundles import Bundles
from roadlab_sensors.rays.motion import between

Floats = NDArray[np.float64]
ROUNDS = 4
"""When a line of a rolling shutter is exposed depends on where a point falls, and where it falls on when."""


@dataclass(frozen=True)
class Gaze:
    """A lens on a camera that may move while its lines are read out."""

    lens: Lens
    shutter: Shutter
    middle: Nanoseconds
    """The middle of the reading: when the middle line is exposed."""
    moments: NDArray[np.int64]
    """(M,) [ns], increasing, from when the shutter opens to when it closes; `middle` is one of them."""
    world_from_camera: Floats
    """(M, 4, 4), between which motion is as good as straight."""

    @property
    def at_once(self) -> bool:
        """Whether all pixels are exposed at the same time."""
        return self.shutter.row_time == 0.0

    @property
    def pose(self) -> Floats:
        """(4, 4) at the middle."""
        found: Floats = self.world_from_camera[np.searchsorted(self.moments, self.middle)]
        return found

    def times(self, pixels: ArrayLike) -> NDArray[np.int64]:
        """(N,) [ns] when each of `pixels` (N, 2) is exposed."""
        if self.at_once:
            return np.full(len(np.asarray(pixels)), self.middle)
        return self.middle + self.shutter.delay(pixels, self.lens.width, self.lens.height)

    def poses_at(self, times: NDArray[np.int64]) -> Floats:
        """(N, 4, 4) of the camera at `times` (N,)."""
        return between(self.world_from_camera, self.moments, times)

    def rays(self, pixels: ArrayLike, local: Floats | None = None) -> Bundles:
        """Rays through `pixels` (N, 2), each at its own time; directions are NaN where the lens does not look.

        `local` (N, 3) are the lens's directions through these pixels, where they are known already.
        """
        local, times = self.lens.directions(pixels) if local is None else local, self.times(pixels)
        if self.at_once:
            origins = np.broadcast_to(self.pose[:3, 3], local.shape)
            return Bundles(origins, (self.pose[:3, :3] @ local.T).T, times)
        pose = self.poses_at(times)
        return Bundles(pose[:, :3, 3], np.einsum("nij,nj->ni", pose[:, :3, :3], local), times)

    def turned(self, vectors: Floats, times: NDArray[np.int64]) -> Floats:
        """(N, 3) vectors (N, 3) of the world along the camera's axes at `times` (N,)."""
        if self.at_once:
            # For so small a matrix the threads of a BLAS cost more than the sums.
            return np.asarray(np.einsum("ni,ij->nj", vectors, self.pose[:3, :3]))
        return np.asarray(np.einsum("nji,nj->ni", self.poses_at(times)[:, :3, :3], vectors))

    def where(self, points: Floats) -> tuple[Floats, NDArray[np.int64]]:
        """Pixels (N, 2) of points (N, 3) that stand still, NaN for none, and when these are exposed (N,)."""
        times = np.full(len(points), self.middle)
        for _ in range(1 if self.at_once else ROUNDS):
            pose = self.poses_at(times)
            pixels = self.lens.project(np.einsum("nji,nj->ni", pose[:, :3, :3], points - pose[:, :3, 3]))
            times = np.where(np.isfinite(pixels[:, 0]), self.times(np.nan_to_num(pixels)), times)
        return pixels, times
