"""Draws what can be dragged: places on the map, and the sliders of parameters."""

from __future__ import annotations

import numpy as np
import pygame

from roadlab_tools.palette import Color
from roadlab_tools.viewer import layout
from roadlab_tools.viewer.lettering import lettered
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.playback import Playback
from roadlab_tools.viewer.strokes import Image, curve, disc, dotted, polygon
from roadlab_tools.viewer.view import View
from roadlab_tools.viewer.writing.dropping import dropped, told
from roadlab_tools.viewer.writing.handles import Handle

HANDLE: Color = (255, 235, 120)
WARNING: Color = (255, 140, 60)
_EDGE: Color = (14, 16, 20)
_TEXT: Color = (230, 233, 238)
_FAINT: Color = (150, 158, 168)
_BLUE: Color = (86, 180, 233)
_PANEL = (16, 18, 24, 225)


def draw_handles(image: Image, view: View, scene: Scene, state: Playback) -> None:
    """Diamonds where actors start, discs where they go, and lines from each to the next."""
    before: Handle | None = None
    for number, handle in enumerate(scene.handles):
        dragged = state.dragging is not None and state.dragging.handle == number
        here = view.pixels(handle.at)
        if before is not None and before.actor == handle.actor and not handle.is_start:
            dotted(image, [view.pixels(before.at), here], HANDLE, 1.2, 8.0)
        _mark(image, here, handle, HANDLE)
        if dragged and state.dragging is not None:
            there = view.pixels(state.dragging.to)
            curve(image, [here, there], HANDLE, 1)
            _mark(image, there, handle, _TEXT)
        before = handle


def _mark(image: Image, pixel: np.ndarray[tuple[int, ...], np.dtype[np.float64]], handle: Handle, color: Color) -> None:
    if not handle.is_start:
        disc(image, pixel, 5.0, color, _EDGE)
        return
    for radius, shade in ((9.5, _EDGE), (7.5, color)):
        polygon(image, pixel + radius * np.array([(0, -1), (1, 0), (0, 1), (-1, 0)]), shade)


def draw_drop(target: pygame.Surface, view: View, scene: Scene, state: Playback) -> None:
    """Beside the mouse: what would be written into the file."""
    if state.dragging is None or not state.moved:
        return
    handle = scene.handles[state.dragging.handle]
    try:
        text, color = told(handle, dropped(handle, state.dragging.to, scene.network)), HANDLE
    except ValueError as error:
        text, color = str(error), WARNING
    grown = layout.magnified(view.size)
    line = lettered(f"{handle.label}: {text}", color, round(14 * grown))
    x, y = view.pixels(state.dragging.to).tolist()
    place = line.get_rect(midleft=(round(x + 16), round(y - 16))).inflate(10, 4)
    place.clamp_ip(pygame.Rect(0, 0, view.size[0], layout.bar(view.size).top))
    _ground(target, place)
    target.blit(line, place.move(5, 2))


def draw_sliders(target: pygame.Surface, scene: Scene, state: Playback) -> None:
    """A row for each parameter, and what to do with what was slid."""
    size = state.view.size
    grown = layout.magnified(size)
    whole = layout.slider_panel(scene, size)
    _ground(target, pygame.Rect(*whole))
    head = "parameters" if scene.sliders else "this file has no parameters to slide"
    title = lettered(head, _TEXT if scene.sliders else _FAINT, round(14 * grown), 600)
    target.blit(title, (whole.left + round(12 * grown), whole.top + round(6 * grown)))
    slides = dict(state.slides)
    if layout.can_write(scene, state.slides):
        button = layout.write_button(scene, size)
        pygame.draw.rect(target, (24, 56, 78), pygame.Rect(*button), border_radius=4)
        text = lettered("write into the file", _TEXT, round(13 * grown))
        target.blit(text, text.get_rect(center=pygame.Rect(*button).center))
    for row, slider in zip(layout.slider_tracks(scene, size), scene.sliders, strict=True):
        step = slides.get(slider.name, slider.step)
        color = HANDLE if slider.name in slides else _TEXT
        middle, left, right = row.top + row.height // 2, row.left, row.left + row.width
        name = lettered(slider.name, color, round(13 * grown))
        target.blit(name, name.get_rect(midright=(left - round(12 * grown), middle)))
        pygame.draw.line(target, (86, 92, 102), (left, middle), (right, middle), 3)
        x = left + round(row.width * step / (len(slider.texts) - 1))
        pygame.draw.line(target, _BLUE, (left, middle), (x, middle), 3)
        pygame.draw.circle(target, _EDGE, (x, middle), 8 * grown)
        pygame.draw.circle(target, color, (x, middle), 6 * grown)
        value = lettered(slider.texts[step] + ("  random" if slider.is_random else ""), color, round(13 * grown))
        target.blit(value, value.get_rect(midleft=(right + round(12 * grown), middle)))


def _ground(target: pygame.Surface, place: pygame.Rect) -> None:
    surface = pygame.Surface(place.size, pygame.SRCALPHA)
    pygame.draw.rect(surface, _PANEL, surface.get_rect(), border_radius=5)
    target.blit(surface, place)
