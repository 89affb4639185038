"""Roads, junctions and what stands beside them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import (
    Angle,
    Curvature,
    Duration,
    Length,
    PositiveDuration,
    PositiveLength,
    PositiveSpeed,
)
from roadlab.scenario.spec.base import OneOf, Spec
from roadlab.scenario.vocabulary import Name, RoadEnd


class ClothoidPiece(Spec):
    """A piece whose curvature changes linearly along its length."""

    length: PositiveLength
    curvature: Annotated[list[Curvature], Field(min_length=2, max_length=2)] = Field(
        description="Curvature at its start and end, positive to the left."
    )


class ArcPiece(Spec):
    """A piece of constant curvature."""

    length: PositiveLength
    radius: Length = Field(description="Positive turns left, negative right.")


class PathPiece(OneOf):
    """Exactly one of line, arc or clothoid."""

    line: PositiveLength | None = None
    arc: ArcPiece | None = None
    clothoid: ClothoidPiece | None = None


class Pose2(Spec):
    """A place and direction in the world, or behind another road."""

    x: Length = 0.0
    y: Length = 0.0
    heading: Angle = Field(0.0, description="Counter-clockwise from east (+x).")
    after: RoadEnd | None = Field(
        None,
        description="A road's end, behind which it begins in the same direction; without a gap the two are joined.",
    )
    gap: Annotated[Length, Field(ge=0.0)] = Field(0.0, description="From there to its start, for a junction between.")


Point = Annotated[list[Length], Field(min_length=2, max_length=2)]


class WidthAt(Spec):
    """A lane's width at one s."""

    s: Length
    width: Length


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


SurfaceKind = Literal["asphalt", "concrete", "paving", "cobble", "gravel", "grass", "soil"]
MarkKind = Literal[
    "none", "solid", "broken", "solid solid", "solid broken", "broken solid", "broken broken", "botts dots", "curb"
]
MarkPaint = Literal["white", "yellow", "blue", "green", "orange", "red"]
LaneKind = Literal[
    "driving", "parking", "biking", "sidewalk", "shoulder", "border", "verge", "walking", "stop", "restricted",
    "median", "none", "entry", "exit", "onRamp", "offRamp", "bidirectional", "bus", "taxi", "HOV", "tram", "roadWorks",
    "shared",
]  # fmt: skip


class LaneSpec(Spec):
    """A lane of a cross-section."""

    type: LaneKind = "driving"
    width: Length | None = Field(None, description="Everywhere; else see widths.")
    widths: Annotated[list[WidthAt], Field(min_length=1, max_length=200)] | None = Field(
        None, description="Along s of the road; between them the width changes smoothly and without overshooting."
    )
    mark: MarkKind = Field("none", description="On its boundary away from the reference line.")
    mark_width: PositiveLength = 0.12
    mark_color: MarkPaint = "white"
    surface: SurfaceKind | None = Field(None, description="The road's where nothing is said.")
    kerb: Annotated[Length, Field(ge=0.0, le=1.0)] | None = Field(
        None, description="How high the lane lies above the carriageway; 12 cm for sidewalks, else 0."
    )
    speed_limit: PositiveSpeed | None = None

    @model_validator(mode="after")
    def _one_width(self) -> Self:
        if (self.width is None) == (self.widths is None):
            raise PydanticCustomError("lane", "expected either width or widths")
        return self


class CrossSectionSpec(Spec):
    """A cross-section spelled out lane by lane; each side from the reference line outwards."""

    right: Annotated[list[LaneSpec], Field(max_length=20)] = []
    left: Annotated[list[LaneSpec], Field(max_length=20)] = []
    center: MarkKind = Field("none", description="The mark between the two sides.")
    center_color: MarkPaint = "white"
    one_way: bool = Field(False, description="All lanes run along s; else those on one side run against it.")

    @model_validator(mode="after")
    def _some_lane(self) -> Self:
        if not self.right and not self.left:
            raise PydanticCustomError("lanes", "expected at least one lane, right or left")
        return self


class SectionSpec(Spec):
    """A cross-section that holds from one s on."""

    s: Annotated[Length, Field(ge=0.0)] = 0.0
    profile: str | None = None
    lanes: CrossSectionSpec | None = None
    taper: Annotated[Length, Field(ge=0.0)] = Field(
        30.0, description="Over which lanes end before s, and new ones widen behind it."
    )

    @model_validator(mode="after")
    def _one_profile(self) -> Self:
        if (self.profile is None) == (self.lanes is None):
            raise PydanticCustomError("section", "expected either profile or lanes")
        return self


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


class SignalPlanSpec(Spec):
    """Fixed-time signals: opposite arms share a stage, stages follow one another."""

    green: PositiveDuration = 14.0
    amber: PositiveDuration = 3.0
    all_red: Duration = 2.0
    first: str | None = Field(
        None, description="The road whose stage is green first; the first of `connect` by default."
    )
    offset: Duration = Field(0.0, description="How far into the cycle the plan is at time 0.")
    stages: Annotated[list[Annotated[list[RoadEnd], Field(min_length=1)]], Field(min_length=2, max_length=8)] | None = (
        Field(None, description="Which arms are green together, one stage after the other, instead of opposite ones.")
    )
    greens: Annotated[list[PositiveDuration], Field(min_length=2, max_length=8)] | None = Field(
        None, description="The green of each stage, where they differ."
    )


Control = Literal["signals", "priority", "yield", "stop", "all_way_stop", "right_before_left"]


class TurnsSpec(Spec):
    """Where one lane of an arm leads."""

    arm: RoadEnd
    lane: int
    turn: Annotated[list[Literal["left", "straight", "right"]], Field(max_length=3)]


class StopLineSpec(Spec):
    """Where an arm's traffic waits."""

    arm: RoadEnd
    before: Length = Field(description="From the line's near edge to the road's end; negative beyond it.")


class RoundaboutSpec(Spec):
    """A circle of one-way roads, which have priority."""

    connect: Annotated[list[RoadEnd], Field(min_length=2, max_length=8)]
    radius: PositiveLength = Field(15.0, description="Of the outer edge of the circle.")
    lanes: Annotated[int, Field(ge=1, le=2)] = 1
    center: Point | None = Field(None, description="World x, y; by default where the arms point to.")


class RampSpec(Spec):
    """Where a ramp joins or leaves a motorway, beside an additional lane of it."""

    main: RoadEnd = Field(description="The end through which the motorway's traffic arrives.")
    onto: RoadEnd = Field(description="The end at which the motorway goes on.")
    ramp: RoadEnd = Field(description="The ramp's end.")
    lane: PositiveLength = Field(250.0, description="Length of the acceleration or deceleration lane.")
    taper: PositiveLength = 60.0


class JunctionSpec(Spec):
    """Road ends that meet; connecting lanes, corners, stop lines and crosswalks are generated."""

    connect: Annotated[list[RoadEnd], Field(max_length=8)] = Field(
        [], description="Three road ends or more, such as west.end; any order."
    )
    roundabout: RoundaboutSpec | None = None
    entry: RampSpec | None = None
    exit: RampSpec | None = None
    signals: SignalPlanSpec | None = None
    control: Control | None = Field(
        None, description="Who goes first: by signals where there are any, else right before left, or by signs."
    )
    priority: list[Name] = Field(
        [], description="Roads that have priority; with control priority, yield or stop the others give way to them."
    )
    crosswalks: bool = True
    crosswalk_arms: Annotated[list[RoadEnd], Field(max_length=8)] | None = Field(
        None, description="Only across these arms."
    )
    kerb_radius: PositiveLength = Field(6.0, description="Of the corners.")
    turns: Annotated[list[TurnsSpec], Field(max_length=64)] = Field(
        [], description="Where lanes lead; by default left from the inner, right from the outer and straight from all."
    )
    stop_lines: Annotated[list[StopLineSpec], Field(max_length=8)] = []

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if sum(bool(part) for part in (self.connect, self.roundabout, self.entry, self.exit)) != 1:
            raise PydanticCustomError("junction", "expected exactly one of connect, roundabout, entry and exit")
        if self.connect and len(self.connect) < 3:
            raise PydanticCustomError("junction", "expected at least 3 road ends to connect; joints joins two roads")
        kinds = [name for name in ("roundabout", "entry", "exit") if getattr(self, name) is not None]
        besides = ("signals", "control", "priority", "turns", "stop_lines", "crosswalk_arms")
        used = [name for name in besides if getattr(self, name)]
        if kinds and used:
            context = {"kind": kinds[0], "used": used[0]}
            raise PydanticCustomError("junction", "{used} has no meaning beside {kind}", context)
        return self

    @model_validator(mode="after")
    def _control_fits(self) -> Self:
        if (self.control == "signals") is not (self.signals is not None) and self.control is not None:
            raise PydanticCustomError("control", "control: signals goes with signals, and no other control does")
        signed = self.control in ("priority", "yield", "stop")
        if signed is not bool(self.priority):
            raise PydanticCustomError("control", "priority names roads where the control is priority, yield or stop")
        return self


class SurroundingsSpec(Spec):
    """What stands beside the roads; filled deterministically from the scenario's seed."""

    style: Literal["suburb", "city", "old_town", "industrial", "motorway", "rural", "forest", "none"] = "suburb"
    density: Annotated[float, Field(ge=0.0, le=1.0)] = 0.7
    season: Literal["spring", "summer", "autumn", "winter"] | None = Field(
        None, description="What leaves look like; by default as on the environment's date at its place."
    )


class CrosswalkSpec(Spec):
    """A marked crossing away from junctions."""

    road: str
    s: Length
    width: PositiveLength = 4.0


class TownSpec(Spec):
    """Streets that are laid out by chance, from a seed."""

    style: Literal["grid", "suburb", "old_town"] = "grid"
    size: Annotated[Length, Field(ge=200.0, le=6000.0)] = Field(600.0, description="From one side to the other.")
    seed: Annotated[int, Field(ge=0)] = 0


class MapSpec(Spec):
    """Roads, junctions and what stands beside them, written here or in an OpenDRIVE file."""

    file: str | None = Field(
        None, description="An OpenDRIVE file (.xodr) instead of roads and junctions; beside the scenario or shipped."
    )
    opendrive: str | None = Field(None, description="The text of that file, which decided scenarios hold.")
    town: TownSpec | None = Field(None, description="Streets laid out by chance instead of roads and junctions.")
    traffic: Literal["right", "left"] = Field("right", description="On which side of the road one drives.")
    signs: Literal["de", "us", "none"] = Field("de", description="The country whose signs stand beside the roads.")
    profiles: Annotated[dict[Name, CrossSectionSpec], Field(max_length=100)] = Field(
        {}, description="Cross-sections of your own that roads can name."
    )
    roads: Annotated[dict[Name, RoadSpec], Field(max_length=1000)] = {}
    joints: Annotated[list[Annotated[list[RoadEnd], Field(min_length=2, max_length=2)]], Field(max_length=1000)] = (
        Field([], description="Pairs of road ends that meet without a junction.")
    )
    junctions: dict[Name, JunctionSpec] = {}
    crosswalks: list[CrosswalkSpec] = []
    surroundings: SurroundingsSpec = SurroundingsSpec()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        imported = self.file is not None or self.opendrive is not None
        written = self.roads or self.junctions or self.crosswalks or self.joints or self.profiles
        if imported and (written or self.town):
            raise PydanticCustomError("map", "expected either file or roads: an OpenDRIVE file brings its own roads")
        if self.town and written:
            raise PydanticCustomError("map", "expected either town or roads: a town brings its own roads")
        if not imported and not self.roads and not self.town:
            raise PydanticCustomError("map", "expected roads, or file with the name of an OpenDRIVE file, or town")
        return self
