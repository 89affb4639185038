"""From the radiance at the lens to the file's picture, through optics and imager."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.randomness import generator
from roadlab_sensors.camera.develop import MIDDLE_GREY, develop, encode, tone
from roadlab_sensors.camera.imager import Imager, Pattern, demosaiced, digitised, filtered, pattern
from roadlab_sensors.camera.lens import Lens
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.camera.optics import through
from roadlab_sensors.sensor import Stage

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Shot:
    """What the electronics give out."""

    image: NDArray[np.uint8]
    """(H, W, 3) sRGB."""
    raw: NDArray[np.uint16] | None
    """(H, W) numbers under the colour filters, or (H, W, 3) without filters [DN]; None without an imager."""


@dataclass(frozen=True)
class Electronics:
    """Lens faults, imager and picture processing of one camera."""

    name: str
    camera: Camera
    stage: Stage
    chip: Pattern | None
    """The imager's fixed pattern; None without an imager."""

    @classmethod
    def of(cls, name: str, camera: Camera, stage: Stage) -> Electronics:
        """Of a camera on the stage."""
        if camera.imager is None:
            return cls(name, camera, stage, None)
        size = (camera.image.height, camera.image.width)
        shape = size if camera.imager.mosaic != "none" else (*size, 3)
        return cls(name, camera, stage, pattern(camera.imager, shape, generator(stage.seed, "sensor", name, "chip")))

    def shot(self, radiance: NDArray[np.float32], lens: Lens, index: int) -> Shot:
        """The picture of a frame from its radiance (H, W, 3) in the ray engine's units."""
        thrown = through(self.camera.optics, lens, radiance)
        imager = self.camera.imager
        if imager is None or self.chip is None:
            return Shot(develop(thrown, self.stage.illuminance, self.camera.exposure.compensation), None)
        photons = self._photons(imager, thrown.astype(np.float64))
        caught = filtered(photons, imager.mosaic) if imager.mosaic != "none" else photons
        exposure = self.camera.exposure
        random = generator(self.stage.seed, "sensor", self.name, index, "noise")
        raw = digitised(imager, caught, exposure.time, exposure.gain, self.chip, random)
        return Shot(self._processed(imager, raw), raw)

    def _photons(self, imager: Imager, radiance: Floats) -> Floats:
        """Mean number of photons on each pixel of each colour."""
        exposure, optics = self.camera.exposure, self.camera.optics
        if exposure.metering == "manual":
            lux = optics.sensor_illuminance(radiance / self.stage.candela)
            return np.asarray(imager.photons(lux, exposure.time) * 2.0**exposure.compensation)
        grey = 0.18 * float(self.stage.illuminance.mean()) / np.pi
        reachable = imager.full_well / 10.0 ** (exposure.gain / 20.0)
        wells = MIDDLE_GREY * reachable / imager.quantum_efficiency * 2.0**exposure.compensation
        return np.asarray(radiance / grey * wells)

    def _processed(self, imager: Imager, raw: NDArray[np.uint16]) -> NDArray[np.uint8]:
        """White balance before the colours are filled in, then tone and encoding."""
        signal = (raw.astype(np.float64) - imager.black_level) / (imager.white - imager.black_level)
        balance = self.stage.illuminance.mean() / self.stage.illuminance
        if imager.mosaic == "none":
            whole = signal * balance
        else:
            tinted = filtered(np.broadcast_to(balance, (*signal.shape, 3)), imager.mosaic)
            whole = demosaiced(np.clip(signal * tinted, 0.0, 1.0), imager.mosaic)
        return encode(tone(np.clip(whole, 0.0, 1.0).astype(np.float32)))
