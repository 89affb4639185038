"""Lidar units by name: how they scan and what their receivers can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from roadlab_sensors.lidar import tables
from roadlab_sensors.lidar.intensity import Scale
from roadlab_sensors.lidar.patterns import Pattern, Raster, Rosette, Spinning

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Receiver:
    """Optics and electronics of a unit."""

    wavelength: Literal[865, 905, 1550]
    """[nm]"""
    divergence: tuple[float, float]
    """Full angles, horizontal and vertical, within which the beam carries 1 - 1/e² of its power [rad]."""
    pulse: float
    """Length of a pulse [s]; surfaces nearer to one another than c/2 of it give one return."""
    reach: float
    """At which half of the pulses on a matte target of 10 % are detected, under a sun of 100 klx, in clear air [m]."""
    nearest: float
    """[m]"""
    farthest: float
    """[m]"""
    range_noise: float
    """Standard deviation near by [m]."""
    range_step: float
    """Of the reported range [m]."""
    beam_bias: float
    """Standard deviation over the beams of their constant errors of range [m]."""
    scale: Scale
    """How power becomes intensity, see `roadlab_sensors.lidar.intensity`."""
    dropout: float = 0.002
    """Share of pulses lost for no reason outside the unit."""


@dataclass(frozen=True)
class Unit:
    """A lidar of a maker."""

    pattern: Pattern
    receiver: Receiver


def _slots(order: NDArray[np.int64], step: float) -> Floats:
    return np.asarray(order * step, dtype=np.float64)


def _two_banks(beams: int) -> NDArray[np.int64]:
    """Firing slot by ring of units whose lower and upper half fire in turn, each from its lowest beam up."""
    from_below = beams - 1 - np.arange(beams)
    return np.where(from_below < beams // 2, 2 * from_below, 2 * (from_below - beams // 2) + 1)


def os1_128(columns: int, rate: float) -> Spinning:
    """An OS1-128 that fires this many columns a turn at this rate [Hz]."""
    return Spinning(
        np.radians(tables.OS1_128_ELEVATION),
        np.radians(tables.OS1_128_AZIMUTH),
        np.zeros(128),
        1e9 / (columns * rate),
        synchronous=True,
        axis_distance=0.015806,
    )


# Ranges, divergences and noise from the makers' manuals and data sheets: HDL-64E (50 m on pavement, 120 m on cars),
# HDL-32E, VLP-16, Pandar64 (200 m at 10 %), OS1 (45 m at 10 %), Livox Mid-40 (90 m at 10 %, 0.03 x 0.28 degrees).
# HDL-64E noise, nearest and farthest range as measured in KITTI's sweeps.
UNITS: dict[str, Unit] = {
    "hdl64e": Unit(
        Spinning(
            np.radians(tables.HDL64E_ELEVATION),
            np.radians(tables.HDL64E_AZIMUTH),
            _slots(2 * (tables.HDL64E_LASER % 32) + tables.HDL64E_LASER // 32, 750.0),
            48_000.0,  # 1.333 million points a second; 0.1728 degrees at 10 turns a second
            encoder_step=np.radians(0.09),
        ),
        Receiver(905, (0.002, 0.002), 4e-9, 55.0, 1.46, 80.0, 0.009, 0.002, 0.01, "kitti"),
    ),
    "hdl32e": Unit(
        Spinning(np.radians(tables.HDL32E_ELEVATION), np.zeros(32), _slots(_two_banks(32), 1152.0), 46_080.0),
        Receiver(905, (0.00279, 0.00140), 5e-9, 45.0, 0.9, 100.0, 0.015, 0.002, 0.01, "velodyne"),
    ),
    "vlp16": Unit(
        Spinning(np.radians(tables.VLP16_ELEVATION), np.zeros(16), _slots(_two_banks(16), 2304.0), 55_296.0),
        Receiver(905, (0.003, 0.0015), 6e-9, 45.0, 0.5, 100.0, 0.015, 0.002, 0.01, "velodyne"),
    ),
    "pandar64": Unit(
        Spinning(
            np.radians(tables.PANDAR64_ELEVATION),
            np.radians(tables.PANDAR64_AZIMUTH),
            tables.pandar64_time() * 1e3,
            1e9 / 18_000,  # 0.2 degrees at 10 turns a second
        ),
        Receiver(905, (0.0026, 0.0017), 4e-9, 200.0, 0.3, 250.0, 0.01, 0.004, 0.01, "linear"),
    ),
    "os1_128": Unit(
        os1_128(1024, 10.0), Receiver(865, (0.0053, 0.0053), 6e-9, 50.0, 0.3, 120.0, 0.012, 0.001, 0.005, "linear")
    ),
    "rosette": Unit(
        Rosette((7294 * np.pi / 30, -4664 * np.pi / 30), np.radians(9.6), 10_000.0),
        Receiver(905, (0.0005236, 0.0048869), 6e-9, 90.0, 1.0, 260.0, 0.015, 0.001, 0.0, "linear"),
    ),
    "raster": Unit(
        Raster(125, 600, np.radians(120.0), np.radians(25.0)),  # 0.2 degrees, as on the RS-LiDAR-M1
        Receiver(905, (0.0015, 0.0035), 6e-9, 150.0, 0.5, 200.0, 0.015, 0.005, 0.01, "linear"),
    ),
}
