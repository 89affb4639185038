"""The parts of a scenario that can be checked against one another, although others may be broken."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from roadlab.scenario.document import Node
from roadlab.scenario.groups import Names, written_out
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import (
    ActionSpec,
    ActorSpec,
    AppearAction,
    EventSpec,
    MapSpec,
    ModelSpec,
    ObjectSpec,
    ScenarioSpec,
    SensorSpec,
    all_events,
)
from roadlab.scenario.spec.output import OutputSpec
from roadlab.scenario.spec.pedestrians import PedestriansSpec


class UnreadEvent(EventSpec):
    """An event in which something is wrong; only its name is known, and the names of those in it."""


@dataclass(frozen=True)
class Parts:
    """What could be read of a scenario; None or absent where it could not."""

    map: MapSpec | None
    actors: Mapping[str, ActorSpec]
    story: Sequence[EventSpec]
    sensors: Mapping[str, SensorSpec]
    duration: float | None
    step: float | None
    broken_actors: tuple[str, ...] = ()
    pedestrians: Sequence[PedestriansSpec] = ()
    groups: Mapping[str, Sequence[str]] = field(default_factory=dict)
    output: OutputSpec | None = None
    models: Mapping[str, ModelSpec] | None = None
    objects: Mapping[str, ObjectSpec] = field(default_factory=dict)

    @cached_property
    def names(self) -> Names:
        """Who takes part, one by one and in groups."""
        return Names(tuple(written_out(self.actors)), self.groups)

    def told(self, name: str) -> Iterator[ActionSpec]:
        """Everything that the story may tell an actor, by itself or in a group."""
        for event in all_events(self.story):
            if isinstance(event, UnreadEvent):
                yield ActionSpec(appear=AppearAction(), vanish=True)  # for all one knows
            yield from (action for who, action in event.told.items() if name in self.names.members(who))

    @staticmethod
    def of(spec: ScenarioSpec) -> Parts:
        """All parts of a scenario that could be read as a whole."""
        return Parts(
            spec.map,
            spec.actors,
            spec.story,
            spec.sensors,
            spec.duration,
            spec.step,
            (),
            spec.pedestrians,
            spec.groups,
            spec.output,
            spec.models,
            spec.objects,
        )


def sound_parts(root: Node, problems: Sequence[Problem]) -> Parts:
    """The parts of a document in which there is no problem; none at all when not every problem is known."""
    try:
        return _without_broken(root, problems)
    except ValidationError:
        return Parts(None, {}, (), {}, None, None)


def _without_broken(root: Node, problems: Sequence[Problem]) -> Parts:
    broken = {problem.path[:depth] for problem in problems for depth in (1, 2)}
    plain = root.plain()
    data = plain if isinstance(plain, dict) else {}

    def part(name: str) -> Any:
        """Its value, its default when the file has none, or None when it is broken."""
        field = ScenarioSpec.model_fields[name]
        if (name,) in broken or (name not in data and field.is_required()):
            return None
        if name not in data:
            return field.default
        kind: Any = Annotated[field.annotation, field]
        return TypeAdapter(kind).validate_json(json.dumps(data[name]))

    names_known = isinstance(data.get("actors"), dict)
    written = data["actors"] if names_known else {}
    whole = {name: actor for name, actor in written.items() if ("actors", name) not in broken}
    actors = TypeAdapter(dict[str, ActorSpec]).validate_json(json.dumps(whole))
    return Parts(
        map=part("map"),
        actors=actors,
        story=list(_story(root, data.get("story"), problems)) if names_known else (),
        sensors=part("sensors") or {},
        duration=part("duration"),
        step=part("step"),
        broken_actors=tuple(name for name in written if name not in whole),
        groups=part("groups") or {},
        output=part("output"),
        models=part("models"),
        objects=part("objects") or {},
    )


def _story(root: Node, written: object, problems: Sequence[Problem]) -> Iterator[EventSpec]:
    """Every event at its number; those in which something is wrong unread."""
    whole = root.child("story")
    if not isinstance(written, list) or whole is None or ("story",) in {problem.path for problem in problems}:
        return
    broken = {problem.path[1] for problem in problems if problem.path[0:1] == ("story",)}
    for number, event in enumerate(written):
        if number in broken:
            yield _unread(event)
        else:
            yield TypeAdapter(EventSpec).validate_json(json.dumps(event))


def _unread(event: object) -> UnreadEvent:
    keys = event if isinstance(event, dict) else {}
    groups = [inside for key in ("sequence", "parallel") if isinstance(inside := keys.get(key), list)]
    name = keys["name"] if isinstance(keys.get("name"), str) else None
    return UnreadEvent.model_construct(name=name, parallel=[_unread(one) for group in groups for one in group])
