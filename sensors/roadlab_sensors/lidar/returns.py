"""Which pulses come back, how strong and how far they seem."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

ROUGHNESS = 0.52
"""Slope deviation of rough surfaces [rad] in the Oren-Nayar model."""
BRIGHTEST = 4.0
"""Retro-reflection beyond this saturates the receiver."""
COMPENSATED_RANGE = 25.0
"""Up to here the unit's intensity is corrected for range [m]; farther it fades."""


@dataclass(frozen=True)
class Echoes:
    """What R pulses met."""

    distance: Floats
    """(R,) [m]; +inf for nothing."""
    cosine: Floats
    """(R,) of the angle of incidence."""
    reflectivity: Floats
    """(R,) diffuse, at the unit's wavelength."""
    retroreflective: Floats
    """(R,) extra return towards the emitter, as a multiple of a white matte target."""


@dataclass(frozen=True)
class Returns:
    """What the receiver makes of R pulses."""

    detected: NDArray[np.bool_]
    range: Floats
    """(R,) [m] with noise; meaningless where nothing was detected."""
    intensity: Floats
    """(R,) 0 to 0.99 in steps of 0.01, as KITTI records them."""


def backscatter(cosine: Floats) -> Floats:
    """Share of a matte surface's reflectivity that returns to the emitter at this cosine of incidence.

    Oren and Nayar (1994), eq. 30, with source and receiver in the same place: rough ground keeps returning light at
    grazing incidence, where a Lambertian one would vanish.
    """
    s2 = ROUGHNESS**2
    a, b = 1.0 - 0.5 * s2 / (s2 + 0.33), 0.45 * s2 / (s2 + 0.09)
    share: Floats = (a * cosine + b * (1.0 - cosine**2)) / a
    return share


def range_noise(distance: Floats, base: float) -> Floats:
    """Standard deviation of the range [m]: `base` near by, 2.5 times that at 50 m (measured on KITTI road surfaces)."""
    return base * np.hypot(1.0, distance / 22.0)


def receive(
    echoes: Echoes, reach_at_tenth: float, limits: tuple[float, float], noise: float, random: np.random.Generator
) -> Returns:
    """Returns of pulses; `limits` are least and greatest range [m], `noise` the range noise near by [m].

    A pulse is detected when its power, reflectivity over squared range, exceeds that of a 10 % target at
    `reach_at_tenth`, with a soft threshold.
    """
    count = len(echoes.distance)
    draws = random.standard_normal((count, 2))
    chance = random.random(count)
    distance = np.where(np.isfinite(echoes.distance), echoes.distance, 1e6)
    seen = echoes.reflectivity * backscatter(echoes.cosine)
    seen = seen + np.minimum(echoes.retroreflective, BRIGHTEST) * echoes.cosine**4
    margin = seen / 0.1 * (reach_at_tenth / distance) ** 2
    probability = np.clip(0.985 * (1.0 - np.exp(-2.3 * margin**2)), 0.0, 1.0)
    measured = distance + draws[:, 0] * range_noise(distance, noise)
    fading = np.minimum(1.0, COMPENSATED_RANGE / distance) ** 1.5
    intensity = np.clip(seen * fading * (1.0 + 0.18 * draws[:, 1]), 0.0, 0.99)
    detected = (chance < probability) & (measured >= limits[0]) & (measured <= limits[1])
    return Returns(detected, measured, np.floor(intensity * 100.0) / 100.0)
