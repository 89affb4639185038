"""Places that stand in a scenario's text and can be dragged on the map."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from roadlab.scenario import Scenario
from roadlab.scenario.document import DocPath
from roadlab.scenario.spec import LanePosition, Position, RoadPosition, WorldPosition
from roadlab.scenario.spec.positions import place_kind
from roadlab_tools.viewer.writing.shifting import is_computed, metres
from roadlab_tools.viewer.writing.text import Scalars

Place = LanePosition | RoadPosition | WorldPosition

_POSITION: TypeAdapter[Any] = TypeAdapter(Position)


@dataclass(frozen=True)
class Handle:
    """A place of the file on the map."""

    path: DocPath
    actor: str
    label: str
    """Such as `anna` for where she starts, `anna 2` for the second point of her way."""
    is_start: bool
    kind: str
    """Of `roadlab.scenario.spec.positions.place_kind`: how the place is written."""
    keys: frozenset[str]
    """That stand in the file."""
    now: Mapping[str, float]
    """Of these, lengths that are written as numbers [m]; the others are computed, or chance decides them."""
    position: Place
    """Where that is in this run."""
    at: tuple[float, float]
    """World [m]."""
    outward: int = 1
    """Of a place beside another actor or at a crosswalk: 1 when it is on the left, else -1."""


def handles_of(text: str, scenario: Scenario) -> tuple[Handle, ...]:
    """The places of the text's actors and of its story that a number says; none while it is no YAML."""
    try:
        scalars = Scalars.of(text)
    except ValueError:
        return ()
    found = (_handle(path, keys, scalars, scenario) for path, keys in scalars.mappings("actors", "story").items())
    return tuple(handle for handle in found if handle is not None)


def why_fixed(text: str, actor: str) -> str:
    """What to tell who drags an actor that has no handle."""
    scalars = Scalars.of(text)
    if ("actors", actor, "at", "anywhere") in scalars.at:
        return f"chance puts {actor} there (anywhere): write a place into the file to drag it"
    return f"no number of the file says where {actor} alone is: several share it, or traffic or a template makes it"


def _handle(path: DocPath, keys: frozenset[str], scalars: Scalars, scenario: Scenario) -> Handle | None:
    actor = _actor(path)
    if actor is None:
        return None
    there = scalars.below(path)
    plain = {key: -1 if key == "lane" and is_computed(one.text) else one.value for key, one in there.items()}
    position = _decided(scenario.spec, path) or _plain(plain)
    # A part of a place, of which an included file says the rest, has the kind of the whole.
    kind = place_kind(dict.fromkeys(keys, 0.0) | plain) or place_kind(position)
    if kind is None or position is None or not keys & _SAYING[kind]:
        return None
    network = scenario.network
    if isinstance(position, LanePosition | RoadPosition) and network.problems_of(position):
        return None
    x, y, _ = network.pose(position)
    is_start = path[-1] == "at"
    label = actor if is_start else f"{actor} {int(path[-1]) + 1 if isinstance(path[-1], int) else ''}".strip()
    now = {key: length for key, one in there.items() if (length := metres(one.text)) is not None}
    outward = 1 if plain.get("side") == "left" else -1
    if kind == "beside":
        outward = _side(str(plain["beside"]), (x, y), scenario)
    return Handle(path, actor, label, is_start, kind, keys, now, position, (x, y), outward)


_SAYING: Mapping[str, frozenset[str]] = {
    "lane": frozenset({"s"}),
    "road": frozenset({"s"}),
    "world": frozenset({"x", "y"}),
    "lane_type": frozenset({"s"}),
    "ahead": frozenset({"by", "gap"}),
    "behind": frozenset({"by", "gap"}),
    "beside": frozenset({"gap", "along"}),
    "route": frozenset({"along"}),
    "crosswalk": frozenset({"along", "back"}),
    "anywhere": frozenset(),
}
"""Keys of which one must be there, by kind."""


def _actor(path: DocPath) -> str | None:
    """Whose place it is: of `actors.NAME...`, and in a story of `...do.NAME...`."""
    if path[:1] == ("actors",) and len(path) > 2:
        return str(path[1])
    if "do" in path and path.index("do") + 2 < len(path):
        return str(path[path.index("do") + 1])
    return None


def _decided(spec: Any, path: DocPath) -> Place | None:
    """The place in the decided scenario; of a row the first one's."""
    node = spec
    for key in path:
        if isinstance(node, dict):
            node = node.get(key, node.get(f"{key}[0]"))
        elif isinstance(node, list | tuple):
            node = node[key] if isinstance(key, int) and key < len(node) else None
        else:
            node = getattr(node, str(key), None)
    return node if isinstance(node, LanePosition | RoadPosition | WorldPosition) else None


def _plain(values: Mapping[str, Any]) -> Place | None:
    """A place that is written in numbers alone."""
    try:
        place: Place = _POSITION.validate_python(dict(values))
    except (ValidationError, PydanticCustomError):
        return None
    return place


def _side(other: str, at: tuple[float, float], scenario: Scenario) -> int:
    spec = scenario.spec.actors.get(other)
    if spec is None:
        return 1
    x, y, heading = scenario.network.pose(spec.at)
    return 1 if to_the_left((at[0] - x, at[1] - y), heading) > 0.0 else -1


def to_the_left(by: tuple[float, float], heading: float) -> float:
    """How far a step goes to the left of a heading [m]."""
    return by[1] * math.cos(heading) - by[0] * math.sin(heading)
