"""Draws the scene with pygame. The map and the actors are drawn at twice the size and averaged, which smooths edges."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pygame
from numpy.typing import ArrayLike, NDArray

from roadlab_tools.palette import EGO_COLOR, Color, class_color
from roadlab_tools.viewer.lettering import lettered
from roadlab_tools.viewer.model import Area, Scene, ShownActor, ShownSignal
from roadlab_tools.viewer.playback import BAR_HEIGHT, BAR_MARGIN, Playback, place_of
from roadlab_tools.viewer.view import View

Point = NDArray[np.float64]

GROUND: Color = (34, 41, 38)
AREA_COLORS: dict[str, Color] = {
    "verge": (48, 62, 50),
    "sidewalk": (104, 106, 108),
    "driving": (62, 66, 72),
    "parking": (74, 77, 85),
    "biking": (88, 66, 62),
    "shoulder": (70, 74, 80),
    "border": (66, 70, 76),
    "junction": (62, 66, 72),
    "stripe": (214, 216, 218),
    "white": (226, 228, 230),
    "yellow": (240, 200, 60),
}
SIGNAL_COLORS: dict[str, Color] = {
    "off": (70, 70, 70),
    "red": (255, 70, 50),
    "red_amber": (255, 130, 30),
    "green": (40, 225, 160),
    "amber": (255, 200, 40),
}
_TEXT: Color = (230, 233, 238)
_FAINT: Color = (150, 158, 168)
_PANEL = (16, 18, 24, 215)
_OUTLINE: Color = (14, 16, 20)
_FINER = 2

HELP = (
    ("space", "play, pause"),
    (". ,", "next, previous tick"),
    ("→ ←", "next, previous frame (0.1 s)"),
    ("home end", "first, last tick"),
    ("f", "follow the ego"),
    ("a", "all of the map"),
    ("wheel + -", "zoom"),
    ("drag", "move the map, or the time below"),
    ("h", "this help"),
    ("q esc", "quit"),
)


class Painter:
    """Draws one scene; keeps the picture of the map for as long as the view stays the same."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._map: tuple[View, pygame.Surface] | None = None

    def draw(self, state: Playback, target: pygame.Surface) -> None:
        """Fills `target`, which has the size of the state's view."""
        finer = replace(
            state.view,
            scale=state.view.scale * _FINER,
            size=(state.view.size[0] * _FINER, state.view.size[1] * _FINER),
        )
        canvas = self._map_picture(finer).copy()
        actors = tuple(actor for actor in self._scene.actors_at(state.time) if actor.present)
        for signal in self._scene.signals_at(state.time):
            _draw_signal(canvas, finer, signal)
        for actor in sorted(actors, key=lambda actor: actor.kind == "pedestrian"):
            _draw_actor(canvas, finer, actor)
        pygame.transform.smoothscale(canvas, state.view.size, target)
        _draw_names(target, state.view, actors)
        _draw_header(target, self._scene, state)
        _draw_scale(target, state.view)
        _draw_time_line(target, self._scene, state)
        if state.help:
            _draw_help(target)

    def _map_picture(self, view: View) -> pygame.Surface:
        if self._map is None or self._map[0] != view:
            picture = pygame.Surface(view.size)
            picture.fill(GROUND)
            for area in self._scene.areas:
                _draw_area(picture, view, area)
            self._map = (view, picture)
        return self._map[1]


def _draw_area(canvas: pygame.Surface, view: View, area: Area) -> None:
    pixels = view.pixels(area.outline)
    low, high = pixels.min(axis=0), pixels.max(axis=0)
    if (high < 0).any() or (low > view.size).any():
        return
    _polygon(canvas, pixels, AREA_COLORS[area.kind])


def _draw_actor(canvas: pygame.Surface, view: View, actor: ShownActor) -> None:
    color = EGO_COLOR if actor.is_ego else class_color(actor.category)
    if actor.kind == "pedestrian":
        _draw_pedestrian(canvas, view, actor, color)
    else:
        _draw_vehicle(canvas, view, actor, color)
    if actor.speed > 0.3:
        _draw_velocity(canvas, view, actor, color)


def _draw_vehicle(canvas: pygame.Surface, view: View, actor: ShownActor, color: Color) -> None:
    left_front, right_front, right_rear, left_rear = view.pixels(actor.footprint)
    _polygon(canvas, [left_front, right_front, right_rear, left_rear], color)
    if actor.kind == "vehicle":
        # The windscreen shows where the front is.
        near, far = 0.24, 0.40
        screen = [
            _between(left_front, left_rear, near),
            _between(right_front, right_rear, near),
            _between(right_front, right_rear, far),
            _between(left_front, left_rear, far),
        ]
        _polygon(canvas, screen, _shaded(color, 0.35))
    width = max(1, round(0.12 * view.scale))
    pygame.draw.polygon(canvas, _OUTLINE, [left_front, right_front, right_rear, left_rear], max(1, width // 2))
    if "brake" in actor.lamps:
        pygame.draw.line(canvas, (255, 60, 40), left_rear, right_rear, max(2, 2 * width))
    for lamp, front, rear in (("left", left_front, left_rear), ("right", right_front, right_rear)):
        if lamp in actor.lamps:
            for corner in (front, rear):
                pygame.draw.circle(canvas, (255, 176, 0), corner, max(2, 0.22 * view.scale))


def _draw_pedestrian(canvas: pygame.Surface, view: View, actor: ShownActor, color: Color) -> None:
    """A dot that stays visible from afar, with a beak where the person looks."""
    center = view.pixels(actor.middle)
    radius = max(0.34 * view.scale, 4.0 * _FINER)
    ahead = np.array([math.cos(actor.heading), -math.sin(actor.heading)])
    side = np.array([-ahead[1], ahead[0]])
    beak = [center + 1.7 * radius * ahead, center + 0.8 * radius * side, center - 0.8 * radius * side]
    _polygon(canvas, beak, color)
    _disc(canvas, center, radius, color)


def _draw_velocity(canvas: pygame.Surface, view: View, actor: ShownActor, color: Color) -> None:
    """An arrow from the actor's front to where it will be in a second."""
    start = np.asarray(actor.footprint[:2].mean(axis=0) if actor.kind != "pedestrian" else actor.middle)
    tip = view.pixels(start + actor.velocity)
    tail = view.pixels(start)
    along = (tip - tail) / max(float(np.hypot(*(tip - tail))), 1e-9)
    side = np.array([-along[1], along[0]])
    size = 5.0 * _FINER
    _line(canvas, tail, tip - along * size, color)
    _polygon(canvas, [tip, tip - along * size + side * size * 0.6, tip - along * size - side * size * 0.6], color)


def _draw_signal(canvas: pygame.Surface, view: View, signal: ShownSignal) -> None:
    """A light, and a short line to where it is seen from."""
    center = view.pixels((signal.x, signal.y))
    radius = max(0.7 * view.scale, 4.0 * _FINER)
    looks = center + 2.0 * radius * np.array([math.cos(signal.heading), -math.sin(signal.heading)])
    color = SIGNAL_COLORS[signal.state]
    _line(canvas, center, looks, color)
    _disc(canvas, center, radius, color)


def _draw_names(target: pygame.Surface, view: View, actors: tuple[ShownActor, ...]) -> None:
    """Names above or below the actors; of those who stand still only where they cover nobody."""
    bodies = [_around(view.pixels(actor.footprint)) for actor in actors]
    taken = [body.inflate(4, 4) for body in bodies]
    screen = pygame.Rect(0, 0, view.size[0], view.size[1] - BAR_HEIGHT)
    for actor, body in sorted(
        zip(actors, bodies, strict=True), key=lambda pair: (not pair[0].is_ego, pair[0].speed < 0.3)
    ):
        text = lettered(_caption(actor), EGO_COLOR if actor.is_ego else class_color(actor.category), 13)
        above = text.get_rect(midbottom=(body.centerx, body.top - 6)).inflate(6, 0)
        below = text.get_rect(midtop=(body.centerx, body.bottom + 6)).inflate(6, 0)
        free = [place for place in (above, below) if place.collidelist(taken) < 0]
        if screen.colliderect(body) and (free or actor.speed >= 0.3):
            place = free[0] if free else above
            taken.append(place)
            _panel(target, place)
            target.blit(text, place.move(3, 0))


def _around(pixels: Point) -> pygame.Rect:
    left, top = np.floor(pixels.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(pixels.max(axis=0)).astype(int).tolist()
    return pygame.Rect(left, top, right - left, bottom - top)


def _caption(actor: ShownActor) -> str:
    return f"{actor.name}  {actor.speed * 3.6:.0f} km/h" if actor.speed > 0.3 else actor.name


def _draw_header(target: pygame.Surface, scene: Scene, state: Playback) -> None:
    """Title and time to the left, what has happened so far to the right."""
    time = f"{state.time:.2f} s of {scene.duration:g} s" + ("" if state.playing else "   paused")
    title, clock = lettered(scene.title, _TEXT, 18, 600), lettered(time, _FAINT, 15)
    width = max(title.get_width(), clock.get_width()) + 24
    _panel(target, pygame.Rect(12, 12, width, 58))
    target.blit(title, (24, 18))
    target.blit(clock, (24, 44))
    hint = lettered("h  help", _FAINT, 13)
    happened = [event for event in scene.events if event.time <= int(scene.log.time[0]) + round(state.time * 1e9)]
    lines = [lettered(f"{event.time / 1e9:5.2f} s   {event.name}", _TEXT, 14) for event in happened[-6:]] or [hint]
    width = max(line.get_width() for line in lines) + 24
    left = target.get_width() - width - 12
    _panel(target, pygame.Rect(left, 12, width, 14 + 20 * len(lines)))
    for row, line in enumerate(lines):
        target.blit(line, (left + 12, 19 + 20 * row))


def _draw_scale(target: pygame.Surface, view: View) -> None:
    """A bar of a round number of metres."""
    length = next((m for m in (1, 2, 5, 10, 20, 50, 100, 200, 500) if m * view.scale >= 70), 1000)
    width, left, bottom = round(length * view.scale), BAR_MARGIN, target.get_height() - BAR_HEIGHT - 16
    pygame.draw.lines(
        target,
        _TEXT,
        False,
        [(left, bottom - 6), (left, bottom), (left + width, bottom), (left + width, bottom - 6)],
        2,
    )
    target.blit(lettered(f"{length} m", _TEXT, 13), (left + 6, bottom - 22))


def _draw_time_line(target: pygame.Surface, scene: Scene, state: Playback) -> None:
    width, height = target.get_size()
    top, middle = height - BAR_HEIGHT, height - BAR_HEIGHT / 2
    _panel(target, pygame.Rect(0, top, width, BAR_HEIGHT))
    now = place_of(state.time, scene, state.view)
    pygame.draw.line(target, (86, 92, 102), (BAR_MARGIN, middle), (width - BAR_MARGIN, middle), 4)
    pygame.draw.line(target, class_color("car"), (BAR_MARGIN, middle), (now, middle), 4)
    for second in range(math.floor(scene.duration) + 1):
        x = place_of(second, scene, state.view)
        pygame.draw.line(target, _FAINT, (x, middle + 6), (x, middle + 9))
        mark = lettered(str(second), _FAINT, 10)
        target.blit(mark, (x - mark.get_width() / 2, middle + 8))
    for event in scene.events:
        x = place_of((event.time - int(scene.log.time[0])) / 1e9, scene, state.view)
        color = (255, 70, 50) if event.kind == "contact" else (255, 200, 40)
        pygame.draw.polygon(target, color, [(x, middle - 4), (x - 5, middle - 13), (x + 5, middle - 13)])
    pygame.draw.circle(target, _OUTLINE, (now, middle), 9)
    pygame.draw.circle(target, _TEXT, (now, middle), 7)


def _draw_help(target: pygame.Surface) -> None:
    width, height = 380, 26 * len(HELP) + 28
    left, top = (target.get_width() - width) // 2, (target.get_height() - height) // 2
    _panel(target, pygame.Rect(left, top, width, height))
    for row, (keys, meaning) in enumerate(HELP):
        y = top + 14 + 26 * row
        target.blit(lettered(keys, class_color("car"), 15, 600), (left + 20, y))
        target.blit(lettered(meaning, _TEXT, 15), (left + 120, y))


def _panel(target: pygame.Surface, place: pygame.Rect) -> None:
    panel = pygame.Surface(place.size, pygame.SRCALPHA)
    pygame.draw.rect(panel, _PANEL, panel.get_rect(), border_radius=5)
    target.blit(panel, place)


def _polygon(canvas: pygame.Surface, pixels: ArrayLike, color: Color) -> None:
    pygame.draw.polygon(canvas, color, np.clip(np.asarray(pixels), -30_000, 30_000).tolist())


def _line(canvas: pygame.Surface, start: Point, end: Point, color: Color) -> None:
    pygame.draw.line(canvas, color, start.tolist(), end.tolist(), round(1.5 * _FINER))


def _disc(canvas: pygame.Surface, center: Point, radius: float, color: Color) -> None:
    pygame.draw.circle(canvas, _OUTLINE, center.tolist(), radius + 1.5 * _FINER)
    pygame.draw.circle(canvas, color, center.tolist(), radius)


def _between(start: Point, end: Point, share: float) -> Point:
    return start + (end - start) * share


def _shaded(color: Color, brightness: float) -> Color:
    red, green, blue = (round(channel * brightness) for channel in color)
    return red, green, blue
