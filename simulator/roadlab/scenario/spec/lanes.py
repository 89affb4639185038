"""Cross-sections of roads, lane by lane."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import Length, PositiveLength, PositiveSpeed
from roadlab.scenario.spec.base import Spec

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


class WidthAt(Spec):
    """A lane's width at one s."""

    s: Length
    width: Length


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
