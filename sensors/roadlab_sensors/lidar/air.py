"""What the air does to pulses: fog, rain and snow dim them and send some of their light back."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from roadlab.weather import CLEAR_VISIBILITY, Weather
from roadlab_sensors.lidar.echoes import SPEED_OF_LIGHT, Echoes, airborne_echoes
from roadlab_sensors.lidar.optics import SNOW
from roadlab_sensors.lidar.units import Receiver

Floats = NDArray[np.float64]

FOG, RAIN, SNOWFALL = 255, 254, 253
"""Keys of `roadlab_sensors.readings.AIRBORNE`."""
FOG_PULSE = 20e-9
"""Length over which a receiver gathers the light of fog [s] (Hahner et al. 2021)."""
CROSSOVER = (0.9, 1.0)
"""Where sender and receiver begin to see the same place, and from where on they do fully [m] (Hahner et al. 2021)."""
NEAR_FIELD = 0.3
"""Share of light from a few metres that reaches the detector of optics focused at 10 to 25 m; an assumption."""
APERTURE = 0.01
"""Width of a beam where it leaves [m]; an assumption."""
DROP, FLAKE = 0.01, 2.15
"""Matte reflectivity that returns as much as a drop's Fresnel reflections; a flake's width to that of its water."""
SMALLEST_FLAKE = 0.5
"""Diameter as water [mm] down to which Gunn and Marshall's distribution is known to hold."""
FARTHEST_PARTICLE = 40.0
"""Beyond this no single drop or flake returns enough [m]."""


def extinction(weather: Weather) -> float:
    """[1/m], one way.

    Fog: Koschmieder with the 5 % contrast of the meteorological optical range. Rain: Ulbrich and Atlas (1985),
    1.45 R^0.64 dB/km. Snow: twice the area of the flakes of Gunn and Marshall (1958).
    """
    fog = np.log(20.0) / weather.visibility
    rain = 1.45 * weather.rain**0.64 / (10.0 * np.log10(np.e) * 1000.0)
    return float(fog + rain + (_snow_area(weather.snow) if weather.snow > 0.0 else 0.0))


@lru_cache(maxsize=64)
def fog_response(alpha: float, pulse: float = FOG_PULSE) -> tuple[float, float]:
    """Peak of the soft return's range integral [s/m²], and the distance at which it stands [m].

    I(R) = integral over 0 to 2 pulse of sin²(pi t / 2 pulse) exp(-2 alpha r) crossover(r) / r² dt, r = R - ct/2
    (Hahner et al. 2021, eq. 8), on a grid of 0.1 m.
    """
    ranges = np.arange(1.0, 30.0, 0.1)
    time = (np.arange(4000) + 0.5) / 4000 * 2.0 * pulse
    r = ranges[:, None] - SPEED_OF_LIGHT * time / 2.0
    seen = np.clip((r - CROSSOVER[0]) / (CROSSOVER[1] - CROSSOVER[0]), 0.0, 1.0)
    shape = np.sin(np.pi * time / (2.0 * pulse)) ** 2
    near = np.maximum(r, CROSSOVER[0])
    total = (shape * np.exp(-2.0 * alpha * near) / near**2 * seen).sum(axis=1) * 2.0 * pulse / len(time)
    best = int(total.argmax())
    return float(total[best]), float(ranges[best])


def fog_power(weather: Weather, receiver: Receiver) -> float:
    """Power of fog's soft return, in the units of `Echoes.power`.

    A matte target of reflectivity rho at R returns rho / (pi R²); fog returns its backscatter coefficient, 0.046 per
    optical range (Rasshofer et al. 2011), gathered over the depth of the pulse.
    """
    peak, _ = fog_response(extinction(weather))
    backscatter = 0.046 / weather.visibility
    gathered = backscatter * SPEED_OF_LIGHT / 2.0 * peak * receiver.pulse / FOG_PULSE
    return float(NEAR_FIELD * gathered * np.pi / 0.1 * receiver.reach**2)


def fog_echoes(weather: Weather, receiver: Receiver, pulses: int, random: np.random.Generator) -> Echoes:
    """A soft return for every pulse: patches of fog make it stronger or weaker, nearer or farther."""
    patches = random.standard_normal((2, pulses))
    if weather.visibility >= CLEAR_VISIBILITY:
        return airborne_echoes(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0), FOG)
    power = fog_power(weather, receiver) * np.exp(0.5 * patches[0] - 0.125)
    _, at = fog_response(extinction(weather))
    # What stands no chance is left out; the receiver's noise adds a fifth of the threshold at most five times over.
    some = np.flatnonzero(power > 0.1)
    return airborne_echoes(some, at * np.exp(0.15 * patches[1, some]), power[some], FOG)


@dataclass(frozen=True)
class Particles:
    """Drops or flakes of a size distribution N(D) = number exp(-slope D)."""

    number: float
    """[1/m³ per mm]"""
    slope: float
    """[1/mm]"""
    width: float
    """Width of a particle by its diameter as water."""
    reflectivity: float
    airborne: int
    smallest: float = 0.0
    """Diameter as water below which there are next to none [mm]."""

    def least(self, distance: Floats, receiver: Receiver) -> Floats:
        """Least diameter as water [mm] whose echo is detected."""
        beam = APERTURE + float(np.mean(receiver.divergence)) * distance
        full = NEAR_FIELD * self.reflectivity / 0.1 * (receiver.reach / distance) ** 2
        return np.maximum(beam / np.sqrt(full) / self.width * 1e3, self.smallest)

    def rate(self, distance: Floats, receiver: Receiver) -> Floats:
        """Detectable particles in the beam per metre of its length."""
        beam = APERTURE + float(np.mean(receiver.divergence)) * distance
        largest = beam / self.width * 1e3  # one that fills the beam is as good as any larger
        least = np.minimum(self.least(distance, receiver), largest)
        return np.pi / 4.0 * beam**2 * self.number / self.slope * np.exp(-self.slope * least)


def particles_in(weather: Weather, wavelength: int) -> list[Particles]:
    """Rain by Marshall and Palmer (1948), snow by Gunn and Marshall (1958)."""
    found = []
    if weather.rain > 0.0:
        found.append(Particles(8000.0, 4.1 * weather.rain**-0.21, 1.0, DROP, RAIN))
    if weather.snow > 0.0:
        number, slope = 7600.0 * weather.snow**-0.87, 2.55 * weather.snow**-0.48
        found.append(Particles(number, slope, FLAKE, SNOW[wavelength], SNOWFALL, SMALLEST_FLAKE))
    return found


def particle_echoes(particles: Particles, receiver: Receiver, pulses: int, random: np.random.Generator) -> Echoes:
    """The nearest drop or flake on the way of each pulse that is large enough to be detected, where there is one."""
    edges = np.linspace(receiver.nearest, FARTHEST_PARTICLE, 400)
    middle = (edges[1:] + edges[:-1]) / 2.0
    depth = np.r_[0.0, np.cumsum(particles.rate(middle, receiver) * np.diff(edges))]
    draws = random.exponential(1.0, (2, pulses))
    some = np.flatnonzero(draws[0] < depth[-1])
    distance = np.interp(draws[0, some], depth, edges)
    diameter = particles.least(distance, receiver) + draws[1, some] / particles.slope
    beam = APERTURE + float(np.mean(receiver.divergence)) * distance
    covered = np.minimum((diameter * 1e-3 * particles.width / beam) ** 2, 1.0)
    power = NEAR_FIELD * particles.reflectivity / 0.1 * covered * (receiver.reach / distance) ** 2
    return airborne_echoes(some, distance, power, particles.airborne)


def _snow_area(water: float) -> float:
    number, slope = 7600.0 * water**-0.87, 2.55 * water**-0.48
    return float(2.0 * np.pi / 4.0 * number * 2.0 * FLAKE**2 / slope**3 * 1e-6)
