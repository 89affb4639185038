"""What lamps send where: luminous intensities [cd] over the plane one metre before them, and the colours of light.

A distribution is a picture over (across, up), the tangents of the angles to the lamp's right-hand and upper side; a
lamp sends nothing backwards. Head lamps are absolute, as measured on a vehicle on level ground; all others are shapes
whose largest intensity or luminous flux is 1, to be multiplied by what a lamp has.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROWS, COLUMNS = 320, 128
"""Of each picture."""
CUT_OFF = -0.57
"""Where a passing beam ends on the side of oncoming traffic, above the horizontal [deg]: 10 cm in 10 m."""
STRAY = 220.0
"""Above the cut-off [cd]; UN Regulation 112 allows 350 in an oncoming driver's eyes (B50L), 625 elsewhere."""


@dataclass(frozen=True)
class Distribution:
    """Where a kind of lamp sends its light."""

    low: tuple[float, float]
    """Across and up at the middle of the first pixel."""
    high: tuple[float, float]
    """Of the last pixel."""
    intensity: NDArray[np.float32]
    """(ROWS, COLUMNS), upwards and to the right [cd], or of 1; nothing outside."""

    def at(self, across: Floats, up: Floats) -> Floats:
        """Intensity in directions, of the nearest pixel."""
        column = (across - self.low[0]) / (self.high[0] - self.low[0]) * (COLUMNS - 1)
        row = (up - self.low[1]) / (self.high[1] - self.low[1]) * (ROWS - 1)
        inside = (column >= 0.0) & (column <= COLUMNS - 1) & (row >= 0.0) & (row <= ROWS - 1)
        k = np.rint(np.clip(row, 0, ROWS - 1)).astype(int), np.rint(np.clip(column, 0, COLUMNS - 1)).astype(int)
        return np.where(inside, self.intensity[k], 0.0)


def _grid(low: tuple[float, float], high: tuple[float, float]) -> tuple[Floats, Floats]:
    across, up = np.meshgrid(np.linspace(low[0], high[0], COLUMNS), np.linspace(low[1], high[1], ROWS))
    return across, up


def passing(across: Floats, up: Floats) -> Floats:
    """A passing beam for traffic on the right [cd], asymmetric as UN Regulation 112 wants it for class B."""
    right, above = np.degrees(np.arctan(across)), np.degrees(np.arctan(up / np.hypot(1.0, across)))
    edge = CUT_OFF + np.clip(right * np.tan(np.radians(15.0)), 0.0, -2.0 * CUT_OFF)
    below = edge - above
    soft = np.clip(below / 0.28, 0.0, 1.0)
    spot = 16_000.0 * np.exp(-0.5 * ((right - 1.5) / 5.0) ** 2 - np.maximum(below, 0.0) / 1.6)
    spread = 4_500.0 * np.exp(-0.5 * (right / 17.0) ** 2 - np.maximum(below, 0.0) / 7.0)
    stray = STRAY * np.exp(-0.5 * (right / 35.0) ** 2)
    return np.asarray(stray + soft * soft * (3.0 - 2.0 * soft) * (spot + spread))


def driving(across: Floats, up: Floats) -> Floats:
    """What the driving beam adds [cd]: at least 40,500 at its middle (UN Regulation 149, class B)."""
    right, above = np.degrees(np.arctan(across)), np.degrees(np.arctan(up))
    return 46_000.0 * np.exp(-0.5 * (right / 4.0) ** 2 - 0.5 * (above / 2.2) ** 2) + 3_000.0 * np.exp(
        -0.5 * (right / 15.0) ** 2 - 0.5 * (above / 6.0) ** 2
    )


def street(across: Floats, up: Floats) -> Floats:
    """A road lantern that looks down, its upper side over the road; the shape for a flux of 1 lm.

    Even light on a stripe of road whose length is four times the lantern's height and whose width 1.6 times, as
    lanterns of the medium throw and spread classes of CIE 34 give; cut off towards the horizontal.
    """
    reach = (across / 2.0) ** 2 + ((up - 0.35) / 0.95) ** 2
    far = np.sqrt(across**2 + up**2)
    # On the plane below, illuminance is intensity times the cube of the cosine.
    shape = (1.0 + far**2) ** 1.25 / (1.0 + reach**2.2) + 0.12
    return _of_one_lumen(across, up, shape * np.clip((5.2 - far) / 2.0, 0.0, 1.0))


def broad(across: Floats, up: Floats) -> Floats:
    """A lit surface: Lambert's cosine, 1 on its axis."""
    return (1.0 + across**2 + up**2) ** -0.5


def narrow(across: Floats, up: Floats) -> Floats:
    """A signal lens: 1 on its axis, half at 12 degrees, and a twentieth to the sides."""
    off = np.degrees(np.arctan(np.hypot(across, up)))
    return 0.95 * 0.5 ** ((off / 12.0) ** 2) + 0.05 * (1.0 + across**2 + up**2) ** -0.5


def even(across: Floats, up: Floats) -> Floats:
    """The same everywhere."""
    return np.ones_like(across + up)


def _of_one_lumen(across: Floats, up: Floats, shape: Floats) -> Floats:
    pixel = (across[0, 1] - across[0, 0]) * (up[1, 0] - up[0, 0])
    solid = pixel * (1.0 + across**2 + up**2) ** -1.5
    return np.asarray(shape / (shape * solid).sum())


_WIDE = ((-5.6, -5.6), (5.6, 5.6))
_BEAM = ((-1.6, -0.72), (1.6, 0.08))
_KINDS = {
    "passing": (passing, _BEAM),
    "passing on the left": (lambda across, up: passing(-across, up), _BEAM),
    "driving": (driving, ((-0.8, -0.4), (0.8, 0.4))),
    "street": (street, _WIDE),
    "broad": (broad, _WIDE),
    "narrow": (narrow, _WIDE),
    "even": (even, ((-100.0, -100.0), (100.0, 100.0))),
}
KINDS = tuple(_KINDS)


def distributions() -> tuple[Distribution, ...]:
    """All kinds, in the order of `KINDS`."""
    return tuple(
        Distribution(low, high, make(*_grid(low, high)).astype(np.float32)) for make, (low, high) in _KINDS.values()
    )


def light_of(kelvin: float) -> Floats:
    """(3,) linear sRGB of luminance 1 of a thermal radiator, 1667 K to 25,000 K.

    Chromaticity after B. Kang et al., "Design of advanced color temperature control system" (2002), equations 4 to 7.
    """
    t = 1000.0 / kelvin
    if kelvin <= 4000.0:
        x = -0.2661239 * t**3 - 0.2343589 * t**2 + 0.8776956 * t + 0.179910
    else:
        x = -3.0258469 * t**3 + 2.1070379 * t**2 + 0.2226347 * t + 0.240390
    if kelvin <= 2222.0:
        y = -1.1063814 * x**3 - 1.34811020 * x**2 + 2.18555832 * x - 0.20219683
    elif kelvin <= 4000.0:
        y = -0.9549476 * x**3 - 1.37418593 * x**2 + 2.09137015 * x - 0.16748867
    else:
        y = 3.0817580 * x**3 - 5.87338670 * x**2 + 3.75112997 * x - 0.37001483
    tristimulus = np.array([x / y, 1.0, (1.0 - x - y) / y])
    # IEC 61966-2-1
    matrix = np.array([[3.2406, -1.5372, -0.4986], [-0.9689, 1.8758, 0.0415], [0.0557, -0.2040, 1.0570]])
    return tinted(np.clip(matrix @ tristimulus, 0.02, None))


def tinted(color: Floats) -> Floats:
    """(3,) the colour at luminance 1."""
    return np.asarray(color / (color @ np.array([0.2126, 0.7152, 0.0722])))
