"""The imager: from light on its pixels to numbers, after the linear model of EMVA 1288 (release 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from roadlab.scenario.quantities import PositiveLength
from roadlab.scenario.spec import Spec

Floats = NDArray[np.float64]

PHOTONS = 50.34116567
"""Per µm², ms, µm and µW/cm² (EMVA 1288, eq. 2)."""
WAVELENGTH = 0.555
"""At which light counts as much as its lumens say [µm]."""
EFFICACY = 683.0
"""[lm/W] at that wavelength."""


class Imager(Spec):
    """An image sensor; the defaults are typical of global-shutter sensors with 3.45 µm pixels."""

    pixel_size: Annotated[PositiveLength, Field(ge=5e-7, le=1e-4)] = 3.45e-6
    full_well: Annotated[float, Field(ge=100.0, le=1e6)] = Field(10_500.0, description="Saturation capacity [e-].")
    quantum_efficiency: Annotated[float, Field(gt=0.0, le=1.0)] = 0.62
    read_noise: Annotated[float, Field(ge=0.0, le=1e4)] = Field(2.4, description="Temporal dark noise [e-].")
    dark_current: Annotated[float, Field(ge=0.0, le=1e6)] = Field(1.5, description="[e-/s] at working temperature.")
    prnu: Annotated[float, Field(ge=0.0, le=0.5)] = Field(0.005, description="Spread of the pixels' response.")
    dsnu: Annotated[float, Field(ge=0.0, le=1e4)] = Field(0.8, description="Spread of the pixels' dark signal [e-].")
    bits: Annotated[int, Field(ge=8, le=16)] = 12
    black_level: Annotated[int, Field(ge=0, le=4096)] = Field(64, description="Of a dark pixel [DN].")
    mosaic: Literal["rggb", "bggr", "grbg", "gbrg", "none"] = Field(
        "rggb", description="Colour filters, row by row; none: three full pictures, as from three chips."
    )

    @property
    def white(self) -> int:
        """The largest number it gives [DN]."""
        return int(2**self.bits - 1)

    def gain(self, decibel: float) -> float:
        """K [DN/e-]: at 0 dB a full well is the largest number."""
        return float((self.white - self.black_level) / self.full_well * 10.0 ** (decibel / 20.0))

    def photons(self, lux: Floats, time: float) -> Floats:
        """Mean number that arrives on a pixel in `time` [s] under an illuminance [lx]."""
        area = (self.pixel_size * 1e6) ** 2
        return np.asarray(PHOTONS * area * time * 1e3 * WAVELENGTH * (lux / EFFICACY * 100.0))


@dataclass(frozen=True)
class Pattern:
    """What the pixels of one chip do not have in common."""

    response: NDArray[np.float32]
    """(H, W) or (H, W, 3) factor."""
    dark: NDArray[np.float32]
    """The same shape [e-]."""


def pattern(imager: Imager, shape: tuple[int, ...], random: np.random.Generator) -> Pattern:
    """The fixed pattern of one chip."""
    response = 1.0 + imager.prnu * random.standard_normal(shape)
    return Pattern(response.astype(np.float32), (imager.dsnu * random.standard_normal(shape)).astype(np.float32))


def digitised(
    imager: Imager, photons: Floats, time: float, decibel: float, chip: Pattern, random: np.random.Generator
) -> NDArray[np.uint16]:
    """Numbers [DN] of an exposure of `time` [s] in which pixels get these mean numbers of photons."""
    mean = np.maximum(imager.quantum_efficiency * photons * chip.response, 0.0) + imager.dark_current * time
    electrons = random.poisson(np.minimum(mean, 20.0 * imager.full_well)) + chip.dark
    held = np.clip(electrons, 0.0, imager.full_well) + imager.read_noise * random.standard_normal(mean.shape)
    numbers = np.round(imager.gain(decibel) * held + imager.black_level)
    return np.asarray(np.clip(numbers, 0, imager.white), dtype=np.uint16)


def filtered(picture: Floats, mosaic: str) -> Floats:
    """(H, W) what gets through the colour filters of (H, W, 3)."""
    height, width = picture.shape[:2]
    channel = colors(mosaic, height, width)
    return np.asarray(np.take_along_axis(picture, channel[..., None], axis=2)[..., 0])


def colors(mosaic: str, height: int, width: int) -> NDArray[np.int64]:
    """(H, W) 0 red, 1 green, 2 blue: the filter over each pixel."""
    tile = np.array(["rgb".index(letter) for letter in mosaic]).reshape(2, 2)
    return np.tile(tile, (height // 2 + 1, width // 2 + 1))[:height, :width]


def demosaiced(numbers: Floats, mosaic: str) -> Floats:
    """(H, W, 3) bilinear between the pixels of each colour, exact for linear ramps."""
    height, width = numbers.shape
    channel = colors(mosaic, height, width)
    planes = [_spread(np.where(channel == k, numbers, 0.0), (channel == k).astype(np.float64)) for k in range(3)]
    return np.stack(planes, axis=-1)


def _spread(values: Floats, known: Floats) -> Floats:
    """Values at all pixels from those known: their own, or the mean of the neighbours at equal distances."""
    own = known > 0.0
    beside = _neighbours(values, ((0, 1), (0, -1), (1, 0), (-1, 0)))
    beside_known = _neighbours(known, ((0, 1), (0, -1), (1, 0), (-1, 0)))
    corner = _neighbours(values, ((1, 1), (1, -1), (-1, 1), (-1, -1)))
    corner_known = _neighbours(known, ((1, 1), (1, -1), (-1, 1), (-1, -1)))
    near = np.where(beside_known > 0.0, beside / np.maximum(beside_known, 1.0), corner / np.maximum(corner_known, 1.0))
    return np.where(own, values, near)


def _neighbours(values: Floats, steps: tuple[tuple[int, int], ...]) -> Floats:
    around = np.pad(values, 1)
    height, width = values.shape
    total = np.zeros_like(values)
    for down, right in steps:
        total += around[1 + down : 1 + down + height, 1 + right : 1 + right + width]
    return total
