"""A rig and its clocks: from the log to samples. Any sample, in any order, in any process, always the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import cast

import numpy as np

from roadlab.log import SceneLog
from roadlab.scenario import Scenario
from roadlab.timing import nanoseconds
from roadlab.weather import Weather
from roadlab_sensors.inertial.timing import InertialSensor, MotionReader, together
from roadlab_sensors.rays import engine
from roadlab_sensors.rays.light import QUALITIES
from roadlab_sensors.readings import CameraReading, LidarSweep, RadarScan, Sample
from roadlab_sensors.sensor import Sensor, Stage
from roadlab_sensors.truth.boxes import actor_truths
from roadlab_sensors.world.sun import sun_of

TIDY = 32
"""Memory is tidied after so many samples: pages given back have to be fetched again."""


def rig_of(scenario: Scenario) -> dict[str, Sensor]:
    """The scenario's sensors by name; TypeError for a registered class that is no `Sensor`."""
    rig = {}
    for name, sensor in scenario.spec.sensors.items():
        if not isinstance(sensor, Sensor):
            raise TypeError(f"sensor {name!r}: {type(sensor).__name__} must derive from roadlab_sensors.sensor.Sensor")
        rig[name] = sensor
    return rig


def expected_count(scenario: Scenario) -> int:
    """How many samples the scenario's rig gives: complete readings of the sensor that has fewest."""
    end = nanoseconds(scenario.spec.duration)
    return min((sensor.timing.count(end) for sensor in _pacing(rig_of(scenario))), default=0)


def _pacing(rig: Mapping[str, Sensor]) -> list[Sensor]:
    """The sensors whose readings make up samples: those that see, or all where none does."""
    return [s for s in rig.values() if not isinstance(s, InertialSensor)] or list(rig.values())


def covered(weather: Weather) -> float:
    """Share of the sky that hides the sun: clouds, or fog in which the sun is no more than a glow."""
    fog = float(np.interp(np.log10(weather.visibility), [2.5, 3.5], [1.0, 0.0]))
    falling = float(np.interp(weather.rain + 2.0 * weather.snow, [0.0, 1.0], [0.0, 0.9]))
    return max(weather.cloud, fog, falling)


class Observer:
    """Renders samples of one scenario's log; building it builds the world, which takes a few seconds."""

    def __init__(
        self,
        scenario: Scenario,
        log: SceneLog,
        quality: str = "standard",
        *,
        threads: int | None = None,
        without: Collection[str] = (),
    ) -> None:
        """Starts the ray engine; raises ValueError for an unknown quality, EngineError where the engine cannot run.

        `without` are types of sensors that are left out of samples, which are the same ones all the same.
        """
        if quality not in QUALITIES:
            raise ValueError(f"quality must be one of {', '.join(QUALITIES)}, not {quality!r}")
        engine.start(threads)
        from roadlab_sensors.rays import daylight, night
        from roadlab_sensors.rays.gathered import gathered
        from roadlab_sensors.rays.scene import build_scene
        from roadlab_sensors.rays.stored import stored, world_folder, world_key
        from roadlab_sensors.world.build import build_world

        sun = sun_of(scenario.spec.environment)
        weather = log.weather_at(int(log.time[0]))
        key = world_key(scenario, log)
        world = stored(world_folder(), key, lambda: gathered(build_world(scenario, log), log))
        self.rig = rig_of(scenario)
        self.count = expected_count(scenario)
        how, seed, network = QUALITIES[quality], scenario.seed, scenario.network
        if sun.elevation < daylight.LOWEST_SUN:
            dark = night.night(scenario, log, world, sun, covered(weather))
            self.stage = Stage(
                log, dark.scene, how, seed, dark.illuminance, 1.0, network, alight=dark.alight, ambient=dark.ambient
            )
        else:
            turbidity = scenario.spec.environment.turbidity
            scene = build_scene(world, log, daylight.daylight(sun, turbidity, covered(weather)))
            light, candela = daylight.illuminance(scene.static), daylight.luminance_unit(sun, turbidity)
            on = night.always_alight(scenario, weather, scene)
            self.stage = Stage(log, scene, how, seed, light, candela, network, sun.direction, alight=on)
        self._end = nanoseconds(scenario.spec.duration)
        self._read = {name: sensor for name, sensor in self.rig.items() if sensor.type not in without}
        self._readers = {name: sensor.prepare(name, self.stage) for name, sensor in self._read.items()}

    @property
    def rays_per_sample(self) -> int:
        """Camera paths and lidar pulses of one sample."""
        return sum(sensor.rays(self.stage.quality) for sensor in self._read.values())

    def sample(self, index: int) -> Sample:
        """Every sensor's reading at trigger `index` of the rig with labels; IndexError outside `range(count)`."""
        if not 0 <= index < self.count:
            raise IndexError(f"the scenario has samples 0 to {self.count - 1}, not {index}")
        if index % TIDY == TIDY - 1:
            engine.tidy()
        leader = min((sensor.timing for sensor in _pacing(self.rig)), key=lambda timing: timing.count(self._end))
        time = leader.interval(index).middle
        before = leader.interval(index - 1).middle if index else None
        inertial = {
            name: together(cast(MotionReader, self._readers[name]), sensor.within(before, time))
            for name, sensor in self._read.items()
            if isinstance(sensor, InertialSensor)
        }
        readings = {
            name: self._readers[name](sensor.timing.nearest(time, self._end))
            for name, sensor in self._read.items()
            if name not in inertial
        }
        cameras = {name: r for name, r in readings.items() if isinstance(r, CameraReading)}
        lidars = {name: r for name, r in readings.items() if isinstance(r, LidarSweep)}
        radars = {name: r for name, r in readings.items() if isinstance(r, RadarScan)}
        return Sample(
            index=index,
            time=time,
            world_from_ego=self.stage.ego_at(np.array([time]))[0],
            cameras={name: reading.frame for name, reading in cameras.items()},
            lidars=lidars,
            actors=actor_truths(self.stage.log, time, lidars.values(), radars.values()),
            views={name: reading.views for name, reading in cameras.items()},
            others={n: r for n, r in readings.items() if not isinstance(r, CameraReading | LidarSweep | RadarScan)},
            radars=radars,
            inertial=inertial,
        )
