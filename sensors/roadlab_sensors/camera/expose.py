"""One exposure: the picture, and every label from the same rays."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import compose, world_from_actor
from roadlab.randomness import generator, seed32
from roadlab.timing import Interval, Nanoseconds, nanoseconds
from roadlab.weather import CLEAR_VISIBILITY
from roadlab_sensors.camera.denoise import cleaned
from roadlab_sensors.camera.exposure import Setting, by_hand, by_itself, by_level, followed, history
from roadlab_sensors.camera.gaze import Gaze
from roadlab_sensors.camera.glare import Sunlight
from roadlab_sensors.camera.labels import Labels, distances, flows, normals
from roadlab_sensors.camera.lens import Lens
from roadlab_sensors.camera.metering import Meter, ego_from_camera
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.camera.picture import LUMINANCE
from roadlab_sensors.camera.shot import Electronics, Shot
from roadlab_sensors.camera.sight import Grid, Seen, look, sightlines
from roadlab_sensors.camera.weather import airlight, fallen, veiled
from roadlab_sensors.own_body import check_view
from roadlab_sensors.rays.albedo import AlbedoTracer
from roadlab_sensors.rays.motion import instants, motion
from roadlab_sensors.rays.night_picture import NightTracer, tracer_of
from roadlab_sensors.rays.picture import PathTracer
from roadlab_sensors.rays.poses import placed_at
from roadlab_sensors.readings import SEMANTIC_IDS, ActorView, CameraFrame, CameraReading
from roadlab_sensors.sensor import Stage
from roadlab_sensors.truth.flow import Frame
from roadlab_sensors.truth.keypoints import keypoints
from roadlab_sensors.truth.road_lines import Course, course_of, road_lines
from roadlab_sensors.truth.signs import sign_views
from roadlab_sensors.truth.views import actor_views

LAMP_LUMINANCE = 25_000.0
"""Of a lit signal or vehicle lamp [cd/m²]."""
VIEW_RAYS = 2000
"""By so many pixels it is seen whether a camera sits inside something."""
FIREFLY = 30.0
"""A path brings at most this many times the light of white paper on open ground."""


@dataclass(frozen=True)
class Body:
    """A camera on the stage."""

    name: str
    camera: Camera
    stage: Stage
    tracer: PathTracer | NightTracer
    colors: AlbedoTracer | None
    """None when nobody asked for albedo."""
    course: Course | None
    """None when nobody asked for lines, or there are no roads."""
    electronics: Electronics
    grid: Grid
    sunlight: Sunlight | None
    """None unless the lens scatters it."""
    meter: Meter | None
    """None unless the camera exposes by what it sees."""

    @classmethod
    def of(cls, name: str, camera: Camera, stage: Stage) -> Body:
        """Ready to expose frames."""
        grid = Grid.of(camera.lens)
        looking = grid.directions[np.isfinite(grid.directions[:, 0])]
        check_view(name, stage, ego_from_camera(camera), looking[:: max(1, len(looking) // VIEW_RAYS)])
        white = float(stage.illuminance.mean() / np.pi)
        rays = _block_rays(camera.lens, stage.quality.block)
        tracer = tracer_of(stage.scene, rays, stage.quality, LAMP_LUMINANCE * stage.candela, FIREFLY * white)
        colors = AlbedoTracer(stage.scene, _block_rays(camera.lens, 1)[0]) if "albedo" in camera.labels else None
        course = course_of(stage.network) if "lines" in camera.labels and stage.network is not None else None
        electronics = Electronics.of(name, camera, stage)
        meter = Meter.of(camera, stage) if camera.exposure.metering == "auto" else None
        sunlight = Sunlight.of(stage) if camera.optics.glare > 0.0 else None
        return cls(name, camera, stage, tracer, colors, course, electronics, grid, sunlight, meter)

    def frame(self, index: int) -> Frame | None:
        """Where the camera looks in frame `index`; None when there is no such frame."""
        if not 0 <= index < self.camera.timing.count(int(self.stage.log.time[-1])):
            return None
        interval = self.camera.timing.interval(index)
        return Frame(gaze_of(self.camera, self.stage, interval), motion(self.stage.log, interval.open, interval.close))

    def expose(self, index: int) -> CameraReading:
        """Frame number `index`; IndexError when there is none."""
        here, stage, scene = self.frame(index), self.stage, self.stage.scene
        if here is None:
            raise IndexError(f"{self.name} has no frame {index}")
        gaze, setting = here.gaze, self.setting(index)
        exposure = nanoseconds(setting.time)
        scene.place(placed_at(stage.log, gaze.middle))
        seen = look(scene, gaze, here.motion, self.grid)
        sight = sightlines(scene, gaze, here.motion, seen, exposure, stage.quality.block)
        light = self.tracer.trace(sight, stage.lit(gaze.middle), seed32(stage.seed, "sensor", self.name, index))
        clean = cleaned(light, stage.quality, gaze.lens)
        radiance = self._through_the_air(clean, here, seen, (index, setting.time))
        if self.sunlight is not None:
            radiance = radiance + self.camera.optics.glare * self.sunlight.veil(stage, gaze, self.grid.directions)
        shot = self.electronics.shot(radiance, gaze.lens, index, setting)
        depth, instance, semantic = _labels(stage, gaze, seen, self.grid)
        frame = CameraFrame(
            sensor=self.name,
            interval=self.camera.timing.interval(index),
            lens=gaze.lens,
            world_from_camera=gaze.pose,
            image=shot.image,
            depth=depth,
            instance=instance,
            semantic=semantic,
            labels={**self._more_labels(index, here, seen, exposure), **self._more_pictures(shot, radiance)},
            lines=None if self.course is None else road_lines(self.course, scene, here.motion, gaze),
            capture=self.electronics.capture(setting),
            signs=sign_views(scene, stage.log, gaze, seen) if "signs" in self.camera.labels else None,
        )
        masks = "amodal_masks" in self.camera.labels
        views = actor_views(instance, gaze, scene, here.motion, _boxes(stage, gaze), masks=masks)
        return CameraReading(frame, self._with_keypoints(views, here))

    def _through_the_air(
        self, radiance: NDArray[np.float32], here: Frame, seen: Seen, shot: tuple[int, float]
    ) -> NDArray[np.float32]:
        (index, time), stage, lens = shot, self.stage, here.gaze.lens
        weather, air = stage.log.weather_at(here.gaze.middle), airlight(stage.air)
        if weather.visibility >= CLEAR_VISIBILITY and weather.rain == weather.snow == 0.0:
            return radiance
        veil = veiled(radiance, seen.distance.reshape(lens.height, lens.width), weather, air)
        if weather.rain == weather.snow == 0.0:
            return veil
        random = generator(stage.seed, "sensor", self.name, index, "precipitation")
        tick = stage.log.tick_at(here.gaze.middle)
        speed = float(np.linalg.norm(stage.log.velocity[tick, stage.log.ego, :2]))
        return fallen(veil, lens, weather, time, speed, random, 1.2 * air)

    def setting(self, index: int) -> Setting:
        """How frame `index` is exposed: a function of the frame alone, whichever was taken before."""
        exposure, imager = self.camera.exposure, self.camera.imager
        if exposure.metering == "manual" and imager is not None:
            return by_hand(exposure, imager, self.camera.optics)
        if self.meter is None:
            lux = float(self.stage.illuminance @ LUMINANCE) / self.stage.candela
            return by_level(exposure, 0.18 * lux / np.pi)
        rate = self.camera.rate
        metered = [self.meter.luminance(k) for k in history(exposure, rate, index)]
        level = followed(metered, rate, exposure.constant)
        if imager is None:
            return by_level(exposure, level)
        return by_itself(exposure, imager, self.camera.optics, level)

    def _more_labels(self, index: int, here: Frame, seen: Seen, exposure: Nanoseconds) -> Labels:
        wanted, scene = frozenset(self.camera.labels), self.stage.scene
        found: dict[str, NDArray[np.generic]] = {}
        if "distance" in wanted:
            found |= distances(seen, here.gaze)
        if "normal" in wanted:
            found |= normals(scene, here, seen)
        if self.colors is not None:
            every_pixel = sightlines(scene, here.gaze, here.motion, seen, exposure, 1)
            found["albedo"] = self.colors.albedo(every_pixel)
        if wanted & {"flow", "scene_flow"}:
            found |= flows(scene, here, seen, lambda step: self.frame(index + step), wanted)
        return found

    def _more_pictures(self, shot: Shot, radiance: NDArray[np.float32]) -> Labels:
        wanted = self.camera.labels
        found: dict[str, NDArray[np.generic]] = {}
        if "raw" in wanted and shot.raw is not None:
            found["raw"] = shot.raw
        if shot.jpeg is not None:
            found["jpeg"] = shot.jpeg
        if "hdr" in wanted:
            found["hdr"] = (radiance / self.stage.candela).astype(np.float32)
        return found

    def _with_keypoints(self, views: tuple[ActorView, ...], here: Frame) -> tuple[ActorView, ...]:
        if "keypoints" not in self.camera.labels:
            return views
        index_of = {actor.instance: k for k, actor in enumerate(self.stage.log.actors) if actor.kind != "prop"}
        shown = [index_of[view.instance] for view in views if view.instance in index_of]
        points = keypoints(self.stage.scene, here.motion, here.gaze, shown)
        return tuple(replace(view, keypoints=points.get(view.instance)) for view in views)


def gaze_of(camera: Camera, stage: Stage, interval: Interval) -> Gaze:
    """Where a camera on the ego looks during a reading."""
    moments = np.union1d(instants(interval.open, interval.close), [interval.middle])
    return Gaze(camera.lens, camera.shutter, interval.middle, moments, stage.ego_at(moments) @ ego_from_camera(camera))


def _labels(
    stage: Stage, gaze: Gaze, seen: Seen, grid: Grid
) -> tuple[NDArray[np.float32], NDArray[np.uint16], NDArray[np.uint8]]:
    """Depth, instance and semantic class of each pixel."""
    shape = (gaze.lens.height, gaze.lens.width)
    faces, along = stage.scene.faces, grid.directions[:, 2]
    instance = faces.instance[seen.face]
    own = instance == stage.log.actors[stage.log.ego].instance
    semantic = np.where(own, np.uint8(SEMANTIC_IDS["ego vehicle"]), faces.semantic[seen.face])
    with np.errstate(invalid="ignore"):
        depth = np.where(np.isfinite(seen.distance), seen.distance * along, np.inf).astype(np.float32)
    if not grid.whole:
        semantic = np.where(np.isfinite(along), semantic, np.uint8(SEMANTIC_IDS["unlabeled"]))
    return depth.reshape(shape), instance.reshape(shape), semantic.reshape(shape)


def _boxes(stage: Stage, gaze: Gaze) -> dict[int, NDArray[np.float64]]:
    """By instance id, poses (2, 4, 4) of every other actor's box, scaled to its size, at the beginning and the end."""
    states = stage.log.states_at(gaze.moments[[0, -1]])
    boxes = {}
    for k, actor in enumerate(stage.log.actors):
        if not actor.is_ego:
            world = world_from_actor(states.position[:, k], states.attitude[:, k])
            boxes[actor.instance] = world @ compose(np.diag(actor.size), actor.box_center)
    return boxes


def _block_rays(lens: Lens, block: int) -> NDArray[np.float64]:
    """(3, rows, columns, 3) camera-frame rays at the centres of squares of pixels, and half a square right and down."""
    middle, half = (block - 1) / 2.0, block / 2.0
    u, v = np.meshgrid(np.arange(0, lens.width, block) + middle, np.arange(0, lens.height, block) + middle)
    centers = np.stack([u, v], axis=-1)
    return np.stack([lens.directions(centers + shift) for shift in ((0.0, 0.0), (half, 0.0), (0.0, half))])
