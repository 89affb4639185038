"""Outlines of a map's objects as areas of the world."""

from __future__ import annotations

import numpy as np
import shapely

from roadlab.roads.furniture import Outline, RoadObject
from roadlab.roads.road import Road


def outline_area(road: Road, thing: RoadObject, outline: Outline) -> shapely.Polygon:
    """An outline in the world."""
    a, b = np.array([(corner.a, corner.b) for corner in outline.corners]).T
    if not outline.local:
        x, y, _ = road.point(a, b)
        return shapely.Polygon(np.column_stack([x, y]))
    x0, y0, heading = (float(value) for value in road.point(thing.s, thing.t))
    angle = heading + thing.heading
    x = x0 + np.cos(angle) * a - np.sin(angle) * b
    y = y0 + np.sin(angle) * a + np.cos(angle) * b
    return shapely.Polygon(np.column_stack([x, y]))
