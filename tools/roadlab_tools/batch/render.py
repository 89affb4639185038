"""From a scenario to a finished dataset: simulate, render what is missing, draw the preview, sign the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from time import perf_counter

from roadlab import Scenario, load, simulate
from roadlab.log import SceneLog
from roadlab.log_file import log_digest
from roadlab.registry import registered
from roadlab_sensors.observe import expected_count
from roadlab_tools.batch.workers import Work, Written, threads_for, write_in_processes
from roadlab_tools.datasets.folder import DatasetFolder, Run, claimed
from roadlab_tools.datasets.writer import Writer
from roadlab_tools.options import QUALITIES, OptionError, Quality, at_least_one, one_of, selected_frames


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is."""

    stage: str
    """What is being done, in words."""
    done: int = 0
    total: int = 0
    """0 where a stage cannot be counted."""


@dataclass(frozen=True, slots=True)
class RenderSummary:
    """What a run has left behind."""

    out: Path
    frames: int
    """In the dataset."""
    rendered: int
    """In this run; the others were there already."""
    annotations: dict[str, int]
    """By class, in all frames together."""
    seconds: float
    """From the simulated log to the last frame on disk."""
    first: float
    """Of these, until the first frame was on disk: the world had to be built and the kernels to be compiled."""
    rays: int
    """Camera and lidar rays of one frame."""

    @property
    def pace(self) -> float | None:
        """Seconds for each frame after the first; None when there was no second one."""
        return (self.seconds - self.first) / (self.rendered - 1) if self.rendered > 1 else None


def render(
    scenario: str | Path | Scenario,
    out: str | Path,
    *,
    frames: slice | None = None,
    every: int = 1,
    seed: int | None = None,
    overrides: Sequence[str] = (),
    quality: Quality = "standard",
    format: str = "kitti",
    workers: int = 1,
    resume: bool = False,
    progress: Callable[[Progress], None] | None = None,
) -> RenderSummary:
    """Renders a scenario, given or read from a file, into a dataset in the folder `out`.

    `frames` selects samples as in Python, `every` keeps each n-th of them. `overrides` are `path=value` for the file.
    Raises ScenarioFileError, OptionError or OutputError, all of them RoadlabError, before anything is written.
    """
    tell = progress or _silent
    at_least_one("--workers", workers)
    one_of("--quality", quality, QUALITIES)
    writer: Writer = registered("writers")[one_of("--format", format, registered("writers"))]()
    decided = _decided(scenario, overrides, seed)
    writer.check(decided.spec.sensors)
    indices = selected_frames(expected_count(decided), frames, every)
    run = _run(decided, indices, quality, format)
    with claimed(Path(out), run, resume=resume) as folder:
        tell(Progress("simulating"))
        log = simulate(decided)
        missing = [index for index in indices if not folder.holds(writer.paths(index))]
        tell(Progress("building the world"))
        started, moments, rays = perf_counter(), [0.0], 0
        for written in _written(Work(decided.to_json(), log, quality, format, folder.root), missing, workers):
            moments.append(perf_counter() - started)
            rays = written.rays
            tell(Progress("rendering", len(indices) - len(missing) + len(moments) - 1, len(indices)))
        tell(Progress("drawing the preview"))
        _finish(folder, writer, run, indices, log)
        annotations = writer.annotated(folder.root, indices)
    return RenderSummary(folder.root, len(indices), len(missing), annotations, moments[-1], moments[:2][-1], rays)


def _decided(scenario: str | Path | Scenario, overrides: Sequence[str], seed: int | None) -> Scenario:
    if not isinstance(scenario, Scenario):
        return load(scenario, overrides=list(overrides), seed=seed)
    if overrides or seed is not None:
        raise OptionError("a scenario that is already decided takes neither overrides nor a seed: give them to load()")
    return scenario


def _run(scenario: Scenario, indices: range, quality: str, format: str) -> Run:
    """Everything that decides the dataset's bytes, and nothing else."""
    return {
        "roadlab": version("roadlab"),
        "scenario": scenario.spec.scenario,
        "scenario_digest": scenario.digest,
        "seed": scenario.seed,
        "format": format,
        "quality": quality,
        "frames": {"start": indices.start, "stop": indices.stop, "every": indices.step},
    }


def _written(work: Work, missing: list[int], workers: int) -> Iterator[Written]:
    if not missing:
        return iter(())
    if workers == 1:
        return work.write(missing)
    workers = min(workers, len(missing))
    return write_in_processes(replace(work, threads=threads_for(workers)), missing, workers)


def _finish(folder: DatasetFolder, writer: Writer, run: Run, indices: range, log: SceneLog) -> None:
    previews = writer.preview(folder.root, indices)
    folder.put(previews)
    frames = [path for index in indices for path in writer.paths(index)]
    folder.finish(run, [*frames, *previews], {"log_digest": log_digest(log)})


def _silent(progress: Progress) -> None:
    """Tells nobody."""
