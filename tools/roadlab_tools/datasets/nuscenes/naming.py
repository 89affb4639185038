"""What nuScenes calls things: tokens, channels, categories, attributes, places."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from roadlab.timing import Nanoseconds
from roadlab_sensors.readings import SEMANTIC_IDS
from roadlab_tools.datasets.scene import Scene

VERSION = "v1.0-trainval"
KEY_PERIOD = 500_000_000
"""Between two annotated samples [ns]: 2 Hz."""
EPOCH = 1_600_000_000_000_000
"""Time 0 of the first scene [us]; each scene has an hour of its own."""
MARGIN = 50.0
"""Around what a scene needs of the map [m]."""
LIDAR_AXES = np.array([[0.0, 1.0, 0.0], [-1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
"""From nuScenes' lidar frame, x right and y forward, to roadlab's, x forward and y left."""

CATEGORIES: dict[str, int] = {
    "noise": 0,
    "animal": 1,
    "human.pedestrian.adult": 2,
    "human.pedestrian.child": 3,
    "human.pedestrian.construction_worker": 4,
    "human.pedestrian.personal_mobility": 5,
    "human.pedestrian.police_officer": 6,
    "human.pedestrian.stroller": 7,
    "human.pedestrian.wheelchair": 8,
    "movable_object.barrier": 9,
    "movable_object.debris": 10,
    "movable_object.pushable_pullable": 11,
    "movable_object.trafficcone": 12,
    "static_object.bicycle_rack": 13,
    "vehicle.bicycle": 14,
    "vehicle.bus.bendy": 15,
    "vehicle.bus.rigid": 16,
    "vehicle.car": 17,
    "vehicle.construction": 18,
    "vehicle.emergency.ambulance": 19,
    "vehicle.emergency.police": 20,
    "vehicle.motorcycle": 21,
    "vehicle.trailer": 22,
    "vehicle.truck": 23,
    "flat.driveable_surface": 24,
    "flat.other": 25,
    "flat.sidewalk": 26,
    "flat.terrain": 27,
    "static.manmade": 28,
    "static.other": 29,
    "static.vegetation": 30,
    "vehicle.ego": 31,
}
"""nuScenes-lidarseg's classes and their numbers."""
ATTRIBUTES = (
    "vehicle.moving",
    "vehicle.stopped",
    "vehicle.parked",
    "cycle.with_rider",
    "cycle.without_rider",
    "pedestrian.sitting_lying_down",
    "pedestrian.standing",
    "pedestrian.moving",
)
_ACTORS = {
    "pedestrian": "human.pedestrian.adult",
    "cyclist": "vehicle.bicycle",
    "car": "vehicle.car",
    "van": "vehicle.car",
    "truck": "vehicle.truck",
    "bus": "vehicle.bus.rigid",
    "motorcycle": "vehicle.motorcycle",
    "motorcyclist": "vehicle.motorcycle",
    "trailer": "vehicle.trailer",
    "animal": "animal",
    "wheelchair": "human.pedestrian.wheelchair",
    "stroller": "human.pedestrian.stroller",
    "scooter": "human.pedestrian.personal_mobility",
    "cone": "movable_object.trafficcone",
    "barrel": "movable_object.barrier",
    "barrier": "movable_object.barrier",
    "construction": "vehicle.construction",
}
_SURFACES = {
    "ego vehicle": "vehicle.ego",
    "static": "static.other",
    "ground": "flat.other",
    "road": "flat.driveable_surface",
    "road marking": "flat.driveable_surface",
    "parking": "flat.driveable_surface",
    "sidewalk": "flat.sidewalk",
    "terrain": "flat.terrain",
    "vegetation": "static.vegetation",
    "person": "human.pedestrian.adult",
    "rider": "vehicle.bicycle",
    "bicycle": "vehicle.bicycle",
    "car": "vehicle.car",
    "truck": "vehicle.truck",
    "bus": "vehicle.bus.rigid",
    "motorcycle": "vehicle.motorcycle",
    "unlabeled": "noise",
    "sky": "noise",
}
_BEARINGS = {0: "FRONT", 55: "FRONT_LEFT", -55: "FRONT_RIGHT", 110: "BACK_LEFT", -110: "BACK_RIGHT", 180: "BACK"}


def token(*key: object) -> str:
    """32 hexadecimal digits, the same for the same key."""
    return hashlib.sha256("\x1f".join(map(str, key)).encode()).hexdigest()[:32]


def channels(scene: Scene) -> dict[str, str]:
    """NuScenes' channel of each camera, lidar and radar: by where it looks, by its name where that is taken."""
    found: dict[str, str] = {}
    for name, sensor in scene.scenario.spec.sensors.items():
        prefix = {"camera": "CAM", "lidar": "LIDAR", "radar": "RADAR"}.get(sensor.type)
        if prefix is None:
            continue
        usual = "LIDAR_TOP" if prefix == "LIDAR" else f"{prefix}_{_bearing(math.degrees(sensor.mount.yaw))}"
        plain = name.upper() if name.upper().startswith(f"{prefix}_") else f"{prefix}_{name.upper()}"
        found[name] = usual if usual not in found.values() else plain
    return found


def _bearing(yaw: float) -> str:
    apart = {bearing: abs(math.remainder(yaw - bearing, 360.0)) for bearing in _BEARINGS}
    return _BEARINGS[min(apart, key=lambda bearing: apart[bearing])]


def category_name(category: str, model: str) -> str:
    """NuScenes' name of an actor's category."""
    return "human.pedestrian.child" if model == "child" else _ACTORS.get(category, "movable_object.debris")


def attribute_name(category: str, speed: float, *, parked: bool) -> str:
    """The one attribute of an actor that goes at `speed` [m/s]; empty where nuScenes has none for its category."""
    name = category_name(category, "")
    if name.startswith("human.pedestrian."):
        return "pedestrian.moving" if speed > 0.2 else "pedestrian.standing"
    if name in ("vehicle.bicycle", "vehicle.motorcycle"):
        return "cycle.without_rider" if parked else "cycle.with_rider"
    if not name.startswith("vehicle."):
        return ""
    return "vehicle.parked" if parked else "vehicle.moving" if speed > 0.2 else "vehicle.stopped"


def surface_classes() -> NDArray[np.uint8]:
    """(256,) lidarseg class of each semantic id."""
    table = np.full(256, CATEGORIES["noise"], np.uint8)
    for name, number in SEMANTIC_IDS.items():
        table[number] = CATEGORIES[_SURFACES.get(name, "static.manmade")]
    return table


def point_classes(scene: Scene, instance: NDArray[np.uint16], semantic: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """(N,) lidarseg class of each return: an actor's is that of its box."""
    actors = np.zeros(max(int(instance.max(initial=0)), len(scene.log.actors)) + 1, np.uint8)
    for actor in scene.log.actors:
        name = "vehicle.ego" if actor.is_ego else category_name(actor.category, actor.model)
        actors[actor.instance] = CATEGORIES[name]
    return np.where(instance > 0, actors[instance], surface_classes()[semantic]).astype(np.uint8)


def microseconds(position: int, time: Nanoseconds) -> int:
    """NuScenes' time of an instant of the scene at this place in the dataset."""
    return EPOCH + position * 3_600_000_000 + round(time / 1000)


def is_key(scene: Scene, index: int) -> bool:
    """Whether sample `index` is annotated: at 2 Hz from the scene's first sample on."""
    stride = max(1, round(KEY_PERIOD / scene.period))
    return scene.entry.indices.index(index) % stride == 0


def offset_of(scene: Scene) -> tuple[float, float]:
    """By how much a scene is moved so that its coordinates are positive [m]."""
    left, bottom, _, _ = bounds_of(scene)
    return -left, -bottom


def bounds_of(scene: Scene) -> tuple[float, float, float, float]:
    """Whole metres around the roads and everybody's ways: west, south, east, north."""
    where = scene.log.position[..., :2].reshape(-1, 2)
    west, south, east, north = scene.scenario.network.drivable.bounds
    low = np.floor(np.minimum([west, south], where.min(axis=0)) - MARGIN)
    high = np.ceil(np.maximum([east, north], where.max(axis=0)) + MARGIN)
    return (*low.tolist(), *high.tolist())


def data_path(scene: Scene, channel: str, index: int, suffix: str) -> str:
    """Where a reading is."""
    folder = "samples" if is_key(scene, index) else "sweeps"
    return f"{folder}/{channel}/{scene.entry.name}__{channel}__{scene.number(index):06d}.{suffix}"


def sensor_names(names: Mapping[str, str], kind: str) -> dict[str, str]:
    """Of these channels those of one kind, `CAM`, `LIDAR` or `RADAR`."""
    return {name: channel for name, channel in names.items() if channel.startswith(f"{kind}_")}
