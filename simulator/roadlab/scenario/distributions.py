"""Values left to chance: each a function of a number u in [0, 1), so that every sampling design can drive it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from roadlab.scenario.document import Node, scalar
from roadlab.scenario.expressions import ExpressionError, Measure, Scope, Value
from roadlab.scenario.operands import Operand, operand
from roadlab.scenario.reading import core_value
from roadlab.scenario.wording import listed, meant_or_known

KINDS = ("uniform", "normal", "lognormal", "integer", "choice")
OPTIONS = ("within", "levels")
MAX_LEVELS = 1000
USUAL_LEVELS = 5


class DistributionError(Exception):
    """What is wrong with a distribution as it is written, and at which of its nodes."""

    def __init__(self, node: Node, message: str, hint: str = "") -> None:
        self.node, self.message, self.hint = node, message, hint
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Distribution:
    """A random value."""

    kind: str
    node: Node
    operands: tuple[Operand, ...]
    """Bounds, or centre and spread, or the items of a choice."""
    weights: tuple[float, ...] = ()
    """Of a choice, up to and including each item; the last is 1."""
    within: tuple[Operand, ...] = ()
    asked_levels: int | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Names that it depends on."""
        return tuple(name for one in (*self.operands, *self.within) for name in one.names)

    def pick(self, u: float) -> int:
        """Of a choice: which item."""
        return next(index for index, share in enumerate(self.weights) if u < share or index == len(self.weights) - 1)

    def value(self, u: float, scope: Scope) -> Value:
        """The value at `u`; ExpressionError when its bounds make no sense there."""
        if self.kind == "choice":
            return self.operands[self.pick(u)].value(scope)
        first, second = (_measure(one, scope) for one in self.operands)
        return _DRAW[self.kind](self, u, first, second, scope)

    def levels(self) -> list[float]:
        """Values of u for designs that go through levels: every item of a choice, both ends of a range."""
        if self.kind == "choice":
            starts = (0.0, *self.weights)
            return [(low + high) / 2 for low, high in zip(starts, self.weights, strict=False) if high > low]
        count = self.asked_levels or self._whole_numbers() or USUAL_LEVELS
        if self.kind == "uniform":
            return [0.5] if count == 1 else [k / (count - 1) for k in range(count)]
        return [(k + 0.5) / count for k in range(count)]

    def _whole_numbers(self) -> int:
        if self.kind != "integer" or self.names:
            return 0
        first, second = (_measure(one, Scope()).scalar for one in self.operands)
        return int(min(second - first + 1, MAX_LEVELS))

    def bounds(self, scope: Scope) -> tuple[Measure, Measure] | None:
        """Where a normal value is cut off."""
        if not self.within:
            return None
        low, high = (_measure(one, scope) for one in self.within)
        return low, high


def distribution_key(node: Node) -> str | None:
    """The key that makes a mapping a distribution; `any` stands for a choice among a list."""
    if not isinstance(node.value, dict):
        return None
    found = [key for key in (*KINDS, "any") if key in node.value]
    return found[0] if found else None


def distribution(node: Node) -> Distribution:
    """The distribution that a mapping such as `{uniform: [25 km/h, 45 km/h]}` is; DistributionError when it is none."""
    keys = list(node.value) if isinstance(node.value, dict) else []
    kinds = [key for key in keys if key in (*KINDS, "any")]
    for key in keys:
        if key not in (*KINDS, *OPTIONS, "any"):
            raise DistributionError(_key(node, key), f"unknown key {key!r}", meant_or_known(key, (*KINDS, *OPTIONS)))
    if len(kinds) != 1:
        raise DistributionError(node, f"expected exactly one of {listed(KINDS)}; found {' and '.join(kinds) or 'none'}")
    (kind,) = kinds
    body = _child(node, kind)
    levels = _levels(node)
    if kind in ("choice", "any"):
        if "within" in keys:
            raise DistributionError(_key(node, "within"), f"'within' has no meaning for {kind}")
        if levels is not None:
            raise DistributionError(_key(node, "levels"), f"'levels' has no meaning for {kind}: it has its items")
        return _choice(node, body)
    made = Distribution(kind, node, _two(body, _WORDS[kind]), (), _within(node, kind), levels)
    if not made.names:
        _try_out(made, body)
    return made


def choice_of(node: Node) -> Distribution:
    """One item of a list, each as likely as the others."""
    return _choice(node, node)


def _key(node: Node, key: str) -> Node:
    entry = node.value[key] if isinstance(node.value, dict) else None
    return scalar(entry.mark, key, key) if entry else node


def _child(node: Node, key: str) -> Node:
    child = node.child(key)
    if child is None:
        raise ValueError(key)
    return child


_WORDS = {
    "uniform": "two bounds such as [25 km/h, 45 km/h]",
    "normal": "mean and standard deviation such as [2.6 m/s, 0.4 m/s]",
    "lognormal": "the median and the standard deviation of the logarithm, such as [1.5 s, 0.3]",
    "integer": "two whole numbers such as [1, 6]",
}


def _two(body: Node, words: str) -> tuple[Operand, ...]:
    items = body.value if isinstance(body.value, tuple) else ()
    if len(items) != 2 or any(isinstance(item.value, dict | tuple) for item in items):
        raise DistributionError(body, f"expected {words}")
    return tuple(_operand(item) for item in items)


def _operand(node: Node) -> Operand:
    try:
        return operand(node)
    except ExpressionError as error:
        raise DistributionError(_at(node, error), error.message, error.hint) from None


def _at(node: Node, error: ExpressionError) -> Node:
    return scalar(node.mark.at_text(str(node.value), error.at), node.text, node.text)


def _within(node: Node, kind: str) -> tuple[Operand, ...]:
    body = node.child("within")
    if body is None:
        return ()
    if kind not in ("normal", "lognormal"):
        raise DistributionError(_key(node, "within"), f"'within' has no meaning for {kind}, which has bounds")
    return _two(body, "two bounds such as [1.5 m/s, 4 m/s]")


def _levels(node: Node) -> int | None:
    body = node.child("levels")
    if body is None:
        return None
    if not isinstance(body.value, int) or isinstance(body.value, bool) or not 1 <= body.value <= MAX_LEVELS:
        raise DistributionError(body, f"expected a whole number from 1 to {MAX_LEVELS}")
    return body.value


def _choice(node: Node, body: Node) -> Distribution:
    if isinstance(body.value, tuple) and body.value:
        for item in body.value:
            if isinstance(item.value, dict | tuple):
                raise DistributionError(item, "expected a single value")
        count = len(body.value)
        return Distribution(
            "choice", node, tuple(map(_operand, body.value)), tuple((k + 1) / count for k in range(count))
        )
    if isinstance(body.value, dict) and body.value:
        items = [scalar(entry.mark, core_value(key), key) for key, entry in body.value.items()]
        weights = [_weight(entry.node) for entry in body.value.values()]
        return Distribution("choice", node, tuple(map(_operand, items)), _shares(weights, body))
    raise DistributionError(body, "expected a list, or values with their weights such as {dry: 0.7, wet: 0.3}")


def _weight(node: Node) -> float:
    if isinstance(node.value, bool) or not isinstance(node.value, int | float) or not 0 <= node.value < 1e9:
        raise DistributionError(node, "expected a weight, a number of at least 0")
    return float(node.value)


def _shares(weights: Sequence[float], body: Node) -> tuple[float, ...]:
    total = sum(weights)
    if total <= 0.0:
        raise DistributionError(body, "the weights sum up to 0")
    shares, so_far = [], 0.0
    for weight in weights:
        so_far += weight / total
        shares.append(so_far)
    last = max(k for k, weight in enumerate(weights) if weight > 0)
    return tuple(1.0 if k >= last else share for k, share in enumerate(shares))


def _try_out(made: Distribution, body: Node) -> None:
    for u in (0.0, 0.5, 1.0 - 2**-53):
        try:
            made.value(u, Scope())
        except ExpressionError as error:
            raise DistributionError(body, error.message, error.hint) from None


# --- the value at u --------------------------------------------------------------------------------------------------


def _measure(one: Operand, scope: Scope) -> Measure:
    value = one.value(scope)
    if not isinstance(value, Measure):
        raise ExpressionError(f"expected a number, found {one.node.text!r}", 0)
    return value


def _alike(a: Measure, b: Measure) -> None:
    if a.dimensions != b.dimensions:
        raise ExpressionError(f"{a.kind} and {b.kind} do not fit together", 0)


def _ordered(a: Measure, b: Measure) -> None:
    _alike(a, b)
    if a.scalar > b.scalar:
        raise ExpressionError(f"the lower bound {a.shown()} is above the upper one, {b.shown()}", 0)


def _uniform(_: Distribution, u: float, low: Measure, high: Measure, __: Scope) -> Value:
    _ordered(low, high)
    return Measure(low.scalar + (high.scalar - low.scalar) * u, low.dimensions, unit=low.unit)


def _integer(_: Distribution, u: float, low: Measure, high: Measure, __: Scope) -> Value:
    for bound in (low, high):
        if bound.dimensions or not bound.scalar.is_integer() or abs(bound.scalar) > 1e9:
            raise ExpressionError(f"expected a whole number, found {bound.shown()}", 0)
    _ordered(low, high)
    first, last = int(low.scalar), int(high.scalar)
    return Measure(min(last, first + int(u * (last - first + 1))))


def _normal(made: Distribution, u: float, mean: Measure, spread: Measure, scope: Scope) -> Value:
    _alike(mean, spread)
    if spread.scalar < 0:
        raise ExpressionError(f"a standard deviation of {spread.shown()} is negative", 0)
    return Measure(_normal_at(made, u, mean, mean.scalar, spread.scalar, scope, float), mean.dimensions, unit=mean.unit)


def _lognormal(made: Distribution, u: float, median: Measure, spread: Measure, scope: Scope) -> Value:
    if spread.dimensions or not 0 <= spread.scalar <= 10:
        raise ExpressionError(f"expected the standard deviation of the logarithm, 0 to 10, found {spread.shown()}", 0)
    if median.scalar <= 0:
        raise ExpressionError(f"a median of {median.shown()} is not above 0", 0)
    exponent = _normal_at(made, u, median, math.log(median.scalar), spread.scalar, scope, _log)
    return Measure(math.exp(min(exponent, 690.0)), median.dimensions, unit=median.unit)


def _log(value: float) -> float:
    return math.log(value) if value > 0 else -math.inf


def _normal_at(
    made: Distribution,
    u: float,
    like: Measure,
    mean: float,
    spread: float,
    scope: Scope,
    onto: Callable[[float], float],
) -> float:
    """The value of a normal distribution, cut off where `within` says, below which a share `u` lies."""
    from scipy.special import ndtr, ndtri

    bounds = made.bounds(scope)
    if spread == 0.0:
        return mean
    low, high = 0.0, 1.0
    if bounds is not None:
        _ordered(*bounds)
        _alike(like, bounds[0])
        low, high = (float(ndtr((onto(bound.scalar) - mean) / spread)) for bound in bounds)
        if high - low < 1e-9:
            raise ExpressionError(f"hardly any value lies within {bounds[0].shown()} and {bounds[1].shown()}", 0)
    share = min(max(low + (high - low) * u, 1e-12), 1.0 - 1e-12)
    value = mean + spread * float(ndtri(share))
    if bounds is None:
        return value
    return min(max(value, onto(bounds[0].scalar)), onto(bounds[1].scalar))


_DRAW: dict[str, Callable[[Distribution, float, Measure, Measure, Scope], Value]] = {
    "uniform": _uniform,
    "integer": _integer,
    "normal": _normal,
    "lognormal": _lognormal,
}


def shown_distribution(node: Node) -> str:
    """As an author writes it: `{uniform: [25 km/h, 45 km/h]}`."""
    if isinstance(node.value, dict):
        return "{" + ", ".join(f"{key}: {shown_distribution(entry.node)}" for key, entry in node.value.items()) + "}"
    if isinstance(node.value, tuple):
        return "[" + ", ".join(shown_distribution(item) for item in node.value) + "]"
    return node.text
