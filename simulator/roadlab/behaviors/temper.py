"""How drivers differ: one number from timid to aggressive moves everything about a driver, within stated spreads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

Style = Literal["timid", "normal", "aggressive", "sampled"]

AGGRESSION: dict[str, float] = {"timid": -1.0, "normal": 0.0, "aggressive": 1.0}
"""In standard deviations of the population; a sampled driver has a standard normal one, within two deviations."""

SPREAD = {
    "time_headway": -0.25,
    "acceleration": 0.20,
    "deceleration": 0.15,
    "minimum_gap": -0.15,
    "speed": 0.07,
    "lateral": 0.20,
    "critical_gap": -0.15,
}
"""How much more or less of each a driver has who is one deviation more aggressive, as a share of the usual."""
JITTER = 0.3
"""Of a sampled driver, each share varies by so much of its spread on its own."""
POLITENESS = (0.3, -0.2)
"""MOBIL's p of the usual driver, and its change per deviation; within 0 and 0.5."""


@dataclass(frozen=True, slots=True)
class Temper:
    """Factors on what is usual."""

    time_headway: float = 1.0
    acceleration: float = 1.0
    deceleration: float = 1.0
    minimum_gap: float = 1.0
    speed: float = 1.0
    """On the speed limit."""
    lateral: float = 1.0
    """On the lateral acceleration in bends."""
    critical_gap: float = 1.0
    politeness: float = POLITENESS[0]
    """Not a factor: MOBIL's p."""


def temper_of(style: Style | None, draw: np.random.Generator) -> Temper:
    """The temper of a driver of this style; usual for None."""
    if style is None:
        return Temper()
    sampled = style == "sampled"
    aggression = float(np.clip(draw.normal(), -2.0, 2.0)) if sampled else AGGRESSION[style]
    own = np.clip(draw.normal(size=len(SPREAD)), -2.0, 2.0) * (JITTER if sampled else 0.0)
    factors = {
        name: 1.0 + spread * (aggression + float(z)) for (name, spread), z in zip(SPREAD.items(), own, strict=True)
    }
    politeness = float(np.clip(POLITENESS[0] + POLITENESS[1] * aggression, 0.0, 0.5))
    return Temper(**factors, politeness=politeness)
