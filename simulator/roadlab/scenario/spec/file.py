"""The scenario file as a whole, and the files it draws on."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from roadlab.scenario.quantities import PositiveDuration
from roadlab.scenario.spec.actors import ActorSpec
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.environment import EnvironmentSpec
from roadlab.scenario.spec.maps import MapSpec
from roadlab.scenario.spec.objects import ModelSpec, ObjectSpec
from roadlab.scenario.spec.output import OutputSpec
from roadlab.scenario.spec.pedestrians import PedestriansSpec
from roadlab.scenario.spec.sensors import SensorSpec
from roadlab.scenario.spec.story import EventSpec
from roadlab.scenario.spec.traffic import TrafficSpec
from roadlab.scenario.spec.values import FragmentSpec, Parameter
from roadlab.scenario.vocabulary import ActorName, Installed, Name

Conditions = list[str]


class ScenarioSpec(Spec):
    """A scenario file."""

    scenario: Annotated[str, Field(min_length=1, max_length=200)] = Field(description="Its title.")
    about: str = Field("", description="What it tests, in a sentence or two.")
    extends: str | None = Field(
        None, description="A scenario that this one changes: mappings merge, lists and values replace, ~ removes."
    )
    include: str | list[str] | None = Field(
        None, description="Files with some of a scenario's keys (rig, map, actors, weather ...), merged in this order."
    )
    rig: str | None = Field(None, description="A file with sensors, relative to this one, such as ../rigs/kitti.yaml.")
    duration: Annotated[PositiveDuration, Field(le=3600.0)]
    step: Annotated[PositiveDuration, Field(ge=1e-4, le=0.1)] = Field(0.01, description="Physics step.")
    seed: Annotated[int, Field(ge=0, lt=2**63)] = 0
    parameters: dict[Name, Parameter] = Field(
        {}, description="Named values, fixed or left to chance; ${name} stands for them in any value of the file."
    )
    fragments: dict[Name, FragmentSpec] = Field({}, description="Pieces of the file to be used in several places.")
    environment: EnvironmentSpec = EnvironmentSpec()
    map: MapSpec
    actors: Annotated[dict[ActorName, ActorSpec], Field(min_length=1, max_length=2000)]
    models: Annotated[dict[Name, ModelSpec], Field(max_length=50)] = Field(
        {}, description="Models of your own, which actors can look like and objects can be."
    )
    objects: Annotated[dict[Name, Annotated[ObjectSpec, Installed("world")]], Field(max_length=1000)] = Field(
        {}, description="Things put somewhere by hand, beside or on the road."
    )
    groups: dict[Name, Annotated[list[ActorName], Field(min_length=1, max_length=500)]] = Field(
        {},
        description="One name for several actors and rows, in the story, in require and in expect; a row is a group "
        "without further ado.",
    )
    traffic: Annotated[list[TrafficSpec], Field(max_length=200)] = []
    pedestrians: Annotated[list[PedestriansSpec], Field(max_length=50)] = []
    story: list[EventSpec] = Field([], description="What happens: events with a condition and what actors do then.")
    sensors: dict[Name, Annotated[SensorSpec, Installed("sensors")]] = Field(
        {}, description="What the ego carries; see also rig."
    )
    output: OutputSpec = OutputSpec()
    require: Conditions = Field(
        [], description="Conditions on the scene at the start; values that do not meet them are drawn anew."
    )
    expect: Conditions = Field([], description="Conditions on the whole run, which `roadlab check` tests.")


class RigSpec(Spec):
    """A rig file: sensors to share between scenarios."""

    rig: str = Field(description="Its title.")
    about: str = ""
    sensors: dict[Name, Annotated[SensorSpec, Installed("sensors")]]
