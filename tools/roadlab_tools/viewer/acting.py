"""What the keys and the lines of the menus do to the state of the window."""

from __future__ import annotations

import math
from dataclasses import replace

from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.panes.pane import KINDS, PaneKey, closed, opened
from roadlab_tools.viewer.playback import RATES, Action, Playback, followed, moved_to, zoomed

FRAME = 0.1
"""What the arrow keys step where a scene has no frames of its own [s]."""
TURN = math.radians(15.0)
"""What a key turns the map by [rad]."""


def acted(state: Playback, scene: Scene, action: Action) -> Playback:
    """After a key."""
    match action:
        case "play":
            return _played(state, scene)
        case "reverse":
            return replace(state, backwards=not state.backwards)
        case "faster" | "slower":
            step = RATES.index(state.rate) + (1 if action == "faster" else -1)
            return replace(state, rate=RATES[min(max(step, 0), len(RATES) - 1)])
        case "loop from" | "loop to" | "no loop":
            return _looped(state, scene, action)
        case "follow":
            return followed(replace(state, following=not state.following), scene)
        case "heading up":
            return followed(replace(state, following=True, heading_up=not state.heading_up), scene)
        case "north up":
            return replace(state, heading_up=False, view=state.view.turned(0.0))
        case "turn left" | "turn right":
            by = TURN if action == "turn left" else -TURN
            return replace(state, heading_up=False, view=state.view.turned(state.view.angle + by))
        case "whole map":
            return replace(state, following=False, heading_up=False, view=state.view.fitted(scene.bounds))
        case "next actor":
            return replace(state, chosen=_after(state, scene))
        case "nobody":
            return replace(state, chosen=None)
        case "trails" | "paths" | "measures" | "names" | "events" | "sensors" | "parameters":
            return replace(state, layers=state.layers ^ {action})
        case "edit":
            return replace(state, editing=not state.editing, dragging=None)
        case "help":
            return replace(state, help=not state.help)
        case "zoom in" | "zoom out":
            width, height = state.view.size
            return zoomed(state, scene, 1 if action == "zoom in" else -1, (width / 2, height / 2))
        case "close panes":
            return replace(state, panes=())
        case _ if action.startswith("pane "):
            keys = panes_of(scene)[int(action[5:]) - 1 :]
            return toggled(state, scene, keys[0]) if keys else state
        case _:
            playing = state.playing and action in ("first", "last")
            return moved_to(replace(state, playing=playing), scene, _stepped(state, scene, action))


def panes_of(scene: Scene) -> list[PaneKey]:
    """Every pane that the scene's rig can have, in the order of its sensors."""
    sensors = scene.scenario.spec.sensors
    return [(name, kind) for name, sensor in sensors.items() for kind in KINDS.get(sensor.type, ())]


def toggled(state: Playback, scene: Scene, key: PaneKey) -> Playback:
    """With a pane that was not there, or without it."""
    if any(pane.key == key for pane in state.panes):
        return replace(state, panes=closed(state.panes, key))
    return replace(state, panes=opened(state.panes, *key, shape_of(scene, key)))


def shape_of(scene: Scene, key: PaneKey) -> float:
    """Width over height of what a pane shows."""
    lens = getattr(scene.scenario.spec.sensors[key[0]], "lens", None)
    if lens is not None:
        return float(lens.width / lens.height)
    return 4.0 if key[1] == "range" else 1.6


def _played(state: Playback, scene: Scene) -> Playback:
    end, again = (0.0, scene.duration) if state.backwards else (scene.duration, 0.0)
    ended = state.time == end and not state.playing and state.loop is None
    return moved_to(replace(state, playing=not state.playing), scene, again if ended else state.time)


def _stepped(state: Playback, scene: Scene, action: Action) -> float:
    """The time after an action that goes somewhere [s]."""
    match action:
        case "next tick":
            return scene.time_of(scene.tick_at(state.time) + 1)
        case "previous tick":
            return scene.time_of(scene.tick_at(state.time) - 1)
        case "next frame":
            return _next(state.time, scene.frames) if scene.frames else state.time + FRAME
        case "previous frame":
            return _previous(state.time, scene.frames) if scene.frames else state.time - FRAME
        case "next event":
            return _next(state.time, tuple(scene.event_time(event) for event in scene.events))
        case "previous event":
            return _previous(state.time, tuple(scene.event_time(event) for event in scene.events))
        case "last":
            return scene.duration
        case _:
            return 0.0


def _next(time: float, times: tuple[float, ...]) -> float:
    return min((other for other in times if other > time + 1e-9), default=time)


def _previous(time: float, times: tuple[float, ...]) -> float:
    return max((other for other in times if other < time - 1e-9), default=time)


def _looped(state: Playback, scene: Scene, action: Action) -> Playback:
    """A loop has a length: what would leave none reaches to the end, or from the beginning."""
    begin, end = state.loop or (0.0, scene.duration)
    if action == "loop from":
        begin, end = state.time, end if end > state.time else scene.duration
    elif action == "loop to":
        begin, end = begin if begin < state.time else 0.0, state.time
    return replace(state, loop=(begin, end) if action != "no loop" and end > begin else None)


def _after(state: Playback, scene: Scene) -> str:
    names = [actor.name for actor in scene.log.actors]
    return names[(names.index(state.chosen) + 1) % len(names)] if state.chosen in names else names[scene.log.ego]
