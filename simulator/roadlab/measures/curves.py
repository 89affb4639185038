"""The measures that are a curve over time, by name: what `roadlab simulate --plot` draws and its summary tells."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.log import SceneLog
from roadlab.measures import conflicts, motion

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A measure over the ticks of a log."""

    value: Array
    """(T,) +inf where there is nothing to measure."""
    other: NDArray[np.int64] | None = None
    """(T,) index of the actor towards whom; -1 where there is none. None for what concerns one actor alone."""


@dataclass(frozen=True)
class Measure:
    """One kind of curve."""

    name: str
    title: str
    unit: str
    worst: str
    """Which end is bad: lowest or highest."""
    of: Callable[[SceneLog, int], Curve]
    """Of an actor of a log."""
    interesting: float = np.inf
    """A plot need show nothing above this."""

    def worst_tick(self, curve: Curve) -> int | None:
        """Where the curve is worst; None when it has no finite value."""
        finite = np.isfinite(curve.value)
        if not finite.any():
            return None
        if self.worst == "lowest":
            return int(np.argmin(np.where(finite, curve.value, np.inf)))
        return int(np.argmax(np.where(finite, np.abs(curve.value), -np.inf)))


def _to_another(measure: Callable[[SceneLog, int], conflicts.Nearest]) -> Callable[[SceneLog, int], Curve]:
    def curve(log: SceneLog, actor: int) -> Curve:
        nearest = measure(log, actor)
        return Curve(nearest.value, nearest.other)

    return curve


def _alone(measure: Callable[[SceneLog, int], Array]) -> Callable[[SceneLog, int], Curve]:
    return lambda log, actor: Curve(measure(log, actor))


MEASURES: dict[str, Measure] = {
    m.name: m
    for m in (
        Measure("distance", "Minimum distance", "m", "lowest", _to_another(conflicts.minimum_distance), 50.0),
        Measure("ttc", "Time to collision", "s", "lowest", _to_another(conflicts.time_to_collision), 10.0),
        Measure(
            "following_ttc",
            "Time to collision with the leader",
            "s",
            "lowest",
            _to_another(conflicts.following_time_to_collision),
            10.0,
        ),
        Measure("headway", "Time headway", "s", "lowest", _to_another(conflicts.time_headway), 6.0),
        Measure("drac", "Deceleration to avoid", "m/s²", "highest", _to_another(conflicts.deceleration_to_avoid)),
        Measure(
            "rss_margin", "Margin over the RSS distance", "m", "lowest", _to_another(conflicts.safety_margin), 100.0
        ),
        Measure("jerk", "Jerk", "m/s³", "highest", _alone(motion.jerk)),
        Measure("speed", "Speed", "m/s", "highest", _alone(motion.speed)),
        Measure("acceleration", "Acceleration", "m/s²", "highest", _alone(lambda log, i: log.acceleration[:, i])),
    )
}
