"""Renders single readings of a scene for panes; what works in the viewer's second process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from roadlab.log import SceneLog
from roadlab.scenario import Scenario
from roadlab_sensors.camera.intrinsics import ImageSize, Intrinsics
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.observe import Observer, rig_of
from roadlab_sensors.rays.light import QUALITIES
from roadlab_sensors.readings import CameraReading, LidarSweep, Reading
from roadlab_sensors.sensor import Sensor
from roadlab_sensors.truth.boxes import actor_truths
from roadlab_tools.datasets.item import Boxes
from roadlab_tools.viewer.panes.readings import Cloud, Fault, Found, Picture, Wish

_PLANES = ("image", "depth", "instance", "semantic")
_COLUMNS = ("intensity", "ring", "time", "semantic", "instance")
_MOST_READERS = 12


class Studio:
    """The sensors of one scene; building it builds the world."""

    def __init__(self, scenario: Scenario, log: SceneLog) -> None:
        # The world alone: a pane's sensor is made ready when it is opened.
        every = {sensor.type for sensor in rig_of(scenario).values()}
        self._observer = Observer(scenario, log, "draft", without=every)
        self._log = log
        self._readers: dict[Wish, Callable[[int], Reading]] = {}

    def make(self, wish: Wish) -> Found:
        """The reading of a wish."""
        reading = self._reader(wish)(wish.index)
        if isinstance(reading, CameraReading):
            return self._picture(reading)
        if isinstance(reading, LidarSweep):
            return self._cloud(reading)
        return Fault("there is no picture of what this sensor reports")

    def _reader(self, wish: Wish) -> Callable[[int], Reading]:
        key = replace(wish, index=0)
        if key not in self._readers:
            if len(self._readers) == _MOST_READERS:
                self._readers.pop(next(iter(self._readers)))
            sensor: Sensor = self._observer.rig[wish.sensor]
            if isinstance(sensor, Camera):
                sensor = smaller(sensor, wish.step, wish.labels)
            stage = replace(self._observer.stage, quality=QUALITIES[wish.grade])
            self._readers[key] = sensor.prepare(wish.sensor, stage)
        return self._readers[key]

    def _picture(self, reading: CameraReading) -> Picture:
        frame = reading.frame
        planes = {name: getattr(frame, name) for name in _PLANES} | dict(frame.labels)
        middle = frame.interval.middle
        return Picture(middle, frame.lens, frame.world_from_camera, planes, reading.views, self._boxes(middle))

    def _cloud(self, sweep: LidarSweep) -> Cloud:
        columns = {
            name: getattr(sweep, name) for name in ("intensity", "ring", "time", "semantic", "instance", "range")
        }
        boxes = self._boxes(sweep.reference)
        return Cloud(sweep.reference, sweep.world_from_lidar, sweep.points, columns, boxes)

    def _boxes(self, time: int) -> Boxes:
        truths = actor_truths(self._log, time, [])
        return Boxes(
            np.array([truth.instance for truth in truths], dtype=np.int64),
            tuple(truth.category for truth in truths),
            np.array([truth.world_from_box for truth in truths]).reshape(-1, 4, 4),
            np.array([truth.size for truth in truths]).reshape(-1, 3),
        )


def smaller(camera: Camera, step: int, labels: tuple[str, ...]) -> Camera:
    """The same camera with one pixel where it has `step` times as many in a row and in a column."""
    lens = camera.lens
    changes = {
        "image": ImageSize(width=max(16, lens.width // step), height=max(16, lens.height // step)).model_dump(),
        "labels": [*labels],
    }
    if camera.projection != "equirectangular":
        fx, fy, cx, cy = (getattr(lens, name) for name in ("fx", "fy", "cx", "cy"))
        # Pixel (0, 0) has its centre at 0: the image begins half a pixel before.
        middle = [(value + 0.5) / step - 0.5 for value in (cx, cy)]
        changes["intrinsics"] = Intrinsics(fx=fx / step, fy=fy / step, cx=middle[0], cy=middle[1]).model_dump()
    return Camera.model_validate(camera.model_dump() | changes)
