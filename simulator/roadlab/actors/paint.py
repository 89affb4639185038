"""Colour names that an author can use for bodies and clothes."""

from __future__ import annotations

import re

PAINTS: dict[str, str] = {
    "white": "#e9e9e6",
    "silver": "#b3b6b9",
    "grey": "#6e7276",
    "gray": "#6e7276",
    "anthracite": "#3b3e42",
    "black": "#141516",
    "red": "#a31a1f",
    "maroon": "#5e1519",
    "orange": "#d2601a",
    "yellow": "#e3b71c",
    "beige": "#c8b998",
    "brown": "#573d2c",
    "green": "#2c5b3a",
    "olive": "#5d6238",
    "turquoise": "#2b8a8c",
    "light_blue": "#7fa6c4",
    "blue": "#1f3f7a",
    "navy": "#172339",
    "purple": "#4f3160",
    "pink": "#cf8a9a",
}
"""sRGB, as paint and dyed cloth look in daylight rather than fully saturated."""

LIVERIES: dict[str, float] = {"taxi": 0.12, "police": 0.11, "delivery": 0.0}
"""How high the signs of liveries stand above the roof [m]."""

_HEX = re.compile(r"#[0-9a-fA-F]{6}")


def hex_of(paint: str) -> str | None:
    """`#rrggbb` of a colour name or of itself; None when it is neither."""
    return paint.lower() if _HEX.fullmatch(paint) else PAINTS.get(paint)
