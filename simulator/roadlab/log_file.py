"""Scene logs on disk: one Parquet file, whole or not there at all; what is read is what was written, bit for bit."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from roadlab.errors import OutputError, RoadlabError
from roadlab.log import ActorInfo, Event, SceneLog

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
_WRITING: dict[str, Any] = {
    "compression": "zstd",
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
    path = Path(path)
    try:
        table = pq.read_table(path, page_checksum_verification=True)
    except FileNotFoundError as error:
        raise LogFileError(f"{path}: no such file") from error
    except (pa.ArrowException, OSError) as error:
        raise LogFileError(f"{path}: not a scene log, or a broken one: {error}") from error
    meta = (table.schema.metadata or {}).get(_KEY)
    if meta is None:
        raise LogFileError(f"{path}: a Parquet file, but not a scene log")
    try:
        return _log(json.loads(meta), table)
    except (KeyError, TypeError, ValueError) as error:
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
    if header["format"] != FORMAT:
        raise ValueError(f"format {header['format']!r}, this version reads {FORMAT!r}")
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
