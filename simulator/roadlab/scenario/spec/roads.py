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


Control = Literal["signals", "priority", "yield", "stop", "all_way_stop", "right_before_left"]


class JunctionSpec(Spec):
    """Road ends that meet; connecting lanes, corners, stop lines and crosswalks are generated."""

    connect: Annotated[list[RoadEnd], Field(min_length=3, max_length=8)] = Field(
        description="Road ends, such as west.end; any order."
    )
    signals: SignalPlanSpec | None = None
    control: Control | None = Field(
        None, description="Who goes first: by signals where there are any, else right before left, or by signs."
    )
    priority: list[Name] = Field(
        [], description="Roads that have priority; with control priority, yield or stop the others give way to them."
    )
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
    """Roads, junctions and what stands beside them, written here or in an OpenDRIVE file."""

    file: str | None = Field(
        None, description="An OpenDRIVE file (.xodr) instead of roads and junctions; beside the scenario or shipped."
    )
    opendrive: str | None = Field(None, description="The text of that file, which decided scenarios hold.")
    roads: Annotated[dict[Name, RoadSpec], Field(max_length=1000)] = {}
    junctions: dict[Name, JunctionSpec] = {}
    crosswalks: list[CrosswalkSpec] = []
    surroundings: SurroundingsSpec = SurroundingsSpec()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        imported = self.file is not None or self.opendrive is not None
        if imported and (self.roads or self.junctions or self.crosswalks):
            raise PydanticCustomError("map", "expected either file or roads: an OpenDRIVE file brings its own roads")
        if not imported and not self.roads:
            raise PydanticCustomError("map", "expected roads, or file with the name of an OpenDRIVE file")
        return self
