"""What stands beside the tables: maps, the map expansion, and the messages of the ego's buses."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
import shapely
from numpy.typing import NDArray
from scipy.spatial.transform import Rotation

from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.nuscenes.frames import map_png
from roadlab_tools.datasets.nuscenes.naming import bounds_of, microseconds, offset_of, token
from roadlab_tools.datasets.nuscenes.tables import location_of, scene_name
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene

RESOLUTION = 0.1
"""Of a map [m per pixel]."""
_EMPTY_LAYERS = ("road_segment", "road_block", "ped_crossing", "stop_line", "carpark_area", "traffic_light")
_LINES = ("road_divider", "lane_divider")
GRAVITY = 9.80665


def surroundings(contents: Contents) -> Iterator[tuple[str, bytes]]:
    """Maps of all scenes, each once, and the bus messages of each scene."""
    drawn = set()
    for position, scene in enumerate(contents.scenes()):
        location = location_of(scene)
        if location not in drawn:
            drawn.add(location)
            yield f"maps/{location}.png", map_png(drivable_mask(scene))
            yield f"maps/expansion/{location}.json", _json(expansion(scene))
        for name, messages in bus_messages(scene, position).items():
            yield f"can_bus/{scene_name(position)}_{name}.json", _json(messages)


def drivable_mask(scene: Scene) -> NDArray[np.uint8]:
    """(H, W) 255 where one may drive, north up, 0.1 m a pixel."""
    west, south, east, north = bounds_of(scene)
    mask = np.zeros((round((north - south) / RESOLUTION), round((east - west) / RESOLUTION)), np.uint8)
    for polygon in polygons_of(scene.scenario.network.drivable):
        rings = [polygon.exterior, *polygon.interiors]
        pixels = [(np.array(ring.coords)[:, :2] - [west, north]) / [RESOLUTION, -RESOLUTION] for ring in rings]
        cv2.fillPoly(mask, [np.rint(ring).astype(np.int32) for ring in pixels], 255)
    return mask


def expansion(scene: Scene) -> Document:
    """Drivable areas, lanes and walkways in the form of the map expansion 1.3."""
    west, south, east, north = bounds_of(scene)
    document: Document = {"version": "1.3", "canvas_edge": [east - west, north - south]}
    parts = _Parts(offset_of(scene))
    network = scene.scenario.network
    areas = [parts.polygon(polygon) for polygon in polygons_of(network.drivable)]
    document["drivable_area"] = [{"token": token("drivable", *areas), "polygon_tokens": areas}]
    document["walkway"] = [
        {"token": token("walkway", one := parts.polygon(polygon)), "polygon_token": one}
        for polygon in polygons_of(network.pavement)
    ]
    document["lane"] = [
        {
            "token": token("lane", one := parts.polygon(polygon)),
            "polygon_token": one,
            "lane_type": "CAR",
            "from_edge_line_token": "",
            "to_edge_line_token": "",
            "left_lane_divider_segments": [],
            "right_lane_divider_segments": [],
        }
        for road in network.roads.values()
        for lane in road.lanes
        if lane.type == "driving"
        for polygon in polygons_of(road.lane_patch(lane.id))
    ]
    document |= {layer: [] for layer in (*_EMPTY_LAYERS, *_LINES, "lane_connector")}
    document |= {"arcline_path_3": {}, "connectivity": {}}
    return {**document, "polygon": parts.polygons, "line": [], "node": parts.nodes}


class _Parts:
    """Polygons and their nodes, in nuScenes' coordinates."""

    def __init__(self, offset: tuple[float, float]) -> None:
        self.offset = np.array(offset)
        self.polygons: list[Document] = []
        self.nodes: list[Document] = []

    def polygon(self, polygon: shapely.Polygon) -> str:
        """Adds a polygon; returns its token."""
        own = token("polygon", polygon.wkb_hex, *self.offset)
        rings = [self._ring(ring) for ring in (polygon.exterior, *polygon.interiors)]
        holes = [{"node_tokens": ring} for ring in rings[1:]]
        self.polygons.append({"token": own, "exterior_node_tokens": rings[0], "holes": holes})
        return own

    def _ring(self, ring: shapely.LinearRing) -> list[str]:
        tokens = []
        for x, y in np.array(ring.coords)[:-1, :2] + self.offset:
            tokens.append(token("node", len(self.nodes), x, y))
            self.nodes.append({"token": tokens[-1], "x": x, "y": y})
        return tokens


def polygons_of(geometry: shapely.Geometry) -> list[shapely.Polygon]:
    """The polygons of a geometry, largest first."""
    parts = [part for part in shapely.get_parts(geometry) if part.geom_type == "Polygon" and not part.is_empty]
    return sorted(parts, key=lambda part: (-part.area, part.bounds))


def bus_messages(scene: Scene, position: int) -> dict[str, Any]:
    """What follows from the ego's motion: pose, inertial measurements, speed, the way, and their statistics."""
    log, ego = scene.log, scene.log.ego
    times = np.arange(log.time[0], log.time[-1] + 1, 20_000_000)
    states = log.states_at(times)
    where, attitude = states.position[:, ego], states.attitude[:, ego]
    turned = Rotation.from_euler("ZYX", attitude)
    ticks = np.clip(np.searchsorted(log.time, times, side="right") - 1, 0, len(log.time) - 1)
    velocity = turned.inv().apply(log.velocity[ticks, ego])
    seconds = np.maximum(np.gradient(times / 1e9), 1e-9)
    rate = np.gradient(np.unwrap(attitude[:, 0])) / seconds
    acceleration = np.gradient(log.velocity[ticks, ego], axis=0) / seconds[:, None]
    force = turned.inv().apply(acceleration + np.array([0.0, 0.0, GRAVITY]))
    utimes = [microseconds(position, int(time)) for time in times]
    quaternions = turned.as_quat(canonical=True, scalar_first=True)
    moved = where + np.array([*offset_of(scene), 0.0])
    pose = [
        {
            "utime": utimes[k],
            "pos": moved[k].tolist(),
            "orientation": quaternions[k].tolist(),
            "vel": velocity[k].tolist(),
            "accel": force[k].tolist(),
            "rotation_rate": [0.0, 0.0, float(rate[k])],
        }
        for k in range(len(times))
    ]
    imu = [
        {
            "utime": row["utime"],
            "linear_accel": row["accel"],
            "q": row["orientation"],
            "rotation_rate": row["rotation_rate"],
        }
        for row in pose
    ]
    monitor = [
        {
            "utime": utimes[k],
            "vehicle_speed": float(np.hypot(*velocity[k, :2]) * 3.6),
            "yaw_rate": float(np.degrees(rate[k])),
        }
        for k in range(0, len(times), 25)
    ]
    meta = {
        name: {"message_count": len(rows), "message_freq": 1e9 / 20e6 if rows is not monitor else 2.0}
        for name, rows in (("pose", pose), ("ms_imu", imu), ("vehicle_monitor", monitor))
    }
    route = moved[::5, :2].tolist()
    return {"pose": pose, "ms_imu": imu, "vehicle_monitor": monitor, "meta": meta, "route": route}


def _json(document: Any) -> bytes:
    return (json.dumps(document) + "\n").encode()
