"""From the light of traced paths to the radiance at every pixel."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.camera.lens import Lens
from roadlab_sensors.rays.light import Light, Quality


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
