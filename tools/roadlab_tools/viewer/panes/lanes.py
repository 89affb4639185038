"""Borders of the lanes around a place, as lines in the world."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from roadlab.roads.lanes import CAR_LANES
from roadlab.roads.network import RoadNetwork

Floats = NDArray[np.float64]

REACH = 70.0
"""How far away borders are shown [m]."""
_SPACING = 1.0
"""Between their points [m]."""


class LaneBorders:
    """Of one network; works them out when it is first asked."""

    def __init__(self, network: RoadNetwork) -> None:
        self._network = network

    def near(self, place: Floats) -> list[Floats]:
        """Lines (P, 3) [m] along the edges of lanes for cars, as far as they are within `REACH` of a place."""
        found = []
        for line in self._all:
            close = np.flatnonzero(np.hypot(*(line[:, :2] - place[:2]).T) < REACH)
            if len(close) > 1:
                found.append(line[close[0] : close[-1] + 1])
        return found

    @cached_property
    def _all(self) -> list[Floats]:
        lines: dict[tuple[float, ...], Floats] = {}
        for road in self._network.every_road.values():
            for number, section in enumerate(road.sections):
                start, end = road.section_range(number)
                along = np.linspace(start, end, max(3, int((end - start) / _SPACING) + 1))
                for lane in section.lanes:
                    for t in road.lane_edges(along, lane.id, number) if lane.type in CAR_LANES else ():
                        x, y, _ = road.point(along, t)
                        flat = np.column_stack([x, y])
                        # Neighbours share a border.
                        key = tuple(np.round(flat[[0, len(flat) // 2, -1]].ravel(), 2).tolist())
                        lines.setdefault(key, np.column_stack([flat, self._network.road_height(flat)]))
        return list(lines.values())
