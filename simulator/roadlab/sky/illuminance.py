"""How much light the sky brings to level, open ground [lx].

From sun and moon after P. M. Janiczek and J. A. DeYoung, "Computer programs for sun and moon illuminance with
contingent tables and diagrams", U.S. Naval Observatory Circular 171 (1987): cubics of the elevation in right angles
for the logarithm of the illuminance under a clear sky.
"""

from __future__ import annotations

import math

import numpy as np

from roadlab.scenario.spec import EnvironmentSpec, MapSpec
from roadlab.sky.moon import Moon, moon_of
from roadlab.sky.sun import sun_of
from roadlab.weather import Weather

_SUN = (
    (20.0, (3.74, 3.97, -4.07, 1.47)),
    (5.0, (3.05, 13.28, -45.98, 64.33)),
    (-0.8, (2.88, 22.26, -207.64, 1034.30)),
    (-5.0, (2.88, 21.81, -258.11, -858.36)),
    (-12.0, (2.70, 12.17, -431.69, -1899.83)),
    (-18.0, (13.84, 262.72, 1447.42, 2797.93)),
)
_MOON = (
    (20.0, (-1.95, 4.06, -4.24, 1.56)),
    (5.0, (-2.58, 12.58, -42.58, 59.06)),
    (-0.8, (-2.79, 24.27, -252.95, 1321.29)),
)
"""From which elevation on [deg], and the coefficients of x^0 to x^3."""
AIRGLOW = 0.002
"""Of a moonless sky far from towns [lx]."""
SKYGLOW = {"city": 0.007, "old_town": 0.005, "industrial": 0.005, "suburb": 0.002, "motorway": 0.0008}
"""Zenith luminance by the style of the surroundings [cd/m²]: 18 to 20.5 mag/arcsec² (Falchi et al. 2016)."""
COUNTRY = 0.0003
DIPPED_BEAM = 1000.0
"""Head lamps are to be on below this ambient light [lx] (UN Regulation 48, annex 12)."""
STREET_LAMPS = 20.0
"""Street lamps are switched on below this light [lx]."""


def _clear(table: tuple[tuple[float, tuple[float, ...]], ...], elevation: float) -> float:
    degrees = math.degrees(elevation)
    for least, (a, b, c, d) in table:
        if degrees >= least:
            x = degrees / 90.0
            return float(10.0 ** (a + b * x + c * x * x + d * x**3))
    return 0.0


def from_sun(elevation: float) -> float:
    """Sunlight and twilight under a clear sky, for the sun's elevation [rad]."""
    return _clear(_SUN, elevation)


def from_moon(moon: Moon) -> float:
    """Moonlight under a clear sky, at the moon's mean distance."""
    angle = math.degrees(moon.phase)
    return _clear(_MOON, moon.elevation) * float(10.0 ** (-8.68e-3 * angle - 2.2e-9 * angle**4))


def through_clouds(cloud: float) -> float:
    """Share of a clear sky's light that arrives under clouds (Kasten and Czeplak 1980)."""
    return 1.0 - 0.75 * math.pow(cloud, 3.4)


def skyglow(environment: EnvironmentSpec, surroundings: str | None, cloud: float) -> float:
    """Zenith luminance that the lamps of towns give the sky [cd/m²].

    Clouds throw it back: ten times as much in the middle of towns, three times far outside (Kyba et al. 2011).
    """
    if environment.skyglow is not None:
        return environment.skyglow
    clear = SKYGLOW.get(surroundings or "", COUNTRY)
    return clear * (1.0 + (9.1 if clear >= 0.005 else 1.8) * cloud)


def clear_sky(environment: EnvironmentSpec) -> float:
    """What sun, moon and stars bring under a clear sky [lx]."""
    return from_sun(sun_of(environment).elevation) + from_moon(moon_of(environment)) + AIRGLOW


def ambient(environment: EnvironmentSpec, map_spec: MapSpec, weather: Weather) -> float:
    """All that the sky brings [lx]; no lamps."""
    glow = np.pi * skyglow(environment, map_spec.surroundings.style, weather.cloud)
    return float(clear_sky(environment) * through_clouds(weather.cloud) + glow)
