"""Where things are on the window, for who draws them and for who is clicked on."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from roadlab.log import Event
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.view import Pixel, View

BAR_HEIGHT = 46
BAR_MARGIN = 24
"""Of the time line, to the left and to the right [pixel]."""
MENU_HEIGHT = 26
ROW = 20
EVENTS_WIDTH = 300
_ROWS_BEFORE = 4


class Box(NamedTuple):
    """A rectangle of the window [pixel]."""

    left: int
    top: int
    width: int
    height: int

    def holds(self, pixel: Pixel) -> bool:
        """Whether the pixel is in it."""
        return 0 <= pixel[0] - self.left < self.width and 0 <= pixel[1] - self.top < self.height


def magnified(size: tuple[int, int]) -> float:
    """How much larger letters and bars are than on a window of 1080 lines, so that 4K can be read."""
    return max(1.0, min(size[0] / 1920, size[1] / 1080))


def bar(size: tuple[int, int]) -> Box:
    """The time line."""
    height = round(BAR_HEIGHT * magnified(size))
    return Box(0, size[1] - height, size[0], height)


def place_of(time: float, scene: Scene, view: View) -> float:
    """Where on the time line a time [s] is [pixel]."""
    margin = BAR_MARGIN * magnified(view.size)
    return margin + time / max(scene.duration, 1e-9) * (view.size[0] - 2 * margin)


def time_under(x: float, scene: Scene, view: View) -> float:
    """The time [s] at this place of the time line."""
    margin = BAR_MARGIN * magnified(view.size)
    share = (x - margin) / max(view.size[0] - 2 * margin, 1)
    return min(max(share, 0.0), 1.0) * scene.duration


def event_rows(time: float, scene: Scene, view: View) -> Iterator[tuple[Box, Event]]:
    """The list of events on the right: as many as there is room for, around what happened last."""
    grown = magnified(view.size)
    row, width = round(ROW * grown), round(EVENTS_WIDTH * grown)
    top = round((MENU_HEIGHT + 19) * grown)
    count = max(3, (bar(view.size).top - top) // (2 * row))
    happened = sum(scene.event_time(event) <= time for event in scene.events)
    first = max(0, min(happened - _ROWS_BEFORE, len(scene.events) - count))
    for number, event in enumerate(scene.events[first : first + count]):
        yield Box(view.size[0] - width - round(12 * grown), top + number * row, width, row), event


def event_under(time: float, scene: Scene, view: View, pixel: Pixel) -> Event | None:
    """The event in whose row the pixel is."""
    return next((event for box, event in event_rows(time, scene, view) if box.holds(pixel)), None)
