"""A light meter beside the camera: how bright each frame's view is."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import compose
from roadlab.weather import CLEAR_VISIBILITY
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.camera.lens import pixel_grid
from roadlab_sensors.camera.lens.shrunk import Shrunk
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.camera.picture import LUMINANCE
from roadlab_sensors.camera.shutter import Shutter
from roadlab_sensors.camera.sight import Grid, look, sightlines
from roadlab_sensors.camera.weather import airlight, veiled
from roadlab_sensors.rays.light import Quality
from roadlab_sensors.rays.motion import motion
from roadlab_sensors.rays.night_picture import NightTracer, tracer_of
from roadlab_sensors.rays.picture import PathTracer
from roadlab_sensors.rays.poses import placed_at
from roadlab_sensors.sensor import Stage, ego_from_sensor

Floats = NDArray[np.float64]
BODY_FROM_CAMERA = np.array([[0.0, 0.0, 1.0], [-1.0, 0.0, 0.0], [0.0, -1.0, 0.0]])
"""From the camera's axes (x right, y down, z forward) to a sensor's body axes (x forward, y left, z up)."""
WIDTH = 48
"""Of the meter's picture [px]."""
EFFORT = Quality(block=1, samples=8, bounces=3, denoiser="none")
DARKEST, BRIGHTEST = 1e-4, 30.0
"""What counts, as multiples of grey on open ground: lamps and the sun's disc do not decide alone."""
MEAN = 2.0
"""A street's mean luminance without lamps and sun, as a multiple of its geometric mean; an assumption."""
SEED = 1
"""The same random numbers for each frame, so that what stands still does not flicker."""


def ego_from_camera(camera: Camera) -> Floats:
    """(4, 4)."""
    return np.asarray(ego_from_sensor(camera.mount) @ compose(BODY_FROM_CAMERA, np.zeros(3)))


@dataclass(frozen=True)
class Meter:
    """Meters by the geometric mean of the view's luminance, as Reinhard et al. (2002) do."""

    camera: Camera
    stage: Stage
    tracer: PathTracer | NightTracer
    grid: Grid
    lens: Shrunk
    _known: dict[int, float] = field(default_factory=dict)
    """By frame, so that each is metered once."""

    @classmethod
    def of(cls, camera: Camera, stage: Stage) -> Meter:
        """Of a camera."""
        lens = Shrunk.of(camera.lens, WIDTH)
        shifts = ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5))
        rays = np.stack([lens.directions(pixel_grid(lens, shift)) for shift in shifts])
        white = float(stage.illuminance.mean() / np.pi)
        tracer = tracer_of(stage.scene, rays, EFFORT, 0.0, BRIGHTEST * white)
        return cls(camera, stage, tracer, Grid.of(lens), lens)

    def luminance(self, index: int) -> float:
        """Of frame `index` [cd/m²]; leaves the scene's movers where they are in that frame."""
        if index not in self._known:
            self._known[index] = self._metered(index)
        return self._known[index]

    def _metered(self, index: int) -> float:
        stage, scene = self.stage, self.stage.scene
        time = self.camera.timing.interval(index).middle
        moments = np.array([time, time + 1])
        gaze = Gaze(self.lens, Shutter(), time, moments, stage.ego_at(moments) @ ego_from_camera(self.camera))
        moving = motion(stage.log, time, time + 1)
        scene.place(placed_at(stage.log, time))
        seen = look(scene, gaze, moving, self.grid)
        light = self.tracer.trace(sightlines(scene, gaze, moving, seen, 1, 1), stage.lit(time), SEED)
        radiance, weather = light.radiance, stage.log.weather_at(time)
        if weather.visibility < CLEAR_VISIBILITY or weather.rain + weather.snow > 0.0:
            distance = seen.distance.reshape(self.lens.height, self.lens.width)
            radiance = veiled(radiance, distance, weather, airlight(stage.air))
        seen_at_all = np.isfinite(self.grid.directions[:, 0])
        grey = 0.18 * float(stage.illuminance @ LUMINANCE) / np.pi
        each = (radiance.reshape(-1, 3) @ LUMINANCE)[seen_at_all]
        within = np.clip(each, DARKEST * grey, BRIGHTEST * grey)
        return float(MEAN * np.exp(np.log(within).mean())) / stage.candela
