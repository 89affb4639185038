"""Colours that people with any kind of colour vision can tell apart, red first."""

from __future__ import annotations

from roadlab_sensors.readings import SEMANTIC_IDS

Color = tuple[int, int, int]

CLASS_COLORS: dict[str, Color] = {
    "car": (86, 180, 233),
    "van": (0, 180, 140),
    "truck": (240, 228, 66),
    "trailer": (200, 180, 110),
    "bus": (213, 94, 0),
    "motorcyclist": (170, 130, 240),
    "pedestrian": (255, 140, 20),
    "cyclist": (225, 125, 190),
    "dontcare": (150, 150, 150),
}
"""By category; after Okabe and Ito, Color Universal Design (2008), slightly brighter for dark backgrounds."""

PROP_COLORS: dict[str, Color] = {
    "cone": (230, 70, 30),
    "barrel": (230, 70, 30),
    "barrier": (190, 175, 140),
    "obstacle": (170, 120, 70),
}
"""The same of what stands on roads."""

EGO_COLOR: Color = (245, 245, 245)

_CITYSCAPES: dict[str, Color] = {
    "unlabeled": (0, 0, 0),
    "ego vehicle": (0, 0, 0),
    "ground": (81, 0, 81),
    "road": (128, 64, 128),
    "sidewalk": (244, 35, 232),
    "parking": (250, 170, 160),
    "building": (70, 70, 70),
    "wall": (102, 102, 156),
    "fence": (190, 153, 153),
    "guard rail": (180, 165, 180),
    "pole": (153, 153, 153),
    "traffic light": (250, 170, 30),
    "traffic sign": (220, 220, 0),
    "vegetation": (107, 142, 35),
    "terrain": (152, 251, 152),
    "sky": (70, 130, 180),
    "person": (220, 20, 60),
    "rider": (255, 0, 0),
    "car": (0, 0, 142),
    "truck": (0, 0, 70),
    "bus": (0, 60, 100),
    "motorcycle": (0, 0, 230),
    "bicycle": (119, 11, 32),
    "road marking": (255, 255, 255),
}
SEMANTIC_COLORS: dict[int, Color] = {SEMANTIC_IDS[name]: color for name, color in _CITYSCAPES.items()}
"""By semantic id, the colours of cityscapesScripts (labels.py), in which people know these pictures."""


def class_color(kind: str) -> Color:
    """Colour of a category or a label type, whatever its case; grey when there is none."""
    return (CLASS_COLORS | PROP_COLORS).get(kind.lower(), CLASS_COLORS["dontcare"])
