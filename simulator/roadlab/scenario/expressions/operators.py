"""What + - * / % ** and comparisons do to numbers with units."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from roadlab.scenario.expressions.measure import Measure, power, product
from roadlab.scenario.expressions.syntax import ExpressionError, UndefinedError

MAX_EXPONENT = 16


def _finite(number: Any, at: int) -> Any:
    """Results beyond all bounds are mistakes; over time an infinite value is a fact, such as a time never reached."""
    if isinstance(number, np.ndarray) or abs(number) < 1e300:
        return number
    raise UndefinedError("the result is not a finite number", at)


def alike(a: Measure, b: Measure, at: int, verb: str) -> None:
    """ExpressionError when two numbers are of different kinds."""
    if a.dimensions != b.dimensions:
        hint = "give the plain number a unit" if () in (a.dimensions, b.dimensions) else ""
        raise ExpressionError(f"{a.kind} and {b.kind} cannot be {verb}", at, hint)


def _unit(a: Measure, b: Measure) -> str:
    """In which people want to see what comes of two numbers: that of the first one that has any."""
    return a.unit or b.unit


def _added(a: Measure, b: Measure, at: int) -> Measure:
    alike(a, b, at, "added")
    return Measure(_finite(a.number + b.number, at), a.dimensions, unit=_unit(a, b))


def _subtracted(a: Measure, b: Measure, at: int) -> Measure:
    alike(a, b, at, "subtracted")
    return Measure(_finite(a.number - b.number, at), a.dimensions, unit=_unit(a, b))


def _multiplied(a: Measure, b: Measure, at: int) -> Measure:
    unit = _unit(a, b) if () in (a.dimensions, b.dimensions) else ""
    return Measure(_finite(a.number * b.number, at), product(a.dimensions, b.dimensions), unit=unit)


def _divided(a: Measure, b: Measure, at: int) -> Measure:
    if not isinstance(b.number, np.ndarray) and b.number == 0:
        raise UndefinedError("a division by zero", at)
    unit = _unit(a, b) if b.dimensions == () else ""
    return Measure(_finite(a.number / b.number, at), product(a.dimensions, b.dimensions, -1), unit=unit)


def _remainder(a: Measure, b: Measure, at: int) -> Measure:
    alike(a, b, at, "divided with a remainder")
    if not isinstance(b.number, np.ndarray) and b.number == 0:
        raise UndefinedError("a division by zero", at)
    return Measure(_finite(a.number % b.number, at), a.dimensions)


def _powered(a: Measure, b: Measure, at: int) -> Measure:
    if b.dimensions or isinstance(b.number, np.ndarray) or not abs(b.number) <= MAX_EXPONENT:
        raise ExpressionError(f"an exponent is a plain number from -{MAX_EXPONENT} to {MAX_EXPONENT}", at)
    dimensions = power(a.dimensions, b.number)
    if dimensions is None:
        raise ExpressionError(f"{a.kind} has no power of {b.number:g}", at)
    if not isinstance(a.number, np.ndarray) and (a.number < 0 and not float(b.number).is_integer()):
        raise UndefinedError("a negative number has no such power", at)
    if not isinstance(a.number, np.ndarray) and a.number == 0 and b.number < 0:
        raise UndefinedError("a division by zero", at)
    try:
        result = a.number**b.number
    except OverflowError:
        result = math.inf
    return Measure(_finite(result, at), dimensions)


OPERATORS: dict[str, Callable[[Measure, Measure, int], Measure]] = {
    "+": _added,
    "-": _subtracted,
    "*": _multiplied,
    "/": _divided,
    "%": _remainder,
    "**": _powered,
}

ORDER: dict[str, Callable[[Any, Any], Any]] = {
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}
