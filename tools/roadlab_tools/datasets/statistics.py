"""What a dataset holds, in numbers: from its tables and logs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from roadlab.weather import WEATHER
from roadlab_tools.datasets.arrays import decode_table
from roadlab_tools.datasets.contents import INDEX, Contents
from roadlab_tools.datasets.index import ANNOTATIONS
from roadlab_tools.datasets.scene import Scene

DISTANCE = (0.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0, 120.0, np.inf)
HEIGHT = (0.0, 10.0, 25.0, 40.0, 80.0, 160.0, 320.0, np.inf)
"""Of a 2D box [px]; 25 and 40 are KITTI's limits."""
SHARE = (0.0, 0.1, 0.5, 0.8, 1.0)
LEVELS = 4
"""A parameter's range is cut into so many, to see which pairs of levels have been met."""
PARAMETERS = 12
"""So many of the parameters that differ between scenes are looked at."""


@dataclass(frozen=True)
class Histogram:
    """How often, by bar."""

    title: str
    bars: dict[str, int]


@dataclass(frozen=True)
class Statistics:
    """Everything that a card says in numbers."""

    samples: int
    scenes: int
    annotations: int
    histograms: tuple[Histogram, ...]
    events: dict[str, int]
    """What happened in the scenarios, by kind and name."""
    parameters: dict[str, tuple[str, ...]]
    """Values of what differs between scenes."""
    pairs: dict[str, tuple[int, int]]
    """Of each two parameters, how many pairs of their levels were met, and how many there are."""


def statistics(contents: Contents) -> Statistics:
    """Counts over the whole dataset; every actor that a sensor saw is an annotation."""
    table = decode_table(contents.read(ANNOTATIONS))
    seen = (table["visible_pixels"] > 0) | (table["lidar_points"] > 0)
    rows = {name: column[seen] for name, column in table.items()}
    in_view = rows["visible_pixels"] > 0
    scenes = [scene for scene in contents.scenes() if contents.numbers(scene.entry)]
    histograms = [
        Histogram("Category", dict(sorted(Counter(rows["category"].tolist()).items()))),
        _binned("Distance [m]", rows["distance"], DISTANCE),
        _binned("Height of the 2D box [px]", rows["box_height"][in_view], HEIGHT),
        _binned("Share that is hidden", rows["occlusion"][in_view], SHARE),
        Histogram("Weather, scenes", dict(Counter(_weather(scene) for scene in scenes))),
    ]
    parameters = _parameters(scenes)
    return Statistics(
        samples=len(decode_table(contents.read(INDEX))["number"]),
        scenes=len(scenes),
        annotations=int(seen.sum()),
        histograms=tuple(histograms),
        events=dict(sorted(Counter(f"{e.kind} {e.name}" for scene in scenes for e in scene.log.events).items())),
        parameters=parameters,
        pairs={f"{a} x {b}": _met(parameters[a], parameters[b]) for a, b in combinations(parameters, 2)},
    )


def _binned(title: str, values: NDArray[Any], edges: tuple[float, ...]) -> Histogram:
    counts, _ = np.histogram(values, bins=np.array(edges))
    names = [f"{low:g} to {high:g}" if np.isfinite(high) else f"from {low:g}" for low, high in pairwise(edges)]
    return Histogram(title, dict(zip(names, counts.tolist(), strict=True)))


def _weather(scene: Scene) -> str:
    start = dict(zip(WEATHER, scene.log.weather[0].tolist(), strict=True))
    if start["snow"] > 0:
        return "snow"
    if start["rain"] > 0:
        return "rain"
    if start["visibility"] < 2000.0:
        return "fog"
    return "overcast" if start["cloud"] > 0.7 else "cloudy" if start["cloud"] > 0.2 else "clear"


def _parameters(scenes: Iterable[Scene]) -> dict[str, tuple[str, ...]]:
    leaves = [dict(_leaves(scene.scenario.spec.model_dump(mode="json"), "")) for scene in scenes]
    names = [name for name in (leaves[0] if leaves else {}) if name not in ("seed", "scenario", "about")]
    differing = [name for name in names if len({leaf.get(name) for leaf in leaves}) > 1][:PARAMETERS]
    return {name: tuple(str(leaf.get(name)) for leaf in leaves) for name in differing}


def _leaves(value: Any, path: str) -> Iterable[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, part in value.items():
            yield from _leaves(part, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list):
        for k, part in enumerate(value):
            yield from _leaves(part, f"{path}[{k}]")
    else:
        yield path, value


def _met(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[int, int]:
    a, b = _levels(first), _levels(second)
    return len(set(zip(a, b, strict=True))), len(set(a)) * len(set(b))


def _levels(values: tuple[str, ...]) -> list[str]:
    """The level of each value: a quarter of the range of numbers, or the word itself."""
    try:
        numbers = np.array([float(value) for value in values])
    except ValueError:
        return list(values)
    edges = np.linspace(numbers.min(), numbers.max(), LEVELS + 1)[1:-1]
    return [str(level) for level in np.searchsorted(edges, numbers).tolist()]
