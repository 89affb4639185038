"""Renders samples and writes them: the next is rendered while the one before is encoded and written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from roadlab_sensors.readings import Sample
from roadlab_tools.datasets.folder import DatasetFolder
from roadlab_tools.datasets.writer import Writer


class Samples(Protocol):
    """Where samples come from; `roadlab_sensors.observe.Observer` is one."""

    def sample(self, index: int) -> Sample:
        """Sample `index`, the same whenever and wherever it is asked for."""


def write_frames(samples: Samples, writer: Writer, folder: DatasetFolder, indices: Iterable[int]) -> Iterator[int]:
    """Yields each index when its files are on disk."""
    with ThreadPoolExecutor(max_workers=1) as encoder:
        writing: Future[int] | None = None
        for index in indices:
            sample = samples.sample(index)
            if writing is not None:
                yield writing.result()
            writing = encoder.submit(_write, sample, writer, folder)
        if writing is not None:
            yield writing.result()


def _write(sample: Sample, writer: Writer, folder: DatasetFolder) -> int:
    folder.put(writer.encode(sample))
    return sample.index
