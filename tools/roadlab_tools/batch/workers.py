"""Frames in several processes: each has a world of its own, and which of them renders a frame changes nothing."""

from __future__ import annotations

import multiprocessing as mp
import os
import signal
import traceback
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

from roadlab import errors
from roadlab.errors import RoadlabError
from roadlab.registry import registered
from roadlab_tools.batch.frames import write_frames
from roadlab_tools.datasets.folder import DatasetFolder
from roadlab_tools.options import Quality

if TYPE_CHECKING:
    from roadlab.log import SceneLog

_PATIENCE = 30.0
"""How long [s] a worker may take to finish its frame when it is asked to stop."""


class WorkerError(RoadlabError):
    """Worker processes died again and again; what they had written is kept."""


@dataclass(frozen=True, slots=True)
class Written:
    """A frame that is on disk."""

    index: int
    rays: int
    """How many were cast for it."""


@dataclass(frozen=True)
class Work:
    """What a worker needs to render any frame of a run."""

    scenario: str
    """`Scenario.to_json()`."""
    log: SceneLog
    quality: Quality
    format: str
    root: Path
    threads: int | None = None
    """CPU threads of the ray engine; all by default."""

    def write(self, indices: Iterable[int]) -> Iterator[Written]:
        """Renders and writes these frames in this process, each yielded when it is on disk."""
        from roadlab import Scenario
        from roadlab_sensors.observe import Observer

        observer = Observer(Scenario.from_json(self.scenario), self.log, self.quality, threads=self.threads)
        writer = registered("writers")[self.format]()
        for index in write_frames(observer, writer, DatasetFolder(self.root), indices):
            yield Written(index, observer.rays_per_sample)


@dataclass(frozen=True)
class _Failure:
    kind: str
    message: str


@dataclass(frozen=True)
class _Worker:
    process: BaseProcess
    connection: Connection
    missing: list[int]
    """Frames that it has not yet reported; shrinks."""


def write_in_processes(work: Work, indices: Sequence[int], workers: int) -> Iterator[Written]:
    """Yields each frame when its files are on disk, in the order in which that happens.

    A worker that dies is replaced once; WorkerError when another dies.
    """
    crew = [_hire(work, share) for k in range(workers) if (share := list(indices[k::workers]))]
    replaced = False
    try:
        while crew:
            ready = wait([worker.connection for worker in crew])
            for worker in [worker for worker in crew if worker.connection in ready]:
                written = _report(worker)
                if written is not None:
                    worker.missing.remove(written.index)
                    yield written
                    continue
                crew.remove(worker)
                worker.process.join()
                if worker.missing and replaced:
                    raise _death(worker)
                if worker.missing:
                    replaced = True
                    crew.append(_hire(work, worker.missing))
    finally:
        _dismiss(crew)


def _hire(work: Work, indices: list[int]) -> _Worker:
    context = mp.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_serve, args=(work, indices, theirs), daemon=True)
    process.start()
    theirs.close()
    return _Worker(process, ours, list(indices))


def _serve(work: Work, indices: list[int], connection: Connection) -> None:
    """A worker's life: one report for each frame, and a last one when something is wrong."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches every process; ours is told by its parent
    try:
        for written in work.write(_until_dismissed(indices, connection)):
            connection.send(written)
    except BrokenPipeError:
        return
    except RoadlabError as error:
        connection.send(_Failure(type(error).__name__, str(error)))
    except Exception:
        connection.send(_Failure("RuntimeError", traceback.format_exc()))


def _until_dismissed(indices: list[int], connection: Connection) -> Iterator[int]:
    for index in indices:
        if connection.poll():
            return
        yield index


def _report(worker: _Worker) -> Written | None:
    """The frame that this worker has finished; None when it has ended."""
    try:
        report: Written | _Failure = worker.connection.recv()
    except (EOFError, ConnectionResetError):
        return None
    if isinstance(report, _Failure):
        known = getattr(errors, report.kind, RuntimeError)
        raise (
            known(report.message) if known in (errors.OutputError, errors.EngineError) else RuntimeError(report.message)
        )
    return report


def _death(worker: _Worker) -> WorkerError:
    code = worker.process.exitcode
    how = f"signal {-code}" if code is not None and code < 0 else f"status {code}"
    memory = ", most often because memory ran out" if code == -signal.SIGKILL else ""
    return WorkerError(
        f"two worker processes died ({how}{memory}); the frames they had finished are kept: "
        "use --resume to go on, and fewer --workers"
    )


def _dismiss(crew: list[_Worker]) -> None:
    """Lets everybody finish the frame at hand."""
    for worker in crew:
        try:
            worker.connection.send("stop")
        except OSError:
            continue
    for worker in crew:
        worker.process.join(_PATIENCE)
        if worker.process.is_alive():
            worker.process.kill()


def threads_for(workers: int) -> int:
    """CPU threads for each of several workers."""
    return max(1, (os.cpu_count() or 1) // workers)
