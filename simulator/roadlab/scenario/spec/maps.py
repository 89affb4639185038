"""A map: roads, junctions and what stands beside them."""

from __future__ import annotations

from typing import Annotated, Literal, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from roadlab.scenario.quantities import Length, PositiveLength
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.junctions import JunctionSpec
from roadlab.scenario.spec.lanes import CrossSectionSpec
from roadlab.scenario.spec.roads import RoadSpec
from roadlab.scenario.vocabulary import Name, RoadEnd


class SurroundingsSpec(Spec):
    """What stands beside the roads; filled deterministically from the scenario's seed."""

    style: Literal["suburb", "city", "old_town", "industrial", "motorway", "rural", "forest", "none"] = "suburb"
    density: Annotated[float, Field(ge=0.0, le=1.0)] = 0.7
    season: Literal["spring", "summer", "autumn", "winter"] | None = Field(
        None, description="What leaves look like; by default as on the environment's date at its place."
    )


class CrosswalkSpec(Spec):
    """A marked crossing away from junctions."""

    road: str
    s: Length
    width: PositiveLength = 4.0


class TownSpec(Spec):
    """Streets that are laid out by chance, from a seed."""

    style: Literal["grid", "suburb", "old_town"] = "grid"
    size: Annotated[Length, Field(ge=200.0, le=6000.0)] = Field(600.0, description="From one side to the other.")
    seed: Annotated[int, Field(ge=0)] = 0


class MapSpec(Spec):
    """Roads, junctions and what stands beside them, written here or in an OpenDRIVE file."""

    file: str | None = Field(
        None, description="An OpenDRIVE file (.xodr) instead of roads and junctions; beside the scenario or shipped."
    )
    opendrive: str | None = Field(None, description="The text of that file, which decided scenarios hold.")
    town: TownSpec | None = Field(None, description="Streets laid out by chance instead of roads and junctions.")
    traffic: Literal["right", "left"] = Field("right", description="On which side of the road one drives.")
    signs: Literal["de", "us", "none"] = Field("de", description="The country whose signs stand beside the roads.")
    profiles: Annotated[dict[Name, CrossSectionSpec], Field(max_length=100)] = Field(
        {}, description="Cross-sections of your own that roads can name."
    )
    roads: Annotated[dict[Name, RoadSpec], Field(max_length=1000)] = {}
    joints: Annotated[list[Annotated[list[RoadEnd], Field(min_length=2, max_length=2)]], Field(max_length=1000)] = (
        Field([], description="Pairs of road ends that meet without a junction.")
    )
    junctions: dict[Name, JunctionSpec] = {}
    crosswalks: list[CrosswalkSpec] = []
    surroundings: SurroundingsSpec = SurroundingsSpec()

    @model_validator(mode="after")
    def _one_source(self) -> Self:
        imported = self.file is not None or self.opendrive is not None
        written = self.roads or self.junctions or self.crosswalks or self.joints or self.profiles
        if imported and (written or self.town):
            raise PydanticCustomError("map", "expected either file or roads: an OpenDRIVE file brings its own roads")
        if self.town and written:
            raise PydanticCustomError("map", "expected either town or roads: a town brings its own roads")
        if not imported and not self.roads and not self.town:
            raise PydanticCustomError("map", "expected roads, or file with the name of an OpenDRIVE file, or town")
        return self
