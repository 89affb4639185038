"""Where actors and places are on the actors' courses, and how courses are changed."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from roadlab.behaviors.courses import Course
from roadlab.behaviors.storyboard.fault import StoryFaultError
from roadlab.roads.network import LaneKey

if TYPE_CHECKING:
    from roadlab.stage import Scene, Stage

LOOKS = 2000


def station_of(scene: Scene, actor: int, x: float, y: float) -> tuple[float, float]:
    """Station on the actor's path that is nearest to a place, and how far to its left the place lies [m]."""
    paths, who = scene.courses.paths, np.array([actor])
    at_x, at_y = np.array([x]), np.array([y])
    guess = paths.nearest(who, at_x, at_y, np.zeros(1), paths.length[who], looks=LOOKS)
    station, left = paths.project(who, at_x, at_y, guess)
    return float(station[0]), float(left[0])


def with_course(scene: Scene, actor: int, course: Course) -> Scene:
    """The scene with another course for an actor, who stays where it is."""
    scene = replace(scene, courses=scene.courses.changed(actor, course))
    x, y = float(scene.state.x[actor]), float(scene.state.y[actor])
    station, left = station_of(scene, actor, x, y)
    halted = scene.intent.halted.copy()
    halted[actor] = np.nan  # a station of the course that is left
    state = scene.state.with_actor(actor, station=station, left=left)
    return replace(scene, state=state, intent=replace(scene.intent, halted=halted))


def lane_here(stage: Stage, scene: Scene, actor: int) -> LaneKey:
    """The lane on which an actor is; StoryFaultError when it is on none."""
    state = scene.state
    at = stage.network.locate(np.array([[state.x[actor], state.y[actor], state.level[actor]]]))
    if at.road[0] < 0 or at.lane[0] == 0:
        raise StoryFaultError("is on no lane")
    name = stage.network.road_names[int(at.road[0])]
    return LaneKey(name, int(at.lane[0]), int(stage.network.every_road[name].section_at(float(at.s[0]))))
