"""Arrays as files: pictures as PNG, columns of one length as Parquet, everything else as compressed NumPy files."""

from __future__ import annotations

import io
import threading
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.errors import OutputError
from roadlab_tools.datasets.images import color_exr, color_png, plane_png, read_color, read_exr, read_plane

Array = NDArray[Any]
TABLE_WIDTH = 16
"""An array (N, up to so many) is a column of a table; wider ones are pictures."""


JPEG, LIGHT = "labels/jpeg", "labels/hdr"
"""Of a camera: the file that its picture is, and a linear picture."""
Shape = tuple[np.dtype[Any], tuple[int, ...]]

_ONE_READS_HEADERS = threading.Lock()
# NumPy parses headers as Python, and CPython before 3.11.8 and 3.12.2 may fail when two threads parse (gh-106905).


def kinds_of(arrays: Mapping[str, Shape]) -> dict[str, list[str]]:
    """Which arrays, given by dtype and shape, go into which file: `{file: [array, ...]}`; `#` stands for the number.

    `cameras/front/image` goes into `cameras/front/image/#.png`, columns of `lidars/top` into `lidars/top/#.parquet`.
    """
    files: dict[str, list[str]] = {}
    rows: dict[str, int] = {}
    for name, (dtype, shape) in arrays.items():
        parent = str(PurePosixPath(name).parent)
        jpeg = f"{parent}/{JPEG}" if name.endswith("/image") else name
        if jpeg in arrays and jpeg.endswith(f"/{JPEG}"):
            files.setdefault(f"{jpeg.removesuffix(JPEG)}image/#.jpg", []).append(name)
        elif name.endswith(f"/{LIGHT}"):
            files[f"{name}/#.exr"] = [name]
        elif _is_picture(dtype, shape):
            files[f"{name}/#.png"] = [name]
        elif _is_column(shape) and rows.setdefault(parent, shape[0]) == shape[0]:
            files.setdefault(f"{parent}/#.parquet", []).append(name)
        else:
            files[f"{name}/#.npy.zst"] = [name]
    return files


def _is_column(shape: tuple[int, ...]) -> bool:
    return len(shape) == 1 or (len(shape) == 2 and 1 <= shape[1] <= TABLE_WIDTH)


def _is_picture(dtype: np.dtype[Any], shape: tuple[int, ...]) -> bool:
    if dtype not in (np.uint8, np.uint16) or len(shape) < 2 or shape[1] <= TABLE_WIDTH:
        return False
    return len(shape) == 2 or (len(shape) == 3 and shape[2] == 3 and dtype == np.uint8)


def encode_array(array: Array, suffix: str) -> bytes:
    """A single array as a file of this kind; of a JPEG its bytes."""
    if suffix == "jpg":
        return array.tobytes()
    if suffix == "exr":
        return color_exr(array)
    if suffix == "png":
        return color_png(array) if array.ndim == 3 else plane_png(array)
    return zst(array)


def decode_array(data: bytes, suffix: str) -> Array:
    """The array of `encode_array`; OutputError when the file is damaged."""
    if suffix == "exr":
        return read_exr(data)
    if suffix == "jpg":
        return read_color(data)
    if suffix != "png":
        return unzst(data)
    plane = read_plane(data)
    return read_color(data) if plane.ndim == 3 else plane


def zst(array: Array) -> bytes:
    """A NumPy file, compressed with Zstandard; its size uncompressed stands before it (8 bytes, little-endian)."""
    import pyarrow as pa

    file = io.BytesIO()
    np.save(file, np.ascontiguousarray(array), allow_pickle=False)
    data = file.getvalue()
    packed: bytes = pa.Codec("zstd", compression_level=1).compress(data, asbytes=True)
    return packed


def unzst(data: bytes) -> Array:
    """The array of `zst`; OutputError when it is damaged."""
    import pyarrow as pa

    try:
        with pa.CompressedInputStream(pa.BufferReader(data), "zstd") as stream:
            array: Array = read_npy(stream.read())
    except (OSError, ValueError, pa.ArrowException) as error:
        raise OutputError(f"a NumPy file is damaged: {error}") from error
    return array


def read_npy(data: bytes) -> Any:
    """What is in a NumPy file: an array, or the arrays of an archive by name. Any number of threads may call it."""
    with _ONE_READS_HEADERS:
        found = np.load(io.BytesIO(data), allow_pickle=False)
        return found if isinstance(found, np.ndarray) else dict(found)


def encode_table(columns: Mapping[str, Array], metadata: Mapping[str, str] | None = None) -> bytes:
    """Columns (N,) or (N, k) as Parquet; the bytes depend on the values alone."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({name: _column(array) for name, array in columns.items()})
    table = table.replace_schema_metadata(dict(metadata or {}) or None)
    file = io.BytesIO()
    pq.write_table(table, file, use_dictionary=False, compression="zstd", write_statistics=False)
    return file.getvalue()


def decode_table(data: bytes) -> dict[str, Array]:
    """The columns of `encode_table`; OutputError when the file is damaged.

    Read by this thread alone: a thread of Arrow that still holds Python's bytes when the interpreter ends aborts it.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)
    except (OSError, pa.ArrowException) as error:
        raise OutputError(f"a Parquet file is damaged: {error}") from error
    return {name: _array(table.column(name)) for name in table.column_names}


def _column(array: Array) -> Any:
    import pyarrow as pa

    if array.dtype == object:
        return pa.array(array.tolist(), pa.string())
    array = np.ascontiguousarray(array)
    if array.ndim == 1:
        return pa.array(array)
    return pa.FixedSizeListArray.from_arrays(pa.array(array.reshape(-1)), array.shape[1])


def _array(column: Any) -> Array:
    import pyarrow as pa

    joined = column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
    if not pa.types.is_fixed_size_list(joined.type):
        array: Array = joined.to_numpy(zero_copy_only=False)
        return array
    width = joined.type.list_size
    flat: Array = joined.flatten().to_numpy(zero_copy_only=False)
    return flat.reshape(-1, width)
