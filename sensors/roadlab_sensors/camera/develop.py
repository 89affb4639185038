"""From the light at each pixel to an 8-bit picture: denoise, expose, balance, tone, encode."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.camera.lens import Lens
from roadlab_sensors.rays.light import Light, Quality

MIDDLE_GREY = 0.28
"""Linear signal of an 18 % grey card on level ground in the open."""
KNEE = 0.55
"""Linear signal above which highlights are compressed, as film and camera pipelines do."""


def cleaned(light: Light, quality: Quality, lens: Lens) -> NDArray[np.float32]:
    """(H, W, 3) radiance at every pixel: without the paths' noise, and between squares of pixels bilinear."""
    if quality.denoiser == "none":
        return light.radiance
    import pyoidn

    clean = pyoidn.denoise(
        light.radiance, np.clip(light.albedo, 0.0, 1.0), light.normal, hdr=True, quality=quality.denoiser
    )
    if quality.block == 1:
        return np.asarray(clean, dtype=np.float32)
    rows, columns = clean.shape[:2]
    whole = cv2.resize(clean, (columns * quality.block, rows * quality.block), interpolation=cv2.INTER_LINEAR)
    return np.asarray(whole[: lens.height, : lens.width], dtype=np.float32)


def develop(radiance: NDArray[np.float32], illuminance: NDArray[np.float64], compensation: float) -> NDArray[np.uint8]:
    """(H, W, 3) sRGB of radiance (H, W, 3).

    Exposure and white balance follow the light on open ground, (3,) in the same units, so that they are the same for
    every frame of a scenario; `compensation` is in stops.
    """
    gain = MIDDLE_GREY / (0.18 * illuminance / np.pi) * 2.0**compensation
    return encode(tone(np.maximum(radiance * gain.astype(np.float32), 0.0)))


def tone(signal: NDArray[np.float32]) -> NDArray[np.float32]:
    """Linear up to `KNEE`, then smoothly towards 1."""
    room = np.float32(1.0 - KNEE)
    return np.where(signal <= KNEE, signal, 1.0 - room * np.exp(-(signal - KNEE) / room)).astype(np.float32)


def encode(linear: NDArray[np.float32]) -> NDArray[np.uint8]:
    """8-bit sRGB (IEC 61966-2-1) of a linear signal in [0, 1]."""
    curved = np.where(
        linear <= 0.0031308, 12.92 * linear, 1.055 * np.maximum(linear, 1e-8) ** np.float32(1 / 2.4) - 0.055
    )
    return (np.clip(curved, 0.0, 1.0) * 255.0 + 0.5).astype(np.uint8)
