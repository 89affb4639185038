"""What the story tells actors to do, in the words of OpenSCENARIO."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import (
    Acceleration,
    Duration,
    Length,
    PositiveDuration,
    PositiveLength,
    PositiveSpeed,
    SignedSpeed,
    Speed,
)
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.paths import PathPiece
from roadlab.scenario.spec.positions import StoryPlace

Shape = Literal["linear", "cubic", "sinusoidal", "step"]
_SHAPE = "How it changes: linear, cubic, sinusoidal, or step (at once, which no real vehicle can)."
_OVER = "How long it takes; or give distance, the way on which it happens, or the peak rate of change."
LaneCount = Annotated[int, Field(ge=1, le=20)]


class SpeedAction(Spec):
    """Change the speed; the driver still brakes for what is in the way."""

    to: Speed | None = None
    relative_to: str | None = Field(None, description="An actor, to whose speed `by` is added.")
    by: SignedSpeed = 0.0
    continuous: bool = Field(False, description="Keep to the other's speed from then on.")
    over: PositiveDuration | None = Field(None, description=_OVER)
    distance: PositiveLength | None = Field(None, description="The way on which it happens.")
    acceleration: Acceleration | None = Field(None, description="Peak acceleration; 2 m/s2 by default.")
    shape: Shape = Field("linear", description=_SHAPE)


class ProfilePoint(Spec):
    """A speed, and how it is reached from the one before."""

    to: Speed
    over: PositiveDuration | None = None
    acceleration: Acceleration | None = Field(None, description="Peak acceleration; 2 m/s2 by default.")
    shape: Shape = Field("linear", description=_SHAPE)


class BrakeAction(Spec):
    """Decelerate, whatever the driver model would do, down to this speed."""

    deceleration: Acceleration = 6.0
    to: Speed = 0.0


class ChangeLaneAction(Spec):
    """Move to a lane, or by so many lanes, counted from the lane of this actor or of another."""

    to: Annotated[int, Field(ge=-20, le=20)] | None = Field(None, description="Id of a lane of the same road.")
    left: LaneCount | None = Field(None, description="So many lanes to the left, as the actor sees it.")
    right: LaneCount | None = None
    relative_to: str | None = Field(None, description="Count from the lane in which this actor is.")
    over: PositiveDuration | None = Field(None, description="4 s by default.")
    distance: PositiveLength | None = Field(None, description="The way on which it happens.")
    rate: PositiveSpeed | None = Field(None, description="Peak speed to the side.")
    shape: Shape = Field("sinusoidal", description=_SHAPE)


class LaneOffsetAction(Spec):
    """Keep so far beside the centre of the lane."""

    to: Length = Field(description="To the left of the lane's centre, as the actor sees it.")
    over: PositiveDuration | None = Field(None, description="4 s by default.")
    distance: PositiveLength | None = Field(None, description="The way on which it happens.")
    rate: PositiveSpeed | None = Field(None, description="Peak speed to the side.")
    shape: Shape = Field("sinusoidal", description=_SHAPE)


class TimedPoint(Spec):
    """Where to be, and when."""

    time: Duration = Field(description="After the action's start.")
    at: StoryPlace


class FollowTrajectoryAction(Spec):
    """Follow timed points exactly, or a line at the driver's own speed."""

    points: Annotated[list[TimedPoint], Field(min_length=1, max_length=10_000)] | None = Field(
        None, description="The actor is at each place at its time and moves smoothly in between."
    )
    polyline: Annotated[list[StoryPlace], Field(min_length=1, max_length=10_000)] | None = Field(
        None, description="From where the actor is through these places; corners are rounded."
    )
    path: Annotated[list[PathPiece], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="Lines, arcs and clothoids, from the actor's place and heading."
    )


class KeepDistanceAction(Spec):
    """Keep a distance or a time headway behind (negative: ahead of) an actor, measured along one's own path."""

    to: str
    distance: Length | None = None
    headway: PositiveDuration | None = None
    freespace: bool = Field(False, description="From front to rear end, instead of between the reference points.")
    continuous: bool = Field(True, description="Until something else is ordered; else until it is reached.")
    acceleration: Acceleration = Field(2.0, description="At most.")
    deceleration: Acceleration = Field(4.0, description="At most.")


class SynchroniseAction(Spec):
    """Arrive at a place when another actor arrives at another place."""

    master: str
    at: StoryPlace = Field(description="Where this actor arrives; on its way.")
    master_at: StoryPlace = Field(description="Where the other one arrives; on its way.")
    speed: Speed | None = Field(None, description="On arrival; by default whatever comes of it.")
    acceleration: Acceleration = Field(3.0, description="At most.")
    deceleration: Acceleration = Field(5.0, description="At most.")


class WalkAction(Spec):
    """Start walking; with a path, along it."""

    speed: PositiveSpeed | None = None
    path: Annotated[list[StoryPlace], Field(min_length=1)] | None = None


class RunAction(Spec):
    """Start running; with a path, along it."""

    speed: PositiveSpeed = 3.0
    path: Annotated[list[StoryPlace], Field(min_length=1)] | None = None


class CrossAction(Spec):
    """Cross a road straight, or on a crosswalk, to as far from the kerb as now."""

    road: str | None = None
    crosswalk: str | None = Field(None, description="Such as cross/south.end, or crosswalk[0] in quotes.")
    speed: PositiveSpeed | None = None


class LightsAction(Spec):
    """Switch lights; what is absent stays as it is."""

    indicator: Literal["left", "right", "hazard", "off", "auto"] | None = Field(
        None, description="auto: as the driver would."
    )
    beam: Literal["low", "high", "off", "auto"] | None = Field(
        None, description="Head lamps; auto: as the driver would."
    )


class DoorAction(Spec):
    """Open or close a door."""

    door: str = "front_left"
    open: bool = True


class AppearAction(Spec):
    """Come into being, at once, where it is placed in `actors` or at another place."""

    at: StoryPlace | None = None
    speed: Speed | None = Field(None, description="By default its speed at the start.")


class ActionSpec(Spec):
    """What an actor does; several keys are done at the same time."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})

    speed: SpeedAction | None = None
    speed_profile: Annotated[list[ProfilePoint], Field(min_length=1, max_length=1000)] | None = None
    brake: BrakeAction | None = None
    keep_distance: KeepDistanceAction | None = None
    synchronise: SynchroniseAction | None = None
    change_lane: ChangeLaneAction | None = None
    lane_offset: LaneOffsetAction | None = None
    follow_route: Annotated[list[str], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="Roads in order, from the road where the actor is."
    )
    follow_trajectory: FollowTrajectoryAction | None = None
    resume: Literal[True] | None = Field(None, description="Back to the driver model.")
    walk: WalkAction | None = None
    run: RunAction | None = None
    cross: CrossAction | None = None
    wait: PositiveDuration | None = Field(None, description="A pedestrian stands for so long and then goes on.")
    stand: Literal[True] | None = Field(None, description="A pedestrian stops walking.")
    turn_round: Literal[True] | None = Field(None, description="A pedestrian turns round, and goes back if it walks.")
    lights: LightsAction | None = None
    door: DoorAction | None = None
    appear: AppearAction | None = None
    vanish: Literal[True] | None = Field(None, description="Be gone, at once.")

    @property
    def kinds(self) -> tuple[str, ...]:
        """The keys that are there."""
        return tuple(key for key in type(self).model_fields if getattr(self, key) is not None)

    @model_validator(mode="after")
    def _something(self) -> ActionSpec:
        if not self.kinds:
            raise PydanticCustomError("some_of", "expected something to do")
        return self
