"""From a dataset in any format to recordings: one file for each scene."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable, Sequence
from pathlib import Path

from roadlab.errors import OutputError
from roadlab_tools.batch.progress import Progress
from roadlab_tools.datasets.folder import writing
from roadlab_tools.datasets.reading import open_dataset
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.options import OptionError, one_of
from roadlab_tools.recordings.content import Recording, moments

RECORDINGS = {"mcap": "foxglove", "rerun": "rerun"}
"""Formats of recordings, and the module that writes each; its extra has the format's name."""


def record(
    dataset: str | Path,
    to: str,
    out: str | Path,
    *,
    sensors: Sequence[str] | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> list[Path]:
    """Writes each scene of `dataset` as a file into the folder `out`, which is new or empty; their paths.

    Raises OptionError where the extra is not installed or a sensor is unknown, OutputError for files.
    """
    one_of("--to", to, tuple(RECORDINGS))
    if importlib.util.find_spec(RECORDINGS[to]) is None:
        raise OptionError(f"--to {to} takes another package: pip install 'roadlab[{to}]'")
    source = open_dataset(dataset)
    folder = Path(out)
    with writing(folder):
        folder.mkdir(parents=True, exist_ok=True)
        if any(folder.iterdir()):
            raise OutputError(f"{folder} is not empty")
    paths, done, count = [], 0, len(source)
    for scene in source.contents.scenes():
        for name in sensors or ():
            one_of("--sensors", name, tuple(scene.scenario.spec.sensors))
        path, temporary = _paths(folder, scene, to)
        recording = _opened(to, temporary, scene)
        try:
            recording.begin(scene)
            for moment in moments(source, scene, sensors):
                recording.add(moment)
                done += 1
                if progress is not None:
                    progress(Progress("recording", done, count))
            recording.close()
            with writing(path):
                temporary.replace(path)
        finally:
            recording.close()
            temporary.unlink(missing_ok=True)
        paths.append(path)
    return paths


def _paths(folder: Path, scene: Scene, to: str) -> tuple[Path, Path]:
    suffix = {"mcap": ".mcap", "rerun": ".rrd"}[to]
    return folder / f"{scene.entry.name}{suffix}", folder / f".{scene.entry.name}{suffix}.part"


def _opened(to: str, path: Path, scene: Scene) -> Recording:
    if to == "mcap":
        from roadlab_tools.recordings.foxglove_file import FoxgloveRecording

        return FoxgloveRecording(path)
    from roadlab_tools.recordings.rerun_file import RerunRecording

    return RerunRecording(path, f"{scene.scenario.digest}/{scene.scenario.seed}")
