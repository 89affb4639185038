"""Draws the window: the map, who is on it, the time line, and what is written over them."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
import pygame

from roadlab.log import Event
from roadlab_tools.palette import class_color
from roadlab_tools.viewer import layout
from roadlab_tools.viewer.courses import Courses
from roadlab_tools.viewer.figures import OUTLINE, draw_actors, draw_choice, draw_course, draw_signals, draw_trails
from roadlab_tools.viewer.layout import place_of
from roadlab_tools.viewer.map_picture import AREA_COLORS, GROUND, MapPicture
from roadlab_tools.viewer.menus import draw_menus
from roadlab_tools.viewer.model import Scene, ShownActor
from roadlab_tools.viewer.nearness import Nearness, nearness
from roadlab_tools.viewer.panels import (
    EVENT_COLORS,
    FAINT,
    TEXT,
    draw_events,
    draw_header,
    draw_help,
    draw_names,
    draw_problems,
    draw_why,
    letters,
    panel,
)
from roadlab_tools.viewer.panes.drawing import PanePainter
from roadlab_tools.viewer.playback import Playback
from roadlab_tools.viewer.reach import draw_reaches, reaches
from roadlab_tools.viewer.strokes import Image, curve
from roadlab_tools.viewer.view import Pixel, View
from roadlab_tools.viewer.writing.drawing import draw_drop, draw_handles, draw_sliders

__all__ = ["AREA_COLORS", "GROUND", "Painter"]


class Painter:
    """Draws one scene."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._map = MapPicture(scene)
        self._courses = Courses(scene)
        self._reaches = reaches(scene)
        self._nearness = lru_cache(maxsize=8)(lambda tick: nearness(scene, scene.time_of(tick)))

    def draw(
        self,
        state: Playback,
        target: pygame.Surface,
        problems: Sequence[str] = (),
        note: str = "h  help",
        panes: PanePainter | None = None,
        pointer: Pixel | None = None,
    ) -> None:
        """Fills `target`, which has the size of the state's view; `pointer` is where the mouse is."""
        scene = self._scene
        view, image = self._map.seen(state.view)
        everybody = scene.actors_at(state.time)
        actors = tuple(actor for actor in everybody if actor.present and _on_picture(view, actor))
        near = self._nearness(scene.tick_at(state.time)) if "measures" in state.layers else ()
        near = tuple(one for one in near if _in_sight(view, everybody[one.other]))
        self._under(image, view, state, actors)
        draw_actors(image, view, actors)
        for one in near:
            _draw_distance(image, view, everybody[scene.log.ego], everybody[one.other])
        for actor in everybody:
            if actor.name == state.chosen:
                draw_choice(image, view, actor)
        if state.editing:
            draw_handles(image, view, scene, state)
        target.blit(pygame.image.frombuffer(np.ascontiguousarray(image), view.size, "RGB"), (0, 0))
        self._over(target, view, state, actors, near)
        draw_header(target, scene, state, note)
        if panes is not None:
            panes.draw(target, state.panes)
        if "parameters" in state.layers:
            draw_sliders(target, scene, state)
        if problems:
            draw_problems(target, problems)
        draw_menus(target, scene, state, pointer)
        if state.help:
            draw_help(target)

    def _under(self, image: Image, view: View, state: Playback, actors: tuple[ShownActor, ...]) -> None:
        if "sensors" in state.layers:
            draw_reaches(image, view, self._scene, self._reaches, state.time)
        if "trails" in state.layers:
            draw_trails(image, view, self._scene, actors, state.time)
        if "paths" in state.layers:
            for actor in actors:
                if actor.is_ego or actor.name == state.chosen:
                    draw_course(image, view, self._courses, actor, state.time)
        draw_signals(image, view, self._scene.signals_at(state.time))

    def _over(
        self,
        target: pygame.Surface,
        view: View,
        state: Playback,
        actors: tuple[ShownActor, ...],
        near: tuple[Nearness, ...],
    ) -> None:
        if "names" in state.layers:
            draw_names(target, view, actors, near)
        _draw_scale(target, view)
        if state.editing:
            draw_drop(target, view, self._scene, state)
        _draw_time_line(target, self._scene, state)
        if "events" in state.layers:
            draw_events(target, self._scene, state)
        if state.chosen is not None:
            draw_why(target, self._scene, state)


def _on_picture(view: View, actor: ShownActor) -> bool:
    reach = 0.5 * math.hypot(*view.size) / view.scale + 60.0
    return math.hypot(actor.middle[0] - view.center[0], actor.middle[1] - view.center[1]) < reach


def _in_sight(view: View, actor: ShownActor) -> bool:
    x, y = view.pixels(actor.middle)
    return bool(0 <= x < view.size[0] and 0 <= y < layout.bar(view.size).top)


def _draw_distance(image: Image, view: View, ego: ShownActor, other: ShownActor) -> None:
    """From the ego to whom a measure is about, between the nearest points of their outlines."""
    import shapely

    line = shapely.shortest_line(shapely.Polygon(ego.footprint), shapely.Polygon(other.footprint))
    ends = view.pixels(np.asarray(line.coords))
    curve(image, ends, OUTLINE, 4)
    curve(image, ends, TEXT, 2)


def _draw_scale(target: pygame.Surface, view: View) -> None:
    """A bar of a round number of metres, and an arrow to the north."""
    length = next((m for m in (1, 2, 5, 10, 20, 50, 100, 200, 500) if m * view.scale >= 70), 1000)
    left, bottom = layout.BAR_MARGIN, layout.bar(view.size).top - 16
    right = left + round(length * view.scale)
    pygame.draw.lines(
        target, TEXT, False, [(left, bottom - 6), (left, bottom), (right, bottom), (right, bottom - 6)], 2
    )
    label = letters(target, f"{length} m", TEXT, 13)
    target.blit(label, (left + 6, bottom - 4 - label.get_height()))
    north = view.direction(math.pi / 2)
    side = np.array([-north[1], north[0]])
    middle = np.array([right + 34.0, bottom - 12.0])
    arrow = [middle + 14 * north, middle - 8 * north + 7 * side, middle - 4 * north, middle - 8 * north - 7 * side]
    pygame.draw.polygon(target, TEXT, [corner.tolist() for corner in arrow])


def _draw_time_line(target: pygame.Surface, scene: Scene, state: Playback) -> None:
    box, grown = layout.bar(state.view.size), layout.magnified(state.view.size)
    middle = box.top + box.height / 2
    start, end = place_of(0.0, scene, state.view), place_of(scene.duration, scene, state.view)
    panel(target, pygame.Rect(*box))
    now = place_of(state.time, scene, state.view)
    pygame.draw.line(target, (86, 92, 102), (start, middle), (end, middle), 4)
    pygame.draw.line(target, class_color("car"), (start, middle), (now, middle), 4)
    if state.loop is not None:
        first, last = (place_of(time, scene, state.view) for time in state.loop)
        pygame.draw.rect(target, TEXT, pygame.Rect(round(first), round(middle - 5), round(last - first), 10), 2)
    step = next(
        s for s in (1, 2, 5, 10, 30, 60, 300, 3600) if s * (end - start) / max(scene.duration, 1e-9) > 34 * grown
    )
    for second in range(0, math.floor(scene.duration) + 1, step):
        x = place_of(second, scene, state.view)
        pygame.draw.line(target, FAINT, (x, middle + 6), (x, middle + 9))
        mark = letters(target, str(second), FAINT, 10)
        target.blit(mark, (x - mark.get_width() / 2, middle + 8))
    for event in scene.events:
        _draw_mark(target, event, (place_of(scene.event_time(event), scene, state.view), middle - 9 * grown), grown)
    pygame.draw.circle(target, OUTLINE, (now, middle), 9 * grown)
    pygame.draw.circle(target, TEXT, (now, middle), 7 * grown)


_MARKS: dict[str, tuple[tuple[float, float], ...]] = {
    "story": ((0, 5), (-5, -5), (5, -5)),
    "story_end": ((-5, 5), (0, -5), (5, 5)),
    "story_stop": ((-4, 4), (-4, -4), (4, -4), (4, 4)),
    "story_skip": ((-5, 0), (0, -3), (5, 0), (0, 3)),
    "fault": ((-5, -3), (-3, -5), (0, -2), (3, -5), (5, -3), (2, 0), (5, 3), (3, 5), (0, 2), (-3, 5), (-5, 3), (-2, 0)),
    "contact": ((0, 6), (-6, 0), (0, -6), (6, 0)),
    "route_end": ((-2, 5), (-2, -5), (5, -2), (0, 0), (0, 5)),
}
"""Every kind of event has a form, not a colour alone: a story's trigger points down at its time [pixel]."""


def _draw_mark(target: pygame.Surface, event: Event, place: tuple[float, float], grown: float) -> None:
    corners = [(place[0] + grown * x, place[1] + grown * y) for x, y in _MARKS[event.kind]]
    pygame.draw.polygon(target, EVENT_COLORS[event.kind], corners)
