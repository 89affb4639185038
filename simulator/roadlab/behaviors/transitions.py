"""How something changes from one value to another: OpenSCENARIO's transition shapes in closed form.

Sinusoidal: change (1 - cos(pi u)) / 2, peak rate pi change / (2 T), peak acceleration pi² change / (2 T²). Cubic:
change (3 u² - 2 u³), peak rate 3 change / (2 T), peak acceleration 6 change / T². The dimension `rate` of OpenSCENARIO
means the peak rate. Source: ASAM OpenSCENARIO XML 1.3, DynamicsShape and DynamicsDimension.
"""

from __future__ import annotations

from typing import Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]
Shape = Literal["linear", "cubic", "sinusoidal", "step"]

SHAPES: tuple[str, ...] = get_args(Shape)
PEAK = (1.0, 1.5, np.pi / 2, np.inf)
"""Peak rate of each of `SHAPES` for a change of 1 in a time of 1."""


def shape_number(shape: str) -> int:
    """Index into `SHAPES`."""
    return SHAPES.index(shape)


def transition(shape: ArrayLike, change: ArrayLike, elapsed: ArrayLike, duration: ArrayLike) -> tuple[Array, ...]:
    """What has been changed, its rate and its acceleration, after `elapsed` of `duration`; arguments broadcast.

    `shape` indexes `SHAPES`. At rest before and after; who has no time (0) is through at once.
    """
    shape, change, elapsed, duration = np.broadcast_arrays(
        np.asarray(shape, dtype=np.int64), *(np.asarray(v, dtype=np.float64) for v in (change, elapsed, duration))
    )
    whole = np.maximum(duration, 1e-12)
    u = np.where(shape == 3, np.where(elapsed >= 0.0, 1.0, 0.0), np.clip(elapsed / whole, 0.0, 1.0))
    moving = (elapsed >= 0.0) & (elapsed < duration) & (shape != 3)
    pi_u = np.pi * u
    value = [u, u * u * (3.0 - 2.0 * u), 0.5 * (1.0 - np.cos(pi_u)), u]
    rate = [np.ones_like(u), 6.0 * u * (1.0 - u), 0.5 * np.pi * np.sin(pi_u), np.zeros_like(u)]
    acceleration = [np.zeros_like(u), 6.0 - 12.0 * u, 0.5 * np.pi**2 * np.cos(pi_u), np.zeros_like(u)]
    return (
        change * np.choose(shape, value),
        np.where(moving, change * np.choose(shape, rate) / whole, 0.0),
        np.where(moving, change * np.choose(shape, acceleration) / whole**2, 0.0),
    )


def time_for_rate(shape: str, change: float, rate: float) -> float:
    """How long a change takes whose peak rate is `rate`, which is positive."""
    peak = PEAK[shape_number(shape)]
    return 0.0 if shape == "step" else peak * abs(change) / rate
