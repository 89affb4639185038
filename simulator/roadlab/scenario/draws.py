"""The values of a sample, and how hard they were to find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from roadlab.scenario.constraints import Constraint
from roadlab.scenario.expressions import Value


@dataclass(frozen=True)
class Draw:
    """The values of one sample."""

    index: int
    attempt: int
    """How many combinations were tried before this one."""
    values: Mapping[str, Value]
    seed: int
    """Of the sample's run."""


@dataclass
class Tally:
    """How often values were tried and which constraint they failed."""

    tried: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    """By constraint, such as `require[0]`."""
    left_out: int = 0
    """Cells of a Latin hypercube in which no combination was found that meets the constraints."""

    def line(self, constraint: Constraint) -> str:
        """For a message: `failed in 93 of 100 tries`."""
        return f"failed in {self.failed.get(constraint.path, 0)} of {self.tried} tries"
