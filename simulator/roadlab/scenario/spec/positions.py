"""Where somebody or something is."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from roadlab.scenario.quantities import Angle, Length, PositiveLength
from roadlab.scenario.spec.base import Spec


class LanePosition(Spec):
    """On the centre of a lane; faces along the lane's direction of travel."""

    road: str = Field(description="A key of the map's roads.")
    lane: Annotated[int, Field(ge=-20, le=20)] = Field(
        description="Counted from the road's reference line: -1, -2, ... to its right, 1, 2, ... to its left."
    )
    s: Length = Field(description="Along the road's reference line, from its start.")
    offset: Length = Field(0.0, description="To the left of the lane's centre, seen along the road's direction.")
    heading: Angle = Field(0.0, description="Relative to the lane's direction of travel.")


class RoadPosition(Spec):
    """At (s, t) of a road's reference line; faces along the road."""

    road: str = Field(description="A key of the map's roads.")
    s: Length = Field(description="Along the road's reference line, from its start.")
    t: Length = Field(description="To the left of the road's reference line.")
    heading: Angle = Field(0.0, description="Relative to the road's direction.")


class WorldPosition(Spec):
    """At world coordinates, x east and y north."""

    x: Length = Field(description="To the east.")
    y: Length = Field(description="To the north.")
    heading: Angle = Field(0.0, description="Counter-clockwise from east.")


POSITIONS: dict[str, type[Spec]] = {"lane": LanePosition, "road": RoadPosition, "world": WorldPosition}


def position_kind(value: Any) -> str | None:
    """Which of `POSITIONS` the keys of a mapping fit best; None when they fit none, or two as well."""
    if isinstance(value, Spec):
        return next((kind for kind, cls in POSITIONS.items() if isinstance(value, cls)), None)
    keys = set(value) if isinstance(value, dict) else set()
    fits = {kind: 2 * len(keys & cls.model_fields.keys()) - len(keys) for kind, cls in POSITIONS.items()}
    best = max(fits, key=lambda kind: fits[kind])
    if fits[best] <= 0 or keys <= {"road", "s", "heading"}:
        return None
    return best


Position = Annotated[
    Annotated[LanePosition, Tag("lane")]
    | Annotated[RoadPosition, Tag("road")]
    | Annotated[WorldPosition, Tag("world")],
    Discriminator(
        position_kind,
        custom_error_type="position",
        custom_error_message="expected a place: {road, lane, s}, {road, s, t} or {x, y}",
    ),
]


# --- places that are worked out when a scenario is decided -----------------------------------------------------------


class LaneTypePlace(Spec):
    """On the first lane of a type, counted from the middle of the road; parked in a bay, on a pavement."""

    road: str = Field(description="A key of the map's roads.")
    lane: Literal["driving", "parking", "biking", "sidewalk", "shoulder"]
    side: Literal["right", "left"] = Field("right", description="Of the road, seen along its direction.")
    s: Length = Field(description="Along the road's reference line, from its start.")
    offset: Length = Field(0.0, description="To the left of the lane's centre, seen along the road's direction.")
    heading: Angle = Field(0.0, description="Relative to the lane's direction of travel.")


class _InLane(Spec):
    by: Length | None = Field(None, description="Along the road, between the reference points of both.")
    gap: PositiveLength | None = Field(None, description="Free space along the road between the outlines of both.")
    lanes: Annotated[int, Field(ge=-10, le=10)] = Field(
        0, description="So many lanes to the left (or, negative, to the right) in its direction of travel."
    )
    offset: Length = Field(0.0, description="To the left of the lane's centre, seen along the road's direction.")
    heading: Angle = Field(0.0, description="Relative to the lane's direction of travel.")


class AheadPlace(_InLane):
    """In the lane of another actor or beside it, further along; exactly one of by and gap says how far."""

    ahead_of: str = Field(description="Name of an actor, such as ego or parked[3].")


class BehindPlace(_InLane):
    """In the lane of another actor or beside it, further back; exactly one of by and gap says how far."""

    behind: str = Field(description="Name of an actor, such as ego or parked[3].")


class BesidePlace(Spec):
    """Next to another actor, facing as it does."""

    beside: str = Field(description="Name of an actor, such as ego or parked[3].")
    side: Literal["left", "right", "kerb", "road"] = Field(
        "right", description="Of that actor; kerb is its side away from the middle of the road, road the other one."
    )
    gap: Annotated[Length, Field(ge=0.0)] = Field(0.5, description="Free space between both.")
    along: Length = Field(0.0, description="How far ahead of the middle of that actor.")
    heading: Angle = Field(0.0, description="Relative to that actor's heading.")


RelativePlace = AheadPlace | BehindPlace | BesidePlace
"""Relative to another actor, wherever that is when the place is asked for."""


class RoutePlace(Spec):
    """On a lane, so far along a route."""

    route: Annotated[list[str], Field(min_length=1, max_length=1000)] = Field(description="Roads in order.")
    lane: Annotated[int, Field(ge=-20, le=20)] = Field(-1, description="Of the first road.")
    along: Annotated[Length, Field(ge=0.0)] = Field(description="From the beginning of that lane.")


class CrosswalkPlace(Spec):
    """At the end of a crosswalk, on the pavement, facing across the road."""

    crosswalk: str = Field(description="Such as crosswalk[0], or market_cross/south.end in a junction.")
    side: Literal["right", "left"] = Field("right", description="Of the road, seen along its direction.")
    back: Length = Field(0.8, description="From the kerb.")
    along: Length = Field(0.0, description="From the middle of the crosswalk, along the road.")


class AnywherePlace(Spec):
    """A random place where the actor may be and where nobody else is."""

    anywhere: Literal["driving", "parking", "biking", "sidewalk"] = Field(description="A type of lane.")
    roads: Annotated[list[str], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="On these roads; by default on all."
    )
    clear: Annotated[Length, Field(ge=0.0)] = Field(1.0, description="Free space around it.")


PLACES: dict[str, type[Spec]] = {
    "lane_type": LaneTypePlace,
    "ahead": AheadPlace,
    "behind": BehindPlace,
    "beside": BesidePlace,
    "route": RoutePlace,
    "crosswalk": CrosswalkPlace,
    "anywhere": AnywherePlace,
}
_TELLING = {
    "ahead_of": "ahead",
    "behind": "behind",
    "beside": "beside",
    "route": "route",
    "crosswalk": "crosswalk",
    "anywhere": "anywhere",
}


def place_kind(value: Any) -> str | None:
    """Which of `POSITIONS` and `PLACES` the keys of a mapping mean."""
    if isinstance(value, Spec):
        return next((kind for kind, cls in (PLACES | POSITIONS).items() if type(value) is cls), None)
    if isinstance(value, dict):
        telling = [kind for key, kind in _TELLING.items() if key in value]
        if telling:
            return telling[0]
        lane = value.get("lane")
        if isinstance(lane, str) and not lane.lstrip("+-").replace(".", "").isdecimal():
            return "lane_type"
    return position_kind(value)


if TYPE_CHECKING:
    Place = Position
    """What authors write; once a scenario is decided only the three kinds of `Position` are left."""
    StoryPlace = Position
    """The same in the story, where places relative to others are left too: each is worked out when it is needed."""
else:
    Place = Annotated[
        Annotated[LanePosition, Tag("lane")]
        | Annotated[RoadPosition, Tag("road")]
        | Annotated[WorldPosition, Tag("world")]
        | Annotated[LaneTypePlace, Tag("lane_type")]
        | Annotated[AheadPlace, Tag("ahead")]
        | Annotated[BehindPlace, Tag("behind")]
        | Annotated[BesidePlace, Tag("beside")]
        | Annotated[RoutePlace, Tag("route")]
        | Annotated[CrosswalkPlace, Tag("crosswalk")]
        | Annotated[AnywherePlace, Tag("anywhere")],
        Discriminator(
            place_kind,
            custom_error_type="position",
            custom_error_message="expected a place: {road, lane, s}, {road, s, t}, {x, y}, {ahead_of, by} ...",
        ),
    ]
    StoryPlace = Place


def with_places(
    value: Any, change: Callable[[tuple[str | int, ...], Any], Any], path: tuple[str | int, ...] = ()
) -> Any:
    """A part of a scenario with each of its `PLACES` changed; `change` is given the path and the place there."""
    if type(value) in PLACES.values():
        return change(path, value)
    parts: Any = {}
    if isinstance(value, Spec):
        parts = {name: getattr(value, name) for name in type(value).model_fields}
    elif isinstance(value, dict):
        parts = value
    elif isinstance(value, list | tuple):
        parts = dict(enumerate(value))
    made = {key: with_places(part, change, (*path, key)) for key, part in parts.items()}
    changed = {key: part for key, part in made.items() if part is not parts[key]}
    if not changed:
        return value
    if isinstance(value, Spec):
        return value.model_copy(update=changed)
    return made if isinstance(value, dict) else list(made.values())
