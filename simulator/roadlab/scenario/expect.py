"""Whether a run went as its scenario expects: `expect` evaluated over the scene log."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from roadlab.log import SceneLog
from roadlab.measures.footprints import Tracks, tracks
from roadlab.scenario.constraints import Constraint, constraints_of
from roadlab.scenario.document import Mark, Node, Source, scalar
from roadlab.scenario.expressions import Expression, ExpressionError, Measure, Scope, Value, evaluate
from roadlab.scenario.expressions.evaluate import Function
from roadlab.scenario.groups import Names, each_of
from roadlab.scenario.operands import constant
from roadlab.scenario.scene_functions import REDUCTIONS, SECOND, actor_name, scene_functions
from roadlab.scenario.tracks import Array
from roadlab.scenario.wording import meant_or_known


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one expectation."""

    expectation: str
    """As its author wrote it."""
    number: int
    """Its place in the list."""
    holds: bool
    found: str
    """The values that it compared, such as `min(time_to_collision(ego, anna)) is 0.21 s`; or why it cannot be told."""


def verdicts(log: SceneLog) -> list[Verdict]:
    """One for each expectation of the scenario that the log holds."""
    spec = json.loads(log.scenario)
    source = Source("expect")
    nodes = tuple(scalar(Mark(source), text, str(text)) for text in spec.get("expect", []))
    faults: list[Any] = []
    constraints = constraints_of("expect", Node(Mark(source), nodes), faults)
    if faults:
        raise ValueError("; ".join(fault.message for fault in faults))
    values = {name: _value(value) for name, value in spec.get("parameters", {}).items()}
    scope = Scope(values, LogScene(log).functions())
    names = Names(tuple(actor.name for actor in log.actors), spec.get("groups", {}))
    return [_verdict_of_all(each_of(constraint, names), scope) for constraint in constraints]


def _value(value: object) -> Value:
    text = value if isinstance(value, bool | int | float | str) else str(value)
    return constant(scalar(Mark(Source("parameters")), text, str(text)))


def _verdict_of_all(constraints: Sequence[Constraint], scope: Scope) -> Verdict:
    """Of one expectation; of one on a group, that on the first member of whom it does not hold."""
    every = (_verdict(one, scope) for one in constraints)
    if len(constraints) == 1:
        return next(every)
    wrong = next((verdict for verdict in every if not verdict.holds), None)
    first = constraints[0]
    return wrong or Verdict(first.text, first.number, True, f"each of {len(constraints)}")


def _verdict(constraint: Constraint, scope: Scope) -> Verdict:
    with np.errstate(all="ignore"):
        try:
            holds = constraint.holds(scope)
            said = [_said(call, scope) for call in _outermost(constraint.expression)]
        except ExpressionError as error:
            why = f"{error.message}; {error.hint}" if error.hint else error.message
            return Verdict(constraint.text, constraint.number, False, why)
    return Verdict(constraint.text, constraint.number, holds, ", ".join(said))


def _outermost(node: Expression) -> list[Expression]:
    """Calls that are not arguments of other calls."""
    if node.kind == "call":
        return [node]
    return [call for part in node.parts for call in _outermost(part)]


def _said(call: Expression, scope: Scope) -> str:
    value = evaluate(call, scope)
    text = unparsed(call)
    if isinstance(value, Measure) and isinstance(value.number, np.ndarray):
        return f"{text} goes from {value.shown()}"
    if isinstance(value, Measure):
        return f"{text} is {value.shown()}"
    return f"{text} is {str(bool(np.all(value))).lower()}"


def unparsed(node: Expression) -> str:
    """An expression as text; for messages."""
    if node.kind == "call":
        pairs = zip(node.labels, node.parts, strict=True)
        return f"{node.value}({', '.join((f'{label}=' if label else '') + unparsed(part) for label, part in pairs)})"
    if node.kind == "item":
        return f"{node.value}[{unparsed(node.parts[0])}]"
    if node.kind == "number":
        pair: tuple[float, str] = node.value  # type: ignore[assignment]
        return f"{pair[0]:g} {pair[1]}".strip()
    return repr(node.value) if node.kind == "text" else str(node.value) if node.kind == "name" else "..."


class LogScene:
    """The actors of a log, over the whole run."""

    def __init__(self, log: SceneLog) -> None:
        self._log, self._tracks = log, tracks(log)
        self._index = {actor.name: i for i, actor in enumerate(log.actors)}

    def functions(self) -> dict[str, Function]:
        """What `expect` can ask of it."""
        return {
            **scene_functions(self),
            "contact": self._contact,
            "started": self._started,
            "time_of": self._time_of,
            "duration": self._duration,
            **REDUCTIONS,
        }

    def knows(self, name: str) -> bool:
        """Whether there is such an actor."""
        return name in self._index

    def names(self) -> tuple[str, ...]:
        """All actors."""
        return tuple(self._index)

    def track(self, name: str) -> LogTrack:
        """One of them; KeyError when there is none."""
        return LogTrack(self._log, self._tracks, self._index[name])

    def _contact(self, scope: Scope, call: Expression) -> Value:
        if len(call.parts) > 2:
            raise ExpressionError("contact takes no, one or two actors", call.at)
        names = {actor_name(part, scope, self) for part in call.parts}
        log = self._log
        touching = [
            {*event.actors, *(log.whole(name) for name in event.actors)}
            for event in log.events
            if event.kind == "contact"
        ]
        return any(names <= met for met in touching)

    def _times(self, call: Expression) -> Sequence[int]:
        if len(call.parts) != 1 or call.parts[0].kind not in ("text", "name"):
            raise ExpressionError(f"{call.value} takes the name of an event in quotes", call.at)
        name = str(call.parts[0].value)
        known = [event.name for event in self._log.events if event.kind == "story"]
        if name not in known and name not in _event_names(self._log):
            raise ExpressionError(
                f"unknown event {name!r}", call.parts[0].at, meant_or_known(name, _event_names(self._log))
            )
        return [event.time for event in self._log.events if event.kind == "story" and event.name == name]

    def _started(self, _: Scope, call: Expression) -> Value:
        return bool(self._times(call))

    def _time_of(self, _: Scope, call: Expression) -> Value:
        times = self._times(call)
        return Measure(times[0] / 1e9 if times else math.inf, SECOND)

    def _duration(self, _: Scope, call: Expression) -> Value:
        if call.parts:
            raise ExpressionError("duration takes nothing", call.at)
        return Measure(self._log.duration, SECOND)


def _event_names(log: SceneLog) -> list[str]:
    found: list[str] = []
    waiting = list(json.loads(log.scenario).get("story", []))
    while waiting:
        event = waiting.pop(0)
        waiting += [*(event.get("sequence") or []), *(event.get("parallel") or [])]
        if event.get("name"):
            found.append(event["name"])
    return found


@dataclass(frozen=True)
class LogTrack:
    """One actor of a log; a `Track`."""

    log: SceneLog
    tracks: Tracks
    index: int

    @property
    def origin(self) -> Array:
        """(T, 2) [m]"""
        return self.log.position[:, self.index, :2]

    @property
    def center(self) -> Array:
        """(T, 2) middle of its footprint [m]."""
        return self.tracks.center[:, self.index]

    @property
    def yaw(self) -> Array:
        """(T,) [rad]"""
        return self.tracks.yaw[:, self.index]

    @property
    def velocity(self) -> Array:
        """(T, 2) [m/s]"""
        return self.tracks.velocity[:, self.index]

    @property
    def speed(self) -> Array:
        """(T,) [m/s]"""
        speed: Array = np.hypot(self.velocity[:, 0], self.velocity[:, 1])
        return speed

    @property
    def acceleration(self) -> Array:
        """(T,) along its heading [m/s²]."""
        return self.log.acceleration[:, self.index]

    @property
    def size(self) -> tuple[float, float, float]:
        """(length, width, height) [m]."""
        return self.log.actors[self.index].size

    @property
    def corners(self) -> Array:
        """(T, 4, 2) of its footprint [m]."""
        ticks = np.arange(len(self.log.time))
        return self.tracks.corners(ticks, np.full(len(ticks), self.index))


ABOUT = {
    "time_of('event')": "when an event of the story started first; infinite if it never did",
    "started('event')": "whether an event of the story started",
    "contact(a, b)": "whether two actors touched; contact(a): anybody; contact(): any two",
    "min(...), max(...), mean(...)": "of a value over the run",
    "first(...), last(...)": "of a value: at the start, at the end",
    "duration()": "of the run",
}
"""For the language reference: what `expect` has besides the functions of `require`."""
