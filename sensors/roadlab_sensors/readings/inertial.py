"""What inertial units, satellite receivers and wheels report."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Measurements:
    """What was measured since the sample before."""

    sensor: str
    time: NDArray[np.int64]
    """(M,) [ns]."""


@dataclass(frozen=True)
class ImuReading(Measurements):
    """What an inertial unit measured since the sample before; M measurements in its own axes, x forward, y left, z up.

    At rest on level ground it reads the specific force (0, 0, +g).
    """

    ego_from_imu: NDArray[np.float64]
    """(4, 4)."""
    specific_force: NDArray[np.float64]
    """(M, 3) [m/s²]."""
    angular_rate: NDArray[np.float64]
    """(M, 3) [rad/s]."""
    true_specific_force: NDArray[np.float64]
    """(M, 3) [m/s²] without errors."""
    true_angular_rate: NDArray[np.float64]
    """(M, 3) [rad/s] without errors."""


@dataclass(frozen=True)
class GnssReading(Measurements):
    """What a satellite receiver reported since the sample before; M fixes, those during outages have `fix` 0."""

    ego_from_antenna: NDArray[np.float64]
    """(4, 4)."""
    fix: NDArray[np.uint8]
    """(M,) 0 none, 1 single point, 2 differential, 4 RTK fixed, 5 RTK float, as NMEA's GGA sentence."""
    position: NDArray[np.float64]
    """(M, 3) [m] of the antenna, world frame (east, north, up); NaN without fix."""
    geodetic: NDArray[np.float64]
    """(M, 3) latitude, longitude [deg] and ellipsoidal height [m] of `position` on WGS 84; NaN without fix."""
    velocity: NDArray[np.float64]
    """(M, 3) [m/s] world frame; NaN without fix."""
    deviation: NDArray[np.float64]
    """(M, 3) standard deviation of `position` that the receiver states [m]; NaN without fix."""
    true_position: NDArray[np.float64]
    """(M, 3) [m]."""


@dataclass(frozen=True)
class OdometryReading(Measurements):
    """What the wheels' pulse counters said since the sample before; M measurements."""

    pulses: NDArray[np.int64]
    """(M, 4) counted since the scenario's start: front left, front right, rear left, rear right."""
    wheel_speed: NDArray[np.float64]
    """(M, 4) [m/s] of the tyres' tread, from the pulses and the nominal radius."""
    speed: NDArray[np.float64]
    """(M,) [m/s] of the rear axle's centre, from the rear wheels."""
    yaw_rate: NDArray[np.float64]
    """(M,) [rad/s] from the difference of the rear wheels."""


InertialReading = ImuReading | GnssReading | OdometryReading
