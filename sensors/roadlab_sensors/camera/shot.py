"""From the radiance at the lens to the file's picture, through optics and imager."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.randomness import generator
from roadlab_sensors.camera.exposure import Setting
from roadlab_sensors.camera.imager import MIDDLE_GREY, Imager, Pattern, demosaiced, filtered, merged, pattern
from roadlab_sensors.camera.lens import Lens
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.camera.optics import through
from roadlab_sensors.camera.picture import compressed
from roadlab_sensors.camera.soiling import Soiling
from roadlab_sensors.readings import Capture
from roadlab_sensors.sensor import Stage

Floats = NDArray[np.float64]
Raw = NDArray[np.uint16] | NDArray[np.uint32]


@dataclass(frozen=True)
class Shot:
    """What the electronics give out."""

    image: NDArray[np.uint8]
    """(H, W, 3) sRGB, as the file shows it."""
    raw: Raw | None
    """(H, W) numbers under the colour filters, or (H, W, 3) without filters [DN]; None without an imager."""
    jpeg: NDArray[np.uint8] | None
    """(N,) the file, where it is JPEG."""


@dataclass(frozen=True)
class Electronics:
    """Lens faults, imager and picture processing of one camera."""

    name: str
    camera: Camera
    stage: Stage
    chip: Pattern | None
    """The imager's fixed pattern; None without an imager."""
    soiling: Soiling | None
    """None when the lens is clean."""

    @classmethod
    def of(cls, name: str, camera: Camera, stage: Stage) -> Electronics:
        """Of a camera on the stage."""
        lens, optics = camera.lens, camera.optics
        soiled = optics.dirt > 0.0 or optics.drops > 0
        random = generator(stage.seed, "sensor", name, "soiling")
        soiling = Soiling.of(optics.dirt, optics.drops, lens, random) if soiled else None
        if camera.imager is None:
            return cls(name, camera, stage, None, soiling)
        size = (lens.height, lens.width)
        shape = size if camera.imager.mosaic != "none" else (*size, 3)
        chip = pattern(camera.imager, shape, generator(stage.seed, "sensor", name, "chip"))
        return cls(name, camera, stage, chip, soiling)

    def shot(self, radiance: NDArray[np.float32], lens: Lens, index: int, setting: Setting) -> Shot:
        """The picture of a frame from its radiance (H, W, 3) in the ray engine's units."""
        arriving = radiance if self.soiling is None else self.soiling.on(radiance)
        thrown = through(self.camera.optics, lens, arriving)
        signal = thrown * np.float32(MIDDLE_GREY / (setting.level * self.stage.candela))
        imager, picture = self.camera.imager, self.camera.picture
        if imager is None or self.chip is None:
            raw, matrix = None, picture.matrix(np.eye(3), self.stage.illuminance)
            balanced = signal * picture.balance(self.stage.illuminance).astype(np.float32)
            image = picture.finished(balanced, matrix, float("inf"))
        else:
            raw = self._raw(imager, signal.astype(np.float64), self.chip, setting, index)
            matrix = picture.matrix(imager.response, self.stage.illuminance)
            image = picture.finished(self._colors(imager, raw), matrix, imager.headroom)
        if picture.format == "jpeg":
            shown, file = compressed(image, picture.quality or 90)
            return Shot(shown, raw, file)
        return Shot(image, raw, None)

    def capture(self, setting: Setting) -> Capture:
        """How a frame with a setting is taken."""
        imager = self.camera.imager
        if imager is None:
            return Capture(setting.time, setting.gain, setting.exposure_value)
        return Capture(
            exposure_time=setting.time,
            gain=setting.gain,
            exposure_value=setting.exposure_value,
            mosaic=imager.mosaic,
            bits=imager.brightest.bit_length(),
            black_level=imager.black_level,
            white_level=imager.brightest,
        )

    def _raw(self, imager: Imager, signal: Floats, chip: Pattern, setting: Setting, index: int) -> Raw:
        """Numbers of an exposure that would give a perfect imager this signal (H, W, 3)."""
        reachable = imager.full_well / 10.0 ** (setting.gain / 20.0)
        photons = np.einsum("hwc,kc->hwk", signal, imager.response * (reachable / imager.quantum_efficiency))
        caught = filtered(photons, imager.mosaic) if imager.mosaic != "none" else photons
        random = generator(self.stage.seed, "sensor", self.name, index, "noise")
        return merged(imager, np.maximum(caught, 0.0), setting.time, setting.gain, chip, random)

    def _colors(self, imager: Imager, raw: Raw) -> NDArray[np.float32]:
        """(H, W, 3) balanced signals: white balance before the colours are filled in, so that no seams are coloured."""
        signal = (raw.astype(np.float64) - imager.black_level) / (imager.white - imager.black_level)
        balance = self.camera.picture.balance(imager.response @ self.stage.illuminance)
        if imager.mosaic == "none":
            return (signal * balance).astype(np.float32)
        tinted = filtered(np.broadcast_to(balance, (*signal.shape, 3)), imager.mosaic)
        # What is clipped alike in all colours stays white.
        return demosaiced(np.clip(signal * tinted, 0.0, imager.headroom), imager.mosaic).astype(np.float32)
