"""Things that stand on the road, can be hit, and slide to rest: they do nothing of their own accord.

What is hit stays upright and slides; it does not topple or fly.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from roadlab.actors.catalog import Category


@dataclass(frozen=True, slots=True)
class PropModel:
    """Something that stands on the road; frame: x along its length, z up, origin below its middle on the ground."""

    name: str
    category: Category
    length: float
    """[m]"""
    width: float
    height: float
    mass: float
    """[kg]"""
    friction: float
    """Between its foot and dry asphalt, as a share of its weight."""

    @property
    def size(self) -> tuple[float, float, float]:
        """(length, width, height) [m]."""
        return (self.length, self.width, self.height)

    @property
    def yaw_inertia(self) -> float:
        """Of an even block about the vertical [kg m²]."""
        return self.mass * (self.length**2 + self.width**2) / 12.0

    @property
    def friction_arm(self) -> float:
        """Mean distance of its foot from the middle [m]: at this arm friction resists turning on the spot."""
        a, b = 0.5 * self.length, 0.5 * self.width
        d = math.hypot(a, b)
        return d / 3.0 + a * a / (6.0 * b) * math.log((d + b) / a) + b * b / (6.0 * a) * math.log((d + a) / b)


PROPS: dict[str, PropModel] = {
    m.name: m
    for m in (
        PropModel("cone", "cone", 0.39, 0.39, 0.75, 4.0, 0.7),  # TL-Leitkegel, 75 cm, on a foot of rubber
        PropModel("barrel", "barrel", 0.60, 0.60, 1.00, 18.0, 0.6),  # traffic drum, FHWA MUTCD 6F.67, with its ballast
        PropModel("barrier", "barrier", 2.00, 0.60, 0.81, 1600.0, 0.6),  # New Jersey profile, 2 m of concrete
        PropModel("box", "obstacle", 0.60, 0.40, 0.40, 12.0, 0.4),  # a full removal box
    )
}
"""Frictions: rounded typical values of rubber, plastic, concrete and cardboard on dry asphalt."""
