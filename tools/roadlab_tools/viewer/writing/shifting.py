"""Lengths in a scenario's text moved by so many metres, whether they are numbers, computed, or left to chance."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import accumulate
from typing import get_args

from roadlab.scenario.document import DocPath
from roadlab.scenario.quantities import Length
from roadlab_tools.viewer.writing.text import Scalar, Scalars

_LENGTH = get_args(Length)[1]
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(\s*)(\S*)")
_EXPRESSION = re.compile(r"\$\{(.*)\}", re.DOTALL)
_LAST_TERM = re.compile(r"(.*\S) ([+-]) (\d+\.?\d*) m", re.DOTALL)
_LOOSE = re.compile(r"\b(?:if|else|and|or|not)\b|[<>=?:]")
"""What binds less than a sum."""


def is_computed(text: str) -> bool:
    """Whether a value is an expression."""
    return "${" in text


def metres(text: str) -> float | None:
    """A length that is written as a number; None for anything else."""
    match = _NUMBER.fullmatch(text)
    if match is None:
        return None
    try:
        return float(_LENGTH.parse(text)) if match[3] else float(match[1])
    except ValueError:
        return None


def in_unit(length: float, like: str) -> str:
    """A length [m] as a number in the unit in which another one is written: 41.3 like `38 m` is `41.3 m`."""
    match = _NUMBER.fullmatch(like)
    if match is None or not match[3]:
        return f"{length:g}"
    return f"{length / _LENGTH.parse(f'1 {match[3]}'):.6g}{match[2]}{match[3]}"


def shifted(scalars: Scalars, path: DocPath, by: float) -> dict[DocPath, str]:
    """What the values of a key become when it grows by `by` [m]; nothing where it is not there.

    An expression gets a term more, and of what chance decides every bound is moved. ValueError where neither can be.
    """
    return {place: _moved(scalars.at[place], by) for place in _lengths(scalars, path)}


def _lengths(scalars: Scalars, path: DocPath) -> Iterator[DocPath]:
    if path in scalars.at:
        yield path
        return
    for place in scalars.at:
        if place[: len(path)] == path:
            kind, *rest = place[len(path) :]
            if kind in ("uniform", "any", "choice", "within") or (kind == "normal" and rest == [0]):
                yield place
            elif kind != "normal":
                raise ValueError(f"what chance decides by {kind} cannot be moved")


def _moved(value: Scalar, by: float) -> str:
    length = metres(value.text)
    if length is not None:
        return in_unit(round(length + by, 1), value.text)
    match = _EXPRESSION.fullmatch(value.text)
    if match is None:
        raise ValueError(f"{value.text!r} is no length that can be moved")
    new = f"${{{_with_term(match[1], round(by, 1))}}}"
    return new if value.plain else f'"{new}"'


def _with_term(expression: str, by: float) -> str:
    """The expression and so many metres, in one term with those that stand at its end."""
    last = _LAST_TERM.fullmatch(expression)
    if last is not None and _binds(last[1]):
        expression, by = last[1], round(by + float(f"{last[2]}{last[3]}"), 3)
    elif not _binds(expression):
        expression = f"({expression})"
    return f"{expression} {'+' if by > 0 else '-'} {abs(by):g} m" if by else expression


def _binds(expression: str) -> bool:
    """Whether a term may be added without parentheses."""
    return _LOOSE.search(expression) is None or _in_parentheses(expression)


def _in_parentheses(expression: str) -> bool:
    """Whether one pair holds all of it."""
    depths = list(accumulate({"(": 1, ")": -1}.get(letter, 0) for letter in expression))
    return expression.startswith("(") and 0 not in depths[:-1]
