"""The map of an Argoverse 2 log: drivable areas, lanes, and the height of the ground."""

from __future__ import annotations

import io
import json
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.roads.road import Road
from roadlab_tools.datasets.argoverse.naming import log_id
from roadlab_tools.datasets.nuscenes.naming import bounds_of
from roadlab_tools.datasets.nuscenes.surroundings import polygons_of
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.scene import Scene

CELL = 0.3
"""Of the ground's height [m], as in Argoverse 2."""
STEP = 5.0
"""Between points along a lane's boundary [m]."""


def map_files(scene: Scene) -> dict[str, bytes]:
    """Files of the folder `map`."""
    log, city = log_id(scene.entry), "PIT_city_00000"
    west, south, east, north = bounds_of(scene)
    shape = (int((north - south) / CELL) + 1, int((east - west) / CELL) + 1)
    similarity = {"R": [1.0, 0.0, 0.0, 1.0], "t": [-west, -south], "s": 1.0 / CELL}
    file = io.BytesIO()
    np.save(file, _heights(scene, (west, south), shape))
    return {
        f"log_map_archive_{log}____{city}.json": _json(_vectors(scene)),
        f"{log}_ground_height_surface____{city}.npy": file.getvalue(),
        f"{log}___img_Sim2_city.json": _json(similarity),
    }


def _heights(scene: Scene, corner: tuple[float, float], shape: tuple[int, int]) -> NDArray[np.float16]:
    network = scene.scenario.network
    if network.is_flat:
        return np.zeros(shape, np.float16)
    y, x = np.mgrid[0 : shape[0], 0 : shape[1]] * CELL + np.array(corner[::-1])[:, None, None]
    heights = network.road_height(np.stack([x.ravel(), y.ravel()], axis=1))
    return heights.reshape(shape).astype(np.float16)


def _vectors(scene: Scene) -> Document:
    network = scene.scenario.network
    areas = {
        str(k): {"id": k, "area_boundary": _points(np.array(polygon.exterior.coords))}
        for k, polygon in enumerate(polygons_of(network.drivable), start=1)
    }
    lanes: dict[str, Document] = {}
    for road in network.roads.values():
        for lane in road.lanes:
            if lane.type == "driving":
                number = 1000 + len(lanes)
                lanes[str(number)] = _lane(number, road, lane.id)
    return {"drivable_areas": areas, "lane_segments": lanes, "pedestrian_crossings": {}}


def _lane(number: int, road: Road, lane: int) -> Document:
    s = np.linspace(0.0, road.length, max(2, int(road.length / STEP) + 1))
    edges = [np.asarray(edge) for edge in road.lane_edges(s, np.full(len(s), lane))]
    first, second = (np.stack(road.point(s, edge)[:2], axis=1) for edge in edges)
    # Lanes with negative ids run along the reference line, and their left edge is the one with the larger t.
    left, right = (first, second) if edges[0].mean() > edges[1].mean() else (second, first)
    if road.lane_direction(lane) < 0:
        left, right = right[::-1], left[::-1]
    return {
        "id": number,
        "lane_type": "VEHICLE",
        "is_intersection": False,
        "left_lane_boundary": _points(left),
        "right_lane_boundary": _points(right),
        "left_lane_mark_type": "UNKNOWN",
        "right_lane_mark_type": "UNKNOWN",
        "left_neighbor_id": None,
        "right_neighbor_id": None,
        "predecessors": [],
        "successors": [],
    }


def _points(points: NDArray[np.float64]) -> list[dict[str, float]]:
    return [{"x": round(float(x), 3), "y": round(float(y), 3), "z": 0.0} for x, y in points[:, :2]]


def _json(document: Any) -> bytes:
    return (json.dumps(document) + "\n").encode()
