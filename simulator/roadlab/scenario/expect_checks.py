"""Whether `expect` speaks of actors, events and functions that there are; the values are looked at after a run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from roadlab.errors import Diagnostic
from roadlab.scenario.constraints import Constraint
from roadlab.scenario.expressions import Expression, ExpressionError, Scope
from roadlab.scenario.expressions.evaluate import FUNCTIONS
from roadlab.scenario.parts import Parts
from roadlab.scenario.scene_functions import actor_name
from roadlab.scenario.spec import all_events
from roadlab.scenario.tracks import Track
from roadlab.scenario.wording import meant_or_known

ABOUT_ACTORS = (
    "distance",
    "gap",
    "time_to_collision",
    "time_headway",
    "speed",
    "acceleration",
    "x",
    "y",
    "visible",
    "contact",
)
ABOUT_EVENTS = ("started", "time_of")
OTHERS = ("duration", "first", "last", "mean")


@dataclass(frozen=True)
class _Names:
    """A `Scene` of which no more is known than who takes part."""

    all: tuple[str, ...]

    def knows(self, name: str) -> bool:
        return name in self.all or name.startswith("traffic[")  # who drives there is known when it runs

    def names(self) -> tuple[str, ...]:
        return self.all

    def track(self, name: str) -> Track:
        raise KeyError(name)


def expect_problems(expectations: Sequence[Constraint], parts: Parts) -> Iterator[Diagnostic]:
    """One for each expectation that can never be judged."""
    if parts.broken_actors or not parts.actors:
        return
    names = _Names(tuple(written_out(parts)))
    events = [event.name for event in all_events(parts.story) if event.name is not None]
    for expectation in expectations:
        try:
            for call in expectation.expression.walk():
                if call.kind == "call":
                    _check(call, names, events)
        except ExpressionError as error:
            yield expectation.fault(error)


def written_out(parts: Parts) -> Iterator[str]:
    """The names of all actors, rows written out."""
    for name, actor in parts.actors.items():
        if actor.repeat is None:
            yield name
        else:
            yield from (f"{name}[{k}]" for k in range(actor.repeat.count))


def _check(call: Expression, names: _Names, events: Sequence[str]) -> None:
    name = str(call.value)
    if name in ABOUT_ACTORS:
        for part in call.parts:
            actor_name(part, Scope(), names)
    elif name in ABOUT_EVENTS:
        for part in call.parts:
            if part.kind in ("text", "name") and part.value not in events:
                hint = meant_or_known(str(part.value), events) if events else "the story has no named events"
                raise ExpressionError(f"unknown event {part.value!r}", part.at, hint)
    elif name not in FUNCTIONS and name not in OTHERS:
        known = (*ABOUT_ACTORS, *ABOUT_EVENTS, *OTHERS, *FUNCTIONS)
        raise ExpressionError(f"there is no function {name!r}", call.at, meant_or_known(name, known))
