"""Lanes and lane sections, with all that OpenDRIVE says about them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from roadlab.roads.cubics import Cubics
from roadlab.roads.marks import NO_MARK, RoadMark

LaneType = Literal[
    "driving",
    "parking",
    "biking",
    "sidewalk",
    "shoulder",
    "border",
    "verge",
    "walking",
    "curb",
    "stop",
    "restricted",
    "median",
    "none",
    "entry",
    "exit",
    "onRamp",
    "offRamp",
    "connectingRamp",
    "slipLane",
    "bidirectional",
    "bus",
    "taxi",
    "HOV",
    "tram",
    "rail",
    "roadWorks",
    "shared",
    "special1",
    "special2",
    "special3",
]
"""Those of OpenDRIVE 1.8, and `verge`: grass that belongs to the road."""

CAR_LANES: tuple[LaneType, ...] = (
    "driving",
    "entry",
    "exit",
    "onRamp",
    "offRamp",
    "connectingRamp",
    "slipLane",
    "bidirectional",
    "bus",
    "taxi",
    "HOV",
    "shared",
)
"""Lane types on which traffic of vehicles drives."""

ROAD_LEVEL: tuple[LaneType, ...] = (
    *CAR_LANES,
    "parking",
    "biking",
    "shoulder",
    "border",
    "stop",
    "restricted",
    "tram",
    "roadWorks",
    "special1",
    "special2",
    "special3",
)
"""Lane types paved at the height of the carriageway."""

PAVEMENTS: tuple[LaneType, ...] = ("sidewalk", "walking")
"""Lane types for people on foot, behind a kerb."""

SurfaceClass = Literal["asphalt", "concrete", "paving", "cobble", "gravel", "grass", "soil"]


class LaneKey(NamedTuple):
    """One lane of one lane section; connecting roads have names such as `market_cross/south.end-west.end`."""

    road: str
    lane: int
    section: int = 0


@dataclass(frozen=True, slots=True)
class Surface:
    """What a lane is made of from some s on."""

    s: float
    kind: SurfaceClass
    friction: float = 0.8
    roughness: float = 0.015


@dataclass(frozen=True, eq=False)
class Lane:
    """A lane of one section; id negative to the right of the reference line, positive to the left."""

    id: int
    type: LaneType
    widths: Cubics
    """Width over the road's s [m]; without effect where there is a border."""
    marks: tuple[RoadMark, ...] = ()
    """On its boundary away from the reference line, in order of s."""
    height: float = 0.0
    """Of its kerb, which is the height of the whole lane above the carriageway [m]."""
    border: Cubics | None = None
    """T of its outer edge over s, instead of a width [m]."""
    level: bool = False
    """Whether it stays level where the road has superelevation or crossfall."""
    limits: tuple[tuple[float, float], ...] = ()
    """(s, speed limit [m/s]) where the lane has its own, in order of s; +inf: none."""
    surfaces: tuple[Surface, ...] = ()
    """In order of s; empty: asphalt, or what its type says."""
    predecessors: tuple[int, ...] = ()
    """Lanes that end where it begins, in the section or road before, by s."""
    successors: tuple[int, ...] = ()
    """Lanes that begin where it ends, in the section or road behind, by s."""
    direction: Literal["standard", "reversed", "both"] = "standard"
    """Of its traffic, against what its side of the road says."""

    @property
    def width(self) -> float:
        """At the start of its first width record; of constant lanes everywhere [m]."""
        return float(self.widths.coefficients[0, 0])

    @property
    def mark(self) -> RoadMark:
        """The first of its marks."""
        return self.marks[0] if self.marks else NO_MARK


@dataclass(frozen=True, eq=False)
class LaneSection:
    """A stretch of road on which the number and the types of the lanes stay the same."""

    s: float
    """Where it begins; it reaches to the next section or the end of the road [m]."""
    lanes: tuple[Lane, ...]
    """In order of id: from the right edge to the left edge, without lane 0."""
    center_marks: tuple[RoadMark, ...] = ()
    """On the line between the two sides, in order of s."""

    @property
    def lane_ids(self) -> tuple[int, ...]:
        """In ascending order."""
        return tuple(lane.id for lane in self.lanes)

    def lane(self, lane_id: int) -> Lane:
        """The lane with this id; KeyError when there is none."""
        for lane in self.lanes:
            if lane.id == lane_id:
                return lane
        raise KeyError(lane_id)


@dataclass(frozen=True, slots=True)
class RoadLink:
    """What joins an end of a road."""

    kind: Literal["road", "junction"]
    name: str
    contact: Literal["start", "end"] | None = field(default=None)
    """Which end of the other road; None for junctions."""
