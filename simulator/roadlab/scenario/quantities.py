"""Numbers with units: `45 km/h`, `2.5 s`, `30 deg`, `0.8 g`; a bare number is SI.

Each type below is a float in SI units to the program and `number | string` to the author.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any

from annotated_types import Ge, Gt
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

if TYPE_CHECKING:
    import pint

# Only what a scenario needs: an unknown unit is an error, and nothing can be defined or computed through a unit string.
_DEFINITIONS = """
meter = [length] = m = metre
second = [time] = s
kilogram = [mass] = kg
tonne = 1000 * kilogram = t
radian = [] = rad
kilometer = 1000 * meter = km
centimeter = 0.01 * meter = cm
millimeter = 0.001 * meter = mm
micrometer = 1e-6 * meter = um
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
_SPELLINGS = {
    "mph": "mi/h",
    "m/s2": "m/s**2",
    "m/s^2": "m/s**2",
    "m/s²": "m/s**2",
    "°": "deg",
    "1/m": "1/m",
    "/m": "1/m",
    "1/s": "1/s",
}
_NUMBER = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,3})?"
_QUANTITY = re.compile(rf"\s*({_NUMBER})\s*(?:/\s*({_NUMBER})\s*)?(.*?)\s*", re.ASCII)
# No digits and powers: what reaches pint is a name or a quotient of two names.
_UNIT_TEXT = re.compile(r"[A-Za-z]{1,16}(/[A-Za-z]{1,16})?")
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


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(None, cache_folder=None)
    registry.load_definitions(_DEFINITIONS.strip().splitlines())
    return registry


@cache
def _si_factor(unit: str, si_unit: str) -> float | None:
    """How many SI units one `unit` is; None when it is unknown or measures something else."""
    if unit not in _SPELLINGS and not _UNIT_TEXT.fullmatch(unit):
        return None
    spelled, si = (_SPELLINGS.get(text, text) for text in (unit, si_unit))
    try:
        return float(_registry().Quantity(1.0, spelled).to(si).magnitude)
    except Exception:  # pint raises many kinds for nonsense, among them SyntaxError for Python's keywords
        return None


Dimensions = tuple[tuple[str, int], ...]
"""Powers of SI base units such as (("m", 1), ("s", -1)), in order of name; angles are plain numbers."""

_SYMBOLS = {"meter": "m", "second": "s", "kilogram": "kg"}


@cache
def unit_of(unit: str) -> tuple[float, Dimensions] | None:
    """The factor to SI base units and the dimensions of a unit of the language; None when it is unknown."""
    if unit not in _SPELLINGS and not _UNIT_TEXT.fullmatch(unit):
        return None
    try:
        base = _registry().Quantity(1.0, _SPELLINGS.get(unit, unit)).to_base_units()
    except Exception:  # as in _si_factor
        return None
    powers = [
        (_SYMBOLS.get(name, name), round(float(power.real))) for name, power in base._units.items() if name != "radian"
    ]
    return float(base.magnitude), tuple(sorted(powers))


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
