"""The lanes beside a road's reference line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from roadlab.roads.opendrive.binding import Element, child, children
from roadlab.roads.opendrive.scalars import NonNegative

SpeedUnit = Literal["m/s", "mph", "km/h"]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoadCubic(Element):
    """a + b ds + c ds² + d ds³, with ds = 0 at the road's `s`, until the next record."""

    s: NonNegative
    a: float
    b: float
    c: float
    d: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneCubic(Element):
    """a + b ds + c ds² + d ds³, with ds = 0 at `s_offset` after the start of the section, until the next record."""

    s_offset: NonNegative
    a: float
    b: float
    c: float
    d: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRef(Element):
    """A lane of the section or road before or after."""

    id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkLine(Element):
    """One painted line of a mark, repeated along it: dashes `length` long and `space` apart; 0 and 0: unbroken."""

    length: NonNegative
    space: NonNegative
    t_offset: float
    s_offset: NonNegative
    rule: str = "none"
    width: NonNegative | None = None
    color: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkType(Element):
    """What a mark is made of."""

    name: str = ""
    width: NonNegative = 0.0
    lines: tuple[MarkLine, ...] = children("line")


@dataclass(frozen=True, slots=True, kw_only=True)
class ExplicitLine(Element):
    """One dash, given by itself."""

    length: NonNegative
    t_offset: float
    s_offset: NonNegative
    rule: str = "none"
    width: NonNegative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark(Element):
    """A mark on the lane's outer boundary, from `s_offset` of the section on."""

    s_offset: NonNegative
    type: str
    weight: str = "standard"
    color: str = "standard"
    material: str = "standard"
    width: NonNegative | None = None
    lane_change: str = ""
    height: float | None = None
    kind: MarkType | None = child("type")
    explicit: tuple[ExplicitLine, ...] = children("explicit/line")


@dataclass(frozen=True, slots=True, kw_only=True)
class Material(Element):
    """What a lane is surfaced with."""

    s_offset: NonNegative
    friction: NonNegative = 0.0
    surface: str = ""
    roughness: NonNegative | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSpeed(Element):
    """A limit for one lane; in m/s where no unit is given."""

    s_offset: NonNegative
    max: NonNegative
    unit: SpeedUnit = "m/s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restriction(Element):
    """A kind of traffic."""

    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Access(Element):
    """Who may use a lane; 1.4 to 1.7 name one kind in an attribute."""

    s_offset: NonNegative
    rule: Literal["allow", "deny"] | None = None
    restriction: str = ""
    restrictions: tuple[Restriction, ...] = children("restriction")


@dataclass(frozen=True, slots=True, kw_only=True)
class Height(Element):
    """How far the lane lies above the road's surface at its inner and outer edge [m]."""

    s_offset: NonNegative
    inner: float
    outer: float


ONWARD = "traffic goes on in lane "
"""With the id of a lane in the next section that does not touch this one: the standard links only lanes that do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneRule(Element):
    """A free text about a lane."""

    s_offset: NonNegative
    value: str

    @property
    def is_onward(self) -> bool:
        """Whether it tells onto which lane traffic goes from one that closes."""
        lane = self.value.removeprefix(ONWARD)
        return lane != self.value and lane.removeprefix("-").isdecimal() and len(lane) < 6


@dataclass(frozen=True, slots=True, kw_only=True)
class CenterLane(Element):
    """Lane 0: the line between the two sides, without a width."""

    id: int
    type: str = "none"
    level: bool = False
    predecessors: tuple[LaneRef, ...] = children("link/predecessor")
    successors: tuple[LaneRef, ...] = children("link/successor")
    marks: tuple[Mark, ...] = children("roadMark")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane(Element):
    """A lane; negative ids lie to the right of the centre, positive ones to its left."""

    id: int
    type: str
    level: bool = False
    direction: Literal["standard", "reversed", "both"] = "standard"
    advisory: str = "none"
    predecessors: tuple[LaneRef, ...] = children("link/predecessor")
    successors: tuple[LaneRef, ...] = children("link/successor")
    borders: tuple[LaneCubic, ...] = children("border")
    widths: tuple[LaneCubic, ...] = children("width")
    marks: tuple[Mark, ...] = children("roadMark")
    materials: tuple[Material, ...] = children("material")
    speeds: tuple[LaneSpeed, ...] = children("speed")
    accesses: tuple[Access, ...] = children("access")
    heights: tuple[Height, ...] = children("height")
    rules: tuple[LaneRule, ...] = children("rule")

    @property
    def onward(self) -> tuple[int, ...]:
        """Ids of lanes in the next section onto which traffic goes besides."""
        return tuple(int(one.value.removeprefix(ONWARD)) for one in self.rules if one.is_onward)


@dataclass(frozen=True, slots=True, kw_only=True)
class LaneSection(Element):
    """Lanes from `s` on, until the next section."""

    s: NonNegative
    single_side: bool = False
    left: tuple[Lane, ...] = children("left/lane")
    center: tuple[CenterLane, ...] = children("center/lane")
    right: tuple[Lane, ...] = children("right/lane")

    @property
    def sides(self) -> tuple[Lane, ...]:
        """The lanes with a width, from the right edge to the left."""
        return tuple(sorted((*self.right, *self.left), key=lambda lane: lane.id))
