"""What the ground is made of: patches of one look, from asphalt to grass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import shapely

from roadlab_sensors.world.shapes import Style

Level = Literal["road", "pavement", "terrain"]

ASPHALT = Style((0.098, 0.098, 0.102), "asphalt", "road")
SEALANT = Style((0.03, 0.03, 0.031), "asphalt", "road")
IRON = Style((0.055, 0.052, 0.05), "stone", "road")
CONCRETE = Style((0.17, 0.165, 0.155), "concrete", "road")
PAINT = Style((0.68, 0.68, 0.65), "road_paint", "road marking")
PARKING = Style((0.125, 0.122, 0.118), "paving", "parking")
CYCLE = Style((0.155, 0.065, 0.05), "asphalt", "road")
SIDEWALK = Style((0.30, 0.285, 0.265), "paving", "sidewalk")
KERB = Style((0.36, 0.355, 0.34), "stone", "sidewalk")
GRASS = Style((0.06, 0.11, 0.03), "grass", "terrain")


@dataclass(frozen=True)
class Patch:
    """An area of one look; later patches cover earlier ones."""

    area: shapely.Geometry
    style: Style
    level: Level


def tinted(style: Style, factor: float) -> Style:
    """The same style, lighter or darker."""
    red, green, blue = style.color
    return replace(style, color=(red * factor, green * factor, blue * factor))
