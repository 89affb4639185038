"""Junctions: which road ends meet, who goes first, where one waits."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import Duration, Length, PositiveDuration, PositiveLength
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.paths import Point
from roadlab.scenario.vocabulary import Name, RoadEnd


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
