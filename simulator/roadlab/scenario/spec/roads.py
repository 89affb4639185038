"""A road: a path with a cross-section, and what is on it."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import Angle, Length, PositiveLength, PositiveSpeed
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.lanes import CrossSectionSpec, SectionSpec, SurfaceKind
from roadlab.scenario.spec.paths import PathPiece, Point, Pose2


class HeightAt(Spec):
    """Height of the reference line at one s."""

    s: Length
    z: Length


class TiltAt(Spec):
    """Superelevation at one s."""

    s: Length
    angle: Angle = Field(description="Positive: the left is higher.")


class OffsetAt(Spec):
    """Where the middle of the lanes is at one s."""

    s: Length
    t: Length = Field(description="To the left of the reference line.")


class SpeedAt(Spec):
    """A speed limit from one s on."""

    s: Length
    speed: PositiveSpeed


Side = Literal["right", "left"]


class BaySpec(Spec):
    """Room beside the carriageway to stop or park; it moves what lies outside it outwards."""

    type: Literal["bus", "parallel", "angled", "perpendicular"]
    s: Length = Field(description="Where it has its full depth.")
    length: PositiveLength
    side: Side = "right"
    depth: PositiveLength | None = Field(None, description="Across; by default as its type needs.")


class IslandSpec(Spec):
    """A raised island between the two directions; the lanes part around it."""

    s: Length = Field(description="Of its middle.")
    length: PositiveLength = 6.0
    width: PositiveLength = 2.5
    taper: PositiveLength = 20.0


class BumpSpec(Spec):
    """A speed bump across the carriageway."""

    s: Length
    length: PositiveLength = 3.7
    height: Annotated[Length, Field(gt=0.0, le=0.3)] = 0.1


class WorkZoneSpec(Spec):
    """Lanes that are closed for work, behind beacons."""

    s: Length
    length: PositiveLength
    lanes: Annotated[list[int], Field(min_length=1, max_length=8)] = Field(description="Ids where it begins.")
    taper: Annotated[Length, Field(ge=0.0)] = 20.0
    speed_limit: PositiveSpeed | None = None


SignKind = Literal[
    "stop", "yield", "priority_road", "priority", "speed_limit", "crossing", "direction", "roundabout", "no_entry",
    "one_way", "keep_right", "road_works", "motorway", "merge",
]  # fmt: skip


class SignSpec(Spec):
    """A sign beside the road, for the traffic of one direction."""

    sign: SignKind
    s: Length
    against: bool = Field(False, description="For the traffic against s.")
    value: PositiveSpeed | None = Field(None, description="Of a speed limit.")
    text: Annotated[str, Field(max_length=200)] = ""


class RoadSpec(Spec):
    """A road: a path with a cross-section."""

    profile: str | None = Field(
        None, description="A named cross-section, such as urban_2x1_parking, motorway_3 or one of the map's profiles."
    )
    lanes: CrossSectionSpec | None = Field(None, description="A cross-section spelled out, instead of a named one.")
    sections: Annotated[list[SectionSpec], Field(min_length=1, max_length=200)] | None = Field(
        None, description="Cross-sections that change along s, instead of one."
    )
    start: Pose2 = Pose2()
    path: Annotated[list[PathPiece], Field(max_length=1000)] = []
    points: Annotated[list[Point], Field(min_length=2, max_length=1000)] | None = Field(
        None, description="World x, y through which clothoids are laid, instead of start and path."
    )
    elevation: Annotated[list[HeightAt], Field(max_length=1000)] = []
    superelevation: Annotated[list[TiltAt], Field(max_length=1000)] = []
    lane_offset: Annotated[list[OffsetAt], Field(max_length=1000)] = []
    surface: SurfaceKind = "asphalt"
    speed_limit: PositiveSpeed = 50 / 3.6
    speed_limits: Annotated[list[SpeedAt], Field(max_length=200)] = Field([], description="Where it changes along s.")
    bays: Annotated[list[BaySpec], Field(max_length=200)] = []
    islands: Annotated[list[IslandSpec], Field(max_length=200)] = []
    bumps: Annotated[list[BumpSpec], Field(max_length=200)] = []
    work_zones: Annotated[list[WorkZoneSpec], Field(max_length=200)] = []
    signs: Annotated[list[SignSpec], Field(max_length=200)] = []

    @model_validator(mode="after")
    def _one_of_each(self) -> Self:
        found = [part for part in (self.profile, self.lanes, self.sections) if part is not None]
        if not found:
            raise PydanticCustomError("road", "missing key 'profile', 'lanes' or 'sections'")
        if len(found) > 1:
            raise PydanticCustomError("road", "expected only one of profile, lanes and sections")
        if not self.path and self.points is None:
            raise PydanticCustomError("road", "missing key 'path' or 'points'")
        if self.path and self.points is not None:
            raise PydanticCustomError("road", "expected only one of path and points")
        if self.points is not None and self.start != Pose2():
            raise PydanticCustomError("road", "expected no start: points are in the world already")
        return self
