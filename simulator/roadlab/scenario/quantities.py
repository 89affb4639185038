"""Numbers with units: `45 km/h`, `2.5 s`, `30 deg`, `0.8 g`; a bare number is SI.

Each type below is a float in SI units to the program and `number | string` to the author.
"""

from __future__ import annotations

import difflib
import math
import re
from functools import cache
from typing import Annotated, Any

import pint
from annotated_types import Ge, Gt
from pydantic import BeforeValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

# Only what a scenario needs: an unknown unit is an error, and nothing can be defined or computed through a unit string.
_DEFINITIONS = """
meter = [length] = m = metre
second = [time] = s
radian = [] = rad
kilogram = [mass] = kg
kilometer = 1000 * meter = km
centimeter = 0.01 * meter = cm
millimeter = 0.001 * meter = mm
mile = 1609.344 * meter = mi
foot = 0.3048 * meter = ft
millisecond = 0.001 * second = ms
microsecond = 1e-6 * second = us
minute = 60 * second = min
hour = 3600 * second = h
degree = 0.017453292519943295 * radian = deg
hertz = 1 / second = Hz
standard_gravity = 9.80665 * meter / second ** 2 = g
"""

_UNITS = {
    "length": ("m", "cm", "mm", "km", "ft", "mi"),
    "duration": ("s", "ms", "us", "min", "h"),
    "speed": ("m/s", "km/h", "mph"),
    "acceleration": ("m/s2", "g"),
    "angle": ("deg", "rad"),
    "curvature": ("1/m",),
    "frequency": ("Hz",),
}
_DIMENSIONS = {
    "length": "m",
    "duration": "s",
    "speed": "m/s",
    "acceleration": "m/s**2",
    "angle": "rad",
    "curvature": "1/m",
    "frequency": "1/s",
}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_QUANTITY = re.compile(rf"^\s*({_NUMBER})\s*(?:/\s*({_NUMBER})\s*)?(.*?)\s*$")
_SPELLINGS = {"mph": "mi/h", "m/s2": "m/s**2", "m/s^2": "m/s**2", "m/s²": "m/s**2", "°": "deg", "1/m": "1/m", "/m": "1/m", "1/s": "1/s"}
_UNIT_TEXT = re.compile(r"^[A-Za-z0-9/*² ]{1,24}$")


@cache
def _registry() -> pint.UnitRegistry[Any]:
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None, cache_folder=None)
    registry.load_definitions(_DEFINITIONS.strip().splitlines())
    return registry


@cache
def _factor(unit: str, dimension: str) -> float | None:
    """SI value of one `unit`; None when the unit is unknown or measures something else."""
    spelled = _SPELLINGS.get(unit, unit)
    if not _UNIT_TEXT.match(spelled):
        return None
    try:
        return float(_registry().Quantity(1.0, spelled).to(_DIMENSIONS[dimension]).magnitude)
    except (pint.errors.PintError, AttributeError, ValueError, TypeError, ArithmeticError, AssertionError):
        return None


def parse_quantity(value: Any, dimension: str) -> float:  # noqa: ANN401 - whatever the file holds
    """SI value of what an author wrote, such as `"45 km/h"`, `"1/60 m"` (a curvature) or `12.5`."""
    expected = f"a {dimension} such as {_EXAMPLES[dimension]!r}"
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise PydanticCustomError("quantity", "expected {expected}", {"expected": expected})
    if isinstance(value, str):
        number = _parse_text(value, dimension, expected)
    else:
        number = float(value) if abs(value) < 1e300 else math.inf
    if not math.isfinite(number):
        raise PydanticCustomError("quantity", "expected {expected}, and a finite number", {"expected": expected})
    return number


def _parse_text(text: str, dimension: str, expected: str) -> float:
    match = _QUANTITY.match(text) if len(text) <= 64 else None
    if match is None:
        raise PydanticCustomError("quantity", "expected {expected}", {"expected": expected})
    number, divisor, unit = match.groups()
    result = float(number)
    if divisor is not None:
        if float(divisor) == 0.0:
            raise PydanticCustomError("quantity", "expected {expected}, not a division by zero", {"expected": expected})
        result /= float(divisor)
        unit = "1/m" if dimension == "curvature" and unit in ("m", "") else unit
    if not unit:
        return result
    factor = _factor(unit, dimension)
    if factor is None:
        close = difflib.get_close_matches(unit, _UNITS[dimension], n=1, cutoff=0.4)
        known = ", ".join(_UNITS[dimension])
        raise PydanticCustomError(
            "unit",
            "{unit} is not a unit of {dimension}; expected one of {known}",
            {"unit": repr(unit), "dimension": dimension, "known": known, "close": close[0] if close else ""},
        )
    return result * factor


_EXAMPLES = {
    "length": "12 m",
    "duration": "2.5 s",
    "speed": "45 km/h",
    "acceleration": "3 m/s2",
    "angle": "30 deg",
    "curvature": "1/60 m",
    "frequency": "10 Hz",
}


def _quantity(dimension: str) -> tuple[BeforeValidator, WithJsonSchema]:
    schema = {
        "anyOf": [{"type": "number"}, {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*(/\s*{_NUMBER}\s*)?\S*\s*$"}],
        "examples": [_EXAMPLES[dimension]],
        "description": f"A {dimension}: a number in SI units or one with a unit ({', '.join(_UNITS[dimension])}).",
    }
    return BeforeValidator(lambda value: parse_quantity(value, dimension)), WithJsonSchema(schema)


Length = Annotated[float, *_quantity("length")]
PositiveLength = Annotated[float, Gt(0.0), *_quantity("length")]
Duration = Annotated[float, Ge(0.0), *_quantity("duration")]
SignedDuration = Annotated[float, *_quantity("duration")]
PositiveDuration = Annotated[float, Gt(0.0), *_quantity("duration")]
Speed = Annotated[float, Ge(0.0), *_quantity("speed")]
PositiveSpeed = Annotated[float, Gt(0.0), *_quantity("speed")]
Acceleration = Annotated[float, Gt(0.0), *_quantity("acceleration")]
Angle = Annotated[float, *_quantity("angle")]
Curvature = Annotated[float, *_quantity("curvature")]
Frequency = Annotated[float, Gt(0.0), *_quantity("frequency")]
