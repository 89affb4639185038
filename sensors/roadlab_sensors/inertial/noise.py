"""Errors of inertial sensors as their data sheets state them: white, walking, and correlated for a while."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FLICKER_FLOOR = np.sqrt(2.0 * np.log(2.0) / np.pi)
"""Of an Allan deviation, as a multiple of the bias instability: 0.6643."""
_CORRELATED = np.array([0.1, 1.0, 10.0, 100.0, 1000.0])
"""Correlation times [s] of the processes that together have a flat Allan deviation."""


def white(density: float, step: float, shape: tuple[int, int], random: np.random.Generator) -> Floats:
    """(M, 3) noise of `density` (unit per root hertz), one value every `step` seconds: N / sqrt(step)."""
    noise: Floats = density / np.sqrt(step) * random.standard_normal(shape)
    return noise


def walk(density: float, step: float, shape: tuple[int, int], random: np.random.Generator) -> Floats:
    """(M, 3) random walk from zero; `density` in unit per second and root hertz: steps of K sqrt(step)."""
    steps = density * np.sqrt(step) * random.standard_normal(shape)
    total: Floats = np.cumsum(steps, axis=0) - steps
    return total


def gauss_markov(
    deviation: float, time: float, step: float, shape: tuple[int, int], random: np.random.Generator
) -> Floats:
    """(M, 3) stationary first-order Gauss-Markov process whose autocorrelation falls to 1/e after `time` [s]."""
    from scipy.signal import lfilter  # half a second to import

    kept = np.exp(-step / time)
    drawn = random.standard_normal(shape)
    drawn[1:] *= np.sqrt(1.0 - kept**2)
    process: Floats = deviation * lfilter([1.0], [1.0, -kept], drawn, axis=0)
    return process


def flicker(instability: float, step: float, shape: tuple[int, int], random: np.random.Generator) -> Floats:
    """(M, 3) noise whose Allan deviation is about flat, at 0.6643 times the bias instability, from 0.2 to 2000 s.

    A Gauss-Markov process peaks at 0.437 of its rms amplitude in units of the spectrum's root (IEEE Std 952); one for
    each decade of time makes a floor within 10 % of flat.
    """
    share = instability * FLICKER_FLOOR / _floor_of_decades()
    total: Floats = np.sum([gauss_markov(share, time, step, shape, random) for time in _CORRELATED], axis=0)
    return total


def _floor_of_decades() -> float:
    """Allan deviation, in the middle decade, of processes of unit deviation for each decade of time."""
    tau = 10.0 * 1.89
    x = tau / _CORRELATED
    variance = (2.0 / x) * (1.0 - (1.0 / (2.0 * x)) * (3.0 - 4.0 * np.exp(-x) + np.exp(-2.0 * x)))
    return float(np.sqrt(variance.sum()))
