"""What each action does when it begins, on every tick, and when it is stopped.

`begin` and `step` return the scene and what the action has to remember, None when it is done.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from roadlab.behaviors.storyboard import lanes, people, speeds, trajectories, world
from roadlab.behaviors.storyboard.book import Play, Running

if TYPE_CHECKING:
    from roadlab.stage import Scene

_Doing = Callable[[Play, Running], tuple["Scene", Any]]


def begin(play: Play, action: Running) -> tuple[Scene, Any]:
    """Start an action; StoryFaultError when it cannot be done."""
    return _BEGIN[action.kind](play, action)


def step(play: Play, action: Running) -> tuple[Scene, Any]:
    """One tick of an action; StoryFaultError when it cannot go on."""
    return _STEP[action.kind](play, action)


def release(play: Play, action: Running) -> Scene:
    """Leave the actor as it is when an action is stopped."""
    if action.kind not in _RELEASE or action.data is None:
        return play.scene
    return _RELEASE[action.kind](play, action)


_BEGIN: dict[str, _Doing] = {
    "speed": speeds.begin_speed,
    "speed_profile": speeds.begin_profile,
    "brake": speeds.begin_brake,
    "resume": speeds.begin_resume,
    "keep_distance": speeds.begin_keep_distance,
    "synchronise": speeds.begin_synchronise,
    "change_lane": lanes.begin_change_lane,
    "lane_offset": lanes.begin_lane_offset,
    "follow_route": lanes.begin_follow_route,
    "follow_trajectory": trajectories.begin_trajectory,
    "walk": people.begin_walk,
    "run": people.begin_walk,
    "cross": people.begin_cross,
    "wait": people.begin_wait,
    "stand": people.begin_stand,
    "turn_round": people.begin_turn_round,
    "lights": world.begin_lights,
    "appear": world.begin_appear,
    "vanish": world.begin_vanish,
    "weather": world.begin_weather,
    "signals": world.begin_signals,
}
_STEP: dict[str, _Doing] = {
    "speed": speeds.step_speed,
    "speed_profile": speeds.step_profile,
    "brake": speeds.step_brake,
    "keep_distance": speeds.step_keep_distance,
    "synchronise": speeds.step_synchronise,
    "change_lane": lanes.step_shift,
    "lane_offset": lanes.step_shift,
    "follow_trajectory": trajectories.step_trajectory,
    "walk": people.step_walk,
    "run": people.step_walk,
    "cross": people.step_walk,
    "wait": people.step_wait,
    "turn_round": people.step_turn_round,
    "weather": world.step_weather,
    "signals": world.step_signals,
}
_RELEASE: dict[str, Callable[[Play, Running], Scene]] = {
    "speed": speeds.let_go,
    "speed_profile": speeds.let_go,
    "brake": speeds.let_go,
    "keep_distance": speeds.let_go,
    "synchronise": speeds.let_go,
    "change_lane": lanes.hold_shift,
    "lane_offset": lanes.hold_shift,
    "follow_trajectory": trajectories.leave,
    "wait": people.end_pause,
    "turn_round": people.stop_turning,
    "signals": world.back_to_plan,
}
