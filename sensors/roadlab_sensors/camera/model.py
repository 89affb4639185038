"""The camera as an author writes it."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from roadlab.scenario.quantities import Angle, PositiveDuration
from roadlab.scenario.spec import Spec
from roadlab_sensors.camera.imager import Imager
from roadlab_sensors.camera.lens import Equirectangular, Fisheye, Lens, Pinhole
from roadlab_sensors.camera.lens.pinhole import UNBENT
from roadlab_sensors.camera.optics import Optics
from roadlab_sensors.camera.shutter import Shutter
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import CameraReading
from roadlab_sensors.sensor import Sensor, Stage

Pixels = Annotated[float, Field(gt=0.0, le=100_000.0)]
Label = Literal["distance", "normal", "albedo", "flow", "scene_flow", "keypoints", "lines", "signs", "raw", "hdr"]
Row = Annotated[list[float], Field(min_length=3, max_length=3)]
HALF_TURN = 3.14159265


class ImageSize(Spec):
    """Size of the image in pixels."""

    width: Annotated[int, Field(ge=16, le=8192)] = 1242
    height: Annotated[int, Field(ge=16, le=8192)] = 375


class Intrinsics(Spec):
    """Focal lengths and principal point in pixels, or a field of view, or a camera matrix.

    Pixel (0, 0) has its centre at u = v = 0; the principal point is the image's middle unless it is given.
    """

    fx: Pixels | None = None
    fy: Pixels | None = Field(None, description="By default as fx.")
    cx: float | None = None
    cy: float | None = None
    field_of_view: Annotated[Angle, Field(gt=0.001, lt=2.0 * HALF_TURN)] | None = Field(
        None, description="Horizontal, instead of fx and fy; at the image's edges, without distortion."
    )
    matrix: Annotated[list[Row], Field(min_length=3, max_length=3)] | None = Field(
        None, description="Instead of all others: [[fx, 0, cx], [0, fy, cy], [0, 0, 1]]."
    )

    @model_validator(mode="after")
    def _said_once(self) -> Intrinsics:
        ways = [name for name in ("fx", "field_of_view", "matrix") if getattr(self, name) is not None]
        if len(ways) > 1:
            raise ValueError(f"give one of {', '.join(ways)}, not several")
        if self.fy is not None and self.fx is None:
            raise ValueError("fy needs fx beside it")
        if self.matrix is not None:
            if self.cx is not None or self.cy is not None:
                raise ValueError("the matrix holds cx and cy already")
            (fx, skew, _), (zero, fy, _), last = self.matrix
            if skew != 0.0 or zero != 0.0 or last != [0.0, 0.0, 1.0] or fx <= 0.0 or fy <= 0.0:
                raise ValueError("the matrix must be [[fx, 0, cx], [0, fy, cy], [0, 0, 1]] with positive fx and fy")
        return self


class Exposure(Spec):
    """How long the shutter is open, and how bright the picture becomes."""

    time: PositiveDuration = 0.002
    compensation: Annotated[float, Field(ge=-6.0, le=6.0)] = Field(0.0, description="Exposure compensation in stops.")
    metering: Literal["incident", "manual"] = Field(
        "incident",
        description="incident: so that grey on open ground is as bright in every scenario, whatever the aperture; "
        "manual: by time, aperture and gain alone, which needs an imager.",
    )
    gain: Annotated[float, Field(ge=0.0, le=48.0)] = Field(0.0, description="Of the imager [dB].")


class Camera(Sensor):
    """A colour camera."""

    type: Literal["camera"] = "camera"
    image: ImageSize = ImageSize()
    projection: Literal["pinhole", "fisheye", "equirectangular"] = "pinhole"
    intrinsics: Intrinsics = Intrinsics()
    distortion: Annotated[list[float], Field(min_length=4, max_length=8)] | None = Field(
        None,
        description="Pinhole: Brown-Conrady k1, k2, p1, p2, k3 and for the rational model k4, k5, k6; fisheye: "
        "Kannala-Brandt k1 to k4; in OpenCV's order.",
    )
    shutter: Shutter = Shutter()
    exposure: Exposure = Exposure()
    optics: Optics = Optics()
    imager: Imager | None = Field(None, description="An image sensor with its noise; a noiseless one by default.")
    labels: list[Label] = Field([], description="What is asked for beside depth, instance, class and boxes.")

    @model_validator(mode="after")
    def _possible(self) -> Camera:
        if self.exposure.time * self.rate > 1.0:
            raise ValueError(
                f"exposure time {self.exposure.time:g} s is longer than the frame period {1 / self.rate:g} s"
            )
        if self.reading_length * self.rate > 1.0:
            raise ValueError(
                f"the last line is read {self.reading_length:g} s after the first is opened, which is longer than the "
                f"frame period {1 / self.rate:g} s"
            )
        sizes = {"pinhole": (5, 8), "fisheye": (4,), "equirectangular": ()}[self.projection]
        if self.distortion is not None and len(self.distortion) not in sizes:
            wanted = " or ".join(map(str, sizes)) or "no"
            raise ValueError(
                f"a {self.projection} lens has {wanted} distortion coefficients, not {len(self.distortion)}"
            )
        if self.projection == "equirectangular" and self.intrinsics != Intrinsics():
            raise ValueError("an equirectangular picture shows the whole sphere and has no intrinsics")
        if self.imager is None and (self.exposure.metering == "manual" or self.exposure.gain > 0.0):
            raise ValueError("manual metering and gain are of an imager: say imager: {} for a typical one")
        if self.imager is None and "raw" in self.labels:
            raise ValueError("raw numbers come from an imager: say imager: {} for a typical one")
        folds_at = getattr(self.lens, "folds_at", None)
        if folds_at is not None:
            raise ValueError(f"the distortion folds back inside the image, {folds_at:.0f} px from the principal point")
        return self

    @cached_property
    def lens(self) -> Lens:
        """As the readings carry it."""
        width, height = self.image.width, self.image.height
        if self.projection == "equirectangular":
            return Equirectangular(width, height)
        fx, fy, cx, cy = self._focus()
        if self.projection == "fisheye":
            return Fisheye(width, height, fx, fy, cx, cy, tuple(self.distortion or (0.0,) * 4))
        return Pinhole(width, height, fx, fy, cx, cy, tuple(self.distortion or UNBENT))

    def _focus(self) -> tuple[float, float, float, float]:
        """Focal lengths and principal point [px]."""
        given, width, height = self.intrinsics, self.image.width, self.image.height
        if given.matrix is not None:
            (fx, _, cx), (_, fy, cy), _ = given.matrix
            return fx, fy, cx, cy
        cx = given.cx if given.cx is not None else (width - 1) / 2.0
        cy = given.cy if given.cy is not None else (height - 1) / 2.0
        if given.fx is not None:
            return given.fx, given.fy or given.fx, cx, cy
        view = given.field_of_view if given.field_of_view is not None else math.radians(80.0)
        if self.projection == "fisheye":
            return width / view, width / view, cx, cy
        if view >= math.pi - 0.01:
            raise ValueError(f"a pinhole cannot see {math.degrees(view):.0f} degrees; say projection: fisheye")
        focal = width / 2.0 / math.tan(view / 2.0)
        return focal, focal, cx, cy

    @property
    def reading_length(self) -> float:
        """From when the first line is exposed to when the last is covered again [s]."""
        return self.exposure.time + self.shutter.readout(self.image.width, self.image.height)

    def rays(self, quality: Quality) -> int:
        """Paths traced for the picture, and a ray for the labels of each pixel."""
        pixels = self.image.width * self.image.height
        return pixels + pixels * quality.samples * quality.passes // quality.block**2

    def prepare(self, name: str, stage: Stage) -> Callable[[int], CameraReading]:
        """What exposes frame number k."""
        from roadlab_sensors.camera.expose import Body

        return Body.of(name, self, stage).expose
