"""Where somebody or something is."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Discriminator, Field, Tag

from roadlab.scenario.quantities import Angle, Length
from roadlab.scenario.spec.base import Spec


class LanePosition(Spec):
    """On the centre of a lane; faces along the lane's direction of travel."""

    road: str
    lane: Annotated[int, Field(ge=-20, le=20)]
    s: Length
    offset: Length = Field(0.0, description="To the left of the lane's centre, seen along the road's direction.")
    heading: Angle = Field(0.0, description="Relative to the lane's direction of travel.")


class RoadPosition(Spec):
    """At (s, t) of a road's reference line; faces along the road."""

    road: str
    s: Length
    t: Length = Field(description="To the left of the road's reference line.")
    heading: Angle = Field(0.0, description="Relative to the road's direction.")


class WorldPosition(Spec):
    """At world coordinates, x east and y north."""

    x: Length
    y: Length
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
