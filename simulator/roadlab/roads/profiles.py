"""Named cross-sections of roads: lanes, their types, widths and marks.

Widths and marks follow German practice: RASt 06 (urban), RAA (motorway), RAL (country) and RMS-1 (marks); the circle
of small roundabouts follows the Merkblatt für die Anlage von Kreisverkehren (FGSV 2006).
"""

from __future__ import annotations

from dataclasses import dataclass

from roadlab.roads.cubics import Cubics
from roadlab.roads.lanes import ROAD_LEVEL, Lane, LaneType
from roadlab.roads.marks import NO_MARK, RoadMark

__all__ = [
    "KERB_HEIGHT",
    "KERB_WIDTH",
    "NO_MARK",
    "PROFILES",
    "ROAD_KINDS",
    "ROAD_LEVEL",
    "Lane",
    "LaneType",
    "Profile",
    "RoadMark",
]

KERB_HEIGHT = 0.12
KERB_WIDTH = 0.15


@dataclass(frozen=True, eq=False)
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
        marks = () if mark is NO_MARK else (mark,)
        return Lane(number, kind, Cubics.constant(width), marks, KERB_HEIGHT if kind == "sidewalk" else 0.0)

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
    "urban_2x1_parking_cycle": _symmetric(
        ("driving", 3.25, _WIDE),
        ("biking", 1.85, _THIN),
        ("parking", 2.1, NO_MARK),
        ("sidewalk", 2.6, NO_MARK),
        center=_URBAN_BROKEN,
    ),
    "urban_4x2": _symmetric(
        ("driving", 3.25, _URBAN_BROKEN),
        ("driving", 3.25, NO_MARK),
        ("sidewalk", 3.0, NO_MARK),
        center=RoadMark("solid solid", 0.12),
    ),
    "residential": _symmetric(
        ("driving", 2.75, NO_MARK),
        ("sidewalk", 2.0, NO_MARK),
        center=NO_MARK,
    ),
    "one_way": Profile(
        _lanes(
            right=(("driving", 3.5, NO_MARK), ("sidewalk", 2.5, NO_MARK)),
            left=(("sidewalk", 2.5, NO_MARK),),
        ),
        center_mark=NO_MARK,
        one_way=True,
    ),
    "one_way_parking": Profile(
        _lanes(
            right=(("driving", 3.25, _THIN), ("parking", 2.1, NO_MARK), ("sidewalk", 2.5, NO_MARK)),
            left=(("sidewalk", 2.5, NO_MARK),),
        ),
        center_mark=NO_MARK,
        one_way=True,
    ),
    "one_way_2": Profile(
        _lanes(
            right=(("driving", 3.25, _URBAN_BROKEN), ("driving", 3.25, NO_MARK), ("sidewalk", 2.5, NO_MARK)),
            left=(("sidewalk", 2.5, NO_MARK),),
        ),
        center_mark=NO_MARK,
        one_way=True,
    ),
    "motorway_2": Profile(
        _lanes(
            right=(
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
    "ramp": Profile(
        _lanes(
            right=(("driving", 4.5, _EDGE), ("shoulder", 1.5, NO_MARK), ("verge", 1.5, NO_MARK)),
            left=(("border", 0.5, NO_MARK), ("verge", 1.5, NO_MARK)),
        ),
        center_mark=_EDGE,
        one_way=True,
    ),
    "circle_1": Profile(
        _lanes(right=(("driving", 5.0, NO_MARK), ("sidewalk", 2.5, NO_MARK)), left=(("border", 1.5, NO_MARK),)),
        center_mark=NO_MARK,
        one_way=True,
    ),
    "circle_2": Profile(
        _lanes(
            right=(("driving", 4.0, _URBAN_BROKEN), ("driving", 4.0, NO_MARK), ("sidewalk", 2.5, NO_MARK)),
            left=(("border", 1.0, NO_MARK),),
        ),
        center_mark=NO_MARK,
        one_way=True,
    ),
}

ROAD_KINDS = {
    "motorway_2": "motorway",
    "motorway_3": "motorway",
    "ramp": "motorway",
    "country_1x1": "rural",
    "residential": "townLocal",
}
"""OpenDRIVE road types of profiles; the others are those of towns."""
