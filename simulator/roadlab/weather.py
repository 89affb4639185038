"""The weather: one state that drivers, cameras and lidars share."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray

CLEAR_VISIBILITY = 40_000.0
"""Meteorological optical range of clear air [m]; what a scenario without fog has."""


@dataclass(frozen=True, slots=True)
class Weather:
    """The air, and what it has left on the ground."""

    cloud: float = 0.0
    """Share of the sky that is covered, in [0, 1]."""
    rain: float = 0.0
    """[mm/h]"""
    snow: float = 0.0
    """Snowfall as water [mm/h]."""
    visibility: float = CLEAR_VISIBILITY
    """Meteorological optical range in fog or haze, without rain and snow: contrast has fallen to 5 % [m]."""
    wetness: float = 0.0
    """Of level ground, in [0, 1]: 0 dry, 0.5 wet throughout, 1 puddles in every hollow."""
    snow_cover: float = 0.0
    """Share of level ground under snow, in [0, 1]; carriageways included."""
    friction: float = 1.0
    """Peak friction coefficient between tyre and road."""

    def row(self) -> NDArray[np.float64]:
        """(W,) its values in the order of `WEATHER`."""
        return np.array([getattr(self, name) for name in WEATHER], dtype=np.float64)


WEATHER = tuple(field.name for field in fields(Weather))
"""Columns of `SceneLog.weather`."""

DRY_FRICTION, WET_FRICTION, SNOW_FRICTION = 1.0, 0.7, 0.3
"""Peak coefficients on asphalt: typical values of Wong, Theory of Ground Vehicles, table 1.3 (rounded)."""


def road_friction(wetness: float, snow_cover: float) -> float:
    """Peak friction coefficient of an asphalt road in this state."""
    wet = np.interp(wetness, [0.0, 0.5], [DRY_FRICTION, WET_FRICTION])
    return float(wet + snow_cover * (SNOW_FRICTION - wet))
