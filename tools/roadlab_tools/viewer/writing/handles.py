"""Places that stand in a scenario's text and can be dragged on the map."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_args

from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import DocPath
from roadlab.scenario.quantities import Length
from roadlab.scenario.spec import LanePosition, Position, RoadPosition, WorldPosition
from roadlab_tools.viewer.writing.text import Scalars

Place = LanePosition | RoadPosition | WorldPosition

_POSITION: TypeAdapter[Any] = TypeAdapter(Position)
_LENGTH = get_args(Length)[1]
_NUMBER = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(\s*)(\S*)")


@dataclass(frozen=True)
class Handle:
    """A place of the file on the map."""

    path: DocPath
    actor: str
    label: str
    """Such as `anna` for where she starts, `anna 2` for the second point of her way."""
    is_start: bool
    position: Place
    at: tuple[float, float]
    """World [m]."""


def handles_of(text: str, network: RoadNetwork) -> tuple[Handle, ...]:
    """The places of the text's actors and of its story that are written as numbers; none while it is no YAML."""
    try:
        scalars = Scalars.of(text)
    except ValueError:
        return ()
    parents = dict.fromkeys(path[:-1] for path in scalars.at if path and path[0] in ("actors", "story"))
    found = (_handle(path, scalars, network) for path in parents)
    return tuple(handle for handle in found if handle is not None)


def _handle(path: DocPath, scalars: Scalars, network: RoadNetwork) -> Handle | None:
    plain = {key: one.value for key, one in scalars.below(path).items()}
    actor = _actor(path)
    if actor is None or not any(key in plain for key in ("s", "x")):
        return None
    try:
        position: Place = _POSITION.validate_python(plain)
    except (ValidationError, PydanticCustomError):
        return None
    if isinstance(position, LanePosition | RoadPosition) and network.problems_of(position):
        return None
    x, y, _ = network.pose(position)
    is_start = path[-1] == "at"
    label = actor if is_start else f"{actor} {int(path[-1]) + 1 if isinstance(path[-1], int) else ''}".strip()
    return Handle(path, actor, label, is_start, position, (x, y))


def _actor(path: DocPath) -> str | None:
    """Whose place it is: of `actors.NAME...`, and in a story of `...do.NAME...`."""
    if path[0] == "actors" and len(path) > 2:
        return str(path[1])
    if "do" in path and path.index("do") + 2 < len(path):
        return str(path[path.index("do") + 1])
    return None


def dropped(handle: Handle, to: tuple[float, float], network: RoadNetwork) -> dict[str, float | str]:
    """What the handle's keys become when it is dropped at `to` [m]; ValueError where it cannot stand."""
    if isinstance(handle.position, WorldPosition):
        return {"x": round(to[0], 1), "y": round(to[1], 1)}
    found = network.locate([to])
    road = network.road_names[int(found.road[0])] if found.road[0] >= 0 else handle.position.road
    road = road if road in network.roads else handle.position.road
    s, t = (float(value[0]) for value in network.every_road[road].locate([to]))
    s = min(max(round(s, 1), 0.0), round(network.every_road[road].length - 0.05, 1))
    if isinstance(handle.position, RoadPosition):
        return {"road": road, "s": s, "t": round(t, 1)}
    lane = int(network.every_road[road].lane_at(s, t))
    if lane == 0:
        raise ValueError(f"there is no lane of {road} here, and {handle.label} stands on one")
    center = network.every_road[road].lane_center_t(lane, s)
    return {"road": road, "lane": lane, "s": s, "offset": round(t - center, 1)}


def written(handle: Handle, to: tuple[float, float], network: RoadNetwork, text: str) -> str:
    """The text with the handle dropped at `to`; ValueError where that cannot be.

    Only keys that are there are changed: a place in a lane without `offset` stays in the lane's middle.
    """
    scalars = Scalars.of(text)
    there = scalars.below(handle.path)
    values: dict[DocPath, str] = {}
    for key, value in dropped(handle, to, network).items():
        if key in there:
            old = there[key].text
            values[(*handle.path, key)] = value if isinstance(value, str) else in_unit(value, old)
    if not values or not any(key in there for key in ("s", "x")):
        raise ValueError(f"{handle.label} is not in the file any more")
    return scalars.with_values(values)


def in_unit(metres: float, like: str) -> str:
    """A length as a number in the unit in which another one is written: 41.3 like `38 m` is `41.3 m`."""
    match = _NUMBER.fullmatch(like)
    if match is None or not match[3]:
        return f"{metres:g}"
    return f"{metres / _LENGTH.parse(f'1 {match[3]}'):.6g}{match[2]}{match[3]}"


def told(values: Mapping[str, float | str]) -> str:
    """For the person who drags: `elm_street, lane -1, s 41.3 m`."""
    parts = [
        str(value) if key == "road" else f"{key} {value}" if key == "lane" else f"{key} {value:g} m"
        for key, value in values.items()
        if key != "offset"
    ]
    return ", ".join(parts)
