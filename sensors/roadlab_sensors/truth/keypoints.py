"""Points on bodies and vehicles that pose networks learn: where they are, and whether the camera sees them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from roadlab.actors.body import ADULT_HEIGHT, proportions
from roadlab.actors.catalog import PEOPLE
from roadlab.log import ActorInfo
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.rays.bundles import Bundles, cast_bundles
from roadlab_sensors.rays.motion import Motion, between
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.readings import PERSON_KEYPOINTS, VEHICLE_KEYPOINTS

Floats = NDArray[np.float64]
_Placing = Callable[..., Floats]
"""From a part and a point in its frame to the world."""

_JOINTS = {
    "shoulder": "upper_arm", "elbow": "forearm", "wrist": "hand", "hip": "thigh", "knee": "shank", "ankle": "foot",
}  # fmt: skip
"""The part whose frame begins at each joint."""
_FACE = {"nose": (0.118, 0.0, 0.163), "eye": (0.094, 0.031, 0.132), "ear": (0.016, 0.077, 0.134)}
"""Of an adult's head: forward, to the side, and below the top [m]."""
_WHEELS = {"front_left": "wheel_fl", "front_right": "wheel_fr", "rear_left": "wheel_rl", "rear_right": "wheel_rr"}
FLESH = 0.16
"""A joint counts as seen when the ray to it meets its own actor no farther before it than this [m]."""
WHEEL_DEPTH = 0.35
"""The same for the middle of a wheel, and for corners of a body, which are rounded."""


def keypoints(scene: RayScene, motion: Motion, gaze: Gaze, shown: Sequence[int]) -> Mapping[int, NDArray[np.float32]]:
    """By instance id of the actors with indices `shown`: (K, 3) u, v [px] and visibility in COCO's sense.

    0 outside the image, 1 hidden, by others or by itself, 2 visible.
    """
    if not shown:
        return {}
    middle = np.array([gaze.middle])
    places = [_places(scene, motion, k, middle) for k in shown]
    owner = np.concatenate([np.full(len(p), scene.actors[k].instance) for k, p in zip(shown, places, strict=True)])
    depth = np.concatenate(
        [
            np.full(len(p), WHEEL_DEPTH if scene.actors[k].kind == "vehicle" else FLESH)
            for k, p in zip(shown, places, strict=True)
        ]
    )
    values = _seen(scene, motion, gaze, np.concatenate(places), (owner, depth))
    ends = np.cumsum([len(p) for p in places])[:-1]
    return {scene.actors[k].instance: part for k, part in zip(shown, np.split(values, ends), strict=True)}


def _places(scene: RayScene, motion: Motion, actor: int, time: NDArray[np.int64]) -> Floats:
    """(K, 3) in the world at `time` (1,)."""
    info = scene.actors[actor]

    def at(part: str, point: ArrayLike = (0.0, 0.0, 0.0)) -> Floats:
        pose = between(motion.poses[actor, part], motion.moments, time)[0]
        carried: Floats = pose[:3, :3] @ np.array(point) + pose[:3, 3]
        return carried

    if info.kind in ("pedestrian", "cyclist"):
        return np.stack([_on_person(info, name, at) for name in PERSON_KEYPOINTS])
    return np.stack([_on_vehicle(scene, info, name, at) for name in VEHICLE_KEYPOINTS])


def _on_person(info: ActorInfo, name: str, at: _Placing) -> Floats:
    side, _, joint = name.rpartition("_")
    if joint in _JOINTS:
        return at(f"{_JOINTS[joint]}_{side[0]}")
    height = PEOPLE[info.model].height if info.kind == "pedestrian" else ADULT_HEIGHT
    scale = (height / ADULT_HEIGHT) ** 0.45
    forward, aside, below = _FACE[joint]
    sign = -1.0 if side == "right" else 1.0
    return at("head", (forward * scale, sign * aside * scale, proportions(height).head - below * scale))


def _on_vehicle(scene: RayScene, info: ActorInfo, name: str, at: _Placing) -> Floats:
    kind, _, where = name.partition("_")
    if info.look and kind != "corner":
        return np.full(3, np.nan)  # a rigid model of somebody's own: nobody knows where its wheels and lamps are
    if kind == "wheel":
        steered = where.startswith("front")
        return np.full(3, np.nan) if steered and info.category == "trailer" else at(_WHEELS[where])
    if kind == "lamp":
        end, _, side = where.partition("_")
        places = scene.lamp_places.get((info.name, "head" if end == "front" else "tail"))
        return at("body", places[0 if side == "left" else 1]) if places is not None else np.full(3, np.nan)
    level, end, side = where.split("_")
    signs = np.array([1 if end == "front" else -1, 1 if side == "left" else -1, 1 if level == "upper" else -1])
    return at("body", np.array(info.box_center) + 0.5 * signs * info.size)


def _seen(
    scene: RayScene, motion: Motion, gaze: Gaze, points: Floats, about: tuple[NDArray[np.int64], Floats]
) -> NDArray[np.float32]:
    """(N, 3) u, v and visibility of points (N, 3), given their owners' ids and how deep inside them they may lie."""
    owner, depth = about
    pixels, times = gaze.where(points)
    found = np.concatenate([np.nan_to_num(pixels), np.zeros((len(points), 1))], axis=1)
    inside = np.flatnonzero(gaze.lens.holds(pixels))
    if len(inside):
        pose = gaze.poses_at(times[inside])[:, :3, 3]
        offset = points[inside] - pose
        distance = np.linalg.norm(offset, axis=1)
        hits = cast_bundles(scene, motion, Bundles(pose, offset / distance[:, None], times[inside]))
        met, own = hits.distance[:, 0], scene.faces.instance[hits.face[:, 0]] == owner[inside]
        found[inside, 2] = np.where((met >= distance) | (own & (met >= distance - depth[inside])), 2.0, 1.0)
    found[found[:, 2] == 0.0, :2] = 0.0
    return found.astype(np.float32)
