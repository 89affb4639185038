"""What the ground is made of: patches of one look, from asphalt to grass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import shapely

from roadlab.roads.lanes import LaneType, SurfaceClass
from roadlab.roads.marks import MarkColor
from roadlab_sensors.world.shapes import Style

Level = Literal["road", "pavement", "terrain"]

ASPHALT = Style((0.098, 0.098, 0.102), "asphalt", "road")
SEALANT = Style((0.03, 0.03, 0.031), "asphalt", "road")
IRON = Style((0.055, 0.052, 0.05), "stone", "road")
CONCRETE = Style((0.17, 0.165, 0.155), "concrete", "road")
PAINT = Style((0.68, 0.68, 0.65), "road_paint", "road marking")
YELLOW_PAINT = Style((0.75, 0.42, 0.03), "road_paint", "road marking")
COBBLE = Style((0.16, 0.15, 0.14), "paving", "road")
GRAVEL = Style((0.28, 0.25, 0.21), "soil", "road")
SOIL = Style((0.14, 0.1, 0.07), "soil", "terrain")
TRACK = Style((0.15, 0.145, 0.14), "concrete", "road")
PARKING = Style((0.125, 0.122, 0.118), "paving", "parking")
CYCLE = Style((0.155, 0.065, 0.05), "asphalt", "road")
SIDEWALK = Style((0.30, 0.285, 0.265), "paving", "sidewalk")
KERB = Style((0.36, 0.355, 0.34), "stone", "sidewalk")
GUTTER = Style((0.215, 0.21, 0.2), "concrete", "road")
GRASS = Style((0.06, 0.11, 0.03), "grass", "terrain")


_BY_TYPE: dict[str, Style] = {
    "biking": CYCLE,
    "parking": PARKING,
    "sidewalk": SIDEWALK,
    "walking": SIDEWALK,
    "curb": KERB,
    "verge": GRASS,
    "none": GRASS,
    "median": GRASS,
    "tram": TRACK,
    "rail": GRAVEL,
}
"""By lane type; all others are asphalt."""
_BY_SURFACE: dict[str, Style] = {
    "asphalt": ASPHALT,
    "concrete": CONCRETE,
    "paving": PARKING,
    "cobble": COBBLE,
    "gravel": GRAVEL,
    "grass": GRASS,
    "soil": SOIL,
}
_PAINTS: dict[str, Style] = {
    "yellow": YELLOW_PAINT,
    "orange": replace(YELLOW_PAINT, color=(0.75, 0.24, 0.02)),
    "blue": replace(YELLOW_PAINT, color=(0.03, 0.12, 0.45)),
    "red": replace(YELLOW_PAINT, color=(0.45, 0.04, 0.03)),
    "green": replace(YELLOW_PAINT, color=(0.04, 0.3, 0.08)),
    "violet": replace(YELLOW_PAINT, color=(0.2, 0.04, 0.3)),
    "black": replace(YELLOW_PAINT, color=(0.02, 0.02, 0.02)),
}


def lane_style(kind: LaneType, surface: SurfaceClass | None) -> Style:
    """What a lane of this type is made of, where its map says so, and how it counts."""
    plain = _BY_TYPE.get(kind, ASPHALT)
    if surface is None:
        return plain
    return replace(_BY_SURFACE[surface], semantic=plain.semantic)


def paint(color: MarkColor) -> Style:
    """Road marks of this colour."""
    return _PAINTS.get(color, PAINT)


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
