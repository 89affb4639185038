"""From signals of the imager, or of a perfect one, to the file's picture: balance, colours, tone, encoding."""

from __future__ import annotations

from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, model_validator

from roadlab.scenario.spec import Spec

Floats = NDArray[np.float64]
Image = NDArray[np.float32]
Factor = Annotated[float, Field(gt=0.0, le=16.0)]
Row = Annotated[list[Annotated[float, Field(ge=-16.0, le=16.0)]], Field(min_length=3, max_length=3)]
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
"""Of red, green and blue (IEC 61966-2-1)."""
KNEE = 0.55
"""Linear signal above which highlights are compressed, as film and camera pipelines do."""


class Picture(Spec):
    """How the camera makes its picture, and as what file."""

    white_balance: Literal["light"] | Annotated[list[Factor], Field(min_length=3, max_length=3)] = Field(
        "light", description="light: grey on open ground is grey; or factors of red, green and blue."
    )
    color_matrix: Annotated[list[Row], Field(min_length=3, max_length=3)] | None = Field(
        None,
        description="From balanced signals to linear sRGB, row by row; by default what makes up for the imager's "
        "color_response.",
    )
    tone: Literal["film", "linear"] = Field("film", description="film: highlights are compressed, not cut.")
    format: Literal["png", "jpeg"] = Field("png", description="jpeg: with what compression does to the picture.")
    quality: Annotated[int, Field(ge=1, le=100)] | None = Field(None, description="Of JPEG, by default 90.")

    @model_validator(mode="after")
    def _of_jpeg(self) -> Picture:
        if self.quality is not None and self.format != "jpeg":
            raise ValueError("quality is of JPEG: say format: jpeg")
        return self

    def balance(self, light: Floats) -> Floats:
        """(3,) factors under a `light` (3,) as the imager's colours see it."""
        if self.white_balance == "light":
            return np.asarray(light @ LUMINANCE / light)
        return np.array(self.white_balance)

    def matrix(self, response: Floats, light: Floats) -> Floats:
        """(3, 3) from balanced signals of colours with a `response` (3, 3) to linear sRGB; grey stays grey."""
        if self.color_matrix is not None:
            return np.array(self.color_matrix)
        caught = response @ light
        return np.asarray(np.diag(1.0 / light) @ np.linalg.inv(response) @ np.diag(caught))

    def finished(self, signal: Image, matrix: Floats, white: float) -> NDArray[np.uint8]:
        """(H, W, 3) sRGB of balanced signals (H, W, 3); `white` is the largest they can be, or infinite."""
        held = np.clip(signal, 0.0, white)
        linear = (
            held if np.array_equal(matrix, np.eye(3)) else np.einsum("hwc,kc->hwk", held, matrix.astype(np.float32))
        )
        return encode(tone(np.maximum(linear, 0.0), white) if self.tone == "film" else np.clip(linear, 0.0, 1.0))


def tone(signal: Image, white: float = float("inf")) -> Image:
    """Linear up to `KNEE`, then smoothly to 1, which it reaches at `white`."""
    room = np.float32(1.0 - KNEE)
    end = 1.0 - np.exp(-(max(white, 1.0) - KNEE) / room)
    over = 1.0 - np.exp(-(np.maximum(signal, KNEE) - KNEE) / room)
    return np.where(signal <= KNEE, signal, KNEE + room * np.minimum(over / end, 1.0)).astype(np.float32)


def encode(linear: Image) -> NDArray[np.uint8]:
    """8-bit sRGB (IEC 61966-2-1) of a linear signal in [0, 1]."""
    curved = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-8) ** np.float32(1 / 2.4) - 0.055
    )
    return (np.clip(curved, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)


def compressed(image: NDArray[np.uint8], quality: int) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """The picture (H, W, 3) as JPEG shows it, and the file's bytes (N,)."""
    import cv2

    options = [cv2.IMWRITE_JPEG_QUALITY, quality]
    _, data = cv2.imencode(".jpg", np.ascontiguousarray(image[..., ::-1]), options)
    shown = cv2.imdecode(data, cv2.IMREAD_COLOR)
    return np.ascontiguousarray(np.asarray(shown, dtype=np.uint8)[..., ::-1]), np.asarray(data, np.uint8).ravel()
