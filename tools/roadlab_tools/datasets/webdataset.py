"""WebDataset: samples in tar files that are read from front to back.

| file                          | content                                                                |
|-------------------------------|------------------------------------------------------------------------|
| `shards/SPLIT-000000.tar`     | up to 64 samples, in order                                             |
| `000000.CAMERA.image.png`     | a picture; likewise `instance.png` and `semantic.png`, `depth.npy` [m] |
| `000000.CAMERA.normal.npy`    | and whatever else the camera was asked for, under its name             |
| `000000.LIDAR.points.npy`     | float32 (N, 4): x, y, z [m], intensity; `instance.npy`, `semantic.npy` |
| `000000.truth.json`           | the sample's record                                                    |

A sample's files are parts until the dataset is finished; then they stand in the shards.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.scenario.spec import SensorSpec
from roadlab_sensors.readings import Sample
from roadlab_tools.datasets.arrays import read_npy
from roadlab_tools.datasets.contents import Contents
from roadlab_tools.datasets.folder import PARTS
from roadlab_tools.datasets.images import color_png, plane_png, read_color, read_plane
from roadlab_tools.datasets.item import Loader
from roadlab_tools.datasets.reader import Place, RecordReader
from roadlab_tools.datasets.records import split
from roadlab_tools.datasets.scene import Scene
from roadlab_tools.datasets.splits import splits_of

SHARD = 64
"""Samples of one tar file."""


class WebDatasetWriter:
    """For any rig; sensors other than cameras and lidars are left out."""

    def check(self, sensors: Mapping[str, SensorSpec]) -> None:
        """Every rig is welcome."""

    def encode(self, sample: Sample, scene: Scene) -> dict[str, bytes]:
        """A tar file with one sample."""
        number = scene.number(sample.index)
        return {_part(number): archive(dict(_members(sample, number)))}

    def gather(self, contents: Contents) -> Iterator[tuple[str, bytes]]:
        """The shards of each split."""
        for path, numbers in shards_of(contents).items():
            members: dict[str, bytes] = {}
            for number in numbers:
                members |= extract(contents.read(_part(number)))
            yield path, archive(members)


class WebDatasetReader(RecordReader):
    """Samples out of the shards; the last shard that was read is kept."""

    def __init__(self, contents: Contents) -> None:
        super().__init__(contents)
        self._home = {number: path for path, numbers in shards_of(contents).items() for number in numbers}
        self._open: tuple[str, dict[str, bytes]] = ("", {})

    def camera(self, place: Place) -> Mapping[str, Loader]:
        """The picture and its planes."""
        stem = f"{place.number:06d}.{place.sensor}"
        labels = place.record["cameras"][place.sensor].get("labels", {})
        return {
            "image": lambda: read_color(self._member(place.number, f"{stem}.image.png")),
            "depth": lambda: read_npy(self._member(place.number, f"{stem}.depth.npy")),
            "instance": lambda: read_plane(self._member(place.number, f"{stem}.instance.png")),
            "semantic": lambda: read_plane(self._member(place.number, f"{stem}.semantic.png")),
            **{label: self._plane(place.number, f"{stem}.{label}.npy") for label in labels},
        }

    def _plane(self, number: int, name: str) -> Loader:
        return lambda: read_npy(self._member(number, name))

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """Points, intensity, and whose they are."""
        stem = f"{place.number:06d}.{place.sensor}"
        return {
            "points": lambda: read_npy(self._member(place.number, f"{stem}.points.npy"))[:, :3],
            "intensity": lambda: read_npy(self._member(place.number, f"{stem}.points.npy"))[:, 3],
            "instance": lambda: read_npy(self._member(place.number, f"{stem}.instance.npy")),
            "semantic": lambda: read_npy(self._member(place.number, f"{stem}.semantic.npy")),
        }

    def faults(self, place: Place) -> Iterator[tuple[int, str, str]]:
        """That the record in the shard is the one beside it."""
        inside = json.loads(self._member(place.number, f"{place.number:06d}.truth.json"))
        if inside != place.record:
            yield 20, self._home[place.number], f"the record of sample {place.number} differs from the one in truth/"

    def _member(self, number: int, name: str) -> bytes:
        path = self._home[number]
        if self._open[0] != path:
            self._open = (path, extract(self.contents.read(path)))
        return self._open[1][name]


def shards_of(contents: Contents) -> dict[str, list[int]]:
    """Which samples each shard holds."""
    shards = {}
    for name, scenes in splits_of(contents.entries).items():
        entries = [entry for entry in contents.entries if entry.name in scenes]
        numbers = [number for entry in entries for number in contents.numbers(entry)]
        for k, start in enumerate(range(0, len(numbers), SHARD)):
            shards[f"shards/{name}-{k:06d}.tar"] = numbers[start : start + SHARD]
    return shards


def archive(members: Mapping[str, bytes]) -> bytes:
    """A tar file whose bytes depend on its members alone."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            entry.mode = 0o644
            tar.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def extract(data: bytes) -> dict[str, bytes]:
    """The members of a tar file."""
    with tarfile.open(fileobj=io.BytesIO(data)) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar if entry.isfile()}  # type: ignore[union-attr]


def _members(sample: Sample, number: int) -> Iterator[tuple[str, bytes]]:
    key = f"{number:06d}"
    for name, frame in sample.cameras.items():
        yield f"{key}.{name}.image.png", color_png(frame.image)
        yield f"{key}.{name}.depth.npy", _npy(frame.depth)
        yield f"{key}.{name}.instance.png", plane_png(frame.instance)
        yield f"{key}.{name}.semantic.png", plane_png(frame.semantic)
        for label, plane in frame.labels.items():
            yield f"{key}.{name}.{label}.npy", _npy(plane)
    for name, sweep in sample.lidars.items():
        yield f"{key}.{name}.points.npy", _npy(np.column_stack([sweep.points, sweep.intensity]).astype("<f4"))
        yield f"{key}.{name}.instance.npy", _npy(sweep.instance)
        yield f"{key}.{name}.semantic.npy", _npy(sweep.semantic)
    yield f"{key}.truth.json", json.dumps(split(sample)[0]).encode()


def _part(number: int) -> str:
    return f"{PARTS}{number:06d}.tar"


def _npy(array: NDArray[Any]) -> bytes:
    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(array))
    return file.getvalue()
