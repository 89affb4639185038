"""The colour of surfaces themselves, whatever the light."""

from __future__ import annotations

from typing import Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays import paths
from roadlab_sensors.rays.picture import NO_MOVER, Sightlines, padded, ray_of
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.rays.surfaces import owned


class AlbedoTracer:
    """Looks along the same rays as the labels of one camera."""

    def __init__(self, scene: RayScene, rays: NDArray[np.float64]) -> None:
        """Prepares for camera-frame directions `rays` (H, W, 3)."""
        self._scene = scene
        self._shape = rays.shape
        self._rays = mi.Vector3f(*(owned(column) for column in rays.reshape(-1, 3).T))
        self._look = dr.freeze(_look, auto_opaque=False)

    def albedo(self, sight: Sightlines) -> NDArray[np.float32]:
        """(H, W, 3) diffuse reflectance at the middle of each pixel and of its exposure; 0 for the sky."""
        found = self._look(
            self._scene.static,
            self._scene.movers,
            self._rays,
            [owned(padded(sight.opened)), owned(padded(sight.closed))],
            [owned(sight.static), owned(sight.moving)],
        )
        dr.eval(found)
        return np.stack([np.array(c, dtype=np.float32) for c in found], axis=-1).reshape(self._shape)


def _look(static: Any, movers: Any, local: Any, poses: Any, which: Any) -> Any:
    row, moving = which
    near = moving != NO_MOVER
    ray, to_movers = (ray_of(poses, k, mi.Float(0.5), local) for k in (row, dr.select(near, moving, row)))
    found, from_movers = paths.first(static, movers, ray, to_movers, near)
    ray = dr.select(from_movers, to_movers, ray)
    surface = found.compute_surface_interaction(ray, mi.RayFlags.All)
    valid = surface.is_valid()
    color = surface.bsdf().eval_diffuse_reflectance(surface, valid)
    return [dr.select(valid, channel, 0.0) for channel in color]
