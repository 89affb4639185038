"""Named cross-sections of roads: lanes, their types, widths and marks.

Widths and marks follow German practice: RASt 06 (urban), RAA (motorway), RAL (country) and RMS-1 (marks).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

LaneType = Literal["driving", "parking", "biking", "sidewalk", "shoulder", "border", "verge"]
MarkType = Literal["none", "solid", "broken"]

ROAD_LEVEL: tuple[LaneType, ...] = ("driving", "parking", "biking", "shoulder", "border")
"""Lane types paved at the height of the carriageway."""

KERB_HEIGHT = 0.12
KERB_WIDTH = 0.15


@dataclass(frozen=True, slots=True)
class RoadMark:
    """A line painted along a lane's boundary, centred on it."""

    type: MarkType
    width: float = 0.12
    color: Literal["white", "yellow"] = "white"
    length: float = 0.0
    """Of a dash [m]; 0 for solid lines."""
    space: float = 0.0
    """Between two dashes [m]."""


NO_MARK = RoadMark("none")


@dataclass(frozen=True, slots=True)
class Lane:
    """A lane of constant width; id negative to the right of the reference line, positive to the left."""

    id: int
    type: LaneType
    width: float
    mark: RoadMark = NO_MARK
    """On its boundary away from the reference line."""
    height: float = 0.0
    """Above the carriageway [m]."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A cross-section."""

    lanes: tuple[Lane, ...]
    """In order of id: from the right edge of the road to its left edge."""
    center_mark: RoadMark
    """On the reference line."""
    one_way: bool = False
    """All lanes run along s; else lanes on the left run against it."""


_URBAN_BROKEN = RoadMark("broken", 0.12, length=3.0, space=6.0)
_COUNTRY_BROKEN = RoadMark("broken", 0.12, length=4.0, space=8.0)
_MOTORWAY_BROKEN = RoadMark("broken", 0.15, length=6.0, space=12.0)
_THIN = RoadMark("solid", 0.12)
_WIDE = RoadMark("solid", 0.25)
_EDGE = RoadMark("solid", 0.15)
_MOTORWAY_EDGE = RoadMark("solid", 0.30)

_Side = tuple[tuple[LaneType, float, RoadMark], ...]


def _lanes(right: _Side, left: _Side) -> tuple[Lane, ...]:
    """Lanes of either side, each listed from the reference line outwards."""

    def lane(number: int, kind: LaneType, width: float, mark: RoadMark) -> Lane:
        return Lane(number, kind, width, mark, KERB_HEIGHT if kind == "sidewalk" else 0.0)

    negative = [lane(-i, *entry) for i, entry in enumerate(right, 1)]
    positive = [lane(i, *entry) for i, entry in enumerate(left, 1)]
    return (*reversed(negative), *positive)


def _symmetric(*side: tuple[LaneType, float, RoadMark], center: RoadMark) -> Profile:
    return Profile(_lanes(side, side), center)


PROFILES: dict[str, Profile] = {
    "urban_2x1": _symmetric(
        ("driving", 3.5, NO_MARK),
        ("sidewalk", 3.8, NO_MARK),
        center=_URBAN_BROKEN,
    ),
    "urban_2x1_parking": _symmetric(
        ("driving", 3.25, _THIN),
        ("parking", 2.1, NO_MARK),
        ("sidewalk", 2.6, NO_MARK),
        center=_URBAN_BROKEN,
    ),
    "urban_2x1_cycle": _symmetric(
        ("driving", 3.25, _WIDE),
        ("biking", 1.85, NO_MARK),
        ("sidewalk", 2.6, NO_MARK),
        center=_URBAN_BROKEN,
    ),
    "motorway_3": Profile(
        _lanes(
            right=(
                ("driving", 3.75, _MOTORWAY_BROKEN),
                ("driving", 3.75, _MOTORWAY_BROKEN),
                ("driving", 3.75, _MOTORWAY_EDGE),
                ("shoulder", 2.5, NO_MARK),
                ("verge", 1.5, NO_MARK),
            ),
            left=(("shoulder", 0.75, NO_MARK), ("verge", 2.0, NO_MARK)),
        ),
        center_mark=_MOTORWAY_EDGE,
        one_way=True,
    ),
    "country_1x1": _symmetric(
        ("driving", 3.5, _EDGE),
        ("border", 0.5, NO_MARK),
        ("verge", 1.5, NO_MARK),
        center=_COUNTRY_BROKEN,
    ),
}
