"""What the pixels of a frame are asked for beside depth, instance and class."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.camera.sight import Seen
from roadlab_sensors.rays.motion import world_normals
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.truth.flow import Frame, flow, scene_flow

Labels = Mapping[str, NDArray[np.generic]]


def distances(seen: Seen, gaze: Gaze) -> Labels:
    """Length of each pixel's ray."""
    return {"distance": _image(seen.distance.astype(np.float32), gaze)}


def normals(scene: RayScene, here: Frame, seen: Seen) -> Labels:
    """Of the surfaces, towards the camera."""
    rays = seen.rays
    world = world_normals(scene, here.motion, seen.part, seen.face, rays.times)
    away = np.einsum("ni,ni->n", world, rays.directions) > 0.0
    local = here.gaze.turned(np.where(away[:, None], -world, world), rays.times)
    # Poses between moments are straight between two rotations, which is a little less than a rotation.
    local /= np.maximum(np.linalg.norm(local, axis=1, keepdims=True), 1e-9)
    return {"normal": _image(np.where(seen.face[:, None] >= 0, local, 0.0).astype(np.float32), here.gaze)}


def flows(
    scene: RayScene, here: Frame, seen: Seen, frame_at: Callable[[int], Frame | None], wanted: frozenset[str]
) -> Labels:
    """Optical flow to the frames after (+1) and before (-1), and scene flow, of those that are wanted."""
    found: dict[str, NDArray[np.generic]] = {}
    for step, way in ((1, "forward"), (-1, "backward")):
        there = frame_at(step) if "flow" in wanted or step == 1 else None
        moved = flow(scene, here, seen, there) if there is not None else None
        count = len(seen.distance)
        if "flow" in wanted:
            pixels = moved.pixels if moved else np.full((count, 2), np.nan, dtype=np.float32)
            visible = moved.visible if moved else np.zeros(count, dtype=bool)
            found[f"flow_{way}"] = _image(pixels, here.gaze)
            found[f"flow_{way}_visible"] = _image(visible, here.gaze)
        if "scene_flow" in wanted and step == 1:
            shift = scene_flow(here, seen, moved.points) if moved else np.full((count, 3), np.nan, dtype=np.float32)
            found["scene_flow"] = _image(shift, here.gaze)
    return found


def _image(values: NDArray[np.generic], gaze: Gaze) -> NDArray[np.generic]:
    return values.reshape(gaze.lens.height, gaze.lens.width, *values.shape[1:])
