"""What the vehicle that carries a sensor hides from it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.errors import RoadlabError
from roadlab_sensors.rays.bundles import Bundles
from roadlab_sensors.rays.cast import cast, silhouettes
from roadlab_sensors.rays.motion import motion
from roadlab_sensors.rays.poses import poses_at
from roadlab_sensors.sensor import Stage

Floats = NDArray[np.float64]

STEP = np.radians(0.25)
"""Of the grid of directions."""
ENCLOSED = 0.97
"""Share of directions that are blocked from inside a body."""


class MountError(RoadlabError):
    """A sensor sits where it cannot work."""


@dataclass(frozen=True)
class BlindSector:
    """Directions in which a sensor sees its own vehicle, whose returns units are told to leave out."""

    blocked: NDArray[np.bool_]
    """(E, A) by elevation from -90 degrees and azimuth from -180 degrees, in the sensor's frame."""

    def hides(self, directions: Floats) -> NDArray[np.bool_]:
        """Which unit vectors (P, 3) in the sensor's frame are blocked."""
        rows, columns = self.blocked.shape
        x, y, z = directions.T.astype(np.float32)
        row = (np.arcsin(np.clip(z, -1.0, 1.0)) + np.pi / 2.0) / STEP
        column = (np.arctan2(y, x) + np.pi) / STEP
        hidden: NDArray[np.bool_] = self.blocked[
            np.minimum(row.astype(np.int64), rows - 1), np.minimum(column.astype(np.int64), columns - 1)
        ]
        return hidden


def blind_sector(stage: Stage, ego_from_sensor: Floats, reach: tuple[float, float]) -> BlindSector:
    """What the ego hides, as it stands when the log begins, between two elevations [rad] of the sensor's frame."""
    rows, columns = round(np.pi / STEP), round(2.0 * np.pi / STEP)
    first = max(int((reach[0] + np.pi / 2.0) / STEP) - 2, 0)
    last = min(int((reach[1] + np.pi / 2.0) / STEP) + 3, rows)
    elevation = (np.arange(first, last) + 0.5) * STEP - np.pi / 2.0
    azimuth = (np.arange(columns) + 0.5) * STEP - np.pi
    level = np.cos(elevation)[:, None]
    directions = np.stack(
        [
            level * np.cos(azimuth),
            level * np.sin(azimuth),
            np.broadcast_to(np.sin(elevation)[:, None], (last - first, columns)),
        ],
        axis=-1,
    ).reshape(-1, 3)
    blocked = np.zeros((rows, columns), dtype=bool)
    blocked[first:last] = _own(stage, ego_from_sensor, directions).reshape(last - first, columns)
    return BlindSector(blocked)


def check_mount(name: str, stage: Stage, ego_from_sensor: Floats) -> None:
    """Raises MountError for a sensor inside its vehicle's body, or inside something of the world at the beginning."""
    share = float(_own(stage, ego_from_sensor, _sphere(400)).mean())
    if share > ENCLOSED:
        model = stage.log.actors[stage.log.ego].model
        raise MountError(
            f"sensors.{name}.mount: {_shown(ego_from_sensor)} is inside the body of the ego ({model}), which blocks "
            f"{share:.0%} of all directions; move the sensor outside"
        )
    check_world(name, stage, ego_from_sensor)


def check_view(name: str, stage: Stage, ego_from_camera: Floats, rays: Floats) -> None:
    """Raises MountError for a camera inside its vehicle, or inside something of the world, when the scenario begins.

    `rays` (N, 3) are some directions of its picture; what is behind panes counts as blocked, for labels end there.
    """
    share = float(_own(stage, ego_from_camera, rays).mean())
    if share > ENCLOSED:
        model = stage.log.actors[stage.log.ego].model
        raise MountError(
            f"sensors.{name}.mount: {_shown(ego_from_camera)} is inside the body of the ego ({model}), which fills "
            f"{share:.0%} of the picture; move the camera outside, or turn it away"
        )
    check_world(name, stage, ego_from_camera)


def check_world(name: str, stage: Stage, ego_from_sensor: Floats) -> None:
    """Raises MountError for a sensor inside something of the world at the beginning; a bumper may cover it."""
    pose = stage.ego_at(stage.log.time[:1])[0] @ ego_from_sensor
    directions = _sphere(400)
    enclosed = cast_static(stage, pose[:3, 3], directions[directions[:, 2] > 0.1])
    if enclosed > ENCLOSED:
        raise MountError(
            f"sensors.{name}.mount: {_shown(ego_from_sensor)} is inside something of the world when the scenario "
            "begins; whatever is above it is seen from behind"
        )


def _shown(ego_from_sensor: Floats) -> str:
    return f"({', '.join(f'{v:g}' for v in ego_from_sensor[:3, 3])}) m"


def cast_static(stage: Stage, origin: Floats, directions: Floats) -> float:
    """Share of rays from `origin` that meet a surface of the world from behind."""
    stage.scene.place({part: pose[0] for part, pose in poses_at(stage.log, stage.log.time[:1]).items()})
    hits = cast(stage.scene, np.broadcast_to(origin, directions.shape), directions)
    away = np.einsum("ij,ij->i", stage.scene.faces.normal[hits.face].astype(np.float64), directions) > 0.0
    return float((away & (hits.face >= 0) & (stage.scene.faces.instance[hits.face] == 0)).mean())


def _own(stage: Stage, ego_from_sensor: Floats, directions: Floats) -> NDArray[np.bool_]:
    """Which directions (N, 3) of the sensor's frame meet the ego."""
    ego = stage.log.ego
    start = int(stage.log.time[0])
    world = stage.ego_at(stage.log.time[:1])[0] @ ego_from_sensor
    rays = Bundles(
        np.broadcast_to(world[:3, 3], directions.shape), directions @ world[:3, :3].T, np.full(len(directions), start)
    )
    return silhouettes(stage.scene, motion(stage.log, start, start), [(ego, rays)])[0]


def _sphere(count: int) -> Floats:
    """(count, 3) directions spread evenly (Fibonacci's spiral)."""
    z = 1.0 - 2.0 * (np.arange(count) + 0.5) / count
    turn = np.arange(count) * np.pi * (3.0 - np.sqrt(5.0))
    level = np.sqrt(1.0 - z**2)
    return np.stack([level * np.cos(turn), level * np.sin(turn), z], axis=1)
