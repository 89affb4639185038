"""Frames on a Ray cluster: its workers write into a folder that all machines share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import Any

from roadlab.errors import RoadlabError
from roadlab_tools.batch.frames import Failed, Target, Task, Written, write_frames
from roadlab_tools.batch.queue import TaskQueue
from roadlab_tools.batch.workers import Report, WorkerError
from roadlab_tools.options import OptionError

BATCH = 4
"""Frames that a remote worker is given at a time."""


def write_on_cluster(tasks: list[Task], target: Target, workers: int, address: str | None) -> Iterator[Report]:
    """Yields a report of each task as soon as there is one; the files are those that this machine would write.

    Starts a Ray of its own with `workers` processes where no address is given. A worker that dies is replaced and its
    frames are tried again. Raises OptionError when Ray is not installed, and WorkerError when workers keep dying.
    """
    try:
        import ray
    except ImportError as error:
        raise OptionError("--engine ray needs Ray: pip install 'roadlab[cluster]'") from error
    # Workers of a Ray that is started here see the same modules as this process does.
    paths = {"env_vars": {"PYTHONPATH": os.environ.get("PYTHONPATH", "")}}
    cores = {} if address is not None else {"num_cpus": workers, "include_dashboard": False}
    ray.init(address=address, runtime_env=paths, logging_level="ERROR", log_to_driver=False, **cores)
    try:
        yield from _reports(ray, TaskQueue(tasks), target, workers)
    finally:
        ray.shutdown()


def _reports(ray: Any, queue: TaskQueue, target: Target, workers: int) -> Iterator[Report]:
    hired = ray.remote(num_cpus=1, max_restarts=0)(_Painter)
    painters: dict[Any, tuple[int, Any, list[Task], str]] = {}
    fruitless = 0

    def employ(number: int, painter: Any) -> None:
        scene = queue.enter()
        if scene is None:
            return
        batch = [task for _ in range(BATCH) if (task := queue.take(scene)) is not None]
        painters[painter.write.remote(batch)] = (number, painter, batch, scene)

    for number in range(1, workers + 1):
        employ(number, hired.remote(target))
    while painters:
        (done, *_), _ = ray.wait(list(painters), num_returns=1)
        number, painter, batch, scene = painters.pop(done)
        queue.leave(scene)
        try:
            made = ray.get(done)
        except ray.exceptions.RayTaskError as error:
            raise _cause(error) from error
        except ray.exceptions.RayActorError as error:
            fruitless += 1
            if fruitless > workers + 1:
                raise WorkerError(
                    "workers of the cluster keep dying; the frames they had finished are kept: use --resume to go on"
                ) from error
            yield from (Report(number, failed) for failed in queue.give_back(batch))
            painter = hired.remote(target)
        else:
            fruitless = 0
            yield from (Report(number, one) for one in made)
        employ(number, painter)
        if not painters and len(queue):  # what a dead worker gave back is too little for others to join in
            employ(number, painter)


class _Painter:
    """A process of the cluster, with a world of its own."""

    def __init__(self, target: Target) -> None:
        self._target = target

    def write(self, tasks: list[Task]) -> list[Written | Failed]:
        """Renders and writes these frames."""
        return list(write_frames(tasks, self._target))


def _cause(error: Any) -> Exception:
    cause = error.cause
    return cause if isinstance(cause, RoadlabError) else RuntimeError(str(error))
