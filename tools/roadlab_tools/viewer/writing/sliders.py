"""Parameters of a scenario file that a slider can change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from roadlab.errors import RoadlabError
from roadlab.scenario.distributions import Distribution
from roadlab.scenario.expressions import ExpressionError, Measure, Scope, Value
from roadlab.scenario.load import draw_of
from roadlab.scenario.logical import LogicalScenario
from roadlab.scenario.parameters import Parameter

STEPS = 100
"""Of a slider, from one end to the other."""
_ENDS = 0.005
"""So far from its ends a distribution that has none is cut off."""
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(.*)", re.DOTALL)


@dataclass(frozen=True)
class Slider:
    """A parameter, and what it may become."""

    name: str
    texts: tuple[str, ...]
    """Its value at each of the steps, as an author would write it."""
    step: int
    """At which it is now."""
    is_random: bool
    """Whether chance decides it in the file."""


def sliders_of(opened: LogicalScenario) -> tuple[Slider, ...]:
    """Of a file's parameters, those that are numbers or are drawn from numbers; none while they have no values."""
    try:
        values = dict(draw_of(opened).values)
    except (RoadlabError, ValueError):
        return ()
    return tuple(_sliders(opened, values))


def _sliders(opened: LogicalScenario, values: dict[str, Value]) -> Iterator[Slider]:
    for one in opened.parameters.each:
        value = values.get(one.name)
        if isinstance(value, Measure):
            try:
                texts = _drawn(one, Scope(values)) if one.is_random else _around(one, value)
            except ExpressionError:
                continue
            if len(set(texts)) > 1:
                now = _number(value.shown())
                step = min(range(STEPS + 1), key=lambda k: abs(_number(texts[k]) - now))
                yield Slider(one.name, texts, step, one.is_random)


def _drawn(one: Parameter, scope: Scope) -> tuple[str, ...]:
    """Every step of what chance may choose."""
    assert isinstance(one.rule, Distribution)
    if one.rule.kind == "choice":
        return ()
    shares = (_ENDS + (1.0 - 2.0 * _ENDS) * k / STEPS for k in range(STEPS + 1))
    if one.rule.kind in ("uniform", "integer"):
        shares = (min(k / STEPS, 1.0 - 1e-12) for k in range(STEPS + 1))
    return tuple(_rounded(_text(one.rule.value(u, scope))) for u in shares)


def _around(one: Parameter, value: Measure) -> tuple[str, ...]:
    """From nothing to twice a number that stands in the file; no steps of what is computed from others."""
    match = _NUMBER.fullmatch(one.node.text.strip())
    if match is None or one.rule.names or value.scalar == 0.0:
        return ()
    number = float(match[1])
    return tuple(_rounded(f"{2.0 * number * k / STEPS!r}{match[2]}") for k in range(STEPS + 1))


def _text(value: Value) -> str:
    return value.shown() if isinstance(value, Measure) else str(value)


def _rounded(text: str) -> str:
    match = _NUMBER.fullmatch(text)
    return text if match is None else f"{float(match[1]):.4g}{match[2]}"


def _number(text: str) -> float:
    match = _NUMBER.fullmatch(text)
    return float(match[1]) if match is not None else 0.0
