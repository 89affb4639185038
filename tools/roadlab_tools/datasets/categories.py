"""How formats name what roadlab's categories and classes are."""

from __future__ import annotations

from roadlab_sensors.readings import SEMANTIC_IDS

THINGS: dict[str, int] = {
    "pedestrian": 1,
    "cyclist": 2,
    "car": 3,
    "van": 4,
    "truck": 5,
    "bus": 6,
    "motorcycle": 7,
    "trailer": 8,
    "tram": 9,
    "animal": 10,
    "scooter": 11,
    "wheelchair": 12,
    "stroller": 13,
    "cone": 14,
    "barrier": 15,
    "obstacle": 16,
    "motorcyclist": 17,
    "barrel": 18,
}
"""Numbers of countable categories; they stay the same when the catalog grows."""
OTHER = 50
"""Of a category that has no number of its own."""
STUFF_BASE = 100
"""Numbers of classes that cannot be counted are this plus their semantic id."""
_COUNTED = {"person", "rider", "car", "truck", "bus", "motorcycle", "bicycle"}
STUFF: dict[str, int] = {
    name: STUFF_BASE + number
    for name, number in SEMANTIC_IDS.items()
    if name not in _COUNTED and name not in ("unlabeled", "ego vehicle")
}


def thing(category: str) -> int:
    """The number of a category."""
    return THINGS.get(category, OTHER)
