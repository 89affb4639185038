"""What the story keeps from tick to tick."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from roadlab.behaviors.storyboard.elements import Element, Progress, beginning
from roadlab.weather import Weather

if TYPE_CHECKING:
    from roadlab.behaviors.storyboard.trajectories import Rail
    from roadlab.stage import Scene, Stage

Array = NDArray[np.float64]
AS_PLANNED = 255
"""In `Book.signals`: the head shows what its plan says."""
INDICATORS = ("auto", "left", "right", "hazard", "off")
BEAMS = ("auto", "low", "high", "off")


@dataclass(frozen=True)
class Running:
    """An action that has begun and not ended."""

    event: int
    """Index of its element."""
    actor: int
    kind: str
    spec: Any
    start: float
    """[s]"""
    data: Any
    """What it has to remember."""


@dataclass(frozen=True)
class Play:
    """What an action acts on."""

    stage: Stage
    scene: Scene
    now: float
    """[s]"""


@dataclass(frozen=True)
class Book:
    """The story so far; arrays of N actors."""

    progress: tuple[Progress, ...]
    running: tuple[Running, ...]
    present: NDArray[np.bool_]
    travelled: Array
    """Since the start [m]."""
    place: Array
    """(N, 2) where `travelled` was last counted [m]."""
    indicator: NDArray[np.int64]
    """Index into `INDICATORS`."""
    indicator_since: Array
    """[s]"""
    beam: NDArray[np.int64]
    """Index into `BEAMS`."""
    beside: Array
    """How far to the left of their lanes' middles drivers keep, also on the lanes to which they change [m]."""
    facing: Array
    """Where people who stand turn to [rad]; NaN: they stay as they are."""
    signals: NDArray[np.uint8]
    """(S,) indices into `SIGNAL_STATES`, or `AS_PLANNED`."""
    weather: Weather
    rails: Mapping[int, Rail]
    """Trajectories that actors follow exactly."""

    def with_actor(self, actor: int, **values: Any) -> Book:
        """This with new values for one actor."""
        changed = {}
        for name, value in values.items():
            changed[name] = getattr(self, name).copy()
            changed[name][actor] = value
        return replace(self, **changed)


def opened(
    story: tuple[Element, ...], present: NDArray[np.bool_], place: Array, beside: Array, heads: int, weather: Weather
) -> Book:
    """The book before the first tick."""
    count = len(present)
    return Book(
        progress=beginning(story),
        running=(),
        present=present,
        travelled=np.zeros(count),
        place=place,
        indicator=np.zeros(count, dtype=np.int64),
        indicator_since=np.zeros(count),
        beam=np.zeros(count, dtype=np.int64),
        beside=beside,
        facing=np.full(count, np.nan),
        signals=np.full(heads, AS_PLANNED, dtype=np.uint8),
        weather=weather,
        rails={},
    )
