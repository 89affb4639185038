"""Panes over the map: which sensor each shows and how, where it is, and what the mouse does to it. Knows no picture."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Literal

from roadlab_tools.viewer.layout import Box, bar, magnified
from roadlab_tools.viewer.view import Pixel

Kind = Literal["camera", "cloud", "range"]
Overlay = Literal["2D", "3D", "mask", "class", "depth", "flow", "joints", "lanes"]
Coloring = Literal["height", "range", "intensity", "ring", "time", "class", "instance"]
Grip = Literal["title", "corner", "inside"]
PaneKey = tuple[str, Kind]

OVERLAYS: tuple[Overlay, ...] = ("2D", "3D", "mask", "class", "depth", "flow", "joints", "lanes")
COLORINGS: tuple[Coloring, ...] = ("height", "range", "intensity", "ring", "time", "class", "instance")
KINDS: dict[str, tuple[Kind, ...]] = {"camera": ("camera",), "lidar": ("cloud", "range")}
"""Panes of each type of sensor."""
TITLE = 24
"""Height of the bar by which a pane is dragged, and of the row of its switches [pixel]."""
CORNER = 16
"""Side of the square at the lower right by which it is resized [pixel]."""
SMALLEST = (400, 160)
"""Width and height [pixel]."""
_TALLEST = math.radians(89.0)


@dataclass(frozen=True, slots=True)
class Orbit:
    """From where a cloud is looked at."""

    azimuth: float = math.pi
    """Of the eye, seen from the sensor, counter-clockwise from ahead [rad]: behind it."""
    elevation: float = math.radians(28.0)
    """Of the eye above the sensor [rad]."""
    distance: float = 32.0
    """[m]."""
    center: tuple[float, float] = (6.0, 0.0)
    """What the eye looks at, forward and to the left of the sensor [m]."""

    def turned(self, by: Pixel) -> Orbit:
        """Dragged with the mouse [pixel]."""
        elevation = min(max(self.elevation + by[1] * 0.008, -_TALLEST), _TALLEST)
        return replace(self, azimuth=math.remainder(self.azimuth - by[0] * 0.008, 2 * math.pi), elevation=elevation)

    def moved(self, by: Pixel) -> Orbit:
        """What it looks at, dragged with the right button [pixel]."""
        c, s = math.cos(self.azimuth), math.sin(self.azimuth)
        step = self.distance * 0.0015
        ahead, aside = by[1] * step, by[0] * step
        return replace(self, center=(self.center[0] - c * ahead + s * aside, self.center[1] - s * ahead - c * aside))

    def nearer(self, factor: float) -> Orbit:
        """Zoomed with the wheel."""
        return replace(self, distance=min(max(self.distance / factor, 2.0), 300.0))


@dataclass(frozen=True, slots=True)
class Pane:
    """A sensor's window in the window."""

    sensor: str
    kind: Kind
    place: tuple[float, float, float, float]
    """Left, top, width and height as shares of the window above the time line."""
    overlays: frozenset[Overlay] = field(default=frozenset[Overlay]({"2D", "3D"}))
    """Of a camera's picture."""
    coloring: Coloring = "height"
    """Of a cloud or a range image."""
    orbit: Orbit = Orbit()

    @property
    def key(self) -> PaneKey:
        """By which it is known."""
        return self.sensor, self.kind

    @property
    def switches(self) -> tuple[str, ...]:
        """What the row below the title offers."""
        if self.kind == "camera":
            return OVERLAYS
        return tuple(one for one in COLORINGS if self.kind == "range" or one != "range")

    def is_on(self, switch: str) -> bool:
        """Whether a switch is."""
        return switch in self.overlays if self.kind == "camera" else switch == self.coloring

    def switched(self, switch: str) -> Pane:
        """After a click on a switch: overlays come and go, of colourings there is one."""
        overlay = next((one for one in OVERLAYS if one == switch), None)
        if self.kind == "camera" and overlay is not None:
            return replace(self, overlays=self.overlays ^ {overlay})
        coloring = next((one for one in COLORINGS if one == switch), self.coloring)
        return replace(self, coloring=coloring)

    def box(self, size: tuple[int, int]) -> Box:
        """Where it is in a window of this size [pixel]."""
        width, height = size[0], bar(size).top
        grown = magnified(size)
        least = [min(round(SMALLEST[0] * grown), width), min(round(SMALLEST[1] * grown), height)]
        w = min(max(round(self.place[2] * width), least[0]), width)
        h = min(max(round(self.place[3] * height), least[1]), height)
        left = min(max(round(self.place[0] * width), 0), width - w)
        top = min(max(round(self.place[1] * height), 0), height - h)
        return Box(left, top, w, h)

    def picture_box(self, size: tuple[int, int]) -> Box:
        """The part of it that shows the sensor's picture."""
        box, head = self.box(size), 2 * round(TITLE * magnified(size))
        return Box(box.left + 2, box.top + head, box.width - 4, box.height - head - 2)

    def grip(self, pixel: Pixel, size: tuple[int, int]) -> Grip | None:
        """What of it is under a pixel."""
        box, grown = self.box(size), magnified(size)
        if not box.holds(pixel):
            return None
        if pixel[1] < box.top + TITLE * grown:
            return "title"
        near = CORNER * grown
        is_corner = pixel[0] >= box.left + box.width - near and pixel[1] >= box.top + box.height - near
        return "corner" if is_corner else "inside"

    def close_box(self, size: tuple[int, int]) -> Box:
        """The cross that closes it."""
        box, side = self.box(size), round(TITLE * magnified(size))
        return Box(box.left + box.width - side, box.top, side, side)

    def switch_boxes(self, size: tuple[int, int]) -> Iterable[tuple[Box, str]]:
        """The row of switches, all of one width."""
        box, side = self.box(size), round(TITLE * magnified(size))
        width = min((box.width - 4) // len(self.switches), round(74 * magnified(size)))
        for number, switch in enumerate(self.switches):
            yield Box(box.left + 2 + number * width, box.top + side, width, side), switch

    def dragged(self, by: Pixel, size: tuple[int, int]) -> Pane:
        """Moved by so many pixels; it never leaves the window."""
        width, height = size[0], bar(size).top
        box = self.box(size)
        left, top = box.left + by[0], box.top + by[1]
        left, top = min(max(left, 0), width - box.width), min(max(top, 0), height - box.height)
        return replace(self, place=(left / width, top / height, box.width / width, box.height / height))

    def resized(self, by: Pixel, size: tuple[int, int]) -> Pane:
        """Made larger or smaller by its corner."""
        width, height = size[0], bar(size).top
        box, grown = self.box(size), magnified(size)
        w = min(max(box.width + by[0], SMALLEST[0] * grown), width - box.left)
        h = min(max(box.height + by[1], SMALLEST[1] * grown), height - box.top)
        return replace(self, place=(box.left / width, box.top / height, w / width, h / height))


Panes = tuple[Pane, ...]
"""Those that are shown; the last lies on top."""

_SLOTS = ((0.52, 0.66), (0.02, 0.66), (0.52, 0.33), (0.02, 0.33), (0.52, 0.04), (0.02, 0.04))


def opened(panes: Panes, sensor: str, kind: Kind, shape: float) -> Panes:
    """With a pane of this sensor on top, where there is most room; `shape` is the picture's width over its height."""
    if any(pane.key == (sensor, kind) for pane in panes):
        return raised(panes, (sensor, kind))
    taken = [pane.place for pane in panes]
    left, top = min(_SLOTS, key=lambda slot: (_covered(slot, taken), _SLOTS.index(slot)))
    height = min(0.42, max(0.26, 0.46 / shape * 16 / 9 + 0.09))
    coloring: Coloring = "range" if kind == "range" else "height"
    return (*panes, Pane(sensor, kind, (left, min(top, 0.98 - height), 0.46, height), coloring=coloring))


def _covered(slot: tuple[float, float], taken: Iterable[tuple[float, float, float, float]]) -> float:
    """How much of a slot others cover."""
    return sum(
        max(0.0, min(slot[0] + 0.46, left + w) - max(slot[0], left))
        * max(0.0, min(slot[1] + 0.32, top + h) - max(slot[1], top))
        for left, top, w, h in taken
    )


def closed(panes: Panes, key: PaneKey) -> Panes:
    """Without one."""
    return tuple(pane for pane in panes if pane.key != key)


def raised(panes: Panes, key: PaneKey) -> Panes:
    """With one on top of the others."""
    return tuple(sorted(panes, key=lambda pane: pane.key == key))


def changed(panes: Panes, pane: Pane) -> Panes:
    """With another pane of the same sensor and kind instead of the one that is there."""
    return tuple(pane if one.key == pane.key else one for one in panes)


def pane_under(panes: Panes, pixel: Pixel, size: tuple[int, int]) -> Pane | None:
    """The topmost pane there."""
    return next((pane for pane in reversed(panes) if pane.box(size).holds(pixel)), None)
