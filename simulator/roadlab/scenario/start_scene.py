"""The scene at time 0 of a sample that is not decided yet: what `require` looks at."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
from pydantic import ValidationError

from roadlab.actors.cast import Member
from roadlab.dynamics.contact import Footprints, overlapping
from roadlab.roads.network import RoadNetwork
from roadlab.scenario.document import Node
from roadlab.scenario.expressions import Expression, ExpressionError, Scope, Value
from roadlab.scenario.expressions.evaluate import Function
from roadlab.scenario.places import Chance, Places, alone
from roadlab.scenario.scene_functions import scene_functions
from roadlab.scenario.spec import ActorSpec
from roadlab.scenario.tracks import Track


class UnknownStartError(Exception):
    """The scene cannot be told because its file is wrong; loading says how."""


class StartScene:
    """Actors where a document places them; each is read when it is asked for."""

    def __init__(self, root: Node, network: Callable[[], RoadNetwork | None], chance: Chance) -> None:
        actors = root.child("actors")
        self._nodes: Mapping[str, Any] = actors.value if actors is not None and isinstance(actors.value, dict) else {}
        self._network_of, self._chance = network, chance
        self._specs: dict[str, ActorSpec] = {}
        self._tracks: dict[str, Track] = {}

    def functions(self) -> dict[str, Function]:
        """What conditions can ask of it."""
        return {**scene_functions(self), "no_overlap": self._no_overlap}

    @cached_property
    def _rows(self) -> dict[str, tuple[str, int]]:
        """For each actor the entry of the file that it comes from, and its number there."""
        found: dict[str, tuple[str, int]] = {}
        for name, entry in self._nodes.items():
            count = entry.node.find(("repeat", "count"))
            if count is None or not isinstance(count.value, int):
                found[name] = (name, 0)
            else:
                found.update({f"{name}[{k}]": (name, k) for k in range(min(count.value, 500))})
        return found

    def names(self) -> tuple[str, ...]:
        """All actors, rows written out."""
        return tuple(self._rows)

    def track(self, name: str) -> Track:
        """One of them; KeyError when there is none, UnknownStartError when it is not known where it is."""
        if name not in self._tracks:
            self._tracks[name] = self._track(self._member(name))
        return self._tracks[name]

    @cached_property
    def _network(self) -> RoadNetwork:
        network = self._network_of()
        if network is None:
            raise UnknownStartError
        return network

    @cached_property
    def _places(self) -> Places:
        return Places(self.spec, tuple(self._nodes), self._network, self._chance)

    def spec(self, entry: str) -> ActorSpec:
        """An entry of the file; KeyError when there is none, UnknownStartError when it is wrong."""
        if entry not in self._specs:
            try:
                self._specs[entry] = ActorSpec.model_validate_json(json.dumps(self._nodes[entry].node.plain()))
            except ValidationError as error:
                raise UnknownStartError from error
        return self._specs[entry]

    def _member(self, name: str) -> Member:
        entry, number = self._rows[name]
        actor = self._places.placed(entry)
        if actor is None:
            raise UnknownStartError
        try:
            return alone(entry, actor).members[number]
        except KeyError as error:  # an unknown model
            raise UnknownStartError from error

    def _track(self, member: Member) -> Track:
        if self._network.problems_of(member.spec.at):
            raise UnknownStartError
        x, y, yaw = self._network.pose(member.spec.at)
        length, width, height = member.info.size
        ahead = 0.0 if member.info.kind == "pedestrian" else member.info.box_center[0]
        moving = member.drives or member.spec.walk is not None
        speed = member.spec.speed if moving and not member.spec.parked else 0.0
        heading = np.array([np.cos(yaw), np.sin(yaw)])
        return Track(
            origin=np.array([[x, y]]),
            center=np.array([[x, y]]) + ahead * heading,
            yaw=np.array([yaw]),
            velocity=(speed * heading)[None],
            acceleration=np.zeros(1),
            size=(length, width, height),
        )

    def _no_overlap(self, _: Scope, call: Expression) -> Value:
        if call.parts:
            raise ExpressionError("no_overlap takes nothing", call.at)
        tracks = [self.track(name) for name in self.names()]
        prints = Footprints(
            np.concatenate([track.center for track in tracks]),
            np.concatenate([track.yaw for track in tracks]),
            np.array([track.size[:2] for track in tracks]),
        )
        return not overlapping(prints)
