"""Colours and materials of a vehicle's surfaces."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roadlab_sensors.world.shapes import Style, srgb

PAINTS = (
    ("#f2f2ef", 0.24), ("#e9e7e0", 0.05), ("#15161a", 0.12), ("#1f2226", 0.09), ("#4b4f54", 0.13), ("#6f7377", 0.07),
    ("#a9acae", 0.08), ("#c3c5c6", 0.03), ("#1d3561", 0.05), ("#2f5d92", 0.04), ("#8f1d1d", 0.035), ("#a8222a", 0.015),
    ("#3d4a3c", 0.02), ("#6b5b45", 0.015), ("#c96a1d", 0.01), ("#7d8a95", 0.01),
)  # fmt: skip
"""New cars in Europe by colour, rounded from the paint makers' yearly colour reports of 2023."""


@dataclass(frozen=True, slots=True)
class Finish:
    """The styles of one vehicle."""

    paint: Style
    glass: Style
    privacy_glass: Style
    black: Style
    """Gloss black trim round the glass."""
    plastic: Style
    gap: Style
    chrome: Style
    plate: Style
    glyph: Style
    lining: Style
    headliner: Style
    semantic: str
    band: Style | None = None
    """Of a livery's band along the flanks."""

    def lamp(self, group: str | None, color: tuple[float, float, float]) -> Style:
        """A lens that shines with its lamp group."""
        return Style(color, "lamp_lens", self.semantic, group)


def finish(paint: str | None, rng: np.random.Generator, semantic: str) -> Finish:
    """Styles for a paint `#rrggbb`, or for one drawn by its share on the road."""
    shares = np.array([share for _, share in PAINTS])
    drawn = PAINTS[int(rng.choice(len(PAINTS), p=shares / shares.sum()))][0]
    metallic = rng.random() < 0.6
    color = srgb(paint or drawn)
    lacquer = "metallic_paint" if metallic and max(color) < 0.75 else "car_paint"
    trim = float(rng.choice([0.02, 0.05, 0.2], p=[0.6, 0.3, 0.1]))

    def grey(value: float, material: str) -> Style:
        return Style((value, value, value), material, semantic)

    return Finish(
        paint=Style(color, lacquer, semantic),
        glass=grey(0.9, "car_glass"),
        privacy_glass=grey(0.022, "tinted_glass"),
        black=Style((0.008, 0.008, 0.009), "tinted_glass", semantic),
        plastic=grey(0.022, "plastic"),
        gap=grey(0.006, "rubber"),
        chrome=grey(0.65, "chrome"),
        plate=grey(0.72, "plate"),
        glyph=grey(0.02, "plastic"),
        lining=grey(trim, "upholstery"),
        headliner=grey(0.25, "upholstery"),
        semantic=semantic,
    )
