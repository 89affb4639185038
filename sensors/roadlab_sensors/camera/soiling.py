"""Dust and drops on the front of the lens: far too near to be in focus, and the same in every frame."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.camera.lens import Lens

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

SPECK = (0.006, 0.05)
"""Smallest and largest radius of a speck's blurred image, as shares of the image's width; an assumption."""
DROP = (0.012, 0.05)
"""The same of drops."""
OPACITY = (0.15, 0.75)
"""Of specks in their middle: blurred over the aperture, even a dense one does not hide everything."""
SCATTER = 0.35
"""Share of the light that a speck keeps back and sends forward all the same, as haze."""
WIDE = 0.4
"""Half the width of what a drop shows upside down, as a share of the image's width: it is a small, strong lens."""
RIM = 0.4
"""Outer share of a drop's radius over which it fades into what is beside it."""


@dataclass(frozen=True)
class Soiling:
    """What is on one camera's lens."""

    cover: Image
    """(H, W) share of the light that specks keep back."""
    drop: Image
    """(H, W) share of each pixel's light that comes through a drop."""
    where: Image
    """(H, W, 2) the pixel (u, v) whose light a drop brings instead."""

    @classmethod
    def of(cls, dirt: float, drops: int, lens: Lens, random: np.random.Generator) -> Soiling:
        """Specks that cover a share `dirt` of the picture, and a number of drops."""
        v, u = np.mgrid[0 : lens.height, 0 : lens.width].astype(np.float32)
        cover = _specks(dirt, u, v, random)
        drop, where = np.zeros_like(u), np.stack([u, v], axis=-1)
        for _ in range(drops):
            radius = lens.width * np.exp(random.uniform(*np.log(DROP)))
            center = random.uniform((0.0, 0.0), (lens.width, lens.height))
            flat = 1.0 + random.uniform(0.0, 0.4)  # drops hang
            across, down = (u - center[0]) / radius, (v - center[1]) / (radius * flat)
            away = np.hypot(across, down)
            share = np.clip((1.0 - away) / RIM, 0.0, 1.0)
            inside = share > drop
            bent = WIDE * lens.width * 0.5 * (1.0 + away**2)  # more towards the rim
            turned = np.stack([center[0] - across * bent, center[1] - down * bent])
            where[inside] = np.moveaxis(turned, 0, -1)[inside]
            drop = np.maximum(drop, share)
        return cls(cover, drop.astype(np.float32), where.astype(np.float32))

    def on(self, picture: Image) -> Image:
        """The picture (H, W, 3) as it comes through what is on the lens."""
        import cv2

        seen = picture
        if self.drop.any():
            blur = max(picture.shape[1] / 150.0, 0.6)
            soft = cv2.GaussianBlur(picture, (0, 0), blur, borderType=cv2.BORDER_REPLICATE)
            u, v = np.ascontiguousarray(self.where[..., 0]), np.ascontiguousarray(self.where[..., 1])
            bent = cv2.remap(soft, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
            share = self.drop[..., None]
            seen = seen * (1.0 - share) + bent * share
        if self.cover.any():
            haze = picture.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)
            share = self.cover[..., None]
            seen = seen * (1.0 - share) + SCATTER * share * haze
        return np.asarray(seen, dtype=np.float32)


def _specks(dirt: float, u: Image, v: Image, random: np.random.Generator) -> Image:
    """Discs with soft edges until they cover so much of the picture."""
    height, width = u.shape
    passed = np.ones((height, width), dtype=np.float32)
    area, wanted = 0.0, -np.log(1.0 - dirt) * height * width
    while area < wanted:
        radius = width * np.exp(random.uniform(*np.log(SPECK)))
        x, y = random.uniform((0.0, 0.0), (width, height))
        opacity = random.uniform(*OPACITY)
        area += np.pi * radius**2
        left, right = max(int(x - radius), 0), min(int(x + radius) + 2, width)
        top, bottom = max(int(y - radius), 0), min(int(y + radius) + 2, height)
        away = np.hypot(u[top:bottom, left:right] - x, v[top:bottom, left:right] - y) / radius
        passed[top:bottom, left:right] *= 1.0 - opacity * np.clip(2.0 * (1.0 - away), 0.0, 1.0)
    return 1.0 - passed
