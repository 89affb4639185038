"""What the person at the window has asked for; every key and every mouse movement makes a new state of the old one."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.panes.pane import PaneKey, Panes
from roadlab_tools.viewer.view import Pixel, View

RATES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""How many seconds of the scene a second of the person's time can show."""

Layer = Literal["trails", "paths", "measures", "names", "events", "sensors", "parameters"]
Action = Literal[
    "play", "reverse", "faster", "slower", "next tick", "previous tick", "next frame", "previous frame", "first",
    "last", "next event", "previous event", "loop from", "loop to", "no loop", "follow", "heading up", "north up",
    "turn left", "turn right", "whole map", "next actor", "nobody", "trails", "paths", "measures", "names", "events",
    "sensors", "parameters", "edit", "help", "zoom in", "zoom out", "close panes", "pane 1", "pane 2", "pane 3",
    "pane 4", "pane 5", "pane 6", "pane 7", "pane 8", "pane 9",
]  # fmt: skip
Holding = Literal["nothing", "map", "turn", "bar", "title", "corner", "orbit", "shift", "handle", "slider"]
Request = Literal[
    "quit", "reload", "next scene", "previous scene", "screenshot", "screenshot of pane", "record", "next seed",
    "undo", "redo", "set parameters", "write parameters", "write place", "tell why it stays",
]  # fmt: skip
"""What is more than another `Playback` of the same scene."""


@dataclass(frozen=True, slots=True)
class Dragging:
    """A place of the file under the mouse."""

    handle: int
    """Which of the scene's handles."""
    to: tuple[float, float]
    """World [m]."""


@dataclass(frozen=True, slots=True)
class Playback:
    """The state of the window."""

    time: float
    """[s] after the first tick."""
    view: View
    playing: bool = False
    rate: float = 1.0
    """One of `RATES`."""
    backwards: bool = False
    loop: tuple[float, float] | None = None
    """What is played again and again [s]."""
    following: bool = True
    """The ego stays in the middle."""
    heading_up: bool = False
    """The map turns with the ego."""
    chosen: str | None = None
    """Name of the actor whose state is told."""
    layers: frozenset[Layer] = field(default=frozenset({"trails", "paths", "measures", "names", "events"}))
    """What is drawn beside the map and the actors."""
    help: bool = False
    holding: Holding = "nothing"
    """What the mouse button was pressed on."""
    moved: bool = False
    """Whether the mouse has moved since."""
    panes: Panes = ()
    """Sensors that are shown over the map."""
    held: PaneKey | None = None
    """The pane that the mouse button was pressed on."""
    menu: str | None = None
    """Title of the menu that is open."""
    editing: bool = False
    """Places that stand in the file can be dragged."""
    dragging: Dragging | None = None
    """The place that is being dragged, or was dropped last."""
    slides: tuple[tuple[str, int], ...] = ()
    """Parameters that sliders have changed, with the step at which they are."""
    slider: int = 0
    """The one that is held."""
    request: Request | None = None
    """What the window shall do next."""


def begun(scene: Scene, at: float, size: tuple[int, int]) -> Playback:
    """The window as it opens: the ego's surroundings at the time `at` [s]."""
    return followed(Playback(at, View((0.0, 0.0), 11.0 * size[0] / 1280, size)), scene)


def reloaded(state: Playback, scene: Scene) -> Playback:
    """The same time and view in a scene that has changed."""
    end = scene.duration
    loop = state.loop if state.loop is not None and state.loop[1] <= end else None
    known = any(actor.name == state.chosen for actor in scene.log.actors)
    names = [slider.name for slider in scene.sliders]
    kept = replace(
        state,
        loop=loop,
        chosen=state.chosen if known else None,
        dragging=None,
        holding="nothing" if state.holding in ("handle", "slider") else state.holding,
        slides=tuple(slide for slide in state.slides if slide[0] in names),
    )
    return moved_to(kept, scene, state.time)


def advanced(state: Playback, scene: Scene, elapsed: float) -> Playback:
    """After `elapsed` seconds of the person's time; stands still at the end, or begins the loop again."""
    if not state.playing:
        return state
    time = state.time + elapsed * state.rate * (-1.0 if state.backwards else 1.0)
    if state.loop is not None:
        begin, end = state.loop
        time = begin + (time - begin) % (end - begin) if not begin <= time <= end else time
        return moved_to(state, scene, time)
    return moved_to(replace(state, playing=0.0 < time < scene.duration), scene, time)


def zoomed(state: Playback, scene: Scene, steps: float, pixel: Pixel) -> Playback:
    """After the wheel turned; while following, the ego stays in the middle."""
    width, height = state.view.size
    around = (width / 2, height / 2) if state.following else pixel
    return followed(replace(state, view=state.view.zoomed(1.2**steps, around)), scene)


def resized(state: Playback, scene: Scene, size: tuple[int, int]) -> Playback:
    """After the window got another size."""
    return followed(replace(state, view=replace(state.view, size=size)), scene)


def moved_to(state: Playback, scene: Scene, time: float) -> Playback:
    """The same at another time [s], kept within the scene."""
    return followed(replace(state, time=min(max(time, 0.0), scene.duration)), scene)


def followed(state: Playback, scene: Scene) -> Playback:
    """With the ego in the middle, where it is to stay there."""
    if not state.following:
        return state
    ego = scene.actor_at(scene.log.ego, state.time)
    view = replace(state.view, center=ego.middle)
    return replace(state, view=view.turned(math.pi / 2 - ego.heading) if state.heading_up else view)
