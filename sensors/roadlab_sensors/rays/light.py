"""How much light is gathered, and what comes of it; known without the ray engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, slots=True)
class Quality:
    """How much light is gathered for a picture."""

    block: int
    """Light is gathered for squares of this many pixels a side; labels are exact for every pixel all the same."""
    samples: int
    """Paths a square."""
    bounces: int
    """Surfaces on a path, at most."""
    denoiser: str
    """Effort of the denoiser: fast, balanced or high; or none."""
    physics: Literal["full", "simple"] = "full"
    """Of lidars that do not say which of their models they want."""
    passes: int = 1
    """How many times `samples` paths are traced, one after the other, so that they fit into memory."""


QUALITIES = {
    "draft": Quality(2, 1, 2, "fast", "simple"),
    "standard": Quality(1, 4, 3, "balanced"),
    "high": Quality(1, 32, 5, "high"),
    "reference": Quality(1, 16, 12, "none", passes=64),
}


@dataclass(frozen=True)
class Light:
    """What arrives at each pixel, and what helps to denoise it; (H, W, 3) each."""

    radiance: NDArray[np.float32]
    """Linear sRGB, in units of the scene's emitter."""
    albedo: NDArray[np.float32]
    """Diffuse reflectance of the first surface."""
    normal: NDArray[np.float32]
    """Shading normal of the first surface, world frame."""
