"""Who takes part in a scenario: its actors one by one, `repeat` written out."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import PEOPLE, VEHICLES, VehicleModel
from roadlab.actors.joints import joint_names
from roadlab.actors.paint import LIVERIES
from roadlab.actors.skeleton import pedestrian_box_center, pedestrian_size
from roadlab.actors.traffic import passing
from roadlab.log import ActorInfo, Kind
from roadlab.scenario.spec import ActorSpec, LanePosition, Position, RoadPosition, ScenarioSpec, told

if TYPE_CHECKING:
    from collections.abc import Sequence

Array = NDArray[np.float64]
Triple = tuple[float, float, float]

USUAL_PACE = 1.34
"""Everybody's box has room for this [m/s], so that those who only stand may shift their weight and swing their arms."""
HURRIED_PACE = 3.0
"""The same for those who have to be somewhere in time [m/s]."""
CHEST = 0.30
"""How long a person's footprint is, along the direction of walking [m]: trunk and the middle of a step."""


@dataclass(frozen=True)
class Member:
    """One actor of the cast."""

    info: ActorInfo
    spec: ActorSpec
    """As written; `at` is this actor's own."""
    entry: str
    """Its key in the file; several actors share one that has `repeat`."""
    passing: bool = False
    """Whether it belongs to background traffic, which vanishes at the end of its way."""
    enters: float | None = None
    """When it wants to enter [s]; None for those who are there, or appear by the story."""
    stream: int = 0
    """Of background traffic: those of one stream enter one after the other."""

    @property
    def drives(self) -> bool:
        """Whether it moves on wheels of its own accord."""
        return (
            self.info.kind != "pedestrian"
            and not self.spec.parked
            and (self.spec.drive is not None or self.spec.speed > 0)
        )

    @property
    def vehicle(self) -> VehicleModel:
        """KeyError for people."""
        return VEHICLES[self.spec.model]


@dataclass(frozen=True)
class Cast:
    """All actors in the order of the file."""

    members: tuple[Member, ...]

    @cached_property
    def index(self) -> dict[str, int]:
        """By name."""
        return {member.info.name: i for i, member in enumerate(self.members)}

    @cached_property
    def drivers(self) -> NDArray[np.int64]:
        """Indices of those who drive or ride."""
        return np.array([i for i, m in enumerate(self.members) if m.drives], dtype=np.int64)

    @cached_property
    def people(self) -> NDArray[np.int64]:
        """Indices of those on foot."""
        return np.array([i for i, m in enumerate(self.members) if m.info.kind == "pedestrian"], dtype=np.int64)

    @cached_property
    def footprint(self) -> Array:
        """(N, 2) length and width on the ground [m]."""
        return np.array(
            [(CHEST if m.info.kind == "pedestrian" else m.info.size[0], m.info.size[1]) for m in self.members]
        )

    @cached_property
    def middle(self) -> Array:
        """(N,) from the actor's origin forward to the middle of its footprint [m]."""
        return np.array([0.0 if m.info.kind == "pedestrian" else m.info.box_center[0] for m in self.members])


def cast(spec: ScenarioSpec) -> Cast:
    """The actors of a scenario; instances count from 1 in the order of the file."""
    ego = ego_of(spec)
    members: list[Member] = []
    for entry, actor in spec.actors.items():
        for name, one in _written_out(entry, actor):
            size, center = _box(one, top_speed(name, one, spec))
            info = _info(name, len(members) + 1, one, size, center, is_ego=entry == ego)
            members.append(Member(info, one, entry))
    for number, guest in enumerate(passing(spec)):
        size, center = _box(guest.actor, USUAL_PACE)
        info = _info(f"traffic[{number}]", len(members) + 1, guest.actor, size, center, is_ego=False)
        enters = None if guest.actor.present else guest.enters
        members.append(Member(info, guest.actor, "traffic", passing=True, enters=enters, stream=guest.stream))
    return Cast(tuple(members))


def top_speed(name: str, actor: ActorSpec, spec: ScenarioSpec) -> float:
    """The highest speed that somebody on foot may reach, at least `USUAL_PACE` [m/s]."""
    orders = list(told(spec.story, name))
    going = [actor.walk, *(part for order in orders for part in (order.walk, order.run, order.cross))]
    speeds = [way.speed for way in going if way is not None and way.speed is not None]
    hurrying = any(order.follow_trajectory or order.synchronise for order in orders)
    return max([HURRIED_PACE if hurrying else USUAL_PACE, actor.speed, *speeds])


def ego_of(spec: ScenarioSpec) -> str | None:
    """Key of the ego: whoever has the role, else the actor of that name."""
    for name, actor in spec.actors.items():
        if actor.role == "ego":
            return name
    return "ego" if "ego" in spec.actors else None


def kind_of(model: str) -> Kind:
    """What sort of actor a model of the catalog is; KeyError for an unknown one."""
    if model in PEOPLE:
        return "pedestrian"
    return "cyclist" if VEHICLES[model].category in ("cyclist", "motorcyclist") else "vehicle"


def _written_out(entry: str, actor: ActorSpec) -> Sequence[tuple[str, ActorSpec]]:
    if actor.repeat is None:
        return [(entry, actor)]
    spacing = actor.repeat.spacing
    return [
        (f"{entry}[{k}]", actor.model_copy(update={"at": _moved(actor.at, k * spacing), "repeat": None}))
        for k in range(actor.repeat.count)
    ]


def _moved(at: Position, distance: float) -> Position:
    if isinstance(at, LanePosition | RoadPosition):
        return at.model_copy(update={"s": at.s + distance})
    raise ValueError("only actors placed on a road can be repeated along it")


def _info(name: str, instance: int, actor: ActorSpec, size: Triple, center: Triple, *, is_ego: bool) -> ActorInfo:
    kind = kind_of(actor.model)
    model = PEOPLE[actor.model] if kind == "pedestrian" else VEHICLES[actor.model]
    return ActorInfo(
        name=name,
        instance=instance,
        kind=kind,
        category=model.category,
        model=actor.model,
        size=size,
        box_center=center,
        joint_names=joint_names(kind),
        paint=actor.paint,
        is_ego=is_ego,
        parked=actor.parked,
    )


def _box(actor: ActorSpec, fastest: float) -> tuple[Triple, Triple]:
    """Size and centre of the box that holds every surface in every pose [m]."""
    if actor.model in PEOPLE:
        return pedestrian_size(actor.model, fastest), pedestrian_box_center(actor.model, fastest)
    model = VEHICLES[actor.model]
    (x, y, z), rise = model.box_center, LIVERIES.get(actor.paint or "", 0.0)
    return (model.length, model.width, model.height + rise), (x, y, z + rise / 2)
