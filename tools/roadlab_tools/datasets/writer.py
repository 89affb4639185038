"""What a dataset format must offer; registered under `roadlab.writers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.readings import Sample


class Writer(Protocol):
    """Turns samples into files; holds no state, so that frames may be written in any order and process."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError when this format has no place for these sensors."""

    def paths(self, index: int) -> tuple[str, ...]:
        """Files of sample `index`, relative to the dataset's folder; the frame is there when the last one is."""

    def encode(self, sample: Sample) -> dict[str, bytes]:
        """Content of each of `paths(sample.index)`, in that order."""

    def annotated(self, folder: Path, indices: Sequence[int]) -> dict[str, int]:
        """How many annotations of each class the written files hold."""

    def preview(self, folder: Path, indices: Sequence[int]) -> dict[str, bytes]:
        """Files that show a person what was written, made from the written files alone."""
