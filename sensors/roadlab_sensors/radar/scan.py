"""One cycle of a radar in the moving world, and what its tracker has made of the cycles so far."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from roadlab.randomness import generator
from roadlab_sensors.own_body import check_world
from roadlab_sensors.radar.detect import Detections, detect, table
from roadlab_sensors.radar.model import Radar
from roadlab_sensors.radar.scatter import Floats, beam_of, scatterers
from roadlab_sensors.radar.track import Tracking, report, tracked
from roadlab_sensors.rays.motion import motion
from roadlab_sensors.readings import RadarScan
from roadlab_sensors.sensor import Stage, ego_from_sensor


def scans(name: str, radar: Radar, stage: Stage) -> Callable[[int], RadarScan]:
    """What makes scan number k of a radar; MountError where it sits inside something.

    Tracks need all cycles before; these are worked out once, from the scenario's start, and kept.
    """
    waveform, ego_from_radar = radar.waveform, ego_from_sensor(radar.mount)
    check_world(name, stage, ego_from_radar)
    kept: list[Tracking] = []

    def pose(time: int) -> Floats:
        placed: Floats = stage.ego_at(np.array([time]))[0] @ ego_from_radar
        return placed

    def cycle(index: int) -> Detections:
        random = generator(stage.seed, "sensor", name, index)
        interval = radar.timing.interval(index)
        span = (interval.close - interval.open) * 1e-9
        velocity = (pose(interval.close)[:3, 3] - pose(interval.open)[:3, 3]) / span
        beam = beam_of(waveform, pose(interval.middle), velocity, interval.middle, random)
        moving = motion(stage.log, interval.open, interval.close)
        return detect(scatterers(stage.scene, moving, beam, waveform, stage.log.ego), waveform, stage.log, random)

    def scan(index: int) -> RadarScan:
        found = None
        for k in range(len(kept), index + 1):
            middle = radar.timing.interval(k).middle
            found = cycle(k)
            before = kept[-1] if kept else Tracking(middle)
            kept.append(tracked(before, middle, found, pose(middle), waveform))
        interval = radar.timing.interval(index)
        found = found or cycle(index)
        return RadarScan(
            sensor=name,
            interval=interval,
            reference=interval.middle,
            world_from_radar=pose(interval.middle),
            detections=table(found, waveform),
            range=found.range.astype(np.float32),
            azimuth=found.azimuth.astype(np.float32),
            range_rate=found.range_rate.astype(np.float32),
            snr=(10.0 * np.log10(found.snr)).astype(np.float32),
            instance=found.instance,
            ghost=found.ghost | found.folded,
            tracks=report(kept[index], pose(interval.middle)),
        )

    return scan
