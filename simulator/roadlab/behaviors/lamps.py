"""Which lamps of a vehicle are on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.log import LAMPS
from roadlab.sky.illuminance import DIPPED_BEAM, through_clouds
from roadlab.weather import Weather

Array = NDArray[np.float64]
Flags = NDArray[np.bool_]

BRAKING = 0.7
"""Brake lamps light from this deceleration on [m/s²]; UN Regulation 13-H asks for it by 1.3 m/s²."""
BLINK_RATE = 1.5
"""Flashes a second; UN Regulation 48 allows 60 to 120 a minute."""
NOTICE = 2.5
"""How long before they turn or change lanes drivers signal it [s]."""


CLOUDED = 500.0
"""Drivers switch their lights on in fog in which they see less far than this [m]."""


@dataclass(frozen=True)
class Lit:
    """Whose lamps work."""

    driving: Flags
    """(N,) vehicles that drive."""
    riding: Flags
    """(N,) two-wheelers that are ridden."""
    daylight: float
    """What a clear sky would bring [lx]."""

    def dim(self, weather: Weather) -> bool:
        """Whether drivers have their lights on: by dusk as UN Regulation 48 asks for, in rain, snow and fog."""
        lux = self.daylight * through_clouds(weather.cloud)
        falling = weather.rain > 0.0 or weather.snow > 0.0
        return lux < DIPPED_BEAM or falling or weather.visibility < CLOUDED


def lamps(
    lit: Lit, dim: bool, acceleration: Array, rest: Array, side: NDArray[np.int64], signalled_for: Array
) -> NDArray[np.uint8]:
    """(N,) bits of `LAMPS`: head lamps, for daytime or in the dim, tail lamps, brake lamps and indicators.

    `side`: +1 signals left, -1 right, 0 neither; `signalled_for`: since when [s].
    """
    driving = lit.driving
    shining = (driving | lit.riding) & dim
    flash = (signalled_for * BLINK_RATE) % 1.0 < 0.5
    on = {
        "head": driving | shining,
        "tail": shining,
        "brake": driving & ((acceleration < -BRAKING) | (rest > 0.0)),
        "left": driving & flash & (side > 0),
        "right": driving & flash & (side < 0),
    }
    bits = np.zeros(len(driving), dtype=np.uint8)
    for k, name in enumerate(LAMPS):
        if name in on:
            bits |= (on[name].astype(np.uint8) << k).astype(np.uint8)
    return bits
