"""Sun and sky as the ray engine's emitter, and how much light they bring."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.rays.surfaces import owned
from roadlab_sensors.world.sun import Sun

SKY_MAP = (256, 512)
"""Rows and columns of the picture of a cloudy sky."""
LUMINANCE = np.array([0.2126, 0.7152, 0.0722])
OVERCAST = np.array([0.96, 1.0, 1.07])
"""Colour of clouds of luminance 1: a little cooler than white."""
LOWEST_SUN = math.radians(1.0)
"""The sky model (Wilkie et al. 2021, in Mitsuba) needs the sun above the horizon."""


SUN_RADIUS = math.radians(0.27)
"""As seen from the ground, with a hair to spare: Mitsuba's sun is 0.5358 degrees wide [rad]."""
BLUR = math.radians(0.8)
"""Standard deviation of the sun in the picture of a cloudy sky, whose pixels are as wide [rad]."""


@dataclass(frozen=True)
class Daylight:
    """Sun and sky."""

    emitter: Mapping[str, Any]
    """Mitsuba's description of both."""
    toward_sun: NDArray[np.float64]
    """(3,) unit vector in the world."""
    sun_radius: float
    """So far from there direct light comes from [rad]."""


def daylight(sun: Sun, turbidity: float, cloud: float = 0.0) -> Daylight:
    """The sky with its sun; `cloud` is the share of it that is covered.

    ValueError when the sun stands lower than `LOWEST_SUN`: see `night_sky`.
    """
    if sun.elevation < LOWEST_SUN:
        raise ValueError(f"a sun at {math.degrees(sun.elevation):.1f} degrees brings no daylight")
    clear = {"type": "sunsky", "sun_direction": sun.direction.tolist(), "turbidity": turbidity}
    if cloud <= 0.0:
        return Daylight(clear, sun.direction, SUN_RADIUS)
    return Daylight(_cloudy(clear, sun, cloud), sun.direction, 3.0 * BLUR)


def _cloudy(clear: dict[str, Any], sun: Sun, cloud: float) -> dict[str, Any]:
    """A picture of the sky: what is left of the clear one, the sun through the gaps, and the CIE overcast sky.

    All of it brings 1 - 0.75 cloud^3.4 of a clear sky's light (Kasten and Czeplak 1980, Solar Energy 24).
    """
    whole = illuminance(mi.load_dict({"type": "scene", "sky": clear}))
    diffuse = illuminance(mi.load_dict({"type": "scene", "sky": clear | {"sun_scale": 0.0}}))
    rows, columns = SKY_MAP
    theta = (np.arange(rows) + 0.5) / rows * np.pi
    phi = (np.arange(columns) + 0.5) / columns * 2.0 * np.pi
    # Mitsuba's maps have y up: turned so that z is.
    up = np.cos(theta)[:, None] * np.ones(columns)
    east, north = np.sin(theta)[:, None] * np.sin(phi), -np.sin(theta)[:, None] * np.cos(phi)
    directions = np.stack([east, -north, up], axis=-1)
    sky = radiance_towards(mi.load_dict(clear | {"sun_scale": 0.0}), directions.reshape(-1, 3)).reshape(
        rows, columns, 3
    )
    direct = (1.0 - cloud) * (whole - diffuse)
    rest = np.maximum((1.0 - 0.75 * cloud**3.4) * whole - direct - (1.0 - cloud) * diffuse, 0.0)
    # (1 + 2 sin elevation) / 3 of the zenith's luminance brings 7 pi / 9 of it to level ground (CIE 110-1994).
    grey = np.clip((1.0 + 2.0 * up) / 3.0, 0.0, None) * (up > 0.0) / (7.0 * np.pi / 9.0)
    luminance = float(rest @ LUMINANCE)
    picture = (1.0 - cloud) * np.where(up[..., None] > 0.0, sky, 0.0) + grey[..., None] * luminance * OVERCAST
    picture += _disc(directions, sun) * direct / max(math.sin(sun.elevation), 0.05)
    return {
        "type": "envmap",
        "bitmap": mi.Bitmap(np.ascontiguousarray(picture, dtype=np.float32)),
        "to_world": mi.ScalarTransform4f().rotate([1, 0, 0], 90),
    }


def _disc(directions: NDArray[np.float64], sun: Sun) -> NDArray[np.float64]:
    """(H, W, 1) radiance of a blurred sun that brings 1 to what faces it."""
    rows, columns = directions.shape[:2]
    apart = np.arccos(np.clip(directions @ sun.direction, -1.0, 1.0))
    solid = np.sin((np.arange(rows) + 0.5) / rows * np.pi)[:, None] * (np.pi / rows) * (2.0 * np.pi / columns)
    shape = np.exp(-0.5 * (apart / BLUR) ** 2)
    return np.asarray((shape / (shape * solid).sum())[..., None])


def radiance_towards(emitter: Any, directions: NDArray[np.float64]) -> NDArray[np.float64]:
    """(N, 3) radiance of the sky in directions (N, 3)."""
    seen = dr.zeros(mi.SurfaceInteraction3f, len(directions))
    seen.wi = -mi.Vector3f(*(owned(column) for column in directions.T))
    found = emitter.eval(seen)
    dr.eval(found)
    return np.stack([np.array(channel, dtype=np.float64) for channel in found], axis=-1)


def illuminance(scene: Any, samples: int = 1 << 16) -> NDArray[np.float64]:
    """(3,) irradiance of level, open ground by red, green and blue, in units of the scene's emitter."""
    sampler = mi.load_dict({"type": "independent"})
    sampler.seed(0, samples)
    ground = dr.zeros(mi.SurfaceInteraction3f, samples)
    direction, weight = scene.sample_emitter_direction(ground, sampler.next_2d(), False)
    arriving = weight * dr.maximum(direction.d.z, 0.0)
    dr.eval(arriving)
    return np.array([np.array(c, dtype=np.float64).mean() for c in arriving])


def luminance_unit(sun: Sun, turbidity: float) -> float:
    """How many emitter units one cd/m² is.

    Direct light is 128 klx · exp(-0.21 m) with the air mass m of Kasten and Young (1989), the clear sky about 24 klx.
    """
    elevation = math.degrees(sun.elevation)
    air_mass = 1.0 / (math.sin(sun.elevation) + 0.50572 * (elevation + 6.07995) ** -1.6364)
    lux = 128_000.0 * math.exp(-0.21 * air_mass) * math.sin(sun.elevation) + 24_000.0 * min(1.0, elevation / 20.0)
    clear = illuminance(mi.load_dict({"type": "scene", "sky": dict(daylight(sun, turbidity).emitter)}))
    return float(clear @ LUMINANCE) / lux
