"""What the mouse does to the state of the window."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from roadlab_tools.viewer import layout
from roadlab_tools.viewer.model import Scene, ShownActor
from roadlab_tools.viewer.playback import Dragging, Playback, moved_to
from roadlab_tools.viewer.view import Pixel

GRIP = 10.0
"""How near to an actor a click must be [pixel]."""


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
        return moved_to(state, scene, layout.time_under(pixel[0], scene, state.view))
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
    fixed = state.editing and actor is not None and not _has_handle(scene, actor.name)
    chosen = None if actor is None else actor.name
    return replace(let_go, chosen=chosen, request="tell why it stays" if fixed else None)


def _has_handle(scene: Scene, actor: str) -> bool:
    return any(handle.is_start and handle.actor in (actor, actor.partition("[")[0]) for handle in scene.handles)


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
