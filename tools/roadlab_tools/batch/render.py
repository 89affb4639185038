"""From scenarios to finished datasets: simulate, render what is missing, make the tables, sign the manifest."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter

from roadlab import Scenario
from roadlab.errors import RoadlabError
from roadlab.scenario.designs import DESIGNS
from roadlab_tools.batch.finish import finish_all, skipped_in
from roadlab_tools.batch.frames import Failed, Target, Task, write_frames
from roadlab_tools.batch.journal import Journal, journal_of
from roadlab_tools.batch.output import chosen_formats
from roadlab_tools.batch.plan import Plan, decide, planned
from roadlab_tools.batch.progress import Progress
from roadlab_tools.batch.space import check_space, expected_size, watch_space
from roadlab_tools.batch.workers import Report, threads_for, write_in_processes
from roadlab_tools.datasets.claim import claimed
from roadlab_tools.datasets.folder import DatasetFolder, is_whole
from roadlab_tools.datasets.index import annotation_counts
from roadlab_tools.datasets.lock import Shard
from roadlab_tools.datasets.storage import in_this_process_alone, located
from roadlab_tools.options import QUALITIES, OptionError, Quality, at_least_one, one_of

ENGINES = ("local", "ray")


class FrameError(RoadlabError):
    """A frame could not be made; what was complete is kept."""


Tell = Callable[[Progress], None]


@dataclass(frozen=True, slots=True)
class RenderSummary:
    """What a run has left behind."""

    out: Path
    frames: int
    """In the dataset."""
    rendered: int
    """In this run; the others were there already."""
    annotations: dict[str, int]
    """By category, in all frames together, of what a sensor saw."""
    seconds: float
    """From the simulated log to the last frame on disk."""
    first: float
    """Of these, until the first frame was on disk: the world had to be built and the kernels to be compiled."""
    rays: int
    """Camera, lidar and radar rays of one frame."""
    skipped: dict[int, str] = field(default_factory=dict)
    """Frames that could not be made, with the reason."""
    unfinished: int = 0
    """Frames that other shards have still to make; then there is no manifest yet."""
    encoding: float = 0.0
    """Seconds spent on encoding, hashing and writing, beside rendering."""

    @property
    def pace(self) -> float | None:
        """Seconds for each frame after the first; None when there was no second one."""
        return (self.seconds - self.first) / (self.rendered - 1) if self.rendered > 1 else None


def render(
    scenario: str | Path | Scenario | Sequence[str | Path | Scenario],
    out: str | Path,
    *,
    frames: slice | None = None,
    every: int = 1,
    seed: int | None = None,
    overrides: Sequence[str] = (),
    quality: Quality = "standard",
    format: str | None = None,
    workers: int = 1,
    resume: bool = False,
    progress: Tell | None = None,
    samples: int | None = None,
    design: str = "random",
    keep_going: bool = False,
    shard: Shard | None = None,
    engine: str = "local",
    address: str | None = None,
) -> RenderSummary:
    """Renders scenarios, given or read from files, into a dataset in the folder `out`.

    `frames` selects samples of each scenario as in Python, `every` keeps each n-th of them. `overrides` are
    `path=value` for the files; `samples` draws so many variations of each, by a
    sampling design. `format` may name several formats with
    commas: then each has a folder of its own in `out`. With `keep_going` a frame that cannot be made is skipped; else
    it raises FrameError. Raises ScenarioFileError, OptionError or OutputError, all of them RoadlabError, before
    anything is written.
    """
    tell = progress or _silent
    at_least_one("--workers", workers)
    one_of("--quality", quality, QUALITIES)
    one_of("--engine", engine, ENGINES)
    if samples is not None:
        at_least_one("--samples", samples)
    one_of("--design", design, DESIGNS)
    sources = [scenario] if isinstance(scenario, str | Path | Scenario) else list(scenario)
    tell(Progress("reading the scenarios"))
    decided = decide(sources, overrides=overrides, seed=seed, samples=samples, design=design)
    formats = chosen_formats(decided, format)
    plan = planned(decided, frames=frames, every=every, quality=quality, formats=formats)
    crew = _Crew(workers, engine, address)
    return _run(plan, _place(out, plan, crew), crew, resume=resume, keep_going=keep_going, shard=shard, tell=tell)


def _place(out: str | Path, plan: Plan, crew: _Crew) -> Path:
    place = located(out)
    alone = crew.engine == "local" and crew.workers == 1 and len(plan.entries) == 1
    if in_this_process_alone(place) and not alone:
        raise OptionError(f"--out {out} is seen by one process alone: it takes one scene, one worker and no cluster")
    return place


@dataclass(frozen=True, slots=True)
class _Crew:
    """Who renders."""

    workers: int
    engine: str = "local"
    address: str | None = None

    def write(self, tasks: list[Task], target: Target) -> Iterator[Report]:
        """Yields a report of each task."""
        if self.engine == "ray":
            from roadlab_tools.batch.cluster import write_on_cluster

            return write_on_cluster(tasks, target, self.workers, self.address)
        if self.workers == 1 and len({task.entry.name for task in tasks}) <= 1:
            return (Report(1, made) for made in write_frames(tasks, target))
        workers = min(self.workers, len(tasks))
        target = Target(target.quality, target.folders, threads_for(workers))
        return write_in_processes(tasks, target, workers)


def _run(
    plan: Plan, out: Path, crew: _Crew, *, resume: bool, keep_going: bool, shard: Shard | None, tell: Tell
) -> RenderSummary:
    roots = plan.folders(out)
    with ExitStack() as stack:
        claims = [claimed(root, plan.run(name), resume=resume, shard=shard) for name, root in roots.items()]
        folders = [stack.enter_context(claim) for claim in claims]
        journal = stack.enter_context(journal_of(out))
        if all(is_whole(folder.root) for folder in folders) and not any(map(skipped_in, folders)):
            return _summary(plan, out, folders, _Count())
        for folder in folders:
            folder.reopen()
        mine = plan.numbers if shard is None else shard.share(plan.numbers)
        missing = [number for number in mine if any(folder.receipt(number) is None for folder in folders)]
        _check_room(plan, out, len(missing))
        journal.note(f"{len(plan.numbers)} frames of {len(plan.entries)} scenes, {len(missing)} to be made here")
        count = _Count(total=len(mine), before=len(mine) - len(missing))
        target = Target(plan.quality, tuple(roots.items()))
        tell(Progress("building the world"))
        for report in crew.write(_tasks(plan, missing), target):
            _take_note(report, count, folders, journal, keep_going=keep_going)
            tell(Progress("rendering", count.before + count.done, count.total, count.shown()))
            watch_space(folders[0].root, count.sizes, crew.workers)
        unfinished = finish_all(plan, folders, lambda stage: tell(Progress(stage)))
        summary = _summary(plan, out, folders, count, unfinished)
        journal.note(f"{summary.frames} frames are complete, {len(count.failed)} were skipped")
        return summary


@dataclass
class _Count:
    """What a run has done so far."""

    total: int = 0
    before: int = 0
    started: float = field(default_factory=perf_counter)
    moments: list[float] = field(default_factory=lambda: [0.0])
    sizes: list[int] = field(default_factory=list)
    failed: dict[int, str] = field(default_factory=dict)
    by_worker: dict[int, int] = field(default_factory=dict)
    rays: int = 0
    encoding: float = 0.0

    @property
    def done(self) -> int:
        return len(self.sizes) + len(self.failed)

    def shown(self) -> dict[int, int]:
        return dict(sorted(self.by_worker.items())) if len(self.by_worker) > 1 else {}


def _take_note(
    report: Report, count: _Count, folders: list[DatasetFolder], journal: Journal, *, keep_going: bool
) -> None:
    made = report.made
    count.by_worker[report.worker] = count.by_worker.get(report.worker, 0) + 1
    if isinstance(made, Failed):
        journal.note(f"frame {made.number} failed: {made.reason}")
        if not keep_going:
            raise FrameError(
                f"frame {made.number} cannot be made: {made.reason}; what is complete is kept, "
                "--resume goes on, --keep-going skips such frames"
            )
        count.failed[made.number] = made.reason
        for folder in folders:
            folder.give_up(made.number, made.reason)
        return
    count.moments.append(perf_counter() - count.started)
    count.sizes.append(made.size)
    count.rays, count.encoding = made.rays, count.encoding + made.encoding
    journal.note(f"frame {made.number} by worker {report.worker}, {made.size} bytes")


def _tasks(plan: Plan, numbers: list[int]) -> list[Task]:
    wanted = set(numbers)
    return [
        Task(entry, scenario.to_json(), index)
        for entry, scenario in zip(plan.entries, plan.scenarios, strict=True)
        for index, number in zip(entry.indices, entry.numbers, strict=True)
        if number in wanted
    ]


def _check_room(plan: Plan, out: Path, missing: int) -> None:
    largest = max(expected_size(scenario, len(plan.formats)) for scenario in plan.scenarios[:20])
    check_space(out, missing * largest)


def _summary(plan: Plan, out: Path, folders: list[DatasetFolder], count: _Count, unfinished: int = 0) -> RenderSummary:
    annotations = {}
    if unfinished == 0:
        annotations = annotation_counts((folders[0].root / "annotations.parquet").read_bytes())
    return RenderSummary(
        out=out,
        frames=len(plan.numbers) - unfinished - len(count.failed),
        rendered=len(count.sizes),
        annotations=annotations,
        seconds=count.moments[-1],
        first=count.moments[:2][-1],
        rays=count.rays,
        skipped=count.failed,
        unfinished=unfinished,
        encoding=count.encoding,
    )


def _silent(progress: Progress) -> None:
    """Tells nobody."""
