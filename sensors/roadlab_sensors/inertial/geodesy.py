"""From a plane that touches the Earth to latitude, longitude and height on the ellipsoid WGS 84."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SEMI_MAJOR = 6_378_137.0
"""[m]"""
FLATTENING = 1.0 / 298.257223563
ECCENTRICITY2 = FLATTENING * (2.0 - FLATTENING)


def geodetic_of(points: Floats, latitude: float, longitude: float) -> Floats:
    """Latitude, longitude [deg] and height [m], (M, 3), of points (M, 3) east, north and up of an origin [deg]."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    east = np.array([-np.sin(lam), np.cos(lam), 0.0])
    north = np.array([-np.sin(phi) * np.cos(lam), -np.sin(phi) * np.sin(lam), np.cos(phi)])
    up = np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    origin = earth_fixed(latitude, longitude, 0.0)
    return _geodetic(origin + points @ np.stack([east, north, up]))


def earth_fixed(latitude: float, longitude: float, height: float) -> Floats:
    """(3,) Earth-centred, Earth-fixed coordinates [m]."""
    phi, lam = np.radians(latitude), np.radians(longitude)
    normal = SEMI_MAJOR / np.sqrt(1.0 - ECCENTRICITY2 * np.sin(phi) ** 2)
    level = (normal + height) * np.cos(phi)
    return np.array([level * np.cos(lam), level * np.sin(lam), (normal * (1.0 - ECCENTRICITY2) + height) * np.sin(phi)])


def _geodetic(points: Floats) -> Floats:
    """Bowring's (1985) closed form, exact to 1e-9 degrees near the surface."""
    x, y, z = points.T
    level = np.hypot(x, y)
    minor = SEMI_MAJOR * (1.0 - FLATTENING)
    beta = np.arctan2(SEMI_MAJOR * z, minor * level)
    second = ECCENTRICITY2 / (1.0 - ECCENTRICITY2)
    phi = np.arctan2(z + second * minor * np.sin(beta) ** 3, level - ECCENTRICITY2 * SEMI_MAJOR * np.cos(beta) ** 3)
    normal = SEMI_MAJOR / np.sqrt(1.0 - ECCENTRICITY2 * np.sin(phi) ** 2)
    height = level * np.cos(phi) + z * np.sin(phi) - SEMI_MAJOR**2 / normal
    return np.stack([np.degrees(phi), np.degrees(np.arctan2(y, x)), height], axis=1)
