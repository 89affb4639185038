"""What panes ask for and what they are given, whether it was rendered just now or read from a dataset."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from roadlab.timing import Nanoseconds
from roadlab_sensors.camera.lens import Lens
from roadlab_sensors.readings import ActorView
from roadlab_tools.datasets.item import Boxes
from roadlab_tools.viewer.panes.pane import Pane

Array = NDArray[Any]
Grade = Literal["draft", "standard", "stored"]


@dataclass(frozen=True, slots=True)
class Wish:
    """A reading that a pane would like to show."""

    sensor: str
    index: int
    """Of the reading, or of a dataset's sample."""
    grade: Grade
    step: int = 1
    """Of a camera: only every so many pixels."""
    labels: tuple[str, ...] = ()
    """Of a camera, beside those that it has anyway."""


@dataclass(frozen=True, eq=False)
class Picture:
    """What a camera saw, and what is true of it."""

    time: Nanoseconds
    lens: Lens
    world_from_camera: NDArray[np.float64]
    """(4, 4)."""
    planes: Mapping[str, Array]
    """`image`, and those of depth, instance, semantic, flow_forward that there are; (H, W, ...)."""
    views: tuple[ActorView, ...]
    boxes: Boxes


@dataclass(frozen=True, eq=False)
class Cloud:
    """What a lidar saw."""

    time: Nanoseconds
    world_from_lidar: NDArray[np.float64]
    """(4, 4)."""
    points: NDArray[np.float32]
    """(N, 3) [m], lidar frame."""
    columns: Mapping[str, Array]
    """Those of intensity, ring, time, semantic, instance that there are, (N,)."""
    boxes: Boxes


@dataclass(frozen=True)
class Fault:
    """Why there is no reading."""

    text: str


Found = Picture | Cloud | Fault


class Source(Protocol):
    """Where readings come from; works beside the window, which only asks."""

    def wishes(self, pane: Pane, time: float, width: int) -> Sequence[Wish]:
        """What would be shown of a sensor at `time` [s after the first tick] on `width` pixels: quickest to best."""

    def ask(self, wishes: Sequence[Wish]) -> None:
        """Makes these next, in this order, and nothing that was asked for before."""

    def found(self, wish: Wish) -> Found | None:
        """What has come of a wish; None while nothing has."""

    def latest(self, sensor: str) -> tuple[Wish, Found] | None:
        """What has come of this sensor last, of whatever time."""

    @property
    def waiting(self) -> str:
        """What a pane says while there is nothing to show."""

    def close(self) -> None:
        """Stops whatever is being made."""


@dataclass
class Shelf:
    """Readings that were found, as many as fit into `room` bytes; what was looked at longest ago goes first."""

    room: int = 160_000_000
    latest: dict[str, tuple[Wish, Found]] = field(default_factory=dict)
    """What came last, by sensor."""
    _kept: dict[Wish, Found] = field(default_factory=dict)

    def put(self, wish: Wish, found: Found) -> None:
        """Keeps a reading."""
        self.latest[wish.sensor] = wish, found
        self._kept[wish] = found
        total = sum(_bytes(one) for one in self._kept.values())
        while total > self.room and len(self._kept) > 1:
            total -= _bytes(self._kept.pop(next(iter(self._kept))))

    def get(self, wish: Wish) -> Found | None:
        """The reading of a wish."""
        found = self._kept.pop(wish, None)
        if found is not None:
            self._kept[wish] = found
        return found

    def __contains__(self, wish: Wish) -> bool:
        return wish in self._kept


def _bytes(found: Found) -> int:
    arrays: list[Array] = []
    if isinstance(found, Picture):
        arrays = list(found.planes.values())
    elif isinstance(found, Cloud):
        arrays = [found.points, *found.columns.values()]
    return sum(array.nbytes for array in arrays) + 1000
