"""The imager: from light on its pixels to numbers, after the linear model of EMVA 1288 (release 3.1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray
from pydantic import Field, model_validator

from roadlab.scenario.quantities import PositiveLength
from roadlab.scenario.spec import Spec

Floats = NDArray[np.float64]
Row = Annotated[list[Annotated[float, Field(ge=-2.0, le=2.0)]], Field(min_length=3, max_length=3)]

PHOTONS = 50.34116567
"""Per µm², ms, µm and µW/cm² (EMVA 1288, eq. 2)."""
WAVELENGTH = 0.555
"""At which light counts as much as its lumens say [µm]."""
EFFICACY = 683.0
"""[lm/W] at that wavelength."""
MIDDLE_GREY = 0.28
"""Linear signal, as a share of the largest, of an 18 % grey card on level ground in the open."""
JUNCTION = 0.9
"""Share of the range up to which the longer of two exposures counts when several are merged."""

Model = Literal["imx249", "imx250", "imx255", "mt9m031", "mt9m034"]
MEASURED: dict[str, tuple[float, float, float]] = {
    "imx249": (5.86e-6, 45.1, 73.0),
    "imx250": (3.45e-6, 40.3, 71.2),
    "imx255": (3.45e-6, 40.3, 71.3),
    "mt9m031": (3.75e-6, 37.4, 54.3),
    "mt9m034": (3.75e-6, 37.7, 63.4),
}
"""Pixel size [m], greatest signal-to-noise ratio and dynamic range [dB] of 12-bit sensors after EMVA 1288, as Matrix
Vision measured them (technical documentation of mvBlueFOX3-2024a, -2051, -2089a, -1012b and -1012d)."""


def measured(model: str) -> dict[str, float]:
    """Pixel size, full well and dark noise of a model: SNR² is the full well, and the range begins where SNR is 1."""
    size, ratio, dynamic = MEASURED[model]
    well = 10.0 ** (ratio / 10.0)
    least = well / 10.0 ** (dynamic / 20.0)
    step = well / (2**12 - 1 - 64)
    noise = (least - 0.5) ** 2 - 0.25 - step**2 / 12.0
    return {"pixel_size": size, "full_well": round(well), "read_noise": round(float(np.sqrt(noise)), 2)}


class Imager(Spec):
    """An image sensor; the defaults are typical of global-shutter sensors with 3.45 µm pixels."""

    model: Model | None = Field(
        None,
        description="A real sensor, for pixel size, full well and dark noise: imx249, imx250, imx255, mt9m031 or "
        "mt9m034; keys given beside it win.",
    )
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
    color_response: Annotated[list[Row], Field(min_length=3, max_length=3)] | None = Field(
        None, description="How much red, green and blue pixels take of linear sRGB's primaries; by default of one each."
    )
    exposures: Annotated[int, Field(ge=1, le=4)] = Field(
        1, description="Taken at the same time, as by split pixels, and merged into one picture of high dynamic range."
    )
    ratio: Annotated[float, Field(ge=2.0, le=64.0)] | None = Field(
        None, description="Of one of these exposures to the next, shorter one; by default 16."
    )

    @model_validator(mode="before")
    @classmethod
    def _as_measured(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("model") in MEASURED:
            return measured(given["model"]) | given
        return given

    @model_validator(mode="after")
    def _mergeable(self) -> Imager:
        if self.ratio is not None and self.exposures == 1:
            raise ValueError("ratio is of several exposures: say how many exposures are merged")
        if self.black_level >= 0.5 * self.white:
            raise ValueError(f"black_level {self.black_level} leaves less than half of the {self.bits} bits")
        if abs(float(np.linalg.det(self.response))) < 1e-3:
            raise ValueError("color_response cannot be undone: two of its rows are alike")
        return self

    @property
    def response(self) -> Floats:
        """(3, 3) what the three kinds of pixels take of red, green and blue."""
        return np.eye(3) if self.color_response is None else np.array(self.color_response)

    @property
    def step(self) -> float:
        """From one of several exposures to the next."""
        return self.ratio if self.ratio is not None else 16.0

    @property
    def headroom(self) -> float:
        """The largest signal it tells apart, as a multiple of what saturates the longest exposure."""
        return self.step ** (self.exposures - 1)

    @property
    def white(self) -> int:
        """The largest number of one exposure [DN]."""
        return int(2**self.bits - 1)

    @property
    def brightest(self) -> int:
        """The largest number it gives, exposures merged [DN]."""
        return round(self.black_level + (self.white - self.black_level) * self.headroom)

    def gain(self, decibel: float) -> float:
        """K [DN/e-]: at 0 dB a full well is the largest number."""
        return float((self.white - self.black_level) / self.full_well * 10.0 ** (decibel / 20.0))

    def photons(self, lux: ArrayLike, time: float) -> Floats:
        """Mean number that arrives on a pixel in `time` [s] under an illuminance [lx]."""
        area = (self.pixel_size * 1e6) ** 2
        return np.asarray(PHOTONS * area * time * 1e3 * WAVELENGTH * (np.asarray(lux) / EFFICACY * 100.0))


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


def merged(
    imager: Imager, photons: Floats, time: float, decibel: float, chip: Pattern, random: np.random.Generator
) -> NDArray[np.uint16] | NDArray[np.uint32]:
    """Numbers of all exposures in steps of the longest [DN]: of each pixel that of the longest not near saturation."""
    if imager.exposures == 1:
        return digitised(imager, photons, time, decibel, chip, random)
    black, whole = imager.black_level, np.zeros(photons.shape)
    for number in reversed(range(imager.exposures)):
        share = imager.step**-number
        taken = digitised(imager, photons * share, time * share, decibel, chip, random).astype(np.float64) - black
        usable = (taken < JUNCTION * (imager.white - black)) | (number == imager.exposures - 1)
        whole = np.where(usable, taken / share, whole)
    numbers = np.clip(np.round(whole + black), 0, imager.brightest)
    return numbers.astype(np.uint16) if imager.brightest < 2**16 else numbers.astype(np.uint32)


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
