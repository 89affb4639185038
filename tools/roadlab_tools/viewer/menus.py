"""Menus along the top for those who work with the mouse: the same commands as the keys."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pygame

from roadlab_tools.palette import Color
from roadlab_tools.viewer.acting import panes_of
from roadlab_tools.viewer.controls import CONTROLS, Command
from roadlab_tools.viewer.layout import MENU_HEIGHT, Box, magnified
from roadlab_tools.viewer.lettering import lettered
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.playback import Playback
from roadlab_tools.viewer.view import Pixel

TITLES = ("File", "Edit", "Play", "View", "Show", "Sensors")
_TITLE_WIDTH = 74
_ROW = 25
_WIDTH = 290
_GROUND: Color = (26, 30, 38)
_CHOSEN: Color = (44, 60, 84)
_TEXT: Color = (230, 233, 238)
_FAINT: Color = (150, 158, 168)
_MARK: Color = (86, 180, 233)


@dataclass(frozen=True)
class Entry:
    """A line of a menu."""

    caption: str
    key: str
    command: Command
    is_on: bool = False


def title_boxes(size: tuple[int, int]) -> Iterator[tuple[Box, str]]:
    """Where the titles are."""
    grown = magnified(size)
    width, height = round(_TITLE_WIDTH * grown), round(MENU_HEIGHT * grown)
    for number, title in enumerate(TITLES):
        yield Box(number * width, 0, width, height), title


def entry_boxes(state: Playback, scene: Scene) -> Iterator[tuple[Box, Entry]]:
    """Where the lines of the open menu are."""
    size = state.view.size
    grown = magnified(size)
    for title_box, title in title_boxes(size):
        if title == state.menu:
            for number, entry in enumerate(entries(title, state, scene)):
                top = title_box.top + title_box.height + number * round(_ROW * grown)
                yield Box(title_box.left, top, round(_WIDTH * grown), round(_ROW * grown)), entry


def entries(title: str, state: Playback, scene: Scene) -> list[Entry]:
    """The lines of a menu."""
    found: dict[Command, Entry] = {}
    sensors = panes_of(scene)
    for control in CONTROLS:
        for key, command in control.keys if control.menu == title else ():
            caption: str | None = _CAPTIONS.get(command, command)
            if command.startswith("pane "):
                number = int(command[5:]) - 1
                caption = " ".join(sensors[number]) if number < len(sensors) else None
            if caption is not None and command not in found:
                found[command] = Entry(caption, pygame.key.name(key), command, _is_on(command, state, scene))
    return list(found.values())


_CAPTIONS: dict[Command, str] = {
    "play": "play, pause",
    "reverse": "backwards",
    "first": "to the beginning",
    "last": "to the end",
    "follow": "follow the ego",
    "heading up": "ego's heading up",
    "nobody": "choose nobody",
    "sensors": "what sensors reach",
    "edit": "move actors and waypoints",
    "next seed": "another seed",
    "record": "film: begin, end",
    "reload": "load again",
    "screenshot of pane": "screenshot of the pane",
    "names": "names and ids",
    "events": "list of events",
    "measures": "measures of the ego",
    "paths": "planned paths",
    "close panes": "close all panes",
}


def _is_on(command: Command, state: Playback, scene: Scene) -> bool:
    match command:
        case "play":
            return state.playing
        case "reverse":
            return state.backwards
        case "follow":
            return state.following
        case "heading up":
            return state.heading_up
        case "edit":
            return state.editing
        case "help":
            return state.help
        case _ if command.startswith("pane "):
            key = panes_of(scene)[int(command[5:]) - 1]
            return any(pane.key == key for pane in state.panes)
    return command in state.layers


def pressed(state: Playback, scene: Scene, pixel: Pixel) -> tuple[Playback, Command | None] | None:
    """After a click: the menus as they are then, and the command of a line; None where the menus have no part in it."""
    for box, title in title_boxes(state.view.size):
        if box.holds(pixel):
            return replace(state, menu=None if state.menu == title else title), None
    for box, entry in entry_boxes(state, scene):
        if box.holds(pixel):
            return replace(state, menu=None), entry.command
    if state.menu is not None:
        return replace(state, menu=None), None
    return None


def draw_menus(target: pygame.Surface, scene: Scene, state: Playback, pointer: Pixel | None) -> None:
    """The bar, and the menu that is open; what the pointer is on is bright."""
    size = target.get_size()
    grown = magnified(size)
    height = round(MENU_HEIGHT * grown)
    pygame.draw.rect(target, _GROUND, pygame.Rect(0, 0, size[0], height))
    for box, title in title_boxes(size):
        if title == state.menu:
            pygame.draw.rect(target, _CHOSEN, pygame.Rect(*box))
        _write(target, title, _TEXT, (box.left + round(10 * grown), box), grown)
    rows = list(entry_boxes(state, scene))
    if not rows:
        return
    whole = pygame.Rect(*rows[0][0]).unionall([pygame.Rect(*box) for box, _ in rows])
    pygame.draw.rect(target, _GROUND, whole)
    for box, entry in rows:
        if pointer is not None and box.holds(pointer):
            pygame.draw.rect(target, _CHOSEN, pygame.Rect(*box))
        if entry.is_on:
            dot = (box.left + round(12 * grown), box.top + box.height // 2)
            pygame.draw.circle(target, _MARK, dot, 4 * grown)
        _write(target, entry.caption, _TEXT, (box.left + round(24 * grown), box), grown)
        key = lettered(entry.key, _FAINT, round(14 * grown))
        target.blit(key, key.get_rect(midright=(box.left + box.width - round(10 * grown), box.top + box.height // 2)))
    pygame.draw.rect(target, (80, 88, 102), whole, 1)


def _write(target: pygame.Surface, text: str, color: Color, place: tuple[int, Box], grown: float) -> None:
    line = lettered(text, color, round(14 * grown))
    target.blit(line, line.get_rect(midleft=(place[0], place[1].top + place[1].height // 2)))
