"""What the person at the window has asked for; every key and every mouse movement makes a new state of the old one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.view import Pixel, View

FRAME = 0.1
"""What the arrow keys step [s]: the period of the usual camera."""
BAR_HEIGHT = 46
BAR_MARGIN = 24
"""Of the time line, to the left and to the right [pixel]."""

Action = Literal[
    "play", "next tick", "previous tick", "next frame", "previous frame", "first", "last", "follow", "whole map", "help"
]


@dataclass(frozen=True, slots=True)
class Playback:
    """The state of the window."""

    time: float
    """[s] after the first tick."""
    view: View
    playing: bool = False
    following: bool = True
    """The ego stays in the middle."""
    help: bool = False
    holding: Literal["nothing", "map", "bar"] = "nothing"
    """What the mouse button was pressed on."""


def begun(scene: Scene, at: float, size: tuple[int, int]) -> Playback:
    """The window as it opens: the ego's surroundings at the time `at` [s]."""
    return _followed(Playback(at, View((0.0, 0.0), 11.0 * size[0] / 1280, size)), scene)


def advanced(state: Playback, scene: Scene, elapsed: float) -> Playback:
    """After `elapsed` seconds of the person's time; stands still at the end."""
    if not state.playing:
        return state
    time = min(state.time + elapsed, scene.duration)
    return _followed(replace(state, time=time, playing=time < scene.duration), scene)


def acted(state: Playback, scene: Scene, action: Action) -> Playback:
    """After a key."""
    match action:
        case "play":
            ended = state.time >= scene.duration and not state.playing
            return _at(replace(state, playing=not state.playing), scene, 0.0 if ended else state.time)
        case "next tick":
            return _at(replace(state, playing=False), scene, scene.time_of(scene.tick_at(state.time) + 1))
        case "previous tick":
            return _at(replace(state, playing=False), scene, scene.time_of(scene.tick_at(state.time) - 1))
        case "next frame":
            return _at(replace(state, playing=False), scene, state.time + FRAME)
        case "previous frame":
            return _at(replace(state, playing=False), scene, state.time - FRAME)
        case "first":
            return _at(state, scene, 0.0)
        case "last":
            return _at(state, scene, scene.duration)
        case "follow":
            return _followed(replace(state, following=not state.following), scene)
        case "whole map":
            return replace(state, following=False, view=state.view.fitted(scene.bounds))
        case "help":
            return replace(state, help=not state.help)


def pressed(state: Playback, scene: Scene, pixel: Pixel) -> Playback:
    """After the mouse button went down."""
    if pixel[1] >= state.view.size[1] - BAR_HEIGHT:
        return dragged(replace(state, holding="bar", playing=False), scene, pixel, (0, 0))
    return replace(state, holding="map")


def dragged(state: Playback, scene: Scene, pixel: Pixel, by: Pixel) -> Playback:
    """After the mouse moved with its button down."""
    if state.holding == "bar":
        return _at(state, scene, time_under(pixel[0], scene, state.view))
    if state.holding == "map" and by != (0, 0):
        return replace(state, following=False, view=state.view.panned(by))
    return state


def released(state: Playback) -> Playback:
    """After the mouse button went up."""
    return replace(state, holding="nothing")


def zoomed(state: Playback, scene: Scene, steps: float, pixel: Pixel) -> Playback:
    """After the wheel turned; while following, the ego stays in the middle."""
    width, height = state.view.size
    around = (width / 2, height / 2) if state.following else pixel
    return _followed(replace(state, view=state.view.zoomed(1.2**steps, around)), scene)


def resized(state: Playback, scene: Scene, size: tuple[int, int]) -> Playback:
    """After the window got another size."""
    return _followed(replace(state, view=replace(state.view, size=size)), scene)


def time_under(x: float, scene: Scene, view: View) -> float:
    """The time [s] at this place of the time line."""
    share = (x - BAR_MARGIN) / max(view.size[0] - 2 * BAR_MARGIN, 1)
    return min(max(share, 0.0), 1.0) * scene.duration


def place_of(time: float, scene: Scene, view: View) -> float:
    """Where on the time line a time [s] is [pixel]."""
    return BAR_MARGIN + time / max(scene.duration, 1e-9) * (view.size[0] - 2 * BAR_MARGIN)


def _at(state: Playback, scene: Scene, time: float) -> Playback:
    return _followed(replace(state, time=min(max(time, 0.0), scene.duration)), scene)


def _followed(state: Playback, scene: Scene) -> Playback:
    if not state.following:
        return state
    ego = scene.actors_at(state.time)[scene.log.ego]
    return replace(state, view=replace(state.view, center=ego.middle))
