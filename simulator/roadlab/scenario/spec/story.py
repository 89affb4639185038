"""What happens: events, their conditions and their actions."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from roadlab.scenario.quantities import Acceleration, Duration, Length, PositiveDuration, PositiveSpeed, Speed
from roadlab.scenario.spec.base import OneOf, Spec
from roadlab.scenario.spec.positions import Position


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
