"""What the file says of a place after it was dragged elsewhere."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import DocPath
from roadlab.scenario.spec import LanePosition, RoadPosition, WorldPosition
from roadlab_tools.viewer.writing.handles import Handle, to_the_left
from roadlab_tools.viewer.writing.shifting import is_computed, shifted
from roadlab_tools.viewer.writing.text import Scalars

Point = tuple[float, float]

SMALLEST = 0.1
"""Free space between two that is left when one is dragged onto the other [m]."""


@dataclass(frozen=True)
class Drop:
    """How the keys of a place change."""

    shifts: Mapping[str, float]
    """What lengths grow by [m]."""
    words: Mapping[str, str | int] = field(default_factory=dict)
    """What others become: `road`, `lane`; of `lanes` the growth."""


def dropped(handle: Handle, to: Point, network: RoadNetwork) -> Drop:
    """What changes when the handle is dropped at `to` [m]; ValueError where it cannot stand.

    Of a place relative to something the distance from that changes, so that it stays relative.
    """
    drop = _RULES[handle.kind](handle, to, network)
    least = {key: SMALLEST - now for key, now in handle.now.items() if key == "gap"}
    shifts = {key: max(by, least.get(key, by)) for key, by in drop.shifts.items() if key in handle.keys}
    return Drop(shifts, {key: word for key, word in drop.words.items() if key in handle.keys})


def written(handle: Handle, to: Point, network: RoadNetwork, text: str) -> str:
    """The text with the handle dropped at `to`; ValueError where that cannot be.

    Only keys that are there are changed: a place in a lane without `offset` stays in the lane's middle.
    """
    scalars, drop = Scalars.of(text), dropped(handle, to, network)
    values: dict[DocPath, str] = {}
    for key, by in drop.shifts.items():
        values |= shifted(scalars, (*handle.path, key), by)
    if not values:
        raise ValueError(f"{handle.label} is not in the file any more")
    for key, word in drop.words.items():
        values |= _word(handle, key, word, scalars)
    return scalars.with_values(values)


def _word(handle: Handle, key: str, word: str | int, scalars: Scalars) -> dict[DocPath, str]:
    path = (*handle.path, key)
    if path not in scalars.at:
        return {}
    old = scalars.at[path].text
    before, after = (0, word) if key == "lanes" else (getattr(handle.position, key), word)
    if before == after:
        return {}
    if is_computed(old):
        raise ValueError(f"the {key} of {handle.label} is computed in the file: it can be dragged along {before} only")
    return {path: str(int(old) + int(word)) if key == "lanes" else str(word)}


def told(handle: Handle, drop: Drop) -> str:
    """For the person who drags: `elm_street, lane -1, s 41.3 m`; of what is computed, by how much it moves."""
    words = [str(word) if key == "road" else f"{key} {word}" for key, word in drop.words.items() if key != "lanes"]
    lengths = [
        f"{key} {handle.now[key] + by:.1f} m" if key in handle.now else f"{key} moves by {by:+.1f} m"
        for key, by in drop.shifts.items()
        if key != "offset"
    ]
    return ", ".join([*words, *lengths])


# --- by the kind of place --------------------------------------------------------------------------------------------


def _in_world(handle: Handle, to: Point, _: RoadNetwork) -> Drop:
    return Drop({"x": to[0] - handle.at[0], "y": to[1] - handle.at[1]})


def _on_road(handle: Handle, to: Point, network: RoadNetwork) -> Drop:
    """On the road that is there, or else further along the one where it is."""
    position = handle.position
    if isinstance(position, WorldPosition):
        raise ValueError(f"{handle.label} stands on no road in this run")
    found = network.locate([to])
    name = network.road_names[int(found.road[0])] if found.road[0] >= 0 else position.road
    name = name if name in network.roads else position.road
    if name != position.road and not ("road" in handle.keys and "s" in handle.now):
        name = position.road  # what an s is computed of, or another file says, is of that road
    s, t = _along(name, to, network)
    if isinstance(position, RoadPosition):
        return Drop({"s": s - position.s, "t": t - position.t}, {"road": name})
    lane = int(network.every_road[name].lane_at(s, t)) if "lane" in handle.keys else position.lane
    if lane == 0:
        raise ValueError(f"there is no lane of {name} here, and {handle.label} stands on one")
    offset = t - network.every_road[name].lane_center_t(lane, s)
    return Drop({"s": s - position.s, "offset": offset - position.offset}, {"road": name, "lane": lane})


def _along(road: str, to: Point, network: RoadNetwork) -> Point:
    s, t = (float(value[0]) for value in network.every_road[road].locate([to]))
    return min(max(s, 0.0), network.every_road[road].length - 0.05), t


def _in_lane_of_a_type(handle: Handle, to: Point, network: RoadNetwork) -> Drop:
    ahead, left = _ahead(handle, to, network, facing=1)
    return Drop({"s": ahead, "offset": left})


def _before_or_behind(handle: Handle, to: Point, network: RoadNetwork) -> Drop:
    """In the other's lane or one beside it."""
    sign = -1.0 if handle.kind == "behind" else 1.0
    facing = _facing(handle, network)
    ahead, left = _ahead(handle, to, network, facing)
    position, across = handle.position, 0
    if isinstance(position, LanePosition) and "lanes" in handle.keys:
        road = network.every_road[position.road]
        s, t = _along(position.road, to, network)
        lane, ids = int(road.lane_at(s, t)), list(road.lane_ids)
        if lane in ids:
            across = facing * (ids.index(lane) - ids.index(position.lane))
            left = facing * (t - road.lane_center_t(lane, s) - position.offset)
    return Drop({"by": sign * ahead, "gap": sign * ahead, "offset": facing * left}, {"lanes": across})


def _beside(handle: Handle, to: Point, network: RoadNetwork) -> Drop:
    ahead, left = _ahead(handle, to, network, _facing(handle, network))
    return Drop({"along": ahead, "gap": handle.outward * left})


def _along_route(handle: Handle, to: Point, network: RoadNetwork) -> Drop:
    return Drop({"along": _ahead(handle, to, network, _facing(handle, network))[0]})


def _at_crosswalk(handle: Handle, to: Point, network: RoadNetwork) -> Drop:
    """Who stands there looks across the road: on its right the road goes to the right, on its left to the left."""
    heading = network.pose(handle.position)[2]
    step = (to[0] - handle.at[0], to[1] - handle.at[1])
    back = -(step[0] * math.cos(heading) + step[1] * math.sin(heading))
    return Drop({"along": handle.outward * to_the_left(step, heading), "back": back})


def _facing(handle: Handle, network: RoadNetwork) -> int:
    """1 for who looks along the road, -1 for who looks back along it."""
    position = handle.position
    if not isinstance(position, LanePosition):
        return 1 if math.cos(position.heading) >= 0.0 else -1
    road = network.every_road[position.road]
    return 1 if road.lane_direction(position.lane, int(road.section_at(position.s))) > 0 else -1


def _ahead(handle: Handle, to: Point, network: RoadNetwork, facing: int) -> Point:
    """How far ahead and to the left of where it stands a point is [m], along the road where it stands on one."""
    position = handle.position
    if isinstance(position, WorldPosition):
        step = (to[0] - handle.at[0], to[1] - handle.at[1])
        h = position.heading
        return step[0] * math.cos(h) + step[1] * math.sin(h), to_the_left(step, h)
    (s, t), (here, own) = (_along(position.road, point, network) for point in (to, handle.at))
    return facing * (s - here), facing * (t - own)


_RULES: Mapping[str, Callable[[Handle, Point, RoadNetwork], Drop]] = {
    "world": _in_world,
    "road": _on_road,
    "lane": _on_road,
    "lane_type": _in_lane_of_a_type,
    "ahead": _before_or_behind,
    "behind": _before_or_behind,
    "beside": _beside,
    "route": _along_route,
    "crosswalk": _at_crosswalk,
}
