"""`open_dataset`: any dataset that roadlab writes, as a sequence of samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from roadlab.registry import registered
from roadlab.timing import Interval
from roadlab_tools.datasets import records
from roadlab_tools.datasets.arrays import decode_table
from roadlab_tools.datasets.contents import INDEX, Contents
from roadlab_tools.datasets.item import Arrays, CameraItem, Item, RangeItem
from roadlab_tools.datasets.open import contents_of
from roadlab_tools.datasets.reader import Place, Reader, RecordReader
from roadlab_tools.datasets.records import Document
from roadlab_tools.datasets.splits import splits_of

T = TypeVar("T")


def open_dataset(path: str | Path) -> Dataset:
    """The finished dataset in a folder, in any format; OutputError where there is none.

    A sequence of `Item`s that reads a sample's files when they are asked for. It may be copied to other processes, as
    PyTorch's `DataLoader` does.
    """
    contents = contents_of(path)
    table = decode_table(contents.read(INDEX))
    return Dataset(contents, table["number"], table["scene"])


class Dataset:
    """Samples of a dataset, or some of them."""

    def __init__(self, contents: Contents, numbers: NDArray[np.int64], scenes: NDArray[Any]) -> None:
        self.contents = contents
        self.numbers = numbers
        """(N,) of the samples in the dataset."""
        self.scenes = scenes
        """(N,) names of the scenes that the samples are of."""
        self._reader: Reader | None = None

    @property
    def format(self) -> str:
        """Name of the format."""
        return self.contents.format

    def split(self, name: str) -> Dataset:
        """The samples of the split `train`, `val` or `test`; KeyError for another name."""
        chosen = np.isin(self.scenes.astype(str), splits_of(self.contents.entries)[name])
        return Dataset(self.contents, self.numbers[chosen], self.scenes[chosen])

    def map(self, function: Callable[[Item], T]) -> Mapped[T]:
        """What `function` makes of each sample, such as the arrays that a network takes."""
        return Mapped(self, function)

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, position: int) -> Item:
        return self.item(int(self.numbers[position]), str(self.scenes[position]))

    def __iter__(self) -> Iterator[Item]:
        return (self[position] for position in range(len(self)))

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_reader": None}

    def item(self, number: int, scene: str) -> Item:
        """The sample with this number."""
        record, reader = self.contents.record(number), self.reader
        return Item(
            number=number,
            scene=scene,
            index=record["index"],
            time=record["time"],
            world_from_ego=np.array(record["world_from_ego"]),
            cameras={name: _camera(name, one, number, record, reader) for name, one in record["cameras"].items()},
            lidars={
                name: _ranging(name, one, "lidar", Arrays(reader.lidar(Place(number, record, name))))
                for name, one in record["lidars"].items()
            },
            radars={
                name: _ranging(name, one, "radar", Arrays(reader.radar(Place(number, record, name))))
                for name, one in record.get("radars", {}).items()
            },
            boxes=reader.boxes(Place(number, record)),
        )

    @property
    def reader(self) -> Reader:
        """What reads the format's files."""
        if self._reader is None:
            self._reader = registered("readers").get(self.format, RecordReader)(self.contents)
        return self._reader


class Mapped(Generic[T]):
    """What a function makes of each sample of a dataset."""

    def __init__(self, dataset: Dataset, function: Callable[[Item], T]) -> None:
        self.dataset = dataset
        self.function = function

    def __len__(self) -> int:
        return len(self.dataset)

    def __getitem__(self, position: int) -> T:
        return self.function(self.dataset[position])


def _camera(name: str, frame: Document, number: int, record: Document, reader: Reader) -> CameraItem:
    arrays = Arrays(reader.camera(Place(number, record, name)))
    lens = records.join(frame["lens"], lambda path: arrays[path.removeprefix(f"cameras/{name}/")])
    return CameraItem(name, _interval(frame), lens, np.array(frame["world_from_camera"]), arrays)


def _ranging(name: str, reading: Document, kind: str, arrays: Arrays) -> RangeItem:
    pose = np.array(reading[f"world_from_{kind}"])
    return RangeItem(name, _interval(reading), reading["reference"], pose, arrays)


def _interval(reading: Document) -> Interval:
    return Interval(reading["interval"]["open"], reading["interval"]["close"])
