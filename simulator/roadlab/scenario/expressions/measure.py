"""What expressions compute with: numbers with physical dimensions, texts and truths."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.scenario.quantities import Dimensions, unit_of

_PLAIN: Dimensions = ()
_NAMES: dict[Dimensions, str] = {
    _PLAIN: "a plain number",
    (("m", 1),): "a length",
    (("s", 1),): "a duration",
    (("m", 1), ("s", -1)): "a speed",
    (("m", 1), ("s", -2)): "an acceleration",
    (("m", -1),): "a curvature",
    (("s", -1),): "a frequency",
}


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """A number, or one for each instant of a run, in SI base units."""

    number: int | float | NDArray[Any]
    dimensions: Dimensions = _PLAIN
    text: str = ""
    """As an author wrote it, where it was not computed."""
    unit: str = ""
    """In which people want to see it; by default SI."""

    @property
    def kind(self) -> str:
        """In words: a length."""
        return _NAMES.get(self.dimensions, f"a quantity in {unit_text(self.dimensions)}")

    @property
    def scalar(self) -> float:
        """The number; of a course over time its first value."""
        return float(self.number[0]) if isinstance(self.number, np.ndarray) else float(self.number)

    def written(self) -> str:
        """As an author would write it, exactly."""
        if self.text:
            return self.text
        number = self.number
        text = str(int(number)) if float(number).is_integer() and abs(float(number)) < 1e15 else repr(float(number))
        return f"{text} {unit_text(self.dimensions)}" if self.dimensions else text

    def shown(self) -> str:
        """For people: with a few digits."""
        if self.text:
            return self.text
        known = unit_of(self.unit) if self.unit else None
        factor, unit = (known[0], self.unit) if known is not None else (1.0, unit_text(self.dimensions))
        if isinstance(number := self.number, np.ndarray):
            low, high = (Measure(float(f(number)), self.dimensions, "", self.unit).shown() for f in (np.min, np.max))
            return low if low == high else f"{low} to {high}"
        if not math.isfinite(number):
            return "infinite"
        return f"{float(number) / factor:.6g} {unit}".strip()


Value = Measure | str | bool | NDArray[np.bool_]


def unit_text(dimensions: Dimensions) -> str:
    """SI base units as an author writes them: `m/s2`."""
    if dimensions == (("s", -1),):
        return "Hz"
    top = [name if power == 1 else f"{name}{power}" for name, power in dimensions if power > 0]
    bottom = [name if power == -1 else f"{name}{-power}" for name, power in dimensions if power < 0]
    return f"{'*'.join(top) or '1'}/{'/'.join(bottom)}" if bottom else "*".join(top)


def product(a: Dimensions, b: Dimensions, sign: int = 1) -> Dimensions:
    """Of two dimensions; with `sign` -1 their quotient."""
    powers = dict(a)
    for name, power in b:
        powers[name] = powers.get(name, 0) + sign * power
    return tuple(sorted((name, power) for name, power in powers.items() if power))


def power(a: Dimensions, exponent: float) -> Dimensions | None:
    """To the power of `exponent`; None where that is no whole power."""
    powers = [(name, own * exponent) for name, own in a]
    if not all(float(own).is_integer() for _, own in powers):
        return None
    return tuple((name, int(own)) for name, own in powers if own)


def literal(number: float, unit: str) -> Measure:
    """A number with a unit that `unit_of` knows."""
    if not unit:
        return Measure(number)
    factor, dimensions = unit_of(unit) or (math.nan, _PLAIN)
    return Measure(number * factor, dimensions)
