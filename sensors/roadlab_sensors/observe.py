"""A rig and its clocks: from the log to samples. Any sample, in any order, in any process, always the same."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import Matrices, compose, world_from_actor
from roadlab.log import LAMPS, SIGNAL_STATES, SceneLog
from roadlab.randomness import generator, seed32
from roadlab.scenario import Scenario
from roadlab.scenario.spec import MountSpec, SensorSpec
from roadlab.timing import Clock, Interval, Nanoseconds, nanoseconds
from roadlab_sensors.camera.develop import develop
from roadlab_sensors.camera.lens import directions, pixel_grid
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.lidar.model import Lidar
from roadlab_sensors.lidar.returns import Echoes, receive
from roadlab_sensors.lidar.sweep import pulses, turn
from roadlab_sensors.lidar.units import UNITS
from roadlab_sensors.rays import engine
from roadlab_sensors.rays.light import QUALITIES
from roadlab_sensors.readings import SEMANTIC_IDS, ActorView, CameraFrame, LidarSweep, Sample
from roadlab_sensors.truth.boxes import actor_truths
from roadlab_sensors.world.build import build_world
from roadlab_sensors.world.materials import MATERIALS
from roadlab_sensors.world.sun import sun_of

S = TypeVar("S", bound=SensorSpec)

CAMERA_FROM_BODY = np.array([[0.0, -1.0, 0.0], [0.0, 0.0, -1.0], [1.0, 0.0, 0.0]])
"""From a sensor's body axes (x forward, y left, z up) to the camera's (x right, y down, z forward)."""

REFLECTIVITY = np.array([m.lidar_reflectivity for m in MATERIALS.values()])
RETROREFLECTIVE = np.array([m.retroreflective for m in MATERIALS.values()])

LAMP_LUMINANCE = 25_000.0
"""Of a lit signal or vehicle lamp [cd/m²]."""
FIREFLY = 30.0
"""A path brings at most this many times the light of white paper on open ground."""


@dataclass(frozen=True)
class _Timing:
    """When a reading of a sensor is taken, and to which instant it refers."""

    clock: Clock
    length: Nanoseconds

    def interval(self, index: int) -> Interval:
        opened = self.clock.trigger(index)
        return Interval(opened, opened + self.length)

    def count(self, end: Nanoseconds) -> int:
        return self.clock.count_until(end - self.length) if end >= self.length else 0

    def nearest(self, time: Nanoseconds, count: int) -> int:
        """The reading whose middle is nearest to `time`, among the first `count`."""
        guess = round((time - self.length // 2 - self.clock.phase) * self.clock.rate / 1e9)
        return int(np.clip(guess, 0, max(count - 1, 0)))


def _timing(sensor: SensorSpec) -> _Timing:
    length = sensor.exposure.time if isinstance(sensor, Camera) else 1.0 / sensor.rate
    return _Timing(Clock(sensor.rate, nanoseconds(sensor.phase)), nanoseconds(length))


def expected_count(scenario: Scenario) -> int:
    """How many samples the scenario's rig gives: readings of its slowest sensor that fit into the duration."""
    end = nanoseconds(scenario.spec.duration)
    return min((_timing(s).count(end) for s in scenario.spec.sensors.values()), default=0)


def ego_from_sensor(mount: MountSpec) -> Matrices:
    """(4, 4) pose of a sensor's body axes (x forward, y left, z up) in the ego's frame."""
    return world_from_actor([mount.x, mount.y, mount.z], [mount.yaw, mount.pitch, mount.roll])


class Observer:
    """Renders samples of one scenario's log; building it builds the world, which takes a few seconds."""

    def __init__(
        self, scenario: Scenario, log: SceneLog, quality: str = "standard", *, threads: int | None = None
    ) -> None:
        """Starts the ray engine; raises ValueError for an unknown quality, EngineError where the engine cannot run."""
        engine.start(threads)
        from roadlab_sensors.rays import cast, daylight, picture, scene

        if quality not in QUALITIES:
            raise ValueError(f"quality must be one of {', '.join(QUALITIES)}, not {quality!r}")
        self.scenario, self.log, self.quality = scenario, log, QUALITIES[quality]
        self.count = expected_count(scenario)
        self._cast, self._poses_at = cast, scene.poses_at
        sun = sun_of(scenario.spec.environment)
        emitter = daylight.daylight(sun, scenario.spec.environment.turbidity)
        self._scene = scene.build_scene(build_world(scenario, log), log, emitter)
        self._illuminance = daylight.illuminance(self._scene.static)
        white = float(self._illuminance.mean() / np.pi)
        lamp = LAMP_LUMINANCE * daylight.luminance_unit(sun, self._illuminance)
        self._tracers = {
            name: picture.PathTracer(self._scene, _pixel_rays(sensor), self.quality, lamp, FIREFLY * white)
            for name, sensor in self._sensors(Camera).items()
        }

    def _sensors(self, kind: type[S]) -> dict[str, S]:
        return {name: s for name, s in self.scenario.spec.sensors.items() if isinstance(s, kind)}

    @property
    def rays_per_sample(self) -> int:
        """Camera paths and lidar pulses of one sample."""
        cameras = sum(c.image.width * c.image.height * self.quality.samples for c in self._sensors(Camera).values())
        lidars = sum(len(pulses(UNITS[s.model], turn(0, s.rate)).ring) for s in self._sensors(Lidar).values())
        return cameras + lidars

    def sample(self, index: int) -> Sample:
        """All sensors' readings number `index` with their labels; IndexError outside `range(count)`."""
        if not 0 <= index < self.count:
            raise IndexError(f"the scenario has samples 0 to {self.count - 1}, not {index}")
        end = nanoseconds(self.scenario.spec.duration)
        timings = {name: _timing(s) for name, s in self.scenario.spec.sensors.items()}
        slowest = min(timings.values(), key=lambda t: t.count(end))
        time = slowest.interval(index).middle
        chosen = {name: t.nearest(time, t.count(end)) for name, t in timings.items()}
        cameras = {
            n: self._expose(n, c, timings[n].interval(chosen[n]), chosen[n]) for n, c in self._sensors(Camera).items()
        }
        lidars = {n: self._sweep(n, s, chosen[n]) for n, s in self._sensors(Lidar).items()}
        truths = actor_truths(self.log, time, list(lidars.values()))
        return Sample(
            index=index,
            time=time,
            world_from_ego=self._ego_at(np.array([time]))[0],
            cameras={n: frame for n, (frame, _) in cameras.items()},
            lidars=lidars,
            actors=truths,
            views={n: views for n, (_, views) in cameras.items()},
        )

    def _ego_at(self, times: NDArray[np.int64]) -> Matrices:
        states = self.log.states_at(times)
        return world_from_actor(states.position[:, self.log.ego], states.attitude[:, self.log.ego])

    def _expose(
        self, name: str, camera: Camera, interval: Interval, index: int
    ) -> tuple[CameraFrame, tuple[ActorView, ...]]:
        from roadlab_sensors.truth.views import actor_views

        moment = np.array([interval.middle])
        poses = self._poses_at(self.log, moment)
        self._scene.place({part: pose[0] for part, pose in poses.items()})
        camera_axes = compose(CAMERA_FROM_BODY.T, np.zeros(3))
        world_from_camera = self._ego_at(moment)[0] @ ego_from_sensor(camera.mount) @ camera_axes
        rays = directions(camera.lens, pixel_grid(camera.lens)).reshape(-1, 3)
        hits = self._cast.cast(self._scene, world_from_camera[:3, 3], rays @ world_from_camera[:3, :3].T)
        instance, own = self._scene.faces.instance[hits.face], self.log.actors[self.log.ego].instance
        shape = (camera.lens.height, camera.lens.width)
        light = self._tracers[name].trace(
            world_from_camera, self._lit(interval.middle), seed32(self.scenario.seed, "sensor", name, index)
        )
        frame = CameraFrame(
            sensor=name,
            interval=interval,
            lens=camera.lens,
            world_from_camera=world_from_camera,
            image=develop(light, self._illuminance, camera.exposure.compensation, self.quality.denoiser),
            depth=(hits.distance * rays[:, 2]).reshape(shape).astype(np.float32),
            instance=instance.reshape(shape),
            semantic=np.where(
                instance == own, np.uint8(SEMANTIC_IDS["ego vehicle"]), self._scene.faces.semantic[hits.face]
            ).reshape(shape),
        )
        index_of = {actor.instance: k for k, actor in enumerate(self.log.actors)}
        truths = actor_truths(self.log, interval.middle, [])
        return frame, actor_views(frame, truths, self._scene, poses, index_of)

    def _lit(self, time: Nanoseconds) -> NDArray[np.bool_]:
        """Which of the scene's lamps shine at `time`, by number; number 0 never does."""
        tick = self.log.tick_at(time)
        shining = {
            (a.name, LAMPS[bit])
            for k, a in enumerate(self.log.actors)
            for bit in range(len(LAMPS))
            if self.log.lamps[tick, k] >> bit & 1
        }
        shining |= {
            (name, lamp)
            for name, state in zip(self.log.signal_names, self.log.signals[tick], strict=True)
            for lamp in SIGNAL_STATES[state].split("_")
        }
        return np.array([False, *(lamp in shining for lamp in self._scene.lamps)])

    def _sweep(self, name: str, lidar: Lidar, index: int) -> LidarSweep:
        unit = UNITS[lidar.model]
        interval = turn(_timing(lidar).clock.trigger(index), lidar.rate)
        fired = pulses(unit, interval)
        moments = self._cast.instants(interval.open, interval.close)
        world_from_lidar = self._cast.between(self._ego_at(moments) @ ego_from_sensor(lidar.mount), moments, fired.time)
        heading = np.einsum("rij,rj->ri", world_from_lidar[:, :3, :3], fired.direction)
        origin = world_from_lidar[:, :3, 3]
        hits = self._cast.cast_in_time(self._scene, self.log, origin, heading, fired.time, skip=self.log.ego)
        faces = self._scene.faces
        back = receive(
            Echoes(
                hits.distance,
                hits.cosine,
                REFLECTIVITY[faces.material[hits.face]],
                RETROREFLECTIVE[faces.material[hits.face]],
            ),
            unit.reach_at_tenth,
            (lidar.range_min, lidar.range_max),
            lidar.range_noise,
            generator(self.scenario.seed, "sensor", name, index),
        )
        kept = np.flatnonzero(back.detected)
        reference = (self._ego_at(np.array([interval.middle]))[0]) @ ego_from_sensor(lidar.mount)
        world = origin[kept] + heading[kept] * back.range[kept, None]
        return LidarSweep(
            sensor=name,
            interval=interval,
            reference=interval.middle,
            world_from_lidar=reference,
            points=((world - reference[:3, 3]) @ reference[:3, :3]).astype(np.float32),
            intensity=back.intensity[kept].astype(np.float32),
            ring=fired.ring[kept],
            time=fired.time[kept],
            range=back.range[kept].astype(np.float32),
            instance=faces.instance[hits.face[kept]],
            semantic=faces.semantic[hits.face[kept]],
            rays=len(fired.ring),
        )


def _pixel_rays(camera: Camera) -> NDArray[np.float64]:
    """(3, H, W, 3) camera-frame rays at pixel centres, and half a pixel to the right and down."""
    return np.stack(
        [directions(camera.lens, pixel_grid(camera.lens, shift)) for shift in ((0.0, 0.0), (0.5, 0.0), (0.0, 0.5))]
    )
