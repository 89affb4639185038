"""Text for pygame in the typeface of the previews, the same on every machine."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import cv2
import numpy as np
import pygame

from roadlab_tools.palette import Color
from roadlab_tools.preview.canvas import FONT, WEIGHT, text_width


@lru_cache(maxsize=2048)
def lettered(text: str, color: Color, size: int = 14, weight: int = WEIGHT) -> pygame.Surface:
    """A line of text on nothing; its height is 1.4 times `size`."""
    width, height = text_width(text, size, weight) + 4, round(size * 1.4)
    mask = np.zeros((height, width, 3), np.uint8)
    cv2.putText(mask, text, (1, round(size * 1.05)), (255, 255, 255), cv2.FontFace(FONT), size, weight)
    surface = pygame.Surface((width, height), pygame.SRCALPHA)
    surface.fill((*color, 0))
    alpha: Any = pygame.surfarray.pixels_alpha(surface)
    alpha[:] = mask[..., 0].T
    del alpha  # unlocks the surface
    return surface
