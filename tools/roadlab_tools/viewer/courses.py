"""The way that lies before an actor: along its lane and its route, or through the points of its walk."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from roadlab.roads.lanes import LaneKey
from roadlab.scenario.spec import ActorSpec, EventSpec, all_events, told
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.why import drives, spec_of

Points = NDArray[np.float64]

AHEAD = 60.0
"""How much of the way is shown [m]."""


class Courses:
    """The ways of one scene's actors; remembers those that it has looked up."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._lanes = lru_cache(maxsize=512)(self._lane_points)

    def ahead(self, index: int, time: float) -> Points | None:
        """(P, 2) from where an actor is on, up to `AHEAD` [m]; None for those who plan nothing that is known."""
        scene, info = self._scene, self._scene.log.actors[index]
        spec = spec_of(scene, info)
        tick = scene.tick_at(time)
        if spec is None or not drives(spec) or not scene.log.present[tick, index] or info.kind == "pedestrian":
            return None
        roads = self._roads(info.name, spec, time)
        key = self._lane(index, tick)
        points = None if key is None or roads is None else self._lanes(key, roads)
        return None if points is None else _onward(points, scene.log.position[tick, index, :2])

    def _roads(self, name: str, spec: ActorSpec, time: float) -> tuple[str, ...] | None:
        """The route: what the story has said last, or else the actor's entry; empty: straight on; None: no lanes."""
        story = self._scene.scenario.spec.story
        orders = [action for action in told(story, name) if action.follow_trajectory is not None]
        if orders:
            return None
        route = spec.drive.route if spec.drive is not None else None
        for event in sorted(self._scene.events, key=lambda event: event.time):
            if event.kind == "story" and self._scene.event_time(event) <= time:
                for entry in _named(story, event.name):
                    action = entry.told.get(name)
                    route = action.follow_route if action is not None and action.follow_route else route
        return tuple(route or ())

    def _lane(self, index: int, tick: int) -> LaneKey | None:
        log, network = self._scene.log, self._scene.network
        at = network.locate(log.position[tick, index][None])
        if at.road[0] < 0 or at.lane[0] == 0:
            return None
        road = network.every_road[network.road_names[int(at.road[0])]]
        key = LaneKey(road.name, int(at.lane[0]), int(road.section_at(float(at.s[0]))))
        along = float(at.heading[0]) + (0.0 if network.lane_direction(key) > 0 else np.pi)
        return key if np.cos(along - log.attitude[tick, index, 0]) > 0.0 else None

    def _lane_points(self, key: LaneKey, roads: tuple[str, ...]) -> Points | None:
        network = self._scene.network
        rest = list(roads)
        connection = network.connections.get(key)
        here = key.road if connection is None else connection.target.road
        rest = rest[rest.index(here) + (connection is None) :] if here in rest else rest
        try:
            keys = network.route(key, rest or None)
            return network.lane_path(keys[:20]).points
        except ValueError:
            return None  # beside its route nobody knows where an actor means to go


def _named(story: Sequence[EventSpec], name: str) -> list[EventSpec]:
    return [event for event in all_events(story) if event.name == name]


def _onward(points: Points, position: Points) -> Points:
    """What of a curve lies before a place, no longer than `AHEAD`."""
    first = int(np.argmin(np.hypot(*(points - position).T)))
    rest = points[first:]
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(rest, axis=0).T))])
    return rest[along <= AHEAD]
