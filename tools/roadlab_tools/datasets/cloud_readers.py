"""Reads clouds back from the files of `roadlab_tools.datasets.clouds`."""

from __future__ import annotations

import io
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from roadlab_tools.datasets.arrays import read_npy
from roadlab_tools.datasets.clouds import FIELDS, cloud_path
from roadlab_tools.datasets.item import Array, Loader
from roadlab_tools.datasets.reader import Place, RecordReader

COLUMNS = tuple(name for name, _ in FIELDS if name not in ("x", "y", "z", "vx", "vy", "vz"))


class CloudReader(RecordReader):
    """Columns of a sweep; everything else is the records'."""

    suffix: ClassVar[str]
    names: ClassVar[tuple[str, ...]]

    @abstractmethod
    def columns(self, data: bytes) -> Mapping[str, Array]:
        """Those of `names` in a file."""

    def lidar(self, place: Place) -> Mapping[str, Loader]:
        """Named as in `LidarSweep`; the file is read once for all of them."""
        path, kept = cloud_path(place.sensor, place.number, self.suffix), dict[str, Array]()

        def load(name: str) -> Array:
            if not kept:
                kept.update(self.columns(self.contents.read(path)))
            return kept[name]

        return {name: lambda name=name: load(name) for name in self.names}  # type: ignore[misc]


class PcdReader(CloudReader):
    """Binary PCD."""

    suffix = "pcd"
    names = ("points", *COLUMNS, "velocity")

    def columns(self, data: bytes) -> Mapping[str, Array]:
        """All fields."""
        return _columns(_rows(data, b"DATA binary\n"))


class PlyReader(CloudReader):
    """Binary PLY."""

    suffix = "ply"
    names = ("points", *COLUMNS, "velocity")

    def columns(self, data: bytes) -> Mapping[str, Array]:
        """All properties."""
        return _columns(_rows(data, b"end_header\n"))


class LasReader(CloudReader):
    """LAS, with its extra dimensions."""

    suffix = "las"
    names = ("points", *COLUMNS)

    def columns(self, data: bytes) -> Mapping[str, Array]:
        """Coordinates to a millimetre, intensity to 1/65535."""
        import laspy

        record: Any = laspy.read(io.BytesIO(data))
        return {
            "points": np.asarray(record.xyz, dtype=np.float32),
            "intensity": np.asarray(record.intensity, dtype=np.float32) / np.float32(65535.0),
            "ring": np.asarray(record.point_source_id, dtype=np.uint16),
            "return_number": np.asarray(record.return_number, dtype=np.uint8),
            "return_count": np.asarray(record.number_of_returns, dtype=np.uint8),
            "time": _nanoseconds(np.asarray(record.gps_time)),
            **{name: np.asarray(record[name]) for name in ("range", "incidence", "instance", "semantic", "material")},
        }


class BinReader(CloudReader):
    """Plain arrays."""

    suffix = "bin"
    names = ("points", "intensity")

    def columns(self, data: bytes) -> Mapping[str, Array]:
        """Points and intensity."""
        rows = np.frombuffer(data, "<f4").reshape(-1, 4)
        return {"points": rows[:, :3], "intensity": rows[:, 3]}


class RangeImageReader(CloudReader):
    """Sweeps as pictures."""

    suffix = "npy"
    names = ("range_image",)

    def columns(self, data: bytes) -> Mapping[str, Array]:
        """(beams, columns, 4): range [m], intensity, instance, semantic class."""
        return {"range_image": read_npy(data)}


def _rows(data: bytes, end: bytes) -> NDArray[np.void]:
    return np.frombuffer(data[data.index(end) + len(end) :], dtype=list(FIELDS))


def _columns(rows: NDArray[np.void]) -> dict[str, Array]:
    axes = {name: np.stack([rows[f"{prefix}{axis}"] for axis in "xyz"], axis=1) for name, prefix in _AXES.items()}
    return {**axes, **{name: rows[name] for name in COLUMNS}, "time": _nanoseconds(rows["time"])}


_AXES = {"points": "", "velocity": "v"}


def _nanoseconds(seconds: NDArray[np.float64]) -> NDArray[np.int64]:
    return np.rint(seconds * 1e9).astype(np.int64)
