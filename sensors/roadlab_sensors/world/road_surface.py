"""The ground as a mesh: asphalt, marks, kerbs, pavements, verges and the terrain around them.

It is one planar partition with heights, so that neighbouring faces share their vertices: no gaps, no overlaps, nothing
that lies on top of something else. Bridges are partitions of their own above it.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.randomness import generator
from roadlab.roads.areas import BANK, RAMP, pavement_height, road_area
from roadlab.roads.decks import Deck, parted
from roadlab.roads.lanes import Lane, LaneType, SurfaceClass
from roadlab.roads.network import Road, RoadNetwork
from roadlab.roads.profiles import KERB_WIDTH
from roadlab_sensors.world.bridges import supports
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
from roadlab_sensors.world.partition import GRID, overlap, overlaps, partition, triangles
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
    ground, decks = parted(network)
    terrain = Terrain(ground, decks)
    patches = [*_terrain(ground), *_patches(ground)]
    faces, shown = partition([patch.area for patch in patches], [*_seams(ground), *terrain.seams()])
    meshes = _meshes(terrain, [patches[index] for index in shown], faces)
    return [
        *meshes,
        *(mesh for k, deck in enumerate(decks) for mesh in _bridge(deck, terrain, _others(ground, decks, k))),
    ]


def _bridge(deck: Deck, land: Terrain, paved: shapely.Geometry) -> list[Mesh]:
    """What lies on a bridge over land and other roads, and what carries it."""
    terrain = Terrain(deck.network)
    patches = _patches(deck.network)
    faces, shown = partition([patch.area for patch in patches], [*_seams(deck.network), *terrain.across()])
    surface = _meshes(terrain, [patches[index] for index in shown], faces)
    return [*surface, *supports(deck, terrain.heights, land.heights, paved)]


def _others(ground: RoadNetwork, decks: Sequence[Deck], number: int) -> shapely.Geometry:
    """All that is paved, but for one bridge."""
    return shapely.union_all(
        [ground.drivable, ground.pavement, *(deck.area for k, deck in enumerate(decks) if k != number)]
    )


# --- what lies where -------------------------------------------------------------------------------------------------


def _patches(network: RoadNetwork) -> list[Patch]:
    paved, pavement = network.drivable, network.pavement
    kerbs = _kerbs(paved, pavement)
    found = [
        *(patch for road in network.roads.values() for patch in _lanes(road)),
        *(Patch(junction.polygon, ASPHALT, "road") for junction in network.junctions.values()),
        Patch(_gutters(network), GUTTER, "road"),
        *worn_asphalt(network),
        *_painted(network, paved),
        Patch(pavement, SIDEWALK, "pavement"),
        Patch(kerbs, KERB, "pavement"),
        *(stone for road in network.roads.values() for stone in kerbstones(road, kerbs)),
    ]
    return [patch for patch in found if not patch.area.is_empty]


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
        low, high = road.paved_range(number)
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


def _painted(network: RoadNetwork, paved: shapely.Geometry) -> list[Patch]:
    """Marks, as far as there is a road to paint them on."""
    marks = road_marks(network)
    areas = overlaps(np.array([mark.area for mark in marks], dtype=object), paved)
    return [Patch(area, paint(mark.color), "road") for area, mark in zip(areas, marks, strict=True)]


def _kerbs(paved: shapely.Geometry, pavement: shapely.Geometry) -> shapely.Geometry:
    """The strip of the pavement that borders on the road."""
    return overlap(pavement, paved.buffer(KERB_WIDTH, join_style="mitre"))


def _gutters(network: RoadNetwork) -> shapely.Geometry:
    """The strip of the road that borders on a pavement, but for the last metre before open ends."""
    ends = [
        road.patch((s, s + 1.0), road.edges)
        for road in network.roads.values()
        for s, beyond in zip((road.paved[0], road.paved[1] - 1.0), road.beyond, strict=True)
        if beyond >= 0.0
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
    corners, owner = triangles(faces)
    level = np.array([patch.level for patch in patches])[owner]
    points, index = _distinct(np.round(corners / GRID).astype(np.int64))
    z = _heights(terrain, points, index, level)
    styles = list(dict.fromkeys([*(patch.style for patch in patches), KERB]))
    numbers = {style: number for number, style in enumerate(styles)}
    walls, upright = _walls(index, z)
    look = np.array([numbers[patch.style] for patch in patches])[owner]
    look = np.concatenate([look, np.full(len(walls), numbers[KERB])])
    index, z = np.concatenate([index, walls]), np.concatenate([z, upright])
    steps, step = np.unique(z, return_inverse=True)
    vertex = index * len(steps) + step.reshape(z.shape)
    chosen = [(style, vertex[look == number]) for style, number in numbers.items()]
    return [_mesh(style, points, steps, part) for style, part in chosen if len(part)]


def _distinct(corners: NDArray[np.int64]) -> tuple[Floats, NDArray[np.int64]]:
    """(V, 2) the different ones among (T, 3, 2) corners in millimetres [m], and which of them each is (T, 3)."""
    low = corners.min(axis=(0, 1))
    width = int(corners[..., 1].max() - low[1]) + 1
    keys, index = np.unique((corners[..., 0] - low[0]) * width + corners[..., 1] - low[1], return_inverse=True)
    points = np.column_stack([keys // width, keys % width]) + low
    return np.asarray(points * GRID, dtype=np.float64), index.reshape(corners.shape[:2])


def _heights(terrain: Terrain, points: Floats, index: NDArray[np.int64], level: NDArray[np.str_]) -> Floats:
    """(T, 3) z of each triangle's corners [m]; terrain meets a pavement at the pavement's height."""
    raised = np.zeros(len(points))
    touched = np.unique(index[level == "pavement"])
    raised[touched] = pavement_height(terrain.network, points[touched])
    base = terrain.heights(points)
    return np.where((level == "road")[:, None], 0.0, raised[index]) + base[index]


def _walls(index: NDArray[np.int64], z: Floats) -> tuple[NDArray[np.int64], Floats]:
    """(W, 3) corners and heights of upright triangles between faces that meet along an edge at different heights."""
    a, b = index.ravel(), np.roll(index, -1, axis=1).ravel()
    za, zb = z.ravel(), np.roll(z, -1, axis=1).ravel()
    size = int(index.max()) + 1
    forward, backward = a * size + b, b * size + a
    order = np.argsort(forward)
    at = order[np.clip(np.searchsorted(forward[order], backward), 0, len(order) - 1)]
    paired = forward[at] == backward
    low_a, low_b = zb[at], za[at]  # the other face runs through the edge backwards
    upper = paired & ((za > low_a + 1e-9) | (zb > low_b + 1e-9))
    a, b, za, zb, low_a, low_b = (values[upper] for values in (a, b, za, zb, low_a, low_b))
    below, above = zb > low_b + 1e-9, za > low_a + 1e-9
    corners = [np.column_stack([a, b, b])[below], np.column_stack([a, b, a])[above]]
    heights = [np.column_stack([low_a, low_b, zb])[below], np.column_stack([low_a, zb, za])[above]]
    return np.concatenate(corners), np.concatenate(heights)


def _mesh(style: Style, points: Floats, steps: Floats, vertex: NDArray[np.int64]) -> Mesh:
    """A mesh whose vertices (T, 3) are numbered place by place and, at each, step by step upwards."""
    used, faces = np.unique(vertex, return_inverse=True)
    places, heights = points[used // len(steps)], steps[used % len(steps)]
    return style.mesh(np.column_stack([places, heights]), faces.reshape(vertex.shape))
