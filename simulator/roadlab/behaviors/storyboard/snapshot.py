"""What conditions look at: one instant of a run."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from roadlab.actors.cast import CHEST
from roadlab.log import ActorInfo
from roadlab.roads.network import RoadNetwork
from roadlab.timing import Nanoseconds, nanoseconds

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Setting:
    """What stays the same during a run."""

    index: Mapping[str, int]
    """Of the actors, by name."""
    size: Array
    """(N, 2) length and width of the footprints [m]."""
    middle: Array
    """(N,) from the reference point forward to the footprint's middle [m]."""
    network: RoadNetwork
    heads: tuple[str, ...]
    """Names of the signal heads."""


def setting_of(actors: Sequence[ActorInfo], network: RoadNetwork, heads: tuple[str, ...]) -> Setting:
    """The setting of a run with these actors."""
    walks = [actor.kind == "pedestrian" for actor in actors]
    size = [(CHEST if walk else actor.size[0], actor.size[1]) for walk, actor in zip(walks, actors, strict=True)]
    middle = [0.0 if walk else actor.box_center[0] for walk, actor in zip(walks, actors, strict=True)]
    index = {actor.name: k for k, actor in enumerate(actors)}
    return Setting(index, np.array(size).reshape(-1, 2), np.array(middle), network, heads)


@dataclass(frozen=True)
class Tale:
    """How one event of the story has gone so far."""

    state: str = "standby"
    """standby, running or complete; idle while the group that it is in does not run or it is not its turn."""
    since: Nanoseconds = 0
    """When it came into that state."""
    started: tuple[Nanoseconds, ...] = ()
    ended: tuple[Nanoseconds, ...] = ()
    """By itself or because it was stopped."""
    skipped: tuple[Nanoseconds, ...] = ()

    def count(self, what: str, delay: float, time: Nanoseconds) -> int:
        """How often it had started, ended or been skipped `delay` ago, or whether it has been in a state since then."""
        then = time - nanoseconds(delay)
        if what in ("started", "ended", "skipped"):
            moments: tuple[Nanoseconds, ...] = getattr(self, what)
            return sum(moment <= then for moment in moments)
        return int(self.state == what and self.since <= then)


@dataclass(frozen=True)
class Snapshot:
    """One instant; arrays of N actors."""

    setting: Setting
    time: Nanoseconds
    x: Array
    y: Array
    yaw: Array
    speed: Array
    acceleration: Array
    present: NDArray[np.bool_]
    travelled: Array
    """Since the start [m]."""
    signals: NDArray[np.uint8]
    """(S,) indices into `SIGNAL_STATES`."""
    touched: NDArray[np.int64]
    """(K, 2) pairs of actors that have touched each other."""
    tales: Mapping[str, Tale]
    """By name of the event."""

    def there(self, *names: str) -> bool:
        """Whether all of these actors are present."""
        return all(bool(self.present[self.setting.index[name]]) for name in names)
