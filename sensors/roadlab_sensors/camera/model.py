"""The camera as an author writes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Literal

from pydantic import Field, model_validator

from roadlab.scenario.quantities import PositiveDuration
from roadlab.scenario.spec import Spec
from roadlab_sensors.camera.lens import Lens, Pinhole
from roadlab_sensors.camera.shutter import Shutter
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import CameraReading
from roadlab_sensors.sensor import Sensor, Stage

Pixels = Annotated[float, Field(gt=0.0, le=100_000.0)]


class ImageSize(Spec):
    """Size of the image in pixels."""

    width: Annotated[int, Field(ge=16, le=8192)] = 1242
    height: Annotated[int, Field(ge=16, le=8192)] = 375


class Intrinsics(Spec):
    """Focal lengths and principal point in pixels; pixel (0, 0) has its centre at u = v = 0."""

    fx: Pixels = 721.5377
    fy: Pixels = 721.5377
    cx: float = 609.5593
    cy: float = 172.854


class Exposure(Spec):
    """How long the shutter is open, and how bright the picture becomes."""

    time: PositiveDuration = 0.002
    compensation: Annotated[float, Field(ge=-6.0, le=6.0)] = Field(0.0, description="Exposure compensation in stops.")


class Camera(Sensor):
    """A colour camera with a pinhole or Brown-Conrady lens and a global shutter."""

    type: Literal["camera"] = "camera"
    image: ImageSize = ImageSize()
    intrinsics: Intrinsics = Intrinsics()
    distortion: Annotated[list[float], Field(min_length=5, max_length=5)] = Field(
        [0.0, 0.0, 0.0, 0.0, 0.0], description="Brown-Conrady k1, k2, p1, p2, k3 in OpenCV's order."
    )
    shutter: Shutter = Shutter()
    exposure: Exposure = Exposure()

    @model_validator(mode="after")
    def _exposure_fits_the_period(self) -> Camera:
        if self.exposure.time * self.rate > 1.0:
            raise ValueError(
                f"exposure time {self.exposure.time:g} s is longer than the frame period {1 / self.rate:g} s"
            )
        return self

    @property
    def lens(self) -> Lens:
        """Intrinsics and distortion as the readings carry them."""
        i = self.intrinsics
        return Pinhole(self.image.width, self.image.height, i.fx, i.fy, i.cx, i.cy, tuple(self.distortion))

    @property
    def reading_length(self) -> float:
        """From when the first line is exposed to when the last is covered again [s]."""
        return self.exposure.time + self.shutter.readout(self.image.width, self.image.height)

    def rays(self, quality: Quality) -> int:
        """Paths traced for the picture, and a ray for the labels of each pixel."""
        pixels = self.image.width * self.image.height
        return pixels + pixels * quality.samples // quality.block**2

    def prepare(self, name: str, stage: Stage) -> Callable[[int], CameraReading]:
        """What exposes frame number k."""
        from roadlab_sensors.camera.expose import exposures

        return exposures(name, self, stage)
