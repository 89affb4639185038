"""Where the sun stands: the NREL solar position algorithm (Reda and Andreas 2004, TP-560-34302), by `sunposition`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.scenario.spec import EnvironmentSpec

TERRESTRIAL_TIME_LEAD = 69.2
"""Terrestrial minus universal time in the 2020s [s] (IERS)."""


@dataclass(frozen=True, slots=True)
class Sun:
    """The sun's place in the sky."""

    azimuth: float
    """Clockwise from north [rad]."""
    elevation: float
    """Above the horizon, with refraction [rad]."""

    @property
    def direction(self) -> NDArray[np.float64]:
        """Unit vector towards the sun, x east, y north, z up."""
        flat = np.cos(self.elevation)
        return np.array([flat * np.sin(self.azimuth), flat * np.cos(self.azimuth), np.sin(self.elevation)])


def sun_at(
    moment: dt.datetime,
    latitude: float,
    longitude: float,
    *,
    altitude: float = 0.0,
    pressure: float = 1013.25,
    temperature: float = 12.0,
    time_lead: float = TERRESTRIAL_TIME_LEAD,
) -> Sun:
    """The sun from a place [deg, m] at a moment with a time zone, through air of this pressure [hPa] and heat [C]."""
    import sunposition

    universal = np.datetime64(moment.astimezone(dt.UTC).replace(tzinfo=None), "us")
    azimuth, zenith = sunposition.sunpos(
        universal, latitude, longitude, altitude, temperature, pressure, time_lead, radians=True
    )[:2]
    return Sun(float(azimuth), float(np.pi / 2 - zenith))


def sun_of(environment: EnvironmentSpec) -> Sun:
    """The sun where a scenario puts it, or else of its date, time and place."""
    if environment.sun is not None:
        return Sun(environment.sun.azimuth, environment.sun.elevation)
    return sun_at(moment_of(environment), environment.place.latitude, environment.place.longitude)


def moment_of(environment: EnvironmentSpec) -> dt.datetime:
    """Date and time of a scenario, with its time zone."""
    zone = dt.timezone(dt.timedelta(seconds=environment.utc_offset))
    return dt.datetime.combine(environment.date, dt.time.fromisoformat(environment.time), zone)
