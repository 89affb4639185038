"""The camera as an author writes it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field, model_validator

from roadlab_sensors.camera.calibration import lens_of, rays_of
from roadlab_sensors.camera.exposure import Exposure
from roadlab_sensors.camera.imager import Imager
from roadlab_sensors.camera.intrinsics import ImageSize, Intrinsics
from roadlab_sensors.camera.lens import Equirectangular, Fisheye, Lens, Pinhole, RayTable
from roadlab_sensors.camera.lens.pinhole import UNBENT
from roadlab_sensors.camera.optics import Optics
from roadlab_sensors.camera.picture import Picture
from roadlab_sensors.camera.shutter import Shutter
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.readings import CameraReading
from roadlab_sensors.sensor import Sensor, Stage

Projection = Literal["pinhole", "fisheye", "equirectangular"]
Label = Literal[
    "distance", "normal", "albedo", "flow", "scene_flow", "keypoints", "amodal_masks", "lines", "signs", "raw", "hdr"
]
COEFFICIENTS: dict[Projection, tuple[int, ...]] = {"pinhole": (5, 8), "fisheye": (4,)}


class Camera(Sensor):
    """A colour camera."""

    type: Literal["camera"] = "camera"
    image: ImageSize = ImageSize()
    projection: Projection = "pinhole"
    intrinsics: Intrinsics = Intrinsics()
    distortion: Annotated[list[float], Field(min_length=4, max_length=8)] | None = Field(
        None,
        description="Pinhole: Brown-Conrady k1, k2, p1, p2, k3 and for the rational model k4, k5, k6; fisheye: "
        "Kannala-Brandt k1 to k4; in OpenCV's order.",
    )
    calibration: str | None = Field(
        None,
        description="A calibration file of OpenCV or ROS (.yaml) beside the scenario, instead of image, projection, "
        "intrinsics and distortion; a decided scenario holds its text.",
    )
    ray_table: str | None = Field(
        None,
        description="A NumPy file (.npy) beside the scenario with the directions of the pixels' centres, height x "
        "width x 3: x right, y down, z forward; instead of projection, intrinsics and distortion. A decided scenario "
        "holds its content.",
    )
    shutter: Shutter = Shutter()
    exposure: Exposure = Exposure()
    optics: Optics = Optics()
    imager: Imager | None = Field(None, description="An image sensor with its noise; a noiseless one by default.")
    picture: Picture = Picture()
    labels: list[Label] = Field([], description="What is asked for beside depth, instance, class and boxes.")

    @model_validator(mode="after")
    def _calibrated(self) -> Camera:
        said = (self.projection, self.intrinsics, self.distortion) != ("pinhole", Intrinsics(), None)
        if self.calibration is not None and (said or self.image != ImageSize()):
            raise ValueError("the calibration file holds image, projection, intrinsics and distortion already")
        if self.ray_table is not None and (said or self.calibration is not None):
            raise ValueError("a table of rays needs neither projection nor intrinsics, distortion or calibration")
        return self

    @model_validator(mode="after")
    def _in_time(self) -> Camera:
        if self.exposure.time * self.rate > 1.0:
            raise ValueError(
                f"exposure time {self.exposure.time:g} s is longer than the frame period {1 / self.rate:g} s"
            )
        if self.reading_length * self.rate > 1.0:
            raise ValueError(
                f"the last line is read {self.reading_length:g} s after the first is opened, which is longer than the "
                f"frame period {1 / self.rate:g} s"
            )
        return self

    @model_validator(mode="after")
    def _possible(self) -> Camera:
        sizes = COEFFICIENTS.get(self.projection, ())
        if self.distortion is not None and len(self.distortion) not in sizes:
            wanted = " or ".join(map(str, sizes)) or "no"
            raise ValueError(
                f"a {self.projection} lens has {wanted} distortion coefficients, not {len(self.distortion)}"
            )
        if self.projection == "equirectangular" and self.intrinsics != Intrinsics():
            raise ValueError("an equirectangular picture shows the whole sphere and has no intrinsics")
        folds_at = getattr(self.lens, "folds_at", None)
        if folds_at is not None:
            raise ValueError(f"the distortion folds back inside the image, {folds_at:.0f} px from the principal point")
        return self

    @model_validator(mode="after")
    def _with_imager(self) -> Camera:
        if self.imager is not None:
            return self
        given = self.exposure.gain is not None or self.exposure.shortest is not None
        if self.exposure.metering == "manual" or given:
            raise ValueError("manual metering, gain and shortest are of an imager: say imager: {} for a typical one")
        if "raw" in self.labels:
            raise ValueError("raw numbers come from an imager: say imager: {} for a typical one")
        return self

    @cached_property
    def lens(self) -> Lens:
        """As the readings carry it."""
        if self.calibration is not None:
            return lens_of(self.calibration)
        width, height = self.image.width, self.image.height
        if self.ray_table is not None:
            return RayTable(width, height, rays_of(self.ray_table))
        if self.projection == "equirectangular":
            return Equirectangular(width, height)
        fx, fy, cx, cy = self.intrinsics.focus(self.image, fisheye=self.projection == "fisheye")
        if self.projection == "fisheye":
            return Fisheye(width, height, fx, fy, cx, cy, tuple(self.distortion or (0.0,) * 4))
        return Pinhole(width, height, fx, fy, cx, cy, tuple(self.distortion or UNBENT))

    @property
    def reading_length(self) -> float:
        """From when the first line is exposed to when the last is covered again [s]."""
        return self.exposure.time + self.shutter.readout(self.lens.width, self.lens.height)

    def rays(self, quality: Quality) -> int:
        """Paths traced for the picture, and a ray for the labels of each pixel."""
        pixels = self.lens.width * self.lens.height
        return pixels + pixels * quality.samples * quality.passes // quality.block**2

    def prepare(self, name: str, stage: Stage) -> Callable[[int], CameraReading]:
        """What exposes frame number k."""
        from roadlab_sensors.camera.expose import Body

        return Body.of(name, self, stage).expose
