"""What a chirp sequence and an array of antennas can tell apart, and how strong its echoes are."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

SPEED_OF_LIGHT = 299_792_458.0
NOISE_DENSITY = 1.380649e-23 * 290.0
"""k T [W/Hz]"""


@dataclass(frozen=True)
class Waveform:
    """An FMCW radar."""

    carrier: float
    """[Hz]"""
    bandwidth: float
    """Of a chirp [Hz]."""
    chirp: float
    """From one chirp to the next [s]."""
    frame: float
    """All chirps of a cycle [s]."""
    elements: int
    """Of the virtual array, half a wavelength apart."""
    width: float
    """Field of view, to either side [rad]."""
    height: float
    """Field of view, up and down [rad]."""
    farthest: float
    """[m]"""
    gain: float
    """Of each antenna, as a factor."""
    power: float = 0.01
    """Transmitted [W]."""
    losses: float = 3000.0
    """Noise figure (15 dB), losses in feeds, window and bumper (20 dB) together, as a factor; assumptions."""

    @property
    def wavelength(self) -> float:
        """[m]"""
        return SPEED_OF_LIGHT / self.carrier

    @property
    def range_resolution(self) -> float:
        """C / 2B [m]."""
        return SPEED_OF_LIGHT / (2.0 * self.bandwidth)

    @property
    def speed_resolution(self) -> float:
        """Lambda / 2T of the whole frame [m/s]."""
        return self.wavelength / (2.0 * self.frame)

    @property
    def fastest(self) -> float:
        """Lambda / 4T of a chirp [m/s]: range rates beyond fold over."""
        return self.wavelength / (4.0 * self.chirp)

    @property
    def azimuth_resolution(self) -> float:
        """2 / N [rad], of a uniform array with half a wavelength between its elements, ahead."""
        return 2.0 / self.elements

    def signal_to_noise(self, rcs: Floats, distance: Floats) -> Floats:
        """The radar equation as a power ratio: P G² lambda² sigma T / ((4 pi)³ R⁴ k T0 L)."""
        signal = self.power * self.gain**2 * self.wavelength**2 * rcs / ((4.0 * np.pi) ** 3 * distance**4)
        return np.asarray(signal * self.frame / (NOISE_DENSITY * self.losses))

    def folded(self, range_rate: Floats) -> Floats:
        """Range rates [m/s] as the chirps see them: within +-`fastest`."""
        return np.asarray((range_rate + self.fastest) % (2.0 * self.fastest) - self.fastest)


WAVEFORMS: dict[str, Waveform] = {
    "short": Waveform(77e9, 1e9, 25e-6, 0.02, 8, np.radians(75.0), np.radians(10.0), 30.0, 10.0),
    "mid": Waveform(76.5e9, 300e6, 20e-6, 0.02, 24, np.radians(45.0), np.radians(7.0), 100.0, 40.0),
    # Resolution and reach as those of the ARS 408's far scan: 1.8 m, 1.6 degrees, 250 m within +-9 degrees.
    "long": Waveform(76.5e9, 84e6, 20e-6, 0.04, 72, np.radians(9.0), np.radians(4.0), 250.0, 250.0),
}


def trihedral(side: float, wavelength: float) -> float:
    """Radar cross-section of a triangular trihedral corner with legs `side` [m] along its axis: 4 pi a⁴ / 3 lambda²."""
    return 4.0 * np.pi * side**4 / (3.0 * wavelength**2)


def coherent(aperture: Floats, wavelength: float) -> Floats:
    """Radar cross-section of an aperture [m²] that returns a plane wave in phase: 4 pi A² / l²."""
    return np.asarray(4.0 * np.pi * aperture**2 / wavelength**2)
