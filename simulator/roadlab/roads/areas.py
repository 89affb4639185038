"""What each place of a network is for, as polygons, and how high the ground is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab.roads.profiles import KERB_HEIGHT, ROAD_LEVEL, LaneType
from roadlab.roads.road import Road

if TYPE_CHECKING:
    from roadlab.roads.network import RoadNetwork

DROPPED_KERB = 0.03
"""Height of the kerb where a crosswalk meets it [m] (DIN 18040-3)."""
RAMP = 1.2
"""From a dropped kerb back to where the pavement is level again [m]."""
BANK = 0.6
"""Width of the slope from the back of a pavement down to the terrain [m]."""

_GRID = 0.001


def lane_area(road: Road, lane_id: int) -> shapely.Polygon:
    """One lane over the whole length of its road."""
    return road.patch((0.0, road.length), road.lane_bounds(lane_id))


def lanes_area(network: RoadNetwork, *kinds: LaneType) -> shapely.Geometry:
    """All lanes of these types, without junctions, and their surface beyond open ends."""
    lanes = [(road, lane) for road in network.roads.values() for lane in road.lanes if lane.type in kinds]
    return _union([road.patch(road.paved, road.lane_bounds(lane.id)) for road, lane in lanes])


def drivable_area(network: RoadNetwork) -> shapely.Geometry:
    """All that is paved at road level: driving, parking and cycle lanes, shoulders, junctions."""
    junctions = [junction.polygon for junction in network.junctions.values()]
    return _union([lanes_area(network, *ROAD_LEVEL), *junctions])


def sidewalk_area(network: RoadNetwork) -> shapely.Geometry:
    """All raised pavements with their kerbs, corners of junctions included."""
    corners = [corner.pavement for junction in network.junctions.values() for corner in junction.corners]
    return _union([lanes_area(network, "sidewalk"), *corners])


def road_area(network: RoadNetwork) -> shapely.Geometry:
    """All that belongs to roads and junctions, verges included; buildings and trees stand outside."""
    return _union([network.drivable, network.pavement, lanes_area(network, "verge")])


def ground_height(network: RoadNetwork, points: ArrayLike) -> NDArray[np.float64]:
    """Height [m] of the ground at `points` (P, 2): 0 on roads and terrain, more on pavements, ramps between."""
    xy = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    pavement, road = network.pavement, network.drivable
    away = shapely.distance(pavement, shapely.points(xy)) if not pavement.is_empty else np.full(len(xy), np.inf)
    on_road = shapely.intersects_xy(road, xy[:, 0], xy[:, 1]) & (away > 0.0)
    bank = np.where(on_road, 0.0, np.clip(1.0 - away / BANK, 0.0, 1.0))
    return np.asarray(bank * pavement_height(network, xy))


def pavement_height(network: RoadNetwork, points: ArrayLike) -> NDArray[np.float64]:
    """Height [m] that a pavement has at `points` (P, 2): it comes down towards crosswalks."""
    xy = np.asarray(points, dtype=np.float64).reshape(-1, 2)
    if not network.crosswalks:
        return np.full(len(xy), KERB_HEIGHT)
    crosswalks = shapely.MultiPolygon([strip.polygon for strip in network.crosswalks])
    away = shapely.distance(crosswalks, shapely.points(xy))
    return np.asarray(DROPPED_KERB + (KERB_HEIGHT - DROPPED_KERB) * np.clip(away / RAMP, 0.0, 1.0))


def _union(parts: list[shapely.Geometry]) -> shapely.Geometry:
    return shapely.union_all([part for part in parts if not part.is_empty], grid_size=_GRID)
