"""When something happens: the conditions of the story, in the words of OpenSCENARIO."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated, ClassVar, Literal

from pydantic import ConfigDict, Field

from roadlab.scenario.quantities import (
    Duration,
    Length,
    PositiveDuration,
    PositiveLength,
    SignedAcceleration,
    SignedSpeed,
)
from roadlab.scenario.spec.base import OneOf, Spec
from roadlab.scenario.spec.positions import StoryPlace

Measure = Literal["euclidean", "longitudinal", "lateral", "lane"]
_MEASURE = (
    "euclidean: straight; longitudinal or lateral: along or across the first actor's heading; lane: along the lanes."
)
_FREESPACE = "Between the nearest points of the outlines, instead of the reference points (rear axles)."
Pair = Annotated[list[str], Field(min_length=2, max_length=2)]


class TimeCondition(Spec):
    """True from `after` on, and until `before`."""

    after: Duration | None = None
    before: Duration | None = None


class PairCondition(Spec):
    """Distance between two actors."""

    between: Pair
    below: Length | None = None
    above: Length | None = None
    measure: Measure = Field("euclidean", description=_MEASURE)
    freespace: bool = Field(False, description=_FREESPACE)


class HeadwayCondition(Spec):
    """The time that `actor` needs at its present speed to where `target`, ahead of it, is now."""

    actor: str
    target: str
    below: Duration | None = None
    above: Duration | None = None
    measure: Literal["longitudinal", "lane"] = Field("lane", description="Along the actor's heading, or the lanes.")
    freespace: bool = Field(False, description=_FREESPACE)


class CollisionTimeCondition(Spec):
    """Distance between two actors over the speed at which it shrinks; endless where it does not."""

    between: Pair
    below: Duration | None = None
    above: Duration | None = None
    measure: Measure = Field("euclidean", description=_MEASURE)
    freespace: bool = Field(False, description=_FREESPACE)


class TimeToReachCondition(Spec):
    """Distance along `actor`'s heading until it is abreast of `target`, over its speed."""

    actor: str
    target: str
    below: PositiveDuration


class ReachCondition(Spec):
    """An actor's reference point is no farther than `within` from a place."""

    actor: str
    at: StoryPlace
    within: PositiveLength = 1.0


class TravelledCondition(Spec):
    """The way that an actor has gone since the start of the run."""

    actor: str
    above: Length


class SpeedCondition(Spec):
    """Speed of an actor, or how much faster it is than another."""

    actor: str
    above: SignedSpeed | None = None
    below: SignedSpeed | None = None
    relative_to: str | None = Field(None, description="An actor whose speed is subtracted.")


class AccelerationCondition(Spec):
    """Acceleration of an actor along its heading; negative when it brakes."""

    actor: str
    above: SignedAcceleration | None = None
    below: SignedAcceleration | None = None


class StandstillCondition(Spec):
    """An actor has been standing for so long."""

    actor: str
    duration: Duration = 0.0


class LaneCondition(Spec):
    """An actor's reference point lies in this lane."""

    actor: str
    lane: Annotated[int, Field(ge=-20, le=20)]
    road: str | None = Field(None, description="By default on whatever road.")


class OffRoadCondition(Spec):
    """An actor's reference point has been off everything that is paved at road level for so long."""

    actor: str
    duration: Duration = 0.0


class CollisionCondition(Spec):
    """An actor has touched another one, or anybody."""

    actor: str
    other: str | None = None


class SignalCondition(Spec):
    """A signal head shows this."""

    head: str = Field(
        description="Such as cross/south.end: junction, road, end of the road; or cross/south.end/right for people on "
        "foot, on the right of those who drive in."
    )
    shows: Literal["off", "red", "red_amber", "green", "amber"]


class EventCondition(OneOf):
    """Another event of the story has started or ended, or is in a state."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})
    besides: ClassVar[tuple[str, ...]] = ("delay",)

    started: str | None = Field(None, description="It has started at least once.")
    ended: str | None = Field(None, description="It has ended at least once, by itself or because it was stopped.")
    skipped: str | None = Field(None, description="It has been skipped at least once.")
    standby: str | None = Field(None, description="It waits for its condition.")
    running: str | None = Field(None, description="It has started and not ended.")
    complete: str | None = Field(None, description="It will not start any more.")
    delay: Duration = 0.0

    @cached_property
    def state(self) -> str:
        """Which of the keys is there."""
        return next(key for key in type(self).kinds() if getattr(self, key) is not None)

    @cached_property
    def of(self) -> str:
        """Name of the event."""
        name: str = getattr(self, self.state)
        return name


class WhenSpec(OneOf):
    """Exactly one condition, with how and when it counts; without an edge it counts as long as it holds."""

    model_config = ConfigDict(json_schema_extra={"minProperties": 1})
    besides: ClassVar[tuple[str, ...]] = ("members", "edge", "delay", "after")

    time: TimeCondition | None = None
    distance: PairCondition | None = None
    time_headway: HeadwayCondition | None = None
    time_to_collision: CollisionTimeCondition | None = None
    time_to_reach: TimeToReachCondition | None = None
    reach: ReachCondition | None = None
    travelled: TravelledCondition | None = None
    speed: SpeedCondition | None = None
    acceleration: AccelerationCondition | None = None
    standstill: StandstillCondition | None = None
    lane: LaneCondition | None = None
    off_road: OffRoadCondition | None = None
    collision: CollisionCondition | None = None
    signal: SignalCondition | None = None
    event: EventCondition | None = None
    all: Annotated[list[WhenSpec], Field(min_length=1, max_length=1000)] | None = None
    any: Annotated[list[WhenSpec], Field(min_length=1, max_length=1000)] | None = None
    none: Annotated[list[WhenSpec], Field(min_length=1, max_length=1000)] | None = None
    members: Literal["any", "all"] | None = Field(
        None, description="Of a group or a row that the condition names: of whom it must be true; of any by default."
    )
    edge: Literal["none", "rising", "falling", "either"] = Field(
        "none", description="Only the tick counts on which it becomes true, false, or either; never the first tick."
    )
    delay: Duration = Field(0.0, description="It counts so much later.")
    after: Duration = Field(0.0, description="It does not hold before this time of the run.")

    @cached_property
    def kind(self) -> str:
        """Which of the conditions it is."""
        return next(key for key in type(self).kinds() if getattr(self, key) is not None)
