"""What the receiver makes of echoes: which it detects, which it reports, and what it says of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.lidar.echoes import Echoes
from roadlab_sensors.lidar.intensity import RESPONSES, Heard
from roadlab_sensors.lidar.units import Receiver

Floats = NDArray[np.float64]
Array = TypeVar("Array", bound=Any)
Policy = Literal["strongest", "last", "dual", "triple"]

NOISE = 0.2
"""Standard deviation of the background's noise, as a share of the threshold: five of them keep false alarms rare."""
SPECKLE = 0.08
"""Standard deviation of what a surface returns from pulse to pulse, as a share."""
BRIGHT_DAY = 100e3
"""[lx] for which a unit's reach is stated."""
SUN_SHARE = 0.75
"""Of the receiver's noise power on such a day that is sunlight; an assumption."""
NOISE_GROWTH = 22.0
"""Range at which the noise of range is 1.4 times that near by [m]; fits KITTI's sweeps up to 60 m."""


@dataclass(frozen=True)
class Beams:
    """What is constant about each of B beams."""

    bias: Floats
    """(B,) error of range [m]."""
    floor: Floats
    """(B,) least signal that it subtracts from intensity."""


@dataclass(frozen=True)
class Returns:
    """N returns that a unit reports, in order of pulses and, within a pulse, of range."""

    echo: NDArray[np.int64]
    """(N,) row of the echoes."""
    number: NDArray[np.uint8]
    """(N,) from 1, the nearest."""
    count: NDArray[np.uint8]
    """(N,) of the same pulse."""
    range: Floats
    """(N,) [m] as reported."""
    intensity: Floats
    """(N,) as reported, in [0, 1]."""


def threshold(illuminance: float) -> float:
    """Least power that is detected under this light [lx], as a multiple of that on a bright day.

    The threshold follows the noise, whose power is the receiver's own and the sunlight's.
    """
    return float(np.sqrt(1.0 - SUN_SHARE + SUN_SHARE * illuminance / BRIGHT_DAY))


def lidar_equation(reflectivity: Array, distance: Array, alpha: float, reach: float) -> Array:
    """Power that a matte target, larger than the beam, returns through air of extinction `alpha` [1/m].

    As a multiple of what one of 10 % returns from `reach` [m] in clear air; exact for Lambert's law at normal
    incidence, else `reflectivity` is what returns as a multiple of a white matte target.
    """
    power: Array = reflectivity * (10.0 * reach**2) / distance**2 * np.exp(-2.0 * alpha * distance)
    return power


def receive(
    echoes: Echoes,
    ring: NDArray[np.uint16],
    receiver: Receiver,
    policy: Policy,
    least: float,
    random: np.random.Generator,
    beams: Beams,
) -> Returns:
    """Returns of P pulses with rings `ring` (P,), above the threshold `least`."""
    pulses = len(ring)
    lost = random.random(pulses) < receiver.dropout
    speckle, noise, error, *tone = random.standard_normal((5, len(echoes)))
    power = echoes.power * np.maximum(1.0 + SPECKLE * speckle, 0.1)
    measured = (
        echoes.distance + error * range_noise(echoes.distance, receiver.range_noise) + beams.bias[ring[echoes.pulse]]
    )
    measured = np.rint(measured / receiver.range_step) * receiver.range_step
    detected = (power + NOISE * least * noise > least) & ~lost[echoes.pulse]
    detected &= (measured >= receiver.nearest) & (measured <= receiver.farthest)
    rows = np.flatnonzero(detected)
    rows = rows[np.lexsort((measured[rows], echoes.pulse[rows]))]
    rows = rows[_reported(echoes.pulse[rows], power[rows], policy)]
    number, count = _numbered(echoes.pulse[rows])
    apparent = 0.1 * power[rows] * (measured[rows] / receiver.reach) ** 2
    tones = np.stack([each[rows] for each in tone], axis=1)
    heard = Heard(apparent, measured[rows], beams.floor[ring[echoes.pulse[rows]]], tones)
    intensity = RESPONSES[receiver.scale](heard)
    return Returns(rows, number, count, measured[rows], intensity)


def range_noise(distance: Floats, near: float) -> Floats:
    """Standard deviation of the range [m]: `near` near by, 2.5 times that at 50 m (measured on KITTI road surfaces)."""
    deviation: Floats = near * np.hypot(1.0, distance / NOISE_GROWTH)
    return deviation


def _reported(pulse: NDArray[np.int64], power: Floats, policy: Policy) -> NDArray[np.int64]:
    """Which of the detected echoes, in order of pulse and range, the unit reports; in the same order."""
    if len(pulse) == 0 or (np.diff(pulse) > 0).all():
        return np.arange(len(pulse))
    ends = np.r_[pulse[1:] != pulse[:-1], True]
    starts = np.r_[True, ends[:-1]]
    group = np.cumsum(starts) - 1
    by_power = np.lexsort((-power, group))
    rank = np.zeros(len(pulse), dtype=np.int64)
    rank[by_power] = np.arange(len(pulse)) - np.flatnonzero(starts)[group]
    if policy == "strongest":
        return np.flatnonzero(rank == 0)
    if policy == "last":
        return np.flatnonzero(ends)
    # Where the strongest is the last, the second strongest is reported beside it.
    same = np.zeros(group[-1] + 1, dtype=bool)
    same[group[ends & (rank == 0)]] = True
    chosen = (rank == 0) | ends | (same[group] & (rank == 1))
    if policy == "triple":
        chosen |= (rank == 1) | (same[group] & (rank == 2))
    return np.flatnonzero(chosen)


def _numbered(pulse: NDArray[np.int64]) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    if len(pulse) == 0:
        return np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.uint8)
    starts = np.flatnonzero(np.r_[True, pulse[1:] != pulse[:-1]])
    sizes = np.diff(np.r_[starts, len(pulse)])
    number = np.arange(len(pulse)) - np.repeat(starts, sizes) + 1
    return number.astype(np.uint8), np.repeat(sizes, sizes).astype(np.uint8)
