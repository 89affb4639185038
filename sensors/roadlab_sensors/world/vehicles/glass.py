"""Windows cut from the greenhouse, with dark frames; what is left is painted pillars and roof."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab_sensors.world.mesh import Mesh
from roadlab_sensors.world.shapes import Style
from roadlab_sensors.world.vehicles.finish import Finish
from roadlab_sensors.world.vehicles.lamps import BRIGHT_RED
from roadlab_sensors.world.vehicles.panels import across, beside
from roadlab_sensors.world.vehicles.proportions import Proportions, curve
from roadlab_sensors.world.vehicles.shell import GLASS_LEVELS, glass_outline, greenhouse
from roadlab_sensors.world.vehicles.skin import Array, Skin, rounded, signed_distance

FRIT = 0.028
"""Width of the black band round a bonded screen [m]."""
FRAME = 0.016
"""Width of a side window's seal [m]."""


def glaze(house: Skin, shape: Proportions, finish: Finish) -> tuple[Skin, list[Mesh]]:
    """The painted rest of the greenhouse, and its glass, frames and lining."""
    front, rear = windscreen(shape), rear_screen(shape)
    rear_style = finish.privacy_glass if shape.tinted_behind > shape.roof_end + 0.5 else finish.glass
    paint, meshes = _bonded(house, front, _ahead(house, shape), finish.glass, finish)
    paint, parts = _bonded(paint, rear, _behind(paint, shape), rear_style, finish)
    meshes += parts

    lamp, paint = paint.split(_high_lamp(shape, paint))
    meshes.append(lamp.mesh(finish.lamp("brake", BRIGHT_RED)))

    opening, paint = paint.split(beside(paint, daylight(shape)))
    outline = side_panes(shape)
    opening = opening.refined(lambda s: beside(s, outline), 0.17)
    panes, frames = opening.split(beside(opening, outline))
    dark, clear = panes.split(panes.x - shape.tinted_behind)
    meshes += [frames.mesh(finish.black), dark.mesh(finish.privacy_glass), clear.mesh(finish.glass)]
    return paint, [*meshes, lining(shape).mesh(finish.headliner)]


def _bonded(
    skin: Skin, outline: shapely.Polygon, behind: Array, style: Style, finish: Finish
) -> tuple[Skin, list[Mesh]]:
    """The skin without a bonded screen, and the screen with the black band along its edge."""
    opening, rest = skin.split(across(skin, outline, behind))
    pane, band = opening.split(signed_distance(outline.buffer(-FRIT), opening.points[:, 1], opening.z))
    return rest, [pane.mesh(style), band.mesh(finish.black)]


def _ahead(skin: Skin, shape: Proportions) -> Array:
    return (shape.header + shape.roof_end) / 2 - skin.x


def _behind(skin: Skin, shape: Proportions) -> Array:
    return skin.x - shape.roof_end - 0.1


def lining(shape: Proportions) -> Skin:
    """The headliner, coarser than the roof."""
    inner = greenhouse(shape, 0.24, GLASS_LEVELS[::2])
    _, inner = inner.split(inner.z - curve(shape.rail, inner.x) + 0.4 * shape.glass_below_rail)
    screen = windscreen(shape).buffer(0.02)
    inner = inner.refined(lambda s: across(s, screen, _ahead(s, shape)), 0.2)
    _, inner = inner.split(across(inner, screen, _ahead(inner, shape)))
    return inner.sunk(0.024).reversed()


def _high_lamp(shape: Proportions, skin: Skin) -> Array:
    """The third brake lamp, just above the rear window."""
    low = shape.rear_glass[1] + 0.008
    bar = shapely.box(-0.19, low, 0.19, low + 0.022)
    return across(skin, bar, skin.x - shape.roof_end - 0.15)


def windscreen(shape: Proportions) -> shapely.Polygon:
    """Outline of the windscreen with its black band seen from ahead, as (y, z); its lower edge is under the bonnet."""
    low = float(curve(shape.shoulder, np.array(shape.cowl)))
    high = float(curve(shape.rail, np.array(shape.header)))
    edges = (low - 0.08, high + shape.roof_crown - 0.05)
    return _trapezoid(shape, edges, (0.93, 0.9), low, high)


def rear_screen(shape: Proportions) -> shapely.Polygon:
    """Outline of the rear window with its black band seen from behind, as (y, z)."""
    low = float(curve(shape.shoulder, np.array(shape.base_end)))
    high = float(curve(shape.rail, np.array(shape.roof_end)))
    return _trapezoid(shape, shape.rear_glass, shape.rear_glass_width, low, high)


def _trapezoid(
    shape: Proportions, edges: tuple[float, float], ratios: tuple[float, float], low: float, high: float
) -> shapely.Polygon:
    """A rounded trapezoid between heights `edges`; `ratios` of the greenhouse's half width there."""
    shares = np.clip((np.array(edges) - low) / (high - low), 0, 1)
    wide, narrow = np.array(ratios) * glass_outline(shape, shares).half_width
    return rounded([(-wide, edges[0]), (wide, edges[0]), (narrow, edges[1]), (-narrow, edges[1])], 0.06)


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
