"""How much of a pulse surfaces throw back: matte, wet, snowed upon, retro-reflecting, clear and mirroring."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.weather import Weather
from roadlab_sensors.world.materials import LIDAR_WAVELENGTHS, MATERIALS

if TYPE_CHECKING:
    from roadlab_sensors.rays.surfaces import Faces

Floats = NDArray[np.floating]

PAINT = 0.35
"""Lightness at which pigmented surfaces have their material's reflectivity."""
SNOW = {865: 0.88, 905: 0.85, 1550: 0.08}
"""Reflectivity of snow (O'Brien and Munis 1975, aged a few days)."""
WATER_INDEX = 1.33
WET_ALBEDO = 0.6
"""Share of its diffuse reflectivity that a soaked surface keeps (Lekner and Dorf 1988: 0.5 to 0.7)."""
LEVEL = 0.7
"""Surfaces whose normal has at least this vertical component hold water and snow."""


def _waves(count: int = 8) -> Floats:
    """(3, count) wave vectors [rad/m], turned by the golden angle from one to the next."""
    number = np.arange(count)
    length = np.geomspace(0.35, 3.0, count)
    tilt = np.arcsin(0.8 * np.sin(2.4 * number + 1.0))
    turn = number * np.pi * (3.0 - np.sqrt(5.0))
    towards = np.stack([np.cos(tilt) * np.cos(turn), np.cos(tilt) * np.sin(turn), np.sin(tilt)])
    return np.asarray(towards * 2.0 * np.pi / length, dtype=np.float32)


_WAVES = _waves()


@dataclass(frozen=True)
class Optics:
    """The materials at one wavelength, by `Faces.material`."""

    diffuse: Floats
    slope: Floats
    pigment: Floats
    retro: Floats
    """As a multiple of a white matte surface, towards the light."""
    mirror: Floats
    porosity: Floats
    stains: Floats
    clear: NDArray[np.bool_]
    snow: float

    @staticmethod
    def at(wavelength: int) -> Optics:
        """All materials at one of `LIDAR_WAVELENGTHS`."""
        column, table = LIDAR_WAVELENGTHS.index(wavelength), MATERIALS.values()
        return Optics(
            diffuse=np.array([m.lidar[column] for m in table], dtype=np.float32),
            slope=np.array([m.lidar_slope for m in table], dtype=np.float32),
            pigment=np.array([m.pigment for m in table], dtype=np.float32),
            retro=np.array([np.pi * m.retroreflection for m in table], dtype=np.float32),
            mirror=np.array([m.mirror for m in table], dtype=np.float32),
            porosity=np.array([m.porosity for m in table]),
            stains=np.array([m.stains for m in table]),
            clear=np.array([m.transparent for m in table]),
            snow=SNOW[wavelength],
        )

    def reflectivity(self, faces: Faces, face: NDArray[np.int64], cosine: Floats, weather: Weather) -> Floats:
        """What returns to the light, as a multiple of a white matte surface that faces it; any shape, as `face`."""
        material = faces.material[face]
        matte = self.diffuse[material] * self._lightness(faces, face, material)
        share = backscatter(cosine, self.slope[material])
        if weather.wetness > 0.0 or weather.snow_cover > 0.0:
            level = faces.normal[face, 2] > LEVEL
            share = share * _through_film(cosine, level, weather)
            matte = np.where(level, matte + weather.snow_cover * (self.snow - matte), matte)
        returned: Floats = matte * share + self.retro[material] * cosine**4
        return returned

    def _lightness(self, faces: Faces, face: NDArray[np.int64], material: NDArray[np.uint8]) -> Floats:
        pigment = self.pigment[material]
        relative = faces.lightness[face].astype(np.float32) / np.float32(255.0 * PAINT)
        followed: Floats = np.minimum(np.float32(1.0) - pigment + pigment * relative, np.float32(2.2))
        return followed


def stained(points: Floats) -> Floats:
    """(N,) about standard normal at points (N, 3) of the world: where surfaces are lighter or darker than elsewhere.

    Waves of 0.35 to 3 m one over the other; along a beam's track on KITTI's roads intensities correlate that far.
    """
    phases = points.astype(np.float32) @ _WAVES
    total: Floats = np.sin(phases, out=phases).sum(axis=1) / np.float32(np.sqrt(_WAVES.shape[1] / 2.0))
    return total


def backscatter(cosine: Floats, slope: Floats | float) -> Floats:
    """Share of a matte surface's reflectivity that returns to the light at this cosine of incidence.

    Oren and Nayar (1994), eq. 30, with source and receiver in the same place: rough ground keeps returning light at
    grazing incidence, where a Lambertian one (slope 0) vanishes with the cosine.
    """
    s2 = np.square(slope, dtype=np.float32)
    a, b = 1.0 - 0.5 * s2 / (s2 + 0.33), 0.45 * s2 / (s2 + 0.09)
    share: Floats = (a * cosine + b * (1.0 - np.square(cosine))) / a
    return share


def fresnel(cosine: Floats, index: float) -> Floats:
    """Unpolarised reflectance of a smooth dielectric at this cosine of incidence."""
    inside = np.sqrt(1.0 - (1.0 - np.square(cosine)) / index**2)
    s = (cosine - index * inside) / (cosine + index * inside)
    p = (inside - index * cosine) / (inside + index * cosine)
    reflectance: Floats = 0.5 * (s * s + p * p)
    return reflectance


def mirrored(cosine: Floats, at_normal: Floats) -> Floats:
    """Reflectance of a smooth coat by its reflectance at normal incidence (Schlick 1994)."""
    reflectance: Floats = at_normal + (1.0 - at_normal) * (1.0 - cosine) ** 5
    return np.where(at_normal > 0.0, reflectance, 0.0)


def _through_film(cosine: Floats, level: NDArray[np.bool_], weather: Weather) -> Floats:
    """Share of the matte return that is left when water covers level ground, and drops a part of what stands."""
    covered = np.where(level, min(1.0, 2.0 * weather.wetness), 0.3 * weather.wetness)
    film = (1.0 - fresnel(cosine, WATER_INDEX)) ** 2 * WET_ALBEDO
    left: Floats = 1.0 - covered + covered * film
    return left
