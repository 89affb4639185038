"""A sample as arrays, each loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.geometry.poses import inverse
from roadlab.timing import Interval, Nanoseconds
from roadlab_sensors.camera.lens import Lens

Array = NDArray[Any]
Loader = Callable[[], Array]


class Arrays(Mapping[str, Array]):
    """Arrays by name; each is read from disk when it is first asked for, and kept."""

    def __init__(self, loaders: Mapping[str, Loader]) -> None:
        self._loaders = dict(loaders)
        self._loaded: dict[str, Array] = {}

    def __getitem__(self, name: str) -> Array:
        if name not in self._loaded:
            if name not in self._loaders:
                raise KeyError(f"{name!r}; there are {', '.join(self._loaders) or 'none'}")
            self._loaded[name] = self._loaders[name]()
        return self._loaded[name]

    def __contains__(self, name: object) -> bool:
        return name in self._loaders

    def __iter__(self) -> Iterator[str]:
        return iter(self._loaders)

    def __len__(self) -> int:
        return len(self._loaders)


@dataclass(frozen=True)
class CameraItem(Mapping[str, Array]):
    """A frame: `camera["image"]` and whatever else the format holds of `roadlab_sensors.readings.CameraFrame`."""

    name: str
    interval: Interval
    lens: Lens
    world_from_camera: NDArray[np.float64]
    """(4, 4), camera frame x right, y down, z forward."""
    arrays: Arrays

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)


@dataclass(frozen=True)
class RangeItem(Mapping[str, Array]):
    """A sweep of a lidar, `lidar["points"]`, or a scan of a radar: columns of N rows."""

    name: str
    interval: Interval
    reference: Nanoseconds
    """The instant in whose frame the points are given."""
    world_from_sensor: NDArray[np.float64]
    """(4, 4) at `reference`; x forward, y left, z up."""
    arrays: Arrays

    def __getitem__(self, name: str) -> Array:
        return self.arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.arrays)

    def __len__(self) -> int:
        return len(self.arrays)


@dataclass(frozen=True)
class Boxes:
    """M annotated actors."""

    instance: NDArray[np.int64]
    """(M,) the same for the same actor in all samples of a scene; -1 where the format does not say."""
    category: tuple[str, ...]
    """(M,) roadlab's categories, as far as the format tells them apart."""
    world_from_box: NDArray[np.float64]
    """(M, 4, 4), origin at the box's centre, x forward, y left, z up."""
    size: NDArray[np.float64]
    """(M, 3) length, width, height [m]."""

    def __len__(self) -> int:
        return len(self.instance)


@dataclass(frozen=True)
class Item:
    """One sample of a dataset."""

    number: int
    """In the dataset."""
    scene: str
    index: int
    """In the scene."""
    time: Nanoseconds
    world_from_ego: NDArray[np.float64]
    """(4, 4)."""
    cameras: Mapping[str, CameraItem]
    lidars: Mapping[str, RangeItem]
    radars: Mapping[str, RangeItem]
    boxes: Boxes

    @property
    def ego_from_box(self) -> NDArray[np.float64]:
        """(M, 4, 4) the boxes in the ego's frame: origin below the rear axle, x forward, y left, z up."""
        moved: NDArray[np.float64] = inverse(self.world_from_ego) @ self.boxes.world_from_box
        return moved
