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
SLIDERS_WIDTH = 470
SLIDER_ROW = 26
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


def slider_panel(scene: Scene, size: tuple[int, int]) -> Box:
    """The parameters at the lower left, above the scale."""
    grown = magnified(size)
    height = round((32 + SLIDER_ROW * len(scene.sliders)) * grown)
    return Box(round(12 * grown), bar(size).top - height - round(46 * grown), round(SLIDERS_WIDTH * grown), height)


def slider_tracks(scene: Scene, size: tuple[int, int]) -> Iterator[Box]:
    """Where each slider can be drawn along."""
    grown, whole = magnified(size), slider_panel(scene, size)
    for number in range(len(scene.sliders)):
        top = whole.top + round((28 + number * SLIDER_ROW) * grown)
        yield Box(whole.left + round(150 * grown), top, round(170 * grown), round(SLIDER_ROW * grown))


def can_write(scene: Scene, slides: tuple[tuple[str, int], ...]) -> bool:
    """Whether what was slid may go into the file: chance goes on deciding what it decides there."""
    slid = {name for name, _ in slides}
    return bool(slid) and not any(slider.is_random for slider in scene.sliders if slider.name in slid)


def write_button(scene: Scene, size: tuple[int, int]) -> Box:
    """What writes the values of sliders into the file."""
    grown, whole = magnified(size), slider_panel(scene, size)
    width = round(150 * grown)
    return Box(
        whole.left + whole.width - width - round(6 * grown), whole.top + round(4 * grown), width, round(22 * grown)
    )
