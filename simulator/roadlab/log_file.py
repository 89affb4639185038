"""Scene logs on disk: one Parquet file, whole or not there at all; what is read is what was written, bit for bit.

A row holds `BLOCK` ticks, so that a part of a long log is read without the rest. Each array is a column of lists:
the course of its first value over these ticks, then that of its second value, and so on. The key `columns` in the
header names the quantum of those whose numbers are kept as `roadlab.fixed_point` encodes them. Where `strides` has one
for each joint, only the knots of its course are kept, see `roadlab.knots`: first all joints with the smallest stride.
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
from typing import IO, Any, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from roadlab.errors import OutputError, RoadlabError
from roadlab.fixed_point import accumulated, decoded, encoded, is_fixed
from roadlab.knots import blocks, count, filled, groups, is_settled, kept
from roadlab.log import QUANTA, ActorInfo, Event, SceneLog, joint_strides
from roadlab.timing import Nanoseconds

T = TypeVar("T")

FORMAT = "roadlab-log/5"
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
"""Arrays of a log, ticks first, and of what type they are."""
_WRITING: dict[str, Any] = {
    "compression": "zstd",
    "compression_level": 9,
    "use_dictionary": False,
    "write_statistics": False,
    "write_page_checksum": True,
    "data_page_size": 1 << 30,
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
            _write_blocks(log, file)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).chmod(0o644)
        Path(temporary).replace(path)
    except OSError as error:
        raise OutputError(f"{path}: cannot be written: {error.strerror or error}") from error
    finally:
        Path(temporary).unlink(missing_ok=True)


def _write_blocks(log: SceneLog, file: IO[bytes]) -> None:
    """One row after the other, so that no more than one is held in memory a second time."""
    fixed = {name: quantum for name, quantum in QUANTA.items() if _is_fixed(getattr(log, name), quantum)}
    kinds = {name: "<u8" if name in fixed else kind for name, kind in _ARRAYS.items()}
    schema = pa.schema([(name, pa.large_list(pa.from_numpy_dtype(np.dtype(kind)))) for name, kind in kinds.items()])
    wide = [f"{name}.list.element" for name, kind in kinds.items() if kind in ("<u8", "<f8", "<i8")]
    strides = _strides(log, fixed)
    with pq.ParquetWriter(file, schema, use_byte_stream_split=wide, **_WRITING) as writer:
        for ticks in blocks(len(log.time)):
            writer.write_table(_block(log, ticks, fixed, strides, schema))
        writer.add_key_value_metadata({_KEY: _header(log, fixed, strides).encode()})


def _is_fixed(values: NDArray[np.float64], quantum: float) -> bool:
    return all(is_fixed(values[ticks], quantum) for ticks in blocks(len(values)))


def _strides(log: SceneLog, fixed: dict[str, float]) -> list[int]:
    """Of the joints; empty where they do not lie on curves."""
    strides = joint_strides(log.actors)
    if "joints" not in fixed or len(strides) != log.joints.shape[1]:
        return []
    return strides if is_settled(log.joints, strides, fixed["joints"]) else []


def _block(log: SceneLog, ticks: slice, fixed: dict[str, float], strides: list[int], schema: pa.Schema) -> pa.Table:
    """A table of one row."""
    columns = []
    for name, kind in _ARRAYS.items():
        values = getattr(log, name)[ticks]
        rows = values.reshape(len(values), -1).astype(kind, copy=False)
        if name == "joints" and strides:
            parts = [encoded(kept(rows[:, mine], stride), fixed[name]).reshape(-1) for stride, mine in groups(strides)]
            course = np.concatenate(parts)
        else:
            course = encoded(rows, fixed[name]) if name in fixed else np.ascontiguousarray(rows.T)
        columns.append(pa.LargeListArray.from_arrays(np.array([0, course.size]), pa.array(course.reshape(-1))))
    return pa.table(columns, schema=schema)


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
        meta = (self._file.metadata.metadata or {}).get(_KEY)
        if meta is None:
            raise LogFileError(f"{self._path}: a Parquet file, but not a scene log")
        self.header: dict[str, Any] = _header_of(meta, self._path)

    def table(self) -> pa.Table:
        """All of it."""
        return self._file.read(use_threads=False)

    @cached_property
    def time(self) -> NDArray[np.int64]:
        """(T,) of all ticks [ns]."""
        return _reading(self._path, lambda: np.concatenate(self._times))

    @cached_property
    def _times(self) -> list[NDArray[np.int64]]:
        """Of each row."""
        lists = self._file.read(["time"], use_threads=False).column("time").combine_chunks()
        return [np.asarray(part.values.to_numpy()) for part in lists]

    def between(self, begin: Nanoseconds, end: Nanoseconds) -> SceneLog:
        """The whole groups of ticks that hold the instants from `begin` to `end`; ValueError outside the log."""
        if not self.time[0] <= begin <= end <= self.time[-1]:
            raise ValueError(f"must lie within the log, {self.time[0]} to {self.time[-1]} ns")
        last = len(self.time) - 1
        ticks = np.searchsorted(self.time, [begin, end], side="right") - 1
        ends = np.cumsum([len(part) for part in self._times])
        row, final = np.searchsorted(ends, [ticks[0], min(int(ticks[1]) + 1, last)], side="right").tolist()
        table = _reading(self._path, lambda: self._file.read_row_groups(list(range(row, final + 1)), use_threads=False))
        rows = int(ends[final] - (ends[row - 1] if row else 0))
        shapes = {name: [rows, *shape[1:]] for name, shape in self.header["shapes"].items()}
        return _reading(self._path, lambda: _log(self.header | {"shapes": shapes}, table))


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
    digest = hashlib.sha256(_header(log, {}, []).encode())
    for name, kind in _ARRAYS.items():
        array = np.ascontiguousarray(getattr(log, name), dtype=kind)
        digest.update(f"\n{name} {kind} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def _header(log: SceneLog, columns: dict[str, float], strides: list[int]) -> str:
    content: dict[str, Any] = {
        "format": FORMAT,
        "columns": columns,
        "strides": strides,
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


def _log(header: dict[str, Any], table: pa.Table) -> SceneLog:
    shapes, quanta = header["shapes"], header["columns"]
    arrays = {
        name: _array(table.column(name), kind, shapes[name], quanta.get(name)) for name, kind in _ARRAYS.items()
        if name != "joints" or not header["strides"]
    }  # fmt: skip
    if "joints" not in arrays:
        arrays["joints"] = _joints(table, header["strides"], shapes["joints"], quanta["joints"])
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


def _joints(table: pa.Table, strides: list[int], shape: list[int], quantum: float) -> NDArray[np.float64]:
    """Of courses of which the knots are kept."""
    result = np.zeros(shape)
    first = 0
    for time, row in zip(_rows(table.column("time")), _rows(table.column("joints")), strict=True):
        ticks, begin = slice(first, first + len(time)), 0
        for stride, mine in groups(strides):
            few = count(stride, len(time))
            small = row[begin : begin + few * len(mine)].reshape(len(mine), few)
            result[ticks, mine] = filled(np.ascontiguousarray(accumulated(small).T), stride, len(time)) * quantum
            begin += small.size
        first += len(time)
    return result


def _rows(column: pa.ChunkedArray) -> list[NDArray[Any]]:
    """The lists of a column."""
    return [row.values.to_numpy(zero_copy_only=False) for chunk in column.chunks for row in chunk]


def _actor(fields: dict[str, Any]) -> ActorInfo:
    tuples = {name: tuple(fields[name]) for name in ("size", "box_center", "joint_names")}
    return ActorInfo(**(fields | tuples))


def _array(column: pa.ChunkedArray, kind: str, shape: list[int], quantum: float | None) -> NDArray[Any]:
    wide = int(np.prod(shape[1:], dtype=np.int64))
    parts = [np.zeros((0, wide), dtype=kind)]
    for values in _rows(column):
        course = values.reshape(wide, -1) if wide else np.zeros((0, shape[0]), dtype=values.dtype)
        parts.append(course.T if quantum is None else decoded(course, quantum))
    return np.concatenate(parts).astype(kind, casting="safe", copy=False).reshape(shape)
