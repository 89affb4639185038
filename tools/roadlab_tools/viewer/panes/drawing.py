"""Draws panes with what their sensors report, as far as it is there."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pygame

from roadlab_tools.palette import Color
from roadlab_tools.viewer.layout import Box, magnified
from roadlab_tools.viewer.lettering import lettered
from roadlab_tools.viewer.model import Scene
from roadlab_tools.viewer.panes.camera_picture import camera_picture, missing
from roadlab_tools.viewer.panes.cloud_picture import BACKGROUND, cloud_picture
from roadlab_tools.viewer.panes.lanes import LaneBorders
from roadlab_tools.viewer.panes.pane import Pane, PaneKey, Panes
from roadlab_tools.viewer.panes.range_picture import range_picture
from roadlab_tools.viewer.panes.readings import Cloud, Fault, Found, Picture, Source, Wish
from roadlab_tools.viewer.strokes import Image

_BAR: Color = (38, 44, 56)
_EDGE: Color = (96, 104, 120)
_TEXT: Color = (230, 233, 238)
_FAINT: Color = (150, 158, 168)
_ON: Color = (86, 180, 233)
_WRONG: Color = (255, 140, 60)


@dataclass(frozen=True)
class _Drawn:
    """A picture that was made of a reading, and of what."""

    of: tuple[object, ...]
    surface: pygame.Surface


class PanePainter:
    """The panes of one scene."""

    def __init__(self, scene: Scene, source: Source, before: PanePainter | None = None) -> None:
        """Until there is something of this scene, it shows what the one `before` showed."""
        self.source = source
        self._borders = LaneBorders(scene.network)
        self._shown: dict[PaneKey, tuple[Wish, Found]] = {} if before is None else dict(before._shown)
        self._drawn: dict[PaneKey, _Drawn] = {}

    def ask(self, panes: Panes, time: float, size: tuple[int, int], *, moving: bool) -> None:
        """Asks for what the panes show at `time` [s]; while the time moves, only for what comes quickly."""
        lists = [self._wishes(pane, time, size) for pane in reversed(panes)]
        quick = [wishes[0] for wishes in lists if wishes]
        better = [] if moving else [wish for wishes in lists for wish in wishes[1:]]
        self.source.ask([*quick, *better])
        for pane in panes:
            now = self._now(pane, self._wishes(pane, time, size))
            if now is not None:
                self._shown[pane.key] = now

    def _now(self, pane: Pane, wishes: list[Wish]) -> tuple[Wish, Found] | None:
        """The best reading of the time that is wished for, or the last one that came if it is nearer to that time."""
        for wish in reversed(wishes):
            if (found := self.source.found(wish)) is not None:
                return wish, found
        latest, shown = self.source.latest(pane.sensor), self._shown.get(pane.key)
        if latest is None or not wishes:
            return None
        if shown is None or abs(latest[0].index - wishes[0].index) < abs(shown[0].index - wishes[0].index):
            return latest
        return None

    @property
    def shown(self) -> tuple[object, ...]:
        """Changes when a pane shows another reading, or waits for something else."""
        return self.source.waiting, *((key, wish, id(found)) for key, (wish, found) in self._shown.items())

    def complete(self, panes: Panes, time: float, size: tuple[int, int]) -> bool:
        """Whether every pane shows the best that there will be."""
        return all(
            wishes[-1:] == [self._shown[pane.key][0]] or isinstance(self._shown[pane.key][1], Fault)
            if pane.key in self._shown
            else not wishes
            for pane in panes
            for wishes in [self._wishes(pane, time, size)]
        )

    def _wishes(self, pane: Pane, time: float, size: tuple[int, int]) -> list[Wish]:
        return list(self.source.wishes(pane, time, pane.picture_box(size).width))

    def draw(self, target: pygame.Surface, panes: Panes) -> None:
        """All panes, the last on top."""
        for pane in panes:
            self._draw_pane(target, pane)

    def picture(self, pane: Pane, size: tuple[int, int]) -> pygame.Surface | None:
        """What a pane shows, as large as fits; None while there is nothing."""
        wish, found = self._shown.get(pane.key, (None, None))
        if found is None or isinstance(found, Fault):
            return None
        of = (wish, found, pane.overlays, pane.coloring, pane.orbit, size)
        kept = self._drawn.get(pane.key)
        if kept is None or kept.of != of:
            image = np.ascontiguousarray(self._image(pane, found, size))
            surface = pygame.image.frombuffer(image.tobytes(), image.shape[1::-1], "RGB")
            self._drawn[pane.key] = kept = _Drawn(of, surface)
        return kept.surface

    def fault(self, pane: Pane) -> str:
        """Why a pane shows nothing; empty where it does."""
        found = self._shown.get(pane.key)
        return found[1].text if found is not None and isinstance(found[1], Fault) else ""

    def _image(self, pane: Pane, found: Picture | Cloud, size: tuple[int, int]) -> Image:
        if isinstance(found, Picture):
            return camera_picture(found, pane.overlays, self._borders, size)
        if pane.kind == "range":
            return range_picture(found, pane.coloring, size)
        return cloud_picture(found, pane.coloring, pane.orbit, size)

    def _draw_pane(self, target: pygame.Surface, pane: Pane) -> None:
        size = target.get_size()
        inner = pane.picture_box(size)
        pygame.draw.rect(target, BACKGROUND, pygame.Rect(*pane.box(size)))
        found = self._shown.get(pane.key)
        if found is not None and isinstance(found[1], Fault):
            _draw_lines(target, inner, found[1].text, _WRONG)
        elif (surface := self.picture(pane, (inner.width, inner.height))) is not None:
            left = inner.left + (inner.width - surface.get_width()) // 2
            target.blit(surface, (left, inner.top + (inner.height - surface.get_height()) // 2))
        else:
            _draw_lines(target, inner, self.source.waiting, _FAINT)
        self._draw_bars(target, pane, found)
        pygame.draw.rect(target, _EDGE, pygame.Rect(*pane.box(size)), 1)
        _draw_corner(target, pane.box(size))

    def _draw_bars(self, target: pygame.Surface, pane: Pane, found: tuple[Wish, Found] | None) -> None:
        size = target.get_size()
        box, cross = pane.box(size), pane.close_box(size)
        grown = magnified(size)
        pygame.draw.rect(target, _BAR, pygame.Rect(box.left, box.top, box.width, 2 * cross.height))
        title = lettered(pane.sensor, _TEXT, round(14 * grown), 600)
        note = lettered(_note(pane, found), _FAINT, round(13 * grown))
        top = box.top + (cross.height - title.get_height()) // 2
        target.set_clip(pygame.Rect(box.left, box.top, box.width - cross.width, 2 * cross.height))
        target.blit(title, (box.left + 8, top))
        target.blit(note, (box.left + 18 + title.get_width(), top + round(grown)))
        target.set_clip(None)
        x, y, half = cross.left + cross.width / 2, cross.top + cross.height / 2, 5 * grown
        for one in (1, -1):
            pygame.draw.line(target, _TEXT, (x - half, y - one * half), (x + half, y + one * half), 2)
        gone = _unavailable(found)
        for place, switch in pane.switch_boxes(size):
            color = _EDGE if switch in gone else _ON if pane.is_on(switch) else _FAINT
            text = lettered(switch, color, round(13 * grown), 600 if pane.is_on(switch) else 500)
            where = text.get_rect(center=(place.left + place.width // 2, place.top + place.height // 2))
            if pane.is_on(switch) and switch not in gone:
                pygame.draw.rect(target, (24, 56, 78), pygame.Rect(*place).inflate(-4, -4), border_radius=4)
            target.blit(text, where)


def _note(pane: Pane, found: tuple[Wish, Found] | None) -> str:
    wish, reading = found if found is not None else (None, None)
    if wish is None or reading is None or isinstance(reading, Fault):
        return pane.kind
    if isinstance(reading, Picture):
        height, width = reading.planes["image"].shape[:2]
        return f"frame {wish.index}   {width} x {height}   {wish.grade}"
    count = f"{len(reading.points):,}".replace(",", " ")
    return f"{pane.kind}   sweep {wish.index}   {count} points   {wish.grade}"


def _unavailable(found: tuple[Wish, Found] | None) -> frozenset[str]:
    """Switches that have no effect on what is shown."""
    if found is None:
        return frozenset()
    wish, reading = found
    if isinstance(reading, Picture):
        gone: frozenset[str] = missing(reading)
        return gone if wish.grade == "stored" else gone - {"flow", "joints"}
    if isinstance(reading, Cloud):
        return frozenset(c for c in ("intensity", "ring", "time", "class", "instance") if _lacks(reading, c))
    return frozenset()


def _lacks(cloud: Cloud, coloring: str) -> bool:
    return {"class": "semantic"}.get(coloring, coloring) not in cloud.columns


def _draw_lines(target: pygame.Surface, box: Box, text: str, color: Color) -> None:
    """Text in the middle of a box, in as many lines as it takes."""
    grown = magnified(target.get_size())
    lines: list[str] = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if lettered(longer, color, round(14 * grown)).get_width() > box.width - 20 and lines[-1]:
            lines.append(word)
        else:
            lines[-1] = longer
    surfaces = [lettered(line, color, round(14 * grown)) for line in lines]
    top = box.top + (box.height - sum(surface.get_height() for surface in surfaces)) // 2
    target.set_clip(pygame.Rect(*box))
    for surface in surfaces:
        target.blit(surface, (box.left + (box.width - surface.get_width()) // 2, top))
        top += surface.get_height()
    target.set_clip(None)


def _draw_corner(target: pygame.Surface, box: Box) -> None:
    right, bottom = box.left + box.width - 3, box.top + box.height - 3
    for reach in (4, 8, 12):
        pygame.draw.line(target, _FAINT, (right - reach, bottom), (right, bottom - reach))
