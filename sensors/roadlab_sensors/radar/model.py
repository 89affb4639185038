"""The radar as an author writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from roadlab.scenario.quantities import Angle, Frequency, PositiveDuration, PositiveLength
from roadlab_sensors.radar.waveform import WAVEFORMS, Waveform
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import RadarScan
from roadlab_sensors.sensor import Sensor, Stage

Bandwidth = Annotated[float, Field(ge=1e6, le=5e9)]


class Radar(Sensor):
    """A frequency-modulated radar at 76 to 77 GHz, of short, middle or long range."""

    type: Literal["radar"] = "radar"
    rate: Annotated[Frequency, Field(ge=1.0, le=50.0)] = 13.0
    model: Literal["short", "mid", "long"] = Field("long", description="30, 100 or 250 m.")
    bandwidth: Bandwidth | None = Field(None, description="Of a chirp in Hz; range resolution is c / 2B.")
    chirp: Annotated[PositiveDuration, Field(ge=1e-6, le=1e-3)] | None = Field(
        None, description="From one chirp to the next; the greatest range rate is wavelength / 4T."
    )
    frame: Annotated[PositiveDuration, Field(ge=1e-3, le=0.2)] | None = Field(
        None, description="All chirps of a cycle; resolution of the range rate is wavelength / 2T."
    )
    elements: Annotated[int, Field(ge=2, le=2048)] | None = Field(
        None, description="Of the virtual array; azimuth resolution is 2 / N rad."
    )
    field_of_view: Annotated[Angle, Field(gt=0.0, le=3.1)] | None = Field(None, description="From side to side.")
    range_max: Annotated[PositiveLength, Field(le=500.0)] | None = None

    @model_validator(mode="after")
    def _frame_fits(self) -> Radar:
        waveform = self.waveform
        if waveform.frame > 1.0 / self.rate:
            raise ValueError(f"a frame of {waveform.frame:g} s does not fit into a cycle of {1.0 / self.rate:g} s")
        if waveform.chirp > waveform.frame / 2.0:
            raise ValueError(f"a chirp of {waveform.chirp:g} s is too long for a frame of {waveform.frame:g} s")
        return self

    @property
    def waveform(self) -> Waveform:
        """The model's with what the author changed."""
        changes: dict[str, Any] = {
            "bandwidth": self.bandwidth,
            "chirp": self.chirp,
            "frame": self.frame,
            "elements": self.elements,
            "width": None if self.field_of_view is None else self.field_of_view / 2.0,
            "farthest": self.range_max,
        }
        return replace(WAVEFORMS[self.model], **{name: v for name, v in changes.items() if v is not None})

    @property
    def reading_length(self) -> float:
        """All chirps of a cycle [s]."""
        return self.waveform.frame

    def rays(self, quality: Quality) -> int:  # noqa: ARG002 - of every quality
        """About how many rays one cycle takes."""
        return 20_000

    def prepare(self, name: str, stage: Stage) -> Callable[[int], RadarScan]:
        """What makes scan number k."""
        from roadlab_sensors.radar.scan import scans

        return scans(name, self, stage)
