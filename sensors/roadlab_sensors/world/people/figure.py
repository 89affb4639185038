"""The build of a person: girths that go with the skeleton's lengths.

Adult girths are medians of ANSUR II (Gordon et al. 2014), means of men and women, before the variation of `Figure`.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from roadlab.actors.body import ADULT_HEIGHT, Proportions


@dataclass(frozen=True, slots=True)
class Figure:
    """Lengths from the skeleton and how broad the body is."""

    body: Proportions
    stoutness: float
    """Factor on all girths."""
    curve: float
    """-1 narrow shoulders, waist and broad hips, 1 the other way round."""

    @property
    def scale(self) -> float:
        """Of lengths against the adult's."""
        return self.body.height / ADULT_HEIGHT

    @property
    def girth(self) -> float:
        """Of widths against the average adult's."""
        return float(self.scale**1.15 * self.stoutness)

    @property
    def head_scale(self) -> float:
        """Of the head against the adult's; a head grows less than the body."""
        return float(self.scale**0.45)

    @property
    def shoulders(self) -> float:
        """Factor on the breadth of shoulders and chest."""
        return 1.0 + 0.045 * self.curve

    @property
    def hips(self) -> float:
        """Factor on the breadth of the hips."""
        return 1.0 - 0.04 * self.curve

    @property
    def waist(self) -> float:
        """Factor on the breadth of the waist."""
        return 1.0 + 0.04 * self.curve


def figure(body: Proportions, rng: np.random.Generator) -> Figure:
    """A figure at random."""
    curve = float(np.clip(rng.choice([-0.8, 0.8]) + rng.normal(0, 0.25), -1, 1))
    return Figure(body, float(np.clip(rng.normal(1.0, 0.05), 0.92, 1.1)), curve)
