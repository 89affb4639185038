"""The values of attributes: which text is a value of which type."""

from __future__ import annotations

import math
import re
import types
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Literal, Union, get_args, get_origin


@dataclass(frozen=True, slots=True)
class Bound:
    """The least value of a number."""

    least: float
    included: bool = True


NonNegative = Annotated[float, Bound(0.0)]
Positive = Annotated[float, Bound(0.0, included=False)]


_NUMBER = re.compile(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", re.ASCII)
_WHOLE = re.compile(r"\s*[+-]?\d{1,9}\s*", re.ASCII)


def scalar(hint: Any) -> tuple[Callable[[str], object], str]:
    """How to read a value of this type, and what to tell somebody who wrote another."""
    if get_origin(hint) is Annotated:
        bound = get_args(hint)[1]
        return _bounded(bound), f"a number {'of at least' if bound.included else 'above'} {bound.least:g}"
    if get_origin(hint) in (Union, types.UnionType):
        readers = [scalar(member) for member in get_args(hint) if member is not type(None)]
        return _first([read for read, _ in readers]), " or ".join(expected for _, expected in readers)
    if get_origin(hint) is Literal:
        return _word(get_args(hint)), "one of " + ", ".join(get_args(hint))
    readers_of: dict[Any, tuple[Callable[[str], object], str]] = {
        float: (_number, "a finite number"),
        int: (_whole, "a whole number"),
        bool: (_truth, "true or false"),
        str: (str, "text"),
    }
    return readers_of[hint]


def _number(value: str) -> float:
    if not _NUMBER.fullmatch(value) or not math.isfinite(float(value)):
        raise ValueError(value)
    return float(value)


def _whole(value: str) -> int:
    if not _WHOLE.fullmatch(value):
        raise ValueError(value)
    return int(value)


def _truth(value: str) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[value.strip().lower()]


def _word(words: tuple[str, ...]) -> Callable[[str], object]:
    def read(value: str) -> str:
        if value.strip() not in words:
            raise ValueError(value)
        return value.strip()

    return read


def _bounded(bound: Bound) -> Callable[[str], object]:
    def read(value: str) -> float:
        number = _number(value)
        if number < bound.least or (number == bound.least and not bound.included):
            raise ValueError(value)
        return number

    return read


def _first(readers: list[Callable[[str], object]]) -> Callable[[str], object]:
    def read(value: str) -> object:
        for reader in readers:
            try:
                return reader(value)
            except (ValueError, KeyError):
                continue
        raise ValueError(value)

    return read


def as_text(value: object) -> str:
    """As `scalar` reads it; numbers survive exactly."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return repr(float(value)) if isinstance(value, float) else str(value)


def shown(value: str) -> str:
    """A value for a message."""
    return repr(value if len(value) <= 40 else value[:37] + "...")
