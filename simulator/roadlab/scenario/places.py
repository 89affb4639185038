"""Places that depend on others, worked out: relative to an actor, along a route, at a crosswalk, anywhere legal.

Afterwards every actor stands at a lane, road or world position.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import shapely

from roadlab.actors.cast import Member
from roadlab.randomness import generator
from roadlab.roads.network import RoadNetwork
from roadlab.roads.road import Road
from roadlab.scenario.document import DocPath, written
from roadlab.scenario.problems import Problem
from roadlab.scenario.relative import NowhereError, Standing, on_path, other_of, relative_position
from roadlab.scenario.sizes import body, by_itself, members_of, outline
from roadlab.scenario.spec import ActorSpec, LanePosition, Position, RoadPosition, WorldPosition
from roadlab.scenario.spec.positions import (
    PLACES,
    AheadPlace,
    AnywherePlace,
    BehindPlace,
    BesidePlace,
    CrosswalkPlace,
    LaneTypePlace,
    RelativePlace,
    RoutePlace,
)
from roadlab.scenario.wording import did_you_mean, listed, meant_or_known, shown

Chance = tuple[int, int]
"""The seed of a sample, and how many others have been tried for it before."""

TRIES = 200
"""Random places looked at for one actor."""


class Places:
    """The places of a scenario's actors; each is worked out when it is asked for."""

    def __init__(
        self, spec_of: Callable[[str], ActorSpec | None], names: Sequence[str], network: RoadNetwork, chance: Chance
    ) -> None:
        self._spec_of, self._names, self._network, self._chance = spec_of, names, network, chance
        self._placed: dict[str, ActorSpec | None] = {}
        self._waiting: list[str] = []
        self.problems: list[Problem] = []

    def placed(self, entry: str) -> ActorSpec | None:
        """An entry of the file at a position; None, and why in `problems`, where it has none."""
        if entry not in self._placed:
            actor = self._spec_of(entry)
            self._waiting.append(entry)
            self._placed[entry] = self._worked_out(entry, actor) if actor is not None else None
            self._waiting.pop()
        return self._placed[entry]

    def somewhere(self, path: DocPath, place: Any) -> Any:
        """A place of the file that is nobody's, at a position; the place itself, and why in `problems`, if it has none.

        There is room for somebody on foot.
        """
        found = self._position(path, place, written(path), ActorSpec(model="adult", at=WorldPosition(x=0.0, y=0.0)))
        return place if found is None else found

    def _worked_out(self, entry: str, actor: ActorSpec) -> ActorSpec | None:
        changed: dict[str, Any] = {}
        at = self._position(("actors", entry, "at"), actor.at, entry, actor)
        if at is None:
            return None
        if at is not actor.at:
            changed["at"] = at
        if actor.walk is not None and any(type(place) in PLACES.values() for place in actor.walk.path):
            path = [
                self._position(("actors", entry, "walk", "path", number), place, entry, actor)
                for number, place in enumerate(actor.walk.path)
            ]
            if None in path:
                return None
            changed["walk"] = actor.walk.model_copy(update={"path": path})
        return actor.model_copy(update=changed) if changed else actor

    def _position(self, path: DocPath, place: Any, entry: str, actor: ActorSpec) -> Position | None:
        rule = _RULES.get(type(place))
        if rule is None:
            return place  # type: ignore[no-any-return]
        try:
            return rule(self, place, entry, actor)
        except NowhereError as error:
            if error.message:  # else it follows from another actor's problem
                self.problems.append(Problem((*path, *error.path), error.message, error.hint))
            return None

    # --- other actors ------------------------------------------------------------------------------------------------

    def _other(self, name: str, key: str, entry: str) -> Member:
        """Another actor, at its position."""
        stem, number = _row(name)
        known = name if name in self._names else stem
        if known not in self._names:
            raise NowhereError(f"unknown actor {shown(name)}", key, hint=did_you_mean(name, self._names))
        if known in self._waiting:
            circle = " and ".join(dict.fromkeys([*self._waiting[self._waiting.index(known) :]]))
            raise NowhereError(
                f"{circle} stand relative to one another" if known != entry else "relative to itself", key
            )
        actor = self.placed(known)
        if actor is None or self._network.problems_of(actor.at):
            raise NowhereError("")
        members = members_of(known, actor)
        for member in members:
            if member.info.name == name:
                return member
        row = f"{known} is a row of {len(members)}; name one of them, such as {known}[0]"
        raise NowhereError(row if number is None else f"unknown actor {shown(name)}; {row}", key)

    def _relative(self, place: RelativePlace, entry: str, actor: ActorSpec) -> Position:
        name, key = other_of(place)
        other = self._other(name, key, entry)
        at = other.spec.at
        there = Standing(name, body(other), self._network.pose(at), at if isinstance(at, LanePosition) else None)
        return relative_position(self._network, place, there, body(by_itself(entry, actor)))

    # --- places on the map -------------------------------------------------------------------------------------------

    def _road(self, name: str, *path: str) -> Road:
        if name not in self._network.roads:
            hint = did_you_mean(name, self._network.roads)
            raise NowhereError(f"{name} is not a road of this map", *path, hint=hint)
        return self._network.roads[name]

    def _lane_type(self, place: LaneTypePlace, _entry: str, _actor: ActorSpec) -> Position:
        road = self._road(place.road, "road")
        sign = -1 if place.side == "right" else 1
        section = road.sections[int(road.section_at(place.s))]
        lanes = sorted((lane.id for lane in section.lanes if lane.id * sign > 0 and lane.type == place.lane), key=abs)
        if not lanes:
            kinds = sorted({str(lane.type) for lane in section.lanes})
            there = f"{place.road} has lanes of the types {listed(kinds)} there"
            where = f"on the {place.side} of {place.road} at s = {place.s:g} m"
            raise NowhereError(f"there is no {place.lane} lane {where}", "lane", hint=there)
        return LanePosition(road=place.road, lane=lanes[0], s=place.s, offset=place.offset, heading=place.heading)

    def _route(self, place: RoutePlace, _entry: str, _actor: ActorSpec) -> Position:
        for name in place.route:
            self._road(name, "route")
        if place.lane not in self._network.roads[place.route[0]].lane_ids:
            raise NowhereError(f"lane {place.lane} does not exist on {place.route[0]}", "lane")
        try:
            keys = self._network.route((place.route[0], place.lane), list(place.route))
        except ValueError as error:
            raise NowhereError(str(error), "route") from error
        return on_path(self._network, self._network.lane_path(keys), place.along)

    def _crosswalk(self, place: CrosswalkPlace, _entry: str, _actor: ActorSpec) -> Position:
        strips = {strip.name: strip for strip in self._network.crosswalks}
        if place.crosswalk not in strips:
            hint = meant_or_known(place.crosswalk, strips) if strips else "the map has none"
            raise NowhereError(f"unknown crosswalk {shown(place.crosswalk)}", "crosswalk", hint=hint)
        strip = strips[place.crosswalk]
        right, left = strip.t
        t = right - place.back if place.side == "right" else left + place.back
        turn = math.pi / 2 if place.side == "right" else -math.pi / 2
        s = 0.5 * (strip.s[0] + strip.s[1]) + place.along
        if 0.0 <= s <= strip.road.length:
            return RoadPosition(road=strip.road.name, s=s, t=t, heading=turn)
        x, y, heading = (float(value) for value in strip.road.point(s, t))
        return WorldPosition(x=x, y=y, heading=math.remainder(heading + turn, 2 * math.pi))

    def _anywhere(self, place: AnywherePlace, entry: str, actor: ActorSpec) -> Position:
        roads = [self._road(name, "roads") for name in place.roads or self._network.roads]
        lanes = [(road, i) for road in roads for i in road.lane_ids if road.lane(i).type == place.anywhere]
        if not lanes:
            raise NowhereError(f"there is no {place.anywhere} lane", "anywhere")
        one = by_itself(entry, actor)
        rng = generator(self._chance[0], "place", entry, self._chance[1])
        shares = np.array([road.length for road, _ in lanes])
        taken = self._taken(entry) if entry in self._names else shapely.Point()
        for _ in range(TRIES):
            road, lane = lanes[int(rng.choice(len(lanes), p=shares / shares.sum()))]
            reach = min(0.5 * road.length, one.info.size[0])
            at = LanePosition(road=road.name, lane=lane, s=float(rng.uniform(reach, road.length - reach)))
            if not taken.intersects(outline(one, at, self._network, place.clear)):
                return at
        raise NowhereError(f"no free place found for {entry} in {TRIES} tries", hint="is there room enough?")

    def _taken(self, entry: str) -> shapely.Geometry:
        """Where others stand: those with a place of their own, and those before `entry` in the file."""
        outlines = []
        for name in self._names:
            late = self._names.index(name) > self._names.index(entry)
            own = self._spec_of(name)
            if name in self._waiting or own is None or (late and type(own.at) in PLACES.values()):
                continue
            actor = self.placed(name)
            if actor is None or self._network.problems_of(actor.at):
                continue
            outlines += [outline(member, member.spec.at, self._network) for member in members_of(name, actor)]
        union = shapely.union_all(outlines)
        shapely.prepare(union)
        return union


_RULES: Mapping[type[Any], Callable[[Places, Any, str, ActorSpec], Position]] = {
    AheadPlace: Places._relative,
    BehindPlace: Places._relative,
    BesidePlace: Places._relative,
    LaneTypePlace: Places._lane_type,
    RoutePlace: Places._route,
    CrosswalkPlace: Places._crosswalk,
    AnywherePlace: Places._anywhere,
}


def _row(name: str) -> tuple[str, int | None]:
    stem, bracket, index = name.partition("[")
    number = index.removesuffix("]")
    return (stem, int(number)) if bracket and number.isdecimal() and len(number) < 6 else (name, None)
