"""The sky from sunset to sunrise as a picture, in cd/m².

How bright it is altogether follows the tables of the U.S. Naval Observatory (`roadlab.sky.illuminance`); how it spreads
over the sky, with the glow over the sun that has set and towns' light at the horizon, is drawn after photographs of
clear twilights (Lee 1994, Applied Optics 33, 4629).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab.sky.illuminance import AIRGLOW, from_moon, from_sun, through_clouds
from roadlab.sky.moon import Moon
from roadlab_sensors.rays.daylight import LUMINANCE, OVERCAST, Daylight
from roadlab_sensors.world.luminaires import light_of, tinted
from roadlab_sensors.world.sun import Sun

Floats = NDArray[np.float64]
SHAPE = (128, 256)
"""Rows and columns of the picture."""
DIRECT = 0.85
"""Share of the moon's light that comes from the moon itself."""
MOONLIGHT = light_of(4100.0)
TOWNS = light_of(3000.0)
NEUTRAL = np.ones(3)


@dataclass(frozen=True)
class NightSky:
    """The sky after sunset."""

    light: Daylight
    """As the ray engine's emitter, 1 unit a cd/m²."""
    illuminance: Floats
    """(3,) all its light on level, open ground but the moon's own [lx], by red, green and blue."""
    moon: Floats
    """(3,) direction to the moon."""
    moon_lux: float
    """What the moon itself brings to a surface that faces it [lx]."""


def night_sky(sun: Sun, moon: Moon, cloud: float, skyglow: float) -> NightSky:
    """The sky with the sun near or below the horizon; `skyglow` is the zenith's luminance by lamps [cd/m²]."""
    up, directions, weights = _hemisphere()
    seen = through_clouds(cloud)
    moonlight = from_moon(moon) if moon.elevation > 0.0 else 0.0
    parts = [
        (_twilight(sun, directions), seen * from_sun(sun.elevation)),
        (_even(up, np.array([0.7, 0.95, 1.5])), seen * (1.0 - DIRECT) * moonlight),
        (_even(up, NEUTRAL), seen * AIRGLOW),
    ]
    clear = sum(_of(picture, lux, weights) for picture, lux in parts)
    # (1 + 2 sin elevation) / 3 of the zenith's luminance, as under a sky covered all over (CIE 110-1994).
    grey = np.clip((1.0 + 2.0 * up) / 3.0, 0.0, None)[..., None] * OVERCAST
    total = float((clear * weights).sum(axis=(0, 1)) @ LUMINANCE)
    lost = cloud * seen * DIRECT * moonlight
    picture = (1.0 - cloud) * clear + _of(grey, cloud * total + lost, weights)
    picture = picture + skyglow * (1.0 + 2.5 * np.clip(1.0 - up, 0.0, 1.0) ** 4)[..., None] * TOWNS
    picture[up <= 0.0] = 0.0
    emitter = {
        "type": "envmap",
        "bitmap": mi.Bitmap(np.ascontiguousarray(picture, dtype=np.float32)),
        "to_world": mi.ScalarTransform4f().rotate([1, 0, 0], 90),
    }
    facing = (1.0 - cloud) * DIRECT * moonlight / max(math.sin(moon.elevation), 0.05)
    return NightSky(
        Daylight(emitter, sun.direction, 0.01), (picture * weights).sum(axis=(0, 1)), moon.direction, facing
    )


def _hemisphere() -> tuple[Floats, Floats, Floats]:
    """Sine of the elevation, directions (rows, columns, 3), and what each pixel adds to level ground per radiance."""
    rows, columns = SHAPE
    theta = (np.arange(rows) + 0.5) / rows * np.pi
    phi = (np.arange(columns) + 0.5) / columns * 2.0 * np.pi
    up = np.cos(theta)[:, None] * np.ones(columns)
    # Mitsuba's maps have y up: turned so that z is.
    east, north = np.sin(theta)[:, None] * np.sin(phi), np.sin(theta)[:, None] * np.cos(phi)
    solid = np.sin(theta)[:, None] * (np.pi / rows) * (2.0 * np.pi / columns)
    return up, np.stack([east, north, up], axis=-1), (np.clip(up, 0.0, None) * solid)[..., None]


def _twilight(sun: Sun, directions: Floats) -> Floats:
    """The look of a clear sky for the sun's elevation; only its shape and its colours count."""
    degrees = math.degrees(sun.elevation)
    elevation = np.degrees(np.arcsin(np.clip(directions[..., 2], 0.0, 1.0)))
    level = np.array([math.sin(sun.azimuth), math.cos(sun.azimuth)])
    length = np.maximum(np.hypot(directions[..., 0], directions[..., 1]), 1e-9)
    toward = 0.5 + 0.5 * (directions[..., :2] @ level) / length
    depth = min(max(-degrees / 12.0, 0.0), 1.0)
    blue = tinted(np.array([0.62, 0.86, 1.45]) * (1.0 - depth) + np.array([0.42, 0.72, 1.75]) * depth)
    orange = tinted(np.array([1.5, 0.82, 0.36]) * (1.0 - depth) + np.array([1.75, 0.66, 0.22]) * depth)
    rose = tinted(np.array([1.25, 0.86, 0.8]))
    base = 1.0 + 1.2 * np.exp(-elevation / 15.0)
    glow = (9.0 + 9.0 * depth) * np.exp(-elevation / (9.0 - 3.0 * depth)) * toward**3
    upper = 2.5 * np.exp(-elevation / 24.0) * toward**2
    anti = 0.5 * (1.0 - depth) * np.exp(-(((elevation - 8.0) / 7.0) ** 2)) * (1.0 - toward) ** 2
    return base[..., None] * blue + glow[..., None] * orange + (upper + anti)[..., None] * rose


def _even(up: Floats, color: Floats) -> Floats:
    return (1.0 + 0.5 * np.clip(1.0 - up, 0.0, 1.0) ** 3)[..., None] * tinted(color)


def _of(picture: Floats, lux: float, weights: Floats) -> Floats:
    """The picture so bright that it brings so much to level ground."""
    return np.asarray(picture * (lux / float((picture * weights).sum(axis=(0, 1)) @ LUMINANCE)))
