"""What fog, rain and snow put between the scene and the lens."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from roadlab.weather import Weather
from roadlab_sensors.camera.lens import Fisheye, Lens, Pinhole
from roadlab_sensors.lidar.air import extinction

Image = NDArray[np.float32]
Floats = NDArray[np.float64]

NEAREST, FARTHEST = 0.4, 4.0
"""Between these distances drops and flakes are seen one by one [m]; beyond they are part of the veil."""
SMALLEST = 0.8
"""Diameter [mm] below which a drop leaves no streak."""
FLAKE_SIZE = (1e-3, 4e-3)
"""Diameters of flakes [m]; an assumption."""
FLAKE_SPEED = 1.2
"""Of flakes that fall [m/s]."""
DEFOCUS = 0.9
"""Blur of what is so near, as the lens is focused far away [px]."""
MOST = 20_000
"""So many streaks are drawn at most."""


def veiled(radiance: Image, distance: Floats, weather: Weather, air: Floats) -> Image:
    """Koschmieder's law (1924): L = L0 exp(-b d) + L_air (1 - exp(-b d)).

    `radiance` (H, W, 3) over `distance` (H, W) [m], +inf for the sky; `air` (3,) is the horizon's radiance.
    """
    density = extinction(weather)
    with np.errstate(over="ignore"):
        passed = np.exp(-density * np.where(np.isfinite(distance), distance, SKY))[..., None]
    return np.asarray(radiance * passed + air * (1.0 - passed), dtype=np.float32)


SKY = 20_000.0
"""How much air lies before the sky [m]: in clear air the sky's own picture counts."""


def airlight(illuminance: Floats) -> Floats:
    """(3,) radiance of the horizon in thick air that is lit by `illuminance` (3,) on level ground.

    A white, matte surface upright in the open: it sees half the sky.
    """
    return np.asarray(0.5 * illuminance / np.pi)


def fallen(
    radiance: Image,
    lens: Lens,
    weather: Weather,
    exposure: float,
    speed: float,
    random: np.random.Generator,
    light: Floats,
) -> Image:
    """The picture with the drops and flakes that cross it while the shutter is open.

    `exposure` in s, `speed` of the camera through the air [m/s], `light` (3,) the radiance of what they are lit by.
    Drops after Marshall and Palmer (1948), falling as fast as Atlas et al. (1973) measured.
    """
    if not isinstance(lens, Pinhole | Fisheye):
        return radiance
    cover = np.zeros(radiance.shape[:2], dtype=np.float32)
    if weather.rain > 0.0:
        _streaks(cover, lens, _drops(weather.rain, lens, random), (exposure, speed), random)
    if weather.snow > 0.0:
        _streaks(cover, lens, _flakes(weather.snow, lens, random), (exposure, speed), random)
    share = np.clip(cover, 0.0, 0.9)[..., None]
    return np.asarray(radiance * (1.0 - share) + np.asarray(light, dtype=np.float32) * share, dtype=np.float32)


def _drops(rate: float, lens: Pinhole | Fisheye, random: np.random.Generator) -> tuple[Floats, Floats]:
    """Diameters [m] and speeds of fall [m/s] of the drops in view."""
    slope = 4.1 * rate**-0.21
    density = 8000.0 / slope * np.exp(-slope * SMALLEST)  # larger ones a cubic metre
    diameter = SMALLEST + random.exponential(1.0 / slope, _count(density, lens, random))
    return diameter * 1e-3, np.maximum(9.65 - 10.3 * np.exp(-0.6 * diameter), 0.5)


def _flakes(rate: float, lens: Pinhole | Fisheye, random: np.random.Generator) -> tuple[Floats, Floats]:
    mass = rate / 3600.0  # kg/(m² s), which the flakes carry down
    each = 4.0 / 3.0 * np.pi * (0.5 * np.mean(FLAKE_SIZE)) ** 3 * 60.0  # of 60 kg/m³
    count = _count(float(mass / (FLAKE_SPEED * each)), lens, random)
    return random.uniform(*FLAKE_SIZE, count), np.full(count, FLAKE_SPEED)


def _count(density: float, lens: Pinhole | Fisheye, random: np.random.Generator) -> int:
    volume = lens.width / lens.fx * lens.height / lens.fy * (FARTHEST**3 - NEAREST**3) / 3.0
    return min(int(random.poisson(min(density * volume, 1e7))), MOST)


def _streaks(
    cover: Image,
    lens: Pinhole | Fisheye,
    particles: tuple[Floats, Floats],
    moving: tuple[float, float],
    random: np.random.Generator,
) -> None:
    """Adds to `cover` the share of each pixel's light that particles keep back, averaged over the exposure."""
    diameter, fall = particles
    exposure, speed = moving
    count = len(diameter)
    depth = (random.uniform(NEAREST**3, FARTHEST**3, count)) ** (1.0 / 3.0)
    u = random.uniform(0.0, lens.width, count)
    v = random.uniform(0.0, lens.height, count)
    start = np.stack([(u - lens.cx) / lens.fx * depth, (v - lens.cy) / lens.fy * depth, depth], axis=1)
    end = start + exposure * np.stack([np.zeros(count), fall, np.full(count, -speed)], axis=1)
    end[:, 2] = np.maximum(end[:, 2], 0.2)
    first, last = (
        np.stack([lens.fx * p[:, 0] / p[:, 2] + lens.cx, lens.fy * p[:, 1] / p[:, 2] + lens.cy], axis=1)
        for p in (start, end)
    )
    width = diameter * lens.fx / depth
    length = np.hypot(*(last - first).T)
    opacity = np.clip(width, 0.0, 1.0) * np.clip(width / np.maximum(length, width), 0.02, 1.0)
    layer = np.zeros_like(cover)
    for k in np.argsort(opacity)[-MOST:]:
        a, b = (tuple(round(16.0 * float(c)) for c in point) for point in (first[k], last[k]))
        if max(map(abs, (*a, *b))) < 2**30:
            cv2.line(layer, a, b, float(opacity[k]), max(1, round(float(width[k]))), cv2.LINE_8, 4)
    np.maximum(cover, cv2.GaussianBlur(layer, (0, 0), DEFOCUS), out=cover)
