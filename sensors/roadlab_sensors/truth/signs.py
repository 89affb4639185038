"""Signs and traffic lights as a camera sees them: pixel by pixel, from the same rays as the picture."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import box_corners, inverse, move
from roadlab.log import SIGNAL_STATES, SceneLog
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.camera.sight import Seen
from roadlab_sensors.rays.gathered import Sign
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.readings import SEMANTIC_IDS, SignView
from roadlab_sensors.world.signals import TRAFFIC_LIGHT

Floats = NDArray[np.float64]
REACH = 200.0
"""Signs farther from the camera are left out [m]."""
_MARGIN = {"traffic sign": (0.012, 0.02, 0.012), TRAFFIC_LIGHT: (0.03, 0.32, 0.03)}
"""How far a sign's or a light's surfaces stand out of its box [m]: the visors of lamps do."""


def sign_views(scene: RayScene, log: SceneLog, gaze: Gaze, seen: Seen) -> tuple[SignView, ...]:
    """Every sign and traffic light of which at least one pixel is visible, the nearest first."""
    signs, poses = _near(scene.signs, gaze)
    semantic = scene.faces.semantic[seen.face]
    pixels = {name: np.flatnonzero(semantic == SEMANTIC_IDS[name]) for name in _MARGIN}
    points = {name: seen.points[chosen] for name, chosen in pixels.items()}
    views = []
    for sign, pose in zip(signs, poses, strict=True):
        kind = _kind(sign)
        reach = 0.5 * np.array(sign.size) + _MARGIN[kind]
        own = pixels[kind][(np.abs(move(inverse(pose), points[kind])) <= reach).all(axis=1)]
        if len(own):
            views.append(_view(sign, pose, own, log, gaze))
    return tuple(views)


def _kind(sign: Sign) -> str:
    return sign.code if sign.code == TRAFFIC_LIGHT else "traffic sign"


def _near(signs: Sequence[Sign], gaze: Gaze) -> tuple[list[Sign], list[Floats]]:
    if not signs:
        return [], []
    poses = np.array([sign.world_from_sign for sign in signs])
    distance = np.linalg.norm(poses[:, :3, 3] - gaze.pose[:3, 3], axis=1)
    chosen = [int(k) for k in np.argsort(distance, kind="stable") if distance[k] < REACH]
    return [signs[k] for k in chosen], [poses[k] for k in chosen]


def _view(sign: Sign, pose: Floats, own: NDArray[np.int64], log: SceneLog, gaze: Gaze) -> SignView:
    u, v = own % gaze.lens.width, own // gaze.lens.width
    outline = gaze.where(move(pose, box_corners(sign.size)))[0]
    known = outline[np.isfinite(outline[:, 0])] if np.isfinite(outline[:, 0]).any() else np.column_stack([u, v])
    offset = gaze.pose[:3, 3] - pose[:3, 3]
    facing = float(-pose[:3, 1] @ offset / np.linalg.norm(offset))
    x, y, z = move(inverse(gaze.pose), pose[:3, 3]).ravel().tolist()
    return SignView(
        kind=_kind(sign),
        code=sign.code,
        name=sign.owner,
        state=_state(log, sign.owner, gaze.middle),
        box=(float(u.min()) - 0.5, float(v.min()) - 0.5, float(u.max()) + 0.5, float(v.max()) + 0.5),
        whole_box=(*known.min(axis=0).tolist(), *known.max(axis=0).tolist()),
        visible_pixels=len(own),
        position=(x, y, z),
        size=(sign.size[0], sign.size[2]),
        angle=float(np.arccos(np.clip(facing, -1.0, 1.0))),
    )


def _state(log: SceneLog, owner: str, time: int) -> str:
    if owner not in log.signal_names:
        return ""
    return SIGNAL_STATES[int(log.signals[log.tick_at(time), log.signal_names.index(owner)])]
