"""What each place of a network is for, as polygons, and how high the ground is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab.roads.lanes import PAVEMENTS, ROAD_LEVEL, LaneType
from roadlab.roads.profiles import KERB_HEIGHT
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
    return road.lane_patch(lane_id, (0.0, road.length))


def lanes_area(network: RoadNetwork, *kinds: LaneType) -> shapely.Geometry:
    """All lanes of these types, without junctions, and their surface beyond open ends."""
    return _union([part for road in network.roads.values() for part in _lanes_of(road, kinds)])


def _lanes_of(road: Road, kinds: tuple[LaneType, ...]) -> list[shapely.Geometry]:
    """Lane by lane and section by section, for a lane may change its type from one section to the next."""
    parts = []
    for number, section in enumerate(road.sections):
        span = road.paved_range(number)
        parts += [road.lane_patch(lane.id, span) for lane in section.lanes if lane.type in kinds]
    return [part if part.is_valid else shapely.make_valid(part) for part in parts]


def drivable_area(network: RoadNetwork) -> shapely.Geometry:
    """All that is paved at road level: driving, parking and cycle lanes, shoulders, junctions."""
    junctions = [junction.polygon for junction in network.junctions.values()]
    return _union([lanes_area(network, *ROAD_LEVEL), *junctions])


def sidewalk_area(network: RoadNetwork) -> shapely.Geometry:
    """All raised pavements with their kerbs, corners of junctions included."""
    corners = [corner.pavement for junction in network.junctions.values() for corner in junction.corners]
    return _union([lanes_area(network, *PAVEMENTS), *corners, *_paths_on_foot(network)])


def _paths_on_foot(network: RoadNetwork) -> list[shapely.Geometry]:
    """Pavements along connecting roads."""
    return [part for road in network.connecting.values() for part in _lanes_of(road, PAVEMENTS)]


def road_area(network: RoadNetwork) -> shapely.Geometry:
    """All that belongs to roads and junctions, verges included; buildings and trees stand outside."""
    return _union([network.drivable, network.pavement, lanes_area(network, "verge")])


def ground_height(network: RoadNetwork, points: ArrayLike) -> NDArray[np.float64]:
    """Height [m] of the ground at `points` (P, 2) or (P, 3): that of roads, more on pavements, ramps between."""
    given = np.asarray(points, dtype=np.float64)
    xy = given.reshape(-1, given.shape[-1] if given.ndim > 1 else 2)[:, :2]
    pavement, road = network.pavement, network.drivable
    away = shapely.distance(pavement, shapely.points(xy)) if not pavement.is_empty else np.full(len(xy), np.inf)
    on_road = shapely.intersects_xy(road, xy[:, 0], xy[:, 1]) & (away > 0.0)
    bank = np.where(on_road, 0.0, np.clip(1.0 - away / BANK, 0.0, 1.0))
    raised = np.asarray(bank * pavement_height(network, xy))
    return raised if network.is_flat else raised + network.road_height(points)


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
