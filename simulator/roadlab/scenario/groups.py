"""Groups: one name for several actors, in the story and in conditions.

A row is a group without further ado. What a group is told each member is told; a condition on a group is one on each
member, of which any or all must hold. As entity selections in ASAM OpenSCENARIO XML 1.3.1, section 7.3.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Protocol

from roadlab.scenario.constraints import Constraint
from roadlab.scenario.expressions import Expression
from roadlab.scenario.scene_functions import ABOUT_EVENTS
from roadlab.scenario.spec import ActionSpec, ActorSpec, EventSpec, WhenSpec

MAX_MEMBERS = 500
MAX_CONDITIONS = 1000
"""On the members of groups, from one condition."""
_ROLES = ("actor", "target", "other", "relative_to")
_GROUPS = ("all", "any", "none")


class WhoIsWho(Protocol):
    """What can be asked about the names in a condition."""

    def members(self, name: str) -> tuple[str, ...]:
        """The actors that a name stands for, each once; none for an unknown one."""

    def is_several(self, name: str) -> bool:
        """Whether it is the name of a group or a row."""


@dataclass(frozen=True)
class Names:
    """Who takes part, one by one, and what several are called together."""

    actors: tuple[str, ...]
    """Rows written out."""
    groups: Mapping[str, Sequence[str]]

    def members(self, name: str) -> tuple[str, ...]:
        """See `WhoIsWho`."""
        if name in self.groups:
            return tuple(dict.fromkeys(one for part in self.groups[name] for one in self._row(part)))
        return self._row(name)

    @property
    def without_groups(self) -> Names:
        """Actors and rows alone."""
        return Names(self.actors, {})

    def is_several(self, name: str) -> bool:
        """See `WhoIsWho`."""
        return name not in self.actors and bool(self.members(name))

    def _row(self, name: str) -> tuple[str, ...]:
        if name in self.actors:
            return (name,)
        return tuple(actor for actor in self.actors if actor.startswith(f"{name}["))


def written_out(actors: Mapping[str, ActorSpec]) -> Iterator[str]:
    """The names of all actors of a file, rows written out."""
    for name, actor in actors.items():
        if actor.repeat is None:
            yield name
        else:
            yield from (f"{name}[{k}]" for k in range(actor.repeat.count))


# --- the story --------------------------------------------------------------------------------------------------------


def told_each(told: Mapping[str, ActionSpec], names: Names) -> dict[str, ActionSpec]:
    """What an event tells every single actor."""
    return {member: action for name, action in told.items() for member in names.members(name) or (name,)}


def one_by_one(story: Sequence[EventSpec], names: Names) -> list[EventSpec]:
    """The same story in which every name is that of one actor."""
    return [_event(event, names) for event in story]


def _event(event: EventSpec, names: Names) -> EventSpec:
    changed: dict[str, Any] = {}
    if event.do is not None:
        changed["do"] = told_each(event.do, names)
    for key in ("when", "until"):
        when: WhenSpec | None = getattr(event, key)
        if when is not None:
            changed[key] = _condition(when, names)
    for key in ("sequence", "parallel"):
        inside = getattr(event, key)
        if inside is not None:
            changed[key] = one_by_one(inside, names)
    return event.model_copy(update={key: new for key, new in changed.items() if new != getattr(event, key)})


def _condition(when: WhenSpec, names: Names) -> WhenSpec:
    if when.kind in _GROUPS:
        parts = getattr(when, when.kind)
        return when.model_copy(update={when.kind: [_condition(part, names) for part in parts]})
    every = list(conditions_on_each(when, names))
    if len(every) == 1 and every[0] is getattr(when, when.kind):
        return when
    how = {key: getattr(when, key) for key in ("edge", "delay", "after")}
    each = [WhenSpec.model_validate({when.kind: one}) for one in every]
    return WhenSpec.model_validate({when.members or "any": each, **how})


def conditions_on_each(when: WhenSpec, names: Names) -> Iterator[Any]:
    """A condition, or several like it when it names groups: one for every choice of different members."""
    condition = getattr(when, when.kind)
    between = getattr(condition, "between", None)
    named = list(between) if between is not None else [getattr(condition, role, None) for role in _ROLES]
    if not any(name is not None and names.is_several(name) for name in named):
        yield condition
        return
    choices = [(None,) if name is None else names.members(name) or (name,) for name in named]
    for chosen in product(*choices):
        given = [name for name in chosen if name is not None]
        if len(set(given)) == len(given):
            roles = dict(zip(_ROLES, chosen, strict=True)) if between is None else {"between": list(chosen)}
            known = {role: name for role, name in roles.items() if role in type(condition).model_fields}
            yield condition.model_copy(update=known)


def count_of_conditions(when: WhenSpec, names: Names) -> int:
    """At most so many conditions come of one."""
    condition = getattr(when, when.kind)
    named = [*getattr(condition, "between", ()), *(getattr(condition, role, None) for role in _ROLES)]
    count = 1
    for name in named:
        count *= max(1, len(names.members(name))) if name is not None else 1
    return count


# --- require and expect -----------------------------------------------------------------------------------------------


def each_of(constraint: Constraint, names: WhoIsWho) -> list[Constraint]:
    """A condition, or several like it when it names groups: it must hold for every choice of different members."""
    named = dict.fromkeys(
        str(part.value)
        for call in constraint.expression.walk()
        if call.kind == "call" and call.value not in ABOUT_EVENTS
        for part in call.parts
        if part.kind in ("name", "text") and names.is_several(str(part.value))
    )
    if not named:
        return [constraint]
    found: list[Constraint] = []
    for chosen in product(*(names.members(name) for name in named)):
        if len(set(chosen)) == len(chosen) and len(found) < MAX_CONDITIONS:
            member = dict(zip(named, chosen, strict=True))
            found.append(replace(constraint, expression=_renamed(constraint.expression, member.get)))
    return found or [constraint]


def _renamed(node: Expression, member: Callable[[str], str | None]) -> Expression:
    parts = tuple(_renamed(part, member) for part in node.parts)
    if node.kind == "call" and node.value not in ABOUT_EVENTS:
        parts = tuple(
            replace(part, kind="text", value=chosen)
            if part.kind in ("name", "text") and (chosen := member(str(part.value))) is not None
            else part
            for part in parts
        )
    return replace(node, parts=parts)
