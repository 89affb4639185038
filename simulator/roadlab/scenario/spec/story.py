"""What happens: events one by one, in sequences and side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Annotated, Literal

from pydantic import Field

from roadlab.scenario.quantities import Duration, PositiveDuration, PositiveLength
from roadlab.scenario.spec.actions import ActionSpec
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.conditions import WhenSpec
from roadlab.scenario.spec.environment import Rate, Share
from roadlab.weather import CLEAR_VISIBILITY


class WeatherAction(Spec):
    """The weather changes evenly over a time; what is absent stays, except that new rain and snow reach the ground."""

    over: Duration = 0.0
    cloud: Share | None = None
    rain: Rate | None = None
    snow: Rate | None = None
    visibility: Annotated[PositiveLength, Field(ge=10.0, le=CLEAR_VISIBILITY)] | None = None
    wetness: Share | None = None
    snow_cover: Share | None = None
    friction: Annotated[float, Field(gt=0.0, le=1.5)] | None = None


class SignalsAction(Spec):
    """Signals show something else than their plan."""

    show: Annotated[
        dict[str, Literal["off", "red", "red_amber", "green", "amber", "plan"]], Field(min_length=1, max_length=1000)
    ] = Field(
        description="By head, such as cross/south.end for vehicles or cross/south.end/right for people on foot, or by "
        "junction for all of its heads; plan: as planned."
    )
    hold: PositiveDuration | None = Field(None, description="For how long; by default until the story says otherwise.")


class EventSpec(Spec):
    """When something holds, actors do something; or a group of events, one after another or side by side.

    Events in one list are each other's siblings. What they start runs until every action has ended.
    """

    name: str | None = None
    when: WhenSpec | None = Field(None, description="By default at once: at the start, or when its turn comes.")
    do: Annotated[dict[str, ActionSpec], Field(min_length=1)] | None = Field(None, description="What actors do.")
    weather: WeatherAction | None = None
    signals: SignalsAction | None = None
    sequence: Annotated[list[EventSpec], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="Events, each of which waits for the end of the one before."
    )
    parallel: Annotated[list[EventSpec], Field(min_length=1, max_length=1000)] | None = Field(
        None, description="Events that wait side by side for their conditions."
    )
    until: WhenSpec | None = Field(None, description="Stops it, and all that it has started, for good.")
    repeat: Annotated[int, Field(ge=1, le=1_000_000)] = Field(1, description="How often it happens, at most.")
    priority: Literal["parallel", "override", "skip"] = Field(
        "parallel",
        description="override: stops siblings that run, for good; skip: does not start, and counts, while one runs.",
    )

    @property
    def group(self) -> Sequence[EventSpec]:
        """The events inside it."""
        return self.sequence or self.parallel or ()

    @property
    def told(self) -> Mapping[str, ActionSpec]:
        """What it tells actors itself."""
        return self.do or {}


def all_events(story: Sequence[EventSpec]) -> Iterator[EventSpec]:
    """The events of a story and those inside them, each before its own."""
    for event in story:
        yield event
        yield from all_events(event.group)


def told(story: Sequence[EventSpec], name: str) -> Iterator[ActionSpec]:
    """Everything that a story may tell the actor `name`."""
    for event in all_events(story):
        if name in event.told:
            yield event.told[name]
