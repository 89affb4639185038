"""Roads whose end joins nothing run on a while, so that no street ends in a field before the reader's eyes.

What lies beyond an end is surface only: there are no lanes to drive on and no s of the map.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import shapely
from numpy.typing import NDArray

from roadlab.roads.junction import Arm
from roadlab.roads.road import Road

REACHES = (300.0, 150.0, 80.0, 40.0)
"""Tried in this order [m]; the first that meets nothing else is taken."""
_MARGIN = 3.0
"""To other roads [m]."""


def with_open_ends(
    roads: Mapping[str, Road], junctions: Sequence[Sequence[Arm]], joints: Sequence[str] = ()
) -> dict[str, Road]:
    """The roads with a surface `beyond` the ends that join none of the junctions, given by their arms, and no road.

    `joints` are the ends that join another road, such as `west.end`.
    """
    joined = {*joints, *(arm.name for arms in junctions for arm in arms)}
    middles = [shapely.MultiPoint([arm.inbound(0.0)[:2] for arm in arms]).convex_hull for arms in junctions]
    surfaces = {name: road.patch((0.0, road.length), road.edges) for name, road in roads.items()}
    mapped = _Surfaces((*roads, *("" for _ in middles)), (*surfaces.values(), *middles))
    added = _Surfaces()
    extended = {}
    for name, road in roads.items():
        own, reaches = [surfaces[name]], []
        for end in ("start", "end"):
            reach = 0.0
            if f"{name}.{end}" not in joined:
                reach = next((r for r in REACHES if _is_free(road, end, r, own, (mapped, added))), 0.0)
            if reach > 0.0:
                own.append(_beyond(road, end, 0.0, reach))
                added = added.with_one(name, own[-1])
            reaches.append(reach)
        extended[name] = replace(road, beyond=(reaches[0], reaches[1]))
    return extended


@dataclass(frozen=True)
class _Surfaces:
    """What is taken, and by which road."""

    owners: tuple[str, ...] = ()
    areas: tuple[shapely.Geometry, ...] = ()

    def with_one(self, owner: str, area: shapely.Geometry) -> _Surfaces:
        """These and one more."""
        return _Surfaces((*self.owners, owner), (*self.areas, area))

    @cached_property
    def _bounds(self) -> NDArray[np.float64]:
        return np.reshape(shapely.bounds(self.areas), (-1, 4))

    def near(self, area: shapely.Geometry, but: str) -> bool:
        """Whether one that does not belong to the road `but` lies within `_MARGIN` of an area."""
        low_x, low_y, high_x, high_y = shapely.bounds(area) + np.array([-1, -1, 1, 1]) * _MARGIN
        x0, y0, x1, y1 = self._bounds.T
        hits = np.flatnonzero((x0 <= high_x) & (x1 >= low_x) & (y0 <= high_y) & (y1 >= low_y))
        return any(self.owners[i] != but and shapely.dwithin(area, self.areas[i], _MARGIN) for i in hits)


def _is_free(road: Road, end: str, reach: float, own: Sequence[shapely.Geometry], taken: Sequence[_Surfaces]) -> bool:
    surface = _beyond(road, end, 0.0, reach)
    if any(surfaces.near(surface, but=road.name) for surfaces in taken):
        return False
    return not any(shapely.dwithin(_beyond(road, end, 1.0, reach), part, 0.5) for part in own)


def _beyond(road: Road, end: str, start: float, reach: float) -> shapely.Polygon:
    s = (road.length + start, road.length + reach) if end == "end" else (-reach, -start)
    return road.patch(s, road.edges)
