"""A film of the window while a person works on it."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import cv2
import numpy as np

from roadlab.errors import OutputError, RoadlabError
from roadlab_tools.datasets.folder import writing
from roadlab_tools.preview.files import film
from roadlab_tools.viewer.strokes import Image

FRAMES_PER_SECOND = 25


class Film:
    """Takes pictures as they come, encodes them beside the window, and writes the file when it ends."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._began = perf_counter()
        self._count = 0
        self._size: tuple[int, int] | None = None
        self._pictures: queue.SimpleQueue[Image | None] = queue.SimpleQueue()
        self._problem = ""
        self._thread = threading.Thread(target=self._write, daemon=True)
        self._thread.start()

    def show(self, picture: Image) -> None:
        """What is seen now; (H, W, 3), of which as many are kept as the film has pictures a second."""
        due = int((perf_counter() - self._began) * FRAMES_PER_SECOND) + 1
        if due <= self._count:
            return
        if self._size is None:
            self._size = (picture.shape[1] // 2 * 2, picture.shape[0] // 2 * 2)
        if picture.shape[1::-1] != self._size:
            picture = np.asarray(cv2.resize(picture, self._size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        for _ in range(due - self._count):
            self._pictures.put(picture)
        self._count = due

    def end(self) -> str:
        """Writes the file; what went wrong, or nothing."""
        self._pictures.put(None)
        self._thread.join()
        return self._problem

    def _write(self) -> None:
        try:
            content = film(self._all(), FRAMES_PER_SECOND)
            with writing(self.path):
                temporary = self.path.with_name(f".{self.path.name}.part")
                temporary.write_bytes(content)
                temporary.replace(self.path)
        except (RoadlabError, OutputError, OSError) as error:
            self._problem = str(error)

    def _all(self) -> Iterator[Image]:
        while (picture := self._pictures.get()) is not None:
            yield picture
