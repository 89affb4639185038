"""The parts of a scenario that can be checked against one another, although others may be broken."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from roadlab.scenario.document import Node
from roadlab.scenario.problems import Problem
from roadlab.scenario.spec import ActorSpec, EventSpec, MapSpec, ScenarioSpec, SensorSpec


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

    @staticmethod
    def of(spec: ScenarioSpec) -> Parts:
        """All parts of a scenario that could be read as a whole."""
        return Parts(spec.map, spec.actors, spec.story, spec.sensors, spec.duration, spec.step)


def sound_parts(root: Node, problems: Iterable[Problem]) -> Parts:
    """The parts of a document in which there is no problem; none at all when not every problem is known."""
    try:
        return _without_broken(root, problems)
    except ValidationError:
        return Parts(None, {}, (), {}, None, None)


def _without_broken(root: Node, problems: Iterable[Problem]) -> Parts:
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
        story=(part("story") or ()) if names_known else (),
        sensors=part("sensors") or {},
        duration=part("duration"),
        step=part("step"),
        broken_actors=tuple(name for name in written if name not in whole),
    )
