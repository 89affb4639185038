"""Keys and what they do: the window obeys this table, and the menus and the help overlay show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

import pygame

from roadlab_tools.viewer.playback import Action, Request

Command = Action | Request
REQUESTS: frozenset[str] = frozenset(get_args(Request))
"""Commands that the window itself carries out."""


@dataclass(frozen=True)
class Control:
    """Keys that do one thing, or one thing and its opposite."""

    menu: str
    label: str
    meaning: str
    keys: tuple[tuple[int, Command], ...]


CONTROLS = (
    Control("Play", "space", "play, pause", ((pygame.K_SPACE, "play"),)),
    Control("Play", "r", "play backwards, forwards", ((pygame.K_r, "reverse"),)),
    Control("Play", "↑ ↓", "faster, slower: 0.1 to 16 times", ((pygame.K_UP, "faster"), (pygame.K_DOWN, "slower"))),
    Control("Play", ". ,", "next, previous tick", ((pygame.K_PERIOD, "next tick"), (pygame.K_COMMA, "previous tick"))),
    Control("Play", "→ ←", "next, previous frame", ((pygame.K_RIGHT, "next frame"), (pygame.K_LEFT, "previous frame"))),
    Control("Play", "n b", "next, previous event", ((pygame.K_n, "next event"), (pygame.K_b, "previous event"))),
    Control("Play", "home end", "first, last tick", ((pygame.K_HOME, "first"), (pygame.K_END, "last"))),
    Control(
        "Play",
        "[ ]",
        "loop from here, to here",
        ((pygame.K_LEFTBRACKET, "loop from"), (pygame.K_RIGHTBRACKET, "loop to")),
    ),
    Control("Play", "l", "no loop", ((pygame.K_l, "no loop"),)),
    Control("View", "f", "follow the ego", ((pygame.K_f, "follow"),)),
    Control("View", "u", "the ego's heading is up", ((pygame.K_u, "heading up"),)),
    Control("View", "x c", "turn the map left, right", ((pygame.K_x, "turn left"), (pygame.K_c, "turn right"))),
    Control("View", "o", "north is up", ((pygame.K_o, "north up"),)),
    Control("View", "a", "all of the map", ((pygame.K_a, "whole map"),)),
    Control(
        "View",
        "+ -",
        "zoom, as the wheel does",
        (
            (pygame.K_PLUS, "zoom in"),
            (pygame.K_KP_PLUS, "zoom in"),
            (pygame.K_EQUALS, "zoom in"),
            (pygame.K_MINUS, "zoom out"),
            (pygame.K_KP_MINUS, "zoom out"),
        ),
    ),
    Control("View", "tab", "next actor: its state and why", ((pygame.K_TAB, "next actor"),)),
    Control("View", "0", "no actor", ((pygame.K_0, "nobody"),)),
    Control("Show", "t", "trails", ((pygame.K_t, "trails"),)),
    Control("Show", "p", "planned paths", ((pygame.K_p, "paths"),)),
    Control("Show", "m", "measures of the ego", ((pygame.K_m, "measures"),)),
    Control("Show", "i", "names and ids", ((pygame.K_i, "names"),)),
    Control("Show", "e", "list of events", ((pygame.K_e, "events"),)),
    Control("Show", "g", "what sensors reach", ((pygame.K_g, "sensors"),)),
    Control("Show", "j", "parameters with sliders", ((pygame.K_j, "parameters"),)),
    Control(
        "Sensors",
        "1 ... 9",
        "pane of a sensor",
        (
            (pygame.K_1, "pane 1"),
            (pygame.K_2, "pane 2"),
            (pygame.K_3, "pane 3"),
            (pygame.K_4, "pane 4"),
            (pygame.K_5, "pane 5"),
            (pygame.K_6, "pane 6"),
            (pygame.K_7, "pane 7"),
            (pygame.K_8, "pane 8"),
            (pygame.K_9, "pane 9"),
        ),
    ),
    Control("Sensors", "k", "close all panes", ((pygame.K_k, "close panes"),)),
    Control(
        "File",
        "pgdn pgup",
        "next, previous scene",
        ((pygame.K_PAGEDOWN, "next scene"), (pygame.K_PAGEUP, "previous scene")),
    ),
    Control("File", "s", "screenshot into this folder", ((pygame.K_s, "screenshot"),)),
    Control("File", "f12", "screenshot of the topmost pane", ((pygame.K_F12, "screenshot of pane"),)),
    Control("File", "v", "film into this folder: begin, end", ((pygame.K_v, "record"),)),
    Control("Edit", "w", "move actors and waypoints", ((pygame.K_w, "edit"),)),
    Control("Edit", "z y", "undo, redo a change of the file", ((pygame.K_z, "undo"), (pygame.K_y, "redo"))),
    Control("Edit", "d", "another seed", ((pygame.K_d, "next seed"),)),
    Control("File", "f5", "load the file again", ((pygame.K_F5, "reload"),)),
    Control("View", "h", "this help", ((pygame.K_h, "help"),)),
    Control("File", "q esc", "quit", ((pygame.K_q, "quit"), (pygame.K_ESCAPE, "quit"))),
)
MOUSE = (
    ("click", "an actor or an event"),
    ("drag", "the map, the time below, a pane"),
    ("right drag", "turn the map, shift a cloud"),
)
"""What the mouse does, for the help overlay."""
COMMANDS: dict[int, Command] = {key: command for control in CONTROLS for key, command in control.keys}
