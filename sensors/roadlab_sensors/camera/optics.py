"""What a lens does to light beside bending it."""

from __future__ import annotations

from typing import Annotated

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field

from roadlab.scenario.spec import Spec
from roadlab_sensors.camera.lens import Equirectangular, Lens, pixel_grid

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

GLARE_WIDTHS = (4.0, 16.0, 64.0)
"""Standard deviations of the veil around bright things [px of a picture 1000 px wide]; it has no single size."""


class Optics(Spec):
    """Faults of a lens; a perfect one by default."""

    aperture: Annotated[float, Field(ge=0.7, le=64.0)] = Field(4.0, description="f-number.")
    transmission: Annotated[float, Field(gt=0.0, le=1.0)] = 0.9
    vignetting: Annotated[float, Field(ge=0.0, le=8.0)] = Field(
        0.0, description="Exponent n of cos^n of the angle off the axis: 4 is natural vignetting."
    )
    blur: Annotated[float, Field(ge=0.0, le=50.0)] = Field(
        0.0, description="Standard deviation of the point spread [px]; MTF50 is 0.187 / blur cycles a pixel."
    )
    chromatic: Annotated[float, Field(ge=-0.01, le=0.01)] = Field(
        0.0, description="How much larger the red picture is than the green, and the blue smaller."
    )
    glare: Annotated[float, Field(ge=0.0, le=0.3)] = Field(
        0.0,
        description="Share of the light that is scattered in the lens and veils the picture; the sun's too, also when "
        "it stands beside the picture.",
    )
    dirt: Annotated[float, Field(ge=0.0, le=0.7)] = Field(
        0.0, description="Share of the picture that specks of dust on the lens veil."
    )
    drops: Annotated[int, Field(ge=0, le=300)] = Field(0, description="Of water on the lens.")

    def sensor_illuminance(self, luminance: ArrayLike) -> Floats:
        """[lx] on the chip, on the axis, of a far surface of this luminance [cd/m²]: pi/4 L T / N²."""
        return np.asarray(np.pi / 4.0 * np.asarray(luminance) * self.transmission / self.aperture**2)


def through(optics: Optics, lens: Lens, picture: Image) -> Image:
    """The picture (H, W, 3) as the lens throws it onto the chip."""
    import cv2

    shown = picture
    if optics.vignetting > 0.0:
        shown = shown * falloff(optics, lens)[..., None]
    if optics.glare > 0.0:
        shown = _veil(shown, optics.glare)
    if optics.chromatic != 0.0:
        shown = _fringed(shown, lens, optics.chromatic)
    if optics.blur > 0.0:
        shown = cv2.GaussianBlur(shown, (0, 0), optics.blur, borderType=cv2.BORDER_REPLICATE)
    return np.asarray(shown, dtype=np.float32)


def falloff(optics: Optics, lens: Lens) -> Image:
    """(H, W) share of the light that reaches each pixel, 1 on the axis."""
    if isinstance(lens, Equirectangular):
        return np.ones((lens.height, lens.width), dtype=np.float32)
    cosine = np.nan_to_num(lens.directions(pixel_grid(lens))[..., 2])
    return np.asarray(np.clip(cosine, 0.0, 1.0) ** optics.vignetting, dtype=np.float32)


def _veil(picture: Image, share: float) -> Image:
    """Light of each pixel spread widely, none of it lost."""
    import cv2

    scale = picture.shape[1] / 1000.0
    spread = [
        cv2.GaussianBlur(picture, (0, 0), max(width * scale, 0.5), borderType=cv2.BORDER_REFLECT)
        for width in GLARE_WIDTHS
    ]
    wide = np.mean(spread, axis=0)
    return np.asarray((1.0 - share) * picture + share * wide, dtype=np.float32)


def _fringed(picture: Image, lens: Lens, amount: float) -> Image:
    import cv2

    u, v = np.moveaxis(pixel_grid(lens), -1, 0)
    cx, cy = getattr(lens, "cx", (lens.width - 1) / 2.0), getattr(lens, "cy", (lens.height - 1) / 2.0)
    planes = []
    for channel, scale in enumerate((1.0 + amount, 1.0, 1.0 - amount)):
        x, y = (((grid - middle) / scale + middle).astype(np.float32) for grid, middle in ((u, cx), (v, cy)))
        plane = np.ascontiguousarray(picture[..., channel])
        planes.append(cv2.remap(plane, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE))
    return np.stack(planes, axis=-1)
