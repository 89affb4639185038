"""What a recording holds of a dataset's scene, whatever plays it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from roadlab.roads.lanes import CAR_LANES
from roadlab.roads.network import RoadNetwork
from roadlab.timing import Nanoseconds
from roadlab_tools.datasets.item import Item
from roadlab_tools.datasets.reading import Dataset
from roadlab_tools.datasets.scene import Scene

COLUMNS: dict[str, str] = {
    "intensity": "<f4",
    "ring": "<u2",
    "instance": "<u2",
    "semantic": "u1",
}
"""Of a sweep's points, with their types in a recording."""


@dataclass(frozen=True)
class View:
    """What a camera sees of one actor."""

    instance: int
    category: str
    box: tuple[float, float, float, float]
    """Left, top, right, bottom [px]."""


@dataclass(frozen=True)
class Moment:
    """One sample of a scene."""

    time: Nanoseconds
    """Of the sample."""
    item: Item
    names: dict[int, str]
    """Of the actors, by instance."""
    views: dict[str, tuple[View, ...]]
    """By camera."""


class Recording(Protocol):
    """A file that is being written."""

    def begin(self, scene: Scene) -> None:
        """What does not change: the map, and what happens when."""

    def add(self, moment: Moment) -> None:
        """A sample."""

    def close(self) -> None:
        """Completes the file."""


def moments(dataset: Dataset, scene: Scene, sensors: Sequence[str] | None) -> Iterator[Moment]:
    """The samples of a scene, with the sensors that were asked for."""
    names = {actor.instance: actor.name for actor in scene.log.actors}
    categories = {actor.instance: actor.category for actor in scene.log.actors}
    for number in dataset.contents.numbers(scene.entry):
        item = _kept(dataset.item(number, scene.entry.name), sensors)
        seen = dataset.contents.record(number).get("views", {})
        views = {
            camera: tuple(
                View(int(view["instance"]), categories.get(int(view["instance"]), ""), _box(view["box"]))
                for view in seen.get(camera, [])
            )
            for camera in item.cameras
        }
        yield Moment(item.time, item, names, views)


def _kept(item: Item, sensors: Sequence[str] | None) -> Item:
    if sensors is None:
        return item
    return replace(
        item,
        cameras={name: one for name, one in item.cameras.items() if name in sensors},
        lidars={name: one for name, one in item.lidars.items() if name in sensors},
        radars={name: one for name, one in item.radars.items() if name in sensors},
    )


def _box(values: Any) -> tuple[float, float, float, float]:
    left, top, right, bottom = (float(value) for value in values)
    return left, top, right, bottom


def borders(network: RoadNetwork) -> list[NDArray[np.float64]]:
    """Lines (P, 3) [m] along the edges of all lanes for cars."""
    lines = []
    for road in network.every_road.values():
        for number, section in enumerate(road.sections):
            start, end = road.section_range(number)
            along = np.linspace(start, end, max(2, int((end - start) / 2.0) + 1))
            for lane in section.lanes:
                for t in road.lane_edges(along, lane.id, number) if lane.type in CAR_LANES else ():
                    x, y, _ = road.point(along, t)
                    flat = np.column_stack([x, y])
                    lines.append(np.column_stack([flat, network.road_height(flat)]))
    return lines


def structured(lidar: Any) -> NDArray[np.void]:
    """(N,) x, y, z and those of `COLUMNS` that a sweep has, packed without gaps."""
    columns = {name: kind for name, kind in COLUMNS.items() if name in lidar}
    kind = np.dtype([("x", "<f4"), ("y", "<f4"), ("z", "<f4"), *columns.items()])
    points = np.zeros(len(lidar["points"]), kind)
    for axis, name in enumerate("xyz"):
        points[name] = lidar["points"][:, axis]
    for name in columns:
        points[name] = lidar[name]
    return points
