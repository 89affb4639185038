"""Numbers with units: `45 km/h`, `2.5 s`, `30 deg`, `0.8 g`; a bare number is SI.

Each type below is a float in SI units to the program and `number | string` to the author.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Annotated, Any

from annotated_types import Ge, Gt
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

Dimensions = tuple[tuple[str, int], ...]
"""Powers of SI base units such as (("m", 1), ("s", -1)), in order of name; angles are plain numbers."""

_LENGTHS = {"m": 1.0, "km": 1000.0, "cm": 0.01, "mm": 0.001, "um": 1e-6, "mi": 1609.344, "ft": 0.3048}
_TIMES = {"s": 1.0, "ms": 0.001, "us": 1e-6, "min": 60.0, "h": 3600.0}
_UNITS: dict[str, tuple[float, Dimensions]] = {
    **{name: (factor, (("m", 1),)) for name, factor in _LENGTHS.items()},
    **{name: (factor, (("s", 1),)) for name, factor in _TIMES.items()},
    "kg": (1.0, (("kg", 1),)),
    "t": (1000.0, (("kg", 1),)),
    "rad": (1.0, ()),
    "deg": (math.radians(1.0), ()),
    "°": (math.radians(1.0), ()),
    "Hz": (1.0, (("s", -1),)),
    "/m": (1.0, (("m", -1),)),
    "mph": (1609.344 / 3600.0, (("m", 1), ("s", -1))),
    **dict.fromkeys(("m/s2", "m/s^2", "m/s²"), (1.0, (("m", 1), ("s", -2)))),
    "g": (9.80665, (("m", 1), ("s", -2))),
}
"""SI value and dimensions of the units an author can write, beside quotients of two of them (`km/h`, `1/s`).

The international foot and mile, and standard gravity, as NIST SP 811 gives them.
"""
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*(?:/\s*({_NUMBER})\s*)?(.*?)\s*", re.ASCII)
_LONGEST_TEXT = 64


@dataclass(frozen=True, slots=True)
class Quantity:
    """A physical dimension as an annotation of a float."""

    dimension: str
    units: tuple[str, ...]
    """What an author can write; the first is SI."""
    example: str
    largest: float
    """In SI units; beyond it the author has mistaken a unit or the size of the Earth."""

    @property
    def expected(self) -> str:
        """For messages: a speed such as '45 km/h'."""
        return f"{self._with_article} such as {self.example!r}"

    @property
    def _with_article(self) -> str:
        return f"{'an' if self.dimension[0] in 'aeiou' else 'a'} {self.dimension}"

    def parse(self, value: Any) -> float:
        """SI value of what an author wrote, such as `"45 km/h"`, `"1/60 m"` (a curvature) or `12.5`."""
        if isinstance(value, str):
            number = self._parse_text(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number = float(value) if abs(value) < 1e300 else math.inf
        else:
            raise self._refusal("expected {expected}")
        if not abs(number) <= self.largest:
            raise self._refusal("expected {expected}, and at most {largest}")
        return number

    def _parse_text(self, text: str) -> float:
        match = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
        if match is None:
            raise self._refusal("expected {expected}")
        number, divisor, unit = match.groups()
        result = float(number)
        if divisor is not None:
            if float(divisor) == 0.0:
                raise self._refusal("expected {expected}, not a division by zero")
            result /= float(divisor)
            unit = "1/m" if self.dimension == "curvature" and unit in ("m", "") else unit
        return result * self._factor(unit) if unit else result

    def _factor(self, unit: str) -> float:
        factor = _si_factor("".join(unit.split()), self.units[0])
        if factor is not None:
            return factor
        raise unknown_word(f"{{word}} is not a unit of {self.dimension}", unit, self.units)

    def _refusal(self, message: str) -> PydanticCustomError:
        largest = f"{self.largest:.0f} {self.units[0]}"
        return PydanticCustomError("quantity", message, {"expected": self.expected, "largest": largest})

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.parse, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        bounds = {k: v for k, v in handler(schema).items() if k.endswith(("imum", "Minimum", "Maximum"))}
        text = {"type": "string", "pattern": rf"^\s*{_NUMBER}\s*(/\s*{_NUMBER}\s*)?\S*\s*$"}
        return {
            "anyOf": [{"type": "number", **bounds}, text],
            "examples": [self.example],
            "description": f"{self._with_article.capitalize()}, in SI units or with a unit ({', '.join(self.units)}).",
        }


def unknown_word(message: str, word: str, known: tuple[str, ...]) -> PydanticCustomError:
    """The error for a `{word}` that is not one of those known."""
    context = {"word": repr(word[:32]), "unknown": word[:32], "known": known}
    return PydanticCustomError("unknown_word", message, context)


def _si_factor(unit: str, si_unit: str) -> float | None:
    """How many SI units one `unit` is; None when it is unknown or measures something else."""
    found, si = unit_of(unit), unit_of(si_unit)
    return found[0] / si[0] if found and si and found[1] == si[1] else None


def unit_of(unit: str) -> tuple[float, Dimensions] | None:
    """The factor to SI base units and the dimensions of a unit of the language; None when it is unknown."""
    if unit in _UNITS:
        return _UNITS[unit]
    above, slash, below = unit.partition("/")
    numerator = (1.0, ()) if above == "1" else _UNITS.get(above)
    denominator = _UNITS.get(below)
    if not slash or numerator is None or denominator is None:
        return None
    powers = dict(numerator[1])
    for name, power in denominator[1]:
        powers[name] = powers.get(name, 0) - power
    return numerator[0] / denominator[0], tuple(sorted((name, power) for name, power in powers.items() if power))


def measure_of(text: str) -> tuple[float, Dimensions] | None:
    """SI value and dimensions of a text such as `45 km/h`, `1/60 m` or `12`; None for a text that is no quantity."""
    match = _QUANTITY.fullmatch(text) if len(text) <= _LONGEST_TEXT else None
    if match is None:
        return None
    number, divisor, unit = match.groups()
    if divisor is not None and float(divisor) == 0.0:
        return None
    found = unit_of("".join(unit.split())) if unit else (1.0, ())
    if found is None:
        return None
    factor, dimensions = found
    value = float(number) / float(divisor or 1.0)
    if divisor is not None and unit == "m":  # 1/60 m is a curvature
        dimensions = (("m", -1),)
    value *= factor
    return (value, dimensions) if abs(value) < 1e300 else None


_LENGTH = Quantity("length", ("m", "cm", "mm", "um", "km", "ft", "mi"), "12 m", 1e6)
_DURATION = Quantity("duration", ("s", "ms", "us", "min", "h"), "2.5 s", 1e6)
_SPEED = Quantity("speed", ("m/s", "km/h", "mph"), "45 km/h", 1e3)
_ACCELERATION = Quantity("acceleration", ("m/s2", "g"), "3 m/s2", 1e3)
_ANGLE = Quantity("angle", ("rad", "deg"), "30 deg", 1e3)
_CURVATURE = Quantity("curvature", ("1/m",), "1/60 m", 10.0)
_FREQUENCY = Quantity("frequency", ("Hz",), "10 Hz", 1e6)
_MASS = Quantity("mass", ("kg", "t"), "1600 kg", 1e6)
_PRECIPITATION = Quantity("precipitation rate", ("mm/h",), "4 mm/h", 1e4)
"""In mm/h throughout, also where it is a bare number: nobody thinks of rain in m/s."""

Length = Annotated[float, _LENGTH]
PositiveLength = Annotated[float, Gt(0.0), _LENGTH]
Duration = Annotated[float, Ge(0.0), _DURATION]
SignedDuration = Annotated[float, _DURATION]
PositiveDuration = Annotated[float, Gt(0.0), _DURATION]
Speed = Annotated[float, Ge(0.0), _SPEED]
SignedSpeed = Annotated[float, _SPEED]
PositiveSpeed = Annotated[float, Gt(0.0), _SPEED]
Acceleration = Annotated[float, Gt(0.0), _ACCELERATION]
SignedAcceleration = Annotated[float, _ACCELERATION]
Angle = Annotated[float, _ANGLE]
Curvature = Annotated[float, _CURVATURE]
Frequency = Annotated[float, Gt(0.0), _FREQUENCY]
Mass = Annotated[float, Gt(0.0), _MASS]
PrecipitationRate = Annotated[float, Ge(0.0), _PRECIPITATION]
