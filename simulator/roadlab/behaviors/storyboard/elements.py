"""The events of a story, found and numbered, and how far each has come.

States and transitions are those of OpenSCENARIO's storyboard elements: an execution is counted when an event starts or
is skipped; an event that ends goes back to standby while executions are left; one that is stopped is complete.
Source: ASAM OpenSCENARIO XML 1.3.1, section 8.4.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from roadlab.actors.cast import Cast
from roadlab.behaviors.storyboard.snapshot import Tale
from roadlab.behaviors.storyboard.triggers import Memory
from roadlab.scenario.spec import EventSpec
from roadlab.timing import Nanoseconds

WORLD = -1
"""Whom weather and signals are told, in place of an actor."""


@dataclass(frozen=True)
class Element:
    """An event, or a group of events."""

    name: str
    spec: EventSpec
    parent: int | None
    children: tuple[int, ...]
    siblings: tuple[int, ...]
    """Those in the same list, itself left out."""
    orders: tuple[tuple[int, str, Any], ...]
    """Index of an actor or `WORLD`, which action, and its values."""
    actors: tuple[str, ...]
    """Whom it tells something."""

    @property
    def is_sequence(self) -> bool:
        """Whether its children wait for each other."""
        return self.spec.sequence is not None


@dataclass(frozen=True)
class Progress:
    """How far an element has come."""

    tale: Tale = field(default_factory=Tale)
    executions: int = 0
    trigger: Memory = field(default_factory=Memory)
    stop: Memory = field(default_factory=Memory)
    moved: bool = field(default=False, compare=False)
    """Whether it has started or been skipped on this tick already."""

    @property
    def state(self) -> str:
        """standby, running, complete or idle."""
        return self.tale.state

    def entering(self, state: str, time: Nanoseconds, **moments: Any) -> Progress:
        """The same in another state from now on."""
        return replace(self, tale=replace(self.tale, state=state, since=time, **moments))


def elements(story: Sequence[EventSpec], cast: Cast) -> tuple[Element, ...]:
    """The events of a story and those inside them, each before its own.

    An event without a name is called `event 1` and so on by its place in the list, inside another one `event 2.1`.
    """
    found: list[Element] = []
    _add(found, story, cast, None, "event ")
    return tuple(found)


def _add(found: list[Element], story: Sequence[EventSpec], cast: Cast, parent: int | None, stem: str) -> list[int]:
    mine: list[int] = []
    for number, spec in enumerate(story, 1):
        place = len(found)
        mine.append(place)
        name = spec.name or f"{stem}{number}"
        found.append(Element(name, spec, parent, (), (), tuple(_orders(spec, cast)), tuple(spec.told)))
        children = _add(found, spec.group, cast, place, f"{stem}{number}.")
        found[place] = replace(found[place], children=tuple(children))
    for place in mine:
        found[place] = replace(found[place], siblings=tuple(k for k in mine if k != place))
    return mine


def _orders(spec: EventSpec, cast: Cast) -> list[tuple[int, str, Any]]:
    orders = [
        (cast.index[name], kind, getattr(action, kind)) for name, action in spec.told.items() for kind in action.kinds
    ]
    # Somebody who appears and does something else does so where it appears; who vanishes does so last.
    orders.sort(key=lambda order: {"appear": -1, "vanish": 1}.get(order[1], 0))
    if spec.weather is not None:
        orders.append((WORLD, "weather", spec.weather))
    if spec.signals is not None:
        orders.append((WORLD, "signals", spec.signals))
    return orders


def beginning(story: tuple[Element, ...]) -> tuple[Progress, ...]:
    """How far a story has come before the first tick."""
    return tuple(Progress(Tale("standby" if element.parent is None else "idle")) for element in story)


def foreseeable(story: Sequence[EventSpec], event: EventSpec) -> float | None:
    """When an event of the top level starts [s], where the file alone decides that: a time, or so long after such."""
    delay = 0.0
    for _ in story:
        when = event.when
        if when is None or when.edge != "none":
            return None if when is not None else delay
        delay += when.delay
        if when.time is not None:
            return max(when.time.after or 0.0, when.after) + delay
        if when.event is None or when.event.started is None or when.after > 0.0:
            return None
        delay += when.event.delay
        cause = next((other for other in story if other.name == when.event.started), None)
        if cause is None:
            return None
        event = cause
    return None
