"""The scenario language: one class per thing an author can write, its fields are the YAML keys.

All values are SI (metres, seconds, radians). Descriptions are what `roadlab schema` shows in editors.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Annotated, Any, Literal, Self

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import (
    Acceleration,
    Angle,
    Curvature,
    Duration,
    Frequency,
    Length,
    PositiveDuration,
    PositiveLength,
    PositiveSpeed,
    SignedDuration,
    Speed,
)
from roadlab.scenario.vocabulary import CalendarDate, Installed, Name, Paint, RoadEnd, TimeOfDay


class Spec(BaseModel):
    """A mapping of the file: no unknown keys, no implicit conversions, immutable."""

    # Built on first use, because what is installed (sensors, drivers) imports this module.
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False, defer_build=True)


class OneOf(Spec):
    """A mapping with exactly one key, which says what it is."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1, "maxProperties": 1})

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        names = list(type(self).model_fields)
        found = [name for name in names if getattr(self, name) is not None]
        if len(found) != 1:
            raise PydanticCustomError("one_of", "expected exactly one of {names}", {"names": ", ".join(names)})
        return self


# --- roads -----------------------------------------------------------------------------------------------------------


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
    """A place and direction in the world."""

    x: Length = 0.0
    y: Length = 0.0
    heading: Angle = Field(0.0, description="Counter-clockwise from east (+x).")


class RoadSpec(Spec):
    """A road: a path with a cross-section."""

    profile: str = Field(description="A named cross-section, such as urban_2x1_parking or motorway_3.")
    start: Pose2 = Pose2()
    path: Annotated[list[PathPiece], Field(min_length=1, max_length=1000)]
    speed_limit: PositiveSpeed = 50 / 3.6


class SignalPlanSpec(Spec):
    """Fixed-time signals: opposite arms share a stage, stages follow one another."""

    green: PositiveDuration = 14.0
    amber: PositiveDuration = 3.0
    all_red: Duration = 2.0
    first: str | None = Field(
        None, description="The road whose stage is green first; the first of `connect` by default."
    )
    offset: Duration = Field(0.0, description="How far into the cycle the plan is at time 0.")


class JunctionSpec(Spec):
    """Road ends that meet; connecting lanes, corners, stop lines and crosswalks are generated."""

    connect: Annotated[list[RoadEnd], Field(min_length=3, max_length=8)] = Field(
        description="Road ends, such as west.end; any order."
    )
    signals: SignalPlanSpec | None = None
    crosswalks: bool = True


class SurroundingsSpec(Spec):
    """What stands beside the roads; filled deterministically from the scenario's seed."""

    style: Literal["suburb", "city", "motorway", "none"] = "suburb"
    density: Annotated[float, Field(ge=0.0, le=1.0)] = 0.7


class CrosswalkSpec(Spec):
    """A marked crossing away from junctions."""

    road: str
    s: Length
    width: PositiveLength = 4.0


class MapSpec(Spec):
    """Roads, junctions and what stands beside them."""

    roads: Annotated[dict[Name, RoadSpec], Field(min_length=1, max_length=1000)]
    junctions: dict[Name, JunctionSpec] = {}
    crosswalks: list[CrosswalkSpec] = []
    surroundings: SurroundingsSpec = SurroundingsSpec()


# --- environment -----------------------------------------------------------------------------------------------------


class PlaceSpec(Spec):
    """Where on Earth, for the sun."""

    latitude: Annotated[float, Field(ge=-90, le=90)] = 49.0
    longitude: Annotated[float, Field(ge=-180, le=180)] = 8.4


class EnvironmentSpec(Spec):
    """When and where, and how clear the air is."""

    date: CalendarDate = dt.date(2026, 6, 12)
    time: TimeOfDay = Field("10:30", description="Local civil time, HH:MM, in quotes or not.")
    utc_offset: Annotated[SignedDuration, Field(ge=-50400.0, le=50400.0)] = Field(
        7200.0, description="Local time minus UTC, such as 2 h."
    )
    place: PlaceSpec = PlaceSpec()
    turbidity: Annotated[float, Field(ge=1.0, le=10.0)] = Field(3.0, description="Haze: 2 very clear, 3 clear, 6 hazy.")


# --- actors ----------------------------------------------------------------------------------------------------------


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


class DriverSpec(Spec):
    """Base of every driver model; registered under `roadlab.drivers`."""

    type: str


class DriveSpec(Spec):
    """How a vehicle or a cyclist moves until the story says otherwise."""

    route: Annotated[list[str], Field(min_length=1)] | None = Field(
        None, description="Roads in order; by default straight on."
    )
    speed: PositiveSpeed | None = Field(
        None, description="Desired speed; by default the speed at the start, or the limit."
    )
    driver: Annotated[DriverSpec, Installed("drivers")] | None = Field(
        None, description="The driver model and its parameters; idm by default."
    )


class WalkSpec(Spec):
    """How a pedestrian moves: along the points, in order."""

    path: Annotated[list[Position], Field(min_length=1)]
    speed: PositiveSpeed = 1.34
    wait: bool = Field(False, description="Stand until the story says walk.")


class RepeatSpec(Spec):
    """Several actors from one entry, named name[0], name[1], ..."""

    count: Annotated[int, Field(ge=1, le=500)]
    spacing: Length = Field(description="Distance between one and the next along s.")


class ActorSpec(Spec):
    """Somebody or something on the road."""

    model: str = Field(description="What it is: hatchback, sedan, estate, suv, van, truck, bicycle, adult, child ...")
    role: Literal["ego", "other"] | None = Field(
        None, description="There is one ego: the actor of that name, or the one with this role."
    )
    at: Position
    speed: Speed = Field(0.0, description="Speed at the start.")
    paint: Paint | None = Field(
        None, description="Body or clothing colour: a colour name or #rrggbb in quotes; sampled when absent."
    )
    parked: bool = False
    drive: DriveSpec | None = None
    walk: WalkSpec | None = None
    repeat: RepeatSpec | None = None

    def is_ego(self, name: str) -> bool:
        """Whether the actor is the ego when this is its name."""
        return self.role == "ego" or (self.role is None and name == "ego")


def actor_named(actors: Mapping[str, ActorSpec], name: str) -> ActorSpec | None:
    """The entry that an actor's name such as `van` or `parked[3]` stands for; None when there is none."""
    actor = actors.get(name)
    if actor is not None:
        return actor if actor.repeat is None else None
    stem, bracket, index = name.partition("[")
    row = actors.get(stem)
    if row is None or row.repeat is None or not bracket or not index.removesuffix("]").isdecimal():
        return None
    number = index.removesuffix("]")
    return row if name == f"{stem}[{int(number)}]" and int(number) < row.repeat.count else None


# --- story -----------------------------------------------------------------------------------------------------------


class TimeCondition(Spec):
    """True from this time on."""

    after: Duration


class PairCondition(Spec):
    """Distance between two actors' reference points, or its closing time."""

    between: Annotated[list[str], Field(min_length=2, max_length=2)]
    below: Length


class TimeToReachCondition(Spec):
    """Distance along `actor`'s heading until it is abreast of `target`, over its speed."""

    actor: str
    target: str
    below: PositiveDuration


class SpeedCondition(Spec):
    """Speed of an actor against a bound."""

    actor: str
    above: Speed | None = None
    below: Speed | None = None


class EventCondition(Spec):
    """Another event of the story has started."""

    started: str
    delay: Duration = 0.0


class WhenSpec(OneOf):
    """Exactly one condition; it fires once, on the first tick on which it holds."""

    time: TimeCondition | None = None
    distance: PairCondition | None = None
    time_to_reach: TimeToReachCondition | None = None
    speed: SpeedCondition | None = None
    event: EventCondition | None = None


class SpeedAction(Spec):
    """Change the desired speed, at most at this acceleration."""

    to: Speed
    acceleration: Acceleration = 2.0


class BrakeAction(Spec):
    """Decelerate, whatever the driver model would do, down to this speed."""

    deceleration: Acceleration = 6.0
    to: Speed = 0.0


class ChangeLaneAction(Spec):
    """Move to another lane of the same road, smoothly over a stated time."""

    to: Annotated[int, Field(ge=-20, le=20)]
    over: PositiveDuration = 4.0


class WalkAction(Spec):
    """Start walking; with a path, along it."""

    speed: PositiveSpeed | None = None
    path: list[Position] | None = None


class ActionSpec(OneOf):
    """Exactly one thing that an actor does."""

    speed: SpeedAction | None = None
    brake: BrakeAction | None = None
    change_lane: ChangeLaneAction | None = None
    walk: WalkAction | None = None
    stand: Literal[True] | None = Field(None, description="A pedestrian stops walking.")
    resume: Literal[True] | None = Field(None, description="Back to the driver model after brake.")


class EventSpec(Spec):
    """When something holds, actors do something."""

    name: str | None = None
    when: WhenSpec
    do: Annotated[dict[str, ActionSpec], Field(min_length=1)]


# --- sensors ---------------------------------------------------------------------------------------------------------


class MountSpec(Spec):
    """Where a sensor sits in the ego's frame: x forward, y left, z up from the rear axle's centre on the ground."""

    x: Length = 0.0
    y: Length = 0.0
    z: Length = 1.65
    yaw: Angle = 0.0
    pitch: Angle = Field(0.0, description="Positive looks down.")
    roll: Angle = 0.0


class SensorSpec(Spec):
    """Base of every sensor; registered under `roadlab.sensors`."""

    type: str
    mount: MountSpec = MountSpec()
    rate: Annotated[Frequency, Field(le=10_000.0)] = 10.0
    phase: Duration = 0.0


# --- the file --------------------------------------------------------------------------------------------------------


class ScenarioSpec(Spec):
    """A scenario file."""

    scenario: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="Its title.")
    about: str = Field("", description="What it tests, in a sentence or two.")
    rig: str | None = Field(None, description="A file with sensors, relative to this one, such as ../rigs/kitti.yaml.")
    duration: Annotated[PositiveDuration, Field(le=3600.0)]
    step: Annotated[PositiveDuration, Field(ge=1e-4, le=0.1)] = Field(0.01, description="Physics step.")
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    environment: EnvironmentSpec = EnvironmentSpec()
    map: MapSpec
    actors: Annotated[dict[Name, ActorSpec], Field(min_length=1, max_length=2000)]
    story: list[EventSpec] = []
    sensors: dict[Name, Annotated[SensorSpec, Installed("sensors")]] = {}


class RigSpec(Spec):
    """A rig file: sensors to share between scenarios."""

    rig: str = Field(description="Its title.")
    about: str = ""
    sensors: dict[Name, Annotated[SensorSpec, Installed("sensors")]]
