"""Liveries of taxis, police cars and parcel services: bands, lettering, and signs on the roof. No real operator's."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from scipy.interpolate import LinearNDInterpolator

from roadlab.actors.catalog import VehicleModel
from roadlab.actors.paint import LIVERIES
from roadlab_sensors.world.assembly import face
from roadlab_sensors.world.furniture.lettering import digits, lettering, moved
from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style, loft, smooth, srgb
from roadlab_sensors.world.vehicles.finish import Finish, finish
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.skin import Skin

IVORY = "#e6d2b5"
"""RAL 1015, of German taxis."""
POLICE = ("#e4e5e3", "#c3c5c6")
BLUE = srgb("#1d4f9c")
BAND = 0.33
"""How far below the shoulder the middle of a band is [m]."""
PARCELS = (("#f2b705", "#8e1b1f"), ("#4a2f1d", "#d9a441"), ("#e8e6df", "#5a2a82"), ("#d9541e", "#e8e6df"))
"""Ground and band of parcel services."""


def liveried(livery: str, rng: np.random.Generator, semantic: str) -> Finish:
    """The styles of a vehicle in one of the catalog's `LIVERIES`."""
    if livery == "taxi":
        plain, band = finish(IVORY, rng, semantic), None
    elif livery == "police":
        plain, band = finish(POLICE[int(rng.integers(len(POLICE)))], rng, semantic), BLUE
    else:
        ground, second = PARCELS[int(rng.integers(len(PARCELS)))]
        plain, band = finish(ground, rng, semantic), srgb(second)
    paint = replace(plain.paint, material="car_paint")
    return replace(plain, paint=paint, band=None if band is None else replace(paint, color=band))


def banded(skin: Skin, shape: Proportions, finish: Finish) -> list[Mesh]:
    """The painted skin with the livery's band along the flanks, if there is one."""
    if finish.band is None:
        return [skin.mesh(finish.paint)]
    height = curve(shape.shoulder, skin.x)
    middle, half = height - BAND, 0.09
    band, rest = skin.split(np.maximum(np.abs(skin.z - middle) - half, 0.45 - np.abs(skin.normals[:, 1])))
    return [band.mesh(finish.band), rest.mesh(finish.paint)]


def marks(
    livery: str,
    lower: Skin,
    house: Skin,
    shape: Proportions,
    model: VehicleModel,
    finish: Finish,
    rng: np.random.Generator,
) -> list[Mesh]:
    """Words on the flanks."""  # fmt: skip
    if livery == "taxi":
        return []
    front, *_, rear = shape.door_cuts
    if livery == "delivery" and shape.panelled:
        word, skin, style = lettering(int(rng.integers(4, 7)), 0.3, rng), house, finish.band or finish.glyph
        at = ((rear - model.rear_overhang) / 2, float(curve(shape.shoulder, np.array(rear))) + 0.42)
    else:
        word = digits("POLICE", 0.12) if livery == "police" else lettering(int(rng.integers(5, 8)), 0.12, rng)
        skin, style = lower, replace(finish.paint, material="plastic")
        x = 0.5 * (front + shape.door_cuts[1])
        at = (x, float(curve(shape.shoulder, np.array(x))) - BAND)
    low, high = np.array(word.bounds[:2]), np.array(word.bounds[2:])
    word = moved(word, *(-(low + high) / 2))
    return [_on_flank(word, skin, at, side, style) for side in (1.0, -1.0)]


def _on_flank(word: shapely.Geometry, skin: Skin, at: tuple[float, float], side: float, style: Style) -> Mesh:
    """The word on the left (`side` 1) or right flank, a few millimetres proud of it, its middle at (x, z) [m]."""
    used = np.unique(skin.faces)
    flank = used[(skin.points[used, 1] > 0.0) & (skin.normals[used, 1] > 0.3)]
    out = LinearNDInterpolator(skin.points[flank][:, [0, 2]], skin.points[flank, 1])
    split = word.segmentize(0.1) if word.length else word
    flat = face(split, 0.0, style)
    x, z = at[0] - side * flat.vertices[:, 0], at[1] + flat.vertices[:, 2]
    y = out(x, z)
    y = side * (np.where(np.isnan(y), np.nanmax(y), y) + 0.004)
    return replace(flat, vertices=np.column_stack([x, y, z]).astype(np.float32))


def roof_sign(livery: str, body: list[Mesh], shape: Proportions, model: VehicleModel, semantic: str) -> list[Mesh]:
    """What stands on the roof; it ends where the label's box does."""
    rise = LIVERIES[livery]
    if rise == 0.0:
        return []
    x = shape.header + 0.45 * (shape.roof_end - shape.header) if livery == "taxi" else shape.header - 0.28
    points = np.concatenate([m.vertices for m in body])
    near = points[(np.abs(points[:, 0] - x) < 0.25) & (np.abs(points[:, 1]) < 0.6)]
    low, high = float(near[:, 2].max()) - 0.03, model.height + rise
    if livery == "taxi":
        yellow = Style((0.78, 0.5, 0.03), "plastic", semantic)
        black = Style((0.01, 0.01, 0.01), "plastic", semantic)
        word = digits("TAXI", 0.08)
        ahead = np.array([[0.0, -1.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]])
        middle = 0.5 * (low + 0.03 + high)
        front = face(word, 0.0, black).moved(ahead, (x + 0.073, 0.0, middle))
        back = face(word, 0.0, black).moved(ahead * [[-1.0], [-1.0], [1.0]], (x - 0.073, 0.0, middle))
        return [_bar(x, 0.2, low, high, 0.072, yellow), front, back]
    blue, grey = Style((0.01, 0.05, 0.4), "lamp_lens", semantic), Style((0.3, 0.3, 0.3), "plastic", semantic)
    sides = [_bar(x, 0.15, low + 0.02, high, 0.09, blue).moved(np.eye(3), (0.0, y, 0.0)) for y in (0.36, -0.36)]
    return [*sides, _bar(x, 0.2, low + 0.02, high - 0.015, 0.075, grey), _bar(x, 0.5, low, low + 0.04, 0.06, grey)]


def _bar(x: float, half_width: float, low: float, high: float, half_depth: float, style: Style) -> Mesh:
    """A rounded box across the roof, a little narrower at its top."""
    turn = np.linspace(0.0, 2.0 * np.pi, 24, endpoint=False)
    u, v = (np.sign(f(turn)) * np.abs(f(turn)) ** 0.45 for f in (np.cos, np.sin))
    rings = [
        np.column_stack([x + s * half_depth * u, half_width * (0.5 + 0.5 * s) * v, np.full(24, z)])
        for s, z in ((1.0, low), (0.96, 0.5 * (low + high)), (0.86, high - 0.012), (0.76, high))
    ]
    return smooth(loft(rings, style), crease=0.7)
