"""Windows cut from the greenhouse, with dark frames; what is left is painted pillars and roof."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import BRIGHT_RED
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.shell import glass_outline
from roadlab_sensors.world.vehicles.skin import Array, Skin, rounded, signed_distance

FRIT = 0.028
"""Width of the black band round a bonded screen [m]."""
FRAME = 0.016
"""Width of a side window's seal [m]."""


def glaze(house: Skin, shape: Proportions, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The painted rest of the greenhouse, and its glass, frames and lining."""
    middle = (shape.header + shape.roof_end) / 2
    windscreen = screen(shape, front=True)
    opening, paint = house.split(np.maximum(signed_distance(windscreen, house.points[:, 1], house.z), middle - house.x))
    pane, frit = opening.split(signed_distance(windscreen.buffer(-FRIT), opening.points[:, 1], opening.z))
    meshes = [pane.mesh(finish.glass), frit.mesh(finish.black)]

    rear = screen(shape, front=False)
    opening, paint = paint.split(
        np.maximum(signed_distance(rear, paint.points[:, 1], paint.z), paint.x - shape.roof_end - 0.1)
    )
    pane, frit = opening.split(signed_distance(rear.buffer(-FRIT), opening.points[:, 1], opening.z))
    rear_style = finish.privacy_glass if shape.tinted_behind > shape.roof_end + 0.5 else finish.glass
    meshes += [pane.mesh(rear_style), frit.mesh(finish.black)]

    lamp, paint = paint.split(_high_lamp(shape, paint))
    meshes.append(lamp.mesh(finish.lamp("brake", BRIGHT_RED)))

    opening, paint = paint.split(_beside(paint, daylight(shape)))
    panes, frames = opening.split(_beside(opening, side_panes(shape)))
    dark, clear = panes.split(panes.x - shape.tinted_behind)
    meshes += [frames.mesh(finish.black), dark.mesh(finish.privacy_glass), clear.mesh(finish.glass)]
    lining = [s.sunk(0.022).reversed() for s in (paint, frames, frit)]
    return paint, meshes + [s.mesh(finish.headliner) for s in lining]


def _high_lamp(shape: Proportions, skin: Skin) -> Array:
    """The third brake lamp, just above the rear window."""
    low = shape.rear_glass[1] + 0.008
    bar = shapely.box(-0.19, low, 0.19, low + 0.022)
    return np.maximum(signed_distance(bar, skin.points[:, 1], skin.z), skin.x - shape.roof_end - 0.15)


def _beside(skin: Skin, shape: shapely.Geometry) -> Array:
    return np.maximum(signed_distance(shape, skin.x, skin.z), 0.35 - np.abs(skin.normals[:, 1]))


def screen(shape: Proportions, *, front: bool) -> shapely.Polygon:
    """Outline of windscreen or rear window seen along x, as (y, z)."""
    if front:
        x_low, x_high = shape.cowl, shape.header
        low = float(curve(shape.shoulder, np.array(x_low))) - 0.08
        high = float(curve(shape.rail, np.array(x_high))) + shape.roof_crown - 0.05
        ratios = (0.93, 0.9)
    else:
        low, high = shape.rear_glass
        ratios = shape.rear_glass_width
    belt = float(curve(shape.shoulder, np.array(shape.cowl if front else shape.base_end)))
    rail = float(curve(shape.rail, np.array(shape.header if front else shape.roof_end)))
    corners = []
    for z, ratio in zip((low, high), ratios, strict=True):
        share = np.clip((z - belt) / (rail - belt), 0, 1)
        corners.append((ratio * float(np.max(glass_outline(shape, np.array(share)).half_width)), z))
    (wide, low), (narrow, high) = corners
    return rounded([(-wide, low), (wide, low), (narrow, high), (-narrow, high)], 0.06)


def daylight(shape: Proportions) -> shapely.Polygon:
    """Outline of all side windows of a side with their frames, as (x, z)."""
    bottom = np.linspace(shape.glass_rear[0], shape.glass_front[0], 24)
    top = np.linspace(shape.glass_front[1], shape.glass_rear[1], 24)
    low = np.column_stack([bottom, curve(shape.shoulder, bottom) + shape.glass_above_belt])
    high = np.column_stack([top, curve(shape.rail, top) - shape.glass_below_rail])
    return rounded(np.concatenate([low, high]), 0.03)


def side_panes(shape: Proportions) -> shapely.Geometry:
    """The panes of a side, as (x, z)."""
    low, high = shape.shoulder[0][1] - 0.5, shape.rail[0][1] + 0.5
    panes = daylight(shape).buffer(-FRAME)
    for belt, roof, width in shape.pillars:
        slope = (roof - belt) / (shape.rail[0][1] - shape.shoulder[-1][1])
        x_low, x_high = belt + slope * (low - shape.shoulder[-1][1]), belt + slope * (high - shape.shoulder[-1][1])
        corners = [
            (x_low - width / 2, low),
            (x_low + width / 2, low),
            (x_high + width / 2, high),
            (x_high - width / 2, high),
        ]
        panes = panes.difference(shapely.Polygon(corners))
    return panes.buffer(-0.02).buffer(0.02, quad_segs=6)
