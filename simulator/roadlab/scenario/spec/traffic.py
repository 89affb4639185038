"""Background traffic: who enters where and how often, and who is there from the start."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import Duration, PositiveLength
from roadlab.scenario.spec.actors import DriverSpec
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.positions import LanePosition
from roadlab.scenario.vocabulary import Installed, Name

Weight = Annotated[float, Field(ge=0.0, le=1e6)]

MIX: dict[str, float] = {"sedan": 0.3, "hatchback": 0.27, "estate": 0.15, "suv": 0.15, "van": 0.08, "truck": 0.05}
"""Shares of models where nothing is said."""


class TrafficSpec(Spec):
    """Vehicles named traffic[0], traffic[1], ...: a flow that enters at a place, or a density on a stretch of lane."""

    at: LanePosition = Field(description="Where they enter; of a density, where the stretch begins.")
    flow: Annotated[float, Field(gt=0.0, le=3600.0)] | None = Field(
        None, description="Vehicles an hour that want to enter; they queue outside while there is no room."
    )
    begin: Duration = Field(0.0, description="When the flow begins.")
    end: Duration | None = Field(None, description="When it ends; with the scenario by default.")
    density: Annotated[float, Field(gt=0.0, le=200.0)] | None = Field(
        None, description="Vehicles a kilometre at the start, at the speed of such a density."
    )
    stretch: PositiveLength | None = Field(None, description="How long the stretch of a density is, along s.")
    mix: dict[str, Weight] = Field(MIX, description="Models and their shares.")
    to: dict[Name, Weight] = Field(
        {}, description="Roads where they leave, and their shares; by default straight on to the end of the map."
    )
    driver: Annotated[DriverSpec, Installed("drivers")] | None = Field(
        None, description="By default idm, sampled from timid to aggressive, changing lanes."
    )

    @model_validator(mode="after")
    def _flow_or_density(self) -> Self:
        if (self.flow is None) == (self.density is None):
            raise PydanticCustomError("traffic", "expected either a flow or a density")
        if (self.density is None) != (self.stretch is None):
            raise PydanticCustomError("traffic", "a density needs a stretch, and a flow has none")
        if not self.mix or sum(self.mix.values()) <= 0.0:
            raise PydanticCustomError("traffic", "the mix has no shares")
        return self
