"""Colours of buildings, after weathered paint and clay: muted, and never brighter than old whitewash."""

from __future__ import annotations

from roadlab_sensors.world.shapes import srgb

PLASTER = tuple(
    map(
        srgb,
        (
            "#d6cfc0",
            "#c9bda4",
            "#dad7cf",
            "#bfb4a0",
            "#c4b08f",
            "#cbbfae",
            "#b5a488",
            "#b9a08a",
            "#a9aaa4",
            "#c2b9a9",
            "#d3c8a8",
        ),
    )
)
CITY_PLASTER = tuple(
    map(
        srgb,
        ("#c9bca0", "#b8ab94", "#cfc9bb", "#a99a80", "#bda88a", "#9d9c95", "#b59f8d", "#c6b79a", "#8f8878", "#b3b0a6"),
    )
)
BRICK = tuple(map(srgb, ("#8a5a47", "#7c4c3c", "#98705a", "#86604f", "#a0846c", "#6f4a3e")))
PLINTH = tuple(map(srgb, ("#7d7870", "#8a8478", "#6c6862", "#948a7c")))
TILES = tuple(map(srgb, ("#8c4f3a", "#7a4434", "#6b3f33", "#95614a", "#54463f", "#4a4644", "#5b4a42")))
SLATE = tuple(map(srgb, ("#4a4d50", "#54565a", "#43464b", "#5a5a58")))
FRAME = tuple(map(srgb, ("#d8d6d0", "#cfccc4", "#d8d6d0", "#5a4030", "#4b4f50", "#8a8a86")))
DOOR = tuple(map(srgb, ("#5b3a28", "#3f4a44", "#6a2f2a", "#2f3a48", "#b8b4aa", "#4a3a30", "#55584a")))
SHUTTER = tuple(map(srgb, ("#4d5c4c", "#5c6b70", "#6d4a38", "#8a8678", "#37474d", "#73493f")))
TRIM = tuple(map(srgb, ("#cfc9ba", "#d8d2c6", "#b7ae9c", "#c3b8a2")))
WOODWORK = tuple(map(srgb, ("#c9c5bb", "#5a4232", "#6b5442", "#4b4038", "#b9b4a8")))
FASCIA = tuple(
    map(srgb, ("#3b4a3f", "#6b2a2a", "#2c3a55", "#4a4a48", "#7a5a2c", "#2f5558", "#8a8478", "#55304a", "#22262a"))
)
AWNING = tuple(map(srgb, ("#8a2f2c", "#3d5a45", "#39516e", "#a58a54", "#6f6a60", "#7c4a2f", "#47484a")))
CURTAIN = tuple(map(srgb, ("#b9b3a4", "#a8a294", "#c0bcb2", "#9a8f7c", "#8f9396", "#a58a7a")))
ZINC = srgb("#7c8083")
CONCRETE = srgb("#8f8b84")
"""Steps, balcony slabs, chimney caps."""
IRON = srgb("#2b2d2f")
GLASS = (0.018, 0.022, 0.026)
"""What a dark room shows behind a pane."""
