"""Lane lines, road edges, stop lines and crosswalks: where they run, and where a camera sees them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.geometry.poses import inverse, move
from roadlab.roads.decks import layers
from roadlab.roads.network import RoadNetwork
from roadlab.roads.road import Road
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.rays.bundles import Bundles, cast_bundles
from roadlab_sensors.rays.motion import Motion
from roadlab_sensors.rays.scene import RayScene
from roadlab_sensors.readings import RoadLine, RoadLines
from roadlab_sensors.world.road_marks import Stretch, stretches
from roadlab_sensors.world.terrain import Terrain

Floats = NDArray[np.float64]
SPACING = 0.5
"""Between the points of a line [m], at most."""
REACH = 150.0
"""Lines farther from the camera are left out [m]."""
ABOVE = 0.03
"""A point is seen when the ray to what stands so high over it [m] is free: at a grazing angle the road's own facets
would hide it."""
ITSELF = 0.15
"""What is met no farther before a point than this [m] is the kerb at whose foot it lies, and does not hide it."""
_TOUCHING = 0.02


@dataclass(frozen=True)
class Course:
    """The lines of a map."""

    lines: tuple[RoadLine, ...]
    line: NDArray[np.int32]
    """(P,) which line each point belongs to."""
    along: Floats
    """(P,) from the line's beginning [m]."""
    points: Floats
    """(P, 3) on the ground, in the world [m]."""


def course_of(network: RoadNetwork) -> Course:
    """All lines of a map as points at most `SPACING` apart."""
    parts = [_points(layer) for layer in layers(network)]
    lengths = [len(along) for _, curves in parts for _, along in curves]
    return Course(
        lines=tuple(line for lines, _ in parts for line in lines),
        line=np.repeat(np.arange(len(lengths)), lengths).astype(np.int32),
        along=np.concatenate([np.zeros(0), *(along for _, curves in parts for _, along in curves)]),
        points=np.concatenate([np.zeros((0, 3)), *(points for _, curves in parts for points, _ in curves)]),
    )


def _points(layer: RoadNetwork) -> tuple[list[RoadLine], list[tuple[Floats, Floats]]]:
    """The lines of roads that do not lie over one another, and their points with how far along them each is."""
    curves = [*_marks(layer), *_edges(layer), *_stop_lines(layer), *_crosswalks(layer)]
    dense = [_dense(curve) for _, curve in curves]
    if not dense:
        return [], []
    xy = np.concatenate([points for points, _ in dense])
    solid = np.column_stack([xy, Terrain(layer).heights(xy)])
    ends = np.cumsum([len(points) for points, _ in dense])[:-1]
    split = zip(np.split(solid, ends), dense, strict=True)
    return [line for line, _ in curves], [(points, along) for points, (_, along) in split]


def road_lines(course: Course, scene: RayScene, motion: Motion, gaze: Gaze) -> RoadLines:
    """The lines with a point inside the image, and those of their points that are."""
    near = np.flatnonzero(np.linalg.norm(course.points - gaze.pose[:3, 3], axis=1) < REACH)
    pixels, times = gaze.where(course.points[near])
    inside = gaze.lens.holds(pixels)
    shown, pixels, times = near[inside], pixels[inside], times[inside]
    numbers, line = np.unique(course.line[shown], return_inverse=True)
    return RoadLines(
        lines=tuple(course.lines[number] for number in numbers),
        line=line.astype(np.int32),
        along=course.along[shown].astype(np.float32),
        pixels=pixels.astype(np.float32),
        points=move(inverse(gaze.pose), course.points[shown]).astype(np.float32),
        visible=_free(scene, motion, gaze, course.points[shown], times),
    )


def _free(scene: RayScene, motion: Motion, gaze: Gaze, points: Floats, times: NDArray[np.int64]) -> NDArray[np.bool_]:
    if not len(points):
        return np.zeros(0, dtype=bool)
    origins = gaze.poses_at(times)[:, :3, 3]
    offset = points + np.array([0.0, 0.0, ABOVE]) - origins
    distance = np.linalg.norm(offset, axis=1)
    hits = cast_bundles(scene, motion, Bundles(origins, offset / distance[:, None], times))
    return np.asarray(hits.distance[:, 0] > distance - ITSELF)


def _dense(curve: Floats) -> tuple[Floats, Floats]:
    """Points (P, 2) at most `SPACING` apart on a polyline (N, 2), and how far along each lies [m]."""
    passed = np.concatenate([[0.0], np.cumsum(np.linalg.norm(np.diff(curve, axis=0), axis=1))])
    along = np.linspace(0.0, passed[-1], max(2, int(np.ceil(passed[-1] / SPACING)) + 1))
    return np.column_stack([np.interp(along, passed, values) for values in curve.T]), along


def _marks(network: RoadNetwork) -> Iterator[tuple[RoadLine, Floats]]:
    for stretch in stretches(network):
        parts = stretch.mark.lines(stretch.boundary)
        if parts:
            color = parts[0].color or stretch.mark.color
            about = RoadLine(
                kind="lane line",
                type=stretch.mark.type,
                color="white" if color == "standard" else color,
                width=max(part.width for part in parts),
                road=stretch.road.name,
                lane=stretch.boundary,
            )
            yield about, _run(stretch)


def _run(stretch: Stretch) -> Floats:
    low, high = stretch.span
    stations = stretch.road.stations
    s = np.concatenate([[low], stations[(stations > low + 1e-3) & (stations < high - 1e-3)], [high]])
    x, y, _ = stretch.road.point(s, stretch.t(s))
    return np.column_stack([x, y])


def _edges(network: RoadNetwork) -> Iterator[tuple[RoadLine, Floats]]:
    """Where what is paved at road level ends: at kerbs, or at the edge of the asphalt."""
    boundary = network.drivable.boundary
    ends = [_across(road, s) for road in network.roads.values() for s in road.paved]
    boundary = boundary.difference(shapely.union_all(ends).buffer(0.1, cap_style="square"))
    kerbs = network.pavement.buffer(_TOUCHING)
    for kind, part in (("kerb", boundary.intersection(kerbs)), ("edge", boundary.difference(kerbs))):
        for run in shapely.get_parts(shapely.line_merge(part)):
            if run.geom_type == "LineString" and run.length > SPACING:
                yield RoadLine("road edge", kind, "", 0.0, "", 0), shapely.get_coordinates(run)


def _across(road: Road, s: float) -> shapely.LineString:
    right, left = road.edges
    x, y, _ = road.point(np.array([s, s]), np.array([right, left]))
    return shapely.LineString(np.column_stack([x, y]))


def _stop_lines(network: RoadNetwork) -> Iterator[tuple[RoadLine, Floats]]:
    for junction in network.junctions.values():
        for line in junction.stop_lines:
            road, (first, last) = line.strip.road, line.strip.s
            s, t = np.full(2, 0.5 * (first + last)), np.array(line.strip.t)
            x, y, _ = road.point(s, t)
            kind = "solid" if line.signal is not None else "broken"
            yield RoadLine("stop line", kind, "white", abs(last - first), road.name, 0), np.column_stack([x, y])


def _crosswalks(network: RoadNetwork) -> Iterator[tuple[RoadLine, Floats]]:
    """Their outlines, once around."""
    for strip in network.crosswalks:
        ring = np.asarray(strip.polygon.exterior.coords)[:, :2]
        yield RoadLine("crosswalk", "zebra", "white", abs(strip.s[1] - strip.s[0]), strip.road.name, 0), ring
