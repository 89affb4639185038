"""What every dataset holds beside the files of its format: records, logs, scenarios, an index."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from roadlab.errors import OutputError
from roadlab.scenario import Scenario
from roadlab_sensors.readings import Sample
from roadlab_tools.datasets.folder import Run
from roadlab_tools.datasets.records import Document, split
from roadlab_tools.datasets.scene import Scene, SceneEntry
from roadlab_tools.datasets.storage import fetched

INDEX = "index.parquet"
"""One row a sample; its metadata say which run the dataset is of."""


def record_path(number: int) -> str:
    """Where the record of a sample is."""
    return f"truth/{number:06d}.json"


def log_path(scene: str) -> str:
    """Where the log of a scene is."""
    return f"logs/{scene}.parquet"


def record_file(sample: Sample, scene: Scene) -> dict[str, bytes]:
    """The record of a sample as a file: all that is true of it but its large arrays."""
    number = scene.number(sample.index)
    record = {"number": number, "scene": scene.entry.name, "sample": split(sample)[0]}
    return {record_path(number): (json.dumps(record, allow_nan=False) + "\n").encode()}


@dataclass(frozen=True)
class Contents:
    """The samples and scenes of a dataset that is being finished or has been."""

    root: Path
    run: Run
    missing: frozenset[int] = frozenset()
    """Samples that the run had to skip."""

    @property
    def entries(self) -> list[SceneEntry]:
        """The scenes, in the order of their numbers."""
        return [SceneEntry.from_json(entry) for entry in self.run["scenes"]]

    @property
    def format(self) -> str:
        """Name of the format."""
        return str(self.run["format"])

    def numbers(self, entry: SceneEntry | None = None) -> list[int]:
        """Numbers of the samples that are there, of one scene or of all."""
        entries = self.entries if entry is None else [entry]
        return [number for one in entries for number in one.numbers if number not in self.missing]

    def scenes(self) -> Iterator[Scene]:
        """The scenes with their logs, one after the other."""
        return (self.scene(entry) for entry in self.entries)

    def scene(self, entry: SceneEntry) -> Scene:
        """A scene with its log."""
        from roadlab.log_file import read_log  # loads pyarrow, which those who only name formats do without

        with fetched(self.root / log_path(entry.name)) as file:
            log = read_log(file)
        return Scene(entry, Scenario.from_json(log.scenario), log)

    def record(self, number: int) -> Document:
        """The document of sample `number`; OutputError when its file is damaged."""
        try:
            record: Mapping[str, Any] = json.loads(self.read(record_path(number)))
            document: Document = record["sample"]
        except (ValueError, KeyError, TypeError) as error:
            raise OutputError(f"{record_path(number)} is damaged: {error}") from error
        return document

    def read(self, path: str) -> bytes:
        """A file of the dataset; OutputError when it cannot be read."""
        try:
            return (self.root / path).read_bytes()
        except OSError as error:
            raise OutputError(f"{path} cannot be read: {(error.strerror or str(error)).lower()}") from error
