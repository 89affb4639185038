"""The values of a sample, and how hard they were to find."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from roadlab.errors import Diagnostic
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
    faults: tuple[Diagnostic, ...] = ()
    """Why some parameters have no value."""
    point: Mapping[str, float] = field(default_factory=dict)
    """The u of each value that the design decides; of the others chance decides."""


@dataclass
class Tally:
    """How often values were tried and which constraint they failed."""

    tried: int = 0
    failed: dict[str, int] = field(default_factory=dict)
    """By constraint, such as `require[0]`."""
    left_out: int = 0
    """Cells of a Latin hypercube in which no combination was found that meets the constraints."""
