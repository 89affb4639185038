"""The one way to Mitsuba's intersection kernel, shared by all casts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.rays.surfaces import owned

Floats = NDArray[np.float64]
FAR = 5000.0
"""Nothing is farther than this [m]."""


@dataclass(frozen=True)
class Hits:
    """The first surface on each of R rays."""

    distance: Floats
    """(R,) [m]; +inf where nothing was hit."""
    face: NDArray[np.int64]
    """(R,) row of the scene's table of faces; -1, its last row, where nothing was hit."""


def trace(
    mitsuba_scene: Any, scene: RayScene, origins: NDArray[Any], directions: NDArray[Any], reach: float | NDArray[Any]
) -> Hits:
    """Rays given by columns (3, R) against one of the scenes."""
    count = directions.shape[1]
    if count == 0:
        return Hits(np.zeros(0), np.zeros(0, dtype=np.int64))
    hit, distance, mesh, triangle = scene.intersect(
        mitsuba_scene,
        [owned(column) for column in np.broadcast_to(origins, directions.shape)],
        [owned(column) for column in directions],
        owned(np.broadcast_to(reach, count)),
    )
    valid = np.array(hit, dtype=bool)
    first = scene.first_face[np.where(valid, np.array(mesh), 0)]
    return Hits(
        distance=np.where(valid, np.array(distance, dtype=np.float64), np.inf),
        face=np.where(valid, first + np.array(triangle, dtype=np.int64), -1),
    )


def cast_at_part(scene: RayScene, part: NDArray[np.int64], origins: NDArray[Any], directions: NDArray[Any]) -> Hits:
    """Ray k, by columns (3, R) in the frame of part `part[k]`, against that part alone."""
    atlas = scene.atlas
    center, radius = atlas.center[part].T, atlas.radius[part]
    along = ((center - origins) * directions).sum(axis=0)
    enter = np.maximum(along - radius, 0.0)
    start = origins + enter * directions + atlas.cell[part].T
    hits = trace(atlas.scene, scene, start, directions, along + radius - enter)
    return Hits(hits.distance + enter, hits.face)
