"""What a dataset format must offer; registered under `roadlab.writers`.

Whatever the format, a dataset also has `truth/` (a record of each sample), `logs/`, `scenarios/`, `index.parquet`,
`splits.json` and `manifest.json`; a writer adds the files that the format's own tools read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Protocol

from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.readings import Sample

if TYPE_CHECKING:
    from roadlab_tools.datasets.contents import Contents
    from roadlab_tools.datasets.scene import Scene


class Writer(Protocol):
    """Turns samples into files; holds no state, so that frames may be written in any order and process.

    A writer may have `ignores`, a frozenset of types of sensors whose readings it has no place for: those that all
    formats of a dataset ignore are not simulated.
    """

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Raises OutputError when this format has no place for these sensors."""

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """Files of one sample by path in the dataset's folder: a pure function."""

    def gather(self, contents: Contents, /) -> Iterator[tuple[str, bytes]]:
        """Files that speak of the dataset as a whole, made when all samples are written."""
