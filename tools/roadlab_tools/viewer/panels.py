"""What is written over the picture: names, measures, clock, events, reasons, help, what is wrong."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import numpy as np
import pygame

from roadlab.log import EventKind
from roadlab_tools.palette import Color, class_color
from roadlab_tools.viewer import layout
from roadlab_tools.viewer.controls import CONTROLS, MOUSE
from roadlab_tools.viewer.figures import CHOSEN, actor_color
from roadlab_tools.viewer.lettering import lettered
from roadlab_tools.viewer.model import Scene, ShownActor
from roadlab_tools.viewer.nearness import Nearness
from roadlab_tools.viewer.playback import Playback
from roadlab_tools.viewer.view import View
from roadlab_tools.viewer.why import EventLines, reasons, state_lines

TEXT: Color = (230, 233, 238)
FAINT: Color = (150, 158, 168)
HOLDS: Color = (86, 180, 233)
WRONG: Color = (255, 140, 60)
EVENT_COLORS: dict[EventKind, Color] = {
    "story": (240, 228, 66),
    "story_end": (150, 158, 168),
    "story_stop": (150, 158, 168),
    "story_skip": (150, 158, 168),
    "fault": (225, 125, 190),
    "contact": (255, 90, 40),
    "route_end": (86, 180, 233),
}
_PANEL = (16, 18, 24, 215)
_LEGIBLE = 3.0
"""Below this scale [pixel/m] names would cover the map."""


def panel(target: pygame.Surface, place: pygame.Rect) -> None:
    """A dark ground to write on."""
    surface = pygame.Surface(place.size, pygame.SRCALPHA)
    pygame.draw.rect(surface, _PANEL, surface.get_rect(), border_radius=5)
    target.blit(surface, place)


def letters(target: pygame.Surface, text: str, color: Color, size: int = 14, weight: int = 500) -> pygame.Surface:
    """A line of text, larger on larger windows."""
    return lettered(text, color, round(size * layout.magnified(target.get_size())), weight)


def draw_names(target: pygame.Surface, view: View, actors: tuple[ShownActor, ...], near: Sequence[Nearness]) -> None:
    """Names above or below the actors; of those who stand still only where they cover nobody."""
    texts = {one.other: "   " + ", ".join(one.texts) for one in near}
    if view.scale < _LEGIBLE:
        actors = tuple(actor for actor in actors if actor.is_ego or actor.index in texts)
    bodies = [_around(view, actor) for actor in actors]
    taken = [body.inflate(4, 4) for body in bodies]
    screen = pygame.Rect(0, 0, view.size[0], layout.bar(view.size).top)
    ordered = sorted(zip(actors, bodies, strict=True), key=lambda pair: (not pair[0].is_ego, pair[0].speed < 0.3))
    for actor, body in ordered:
        if not screen.colliderect(body):
            continue
        text = letters(target, _caption(actor) + texts.get(actor.index, ""), actor_color(actor), 13)
        above = text.get_rect(midbottom=(body.centerx, body.top - 6)).inflate(6, 0)
        below = text.get_rect(midtop=(body.centerx, body.bottom + 6)).inflate(6, 0)
        places = [above, below]
        if actor.is_ego or actor.index in texts:  # these must be read: a little further off if need be
            step = above.height + 2
            places += [place.move(0, by) for k in (1, 2, 3) for place, by in ((above, -k * step), (below, k * step))]
        free = [place for place in places if place.collidelist(taken) < 0]
        if free or actor.is_ego or actor.index in texts:
            place = free[0] if free else above
            taken.append(place)
            panel(target, place)
            target.blit(text, place.move(3, 0))


def _around(view: View, actor: ShownActor) -> pygame.Rect:
    pixels = view.pixels(actor.footprint)
    left, top = np.floor(pixels.min(axis=0)).astype(int).tolist()
    right, bottom = np.ceil(pixels.max(axis=0)).astype(int).tolist()
    return pygame.Rect(left, top, right - left, bottom - top)


def _caption(actor: ShownActor) -> str:
    speed = f"  {actor.speed * 3.6:.0f} km/h" if actor.speed > 0.3 else ""
    return f"{actor.instance} {actor.name}{speed}"


def draw_header(target: pygame.Surface, scene: Scene, state: Playback, note: str) -> None:
    """Title, time and how it is played."""
    how = ("◀ " if state.backwards else "") + f"{state.rate:g}x" + ("" if state.playing else "   paused")
    lines = [
        letters(target, scene.title, TEXT, 18, 600),
        letters(target, f"{state.time:.2f} s of {scene.duration:g} s   {how}   {note}", FAINT, 15),
    ]
    _block(target, lines, (12, round((layout.MENU_HEIGHT + 10) * layout.magnified(state.view.size))))


def draw_events(target: pygame.Surface, scene: Scene, state: Playback) -> None:
    """The list of events: what has happened is bright."""
    rows = list(layout.event_rows(state.time, scene, state.view))
    if not rows:
        return
    first, last = rows[0][0], rows[-1][0]
    panel(target, pygame.Rect(first.left - 6, first.top - 7, first.width + 12, last.top + last.height - first.top + 14))
    for box, event in rows:
        time = scene.event_time(event)
        color = TEXT if time <= state.time + 1e-9 else FAINT
        mark = pygame.Rect(box.left, box.top + box.height // 4, box.height // 2, box.height // 2)
        pygame.draw.rect(target, EVENT_COLORS[event.kind], mark, 0 if time <= state.time + 1e-9 else 2)
        target.set_clip(pygame.Rect(*box))
        kind = "" if event.kind in ("story", "contact", "fault", "route_end") else event.kind.partition("_")[2] + ": "
        target.blit(letters(target, f"{time:6.2f} s  {kind}{event.name}", color), (box.left + box.height, box.top))
        target.set_clip(None)


def draw_why(target: pygame.Surface, scene: Scene, state: Playback) -> None:
    """State of the chosen actor, and each condition of its events: what it is now against what is wanted."""
    index = scene.log.index(state.chosen or "")
    lines = [letters(target, scene.log.actors[index].name, CHOSEN, 16, 600)]
    lines += [letters(target, text, TEXT, 13) for text in state_lines(scene, index, state.time)]
    for event in reasons(scene, index, state.time):
        lines.append(letters(target, f"{event.name}: {_progress(event)}", EVENT_COLORS["story"], 14, 600))
        for condition in event.conditions:
            mark = "+" if condition.holds else "–"
            text = "    " * (condition.depth + 1) + f"{mark} {condition.text}"
            lines.append(letters(target, text, HOLDS if condition.holds else FAINT, 13))
    _block(target, lines, (12, round((layout.MENU_HEIGHT + 76) * layout.magnified(state.view.size))))


def _progress(event: EventLines) -> str:
    if event.started is None:
        return "has not begun"
    return f"began at {event.started:.2f} s" + (", runs" if event.running else ", is over")


def draw_problems(target: pygame.Surface, problems: Sequence[str]) -> None:
    """What is wrong with the file that was saved last; the scene behind is the last one that was right."""
    width = target.get_width()
    columns = max(40, int(width / (8.2 * layout.magnified(target.get_size()))) - 8)
    rows = [row for text in problems for line in text.splitlines() for row in (textwrap.wrap(line, columns) or [""])]
    rows = [*rows[:14], *([f"... and {len(rows) - 14} lines more"] if len(rows) > 14 else [])]
    lines = [letters(target, "The file cannot be used as saved; this is the last scene that could:", WRONG, 15, 600)]
    lines += [letters(target, row, TEXT, 13) for row in rows]
    height = sum(line.get_height() for line in lines) + 20
    _block(
        target,
        lines,
        (12, layout.bar(target.get_size()).top - height - round(40 * layout.magnified(target.get_size()))),
    )


def draw_help(target: pygame.Surface) -> None:
    """Every key, in two columns."""
    rows = [(control.label, control.meaning) for control in CONTROLS] + list(MOUSE)
    grown = layout.magnified(target.get_size())
    row, column, half = round(24 * grown), round(390 * grown), (len(rows) + 1) // 2
    place = pygame.Rect(0, 0, 2 * column, row * half + round(28 * grown))
    place.center = (target.get_width() // 2, target.get_height() // 2)
    panel(target, place)
    panel(target, place)
    for number, (keys, meaning) in enumerate(rows):
        left = place.left + round(20 * grown) + column * (number // half)
        top = place.top + round(14 * grown) + row * (number % half)
        target.blit(letters(target, keys, class_color("car"), 15, 600), (left, top))
        target.blit(letters(target, meaning, TEXT, 15), (left + round(110 * grown), top))


def _block(target: pygame.Surface, lines: Sequence[pygame.Surface], place: tuple[int, int]) -> None:
    width = max(line.get_width() for line in lines) + 24
    panel(target, pygame.Rect(*place, width, sum(line.get_height() for line in lines) + 14))
    top = place[1] + 7
    for line in lines:
        target.blit(line, (place[0] + 12, top))
        top += line.get_height()
