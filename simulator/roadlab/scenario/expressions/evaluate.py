"""From a syntax tree to a value. Names come from a scope; nothing of Python can be reached."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from roadlab.scenario.expressions.measure import Measure, Value, literal, power
from roadlab.scenario.expressions.operators import OPERATORS, ORDER, alike
from roadlab.scenario.expressions.syntax import Expression, ExpressionError, UndefinedError
from roadlab.scenario.wording import did_you_mean, meant_or_known

Function = Callable[["Scope", Expression], Value]
"""Gets its call unevaluated, so that it may read actors' names in it."""


@dataclass(frozen=True)
class Scope:
    """What names mean."""

    values: Mapping[str, Value] = field(default_factory=dict)
    functions: Mapping[str, Function] = field(default_factory=dict)
    """Besides those of arithmetic."""

    def inside(self, values: Mapping[str, Value]) -> Scope:
        """The same with more names, which hide those of the same name."""
        return Scope({**self.values, **values}, self.functions)


def evaluate(expression: Expression, scope: Scope) -> Value:
    """Its value; ExpressionError with a place for what cannot be computed."""
    return _KINDS[expression.kind](expression, scope)


def truth(expression: Expression, scope: Scope) -> bool:
    """Whether it holds; what is compared over time must hold throughout. ExpressionError for what is no condition."""
    return _all(_condition(expression, scope))


def number(expression: Expression, scope: Scope) -> Measure:
    """Its value, which must be a number."""
    value = evaluate(expression, scope)
    if not isinstance(value, Measure):
        raise ExpressionError(f"expected a number, found {_said(value)}", expression.at)
    return value


def _said(value: Value) -> str:
    if isinstance(value, Measure):
        return value.kind
    return repr(value[:40]) if isinstance(value, str) else "a condition"


def _all(value: Any) -> bool:
    return bool(np.all(value))


def _condition(expression: Expression, scope: Scope) -> Any:
    value = evaluate(expression, scope)
    if isinstance(value, Measure | str):
        raise ExpressionError(f"expected a condition such as a < b, found {_said(value)}", expression.at)
    return value


# --- one function per kind of node -----------------------------------------------------------------------------------


def _literal(node: Expression, _: Scope) -> Value:
    value: tuple[float, str] = node.value  # type: ignore[assignment]
    return literal(*value)


def _as_is(node: Expression, _: Scope) -> Value:
    return node.value  # type: ignore[return-value]


def _name(node: Expression, scope: Scope) -> Value:
    name = str(node.value)
    if name not in scope.values:
        hint = did_you_mean(name, scope.values)
        raise ExpressionError(f"unknown name {name!r}", node.at, hint or "texts stand in quotes, such as 'wet'")
    return scope.values[name]


def _item(node: Expression, _: Scope) -> Value:
    raise ExpressionError(f"{node.value}[...] is an actor and has no value", node.at, "ask for speed(...), for example")


def _sign(node: Expression, scope: Scope) -> Value:
    value = number(node.parts[0], scope)
    return Measure(-value.number, value.dimensions) if node.value == "-" else value


def _binary(node: Expression, scope: Scope) -> Value:
    a, b = (number(part, scope) for part in node.parts)
    return OPERATORS[str(node.value)](a, b, node.at)


def _compare(node: Expression, scope: Scope) -> Value:
    a, b = (evaluate(part, scope) for part in node.parts)
    sign = str(node.value)
    if isinstance(a, Measure) and isinstance(b, Measure):
        alike(a, b, node.at, "compared")
        return _plain(ORDER[sign](a.number, b.number))
    if sign not in ("==", "!=") or type(a) is not type(b):
        raise ExpressionError(f"{_said(a)} and {_said(b)} cannot be compared by {sign}", node.at)
    return bool(ORDER[sign](a, b))


def _within(node: Expression, scope: Scope) -> Value:
    value, low, high = (number(part, scope) for part in node.parts)
    alike(value, low, node.at, "compared")
    alike(value, high, node.at, "compared")
    return _plain((low.number <= value.number) & (value.number <= high.number))


def _plain(value: Any) -> Value:
    return value if isinstance(value, np.ndarray) else bool(value)


def _not(node: Expression, scope: Scope) -> Value:
    return _plain(np.logical_not(_condition(node.parts[0], scope)))


def _both(node: Expression, scope: Scope) -> Value:
    a = _condition(node.parts[0], scope)
    if not np.any(a):
        return False
    return _plain(np.logical_and(a, _condition(node.parts[1], scope)))


def _either(node: Expression, scope: Scope) -> Value:
    a = _condition(node.parts[0], scope)
    if np.all(a):
        return True
    return _plain(np.logical_or(a, _condition(node.parts[1], scope)))


def _choice(node: Expression, scope: Scope) -> Value:
    condition, yes, no = node.parts
    return evaluate(yes if truth(condition, scope) else no, scope)


def _call(node: Expression, scope: Scope) -> Value:
    name = str(node.value)
    function = scope.functions.get(name) or FUNCTIONS.get(name)
    if function is None:
        hint = meant_or_known(name, (*scope.functions, *FUNCTIONS))
        raise ExpressionError(f"there is no function {name!r}", node.at, hint)
    return function(scope, node)


_KINDS: dict[str, Callable[[Expression, Scope], Value]] = {
    "number": _literal,
    "text": _as_is,
    "truth": _as_is,
    "name": _name,
    "item": _item,
    "sign": _sign,
    "binary": _binary,
    "compare": _compare,
    "in": _within,
    "not": _not,
    "and": _both,
    "or": _either,
    "if": _choice,
    "call": _call,
}


# --- functions of arithmetic -----------------------------------------------------------------------------------------


def arguments(scope: Scope, call: Expression, least: int, most: int) -> list[Measure]:
    """The numbers a function is called with; ExpressionError when there are too few or too many."""
    if not least <= len(call.parts) <= most or any(call.labels):
        count = str(least) if least == most else f"{least} to {most}"
        raise ExpressionError(f"{call.value} takes {count} numbers", call.at)
    return [number(part, scope) for part in call.parts]


def _extreme(pick: Callable[..., Any], reduce: Callable[..., Any]) -> Function:
    """Of several numbers the least or largest; of one that varies over time its least or largest value."""

    def function(scope: Scope, call: Expression) -> Value:
        values = arguments(scope, call, 1, 16)
        for other in values[1:]:
            alike(values[0], other, call.at, "compared")
        if len(values) == 1:
            return Measure(_item_of(reduce(np.asarray(values[0].number))), values[0].dimensions)
        best = values[0].number
        for other in values[1:]:
            best = pick(best, other.number)
        return Measure(best if isinstance(best, np.ndarray) else _item_of(best), values[0].dimensions)

    return function


def _item_of(number: Any) -> Any:
    return number.item() if isinstance(number, np.generic | np.ndarray) else number


def _of_plain(compute: Callable[[Any], Any], domain: str = "") -> Function:
    def function(scope: Scope, call: Expression) -> Value:
        (value,) = arguments(scope, call, 1, 1)
        if value.dimensions:
            raise ExpressionError(f"{call.value} takes a plain number or an angle, not {value.kind}", call.at)
        with np.errstate(all="ignore"):
            result = _item_of(np.asarray(compute(np.asarray(value.number, dtype=float))))
        if not np.all(np.isfinite(result)):
            raise UndefinedError(f"{call.value} is not defined for {value.shown()}{domain}", call.at)
        return Measure(result)

    return function


def _keeping(compute: Callable[[Any], Any]) -> Function:
    def function(scope: Scope, call: Expression) -> Value:
        (value,) = arguments(scope, call, 1, 1)
        return Measure(_item_of(compute(value.number)), value.dimensions)

    return function


def _whole(compute: Callable[[float], int]) -> Function:
    def function(scope: Scope, call: Expression) -> Value:
        (value,) = arguments(scope, call, 1, 1)
        if value.dimensions:
            raise ExpressionError(f"{call.value} takes a plain number, not {value.kind}", call.at, "divide by its unit")
        if not math.isfinite(value.scalar):
            raise UndefinedError(f"{call.value} is not defined for {value.shown()}", call.at)
        return Measure(compute(value.scalar))

    return function


def _root(scope: Scope, call: Expression) -> Value:
    (value,) = arguments(scope, call, 1, 1)
    dimensions = power(value.dimensions, 0.5)
    if dimensions is None:
        raise ExpressionError(f"{value.kind} has no square root", call.at)
    if np.any(np.asarray(value.number) < 0):
        raise UndefinedError("a negative number has no square root", call.at)
    return Measure(_item_of(np.sqrt(value.number)), dimensions)


def _atan2(scope: Scope, call: Expression) -> Value:
    y, x = arguments(scope, call, 2, 2)
    alike(y, x, call.at, "compared")
    return Measure(_item_of(np.arctan2(y.number, x.number)))


FUNCTIONS: dict[str, Function] = {
    "min": _extreme(np.minimum, np.min),
    "max": _extreme(np.maximum, np.max),
    "abs": _keeping(abs),
    "sqrt": _root,
    "sin": _of_plain(np.sin),
    "cos": _of_plain(np.cos),
    "tan": _of_plain(np.tan),
    "asin": _of_plain(np.arcsin, "; it takes -1 to 1"),
    "acos": _of_plain(np.arccos, "; it takes -1 to 1"),
    "atan": _of_plain(np.arctan),
    "atan2": _atan2,
    "exp": _of_plain(np.exp),
    "log": _of_plain(np.log, "; it takes more than 0"),
    "floor": _whole(math.floor),
    "ceil": _whole(math.ceil),
    "round": _whole(round),
}


def names_of(functions: Sequence[str]) -> str:
    """Functions for the language reference."""
    return ", ".join(f"`{name}`" for name in functions)
