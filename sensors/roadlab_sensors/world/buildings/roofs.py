"""Roofs: tiled slopes, gables, hips, mansards, dormers, chimneys, gutters."""

from __future__ import annotations

import numpy as np
import shapely
from numpy.typing import ArrayLike, NDArray

from roadlab_sensors.world.assembly import Color, along_x, turned
from roadlab_sensors.world.buildings import palette
from roadlab_sensors.world.buildings.facade import gable, wall
from roadlab_sensors.world.buildings.openings import Opening, WindowStyle, glazing, window
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, box, cylinder, loft

SLAB = 0.15
"""Thickness of rafters and boards under the tiles [m]."""


def tiled(
    eaves: tuple[ArrayLike, ArrayLike],
    top: tuple[ArrayLike, ArrayLike],
    color: Color,
    rng: np.random.Generator,
    *,
    roll: float = 0.035,
) -> Mesh:
    """Courses of overlapping tiles on a slope between its lower edge and the parallel upper edge.

    Both edges run from left to right seen from outside. `roll` is the height of a pantile's wave; 0 makes slates.
    """
    e0, e1, t0, t1 = (np.asarray(p, dtype=np.float64) for p in (*eaves, *top))
    u = (e1 - e0) / np.linalg.norm(e1 - e0)
    rise = (t0 - e0) - ((t0 - e0) @ u) * u
    length = float(np.linalg.norm(rise))
    v = rise / length
    n = np.cross(u, v)
    courses = max(2, round(length / 0.34))
    start, end = min(0.0, float((t0 - e0) @ u)), max(float((e1 - e0) @ u), float((t1 - e0) @ u))
    columns = max(1, round((end - start) / 0.30))
    edges = np.linspace(start, end, columns + 1)
    across = np.stack([edges[:-1], 0.5 * (edges[:-1] + edges[1:]), edges[1:]], axis=1)
    share = np.arange(courses + 1) / courses

    def row(k: NDArray[np.int64], lift: NDArray[np.float64]) -> NDArray[np.float64]:
        low = share[k] * ((t0 - e0) @ u)
        high = (e1 - e0) @ u + share[k] * ((t1 - e1) @ u)
        along = np.clip(across[None], low[:, None, None], high[:, None, None])
        up = np.broadcast_to((share[k] * length)[:, None, None], along.shape)
        return np.asarray(
            e0 + along[..., None] * u + up[..., None] * v + np.broadcast_to(lift, along.shape)[..., None] * n
        )

    k = np.arange(courses)
    wave = np.array([0.0, roll, 0.0])
    foot, lip, head = row(k, np.zeros(3)), row(k, 0.035 + wave), row(k + 1, 0.004 + wave)
    points = np.stack([foot, lip, head], axis=2)  # (courses, columns, 3 levels, 3 across, xyz)
    keep = np.maximum(np.ptp(points[:, :, 0] @ u, axis=-1), np.ptp(points[:, :, 2] @ u, axis=-1)) > 0.01
    points = points[keep]
    tiles = len(points)
    cell = [[a, a + 1, a + 4] for a in (0, 1, 3, 4)] + [[a, a + 4, a + 3] for a in (0, 1, 3, 4)]
    faces = (9 * np.arange(tiles))[:, None, None] + np.array(cell)[None]
    mesh = Style(color, "roof_tiles", "building").mesh(points, faces)
    shade = np.clip(1.0 + rng.normal(0.0, 0.09, tiles), 0.7, 1.35)
    mesh.colors[:] = np.clip(mesh.colors * np.repeat(shade, 9)[:, None], 0.0, 0.9)
    return mesh


def ridge(start: ArrayLike, end: ArrayLike, color: Color) -> Mesh:
    """Capping tiles along a ridge or a hip."""
    return cylinder(start, end, 0.1, Style(color, "roof_tiles", "building"), segments=8)


def gutter(start: float, end: float, y: float, z: float) -> Mesh:
    """A half-round gutter along x, open at its top, with an outer and an inner side."""
    angles = np.linspace(np.pi, 2 * np.pi, 7)
    outer = np.column_stack([0.065 * np.cos(angles), 0.065 * np.sin(angles)])
    inner = 0.88 * outer[::-1]
    ring = np.concatenate([outer, inner]) + np.array([y, z])
    rings = np.stack([np.insert(ring, 0, x, axis=1) for x in (start, end)])
    return loft(rings, Style(palette.ZINC, "galvanised", "building"), caps=False)


def downpipe(x: float, y: float, top: float) -> list[Mesh]:
    """A pipe from the gutter to the ground."""
    return [cylinder((x, y, 0.0), (x, y, top), 0.045, Style(palette.ZINC, "galvanised", "building"), segments=8)]


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
    meshes.append(tiled(front, ((-half, depth / 2, top), (half, depth / 2, top)), color, rng))
    back = (
        (half, depth + overhang + 0.03, edge - 0.03 * tangent),
        (-half, depth + overhang + 0.03, edge - 0.03 * tangent),
    )
    meshes.append(tiled(back, ((half, depth / 2, top), (-half, depth / 2, top)), color, rng))
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
        meshes.append(tiled((corners[a], corners[b]), (c, d), color, rng))
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
    meshes.append(
        tiled(
            ((-half, front, low), (half, front, low)),
            ((-half, front + lean, high), (half, front + lean, high)),
            color,
            rng,
            roll=0.0,
        )
    )
    meshes.append(
        tiled(
            ((half, back, low), (-half, back, low)),
            ((half, back - lean, high), (-half, back - lean, high)),
            color,
            rng,
            roll=0.0,
        )
    )
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
