"""Frames in several processes: each has a world of its own, and which of them renders a frame changes nothing."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import traceback
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from time import monotonic

from roadlab import errors
from roadlab.errors import EngineError, OutputError, RoadlabError
from roadlab_tools.batch.frames import Failed, Target, Task, Written, write_frames
from roadlab_tools.batch.queue import TaskQueue

PATIENCE = 1.0
"""How long [s] workers may take to finish their frames when they are asked to stop."""
AT_HAND = 2
"""Frames that a worker has: one is rendered while the one before is written."""
RETIREMENT = 1000
"""After so many frames a worker is replaced by a new process, so that a leak of memory never adds up."""
RETIREMENT_SCENES = 20
"""After so many scenes likewise: the ray engine keeps some memory of every world that it has built."""


class WorkerError(RoadlabError):
    """Worker processes died again and again; what they had written is kept."""


@dataclass(frozen=True, slots=True)
class Report:
    """What a worker has done."""

    worker: int
    """Counts from 1; a replacement takes its predecessor's number."""
    made: Written | Failed


@dataclass(frozen=True)
class _Error:
    kind: str
    message: str


@dataclass
class _Worker:
    number: int
    process: BaseProcess
    connection: Connection
    at_hand: list[Task] = field(default_factory=list)
    scene: str | None = None
    taken: int = 0
    scenes: int = 0
    dismissed: bool = False


def write_in_processes(tasks: Iterable[Task], target: Target, workers: int) -> Iterator[Report]:
    """Yields a report of each task as soon as there is one.

    A worker that dies is replaced and its frames are tried again. Raises WorkerError when workers keep dying without
    finishing a single frame, OutputError and EngineError when a worker meets them.
    """
    queue = TaskQueue(tasks)
    crew: list[_Worker] = []
    fruitless = 0
    for number in range(1, min(workers, len(queue)) + 1):
        _hire(crew, number, target, queue)
    try:
        while crew:
            for worker in _with_news(crew):
                made = _report(worker)
                if made is not None:
                    fruitless = 0
                    worker.at_hand = [task for task in worker.at_hand if task.number != made.number]
                    _supply(worker, queue)
                    yield Report(worker.number, made)
                    continue
                crew.remove(worker)
                worker.process.join()
                if worker.scene is not None:
                    queue.leave(worker.scene)
                if worker.at_hand:
                    fruitless += 1
                    if fruitless > workers:
                        raise _deaths(worker)
                    yield from (Report(worker.number, failed) for failed in queue.give_back(worker.at_hand))
                if len(queue):
                    _hire(crew, worker.number, target, queue)
    finally:
        _dismiss(crew)


def _hire(crew: list[_Worker], number: int, target: Target, queue: TaskQueue) -> None:
    context = mp.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(target, theirs), daemon=True)
    process.start()
    theirs.close()
    worker = _Worker(number, process, ours)
    crew.append(worker)
    _supply(worker, queue)


def _supply(worker: _Worker, queue: TaskQueue) -> None:
    """Hands the worker its next frames, or tells it that there are none."""
    while len(worker.at_hand) < AT_HAND and not worker.dismissed:
        task = _next(worker, queue)
        try:
            worker.connection.send(task)
        except OSError:  # it has died; its end of the pipe will say so
            if task is not None:
                worker.at_hand.append(task)
            return
        if task is None:
            worker.dismissed = True
        else:
            worker.at_hand.append(task)
            worker.taken += 1


def _next(worker: _Worker, queue: TaskQueue) -> Task | None:
    if worker.taken >= RETIREMENT:
        return None
    if worker.scene is not None:
        task = queue.take(worker.scene)
        if task is not None:
            return task
        queue.leave(worker.scene)
        worker.scene = None
    if worker.scenes >= RETIREMENT_SCENES:
        return None
    worker.scene = queue.enter()
    worker.scenes += 1
    return queue.take(worker.scene) if worker.scene is not None else None


def _with_news(crew: list[_Worker]) -> list[_Worker]:
    ready = wait([worker.connection for worker in crew])
    return [worker for worker in crew if worker.connection in ready]


def _serve(target: Target, connection: Connection) -> None:
    """A worker's life: a report for each task, and a last word when it cannot go on."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; ours is told by its parent
    try:
        for made in write_frames(_received(connection), target):
            connection.send(made)
    except (BrokenPipeError, EOFError):
        return
    except RoadlabError as error:
        connection.send(_Error(type(error).__name__, str(error)))
    except Exception:
        connection.send(_Error("RuntimeError", traceback.format_exc()))


def _received(connection: Connection) -> Iterator[Task]:
    """Tasks until there are no more, or nobody is there any more who could give them."""
    while (task := connection.recv()) is not None:
        yield task


def _report(worker: _Worker) -> Written | Failed | None:
    """What this worker has done; None when it has ended."""
    try:
        report: Written | Failed | _Error = worker.connection.recv()
    except (EOFError, OSError):
        return None
    if isinstance(report, _Error):
        known = getattr(errors, report.kind, RuntimeError)
        raise (known if known in (OutputError, EngineError) else RuntimeError)(report.message)
    return report


def _deaths(worker: _Worker) -> WorkerError:
    code = worker.process.exitcode
    how = f"signal {-code}" if code is not None and code < 0 else f"status {code}"
    memory = ", most often because memory ran out" if code == -signal.SIGKILL else ""
    return WorkerError(
        f"worker processes keep dying ({how}{memory}); the frames they had finished are kept: "
        "use --resume to go on, and fewer --workers"
    )


def _dismiss(crew: list[_Worker]) -> None:
    """Lets everybody finish the frame at hand, for a while."""
    for worker in crew:
        worker.connection.close()
    deadline = monotonic() + PATIENCE
    for worker in crew:
        worker.process.join(max(0.0, deadline - monotonic()))
        if worker.process.is_alive():
            worker.process.kill()
            worker.process.join()


def threads_for(workers: int) -> int:
    """CPU threads for each of several workers."""
    return max(1, (os.cpu_count() or 1) // workers)
