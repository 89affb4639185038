"""From a dataset in roadlab's own format to any other, without rendering again."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from roadlab.errors import OutputError
from roadlab.registry import registered
from roadlab_sensors.readings import Sample
from roadlab_tools.batch.finish import finish
from roadlab_tools.batch.frames import frame_files
from roadlab_tools.batch.progress import Progress
from roadlab_tools.datasets.claim import claimed
from roadlab_tools.datasets.contents import Contents, log_path
from roadlab_tools.datasets.folder import DatasetFolder, Run, files_in, manifest_of
from roadlab_tools.datasets.native import read_sample
from roadlab_tools.datasets.open import contents_of
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.datasets.storage import located
from roadlab_tools.datasets.writer import Writer
from roadlab_tools.options import OptionError, one_of

T = TypeVar("T")
Tell = Callable[[Progress], None]


def export(
    dataset: str | Path,
    to: str,
    out: str | Path,
    *,
    sensors: Sequence[str] | None = None,
    resume: bool = False,
    progress: Tell | None = None,
) -> Path:
    """Writes `dataset` in the format `to` into the folder `out`; the files are those that rendering would have made.

    `sensors` keeps only some of the rig. Raises OptionError and OutputError.
    """
    source = contents_of(dataset)
    if source.format != "roadlab":
        raise OutputError(
            f"{dataset} is in the {source.format} format; only roadlab's own holds all that other formats need: "
            "render with --format roadlab, or roadlab,kitti for both"
        )
    writer: Writer = registered("writers")[one_of("--to", to, registered("writers"))]()
    for scene in source.scenes():
        writer.check(_kept(scene.scenario.spec.sensors, sensors))
    with claimed(located(out), _run(source.run, to, sensors), resume=resume) as folder:
        folder.reopen()
        _write(source, writer, folder, sensors, progress or _silent)
        skipped = {int(number): reason for number, reason in manifest_of(source.root).get("skipped", {}).items()}
        finish(folder, _run(source.run, to, sensors), _sources(source), skipped, _say_nothing)
    return located(out)


def _write(source: Contents, writer: Writer, folder: DatasetFolder, sensors: Sequence[str] | None, tell: Tell) -> None:
    total, done = len(source.numbers()), 0
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for entry in source.entries:
            scene = source.scene(entry)
            folder.put({log_path(entry.name): source.read(log_path(entry.name))})
            missing = [number for number in source.numbers(entry) if folder.receipt(number) is None]
            jobs = (pool.submit(_write_one, source, number, scene, writer, folder, sensors) for number in missing)
            for job in list(jobs):
                job.result()
                done += 1
                tell(Progress("exporting", done, total))


def _write_one(
    source: Contents, number: int, scene: Scene, writer: Writer, folder: DatasetFolder, sensors: Sequence[str] | None
) -> None:
    sample = _with_sensors(read_sample(source, number), sensors)
    folder.put_frame(number, frame_files(sample, scene, writer))


def _run(run: Run, to: str, sensors: Sequence[str] | None) -> Run:
    kept = {key: run[key] for key in ("roadlab", "quality", "scenes")}
    made = {"roadlab": kept["roadlab"], "format": to, "quality": kept["quality"], "scenes": kept["scenes"]}
    return made if sensors is None else {**made, "sensors": list(sensors)}


def _sources(source: Contents) -> dict[str, bytes]:
    paths = [path for path in files_in(source.root) if path.startswith("scenarios/")]
    return {path: source.read(path) for path in paths}


def _kept(named: Mapping[str, T], sensors: Sequence[str] | None) -> dict[str, T]:
    if sensors is None:
        return dict(named)
    for name in sensors:
        if name not in named:
            raise OptionError(f"--sensors: the rig has {', '.join(named)}, not {name!r}")
    return {name: sensor for name, sensor in named.items() if name in sensors}


def _with_sensors(sample: Sample, sensors: Sequence[str] | None) -> Sample:
    if sensors is None:
        return sample

    def kept(by_sensor: Mapping[str, T]) -> dict[str, T]:
        return {name: value for name, value in by_sensor.items() if name in sensors}

    groups: dict[str, Any] = {}
    for group in ("cameras", "lidars", "views", "others", "radars", "inertial"):
        groups[group] = kept(getattr(sample, group))
    actors = tuple(
        replace(actor, lidar_points=kept(actor.lidar_points), radar_points=kept(actor.radar_points))
        for actor in sample.actors
    )
    return replace(sample, actors=actors, **groups)


def _say_nothing(_stage: str) -> None:
    """Tells nobody."""


def _silent(progress: Progress) -> None:
    """Tells nobody."""
