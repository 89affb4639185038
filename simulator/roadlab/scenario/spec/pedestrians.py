"""People about the streets: how many, who they are, and how they walk."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import PositiveLength
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.positions import Place

Share = Annotated[float, Field(ge=0.0, le=1.0)]


class PedestriansSpec(Spec):
    """People named pedestrian[0], pedestrian[1], ... who walk from one place on the pavement to another."""

    count: Annotated[int, Field(ge=1, le=2000)] | None = Field(None, description="How many.")
    density: Annotated[float, Field(gt=0.0, le=1.0)] | None = Field(
        None, description="People per square metre of pavement."
    )
    at: Place | None = Field(None, description="Where they are at the start: around this place; else everywhere.")
    radius: PositiveLength | None = Field(None, description="How far around it.")
    children: Share = Field(0.1, description="Share of children.")
    groups: Share = Field(0.3, description="Share of people who walk in groups of two or three.")
    prams: Share = Field(0.03, description="Share of those, children apart, who walk alone and push a pram.")
    wheelchairs: Share = Field(0.01, description="Share of those who are out alone in a wheelchair.")
    hurried: Share = Field(0.2, description="Share of those who wait for no more than the gap that just does.")

    @model_validator(mode="after")
    def _how_many_and_where(self) -> Self:
        if (self.count is None) == (self.density is None):
            raise PydanticCustomError("pedestrians", "expected either a count or a density")
        if (self.at is None) != (self.radius is None):
            raise PydanticCustomError("pedestrians", "at and radius belong together")
        return self
