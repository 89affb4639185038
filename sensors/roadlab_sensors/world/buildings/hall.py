"""Halls of industry and trade: profiled sheet, gates with docks, a band of windows, an office in front, a flat roof."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab_sensors.world.assembly import Color, body, pick, turned
from roadlab_sensors.world.buildings.block import fascia
from roadlab_sensors.world.buildings.facade import around, wall
from roadlab_sensors.world.buildings.openings import Opening, WindowStyle, door, garage_door, window
from roadlab_sensors.world.mesh import Mesh, Model
from roadlab_sensors.world.shapes import Style, box, quad, srgb

SHEETS: tuple[Color, ...] = tuple(
    srgb(c) for c in ("#c9ccce", "#8f979d", "#e4e3df", "#5f6b76", "#a7b0a4", "#b9a98c", "#4d6a86")
)
"""Usual colours of trapezoidal sheet, near RAL 9006, 7040, 9002, 7031, 6021, 1019 and 5014."""
ACCENTS: tuple[Color, ...] = tuple(srgb(c) for c in ("#b5272d", "#1f4f8f", "#2f7d4a", "#e0962a", "#33373b"))
RIB, PITCH = 0.04, 0.5
"""Depth and distance of the sheet's ribs [m]."""


def hall(rng: np.random.Generator) -> Model:
    """A hall of 26 to 44 m by 22 to 30 m; origin in the middle of its front wall's foot, front to -y."""
    width, depth = float(rng.uniform(26.0, 44.0)), float(rng.uniform(22.0, 30.0))
    height = float(rng.uniform(6.5, 9.5))
    sheet = Style(pick(SHEETS, rng), "painted_metal", "building")
    accent = pick(ACCENTS, rng)
    front = wall(shapely.box(0, 0, width, height), _gates(width, accent, rng), sheet, 0.15)
    blank = [wall(shapely.box(0, 0, length, height), [], sheet, 0.1) for length in (depth, width, depth)]
    meshes = around(width, depth, front, *blank)
    meshes += [*_ribs(width, depth, height, sheet), *_roof(width, depth, height, accent, rng)]
    if rng.random() < 0.7:
        meshes += _office(width, height, accent, rng)
    meshes += turned(fascia(6.0, 1.2, accent, rng), 0.0, (float(rng.uniform(-0.3, 0.2)) * width, -0.05, height - 2.0))
    return body(meshes)


def _gates(width: float, accent: Color, rng: np.random.Generator) -> list[Opening]:
    """Sectional gates in the right two thirds, a door beside them, a band of windows above."""
    steel = pick((accent, (0.5, 0.5, 0.5), (0.24, 0.25, 0.26)), rng)
    size = (3.6, 4.2) if rng.random() < 0.5 else (4.0, 4.6)
    start = 0.4 * width
    count = int((width - 1.5 - start) // (size[0] + 2.2))
    openings = [Opening(start + k * (size[0] + 2.2), 0.0, *size, garage_door(*size, steel, 0.15)) for k in range(count)]
    openings.append(Opening(start - 1.8, 0.0, 1.05, 2.1, door(1.05, 2.1, steel, 0.1, rng)))
    style = WindowStyle(frame=(0.2, 0.2, 0.21), trim=(0.3, 0.3, 0.3), wings=3)
    for x in np.arange(start + 0.3, width - 3.2, 3.1):
        if rng.random() < 0.75:
            openings.append(Opening(float(x), 5.05, 2.6, 0.9, window(2.6, 0.9, style, rng)))
    return openings


def _ribs(width: float, depth: float, height: float, sheet: Style) -> list[Mesh]:
    """Ribs of the sheet on the sides, and above the gates in front."""
    half = width / 2
    front = [box((x, -RIB, 6.1), (x + 0.12, 0.0, height), sheet) for x in np.arange(-half + 0.1, half - 0.15, PITCH)]
    sides = [
        box(*sorted_corners((side * half, y, 0.3), (side * (half + RIB), y + 0.12, height)), sheet)
        for side in (1.0, -1.0)
        for y in np.arange(0.1, depth - 0.15, PITCH)
    ]
    return [*front, *sides]


def sorted_corners(
    a: tuple[float, float, float], b: tuple[float, float, float]
) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """The lower and the upper of two opposite corners [m]."""
    return tuple(map(min, a, b)), tuple(map(max, a, b))


def _roof(width: float, depth: float, height: float, accent: Color, rng: np.random.Generator) -> list[Mesh]:
    """A flat roof behind a coloured edge, with skylights and machines."""
    half = width / 2
    felt = Style((0.16, 0.16, 0.16), "concrete", "building")
    edge = Style(accent, "painted_metal", "building")
    metal = Style((0.42, 0.42, 0.42), "galvanised", "building")
    glass = Style((0.5, 0.55, 0.58), "plastic", "building")
    top = height - 0.2
    meshes = [
        quad((-half, 0.0, top), (half, 0.0, top), (half, depth, top), (-half, depth, top), felt),
        box((-half - 0.06, -0.08, height - 0.45), (half + 0.06, 0.0, height + 0.12), edge),
        box((-half - 0.06, depth, height - 0.45), (half + 0.06, depth + 0.08, height + 0.12), edge),
        box((-half - 0.08, 0.0, height - 0.45), (-half - RIB, depth, height + 0.12), edge),
        box((half + RIB, 0.0, height - 0.45), (half + 0.08, depth, height + 0.12), edge),
    ]
    for x in np.arange(-half + 5.0, half - 5.0, 7.0):
        meshes.append(box((x, 0.2 * depth, height - 0.2), (x + 1.4, 0.8 * depth, height + 0.35), glass))
    for _ in range(int(rng.integers(1, 5))):
        x, y = float(rng.uniform(-0.42, 0.4)) * width, float(rng.uniform(0.1, 0.6)) * depth
        meshes.append(box((x, y, height - 0.2), (x + 1.8, y + 1.2, height + 1.1), metal))
    return meshes


def _office(width: float, height: float, accent: Color, rng: np.random.Generator) -> list[Mesh]:
    """Two storeys of offices that stand out of the left third of the front."""
    long, out, tall = 0.3 * width, 2.6, min(6.4, height - 0.4)
    walls = Style(pick(((0.62, 0.62, 0.6), (0.45, 0.44, 0.42), (0.3, 0.31, 0.33)), rng), "plaster", "building")
    style = WindowStyle(frame=(0.12, 0.12, 0.13), trim=(0.4, 0.4, 0.4), wings=2)
    openings = [
        Opening(float(x), z, 1.7, 1.5, window(1.7, 1.5, style, rng))
        for z in (0.95, 3.95)
        for x in np.arange(0.5 if z > 3.0 else 2.6, long - 2.0, 2.1)
    ]
    openings.append(Opening(0.7, 0.0, 1.4, 2.4, door(1.4, 2.4, accent, 0.12, rng)))
    front = wall(shapely.box(0, 0, long, tall), openings, walls, style.recess)
    side = wall(shapely.box(0, 0, out, tall), [], walls, 0.1)
    back = wall(shapely.box(0, 0, long, tall), [], walls, 0.1)
    lid = box(
        (-long / 2 - 0.1, -0.1, tall), (long / 2 + 0.1, out, tall + 0.25), Style(accent, "painted_metal", "building")
    )
    return turned([*around(long, out, front, side, back, side), lid], 0.0, (-width / 2 + long / 2 + 0.4, -out, 0.0))
