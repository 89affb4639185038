"""The ground as a mesh: asphalt, marks, kerbs, pavements, verges and the terrain around them.

It is one planar partition with heights, so that neighbouring faces share their vertices: no gaps, no overlaps, nothing
that lies on top of something else. Bridges are partitions of their own above it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.randomness import generator
from roadlab.roads.areas import BANK, RAMP, pavement_height, road_area
from roadlab.roads.lanes import Lane, LaneType, SurfaceClass
from roadlab.roads.network import Road, RoadNetwork
from roadlab.roads.profiles import KERB_WIDTH
from roadlab_sensors.world.decks import Deck, alone, below, decks_of
from roadlab_sensors.world.ground_looks import (
    ASPHALT,
    GRASS,
    GUTTER,
    KERB,
    SIDEWALK,
    Level,
    Patch,
    lane_style,
    paint,
    tinted,
)
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.partition import GRID, overlap, partition, triangles
from roadlab_sensors.world.road_details import kerbstones, worn_asphalt
from roadlab_sensors.world.road_marks import road_marks
from roadlab_sensors.world.shapes import Style
from roadlab_sensors.world.terrain import Terrain

Floats = NDArray[np.float64]

GUTTER_WIDTH = 0.3
"""Of the gutter along kerbs [m]: two rows of setts or a channel stone."""
HORIZON = 4000.0
"""How far the terrain reaches beyond the roads [m]: seen from 1.65 m it ends less than a pixel below the horizon."""


_LEVELS: dict[LaneType, Level] = {
    "sidewalk": "pavement",
    "walking": "pavement",
    "verge": "terrain",
    "none": "terrain",
}


def road_surface(network: RoadNetwork) -> list[Mesh]:
    """Meshes in the world's frame, one for each look; every edge within has a face on either side."""
    decks = decks_of(network)
    terrain = Terrain(network, decks)
    patches = [*_terrain(network), *_on_the_ground(network, decks)]
    faces, shown = partition([patch.area for patch in patches], [*_seams(network), *terrain.seams()])
    ground = _meshes(terrain, [patches[index] for index in shown], faces)
    return [*ground, *(mesh for deck in decks for mesh in _bridge(network, deck))]


def _on_the_ground(network: RoadNetwork, decks: Sequence[Deck]) -> list[Patch]:
    """All that is paved, but for bridges."""
    if not decks:
        return _patches(network)
    found = _patches(below(network, decks))
    for name in dict.fromkeys(deck.road.name for deck in decks):
        bridges = shapely.union_all([deck.area for deck in decks if deck.road.name == name])
        own = _patches(alone(network, network.every_road[name]))
        found += [replace(patch, area=_polygons(shapely.difference(patch.area, bridges))) for patch in own]
    return found


def _bridge(network: RoadNetwork, deck: Deck) -> list[Mesh]:
    """The road on a bridge and what carries it."""
    own = alone(network, deck.road)
    patches = [replace(patch, area=overlap(patch.area, deck.area)) for patch in _patches(own)]
    patches = [patch for patch in patches if not patch.area.is_empty]
    terrain = Terrain(own)
    faces, shown = partition([patch.area for patch in patches], [*_seams(own), *terrain.across()])
    return [*_meshes(terrain, [patches[index] for index in shown], faces), *deck.body()]


def _polygons(area: shapely.Geometry) -> shapely.MultiPolygon:
    return shapely.MultiPolygon([part for part in shapely.get_parts(area) if part.geom_type == "Polygon"])


# --- what lies where -------------------------------------------------------------------------------------------------


def _patches(network: RoadNetwork) -> list[Patch]:
    paved, pavement = network.drivable, network.pavement
    kerbs = _kerbs(paved, pavement)
    return [
        *(patch for road in network.roads.values() for patch in _lanes(road)),
        *(Patch(junction.polygon, ASPHALT, "road") for junction in network.junctions.values()),
        Patch(_gutters(network), GUTTER, "road"),
        *worn_asphalt(network),
        *(Patch(overlap(mark.area, paved), paint(mark.color), "road") for mark in road_marks(network)),
        Patch(pavement, SIDEWALK, "pavement"),
        Patch(kerbs, KERB, "pavement"),
        *(stone for road in network.roads.values() for stone in kerbstones(road, kerbs)),
    ]


def _terrain(network: RoadNetwork) -> list[Patch]:
    roads = road_area(network)
    x0, y0, x1, y1 = roads.bounds
    everything = shapely.box(x0 - HORIZON, y0 - HORIZON, x1 + HORIZON, y1 + HORIZON)
    # Rings of growing coarseness keep triangles from reaching from a kerb to the horizon.
    rings = [roads.buffer(400.0, quad_segs=4), roads.buffer(40.0, quad_segs=4).simplify(1.0), _bank(roads)]
    return [Patch(area, GRASS, "terrain") for area in (everything, *rings)]


def _bank(roads: shapely.Geometry) -> shapely.Geometry:
    return roads.buffer(BANK, join_style="mitre")


def _lanes(road: Road) -> list[Patch]:
    found = []
    for number, section in enumerate(road.sections):
        low, high = road.section_range(number)
        low = road.paved[0] if number == 0 else low
        high = road.paved[1] if number == len(road.sections) - 1 else high
        for lane in section.lanes:
            shade = generator(0, "lane", road.name, lane.id).uniform(0.94, 1.06) if lane.type == "driving" else 1.0
            for start, end, kind in _surfaces(lane, low, high):
                style = tinted(lane_style(lane.type, kind), shade)
                area = road.lane_patch(lane.id, (start, end))
                area = area if area.is_valid else shapely.make_valid(area)
                found.append(Patch(area, style, _LEVELS.get(lane.type, "road")))
    return found


def _surfaces(lane: Lane, low: float, high: float) -> list[tuple[float, float, SurfaceClass | None]]:
    """From where to where a lane is made of what [m]."""
    if not lane.surfaces:
        return [(low, high, None)]
    starts = [low, *(surface.s for surface in lane.surfaces[1:])]
    ends = [*starts[1:], high]
    return [
        (start, end, surface.kind)
        for start, end, surface in zip(starts, ends, lane.surfaces, strict=True)
        if end - start > 1e-3
    ]


def _kerbs(paved: shapely.Geometry, pavement: shapely.Geometry) -> shapely.Geometry:
    """The strip of the pavement that borders on the road."""
    return overlap(pavement, paved.buffer(KERB_WIDTH, join_style="mitre"))


def _gutters(network: RoadNetwork) -> shapely.Geometry:
    """The strip of the road that borders on a pavement, but for the last metre before open ends."""
    ends = [
        road.patch((s, s + 1.0), road.edges)
        for road in network.roads.values()
        for s in (road.paved[0], road.paved[1] - 1.0)
    ]
    strip = overlap(network.drivable, network.pavement.buffer(GUTTER_WIDTH, join_style="mitre"))
    return overlap(strip, shapely.difference(strip, shapely.union_all(ends)))


def _seams(network: RoadNetwork) -> list[shapely.Geometry]:
    """Where a pavement begins to come down towards a crosswalk, and the edges of what lies right behind it."""
    outlines = []
    for strip in network.crosswalks:
        right, left = strip.t
        outlines += [strip.polygon.buffer(RAMP, quad_segs=4), strip.road.patch(strip.s, (right - RAMP, left + RAMP))]
    return [shapely.intersection(area.boundary, network.pavement, grid_size=GRID) for area in outlines]


# --- from faces to meshes --------------------------------------------------------------------------------------------


def _meshes(terrain: Terrain, patches: Sequence[Patch], faces: NDArray[np.object_]) -> list[Mesh]:
    cut = [triangles(face) for face in faces]
    counts = [len(part) for part in cut]
    corners = np.concatenate(cut)
    level = np.repeat([patch.level for patch in patches], counts)
    grid, index = np.unique(np.round(corners.reshape(-1, 2) / GRID).astype(np.int64), axis=0, return_inverse=True)
    points, index = np.asarray(grid * GRID, dtype=np.float64), index.reshape(-1, 3)
    z = _heights(terrain, points, index, level)
    solid = np.concatenate([points[index], z[..., None]], axis=2)
    owner = np.repeat(np.arange(len(patches)), counts)
    looks: dict[Style, list[Floats]] = {}
    for number, patch in enumerate(patches):
        looks.setdefault(patch.style, []).append(solid[owner == number])
    looks.setdefault(KERB, []).append(_walls(points, index, z))
    return [_mesh(style, np.concatenate(parts)) for style, parts in looks.items() if any(map(len, parts))]


def _heights(terrain: Terrain, points: Floats, index: NDArray[np.int64], level: NDArray[np.str_]) -> Floats:
    """(T, 3) z of each triangle's corners [m]; terrain meets a pavement at the pavement's height."""
    raised = np.zeros(len(points))
    touched = np.unique(index[level == "pavement"])
    raised[touched] = pavement_height(terrain.network, points[touched])
    base = terrain.heights(points)
    return np.where((level == "road")[:, None], 0.0, raised[index]) + base[index]


def _walls(points: Floats, index: NDArray[np.int64], z: Floats) -> Floats:
    """(W, 3, 3) upright triangles between faces that meet along an edge at different heights."""
    a, b = index.ravel(), np.roll(index, -1, axis=1).ravel()
    za, zb = z.ravel(), np.roll(z, -1, axis=1).ravel()
    size = len(points)
    forward, backward = a * size + b, b * size + a
    order = np.argsort(forward)
    at = order[np.clip(np.searchsorted(forward[order], backward), 0, len(order) - 1)]
    paired = forward[at] == backward
    low_a, low_b = zb[at], za[at]  # the other face runs through the edge backwards
    upper = paired & ((za > low_a + 1e-9) | (zb > low_b + 1e-9))
    a, b, za, zb, low_a, low_b = (values[upper] for values in (a, b, za, zb, low_a, low_b))
    top_a, top_b = np.column_stack([points[a], za]), np.column_stack([points[b], zb])
    foot_a, foot_b = np.column_stack([points[a], low_a]), np.column_stack([points[b], low_b])
    below = np.stack([foot_a, foot_b, top_b], axis=1)[zb > low_b + 1e-9]
    above = np.stack([foot_a, top_b, top_a], axis=1)[za > low_a + 1e-9]
    return np.concatenate([below, above])


def _mesh(style: Style, corners: Floats) -> Mesh:
    vertices, faces = np.unique(corners.reshape(-1, 3), axis=0, return_inverse=True)
    return style.mesh(vertices, faces.reshape(-1, 3))
