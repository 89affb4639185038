"""Renders samples and writes them: the next is rendered while the one before is encoded and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

from roadlab import Scenario, simulate
from roadlab.errors import EngineError, OutputError
from roadlab.log import SceneLog
from roadlab.log_file import read_log, write_log
from roadlab.registry import registered
from roadlab_sensors.readings import Sample
from roadlab_tools.datasets.contents import log_path, record_file
from roadlab_tools.datasets.folder import DatasetFolder
from roadlab_tools.datasets.scene import Scene, SceneEntry
from roadlab_tools.datasets.storage import fetched, is_local, written
from roadlab_tools.datasets.writer import Writer

if TYPE_CHECKING:
    from roadlab_sensors.observe import Observer

HOPELESS = (OutputError, EngineError)
"""What goes wrong for one frame goes wrong for all: no disk space, no engine."""


@dataclass(frozen=True)
class Task:
    """A sample to render."""

    entry: SceneEntry
    scenario: str
    """`Scenario.to_json()`."""
    index: int
    """Of the sample in the scene."""

    @property
    def number(self) -> int:
        """Of the sample in the dataset."""
        return self.entry.first + self.index


@dataclass(frozen=True)
class Target:
    """Where frames go."""

    quality: str
    folders: tuple[tuple[str, Path], ...]
    """Format and folder of each dataset."""
    threads: int | None = None
    """CPU threads of the ray engine; all by default."""


@dataclass(frozen=True, slots=True)
class Written:
    """A frame that is on disk."""

    number: int
    rays: int
    """How many were cast for it."""
    size: int
    """Bytes written."""
    encoding: float
    """Seconds spent on encoding, hashing and writing."""


@dataclass(frozen=True, slots=True)
class Failed:
    """A frame that could not be made."""

    number: int
    reason: str


def write_frames(tasks: Iterable[Task], target: Target) -> Iterator[Written | Failed]:
    """Yields a report of each task, in order, when its files are on disk or it has failed.

    Raises OutputError and EngineError, which would meet every frame.
    """
    studio = Studio(target)
    with ThreadPoolExecutor(max_workers=1) as encoder:
        writing: Future[Written] | None = None
        for task in tasks:
            made = _made(studio, task)
            if writing is not None:
                yield writing.result()
                writing = None
            if isinstance(made, Failed):
                yield made
            else:
                writing = encoder.submit(studio.write, *made, studio.rays)
        if writing is not None:
            yield writing.result()


def _made(studio: Studio, task: Task) -> tuple[Sample, Scene] | Failed:
    try:
        return studio.sample(task)
    except HOPELESS:
        raise
    except Exception as error:
        return Failed(task.number, f"{type(error).__name__}: {error}")


class Studio:
    """One scene at a time, built when the first of its samples is asked for."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._folders = [DatasetFolder(root) for _, root in target.folders]
        self._writers: list[Writer] = [registered("writers")[format]() for format, _ in target.folders]
        self._scene: Scene | None = None
        self._observer: Observer | None = None
        self.rays = 0
        """Of one sample of the scene at hand."""

    def sample(self, task: Task) -> tuple[Sample, Scene]:
        """The sample of a task, and its scene."""
        if self._scene is None or self._observer is None or self._scene.entry != task.entry:
            self._scene, self._observer = None, None
            scene = staged(task, self._folders)
            self._observer = observer_of(scene, self._target)
            self._scene, self.rays = scene, self._observer.rays_per_sample
        return self._observer.sample(task.index), self._scene

    def write(self, sample: Sample, scene: Scene, rays: int) -> Written:
        """Writes a sample in every format."""
        started, size = perf_counter(), 0
        for folder, writer in zip(self._folders, self._writers, strict=True):
            size += folder.put_frame(scene.number(sample.index), frame_files(sample, scene, writer))
        return Written(scene.number(sample.index), rays, size, perf_counter() - started)


def frame_files(sample: Sample, scene: Scene, writer: Writer) -> dict[str, bytes]:
    """Every file of one sample, its record last."""
    return {**writer.encode(sample, scene), **record_file(sample, scene)}


def staged(task: Task, folders: list[DatasetFolder]) -> Scene:
    """The scene of a task; its log is read where it has been written already, else simulated and written."""
    scenario = Scenario.from_json(task.scenario)
    path = log_path(task.entry.name)
    there = [folder.root / path for folder in folders if (folder.root / path).is_file()]
    if there:
        with fetched(there[0]) as file:
            log = read_log(file)
    else:
        log = simulate(scenario)
    for folder in folders:
        if not (folder.root / path).is_file():
            _keep(log, folder, path)
    return Scene(task.entry, scenario, log)


def _keep(log: SceneLog, folder: DatasetFolder, path: str) -> None:
    if is_local(folder.root):
        write_log(log, folder.place(path))
    else:
        folder.put({path: written(lambda near: write_log(log, near), "log.parquet")})


def observer_of(scene: Scene, target: Target) -> Observer:
    """What renders the scene; building it takes seconds."""
    from roadlab_sensors.observe import Observer

    ignored: list[frozenset[str]] = [
        getattr(registered("writers")[name], "ignores", frozenset()) for name, _ in target.folders
    ]
    without = sorted(frozenset.intersection(*ignored)) if ignored else []
    return Observer(scene.scenario, scene.log, target.quality, threads=target.threads, without=without)
