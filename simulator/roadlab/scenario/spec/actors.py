"""Who is on the road, and how they move until the story says otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from roadlab.actors.loads import LoadKind
from roadlab.scenario.quantities import Length, Mass, PositiveSpeed, Speed
from roadlab.scenario.spec.actions import LightsAction
from roadlab.scenario.spec.base import Spec
from roadlab.scenario.spec.positions import Place
from roadlab.scenario.vocabulary import ActorModel, Installed, Name, Paint


class DriverSpec(Spec):
    """Base of every driver model; registered under `roadlab.drivers`."""

    type: str


class DynamicsSpec(Spec):
    """Base of every model of a vehicle's dynamics; registered under `roadlab.dynamics`."""

    type: str


class DriveSpec(Spec):
    """How a vehicle or a cyclist moves until the story says otherwise."""

    route: Annotated[list[str], Field(min_length=1)] | None = Field(
        None, description="Roads in order; by default straight on."
    )
    speed: PositiveSpeed | None = Field(
        None, description="Desired speed; by default the speed at the start, or the limit."
    )
    driver: Annotated[DriverSpec, Installed("drivers")] | None = Field(
        None, description="The driver model and its parameters; idm by default."
    )


class WalkSpec(Spec):
    """How a pedestrian moves: along the points, in order."""

    path: Annotated[list[Place], Field(min_length=1)]
    speed: PositiveSpeed = 1.34
    wait: bool = Field(False, description="Stand until the story says walk.")
    crossing: Literal["careful", "hurried"] | None = Field(
        None,
        description="careful: wait at roads for green or for a gap with a margin; hurried: for a gap that just does, "
        "also at red; by default walk on without waiting.",
    )
    group: Name | None = Field(None, description="Those of one group walk at one pace and leave each other alone.")


class RepeatSpec(Spec):
    """Several actors from one entry, named name[0], name[1], ..."""

    count: Annotated[int, Field(ge=1, le=500)]
    spacing: Length = Field(description="Distance between one and the next along s.")


class LoadSpec(Spec):
    """What lies on a vehicle's open bed; it is seen, and it weighs."""

    of: LoadKind = Field(description="crates of 25 kg each, beams of spruce, or a heap of gravel.")
    mass: Mass = Field(description="In all; as many crates or beams are seen, or as high a heap.")


class ActorSpec(Spec):
    """Somebody or something on the road."""

    model: ActorModel = Field(
        description="What it is: hatchback, sedan, estate, suv, pickup, van, minibus, truck, tractor, "
        "articulated_truck, bus, motorcycle, scooter, bicycle, adult, tall_adult, short_adult, senior, teenager, "
        "child, cone, barrel, barrier, box."
    )
    trailer: str | None = Field(
        None,
        description="What it pulls: semitrailer (tractor; articulated_truck has one), caravan (cars and vans). The "
        "trailer is an actor of its own, named name.trailer.",
    )
    role: Literal["ego", "other"] | None = Field(
        None, description="There is one ego: the actor of that name, or the one with this role."
    )
    at: Place
    speed: Speed = Field(0.0, description="Speed at the start.")
    paint: Paint | None = Field(
        None,
        description="Body or clothing colour: a colour name or #rrggbb in quotes; or the livery of a car or van: taxi, "
        "police, delivery. Sampled when absent.",
    )
    gear: Literal["umbrella", "pram", "wheelchair", "none"] | None = Field(
        None,
        description="What somebody on foot holds open, pushes or sits in; in the rain most adults have an umbrella.",
    )
    bag: Literal["backpack", "shoulder", "none"] | None = Field(
        None, description="Of somebody on foot. Sampled when absent."
    )
    load: LoadSpec | None = Field(None, description="Of a pickup: what lies on its bed.")
    look: Name | None = Field(
        None, description="A key of models: how it looks and how large it is instead; it moves as its model does."
    )
    lights: LightsAction | None = Field(
        None, description="Lamps that are on or off from the start; what is absent is as the driver would."
    )
    parked: bool = False
    present: bool = Field(
        True, description="Whether it is there from the start, or only once the story lets it appear."
    )
    drive: DriveSpec | None = None
    dynamics: Annotated[DynamicsSpec, Installed("dynamics")] | None = Field(
        None, description="How a vehicle answers to its driver; kinematic by default."
    )
    walk: WalkSpec | None = None
    repeat: RepeatSpec | None = None

    def is_ego(self, name: str) -> bool:
        """Whether the actor is the ego when this is its name."""
        return self.role == "ego" or (self.role is None and name == "ego")


def actor_named(actors: Mapping[str, ActorSpec], name: str) -> ActorSpec | None:
    """The entry that an actor's name such as `van` or `parked[3]` stands for; None when there is none."""
    actor = actors.get(name)
    if actor is not None:
        return actor if actor.repeat is None else None
    stem, bracket, index = name.partition("[")
    row = actors.get(stem)
    if row is None or row.repeat is None or not bracket or not index.removesuffix("]").isdecimal():
        return None
    number = index.removesuffix("]")
    return row if name == f"{stem}[{int(number)}]" and int(number) < row.repeat.count else None
