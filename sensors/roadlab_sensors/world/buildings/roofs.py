"""Roofs: tiled slopes, gables, hips, mansards, dormers, chimneys, gutters."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab_sensors.world.assembly import Color, along_x, shaded, turned
from roadlab_sensors.world.buildings import palette
from roadlab_sensors.world.buildings.facade import gable, wall
from roadlab_sensors.world.buildings.openings import Opening, WindowStyle, glazing, window
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, cylinder, loft

SLAB = 0.15
"""Thickness of rafters and boards under the tiles [m]."""


def tiled(
    eaves: tuple[ArrayLike, ArrayLike], top: tuple[ArrayLike, ArrayLike], color: Color, rng: np.random.Generator
) -> list[Mesh]:
    """Overlapping courses of tiles on a slope between its lower edge and the parallel upper edge.

    Both edges run from left to right seen from outside. Each course is a step of 35 mm and a plane that is coloured in
    stretches of about three tiles.
    """
    e0, e1, t0, t1 = (np.asarray(p, dtype=np.float64) for p in (*eaves, *top))
    u = (e1 - e0) / np.linalg.norm(e1 - e0)
    rise = (t0 - e0) - ((t0 - e0) @ u) * u
    n = np.cross(u, rise / np.linalg.norm(rise))
    courses = max(2, round(float(np.linalg.norm(rise)) / 0.34))
    share = np.arange(courses + 1) / courses
    left, right = share * ((t0 - e0) @ u), (e1 - e0) @ u + share * ((t1 - e1) @ u)
    columns = max(1, round(float(right[0] - left[0]) / 0.9))

    def at(level: NDArray[np.int64], along: NDArray[np.float64], lift: float) -> NDArray[np.float64]:
        return np.asarray(e0 + along[..., None] * u + share[level][:, None, None] * rise + lift * n)

    k = np.arange(courses)
    ends = np.stack([left, right], axis=1)
    steps = np.concatenate([at(k, ends[k], 0.0), at(k, ends[k], 0.035)], axis=1)  # (courses, 4, xyz)
    cuts = left[k, None] + (right - left)[k, None] * np.linspace(0.0, 1.0, columns + 1)
    low, high = at(k, cuts, 0.035), at(k + 1, np.clip(cuts, left[k + 1, None], right[k + 1, None]), 0.004)
    planes = np.stack([low[:, :-1], low[:, 1:], high[:, :-1], high[:, 1:]], axis=2)  # (courses, columns, 4, xyz)
    tiles = _quads(planes.reshape(-1, 4, 3), color)
    shade = np.clip(1.0 + rng.normal(0.0, 0.09, courses * columns), 0.7, 1.35)
    return [_quads(steps, color), shaded(tiles, np.repeat(shade, 4))]


def _quads(corners: NDArray[np.float64], color: Color) -> Mesh:
    """Patches with corners (N, 4, 3) lower left, lower right, upper left, upper right; those without area left out."""
    faces = (4 * np.arange(len(corners)))[:, None, None] + np.array([[0, 1, 3], [0, 3, 2]])
    points = corners.reshape(-1, 3)
    a, b, c = (points[faces.reshape(-1, 3)[:, i]] for i in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    return Style(color, "roof_tiles", "building").mesh(points, faces.reshape(-1, 3)[area > 1e-4])


def ridge(start: ArrayLike, end: ArrayLike, color: Color) -> Mesh:
    """Capping tiles along a ridge or a hip."""
    return cylinder(start, end, 0.1, Style(color, "roof_tiles", "building"), segments=6)


def gutter(start: float, end: float, y: float, z: float) -> Mesh:
    """A half-round gutter along x, open at its top, with an outer and an inner side."""
    angles = np.linspace(np.pi, 2 * np.pi, 5)
    outer = np.column_stack([0.065 * np.cos(angles), 0.065 * np.sin(angles)])
    inner = 0.88 * outer[::-1]
    ring = np.concatenate([outer, inner]) + np.array([y, z])
    rings = np.stack([np.insert(ring, 0, x, axis=1) for x in (start, end)])
    return loft(rings, Style(palette.ZINC, "galvanised", "building"), caps=False)


def downpipe(x: float, y: float, top: float) -> list[Mesh]:
    """A pipe from the gutter to the ground."""
    return [cylinder((x, y, 0.0), (x, y, top), 0.045, Style(palette.ZINC, "galvanised", "building"), segments=6)]


def gable_roof(
    width: float,
    depth: float,
    eaves: float,
    pitch: float,
    overhang: float,
    verge: float,
    color: Color,
    wood: Color,
    rng: np.random.Generator,
) -> list[Mesh]:
    """A roof with its ridge along x over a body of width x depth; front eaves over y = 0."""
    tangent, thick = np.tan(pitch), SLAB / np.cos(pitch)
    apex, low = eaves + tangent * depth / 2, eaves - tangent * overhang
    chevron = [(-overhang, low), (depth / 2, apex), (depth + overhang, low), (depth + overhang, low + thick)]
    chevron += [(depth / 2, apex + thick), (-overhang, low + thick)]
    half = width / 2 + verge
    meshes = [along_x(shapely.Polygon(chevron), -half, half, Style(wood, "wood", "building"))]
    edge, top = low + thick, apex + thick
    front = ((-half, -overhang - 0.03, edge - 0.03 * tangent), (half, -overhang - 0.03, edge - 0.03 * tangent))
    meshes += tiled(front, ((-half, depth / 2, top), (half, depth / 2, top)), color, rng)
    back = (
        (half, depth + overhang + 0.03, edge - 0.03 * tangent),
        (-half, depth + overhang + 0.03, edge - 0.03 * tangent),
    )
    meshes += tiled(back, ((half, depth / 2, top), (-half, depth / 2, top)), color, rng)
    meshes.append(ridge((-half - 0.008, depth / 2, top + 0.02), (half + 0.008, depth / 2, top + 0.02), color))
    meshes += [gutter(-half, half, y, edge - 0.05) for y in (-overhang - 0.08, depth + overhang + 0.08)]
    return meshes


def hip_roof(
    width: float,
    depth: float,
    eaves: float,
    pitch: float,
    overhang: float,
    color: Color,
    wood: Color,
    rng: np.random.Generator,
) -> list[Mesh]:
    """A roof that slopes to all four sides, for a body at least as wide as deep."""
    x, y0, y1 = width / 2 + overhang, -overhang, depth + overhang
    base = eaves + SLAB
    run = (y1 - y0) / 2
    top, r, middle = base + np.tan(pitch) * run, x - run, (y0 + y1) / 2
    meshes = [box((-x, y0, eaves), (x, y1, base), Style(wood, "wood", "building"))]
    corners = [(-x, y0, base), (x, y0, base), (x, y1, base), (-x, y1, base)]
    left, right = (-r, middle, top), (r, middle, top)
    for a, b, c, d in ((0, 1, left, right), (1, 2, right, right), (2, 3, right, left), (3, 0, left, left)):
        meshes += tiled((corners[a], corners[b]), (c, d), color, rng)
    meshes += [
        ridge(corners[0], left, color),
        ridge(corners[3], left, color),
        ridge(corners[1], right, color),
        ridge(corners[2], right, color),
    ]
    meshes.append(ridge(left, right, color))
    meshes += [gutter(-x, x, y, base - 0.05) for y in (y0 - 0.075, y1 + 0.075)]
    return meshes


def mansard(
    width: float, depth: float, base: float, height: float, color: Color, walls: Style, rng: np.random.Generator
) -> list[Mesh]:
    """Steep slated slopes to front and back between party walls, with a flat top."""
    lean = height / np.tan(np.radians(68))
    section = shapely.Polygon(
        [(0.25, base), (depth - 0.25, base), (depth - 0.25 - lean, base + height), (0.25 + lean, base + height)]
    )
    half = width / 2
    meshes = [along_x(section, -half, half, walls)]
    front, back = 0.24, depth - 0.24
    low, high = base + 0.002, base + height
    for a, y0, y1 in ((-half, front, front + lean), (half, back, back - lean)):
        meshes += tiled(((a, y0, low), (-a, y0, low)), ((a, y1, high), (-a, y1, high)), color, rng)
    zinc = Style(palette.ZINC, "painted_metal", "building")
    meshes.append(box((-half, front + lean - 0.12, high - 0.03), (half, back - lean + 0.12, high + 0.09), zinc))
    return meshes


def dormer(
    width: float, height: float, depth: float, style: WindowStyle, walls: Style, color: Color, rng: np.random.Generator
) -> list[Mesh]:
    """A gabled dormer: front at y = 0, foot at z = 0; it reaches `depth` [m] back, into the roof."""
    pitch = np.radians(38)
    rise = np.tan(pitch) * width / 2
    glazed = width - 0.36
    plain = WindowStyle(style.frame, style.trim, 0.08, 2 if glazed > 0.9 else 1)
    opening = Opening(0.18, 0.25, glazed, height - 0.33, window(glazed, height - 0.33, plain, rng))
    front = wall(gable(width, height, rise), [opening], walls, 0.08)
    meshes = turned(front, at=(-width / 2, 0.0, 0.0))
    side = wall(shapely.box(0, 0, depth, height), [], walls, 0.08)
    meshes += turned(side, np.pi / 2, (width / 2, 0, 0)) + turned(side, -np.pi / 2, (-width / 2, depth, 0))
    over = gable_roof(depth, width, height, pitch, 0.12, 0.12, color, style.frame, rng)
    return meshes + turned([m for m in over if m.material != "galvanised"], np.pi / 2, (width / 2, depth / 2, 0.0))


def chimney(width: float, top: float, foot: float, style: Style) -> list[Mesh]:
    """A stack with a cap and a pot, from inside the roof at `foot` to `top` [m]."""
    half = width / 2
    cap = Style(palette.CONCRETE, "concrete", "building")
    pot = Style(palette.TILES[0], "stone", "building")
    return [
        box((-half, -half, foot), (half, half, top), style),
        box((-half - 0.06, -half - 0.06, top), (half + 0.06, half + 0.06, top + 0.08), cap),
        cylinder((0, 0, top + 0.08), (0, 0, top + 0.4), 0.11, pot, segments=10, end_radius=0.09),
    ]


def skylight(width: float, height: float) -> list[Mesh]:
    """A roof window lying in the plane z = 0, foot along x."""
    frame = Style(palette.IRON, "painted_metal", "building")
    lid = box((-width / 2, 0.0, -0.02), (width / 2, height, 0.09), frame)
    upright = glazing(-width / 2 + 0.07, 0.07, width / 2 - 0.07, height - 0.07, -0.093, (0.03, 0.035, 0.04))
    return [lid, upright.moved([[1, 0, 0], [0, 0, 1], [0, -1, 0]], (0, 0, 0))]
