"""The picture of the map, drawn larger than the window, so that most movements only cut another part out of it."""

from __future__ import annotations

from dataclasses import replace

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_tools.palette import Color
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.strokes import Image, polygon
from roadlab_tools.viewer.view import View

GROUND: Color = (34, 41, 38)
AREA_COLORS: dict[str, Color] = {
    "verge": (48, 62, 50),
    "sidewalk": (104, 106, 108),
    "driving": (62, 66, 72),
    "bus": (70, 62, 84),
    "parking": (74, 77, 85),
    "biking": (88, 66, 62),
    "rail": (78, 76, 70),
    "works": (108, 84, 46),
    "shoulder": (70, 74, 80),
    "border": (66, 70, 76),
    "junction": (62, 66, 72),
    "island": (112, 112, 108),
    "building": (88, 76, 72),
    "barrier": (150, 140, 130),
    "sign": (120, 170, 215),
    "stripe": (214, 216, 218),
    "white": (226, 228, 230),
    "yellow": (240, 200, 60),
    "orange": (240, 150, 50),
    "red": (220, 80, 70),
    "blue": (80, 130, 230),
    "green": (60, 180, 120),
    "violet": (170, 110, 200),
    "black": (14, 14, 16),
}
_MARGIN = 0.35
"""How much of the window's longer side the picture reaches beyond it."""


class MapPicture:
    """The picture of one scene's map; keeps what it has drawn as long as the scale stays the same."""

    def __init__(self, scene: Scene) -> None:
        self._outlines = [area.outline for area in scene.areas]
        self._colors = [AREA_COLORS[area.kind] for area in scene.areas]
        self._low = np.array([outline.min(axis=0) for outline in self._outlines]).reshape(-1, 2)
        self._high = np.array([outline.max(axis=0) for outline in self._outlines]).reshape(-1, 2)
        self._kept: tuple[View, Image] | None = None

    def seen(self, view: View) -> tuple[View, Image]:
        """The map in a view that differs by less than a pixel, and that view; the picture may be drawn on."""
        width, height = view.size
        for attempt in range(2):
            if self._kept is None or attempt or self._kept[0].scale != view.scale:
                self._kept = self._drawn(view)
            wide, picture = self._kept
            middle = wide.pixels(view.center)
            if view.angle == 0.0:
                left, top = np.rint(middle - np.array(view.size) / 2).astype(int).tolist()
                if left >= 0 and top >= 0 and left + width <= wide.size[0] and top + height <= wide.size[1]:
                    center = wide.world((left + width / 2, top + height / 2))
                    return replace(view, center=center), picture[top : top + height, left : left + width].copy()
            else:
                corners = wide.pixels([view.world(p) for p in ((0, 0), (width, 0), (width, height), (0, height))])
                if (corners >= 0).all() and (corners <= wide.size).all():
                    return view, _turned(picture, wide, view)
        raise AssertionError("a fresh picture holds every view of its middle")

    def _drawn(self, view: View) -> tuple[View, Image]:
        diagonal = int(np.hypot(*view.size) + 2 * _MARGIN * max(view.size)) + 2
        wide = replace(view, size=(diagonal, diagonal), angle=0.0)
        picture = np.full((diagonal, diagonal, 3), GROUND, np.uint8)
        reach = 0.5 * diagonal / view.scale
        inside = ((self._high >= np.array(view.center) - reach) & (self._low <= np.array(view.center) + reach)).all(1)
        large = (self._high - self._low).max(axis=1, initial=0.0) * view.scale > 0.7
        for number in np.flatnonzero(inside & large):
            polygon(picture, wide.pixels(self._outlines[number]), self._colors[number])
        return wide, picture


def _turned(picture: Image, wide: View, view: View) -> Image:
    corners = np.array([(0.0, 0.0), (view.size[0], 0.0), (0.0, view.size[1])])
    there: NDArray[np.float32] = wide.pixels([view.world((x, y)) for x, y in corners]).astype(np.float32)
    # OpenCV wants to know where in the kept picture each pixel of the new one comes from.
    from_new = cv2.getAffineTransform(corners.astype(np.float32), there)
    turned = cv2.warpAffine(picture, from_new, view.size, flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP)
    return np.asarray(turned, dtype=np.uint8)
