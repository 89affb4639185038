"""Scene logs on disk: one Parquet file, whole or not there at all; what is read is what was written, bit for bit.

Ticks stand in groups of `GROUP`, so that a part of a long log is read without the rest.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from roadlab.errors import OutputError, RoadlabError
from roadlab.log import ActorInfo, Event, SceneLog
from roadlab.timing import Nanoseconds

T = TypeVar("T")

FORMAT = "roadlab-log/3"
_KEY = b"roadlab"
_ARRAYS: dict[str, str] = {
    "time": "<i8",
    "position": "<f8",
    "attitude": "<f8",
    "velocity": "<f8",
    "acceleration": "<f8",
    "lamps": "|u1",
    "joints": "<f8",
    "signals": "|u1",
    "weather": "<f8",
    "present": "|b1",
}
"""Arrays of a log, ticks first, and how they are kept."""
GROUP = 250
"""Ticks in a row group."""
_WRITING: dict[str, Any] = {
    "compression": "zstd",
    "use_byte_stream_split": [f"{name}.list.element" for name, kept in _ARRAYS.items() if kept == "<f8"],
    "row_group_size": GROUP,
    "use_dictionary": False,
    "write_statistics": False,
    "write_page_checksum": True,
}


class LogFileError(RoadlabError):
    """A file is no scene log, or a broken one."""


def write_log(log: SceneLog, path: Path | str) -> None:
    """Write the log; OutputError when that is not possible, and then nothing is left behind."""
    path = Path(path)
    try:
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    try:
        with os.fdopen(descriptor, "wb") as file:
            pq.write_table(_table(log), file, **_WRITING)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def read_log(path: Path | str) -> SceneLog:
    """The log in a file; LogFileError when there is none, it is broken, or it is something else."""
    file = LogFile(path)
    return _reading(Path(path), lambda: _log(file.header, file.table()))


class LogFile:
    """A scene log on disk, open for reading in parts; LogFileError when there is none.

    Opening reads the header only, in milliseconds whatever the length of the log.
    """

    def __init__(self, path: Path | str) -> None:
        self._path = Path(path)
        try:
            self._file = pq.ParquetFile(self._path, page_checksum_verification=True)
        except FileNotFoundError as error:
            raise LogFileError(f"{self._path}: no such file") from error
        except (pa.ArrowException, OSError) as error:
            raise LogFileError(f"{self._path}: not a scene log, or a broken one: {error}") from error
        meta = (self._file.schema_arrow.metadata or {}).get(_KEY)
        if meta is None:
            raise LogFileError(f"{self._path}: a Parquet file, but not a scene log")
        self.header: dict[str, Any] = _header_of(meta, self._path)

    def table(self) -> pa.Table:
        """All of it."""
        return self._file.read(use_threads=False)

    @cached_property
    def time(self) -> NDArray[np.int64]:
        """(T,) of all ticks [ns]."""
        return _reading(self._path, lambda: self._file.read(["time"], use_threads=False).column("time").to_numpy())

    def between(self, begin: Nanoseconds, end: Nanoseconds) -> SceneLog:
        """The whole groups of ticks that hold the instants from `begin` to `end`; ValueError outside the log."""
        if not self.time[0] <= begin <= end <= self.time[-1]:
            raise ValueError(f"must lie within the log, {self.time[0]} to {self.time[-1]} ns")
        last = len(self.time) - 1
        ticks = np.searchsorted(self.time, [begin, end], side="right") - 1
        groups = self._groups[[ticks[0], min(int(ticks[1]) + 1, last)]]
        wanted = list(range(int(groups[0]), int(groups[1]) + 1))
        table = _reading(self._path, lambda: self._file.read_row_groups(wanted, use_threads=False))
        shapes = {name: [table.num_rows, *shape[1:]] for name, shape in self.header["shapes"].items()}
        return _reading(self._path, lambda: _log(self.header | {"shapes": shapes}, table))

    @cached_property
    def _groups(self) -> NDArray[np.int64]:
        """(T,) the row group of each tick."""
        meta = self._file.metadata
        return np.repeat(
            np.arange(meta.num_row_groups), [meta.row_group(k).num_rows for k in range(meta.num_row_groups)]
        )


def _header_of(meta: bytes, path: Path) -> dict[str, Any]:
    header: dict[str, Any] = _reading(path, lambda: dict(json.loads(meta)))
    if header.get("format") != FORMAT:
        raise LogFileError(f"{path}: format {header.get('format')!r}, this version reads {FORMAT!r}")
    return header


def _reading(path: Path, read: Callable[[], T]) -> T:
    """What `read` returns; LogFileError when it finds nonsense."""
    try:
        return read()
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise LogFileError(f"{path}: a broken scene log: {error}") from error


def log_digest(log: SceneLog) -> str:
    """SHA-256 (hexadecimal) of everything in the log: names, types, shapes and bytes."""
    digest = hashlib.sha256(_header(log).encode())
    for name, kept in _ARRAYS.items():
        array = np.ascontiguousarray(getattr(log, name), dtype=kept)
        digest.update(f"\n{name} {kept} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _header(log: SceneLog) -> str:
    content: dict[str, Any] = {
        "format": FORMAT,
        "scenario": log.scenario,
        "scenario_digest": log.scenario_digest,
        "seed": log.seed,
        "version": log.version,
        "signal_names": log.signal_names,
        "actors": [dataclasses.asdict(actor) for actor in log.actors],
        "events": [dataclasses.asdict(event) for event in log.events],
        "shapes": {name: getattr(log, name).shape for name in _ARRAYS},
    }
    return json.dumps(content, sort_keys=True, allow_nan=False, separators=(",", ":"))


def _table(log: SceneLog) -> pa.Table:
    """One row a tick; each array is a column of lists, which any Parquet reader understands."""
    columns = {name: _column(getattr(log, name), kept) for name, kept in _ARRAYS.items()}
    return pa.table(columns).replace_schema_metadata({_KEY: _header(log).encode()})


def _column(array: NDArray[Any], kept: str) -> pa.Array:
    values = np.ascontiguousarray(array, dtype=kept)
    if values.ndim == 1:
        return pa.array(values)
    width = values.size // len(values)
    offsets = np.arange(len(values) + 1, dtype=np.int64) * width
    return pa.LargeListArray.from_arrays(offsets, pa.array(values.reshape(-1)))


def _log(header: dict[str, Any], table: pa.Table) -> SceneLog:
    arrays = {name: _array(table.column(name), kept, header["shapes"][name]) for name, kept in _ARRAYS.items()}
    return SceneLog(
        scenario=header["scenario"],
        scenario_digest=header["scenario_digest"],
        seed=header["seed"],
        version=header["version"],
        actors=tuple(_actor(fields) for fields in header["actors"]),
        signal_names=tuple(header["signal_names"]),
        events=tuple(Event(**(fields | {"actors": tuple(fields["actors"])})) for fields in header["events"]),
        **arrays,
    )


def _actor(fields: dict[str, Any]) -> ActorInfo:
    tuples = {name: tuple(fields[name]) for name in ("size", "box_center", "joint_names")}
    return ActorInfo(**(fields | tuples))


def _array(column: pa.ChunkedArray, kept: str, shape: list[int]) -> NDArray[Any]:
    if len(column) != shape[0]:
        raise ValueError(f"{len(column)} ticks, expected {shape[0]}")
    chunks = column.chunks if len(shape) == 1 else [chunk.flatten() for chunk in column.chunks]
    values = [chunk.to_numpy(zero_copy_only=False) for chunk in chunks]
    return np.concatenate([np.zeros(0, dtype=kept), *values]).astype(kept, casting="safe").reshape(shape)
