"""The scene at time 0 of a sample that is not decided yet: what `require` looks at."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from roadlab.actors.cast import Member
from roadlab.dynamics.contact import Footprints, overlapping
from roadlab.dynamics.footprint import corners
from roadlab.measures.footprints import PERSON_LENGTH
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import Node
from roadlab.scenario.expressions import Expression, ExpressionError, Scope, Value
from roadlab.scenario.expressions.evaluate import Function
from roadlab.scenario.groups import Names
from roadlab.scenario.places import Chance, Places
from roadlab.scenario.scene_functions import scene_functions
from roadlab.scenario.sizes import alone
from roadlab.scenario.spec import ActorSpec, Position
from roadlab.scenario.spec.positions import PLACES

Array = NDArray[np.float64]
Poses = dict[Position, tuple[float, float, float]]
"""World poses of positions that were asked for, in one network."""
NetworkOf = Callable[[Callable[[], Node]], RoadNetwork | None]
"""The network of a document, which is written only when the network depends on it."""
MAX_POSES = 10_000


class UnknownStartError(Exception):
    """The scene cannot be told because its file is wrong; loading says how."""


class StartScene:
    """Actors where a sample places them; each is written out, read and placed when it is asked for."""

    def __init__(self, sample: Sample, network: NetworkOf, poses: Poses) -> None:
        self._sample, self._network_of, self._poses = sample, network, poses
        self._nodes: dict[str, Node | None] = {}
        self._specs: dict[str, ActorSpec | None] = {}
        self._tracks: dict[str, StartTrack] = {}

    def functions(self) -> dict[str, Function]:
        """What conditions can ask of it."""
        return {**scene_functions(self), "no_overlap": self._no_overlap}

    def names(self) -> tuple[str, ...]:
        """All actors, rows written out."""
        return tuple(self._rows)

    @cached_property
    def _rows(self) -> dict[str, tuple[str, int]]:
        """For each actor the entry of the file that it comes from, and its number there."""
        found: dict[str, tuple[str, int]] = {}
        for name, entry in self._sample.everybody().items():
            count = entry.find(("repeat", "count"))
            if count is None or not isinstance(count.value, int):
                found[name] = (name, 0)
            else:
                found.update({f"{name}[{k}]": (name, k) for k in range(min(count.value, 500))})
        return found

    def knows(self, name: str) -> bool:
        """Whether there is such an actor."""
        return self.is_alone(name) or name in self._rows

    def is_alone(self, name: str) -> bool:
        """Whether it is an entry of its own, and not one of a row."""
        node = self._entry(name)
        return node is not None and ((row := node.child("repeat")) is None or row.value is None)

    def _entry(self, name: str) -> Node | None:
        if name not in self._nodes:
            self._nodes[name] = self._sample.actor(name)
        return self._nodes[name]

    def track(self, name: str) -> StartTrack:
        """One of them; KeyError when there is none, UnknownStartError when it is not known where it is."""
        if name not in self._tracks:
            entry, number = (name, 0) if self.is_alone(name) else self._rows[name]
            self._tracks[name] = self._track(entry, number)
        return self._tracks[name]

    def _track(self, entry: str, number: int) -> StartTrack:
        actor = self.spec(entry)
        if actor is not None and type(actor.at) in PLACES.values():
            actor = self._places.placed(entry)
        if actor is None or self._network.problems_of(actor.at):
            raise UnknownStartError
        return StartTrack(entry, number, actor, self._network, self._poses)

    @cached_property
    def _network(self) -> RoadNetwork:
        network = self._network_of(lambda: self._sample.root)
        if network is None:
            raise UnknownStartError
        return network

    @cached_property
    def _places(self) -> Places:
        return Places(self.spec, tuple(self._sample.everybody()), self._network, self._sample.chance)

    def spec(self, entry: str) -> ActorSpec | None:
        """An entry of the file; None when it is wrong."""
        if entry not in self._specs:
            node = self._entry(entry)
            try:
                self._specs[entry] = ActorSpec.model_validate_json(json.dumps(node.plain() if node else None))
            except ValidationError:
                self._specs[entry] = None
        return self._specs[entry]

    def _no_overlap(self, _: Scope, call: Expression) -> Value:
        if call.parts:
            raise ExpressionError("no_overlap takes nothing", call.at)
        tracks = [self.track(name) for name in self.names()]
        prints = Footprints(
            np.concatenate([track.center for track in tracks]),
            np.concatenate([track.yaw for track in tracks]),
            np.array([track.footprint for track in tracks]),
        )
        return not overlapping(prints)


@dataclass(frozen=True)
class StartNames:
    """Who takes part in a scene, looked at only as far as it is asked for."""

    scene: StartScene
    groups: Mapping[str, Sequence[str]]

    def members(self, name: str) -> tuple[str, ...]:
        """See `Names`."""
        return Names(self.scene.names(), self.groups).members(name)

    def is_several(self, name: str) -> bool:
        """See `Names`."""
        return not self.scene.is_alone(name) and Names(self.scene.names(), self.groups).is_several(name)


@dataclass(frozen=True)
class Sample:
    """The document of a sample, of which actors can be had one by one."""

    actor: Callable[[str], Node | None]
    """An entry under `actors`."""
    whole: Callable[[], Node]
    chance: Chance

    @cached_property
    def root(self) -> Node:
        """All of it."""
        return self.whole()

    def everybody(self) -> dict[str, Node]:
        """The entries under `actors`."""
        actors = self.root.child("actors")
        found = actors.value if actors is not None and isinstance(actors.value, dict) else {}
        return {name: entry.node for name, entry in found.items()}


class StartTrack:
    """One actor at time 0: a `Track` of one instant, of which no more is worked out than is asked for."""

    def __init__(self, entry: str, number: int, actor: ActorSpec, network: RoadNetwork, poses: Poses) -> None:
        self._entry, self._number, self._actor = entry, number, actor
        self._network, self._poses = network, poses

    @cached_property
    def _member(self) -> Member:
        try:
            return alone(self._entry, self._actor).members[self._number]
        except (KeyError, ValueError) as error:  # an unknown model
            raise UnknownStartError from error

    @cached_property
    def _pose(self) -> tuple[float, float, float]:
        at = self._actor.at if self._actor.repeat is None else self._member.spec.at
        if at not in self._poses:
            if self._network.problems_of(at):
                raise UnknownStartError
            if len(self._poses) > MAX_POSES:
                self._poses.clear()
            self._poses[at] = self._network.pose(at)
        return self._poses[at]

    @property
    def origin(self) -> Array:
        """(1, 2) [m]"""
        return np.array([self._pose[:2]])

    @property
    def yaw(self) -> Array:
        """(1,) [rad]"""
        return np.array([self._pose[2]])

    @property
    def center(self) -> Array:
        """(1, 2) middle of its footprint [m]."""
        ahead = 0.0 if self._member.info.kind == "pedestrian" else self._member.info.box_center[0]
        return self.origin + ahead * self._heading

    @property
    def _heading(self) -> Array:
        return np.array([math.cos(self._pose[2]), math.sin(self._pose[2])])

    @property
    def velocity(self) -> Array:
        """(1, 2) [m/s]"""
        moving = self._member.drives or self._actor.walk is not None
        speed = self._actor.speed if moving and not self._actor.parked else 0.0
        return np.array([speed * self._heading])

    @property
    def speed(self) -> Array:
        """(1,) [m/s]"""
        return np.hypot(self.velocity[:, 0], self.velocity[:, 1])

    @property
    def acceleration(self) -> Array:
        """(1,) [m/s²]; nobody has accelerated yet."""
        return np.zeros(1)

    @property
    def size(self) -> tuple[float, float, float]:
        """(length, width, height) [m]."""
        return self._member.info.size

    @property
    def corners(self) -> Array:
        """(1, 4, 2) of its footprint [m]."""
        return corners(self.center, self.yaw, np.array([self.footprint]))

    @property
    def footprint(self) -> tuple[float, float]:
        """Length and width on the ground [m]."""
        return (PERSON_LENGTH if self._member.info.kind == "pedestrian" else self.size[0]), self.size[1]
