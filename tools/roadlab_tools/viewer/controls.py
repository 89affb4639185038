"""Keys and what they do: the window obeys this table and the help overlay shows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pygame

from roadlab_tools.viewer.playback import Action

WindowAction = Literal["zoom in", "zoom out", "quit", "reload", "next scene", "previous scene", "screenshot"]
"""What is more than another `Playback` of the same scene."""


@dataclass(frozen=True)
class Control:
    """Keys that do one thing, or one thing and its opposite."""

    label: str
    meaning: str
    keys: tuple[tuple[int, Action | WindowAction], ...]


CONTROLS = (
    Control("space", "play, pause", ((pygame.K_SPACE, "play"),)),
    Control("r", "play backwards, forwards", ((pygame.K_r, "reverse"),)),
    Control("↑ ↓", "faster, slower: 0.1 to 16 times", ((pygame.K_UP, "faster"), (pygame.K_DOWN, "slower"))),
    Control(". ,", "next, previous tick", ((pygame.K_PERIOD, "next tick"), (pygame.K_COMMA, "previous tick"))),
    Control("→ ←", "next, previous frame", ((pygame.K_RIGHT, "next frame"), (pygame.K_LEFT, "previous frame"))),
    Control("n b", "next, previous event", ((pygame.K_n, "next event"), (pygame.K_b, "previous event"))),
    Control("home end", "first, last tick", ((pygame.K_HOME, "first"), (pygame.K_END, "last"))),
    Control(
        "[ ]", "loop from here, to here", ((pygame.K_LEFTBRACKET, "loop from"), (pygame.K_RIGHTBRACKET, "loop to"))
    ),
    Control("l", "no loop", ((pygame.K_l, "no loop"),)),
    Control("f", "follow the ego", ((pygame.K_f, "follow"),)),
    Control("u", "the ego's heading is up", ((pygame.K_u, "heading up"),)),
    Control("x c", "turn the map left, right", ((pygame.K_x, "turn left"), (pygame.K_c, "turn right"))),
    Control("o", "north is up", ((pygame.K_o, "north up"),)),
    Control("a", "all of the map", ((pygame.K_a, "whole map"),)),
    Control(
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
    Control("tab", "next actor: its state and why", ((pygame.K_TAB, "next actor"),)),
    Control("0", "no actor", ((pygame.K_0, "nobody"),)),
    Control("t", "trails", ((pygame.K_t, "trails"),)),
    Control("p", "planned paths", ((pygame.K_p, "paths"),)),
    Control("m", "measures of the ego", ((pygame.K_m, "measures"),)),
    Control("i", "names and ids", ((pygame.K_i, "names"),)),
    Control("e", "list of events", ((pygame.K_e, "events"),)),
    Control(
        "pgdn pgup", "next, previous scene", ((pygame.K_PAGEDOWN, "next scene"), (pygame.K_PAGEUP, "previous scene"))
    ),
    Control("s", "screenshot into this folder", ((pygame.K_s, "screenshot"),)),
    Control("f5", "load the file again", ((pygame.K_F5, "reload"),)),
    Control("h", "this help", ((pygame.K_h, "help"),)),
    Control("q esc", "quit", ((pygame.K_q, "quit"), (pygame.K_ESCAPE, "quit"))),
)
MOUSE = (
    ("click", "an actor or an event"),
    ("drag", "the map, or the time below"),
    ("right drag", "turn the map"),
)
"""What the mouse does, for the help overlay."""
ACTIONS: dict[int, Action | WindowAction] = {key: action for control in CONTROLS for key, action in control.keys}
