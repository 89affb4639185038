"""What Argoverse 2 calls things."""

from __future__ import annotations

import math
import uuid

from roadlab.errors import OutputError
from roadlab.timing import Nanoseconds
from roadlab_tools.datasets.scene import Scene, SceneEntry

EPOCH = 315_960_000_000_000_000
"""Time 0 of the first scene [ns]."""
CATEGORIES = {
    "car": "REGULAR_VEHICLE",
    "van": "LARGE_VEHICLE",
    "truck": "TRUCK",
    "bus": "BUS",
    "pedestrian": "PEDESTRIAN",
    "cyclist": "BICYCLIST",
    "motorcycle": "MOTORCYCLIST",
    "motorcyclist": "MOTORCYCLIST",
    "trailer": "VEHICULAR_TRAILER",
    "tram": "RAILED_VEHICLE",
    "animal": "ANIMAL",
    "wheelchair": "WHEELCHAIR",
    "stroller": "STROLLER",
    "scooter": "WHEELED_RIDER",
    "cone": "CONSTRUCTION_CONE",
    "barrel": "CONSTRUCTION_BARREL",
}
"""What has none here, such as a barrier, is not annotated."""
_BEARINGS = {
    0: "ring_front_center",
    45: "ring_front_left",
    -45: "ring_front_right",
    99: "ring_side_left",
    -99: "ring_side_right",
    153: "ring_rear_left",
    -153: "ring_rear_right",
}


def log_folder(entry: SceneEntry) -> str:
    """Where a scene's log is; its id is a UUID, the same for the same scenario."""
    return f"{entry.split}/{log_id(entry)}"


def log_id(entry: SceneEntry) -> str:
    """UUID of a scene's log."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"roadlab:{entry.name}:{entry.digest}"))


def track_id(entry: SceneEntry, instance: int) -> str:
    """UUID of an actor."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"roadlab:{entry.name}:{entry.digest}:{instance}"))


def camera_names(scene: Scene) -> dict[str, str]:
    """Argoverse's name of each camera, the nearest in direction that is free; OutputError for more than seven."""
    sensors = scene.scenario.spec.sensors
    yaws = {name: math.degrees(s.mount.yaw) for name, s in sensors.items() if s.type == "camera"}
    return named(yaws)


def named(yaws: dict[str, float]) -> dict[str, str]:
    """As `camera_names`, from the yaw [deg] of each camera."""
    if len(yaws) > len(_BEARINGS):
        raise OutputError(f"Argoverse 2 has {len(_BEARINGS)} ring cameras; the scenario's rig has {len(yaws)}")
    found: dict[str, str] = {}
    for name, yaw in yaws.items():
        free = {bearing: ring for bearing, ring in _BEARINGS.items() if ring not in found.values()}
        found[name] = free[min(free, key=lambda bearing: abs(math.remainder(yaw - bearing, 360.0)))]
    return found


def timestamp(entry: SceneEntry, time: Nanoseconds) -> int:
    """Argoverse's time of an instant of a scene."""
    return EPOCH + entry.position * 3_600_000_000_000 + time
