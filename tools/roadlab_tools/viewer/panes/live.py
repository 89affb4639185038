"""Readings rendered in a process of their own, so that the window never waits for a picture."""

from __future__ import annotations

import math
import multiprocessing
import os
import queue
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from roadlab.errors import RoadlabError
from roadlab.scenario import Scenario
from roadlab.timing import nanoseconds
from roadlab_sensors.camera.model import Camera
from roadlab_sensors.sensor import Sensor
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.panes.pane import Pane
from roadlab_tools.viewer.panes.readings import Fault, Found, Shelf, Wish

QUICK = 420
"""A picture of at most so many pixels' width comes first."""
SCENES = 8
"""So many worlds are built by one process: not all of their memory comes back."""
_BEHIND = 10
"""How much lower than the window's the renderer's priority is."""

Answer = tuple[int, Wish | None, Found | None]
"""Number of the scene, and what came of a wish; without one that the world stands, or why nothing will ever come."""


class LiveSource:
    """Renders a scene's sensors; the world is built at once, so that it is there when the first pane is opened."""

    def __init__(self, scene: Scene) -> None:
        self._number = 0
        self._renderer = _Renderer()
        self._show(scene)

    def show(self, scene: Scene) -> None:
        """From now on of another scene."""
        self._number += 1
        if self._number % SCENES == 0:
            self._renderer.stop()
            self._renderer = _Renderer()
        self._show(scene)

    def _show(self, scene: Scene) -> None:
        self._scene = scene
        self._shelf = Shelf()
        self._asked: tuple[Wish, ...] = ()
        self._broken: Fault | None = None
        self._ready = False
        self._renderer.tell((self._number, scene.scenario.to_json(), scene.log))

    def wishes(self, pane: Pane, time: float, width: int) -> Sequence[Wish]:
        """See `Source`."""
        sensor = self._scene.scenario.spec.sensors.get(pane.sensor)
        if not isinstance(sensor, Sensor):
            return ()
        end = nanoseconds(self._scene.scenario.spec.duration)
        index = sensor.timing.nearest(int(self._scene.log.time[0]) + nanoseconds(time), end)
        if not isinstance(sensor, Camera):
            return Wish(pane.sensor, index, "draft"), Wish(pane.sensor, index, "standard")
        wanted = {"flow": "flow", "joints": "keypoints"}
        labels = tuple(label for overlay, label in wanted.items() if overlay in pane.overlays)
        first = quick(pane.sensor, sensor, index, labels)
        fine = min(first.step, max(1, sensor.lens.width // max(width, 1)))
        return first, Wish(pane.sensor, index, "standard", fine, labels)

    def ask(self, wishes: Sequence[Wish]) -> None:
        """See `Source`."""
        for number, wish, found in self._renderer.answers():
            if number not in (self._number, _ANY):
                continue
            if wish is not None and found is not None:
                self._shelf.put(wish, found)
            elif isinstance(found, Fault):
                self._broken = found
            else:
                self._ready = True
        missing = tuple(wish for wish in wishes if wish not in self._shelf)
        # What is left of the last request is being made; asked for again, it would be made twice.
        left = tuple(wish for wish in self._asked if wish not in self._shelf)
        if missing != left and self._broken is None:
            self._renderer.tell(missing)
        self._asked = missing

    def found(self, wish: Wish) -> Found | None:
        """See `Source`."""
        return self._broken or self._shelf.get(wish)

    def latest(self, sensor: str) -> tuple[Wish, Found] | None:
        """See `Source`."""
        return self._shelf.latest.get(sensor)

    @property
    def waiting(self) -> str:
        """See `Source`."""
        return "rendering ..." if self._ready else "building the world ..."

    def close(self) -> None:
        """See `Source`."""
        self._renderer.stop()


def quick(name: str, camera: Camera, index: int, labels: tuple[str, ...] = ()) -> Wish:
    """The picture that comes first."""
    return Wish(name, index, "draft", math.ceil(camera.lens.width / QUICK), labels)


_ANY = -1
"""Number of every scene: the process is gone."""


class _Renderer:
    """The second process, and two threads of the first that talk to it."""

    def __init__(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, there = context.Pipe()
        self._process: BaseProcess = context.Process(target=_work, args=(there,), daemon=True)
        self._process.start()
        there.close()
        self._inbox: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        for target in (self._send, self._receive):
            threading.Thread(target=target, daemon=True).start()

    def tell(self, message: Any) -> None:
        """Sends a scene or wishes, when the line is free."""
        self._outbox.put(message)

    def answers(self) -> list[Answer]:
        """What has come since the last time."""
        return [self._inbox.get() for _ in range(self._inbox.qsize())]

    def stop(self) -> None:
        """Ends it, whatever it is doing."""
        self._outbox.put(None)
        self._process.terminate()
        self._process.join(2.0)
        if self._process.is_alive():
            self._process.kill()

    def _send(self) -> None:
        with suppress(OSError):
            while (message := self._outbox.get()) is not None:
                self._connection.send(message)

    def _receive(self) -> None:
        try:
            while True:
                self._inbox.put(self._connection.recv())
        except (EOFError, OSError):
            self._inbox.put((_ANY, None, Fault("the renderer has stopped; F5 starts it again")))


# --- the second process ----------------------------------------------------------------------------------------------


def _work(connection: Connection) -> None:
    """The newest wishes, one after the other, until the first process closes the line."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(_BEHIND)
    desk = _Desk(connection)
    threading.Thread(target=_listen, args=(connection, desk.inbox), daemon=True).start()
    while True:
        while not desk.inbox.empty() or not (desk.wishes or desk.cold):
            desk.take(desk.inbox.get())
        desk.work()


@dataclass
class _Desk:
    connection: Connection
    inbox: queue.SimpleQueue[Any] = field(default_factory=queue.SimpleQueue)
    number: int = 0
    studio: Any = None
    wishes: tuple[Wish, ...] = ()
    cold: list[Wish] = field(default_factory=list)
    """Of each camera a picture that nobody has asked for: a kernel takes long only when it is used first."""

    def take(self, message: Any) -> None:
        """A scene is a number, a scenario and a log; everything else is wishes."""
        if not (len(message) == 3 and isinstance(message[0], int)):
            self.wishes = message if self.studio is not None else ()
            return
        from roadlab_tools.viewer.panes.studio import Studio

        self.number, text, log = message
        self.wishes, self.cold, self.studio = (), [], None
        try:
            scenario = Scenario.from_json(text)
            self.studio = Studio(scenario, log)
            cameras = {name: one for name, one in scenario.spec.sensors.items() if isinstance(one, Camera)}
            self.cold = [quick(name, camera, 0) for name, camera in cameras.items()]
            self._answer(None, None)
        except RoadlabError as error:
            self._answer(None, Fault(str(error)))

    def work(self) -> None:
        """The next wish; while there is none, what may be asked for soon."""
        if not self.wishes:
            with suppress(RoadlabError, ValueError, IndexError):
                self.studio.make(self.cold.pop(0))
            return
        wish, self.wishes = self.wishes[0], self.wishes[1:]
        try:
            found: Found = self.studio.make(wish)
        except (RoadlabError, ValueError, IndexError) as error:
            found = Fault(str(error))
        self._answer(wish, found)

    def _answer(self, wish: Wish | None, found: Found | None) -> None:
        with suppress(OSError):
            self.connection.send((self.number, wish, found))


def _listen(connection: Connection, inbox: queue.SimpleQueue[Any]) -> None:
    try:
        while True:
            inbox.put(connection.recv())
    except (EOFError, OSError):
        os._exit(0)  # whoever asked is gone, and rendering to the end would keep the machine busy
