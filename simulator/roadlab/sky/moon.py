"""Where the moon stands and how much of it is lit: the low-precision formulae of the Astronomical Almanac (page D22).

They are good to 0.3 degrees, about the moon's radius, for the years 1900 to 2100.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.scenario.spec import EnvironmentSpec
from roadlab.sky.sun import Sun, moment_of, sun_of

_EPOCH = dt.datetime(2000, 1, 1, 12, tzinfo=dt.UTC)
_LONGITUDE = ((6.29, 135.0, 477198.87), (-1.27, 259.3, -413335.36), (0.66, 235.7, 890534.22), (0.21, 269.9, 954397.74),
              (-0.19, 357.5, 35999.05), (-0.11, 186.5, 966404.03))  # fmt: skip
_LATITUDE = ((5.13, 93.3, 483202.02), (0.28, 228.2, 960400.89), (-0.28, 318.3, 6003.15), (-0.17, 217.6, -407332.21))
_PARALLAX = ((0.0518, 135.0, 477198.87), (0.0095, 259.3, -413335.36), (0.0078, 235.7, 890534.22),
             (0.0028, 269.9, 954397.74))  # fmt: skip


@dataclass(frozen=True, slots=True)
class Moon:
    """The moon's place in the sky and its phase."""

    azimuth: float
    """Clockwise from north [rad]."""
    elevation: float
    """Above the horizon, seen from the ground [rad]."""
    phase: float
    """Angle between sun and ground as seen from the moon [rad]: 0 is full, pi new."""

    @property
    def direction(self) -> NDArray[np.float64]:
        """Unit vector towards the moon, x east, y north, z up."""
        flat = np.cos(self.elevation)
        return np.array([flat * np.sin(self.azimuth), flat * np.cos(self.azimuth), np.sin(self.elevation)])


def moon_at(moment: dt.datetime, latitude: float, longitude: float, sun: Sun) -> Moon:
    """The moon from a place [deg] at a moment with a time zone, when the sun stands at `sun`."""
    days = (moment.astimezone(dt.UTC) - _EPOCH).total_seconds() / 86400.0
    centuries = days / 36525.0

    def waves(terms: tuple[tuple[float, float, float], ...], wave: np.ufunc) -> float:
        return float(sum(a * wave(np.radians(b + c * centuries)) for a, b, c in terms))

    far = np.radians(218.32 + 481267.881 * centuries + waves(_LONGITUDE, np.sin))
    wide = np.radians(waves(_LATITUDE, np.sin))
    parallax = np.radians(0.9508 + waves(_PARALLAX, np.cos))
    east = np.array([np.cos(wide) * np.cos(far), np.cos(wide) * np.sin(far), np.sin(wide)])
    tilt = np.radians(23.439 - 0.013 * centuries)
    c, s = np.cos(tilt), np.sin(tilt)
    place = np.array([east[0], c * east[1] - s * east[2], s * east[1] + c * east[2]])
    turn = np.radians(280.46061837 + 360.98564736629 * days + longitude)
    hour, declination = turn - np.arctan2(place[1], place[0]), np.arcsin(place[2])
    north = np.radians(latitude)
    height = np.arcsin(np.sin(north) * np.sin(declination) + np.cos(north) * np.cos(declination) * np.cos(hour))
    azimuth = np.arctan2(
        -np.cos(declination) * np.sin(hour),
        np.sin(declination) * np.cos(north) - np.cos(declination) * np.cos(hour) * np.sin(north),
    )
    moon = Moon(float(azimuth % (2.0 * np.pi)), float(height - parallax * np.cos(height)), 0.0)
    apart = np.arccos(np.clip(moon.direction @ sun.direction, -1.0, 1.0))
    return Moon(moon.azimuth, moon.elevation, float(np.pi - apart))


def moon_of(environment: EnvironmentSpec) -> Moon:
    """The moon where a scenario puts it, or else of its date, time and place; below the horizon if the sun is put."""
    if environment.moon is not None:
        # A ball lit from one side shows (1 + cos phase) / 2 of its disc lit.
        phase = np.arccos(2.0 * environment.moon.lit - 1.0)
        return Moon(environment.moon.azimuth, environment.moon.elevation, float(phase))
    if environment.sun is not None:
        return Moon(0.0, -0.5 * np.pi, 0.0)
    place = environment.place
    return moon_at(moment_of(environment), place.latitude, place.longitude, sun_of(environment))
