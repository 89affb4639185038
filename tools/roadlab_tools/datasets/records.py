"""Any value made of dataclasses as a JSON document plus its arrays, and back, bit for bit.

The document mirrors the value: a dataclass becomes an object with its name under `$`, a mapping an object, a tuple a
list. Small arrays stand in it as lists; the others are named by their path, such as `cameras/front/depth`, and kept
elsewhere. A field that is added to a reading is therefore kept and read without a change here.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from functools import cache, partial
from typing import Any, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import NDArray

from roadlab.errors import RoadlabError
from roadlab.timing import Interval
from roadlab_sensors import readings
from roadlab_sensors.camera import lens

Array = NDArray[Any]
Document = dict[str, Any]
INLINE = 64
"""Arrays with at most so many values stand in the document, a body's keypoints among them."""
_TAG = "$"


class RecordError(RoadlabError):
    """A document is not one of ours, or a broken one."""


def split(value: Any) -> tuple[Any, dict[str, Array]]:
    """The document of `value` and its large arrays by name; TypeError for what no document can hold."""
    arrays: dict[str, Array] = {}
    return _split(value, (), None, arrays), arrays


def join(document: Any, array: Callable[[str], Array]) -> Any:
    """The value whose document this is; `array` gives the arrays by name."""
    return _join(document, None, array)


def references(document: Any) -> list[Document]:
    """Name, dtype and shape of the arrays that are kept elsewhere, in the document's order."""
    if isinstance(document, list):
        return [found for part in document for found in references(part)]
    if not isinstance(document, dict):
        return []
    if document.get(_TAG) == "stored":
        return [document]
    return [found for part in document.values() for found in references(part)]


def inline(document: Document) -> dict[str, Callable[[], Array]]:
    """The small arrays that stand in a reading's document itself, by field; those of a table as `TABLE/COLUMN`."""
    found: dict[str, Callable[[], Array]] = {}
    for name, part in document.items():
        tag = part.get(_TAG) if isinstance(part, dict) else None
        if tag == "array":
            found[name] = partial(_join, part, None, _nowhere)
        elif tag == "columns":
            found |= {f"{name}/{column}": load for column, load in inline(part["columns"]).items()}
    return found


def _nowhere(name: str) -> Array:
    raise RecordError(f"{name} is kept elsewhere")


def _split(value: Any, path: tuple[str, ...], kept: str | None, arrays: dict[str, Array]) -> Any:
    if isinstance(value, np.ndarray):
        return _split_array(value, path, kept, arrays)
    if is_dataclass(value) and not isinstance(value, type):
        _known(type(value).__name__, type(value))
        kinds = _dtypes(type(value))
        parts = {f.name: getattr(value, f.name) for f in fields(value)}
        split_parts = {k: _split(part, (*path, k), kinds.get(k), arrays) for k, part in parts.items()}
        return {_TAG: type(value).__name__, **split_parts}
    if isinstance(value, Mapping):
        return {str(k): _split(part, (*path, str(k)), None, arrays) for k, part in value.items()}
    if isinstance(value, tuple | list):
        return [_split(part, (*path, str(k)), None, arrays) for k, part in enumerate(value)]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return {_TAG: "float", "value": repr(value)}
    if value is None or isinstance(value, bool | int | float | str):
        return value
    raise TypeError(f"{'/'.join(path)}: a {type(value).__name__} cannot be written into a dataset")


def _split_array(value: Array, path: tuple[str, ...], kept: str | None, arrays: dict[str, Array]) -> Any:
    if value.dtype.names is not None:
        columns = {column: value[column] for column in value.dtype.names}
        parts = {k: _split_array(np.ascontiguousarray(v), (*path, k), None, arrays) for k, v in columns.items()}
        return {_TAG: "columns", "columns": parts}
    if value.size > INLINE or (value.dtype.kind == "f" and not np.isfinite(value).all()):
        name = "/".join(path)
        arrays[name] = value
        return {_TAG: "stored", "name": name, "dtype": value.dtype.str, "shape": list(value.shape)}
    if kept == value.dtype.str and value.size:
        return value.tolist()
    return {_TAG: "array", "dtype": value.dtype.str, "shape": list(value.shape), "values": value.ravel().tolist()}


def _join(document: Any, kept: str | None, array: Callable[[str], Array]) -> Any:
    if isinstance(document, list):
        if kept is not None:
            return np.array(document, dtype=kept)
        return tuple(_join(part, None, array) for part in document)
    if not isinstance(document, dict):
        return document
    tag = document.get(_TAG)
    if tag is None:
        return {k: _join(part, None, array) for k, part in document.items()}
    if tag == "stored":
        return array(document["name"])
    if tag == "array":
        return np.array(document["values"], dtype=document["dtype"]).reshape(document["shape"])
    if tag == "columns":
        return _structured({k: _join(part, None, array) for k, part in document["columns"].items()})
    if tag == "float":
        return float(document["value"])
    kind = _known(tag)
    kinds = _dtypes(kind)
    try:
        return kind(**{k: _join(part, kinds.get(k), array) for k, part in document.items() if k != _TAG})
    except TypeError as error:
        raise RecordError(f"this version does not know such a {tag}: {error}") from error


def _structured(columns: Mapping[str, Array]) -> Array:
    kind = np.dtype([(name, column.dtype) for name, column in columns.items()])
    rows = np.zeros(len(next(iter(columns.values()))), kind)
    for name, column in columns.items():
        rows[name] = column
    return rows


@cache
def _vocabulary() -> dict[str, type]:
    """Every dataclass that a sample may hold, by name: ours, and those beside the registered sensors."""
    import sys

    from roadlab.registry import registered

    modules = [readings, lens, *(sys.modules[sensor.__module__] for sensor in registered("sensors").values())]
    found: dict[str, type] = {"Interval": Interval}
    for module in modules:
        for name, kind in vars(module).items():
            if isinstance(kind, type) and is_dataclass(kind):
                found.setdefault(name, kind)
    return found


def _known(name: str, kind: type | None = None) -> Callable[..., Any]:
    known = _vocabulary().get(name)
    if known is None or kind not in (None, known):
        raise RecordError(f"{name} is no reading of roadlab or of an installed sensor")
    return known


@cache
def _dtypes(kind: Any) -> dict[str, str]:
    """The dtype of each field that is declared as an array of one kind."""
    found = {}
    for name, hint in get_type_hints(kind).items():
        kinds = [part for part in get_args(hint) if get_origin(part) is np.dtype]
        if get_origin(hint) is np.ndarray and kinds:
            scalar = get_args(kinds[0])[0]
            if isinstance(scalar, type) and issubclass(scalar, np.number | np.bool_):
                found[name] = np.dtype(scalar).str
    return found
