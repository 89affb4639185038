"""Who takes part in a scenario: its actors one by one, `repeat` written out."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.catalog import PEOPLE, TRAILERS, VEHICLES, WHEELED, VehicleModel
from roadlab.actors.gear import ROLLING, Gear
from roadlab.actors.joints import joint_names
from roadlab.actors.loads import laden
from roadlab.actors.paint import LIVERIES
from roadlab.actors.props import PROPS
from roadlab.actors.skeleton import pedestrian_box_center, pedestrian_size
from roadlab.actors.traffic import passing
from roadlab.log import ActorInfo, Kind
from roadlab.randomness import generator
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


UMBRELLA_RAIN = 0.5
"""From so much rain on people open umbrellas [mm/h]."""
UMBRELLA_SHARE = 0.6
"""Of those on foot in the rain, children apart."""


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
    behind: int | None = None
    """Of a trailer: which member of the cast pulls it."""

    @property
    def drives(self) -> bool:
        """Whether it moves on wheels of its own accord."""
        return (
            self.info.kind not in ("pedestrian", "prop")
            and not self.spec.parked
            and (self.spec.drive is not None or self.spec.speed > 0)
        )

    @property
    def vehicle(self) -> VehicleModel:
        """With what it has to carry and to pull; KeyError for people and props."""
        model, load = WHEELED[self.spec.model], self.spec.load
        model = model if load is None else laden(model, load.of, load.mass)
        pulled = trailer_of(self.spec)
        return model if pulled is None else model.pulling(TRAILERS[pulled])


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
    def trailers(self) -> NDArray[np.int64]:
        """(K, 2) indices of the trailers, and of those who pull them."""
        pairs = [(i, m.behind) for i, m in enumerate(self.members) if m.behind is not None]
        return np.array(pairs, dtype=np.int64).reshape(-1, 2)

    @cached_property
    def props(self) -> NDArray[np.bool_]:
        """(N,) who is a prop."""
        return np.array([m.info.kind == "prop" for m in self.members])

    @cached_property
    def wheeled(self) -> NDArray[np.int64]:
        """Indices of those on wheels."""
        return np.array([i for i, m in enumerate(self.members) if m.info.kind in ("vehicle", "cyclist")], np.int64)

    @cached_property
    def footprint(self) -> Array:
        """(N, 2) length and width on the ground [m]."""
        return np.array([_footprint(member.info) for member in self.members])

    @cached_property
    def middle(self) -> Array:
        """(N,) from the actor's origin forward to the middle of its footprint [m]."""
        return np.array([0.0 if _steps(m.info) else m.info.box_center[0] for m in self.members])


def _steps(info: ActorInfo) -> bool:
    """Whether it stands on nothing but its feet."""
    return info.kind == "pedestrian" and info.gear not in ROLLING


def _footprint(info: ActorInfo) -> tuple[float, float]:
    if not _steps(info):
        return info.size[:2]
    return CHEST, pedestrian_size(info.model, USUAL_PACE)[1] if info.gear else info.size[1]


def cast(spec: ScenarioSpec) -> Cast:
    """The actors of a scenario; instances count from 1 in the order of the file."""
    ego = ego_of(spec)
    members: list[Member] = []
    for entry, actor in spec.actors.items():
        for name, one in _written_out(entry, actor):
            one = with_gear(name, one, spec)
            size, center = _box(one, top_speed(name, one, spec))
            info = _info(name, len(members) + 1, one, size, center, is_ego=entry == ego)
            members += _with_trailer(Member(_disguised(info, one, spec), one, entry))
    for number, guest in enumerate(passing(spec)):
        size, center = _box(guest.actor, USUAL_PACE)
        info = _info(f"traffic[{number}]", len(members) + 1, guest.actor, size, center, is_ego=False)
        enters = None if guest.actor.present else guest.enters
        members += _with_trailer(Member(info, guest.actor, "traffic", passing=True, enters=enters, stream=guest.stream))
    return Cast(tuple(members))


def _disguised(info: ActorInfo, actor: ActorSpec, spec: ScenarioSpec) -> ActorInfo:
    """With the box of the model of the scenario's own that it looks like; its axles are where its length puts them."""
    if actor.look is None:
        return info
    size, (x, y, z) = spec.models[actor.look].box
    ahead = info.box_center[0] * size[0] / info.size[0]
    return replace(info, size=size, box_center=(ahead + x, y, z), look=actor.look)


def trailer_of(actor: ActorSpec) -> str | None:
    """Name of the model that an actor pulls; None for nothing."""
    usual = VEHICLES[actor.model].trailer if actor.model in VEHICLES else None
    return actor.trailer or usual


def _with_trailer(member: Member) -> list[Member]:
    """The member, and the trailer that it pulls; the trailer drives nowhere of its own accord."""
    pulled = trailer_of(member.spec)
    if pulled is None:
        return [member]
    nothing = dict.fromkeys(("drive", "dynamics", "lights", "role", "trailer", "paint", "look", "load"))
    spec = member.spec.model_copy(update={"model": pulled, "speed": 0.0} | nothing)
    size, center = _box(spec, USUAL_PACE)
    info = _info(f"{member.info.name}.trailer", member.info.instance + 1, spec, size, center, is_ego=False)
    info = replace(info, pulled_by=member.info.name)
    return [member, Member(info, spec, member.entry, behind=member.info.instance - 1)]


def gear_of(actor: ActorSpec) -> Gear:
    """What a decided actor holds, pushes or sits in."""
    return "" if actor.gear is None or actor.gear == "none" else actor.gear


def with_gear(name: str, actor: ActorSpec, spec: ScenarioSpec) -> ActorSpec:
    """The actor with its gear decided: in the rain, most who are not told otherwise open an umbrella."""
    if actor.gear is not None or actor.model not in PEOPLE or actor.model == "child":
        return actor
    if spec.environment.weather.rain < UMBRELLA_RAIN:
        return actor
    umbrella = generator(spec.seed, "gear", name).random() < UMBRELLA_SHARE
    return actor.model_copy(update={"gear": "umbrella" if umbrella else "none"})


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
    if model in PROPS:
        return "prop"
    return "cyclist" if WHEELED[model].category in ("cyclist", "motorcyclist") else "vehicle"


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
    return ActorInfo(
        name=name,
        instance=instance,
        kind=kind,
        category=(PEOPLE | PROPS | WHEELED)[actor.model].category,
        model=actor.model,
        size=size,
        box_center=center,
        joint_names=joint_names(kind, gear_of(actor)),
        paint=actor.paint,
        gear=gear_of(actor),
        bag=actor.bag or "",
        is_ego=is_ego,
        parked=actor.parked,
        load=None if actor.load is None else actor.load.of,
        load_mass=0.0 if actor.load is None else actor.load.mass,
    )


def _box(actor: ActorSpec, fastest: float) -> tuple[Triple, Triple]:
    """Size and centre of the box that holds every surface in every pose [m]."""
    if actor.model in PEOPLE:
        worn = actor.model, fastest, gear_of(actor)
        return pedestrian_size(*worn), pedestrian_box_center(*worn)
    if actor.model in PROPS:
        prop = PROPS[actor.model]
        return prop.size, (0.0, 0.0, 0.5 * prop.height)
    model = WHEELED[actor.model]
    (x, y, z), rise = model.box_center, LIVERIES.get(actor.paint or "", 0.0)
    return (model.length, model.width, model.height + rise), (x, y, z + rise / 2)
