"""One turn through the moving world: every pulse meets things where they are when it is fired."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from roadlab.randomness import generator
from roadlab_sensors.lidar.model import Lidar
from roadlab_sensors.lidar.returns import Echoes, receive
from roadlab_sensors.lidar.sweep import pulses
from roadlab_sensors.lidar.units import UNITS
from roadlab_sensors.rays.cast import TimedHits, cast_in_time
from roadlab_sensors.rays.motion import between, instants, motion, surface_velocity
from roadlab_sensors.rays.surfaces import Faces
from roadlab_sensors.readings import LidarSweep
from roadlab_sensors.sensor import Stage, ego_from_sensor
from roadlab_sensors.world.materials import MATERIALS

REFLECTIVITY = np.array([m.lidar[1] for m in MATERIALS.values()])
RETROREFLECTIVE = np.array([np.pi * m.retroreflection for m in MATERIALS.values()])


def scans(name: str, lidar: Lidar, stage: Stage) -> Callable[[int], LidarSweep]:
    """What makes sweep number k of a lidar."""
    unit = UNITS[lidar.model]
    ego_from_lidar = ego_from_sensor(lidar.mount)
    faces = stage.scene.faces

    def scan(index: int) -> LidarSweep:
        interval = lidar.timing.interval(index)
        fired = pulses(unit, interval)
        moments = instants(interval.open, interval.close)
        world_from_lidar = between(stage.ego_at(moments) @ ego_from_lidar, moments, fired.time)
        heading = np.einsum("rij,rj->ri", world_from_lidar[:, :3, :3], fired.direction)
        origin = world_from_lidar[:, :3, 3]
        hits = cast_in_time(stage.scene, stage.log, origin, heading, fired.time, skip=stage.log.ego)
        back = receive(
            _echoes(hits, faces),
            unit.reach_at_tenth,
            (lidar.range_min, lidar.range_max),
            lidar.range_noise,
            generator(stage.seed, "sensor", name, index),
        )
        kept = np.flatnonzero(back.detected)
        reference = stage.ego_at(np.array([interval.middle]))[0] @ ego_from_lidar
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
            raw=(fired.direction[kept] * back.range[kept, None]).astype(np.float32),
            return_number=np.ones(len(kept), dtype=np.uint8),
            return_count=np.ones(len(kept), dtype=np.uint8),
            incidence=np.arccos(np.minimum(hits.cosine[kept], 1.0)).astype(np.float32),
            material=faces.material[hits.face[kept]],
            velocity=surface_velocity(
                stage.scene,
                motion(stage.log, interval.open, interval.close),
                hits.part[kept],
                world,
                fired.time[kept],
            ).astype(np.float32),
        )

    return scan


def _echoes(hits: TimedHits, faces: Faces) -> Echoes:
    material = faces.material[hits.face]
    return Echoes(hits.distance, hits.cosine, REFLECTIVITY[material], RETROREFLECTIVE[material])
