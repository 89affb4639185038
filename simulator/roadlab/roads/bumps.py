"""Speed bumps: how high they lift what rolls over them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from roadlab.roads.road import Floats, Road

_SAME_LEVEL = 1.0
"""Heights that differ from a bump's foot by no more belong to its road [m]."""


@dataclass(frozen=True, slots=True)
class Bump:
    """A hump across a road whose profile along it is a parabola."""

    x: float
    y: float
    z: float
    """Of the road under its middle [m]."""
    heading: float
    """Along the road [rad]."""
    length: float
    width: float
    height: float

    def lift(self, points: Floats) -> Floats:
        """(P,) how far it raises the ground at `points` (P, 2) or (P, 3) [m]."""
        dx, dy = points[:, 0] - self.x, points[:, 1] - self.y
        along = dx * np.cos(self.heading) + dy * np.sin(self.heading)
        across = dy * np.cos(self.heading) - dx * np.sin(self.heading)
        raised = self.height * np.clip(1.0 - (2.0 * along / self.length) ** 2, 0.0, None)
        here = np.abs(across) <= 0.5 * self.width
        if points.shape[1] == 3:
            here &= np.abs(points[:, 2] - self.z) < _SAME_LEVEL
        return np.where(here, raised, 0.0)


def bumps_of(roads: Iterable[Road]) -> tuple[Bump, ...]:
    """All of some roads that have a size."""
    found = []
    for road in roads:
        for thing in road.objects:
            if thing.type == "roadSurface" and thing.subtype == "bump" and thing.length > 0.0 and thing.width > 0.0:
                x, y, heading = (float(value) for value in road.point(thing.s, thing.t))
                z = float(road.height(thing.s, thing.t)) + thing.z
                found.append(Bump(x, y, z, heading + thing.heading, thing.length, thing.width, thing.height))
    return tuple(found)


def lift_at(bumps: Iterable[Bump], points: ArrayLike) -> Floats:
    """(P,) how far bumps raise the ground at `points` (P, 2) or (P, 3) [m]."""
    given = np.asarray(points, dtype=np.float64)
    lift = np.zeros(len(given))
    for bump in bumps:
        lift = np.maximum(lift, bump.lift(given))
    return lift
