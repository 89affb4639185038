"""What the person at the window has asked for; every key and every mouse movement makes a new state of the old one."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from roadlab_tools.viewer import layout
from roadlab_tools.viewer.layout import BAR_HEIGHT, BAR_MARGIN, place_of, time_under
from roadlab_tools.viewer.model import Scene, ShownActor
from roadlab_tools.viewer.panes.pane import KINDS, PaneKey, Panes, closed, opened
from roadlab_tools.viewer.view import Pixel, View

__all__ = ["BAR_HEIGHT", "BAR_MARGIN", "place_of", "time_under"]

FRAME = 0.1
"""What the arrow keys step where a scene has no frames of its own [s]."""
RATES = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""How many seconds of the scene a second of the person's time can show."""
TURN = math.radians(15.0)
"""What a key turns the map by [rad]."""
GRIP = 10.0
"""How near to an actor a click must be [pixel]."""

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
    "undo", "redo", "set parameters", "write parameters", "write place",
]  # fmt: skip
"""What is more than another `Playback` of the same scene."""


@dataclass(frozen=True, slots=True)
class Dragging:
    """A place of the file under the mouse."""

    handle: int
    """Which of `editing.handles_of`."""
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
    holding: Literal["nothing", "map", "turn", "bar", "title", "corner", "orbit", "shift", "handle", "slider"] = (
        "nothing"
    )
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
    return _followed(Playback(at, View((0.0, 0.0), 11.0 * size[0] / 1280, size)), scene)


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
            return _followed(replace(state, following=not state.following), scene)
        case "heading up":
            return _followed(replace(state, following=True, heading_up=not state.heading_up), scene)
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


# --- the mouse -------------------------------------------------------------------------------------------------------


def pressed(state: Playback, scene: Scene, pixel: Pixel) -> Playback:
    """After the mouse button went down."""
    if pixel[1] >= layout.bar(state.view.size).top:
        return dragged(replace(state, holding="bar", playing=False), scene, pixel, (0, 0))
    if state.editing and (handle := handle_under(scene, state, pixel)) is not None:
        place = scene.handles[handle].at
        return replace(state, holding="handle", moved=False, dragging=Dragging(handle, place))
    return replace(state, holding="map", moved=False)


def handle_under(scene: Scene, state: Playback, pixel: Pixel) -> int | None:
    """Which of the scene's handles is there; the nearest within `GRIP`."""
    if not scene.handles:
        return None
    away = np.hypot(*(state.view.pixels([handle.at for handle in scene.handles]) - pixel).T)
    nearest = int(np.argmin(away))
    return nearest if away[nearest] < GRIP else None


def pressed_slider(state: Playback, scene: Scene, pixel: Pixel) -> Playback | None:
    """After the mouse button went down on the parameters; None where they are not."""
    size = state.view.size
    if "parameters" not in state.layers or not layout.slider_panel(scene, size).holds(pixel):
        return None
    if layout.can_write(scene, state.slides) and layout.write_button(scene, size).holds(pixel):
        return replace(state, request="write parameters")
    for number, track in enumerate(layout.slider_tracks(scene, size)):
        if track.top <= pixel[1] < track.top + track.height:
            return _slid(replace(state, holding="slider", slider=number), scene, pixel)
    return state


def _slid(state: Playback, scene: Scene, pixel: Pixel) -> Playback:
    slider = scene.sliders[state.slider]
    track = list(layout.slider_tracks(scene, state.view.size))[state.slider]
    share = min(max((pixel[0] - track.left) / track.width, 0.0), 1.0)
    others = tuple(slide for slide in state.slides if slide[0] != slider.name)
    return replace(state, slides=(*others, (slider.name, round(share * (len(slider.texts) - 1)))))


def gripped(state: Playback) -> Playback:
    """After the right mouse button went down."""
    return replace(state, holding="turn")


def dragged(state: Playback, scene: Scene, pixel: Pixel, by: Pixel) -> Playback:
    """After the mouse moved with its button down."""
    if state.holding == "bar":
        return moved_to(state, scene, time_under(pixel[0], scene, state.view))
    if state.holding == "slider":
        return _slid(state, scene, pixel)
    if state.holding == "handle" and state.dragging is not None and by != (0, 0):
        return replace(state, moved=True, dragging=replace(state.dragging, to=state.view.world(pixel)))
    if state.holding == "map" and by != (0, 0):
        return replace(state, following=False, moved=True, view=state.view.panned(by))
    if state.holding == "turn" and by != (0, 0):
        return replace(state, heading_up=False, view=state.view.turned(state.view.angle - by[0] * 0.01))
    return state


def released(state: Playback, scene: Scene, pixel: Pixel) -> Playback:
    """After the mouse button went up: where it went down again without moving, something is chosen."""
    let_go = replace(state, holding="nothing")
    if state.holding == "slider":
        return replace(let_go, request="set parameters")
    if state.holding == "handle":
        return replace(let_go, request="write place") if state.moved else replace(let_go, dragging=None)
    if state.holding != "map" or state.moved:
        return let_go
    event = layout.event_under(state.time, scene, state.view, pixel) if "events" in state.layers else None
    if event is not None:
        chosen = event.actors[0] if event.actors else state.chosen
        return moved_to(replace(let_go, playing=False, chosen=chosen), scene, scene.event_time(event))
    actor = actor_under(scene, state, pixel)
    return replace(let_go, chosen=None if actor is None else actor.name)


def actor_under(scene: Scene, state: Playback, pixel: Pixel) -> ShownActor | None:
    """Who is there; the nearest within `GRIP`."""
    near = [
        (distance, actor)
        for actor in scene.actors_at(state.time)
        if actor.present and (distance := _from_outline(state.view.pixels(actor.footprint), pixel)) < GRIP
    ]
    return min(near, key=lambda pair: pair[0])[1] if near else None


def _from_outline(corners: np.ndarray[tuple[int, ...], np.dtype[np.float64]], pixel: Pixel) -> float:
    """How far a pixel is outside a rectangle on the picture; 0 inside."""
    middle = corners.mean(axis=0)
    along, across = corners[0] - corners[3], corners[0] - corners[1]
    outside = []
    for side in (along, across):
        length = max(float(np.hypot(*side)), 1e-9)
        outside.append(max(abs(float((np.asarray(pixel) - middle) @ side) / length) - length / 2, 0.0))
    return math.hypot(*outside)


def zoomed(state: Playback, scene: Scene, steps: float, pixel: Pixel) -> Playback:
    """After the wheel turned; while following, the ego stays in the middle."""
    width, height = state.view.size
    around = (width / 2, height / 2) if state.following else pixel
    return _followed(replace(state, view=state.view.zoomed(1.2**steps, around)), scene)


def resized(state: Playback, scene: Scene, size: tuple[int, int]) -> Playback:
    """After the window got another size."""
    return _followed(replace(state, view=replace(state.view, size=size)), scene)


def moved_to(state: Playback, scene: Scene, time: float) -> Playback:
    """The same at another time [s], kept within the scene."""
    return _followed(replace(state, time=min(max(time, 0.0), scene.duration)), scene)


def _followed(state: Playback, scene: Scene) -> Playback:
    if not state.following:
        return state
    ego = scene.actor_at(scene.log.ego, state.time)
    view = replace(state.view, center=ego.middle)
    return replace(state, view=view.turned(math.pi / 2 - ego.heading) if state.heading_up else view)
