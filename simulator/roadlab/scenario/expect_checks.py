"""Whether `expect` can be judged: it is computed for an imagined run, whose values are looked at by nobody."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from roadlab.errors import Diagnostic
from roadlab.scenario.constraints import Constraint
from roadlab.scenario.expressions import Expression, ExpressionError, Measure, Scope, UndefinedError, Value
from roadlab.scenario.expressions.evaluate import Function
from roadlab.scenario.groups import each_of
from roadlab.scenario.parts import Parts
from roadlab.scenario.scene_functions import REDUCTIONS, SECOND, actor_name, scene_functions
from roadlab.scenario.spec import all_events
from roadlab.scenario.tracks import Array, Track
from roadlab.scenario.wording import meant_or_known

MOST_MEMBERS = 20
"""Of a group, for whom a condition is looked at; they are all alike."""


def expect_problems(
    expectations: Sequence[Constraint], parts: Parts, values: Mapping[str, Value]
) -> Iterator[Diagnostic]:
    """One for each expectation that can never be judged: of unknown actors and events, or of unlike quantities.

    `values` are those of the parameters.
    """
    if parts.broken_actors or not parts.actors:
        return
    functions = _functions(
        _Imagined(parts.names.actors), [event.name for event in all_events(parts.story) if event.name]
    )
    for expectation in expectations:
        try:
            for one in each_of(expectation, parts.names)[:MOST_MEMBERS]:
                with np.errstate(all="ignore"):
                    one.holds(Scope(values, functions))
        except UndefinedError:
            continue  # with these values, which mean nothing
        except ExpressionError as error:
            yield expectation.fault(error)


def _functions(scene: _Imagined, events: Sequence[str]) -> dict[str, Function]:
    def contact(scope: Scope, call: Expression) -> Value:
        if len(call.parts) > 2:
            raise ExpressionError("contact takes no, one or two actors", call.at)
        for part in call.parts:
            actor_name(part, scope, scene)
        return False

    def known(call: Expression) -> None:
        if len(call.parts) != 1 or call.parts[0].kind not in ("text", "name"):
            raise ExpressionError(f"{call.value} takes the name of an event in quotes", call.at)
        name = str(call.parts[0].value)
        if name not in events:
            hint = meant_or_known(name, events) if events else "the story has no named events"
            raise ExpressionError(f"unknown event {name!r}", call.parts[0].at, hint)

    def started(_: Scope, call: Expression) -> Value:
        known(call)
        return True

    def time_of(_: Scope, call: Expression) -> Value:
        known(call)
        return Measure(1.0, SECOND)

    def duration(_: Scope, call: Expression) -> Value:
        if call.parts:
            raise ExpressionError("duration takes nothing", call.at)
        return Measure(2.0, SECOND)

    told = {"contact": contact, "started": started, "time_of": time_of, "duration": duration}
    return {**scene_functions(scene), **told, **REDUCTIONS}


@dataclass(frozen=True)
class _Imagined:
    """A `Scene` of which no more is known than who takes part."""

    all: tuple[str, ...]

    def knows(self, name: str) -> bool:
        return name in self.all or name.startswith(("traffic[", "pedestrian["))  # who that is is known when it runs

    def names(self) -> tuple[str, ...]:
        return self.all

    def track(self, name: str) -> Track:
        return _Anybody(1 + self.all.index(name) if name in self.all else 0)


@dataclass(frozen=True)
class _Anybody:
    """A `Track` of two instants, `number` times ten metres along."""

    number: int

    @property
    def origin(self) -> Array:
        return np.array([[10.0 * self.number, 0.0], [10.0 * self.number + 1.0, 0.0]])

    @property
    def center(self) -> Array:
        return self.origin

    @property
    def yaw(self) -> Array:
        return np.zeros(2)

    @property
    def velocity(self) -> Array:
        return np.array([[1.0, 0.0], [1.0 + self.number, 0.0]])

    @property
    def speed(self) -> Array:
        return self.velocity[:, 0]

    @property
    def acceleration(self) -> Array:
        return np.ones(2)

    @property
    def size(self) -> tuple[float, float, float]:
        return 4.0, 2.0, 1.5

    @property
    def corners(self) -> Array:
        square = np.array([[2.0, 1.0], [-2.0, 1.0], [-2.0, -1.0], [2.0, -1.0]])
        outline: Array = self.center[:, None] + square
        return outline
