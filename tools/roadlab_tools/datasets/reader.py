"""What reading a format takes; registered under `roadlab.readers`, with the name of the writer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.item import Boxes, Loader
from roadlab_tools.datasets.records import Document


@dataclass(frozen=True)
class Place:
    """Which sample, and which of its sensors, is to be read."""

    number: int
    """Of the sample in the dataset."""
    record: Document
    sensor: str = ""


class Reader(Protocol):
    """Reads the files of one format; made for one dataset."""

    anchor: float
    """Which point of a box the format gives: its height over the box's centre, in half heights."""

    def __init__(self, contents: Contents) -> None:
        """Reads nothing yet."""

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """What loads the arrays of a camera's frame, named as in `CameraFrame`."""

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """What loads the columns of a sweep, named as in `LidarSweep`."""

    def radar(self, place: Place) -> Mapping[str, Loader]:
        """What loads the columns of a scan, named as in `RadarScan`."""

    def boxes(self, place: Place) -> Boxes:
        """The annotations as the format has them."""

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """What is wrong with a sample's files by the rules of this format: invariant, file, what is wrong."""


class RecordReader:
    """Reads what stands in the records, for formats of which nothing more can be read."""

    anchor = 0.0

    def __init__(self, contents: Contents) -> None:
        self.contents = contents

    def camera(self, _place: Place, /) -> Mapping[str, Loader]:
        """None."""
        return {}

    def lidar(self, _place: Place, /) -> Mapping[str, Loader]:
        """None."""
        return {}

    def radar(self, _place: Place, /) -> Mapping[str, Loader]:
        """None."""
        return {}

    def boxes(self, place: Place, /) -> Boxes:
        """Every actor, seen or not."""
        return boxes_of(place.record["actors"])

    def faults(self, _place: Place, /) -> Iterator[tuple[int, str, str]]:
        """None."""
        yield from ()


def boxes_of(actors: list[dict[str, Any]]) -> Boxes:
    """Boxes of actors as records have them."""
    return Boxes(
        instance=np.array([actor["instance"] for actor in actors], dtype=np.int64),
        category=tuple(actor["category"] for actor in actors),
        world_from_box=np.array([actor["world_from_box"] for actor in actors], dtype=np.float64).reshape(-1, 4, 4),
        size=np.array([actor["size"] for actor in actors], dtype=np.float64).reshape(-1, 3),
    )
