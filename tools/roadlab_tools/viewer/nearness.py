"""How near the ego is to others at an instant: what is drawn between them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from roadlab.log import ARRAYS, SceneLog
from roadlab.measures import MEASURES
from roadlab_tools.viewer.model import Scene

_SHOWN = {"ttc": "TTC", "headway": "headway", "distance": "distance"}
"""Measures that are drawn, and what they are called."""


@dataclass(frozen=True)
class Nearness:
    """Measures of the ego towards one other actor."""

    other: int
    """Index in the log."""
    texts: tuple[str, ...]
    """Such as `TTC 1.9 s`."""


def nearness(scene: Scene, time: float) -> tuple[Nearness, ...]:
    """Time to collision, headway and least distance of the ego at `time` [s], where they apply, by the other actor."""
    now = _instant(scene.log, scene.tick_at(time))
    found: dict[int, list[str]] = {}
    if not now.present[0, now.ego]:
        return ()
    for name, title in _SHOWN.items():
        measure = MEASURES[name]
        curve = measure.of(now, now.ego)
        value, other = float(curve.value[0]), -1 if curve.other is None else int(curve.other[0])
        if other >= 0 and np.isfinite(value) and value <= measure.interesting:
            found.setdefault(other, []).append(f"{title} {value:.1f} {measure.unit}")
    return tuple(Nearness(other, tuple(texts)) for other, texts in found.items())


def _instant(log: SceneLog, tick: int) -> SceneLog:
    """One tick of a log: measuring it costs the same however long the log is."""
    return replace(log, **{name: getattr(log, name)[tick : tick + 1] for name in ARRAYS})
