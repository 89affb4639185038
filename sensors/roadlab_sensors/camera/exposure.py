"""How long the shutter opens and how bright the picture becomes, from frame to frame."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import Field, model_validator

from roadlab.scenario.quantities import PositiveDuration
from roadlab.scenario.spec import Spec
from roadlab_sensors.camera.imager import MIDDLE_GREY, Imager
from roadlab_sensors.camera.optics import Optics

CALIBRATION = 12.5
"""Of reflected-light meters: EV = log2(100 L / 12.5) at ISO 100 (ISO 2720)."""
SHORTEST, RESPONSE, HIGHEST_GAIN = 2e-5, 0.2, 24.0
MEMORY = 10.0
"""What was seen more time constants ago than this no longer counts: a thousandth of a stop after a step of 2^20."""


class Exposure(Spec):
    """How long the shutter is open, and how bright the picture becomes."""

    time: PositiveDuration = Field(0.002, description="With auto metering and an imager the longest.")
    compensation: Annotated[float, Field(ge=-6.0, le=6.0)] = Field(0.0, description="Exposure compensation in stops.")
    metering: Literal["incident", "manual", "auto"] = Field(
        "incident",
        description="incident: so that grey on open ground is as bright in every scenario, whatever the aperture; "
        "manual: by time, aperture and gain alone, which needs an imager; auto: by what the camera saw in the frames "
        "before, with an imager first by time, then by gain.",
    )
    gain: Annotated[float, Field(ge=0.0, le=48.0)] | None = Field(
        None, description="Of the imager [dB], by default 0; with auto metering the highest, by default 24."
    )
    shortest: PositiveDuration | None = Field(
        None, description="Of auto metering with an imager: the shortest time, by default 20 us."
    )
    response: PositiveDuration | None = Field(
        None, description="Of auto metering: in which 63 % of a change of light is made up for, by default 0.2 s."
    )

    @model_validator(mode="after")
    def _of_one_kind(self) -> Exposure:
        for name in ("shortest", "response"):
            if getattr(self, name) is not None and self.metering != "auto":
                raise ValueError(f"{name} is of auto metering: say metering: auto")
        if self.shortest is not None and self.shortest > self.time:
            raise ValueError(f"shortest {self.shortest:g} s must not be longer than time {self.time:g} s")
        return self

    @property
    def constant(self) -> float:
        """Of auto metering [s]."""
        return self.response if self.response is not None else RESPONSE


@dataclass(frozen=True)
class Setting:
    """What the camera chose for a frame."""

    time: float
    """[s]"""
    gain: float
    """[dB]"""
    level: float
    """Luminance that becomes as bright as an 18 % grey card should [cd/m²]."""

    @property
    def exposure_value(self) -> float:
        """At ISO 100."""
        return math.log2(self.level * 100.0 / CALIBRATION)


def by_level(exposure: Exposure, level: float, decibel: float | None = None) -> Setting:
    """A setting for a luminance [cd/m²], whatever it takes."""
    gain = (exposure.gain or 0.0) if decibel is None else decibel
    return Setting(exposure.time, gain, level / 2.0**exposure.compensation)


def by_hand(exposure: Exposure, imager: Imager, optics: Optics) -> Setting:
    """The setting that time, gain and aperture are."""
    gain = exposure.gain or 0.0
    level = _level(imager, optics, exposure.time, gain) / 2.0**exposure.compensation
    return Setting(exposure.time, gain, level)


def by_itself(exposure: Exposure, imager: Imager, optics: Optics, level: float) -> Setting:
    """The setting for a luminance [cd/m²]: less time while there is light, more gain when there is no more time."""
    wanted = level / 2.0**exposure.compensation
    shortest = exposure.shortest if exposure.shortest is not None else min(SHORTEST, exposure.time)
    highest = exposure.gain if exposure.gain is not None else HIGHEST_GAIN
    needed = exposure.time * _level(imager, optics, exposure.time, 0.0) / wanted
    time = min(max(needed, shortest), exposure.time)
    gain = min(max(20.0 * math.log10(needed / time), 0.0), highest)
    return Setting(time, gain, _level(imager, optics, time, gain))


def _level(imager: Imager, optics: Optics, time: float, decibel: float) -> float:
    """Luminance whose signal is middle grey [cd/m²]."""
    photons = imager.photons(optics.sensor_illuminance(1.0), time)
    reached = imager.full_well / 10.0 ** (decibel / 20.0)
    return float(MIDDLE_GREY * reached / (imager.quantum_efficiency * photons))


def history(exposure: Exposure, rate: float, index: int) -> range:
    """The frames by which frame `index` is exposed, and itself."""
    return range(max(0, index - math.ceil(MEMORY * exposure.constant * rate)), index + 1)


def followed(luminances: Sequence[float], rate: float, constant: float) -> float:
    """The luminance [cd/m²] for which the last frame is exposed, given what was metered in this and earlier ones.

    A first-order lag in stops, one frame late: there is no overshoot, and a scene that stands still does not flicker.
    """
    share = 1.0 - math.exp(-1.0 / (rate * constant))
    stops = math.log2(luminances[0])
    for seen in luminances[:-1]:
        stops += share * (math.log2(seen) - stops)
    return float(2.0**stops)
