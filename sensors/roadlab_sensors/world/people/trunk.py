"""Cross-sections of the trunk, and where its surface is."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.interpolate import PchipInterpolator

from roadlab_sensors.world.people.figure import Figure
from roadlab_sensors.world.people.sections import Section

Floats = NDArray[np.float64]

POWER = 2.35
"""Of the superellipses across the trunk."""

# Height in the part's frame, x, front, back, side of the average adult [m].
_PELVIS = np.array([
    (-0.095, -0.004, 0.060, 0.078, 0.105), (-0.060, -0.004, 0.088, 0.106, 0.150), (-0.020, -0.002, 0.100, 0.124, 0.171),
    (0.030, 0.000, 0.104, 0.120, 0.171), (0.060, 0.000, 0.105, 0.106, 0.163), (0.100, 0.000, 0.105, 0.094, 0.151),
    (0.130, 0.000, 0.105, 0.092, 0.148),
])  # fmt: skip
_TORSO = np.array([
    (-0.060, 0.000, 0.105, 0.112, 0.167), (-0.043, 0.000, 0.105, 0.106, 0.163), (-0.003, 0.000, 0.105, 0.094, 0.151),
    (0.027, 0.000, 0.105, 0.092, 0.148), (0.080, -0.002, 0.108, 0.096, 0.147), (0.160, -0.006, 0.116, 0.104, 0.154),
    (0.240, -0.010, 0.124, 0.112, 0.164), (0.300, -0.014, 0.121, 0.114, 0.172), (0.345, -0.018, 0.108, 0.108, 0.183),
    (0.372, -0.022, 0.090, 0.100, 0.186), (0.392, -0.024, 0.078, 0.090, 0.172), (0.408, -0.024, 0.071, 0.082, 0.140),
    (0.424, -0.024, 0.066, 0.076, 0.104), (0.442, -0.024, 0.061, 0.070, 0.076),
])  # fmt: skip
_WAIST = 0.103  # of the torso's joint above the hips


def pelvis_sections(figure: Figure, ease: float, low: float, high: float) -> list[Section]:
    """Sections between two heights of the adult's pelvis, `ease` away from the body [m]."""
    return _sections(_PELVIS, 0.0, figure, ease, low, high)


def torso_sections(figure: Figure, ease: float, low: float, high: float) -> list[Section]:
    """Sections between two heights of the adult's torso, `ease` away from the body [m]."""
    return _sections(_TORSO, _WAIST, figure, ease, low, high)


def _sections(keys: Floats, base: float, figure: Figure, ease: float, low: float, high: float) -> list[Section]:
    inside = keys[(keys[:, 0] > low) & (keys[:, 0] < high), 0]
    heights = np.unique(np.concatenate([[low, high], inside]))
    x, front, back, side = (np.interp(heights, keys[:, 0], keys[:, k]) for k in range(1, 5))
    breadth = np.interp(heights + base, [0.02, 0.13, 0.36], [figure.hips, figure.waist, figure.shoulders])
    g, scale = figure.girth, figure.scale
    side = side * breadth
    rows = np.column_stack([scale * heights, scale * x, 0 * x, *(g * reach + ease for reach in (front, back, side))])
    return [(z, at, y, f, b, s) for z, at, y, f, b, s in rows.tolist()]


def around_torso(figure: Figure, ease: float, y: ArrayLike, z: ArrayLike) -> tuple[Floats, Floats]:
    """Where a garment's front and back are (x, x) [m] at sideways `y` and height `z` of the torso's frame."""
    keys = np.array(torso_sections(figure, ease, -0.06, 0.442))
    rows = PchipInterpolator(keys[:, 0], keys, axis=0)(np.clip(z, keys[0, 0], keys[-1, 0]))
    inside = np.maximum(1.0 - np.abs(np.asarray(y) / rows[..., 5]) ** POWER, 0.0) ** (1 / POWER)
    return rows[..., 1] + rows[..., 3] * inside, rows[..., 1] - rows[..., 4] * inside


def shoulder_height(figure: Figure, ease: float, y: float) -> float:
    """Height of the shoulder's top at sideways `y` [m], in the torso's frame."""
    keys = np.array(torso_sections(figure, ease, 0.372, 0.442))
    return float(np.interp(-abs(y), -keys[:, 5], keys[:, 0]))
