"""Readings that stand in a dataset, read beside the window."""

from __future__ import annotations

import queue
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np

from roadlab.errors import RoadlabError
from roadlab_sensors.readings import ActorView
from roadlab_tools.datasets import records
from roadlab_tools.datasets.item import CameraItem, Item, RangeItem
from roadlab_tools.datasets.reading import Dataset
from roadlab_tools.viewer.panes.pane import Pane
from roadlab_tools.viewer.panes.readings import Cloud, Fault, Found, Picture, Shelf, Wish

_PLANES = ("image", "depth", "instance", "semantic", "flow_forward")
_COLUMNS = ("intensity", "ring", "time", "semantic", "instance")


class StoredSource:
    """Pictures and sweeps of one scene of a dataset, with the labels that its format keeps."""

    def __init__(self, dataset: Dataset, scene: str, times: Sequence[float], numbers: Sequence[int]) -> None:
        self._dataset = dataset
        self._scene = scene
        self._times = np.asarray(times)
        self._numbers = tuple(numbers)
        self._shelf = Shelf()
        self._asked: tuple[Wish, ...] = ()
        self._inbox: queue.SimpleQueue[tuple[Wish, Found]] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[tuple[Wish, ...] | None] = queue.SimpleQueue()
        threading.Thread(target=self._work, daemon=True).start()

    def wishes(self, pane: Pane, time: float, width: int) -> Sequence[Wish]:  # noqa: ARG002 - as large as it is stored
        """See `Source`."""
        if not len(self._times):
            return ()
        return (Wish(pane.sensor, int(np.argmin(np.abs(self._times - time))), "stored"),)

    def ask(self, wishes: Sequence[Wish]) -> None:
        """See `Source`."""
        while not self._inbox.empty():
            self._shelf.put(*self._inbox.get())
        missing = tuple(wish for wish in wishes if wish not in self._shelf)
        if missing != self._asked:
            self._asked = missing
            self._outbox.put(missing)

    def found(self, wish: Wish) -> Found | None:
        """See `Source`."""
        return self._shelf.get(wish)

    def latest(self, sensor: str) -> tuple[Wish, Found] | None:
        """See `Source`."""
        return self._shelf.latest.get(sensor)

    @property
    def waiting(self) -> str:
        """See `Source`."""
        return "reading ..."

    def close(self) -> None:
        """See `Source`."""
        self._outbox.put(None)

    def _work(self) -> None:
        wishes: tuple[Wish, ...] | None = ()
        while wishes is not None:
            if wishes and self._outbox.empty():
                wish, wishes = wishes[0], wishes[1:]
                self._inbox.put((wish, self._read(wish)))
            else:
                wishes = self._outbox.get()

    def _read(self, wish: Wish) -> Found:
        number = self._numbers[wish.index]
        try:
            item = self._dataset.item(number, self._scene)
            if wish.sensor in item.cameras and "image" in item.cameras[wish.sensor]:
                return _picture(item, item.cameras[wish.sensor], self._views(number, wish.sensor))
            if wish.sensor in item.lidars and "points" in item.lidars[wish.sensor]:
                return _cloud(item, item.lidars[wish.sensor])
        except (RoadlabError, OSError, ValueError, KeyError) as error:
            return Fault(f"sample {number}: {error.args[0] if isinstance(error, KeyError) else error}")
        return Fault(f"a dataset in the {self._dataset.format} format keeps nothing of {wish.sensor} that can be shown")

    def _views(self, number: int, camera: str) -> tuple[ActorView, ...]:
        views = self._dataset.contents.record(number).get("views", {}).get(camera, [])
        found: tuple[ActorView, ...] = tuple(records.join(views, _nothing))
        return found


def _nothing(_name: str) -> Any:
    """Stands for the joints of a view that the record does not hold itself."""
    return np.zeros((0, 3), np.float32)


def _picture(item: Item, camera: CameraItem, views: tuple[ActorView, ...]) -> Picture:
    planes = {name: camera[name] for name in _PLANES if name in camera}
    return Picture(camera.interval.middle, camera.lens, camera.world_from_camera, planes, views, item.boxes)


def _cloud(item: Item, lidar: RangeItem) -> Cloud:
    columns = {name: lidar[name] for name in _COLUMNS if name in lidar}
    return Cloud(lidar.reference, lidar.world_from_sensor, lidar["points"], columns, item.boxes)
