"""Which worker renders which frame: a worker stays with its scene, and none is idle while there are frames."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from roadlab_tools.batch.frames import Failed, Task

ATTEMPTS = 2
"""So many workers may die at a frame before it is given up."""
WORTH_JOINING = 3
"""A scene is worth building for so many frames, when another worker has it already."""


class TaskQueue:
    """Frames that nobody has taken yet."""

    def __init__(self, tasks: Iterable[Task]) -> None:
        self._scenes: dict[str, deque[Task]] = {}
        self._guests: dict[str, int] = {}
        self._deaths: dict[int, int] = {}
        for task in tasks:
            self._scenes.setdefault(task.entry.name, deque()).append(task)

    def __len__(self) -> int:
        return sum(map(len, self._scenes.values()))

    def enter(self) -> str | None:
        """The scene for a worker that has none: one that nobody works at, else the one with most left for each."""
        open_scenes = [name for name, tasks in self._scenes.items() if tasks]
        fresh = [name for name in open_scenes if not self._guests.get(name)]
        joined = [name for name in open_scenes if len(self._scenes[name]) >= WORTH_JOINING]
        if fresh:
            chosen = fresh[0]
        elif joined:
            chosen = max(joined, key=lambda name: len(self._scenes[name]) / (1 + self._guests[name]))
        else:
            return None
        self._guests[chosen] = self._guests.get(chosen, 0) + 1
        return chosen

    def leave(self, scene: str) -> None:
        """A worker has no more to do with this scene."""
        self._guests[scene] -= 1

    def take(self, scene: str) -> Task | None:
        """The scene's next frame."""
        tasks = self._scenes[scene]
        return tasks.popleft() if tasks else None

    def give_back(self, tasks: list[Task]) -> list[Failed]:
        """Puts back what a dead worker had at hand; gives up the frames at which workers keep dying."""
        failed = []
        for task in reversed(tasks):
            self._deaths[task.number] = self._deaths.get(task.number, 0) + 1
            if self._deaths[task.number] > ATTEMPTS:
                failed.append(Failed(task.number, f"{ATTEMPTS + 1} worker processes died at it"))
            else:
                self._scenes[task.entry.name].appendleft(task)
        return failed
