"""Sun and sky as the ray engine's emitter, and how much light they bring."""

from __future__ import annotations

import math
from typing import Any

import drjit as dr
import mitsuba as mi
import numpy as np
from numpy.typing import NDArray

from roadlab.errors import RoadlabError
from roadlab_sensors.world.sun import Sun

LOWEST_SUN = math.radians(1.0)
"""The sky model (Wilkie et al. 2021, in Mitsuba) needs the sun above the horizon."""


def daylight(sun: Sun, turbidity: float) -> dict[str, Any]:
    """Mitsuba's description of a clear sky with its sun.

    Raises RoadlabError when the sun is not above the horizon: night has no light model yet.
    """
    if sun.elevation < LOWEST_SUN:
        raise RoadlabError(
            f"the sun stands {math.degrees(sun.elevation):.1f} degrees above the horizon at the scenario's date, time "
            "and place; only daylight can be rendered: choose another environment.time"
        )
    return {"type": "sunsky", "sun_direction": sun.direction.tolist(), "turbidity": turbidity}


def illuminance(scene: Any, samples: int = 1 << 16) -> NDArray[np.float64]:
    """(3,) irradiance of level, open ground by red, green and blue, in units of the scene's emitter."""
    sampler = mi.load_dict({"type": "independent"})
    sampler.seed(0, samples)
    ground = dr.zeros(mi.SurfaceInteraction3f, samples)
    direction, weight = scene.sample_emitter_direction(ground, sampler.next_2d(), False)
    arriving = weight * dr.maximum(direction.d.z, 0.0)
    dr.eval(arriving)
    return np.array([np.array(c, dtype=np.float64).mean() for c in arriving])


def luminance_unit(sun: Sun, illuminance_rgb: NDArray[np.float64]) -> float:
    """How many emitter units one cd/m² is.

    Direct light is 128 klx · exp(-0.21 m) with the air mass m of Kasten and Young (1989), the clear sky about 24 klx.
    """
    elevation = math.degrees(sun.elevation)
    air_mass = 1.0 / (math.sin(sun.elevation) + 0.50572 * (elevation + 6.07995) ** -1.6364)
    lux = 128_000.0 * math.exp(-0.21 * air_mass) * math.sin(sun.elevation) + 24_000.0 * min(1.0, elevation / 20.0)
    return float(illuminance_rgb @ [0.2126, 0.7152, 0.0722]) / lux
